import { betsOf, hoursOf, proposalsOf, weighed } from "./lesson.js";
import { replayPanel } from "./replay.js";
import { el } from "./text.js";

/** The questions, and, once every bet is known, where the tables differ from rules. */
export function debriefPanel(screen) {
  const { lesson, state } = screen, shownAll = state.shown >= betsOf(lesson, state.length).length;
  const questions = el("section", {}, el("h3", {}, "Questions"), el("ol", {}, lesson.debrief.map((each) => el("li", {}, el("b", {}, `${each.head} `), each.text))));
  if (!shownAll) return el("div", {}, questions, el("p", { class: "notice" }, "Where tables differ from the rules, and their decisions played in the model, come once every bet has been revealed."));
  return el("div", {}, questions, replayPanel(screen), againstRules(screen));
}

function againstRules(screen) {
  const { lesson, state } = screen, all = proposalsOf(screen), parts = [el("h3", {}, "Where the tables differ from players who follow a rule")];
  const head = (first) => el("thead", {}, el("tr", {}, el("th", { scope: "col" }, first), all.map((_, i) => el("th", { scope: "col" }, `Table ${i + 1}`))));
  const row = (name, cells) => el("tr", {}, el("th", { scope: "row" }, name), cells.map((each) => el("td", {}, each)));
  const table = (first, rows) => el("div", { class: "wide" }, el("table", { class: "rules" }, head(first), el("tbody", {}, rows)));

  const one = lesson.round_1, merged = one.forums.map((forum, i) => i).filter((i) => one.forums[i].merged), names = (list) => list.map((i) => one.forums[i].name).join("; ") || "none";
  parts.push(el("h4", {}, "Round 1: the audit's rule merges, the tables closed"), el("p", {}, `The audit merges ${merged.length} forums and saves ${hoursOf(one.merges_save)} hours a year; ${hoursOf(one.to_free)} were asked for.`),
    table("Compared", [row("Hours freed", all.map((each) => hoursOf(weighed(lesson, each).freed))), row("Both do", all.map((each) => names(each.closed.filter((i) => merged.includes(i))))),
      row("≠ Only the table closes", all.map((each) => names(each.closed.filter((i) => !merged.includes(i))))), row("≠ Only the audit merges", all.map((each) => names(merged.filter((i) => !each.closed.includes(i)))))]));

  if (lesson.steps.find((step) => step.name.startsWith("Round 2")).minutes[state.length]) parts.push(...ordersAgainstRules(lesson, all, row, table));

  const cell = (outcome, { choice }) => (choice === null ? "nothing chosen" : [el("b", {}, choice === outcome.rule ? "= same" : `≠ ${choice}`), el("br"), effectOf(outcome, choice)]);
  parts.push(el("h4", {}, "Round 3: rules that look at one outcome only"), el("p", {}, "Each rule takes the proposal whose difference is largest among those that the verdict calls better, and A where it calls none so. No rule adds outcomes up. A rule chose after it had looked, so its own figure flatters it a little."),
    table("Who looks only at", [row("Chosen", all.map((each) => each.choice ?? "nothing")), ...lesson.outcomes.map((outcome) => row([outcome.name, el("span", { class: "rule" }, `rule: ${outcome.rule}. ${effectOf(outcome, outcome.rule)}`)], all.map((each) => cell(outcome, each))))]), agreement(screen));
  return el("section", { id: "rules" }, parts);
}

function ordersAgainstRules(lesson, all, row, table) {
  const two = lesson.round_2, most = Math.min(two.by_rand, two.by_hours);
  const waits = (order) => ({ first }) => first.map((code) => two.spaces.find((each) => each.code === code)).map((each) => `${each.name}: ${each.waits[order]}`).join("; ") || "none chosen";
  const found = two.found.map((each) => el("li", {}, `${each.name}: ${two.reference.replace(/-/g, " ")} has ${each.level}; `, Object.entries(each.by).map(([arm, said]) => `${arm.replace(/-/g, " ")}: ${said.change} (${said.interval}), ${said.words}`).join("; "), "."));
  return [el("h4", {}, "Round 2: a rule that fills the smaller limit"), el("p", {}, `The purse allows ${two.by_rand} hubs a year, the hours ${two.by_hours}: the rule takes in ${most} a year.`),
    table("Compared", [row("Hubs a year", all.map(({ a_year }) => (a_year === null ? "none chosen" : a_year === most ? `= ${a_year}` : `≠ ${a_year}, ${a_year > most ? "beyond the limit" : "slower than the limit"}`))), row("Order", all.map(({ order }) => order?.replace(/-/g, " ") ?? "none chosen")),
      ...two.orders.map((order) => row(`Years that its first three wait if ${order.replace(/-/g, " ")}`, all.map(waits(order))))]), el("p", {}, "What the orders led to in the country:"), el("ul", {}, found)];
}

function effectOf(outcome, letter) {
  const said = outcome.by[letter];
  return said ? `${said.change} (${said.interval}), ${said.words}` : `A has ${outcome.level}`;
}

/** Whether results that are open on this machine say what the sheets say. */
function agreement({ lesson, saved }) {
  const run = saved.find((payload) => lesson.proposals.every((each) => payload.arms.some((arm) => arm.name === each.arm)));
  const source = `From saved runs (${lesson.runs.join("; ")}).`;
  if (!run) return el("p", { class: "quiet" }, source);
  const lines = lesson.outcomes.flatMap((outcome) => Object.entries(outcome.by).map(([letter, said]) => {
    const arm = lesson.proposals.find((each) => each.letter === letter).arm, effect = run.effects.find((each) => each.arm === arm && each.metric === outcome.metric);
    return effect && effect.words.difference === said.change && effect.verdict.split(",")[0] === said.words;
  }));
  const other = lines.filter((same) => !same).length;
  return el("p", { class: other ? "notice" : "quiet" }, source, other ? ` Your own run differs in ${other} of ${lines.length} lines: the versions differ. Use these, and say so.` : " Your own run says the same.");
}
