import { betsOf, signed } from "./lesson.js";
import { announce, el, show, svg } from "./text.js";

const LONGEST_HANDS = 200;

/** How many said each chance: phones, and hands typed in. */
function countsOf({ lesson, state }, bet) {
  return lesson.points.map((_, i) => (state.room?.counts?.[bet]?.[i] ?? 0) + state.hands[bet][i]);
}

/** Bet by bet: who said what, what came out, and why. */
export function revealPanel(screen) {
  const { lesson, state, put, tell, paint } = screen, asked = betsOf(lesson, state.length);
  const place = Math.min(state.looked, asked.length - 1), bet = asked[place], about = lesson.bets[bet], known = place < state.shown;
  const counts = countsOf(screen, bet), most = Math.max(1, ...counts);
  const bars = el("tbody"), drawn = (values, top) => show(bars, lesson.points.map(([said, right, wrong], i) => el("tr", {}, el("th", { scope: "row", class: "number" }, `${said}\u202f%`),
    el("td", { class: "number" }, String(values[i])), el("td", { class: "bar" }, svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, svg("rect", { x: 0, y: 1, height: 8, width: (100 * values[i]) / top, fill: "#1a1a1a" }))),
    el("td", { class: "number" }, known ? signed(about.true ? right : wrong) : "?"))));
  drawn(counts, most);
  const hands = el("div", { class: "hands" }, lesson.points.map(([said], i) => el("label", {}, `${said}\u202f%`, el("input", { type: "number", id: `hands-${i}`, inputmode: "numeric", min: 0, max: LONGEST_HANDS, value: state.hands[bet][i], onchange: (event) => {
    if (!event.target.checkValidity()) { event.target.reportValidity(); return; }
    state.hands[bet][i] = Number(event.target.value);
    screen.keep();
    const now = countsOf(screen, bet);
    drawn(now, Math.max(1, ...now));
  } }))));
  const reveal = async () => { if (!state.room || await tell({ do: "show", shown: place + 1 })) { Object.assign(state, { bets: "over", shown: Math.max(state.shown, place + 1) }); announce(about.true ? "It came true" : "It did not come true"); paint(); } };
  const parts = [el("div", { class: "timing", role: "group", "aria-label": "Bets" }, el("button", { type: "button", id: "bet-back", disabled: place === 0, onclick: () => put({ looked: place - 1 }) }, "◀ Bet before"), el("b", {}, `Bet ${place + 1} of ${asked.length}`),
    el("button", { type: "button", id: "bet-next", disabled: place === asked.length - 1, onclick: () => put({ looked: place + 1 }) }, "Next bet ▶")),
    el("p", { class: "statement" }, `${bet + 1}. ${about.statement}`),
    known ? el("p", { class: "verdict", id: "came" }, el("strong", {}, about.true ? "✓ It came true" : "✗ It did not come true"), el("span", {}, about.why))
      : el("p", {}, el("button", { type: "button", id: "reveal", disabled: place > state.shown, onclick: reveal }, "Show what came out"), place > state.shown ? " The bets before it come first." : ""),
    state.bets === "over" || !state.room ? el("div", { class: "charts" }, el("figure", {}, el("h3", {}, "Who said what"), el("table", { class: "said" }, el("thead", {}, el("tr", {}, ["Said", "People", "", "Points"].map((words) => el("th", { scope: "col" }, words)))), bars)),
      el("div", {}, el(state.room ? "details" : "div", { id: "paper-hands" }, state.room ? el("summary", {}, "Add bets made on paper") : el("h3", {}, "Hands, counted and typed in"), hands))) : el("p", {}, "How people bet is shown when betting is over. ", el("button", { type: "button", id: "end-bets", onclick: async () => { if (await tell({ do: "bets", bets: "over" })) paint(); } }, "Pens away")),
    known && state.notes ? el("section", { class: "guide", "aria-label": "The answer key" }, about.answers.map((words) => el("p", {}, words))) : null];
  if (state.shown === asked.length) parts.push(soFar(screen, asked));
  return el("section", {}, parts);
}

/** How sure the room was, against how often it was right. */
function soFar(screen, asked) {
  const { lesson, state } = screen, known = asked.slice(0, state.shown);
  const rows = lesson.points.map(([said, right, wrong], i) => {
    const of = known.reduce((sum, bet) => sum + countsOf(screen, bet)[i], 0), came = known.reduce((sum, bet) => sum + (lesson.bets[bet].true ? countsOf(screen, bet)[i] : 0), 0);
    return el("tr", {}, el("th", { scope: "row" }, `${said}\u202f%`), el("td", { class: "number" }, String(of)), el("td", { class: "number" }, of ? `${came} (${Math.round((100 * came) / of)}\u202f%)` : "none"), el("td", { class: "number" }, signed(came * right + (of - came) * wrong)));
  });
  return el("section", { id: "so-far" }, el("h3", {}, "How sure the room was, and how often it was right"),
    el("table", {}, el("thead", {}, el("tr", {}, ["Said", "Bets", "Came true", "Points of the room"].map((words, i) => el("th", { scope: "col", class: i ? "number" : null }, words)))), el("tbody", {}, rows)),
    el("p", {}, "Whoever says what they believe does best in the long run. So few bets prove little: people of one room heard the same talk."));
}
