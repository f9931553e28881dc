import { el, number, show } from "./text.js";

/** A table that has decided nothing; the same as in classroom.py. */
export const UNDECIDED = { closed: [], a_year: null, order: null, first: [], choice: null };
const MOST_FIRST = 3;

/** Bets of a lesson of this length: without round 2 its bet is left out. */
export function betsOf(lesson, length) {
  const second = lesson.steps.find((step) => step.name.startsWith("Round 2"));
  return lesson.bets.map((_, i) => i).filter((i) => second.minutes[length] || !lesson.bets[i].order);
}

/** A table's proposal against hours and rand, by the rule of classroom.py. */
export function weighed(lesson, proposal) {
  const one = lesson.round_1, two = lesson.round_2, count = proposal.a_year;
  const freed = proposal.closed.reduce((sum, i) => sum + one.forums[i].hours, 0), short = Math.max(0, one.to_free - freed);
  const found = { freed, short, within_forums: short === 0, rand: null, hours: null, years: null, within_rand: null, within_hours: null };
  if (count === null) return found;
  const most = (limit, each) => Math.floor(limit / each + 1e-9);
  return { ...found, rand: count * two.hub_rand_million, hours: count * two.taking_in_hours, years: Math.ceil(two.spaces_in_all / count),
    within_rand: count <= most(two.purse_rand_million, two.hub_rand_million), within_hours: count <= most(two.specialist_hours, two.taking_in_hours) };
}

/** Minutes and seconds, and in words where time is over. */
export function timeLeft(seconds) {
  const whole = Math.ceil(Math.abs(seconds)), text = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  return seconds < 0 && whole ? `over by ${text}` : text;
}

/** What was wrong, without the code by which a manual has it. */
export function plainly(error) {
  return error.replace(/^error E\d+: /, "");
}

/** Points with their sign. */
export function signed(points) {
  return points > 0 ? `+${points}` : String(points).replace("-", "\u2212");
}

export function hoursOf(value) {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** What round 1 asks. */
export function hoursAsked({ round_1: one }) {
  return `The calendar takes ${hoursOf(one.hours)} hours a year*. Free at least ${hoursOf(one.to_free)} of them. What law or policy demands must stay. (* assumed)`;
}

/** The two limits of round 2, before anybody has worked out which is reached first. */
export function limitsGiven({ round_2: two }) {
  return `The purse grows by R${number(two.purse_rand_million)} million each year; a hub with every post filled costs R${number(two.hub_rand_million)} million* a year. Specialists have ${hoursOf(two.specialist_hours)} hours* a year; taking one space in takes ${hoursOf(two.taking_in_hours)}*. (* assumed)`;
}

/** What the rule says of a proposal, a sentence for each limit; a sign and words, never colour alone. */
export function verdictsOf(lesson, proposal, rounds = ["1", "2"]) {
  const found = weighed(lesson, proposal), two = lesson.round_2, said = [];
  const line = (within, words) => said.push(el("li", { class: within ? "within" : "beyond" }, `${within ? "✓ within" : "✗ not within"}: ${words}`));
  if (rounds.includes("1")) {
    line(found.within_forums, `${hoursOf(found.freed)} hours a year freed of ${hoursOf(lesson.round_1.to_free)} to be freed${found.short ? `, ${hoursOf(found.short)} short` : ""}.`);
  }
  if (rounds.includes("2") && found.rand !== null) {
    line(found.within_rand, `the purse: R${number(found.rand)} million of R${number(two.purse_rand_million)} million new money a year.`);
    line(found.within_hours, `specialists: ${hoursOf(found.hours)} of ${hoursOf(two.specialist_hours)} hours a year. ${found.years} ${found.years === 1 ? "year" : "years"} until all ${two.spaces_in_all} are taken in.`);
  }
  return el("ul", { class: "verdicts" }, said);
}

function tick(kind, attributes, words) {
  return el("label", { class: "tick" }, el("input", { type: kind, ...attributes }), el("span", {}, words));
}

/** The decision sheet of one round: `changed` is told the part that is new. */
export function decisionSheet(lesson, round, proposal, changed, name) {
  const said = el("div", { role: "status" }), now = { ...proposal };
  const put = (part) => { Object.assign(now, part); show(said, verdictsOf(lesson, now, [round])); changed(part); };
  if (round !== "3") show(said, verdictsOf(lesson, now, [round]));
  if (round === "1") return el("div", { class: "sheet" }, el("p", {}, hoursAsked(lesson)), forumSheet(lesson, now, put, name), said);
  if (round === "2") return el("div", { class: "sheet" }, orderSheet(lesson, now, put, name), said);
  return el("fieldset", { class: "sheet" }, el("legend", {}, "The proposal that this table chooses"), lesson.proposals.map((each) =>
    tick("radio", { name: `choice-${name}`, id: `choice-${name}-${each.letter}`, checked: now.choice === each.letter, onchange: () => put({ choice: each.letter }) }, [el("b", {}, `${each.letter}. ${each.name}. `), each.says])));
}

function forumSheet(lesson, now, put, name) {
  return el("fieldset", {}, el("legend", {}, "Forums that are closed"), lesson.round_1.forums.map((forum, i) => (forum.may_close
    ? tick("checkbox", { id: `closes-${name}-${i}`, checked: now.closed.includes(i), onchange: (event) => put({ closed: event.target.checked ? [...now.closed, i].sort((a, b) => a - b) : now.closed.filter((each) => each !== i) }) }, `${forum.name}: ${hoursOf(forum.hours)} hours*, called by ${forum.convener}`)
    : el("p", { class: "stays" }, `■ stays (${forum.basis}): ${forum.name}, ${hoursOf(forum.hours)} hours*`))));
}

function orderSheet(lesson, now, put, name) {
  const two = lesson.round_2, years = (space) => Object.entries(space.waits).map(([order, wait]) => `${wait} if ${order.replace(/-/g, " ")}`).join(", ");
  const count = el("input", { type: "number", id: `a-year-${name}`, min: 1, max: two.spaces_in_all, value: now.a_year ?? "", inputmode: "numeric",
    // while it is typed, so that nothing moves away under a finger that presses what comes next
    oninput: (event) => { if (event.target.checkValidity()) put({ a_year: event.target.value === "" ? null : Number(event.target.value) }); },
    onchange: (event) => event.target.reportValidity() });
  const slips = two.spaces.map((space) => tick("checkbox", { id: `first-${name}-${space.code}`, checked: now.first.includes(space.code), onchange: (event) => {
    if (event.target.checked && now.first.length >= MOST_FIRST) { event.target.checked = false; return; }
    put({ first: event.target.checked ? [...now.first, space.code] : now.first.filter((each) => each !== space.code) });
  } }, `${space.name} (${space.code}): ${space.people} people, ${space.poor}\u202f% poor, ${space.rural}\u202f% in villages; years it waits: ${years(space)}`));
  return el("div", { class: "sheet" },
    el("p", {}, limitsGiven(lesson)),
    el("label", {}, "Hubs a year that we take in ", count),
    el("fieldset", {}, el("legend", {}, "Our order"), [...two.orders, "another"].map((order) => tick("radio", { name: `order-${name}`, id: `order-${name}-${order}`, checked: now.order === order, onchange: () => put({ order }) }, order.replace(/-/g, " ")))),
    el("fieldset", {}, el("legend", {}, `The ${MOST_FIRST} slips that we take first`), slips));
}

/** A role card. */
export function roleCard(card, place) {
  const row = (head, words) => [el("dt", {}, head), el("dd", {}, words)];
  return el("article", { class: "role" }, el("h3", {}, `Role ${place + 1}: ${card.name}`), el("p", {}, el("b", {}, card.goal)),
    el("dl", {}, row("Hours", card.hours), row("Rand", card.rand), row("You know", card.knows), card.may.flatMap((words, i) => row(`Round ${i + 1}`, words))),
    el("p", {}, el("b", {}, "Tension. "), card.tension), el("p", { class: "quiet" }, `${card.sources}. * assumed, with a range`));
}

/** The table of points. */
export function pointsTable(lesson) {
  return el("table", { class: "points" }, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "You said"), lesson.points.map(([said]) => el("th", { scope: "col", class: "number" }, `${said}\u202f%`)))),
    el("tbody", {}, [["It came true", 1], ["It did not", 2]].map(([words, place]) => el("tr", {}, el("th", { scope: "row" }, words), lesson.points.map((each) => el("td", { class: "number" }, signed(each[place])))))));
}

export function proposalsOf({ state }) {
  return state.room ? state.room.proposals : state.proposals.slice(0, state.tables);
}
