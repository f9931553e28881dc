import { UNDECIDED, betsOf, decisionSheet, hoursAsked, limitsGiven, plainly, pointsTable, proposalsOf, roleCard, timeLeft, verdictsOf, weighed } from "./lesson.js";
import { debriefPanel } from "./debrief.js";
import { revealPanel } from "./reveal.js";
import { post } from "./source.js";
import { announce, el, show } from "./text.js";

/** The screen from which a facilitator runs the lesson; with phones, or with hands and paper. */
export const classroomScreen = { name: "classroom", title: "Classroom", build: buildClassroom, opens: (hash) => hash === HERE };

const HERE = "#classroom", KEPT = "igrsim-lesson";
const LOOK_AT_ROOM = 2000;
/** Seconds by which two windows' clocks may differ before one takes over the other's. */
const APART = 1.5;

/** The lesson under way: on this tab only, through a reload too, so that it is found again. */
function begun(app) {
  const { lesson } = app.data, length = 90;
  if (app.lesson) return app.lesson;
  app.lesson = { length, tables: 3, step: 0, left: 60 * lesson.steps[0].minutes[length], running: false, since: 0, notes: false, room: null, warned: false, told: 0, telling: 0, ...begunAnew(lesson), ...keptLesson(lesson) };
  if (app.lesson.running) app.lesson.left -= (Date.now() - app.lesson.at) / 1000;
  app.lesson.since = performance.now();
  return app.lesson;
}

/** Nothing bet, decided or played yet. */
function begunAnew(lesson) {
  return { bets: "closed", shown: 0, looked: 0, hands: lesson.bets.map(() => lesson.points.map(() => 0)), proposals: Array.from({ length: 12 }, () => ({ ...UNDECIDED })), table: 0,
    rule: null, playing: false, plan: null, play: null, view: null };
}

const WORTH_KEEPING = ["length", "tables", "step", "running", "bets", "shown", "looked", "hands", "proposals", "table", "notes", "rule", "playing", "hadRoom"];

function keepLesson(state, left) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...Object.fromEntries(WORTH_KEEPING.map((key) => [key, state[key]])), left, at: Date.now() }));
  } catch {
    // a browser that keeps nothing asks before the page is left
    window.onbeforeunload = (event) => event.preventDefault();
  }
}

function keptLesson(lesson) {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEPT));
    // another version of the lesson may have other bets
    return found?.hands.length === lesson.bets.length && found.step in lesson.steps ? found : {};
  } catch {
    return {};
  }
}

/** What of a room a repaint would show. */
function seen(room) {
  return JSON.stringify([room?.code, room?.seats, room?.proposals, room?.bets, room?.shown]);
}

function buildClassroom(root, app) {
  const { lesson } = app.data, state = begun(app);
  const clock = el("output", { class: "clock", role: "timer", "aria-label": "Time left in this step" });
  const side = el("section", { class: "choices", "aria-label": "Steps and room" }), head = el("div", { class: "step" }), turning = el("div", { class: "timing turning", role: "group", "aria-label": "Clock" }), panel = el("div", { class: "panel" });
  const why = el("p", { role: "alert" });
  show(root, el("div", { class: "compare classroom" }, side, el("section", { class: "shown", "aria-label": "The lesson" }, head, turning, why, panel)));
  const screen = { lesson, state, live: app.data.live, saved: app.data.saved, paint, put, tell, go, keep: () => keepLesson(state, left()), proposals: () => proposalsOf(screen), keepClock: () => keepClock(), anew: () => { app.lesson = null; buildClassroom(root, app); } };
  history.replaceState(null, "", HERE);

  /** Tell the server what the facilitator did, and take over what the room is now; `quiet` where it stands on the page already. */
  async function tell(asked, quiet = false) {
    state.told += 1;
    state.telling += 1;
    const room = await post("api/room", asked);
    state.telling -= 1;
    why.textContent = plainly(room.error ?? "");
    if (!room.error && take(room) && !quiet) paint();
    return !room.error;
  }

  /** Take over what the room is now; whether anything of it is seen otherwise than before. */
  function take(room) {
    const before = seen(state.room), gone = !room.open && state.hadRoom;
    state.room = room.open ? room : null;
    state.hadRoom = room.open;
    state.addresses = room.addresses;
    if (state.room) {
      Object.assign(state, { length: room.length, tables: room.tables, bets: room.bets, shown: room.shown });
      // what tables decided outlives the app that held the room
      room.proposals.forEach(({ weighed: _, ...sheet }, i) => { state.proposals[i] = sheet; });
    }
    if (gone) why.textContent = "The room is gone: it was ended, or the app was started anew. Phones can join a new one; seats and bets of the old one are gone, what tables decided stands here.";
    screen.keep();
    return seen(state.room) !== before;
  }

  /** The clock as the room has it: another window may have turned it, or this page was loaded anew. */
  function takeClock(room) {
    if (!room.open || (room.step === state.step && room.running === state.running && Math.abs(room.left - left()) < APART)) return false;
    if (room.step !== state.step) announce(lesson.steps[room.step].name);
    Object.assign(state, { step: room.step, left: room.left, running: room.running, since: performance.now(), warned: room.left <= 60 });
    return true;
  }

  function put(part) {
    Object.assign(state, part);
    paint();
  }

  const left = () => state.left - (state.running ? (performance.now() - state.since) / 1000 : 0);
  const keepClock = () => { if (state.room) tell({ do: "clock", step: state.step, left: left(), running: state.running }); };
  function go(step, running = state.running) {
    Object.assign(state, { step, left: 60 * lesson.steps[step].minutes[state.length], running, since: performance.now(), warned: false });
    keepClock();
    paint();
    scrollTo(0, 0);
    announce(lesson.steps[step].name);
  }
  function run(running, more = 0) {
    Object.assign(state, { left: left() + more, running, since: performance.now() });
    keepClock();
    paint();
  }
  function ticking() {
    clock.textContent = timeLeft(left());
    clock.classList.toggle("over", left() < 0);
    if (!state.running || state.warned || left() > 60) return;
    state.warned = true;
    announce("One minute left");
  }

  function paint() {
    const focused = document.activeElement?.id, opened = [...root.querySelectorAll("details[open][id]")].map((each) => each.id);
    const steps = lesson.steps.map((step, i) => i).filter((i) => lesson.steps[i].minutes[state.length]);
    const here = steps.indexOf(state.step), step = lesson.steps[state.step];
    const [length, list] = stepList(screen, steps), [room, end] = roomControls(screen);
    show(side, length, ...room, list, ...end);
    show(head, el("div", {}, el("h2", {}, step.name), el("p", { class: "quiet" }, `Needs: ${step.needs}. On this page: ${step.page}`)));
    show(turning, clock,
        el("button", { type: "button", id: "run", "aria-pressed": String(state.running), onclick: () => run(!state.running) }, state.running ? "❚❚ Pause" : "▶ Start"),
        el("button", { type: "button", id: "more", onclick: () => run(state.running, 60) }, "+1 min"),
        el("button", { type: "button", id: "less", onclick: () => run(state.running, -60) }, "−1 min"),
        el("button", { type: "button", id: "back", disabled: here <= 0, onclick: () => go(steps[here - 1]) }, "◀ Back"),
        el("button", { type: "button", id: "next", disabled: here === steps.length - 1, onclick: () => go(steps[here + 1]) }, "Next step ▶"));
    show(panel, el("ul", { class: "now" }, step.room.map((words) => el("li", {}, words))), toJoin(screen, step), ...stepPanel(screen, step), el("button", { type: "button", id: "notes", "aria-pressed": String(state.notes), onclick: () => put({ notes: !state.notes }) }, state.notes ? "Hide what the guide says" : "Show what the guide says (the projector shows it too)"),
      state.notes ? el("section", { class: "guide", "aria-label": "What the guide says" }, el("h3", {}, "What the guide says here"), written(step.notes), troubles(lesson)) : null);
    ticking();
    screen.keep();
    for (const id of opened) { const again = document.getElementById(id); if (again) again.open = true; }
    if (focused) document.getElementById(focused)?.focus();
  }

  async function look() {
    if (!clock.isConnected) { clearInterval(state.looking); return; }
    if (!state.room) return;
    const { told } = state, answer = await fetch("api/room").then((a) => a.json(), () => null);
    // what was asked for before this window did something is out of date
    if (state.told !== told || state.telling || !clock.isConnected) return;
    if (!answer || answer.error) { why.textContent = "The app does not answer: is it still running? Go on with paper bets; this page keeps what it has."; return; }
    why.textContent = "";
    if ([take(answer), takeClock(answer)].some((changed) => changed)) paint();
  }

  clearInterval(state.ticking);
  clearInterval(state.looking);
  state.ticking = setInterval(() => (clock.isConnected ? ticking() : clearInterval(state.ticking)), 500);
  if (screen.live) {
    state.looking = setInterval(look, LOOK_AT_ROOM);
    if (!state.room) {
      fetch("api/room").then((answer) => answer.json()).then((room) => {
        if (room.error) return;
        take(room);
        takeClock(room);
        if (clock.isConnected) paint();
      }, () => null);
    }
  }
  paint();
}

function stepList({ lesson, state, put, go }, steps) {
  let now = 0;
  const length = el("select", { id: "length", disabled: Boolean(state.room), onchange: (event) => {
    state.length = Number(event.target.value);
    go(lesson.steps[state.step].minutes[state.length] ? state.step : state.step + 1, false);
  } }, lesson.lengths.map((each) => el("option", { value: each, selected: each === state.length }, `${each} minutes`)));
  const rows = steps.map((i) => {
    const begin = now;
    now += lesson.steps[i].minutes[state.length];
    return el("li", {}, el("button", { type: "button", id: `step-${i}`, "aria-current": i === state.step ? "step" : null, onclick: () => go(i) }, `${i === state.step ? "▸ " : ""}${lesson.steps[i].name}`, el("span", { class: "minutes" }, `${begin} to ${now}`)));
  });
  const open = state.stepsOpen ?? matchMedia("(min-width: 60rem)").matches;
  return [el("label", {}, el("b", {}, "The lesson takes"), length),
    el("details", { open, ontoggle: (event) => { state.stepsOpen = event.target.open; } }, el("summary", {}, "Steps"), el("ol", { class: "steps" }, rows))];
}

/** What concerns the room: above the steps, and below them. */
function roomControls(screen) {
  const { lesson, state, live, tell, put, paint, keepClock } = screen;
  const tables = el("input", { type: "number", id: "tables", min: 1, max: 12, value: state.tables, onchange: (event) => { if (event.target.checkValidity()) put({ tables: Number(event.target.value), table: 0 }); else event.target.reportValidity(); } });
  if (state.room) {
    const { seats, code } = state.room, bet = seats.filter((each) => each.placed).length;
    return [[el("p", { class: "code" }, "Room ", el("strong", { id: "code-shown" }, code)), el("p", {}, `${seats.length} seated, ${bet} have bet.`),
      el("details", { id: "seated" }, el("summary", {}, "Tables and seats"),
        el("table", {}, el("thead", {}, el("tr", {}, ["Table", "People", "Have bet"].map((words) => el("th", { scope: "col" }, words)))),
          el("tbody", {}, Array.from({ length: state.tables }, (_, i) => { const here = seats.filter((each) => each.table === i); return el("tr", {}, el("th", { scope: "row" }, String(i + 1)), el("td", { class: "number" }, String(here.length)), el("td", { class: "number" }, String(here.filter((each) => each.placed).length))); }))),
        el("ul", {}, seats.map((each) => el("li", {}, `Table ${each.table + 1}, ${lesson.cards[each.card].name}${each.nickname ? `: ${each.nickname}` : ""}`))))],
    [el("button", { type: "button", id: "end-room", onclick: async () => { if (confirm("End the room? Seats, bets and proposals are forgotten.") ) { state.hadRoom = false; if (await tell({ do: "end" })) { Object.assign(state, begunAnew(lesson), { step: state.step, left: state.left, since: state.since, running: state.running, told: state.told }); screen.keep(); paint(); } } } }, "End the room")]];
  }
  const paper = el("p", { class: "quiet" }, live ? "Without a room: hands are counted and typed in. With one, each phone bets for itself. This tab keeps what is typed through a reload, until it is closed; nothing goes to disk."
    : "This file runs the lesson with paper bets: count hands, and type them in. Phones need the app. This tab keeps what is typed through a reload, until it is closed.");
  return [[el("label", {}, el("b", {}, "Tables"), tables), live ? el("button", { type: "button", id: "open-room", onclick: async () => { if (await tell({ do: "open", tables: state.tables, length: state.length, proposals: state.proposals.slice(0, state.tables) }, true)) { keepClock(); paint(); } } }, "Open a room for phones") : null],
    [paper, el("button", { type: "button", id: "anew", onclick: () => { if (confirm("Begin a new lesson? Hands and sheets that were typed in are forgotten.")) { sessionStorage.removeItem(KEPT); screen.anew(); } } }, "Begin a new lesson")]];
}

/** Where phones go, and with which code, while people come in; large enough for the back row. */
function toJoin({ state }, step) {
  if (!state.room || !["Welcome", "Paper: one grant", "Roles"].includes(step.name)) return null;
  const at = state.addresses.length ? state.addresses.map((each) => `${each}/join`) : [`${location.origin}/join`];
  return el("section", { class: "verdict", "aria-label": "To join with a phone" }, el("p", {}, "With a phone on this network: "), el("p", { class: "statement" }, at.join(" or ")), el("p", { class: "code" }, "Code ", el("strong", {}, state.room.code), ", and your table's number"),
    state.addresses.length ? null : el("p", { class: "quiet" }, "This machine only: phones need the app started with --lan."));
}

// --- what each step shows -------------------------------------------------------------------------------------------------

function stepPanel(screen, step) {
  const { lesson } = screen;
  if (step.name === "Welcome" || step.name === "Close") return [el("section", {}, el("h3", {}, "What the lesson must not claim"), written(lesson.claims))];
  if (step.name === "Roles") return [el("section", {}, el("p", {}, "Each table has roles 1 to 6; further people take 7 to 12 in that order. Three roles have no hours in the model."), ...lesson.cards.map((card, i) => el("details", { id: `card-${i}` }, el("summary", {}, `${i + 1}. ${card.name}${card.core ? "" : " (if seats are left)"}`), roleCard(card, i))))];
  if (step.name.startsWith("Round 1")) return [sheetsPanel(screen, "1")];
  if (step.name.startsWith("Round 2")) return [sheetsPanel(screen, "2")];
  if (step.name.startsWith("Round 3")) return [bettingPanel(screen), sheetsPanel(screen, "3")];
  if (step.name === "Reveal") return [revealPanel(screen)];
  if (step.name === "Debrief") return [debriefPanel(screen)];
  return [];
}

function sheetsPanel(screen, round) {
  const { lesson, state, put } = screen, all = proposalsOf(screen);
  const rows = all.map((each, i) => el("tr", {}, el("th", { scope: "row" }, `Table ${i + 1}`), el("td", {}, decided(lesson, each, round))));
  const given = { 1: () => el("p", {}, hoursAsked(lesson)), 2: () => el("p", {}, limitsGiven(lesson)), 3: () => el("details", { id: "six" }, el("summary", {}, "The six proposals"), el("ul", {}, lesson.proposals.map((each) => el("li", {}, el("b", {}, `${each.letter}. ${each.name}. `), each.says)))) };
  const parts = [el("h3", {}, round === "3" ? "What the tables choose" : "What the tables decide, and whether it is within the limits"), el("div", { class: "wide" }, el("table", {}, el("tbody", {}, rows)))];
  if (!state.shown) {
    const pick = el("select", { id: "table-typed", onchange: (event) => put({ table: Number(event.target.value) }) }, all.map((_, i) => el("option", { value: i, selected: i === state.table }, `Table ${i + 1}`)));
    parts.push(el("details", { id: `typed-${round}` }, el("summary", {}, "Type in what a table decided"), el("label", {}, "Whose sheet ", pick),
      decisionSheet(lesson, round, all[state.table], (part) => { wrote(screen, part); show(parts[1], el("table", {}, el("tbody", {}, proposalsOf(screen).map((each, i) => el("tr", {}, el("th", { scope: "row" }, `Table ${i + 1}`), el("td", {}, decided(lesson, each, round))))))); }, `typed-${round}`)));
  }
  return el("section", {}, given[round](), parts);
}

/** What the facilitator types in from a table's sheet; in a room its phones show it too. */
function wrote({ state, keep, tell }, part) {
  const proposal = Object.assign(state.room ? state.room.proposals[state.table] : state.proposals[state.table], part);
  keep();
  if (!state.room) return;
  const { weighed: _, ...sheet } = proposal;
  tell({ do: "propose", table: state.table, proposal: sheet }, true);
}

/** What a table decided in a round, and what the rule says of it. */
function decided(lesson, proposal, round) {
  if (round === "3") return chosen(lesson, proposal);
  if (round === "1") return proposal.closed.length ? verdictsOf(lesson, proposal, ["1"]) : "nothing closed yet";
  if (proposal.a_year === null && !proposal.order && !proposal.first.length) return "nothing yet";
  return [verdictsOf(lesson, proposal, ["2"]), ordered(lesson, proposal)];
}

function chosen(lesson, { choice }) {
  const found = lesson.proposals.find((each) => each.letter === choice);
  return found ? `${found.letter}. ${found.name}` : "nothing yet";
}

function ordered(lesson, { order, first }) {
  const names = first.map((code) => lesson.round_2.spaces.find((each) => each.code === code).name);
  return el("p", {}, `Order: ${order ? order.replace(/-/g, " ") : "none yet"}. First: ${names.join(", ") || "none yet"}.`);
}

function bettingPanel({ lesson, state, tell, put, paint }) {
  const asked = betsOf(lesson, state.length);
  const turn = async (bets) => { if (!state.room || await tell({ do: "bets", bets })) put({ bets }); };
  const words = { closed: "Bets are closed.", open: "Bets are open: alone, and in silence.", over: "Pens are away: bets stand." }[state.bets];
  const placed = state.room?.seats.filter((each) => each.placed).length;
  return el("section", {}, el("h3", {}, "Bets"), el("p", { id: "betting", role: "status" }, words, state.room ? ` ${placed} of ${state.room.seats.length} phones have bet.` : ""),
    el("div", { class: "timing" }, el("button", { type: "button", id: "open-bets", disabled: state.bets === "open" || state.shown > 0, onclick: () => turn("open") }, "Open the bets"),
      el("button", { type: "button", id: "end-bets", disabled: state.bets !== "open", onclick: () => turn("over") }, "Pens away")),
    el("p", {}, "You bet on what the tool or the document says, not on what is true of the country. “Cannot tell” counts as: it does not say so."),
    el("ol", {}, asked.map((i) => el("li", { value: i + 1 }, lesson.bets[i].statement))), pointsTable(lesson));
}

// --- the guide's words ----------------------------------------------------------------------------------------------------

function written(blocks) {
  const parts = [];
  for (const block of blocks) {
    if (block.p) parts.push(el("p", {}, block.p));
    else if (block.li) {
      if (parts.at(-1)?.tagName !== "UL") parts.push(el("ul", {}));
      parts.at(-1).append(el("li", {}, block.li));
    } else {
      const [first, ...rows] = block.table, headed = first.some((words) => words);
      parts.push(el("div", { class: "wide" }, el("table", {}, headed ? el("thead", {}, el("tr", {}, first.map((words) => el("th", { scope: "col" }, words)))) : null, el("tbody", {}, rows.map((row) => el("tr", {}, row.map((words) => el("td", {}, words))))))));
    }
  }
  return parts;
}

function troubles(lesson) {
  return el("details", { id: "troubles" }, el("summary", {}, "What goes wrong, and what then"), written(lesson.trouble));
}
