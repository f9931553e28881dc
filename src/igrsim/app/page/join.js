import { decisionSheet, plainly, pointsTable, roleCard, signed, timeLeft } from "./lesson.js";
import { post } from "./source.js";
import { announce, el, show } from "./text.js";

const LOOK_AGAIN = 2000;
const SHEET = JSON.parse(document.getElementById("lesson").textContent);
const ROUNDS = { "Round 1": "1", "Round 2": "2", "Round 3": "3" };
const at = { seat: null, step: null, sheets: "", drawn: "", counted: "", given: {}, wrote: 0, unsent: null, sending: Promise.resolve() };
const AWAY = "No connection to the room. What you tick is kept and sent when it is back: leave this page open.";
const room = document.getElementById("main");

async function sit() {
  try {
    const answer = await fetch("api/seat");
    return await answer.json();
  } catch {
    return null;
  }
}

function joining(why = "") {
  const code = el("input", { id: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: "8", required: true });
  const table = el("input", { id: "table", type: "number", inputmode: "numeric", min: 1, max: 12, required: true });
  const nickname = el("input", { id: "nickname", autocomplete: "off", maxlength: "24" });
  const said = el("p", { role: "alert" }, why);
  const form = el("form", { class: "shown joining" }, el("h2", {}, "Join the room"),
    el("label", {}, "The room's code, from the screen", code), el("label", {}, "Your table's number", table),
    el("label", {}, "A nickname, if you like; it is not your name, and nothing is kept", nickname),
    el("button", { type: "submit" }, "Take a seat"), said);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await post("api/join", { code: code.value, table: Number(table.value) - 1, nickname: nickname.value });
    if (answer.error) { said.textContent = plainly(answer.error); return; }
    seated(answer);
  });
  at.seat = null;
  show(room, form);
  code.focus();
}

/** Everything of a seat; what changes later is put in place, so that a half-filled sheet stays. */
function seated(seat) {
  const name = el("p", { class: "seat" }), clock = el("p", { class: "clock", role: "timer" }), why = el("p", { role: "alert" });
  const card = el("details", {}, el("summary", {}, "Your role card"), roleCard(SHEET.cards[seat.card], seat.card));
  const rounds = Object.entries(ROUNDS).map(([title, round]) => {
    const place = el("div");
    return { round, title, place, element: el("details", {}, el("summary", {}, round === "3" ? "Round 3: your table's choice" : title === "Round 1" ? "Round 1: what your table closes" : "Round 2: your table's order"), place) };
  });
  const bets = el("div"), points = el("div");
  const betting = el("details", {}, el("summary", {}, "Your bets"), bets), scored = el("details", {}, el("summary", {}, "What came out"), points);
  const questions = el("details", {}, el("summary", {}, "Questions of the debrief"), el("ol", {}, SHEET.debrief.map((each) => el("li", {}, el("b", {}, `${each.head} `), each.text))));
  Object.assign(at, { name, clock, why, card, rounds, bets, betting, points, scored, questions, sheets: "", drawn: "", counted: "", step: null, given: {}, wrote: 0, unsent: null, sending: Promise.resolve() });
  show(room, el("div", { class: "shown joined" }, name, clock, why, card, ...rounds.map((each) => each.element), betting, scored, questions));
  update(seat);
}

function update(seat) {
  const before = at.seat;
  at.seat = seat;
  at.until = performance.now() + 1000 * seat.left;
  at.name.textContent = `${seat.nickname ? `${seat.nickname}, table` : "Table"} ${seat.table + 1}: ${SHEET.cards[seat.card].name}. ${seat.people} at this table.`;
  tellTime();
  if (at.step !== seat.step) follow(SHEET.steps[seat.step]);
  at.step = seat.step;
  const sheets = JSON.stringify([seat.proposal, seat.shown.length > 0]);
  // what others of the table wrote is shown; what this hand wrote stands there already
  if (sheets !== at.sheets) {
    const focused = document.activeElement?.id;
    for (const each of at.rounds) show(each.place, decisionSheet(SHEET, each.round, seat.proposal, decide, "mine"));
    if (focused) document.getElementById(focused)?.focus();
  }
  at.sheets = sheets;
  const drawn = JSON.stringify([seat.bets, seat.asked, seat.mine, seat.shown.length > 0]);
  if (drawn !== at.drawn) show(at.bets, betSheet(seat));
  at.drawn = drawn;
  if (before && before.bets !== seat.bets) {
    announce(seat.bets === "open" ? "Bets are open" : "Bets are over");
    if (seat.bets === "open") at.betting.open = true;
  }
  const counted = JSON.stringify(seat.shown);
  if (counted !== at.counted) show(at.points, outcomeOf(seat));
  at.counted = counted;
}

function tellTime() {
  const { seat } = at;
  if (!seat) return;
  const left = seat.running ? (at.until - performance.now()) / 1000 : seat.left;
  at.clock.textContent = `${SHEET.steps[seat.step]}: ${timeLeft(left)}${seat.running ? "" : ", the clock waits"}`;
}

/** Open what the step needs, and close what it does not. */
function follow(step) {
  at.card.open = step === "Roles";
  for (const each of at.rounds) each.element.open = step.startsWith(each.title);
  at.betting.open = step.startsWith("Round 3");
  at.scored.open = step === "Reveal";
  at.questions.open = step === "Debrief";
  announce(step);
}

/** What the table decides is sent in the order in which it was decided; what was asked for before is out of date. */
function decide(part) {
  const proposal = { ...at.seat.proposal, ...part };
  at.seat.proposal = proposal;
  at.sheets = JSON.stringify([proposal, at.seat.shown.length > 0]);
  at.wrote += 1;
  at.unsent = proposal;
  at.sending = at.sending.then(() => send(proposal));
}

/** What could not be sent waits; what came after it is sent in its place. */
async function send(proposal) {
  const answer = await post("api/seat/proposal", { proposal });
  at.wrote += 1;
  at.why.textContent = answer.away ? AWAY : plainly(answer.error ?? "");
  if (!answer.away && at.unsent === proposal) at.unsent = null;
}

function betSheet(seat) {
  const placed = Object.keys(seat.mine).length > 0, given = { ...seat.mine, ...at.given };
  if (seat.bets !== "open") {
    return [el("p", {}, seat.bets === "closed" ? "Bets are not open yet." : placed ? "Pens are away: your bets stand." : "Bets are over, and you made none. Say to yourself what you would have said, and follow what comes out."), placed ? el("ol", {}, seat.asked.map((i) => el("li", { value: i + 1 }, `${seat.mine[i]}\u202f%: ${SHEET.bets[i]}`))) : null];
  }
  const said = el("p", { role: "status" }, placed ? "Your bets are placed. Until the pens are away you may place them again." : "");
  const form = el("form", {}, el("p", {}, "Alone, before anything is shown. You bet on what the tool or the document says, not on what is true of the country. “Cannot tell” counts as: it does not say so."),
    seat.asked.map((i) => el("fieldset", {}, el("legend", {}, `${i + 1}. ${SHEET.bets[i]}`), el("p", {}, "The chance I give this:"), el("div", { class: "chances" }, SHEET.points.map(([chance]) => el("label", { class: "chance" },
      el("input", { type: "radio", name: `bet-${i}`, value: chance, required: true, checked: given[i] === chance, onchange: () => { at.given[i] = chance; } }), el("span", {}, `${chance}\u202f%`)))))),
    el("button", { type: "submit" }, "Place my bets"), said, el("h3", {}, "Points"), pointsTable(SHEET));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const bets = Object.fromEntries(seat.asked.map((i) => [i, at.given[i] ?? seat.mine[i]]));
    const answer = await post("api/seat/bets", { bets });
    if (answer.error) said.textContent = answer.away ? "No connection to the room: your bets are not placed yet. Press again when it is back." : plainly(answer.error);
    else { at.given = {}; update(answer); announce("Your bets are placed"); }
  });
  return [form];
}

function outcomeOf(seat) {
  if (!seat.shown.length) return [el("p", {}, "Nothing has been shown yet.")];
  const sum = seat.shown.reduce((all, each) => all + (each.points ?? 0), 0);
  return [el("ol", {}, seat.shown.map((each) => el("li", { value: each.bet + 1 }, el("b", {}, each.true ? "✓ came true. " : "✗ did not come true. "), SHEET.bets[each.bet], el("br"),
    each.points === null ? "You made no bet." : `You said ${seat.mine[each.bet]}\u202f%: ${signed(each.points)}.`, el("br"), el("span", { class: "quiet" }, each.why)))),
    el("p", { class: "sum" }, `Together: ${signed(sum)} points. So few bets prove little.`)];
}

async function look() {
  const wrote = at.wrote, seat = await sit();
  if (at.wrote !== wrote) return;
  if (!seat) { if (at.seat) at.why.textContent = AWAY; return; }
  if (seat.error) { if (at.seat) joining("The room has ended. Nothing of it is kept."); return; }
  if (!at.seat) return;
  if (at.why.textContent === AWAY) at.why.textContent = "";
  if (at.unsent) { at.sending = at.sending.then(() => (at.unsent ? send(at.unsent) : null)); return; }
  update(seat);
}

async function arrive() {
  const seat = await sit();
  if (seat && !seat.error) seated(seat);
  else joining();
  setInterval(look, LOOK_AGAIN);
  setInterval(tellTime, 500);
  document.body.dataset.ready = "true";
}

arrive();
