import { ladderPart } from "./ladder.js";
import { el, monthName } from "./text.js";

/** Why two arms differ: what the levers set, what moves between that and the metric, and which lever does it. */
export function whyPart(payload, arm, metric, state, app) {
  const panel = el("details", { class: "why", id: "why", open: Boolean(state.why) }, el("summary", {}, el("b", {}, "Why? The chain of causes, and which lever does it")),
    el("h3", {}, "The chain of causes"), chainPart(payload, arm, metric, app),
    el("h3", {}, "Which lever does it?"), ladderPart(payload, arm, metric, state, app));
  panel.addEventListener("toggle", () => { state.why = panel.open; });
  return panel;
}

function asWords(name) {
  return name.replace(/_/g, " ");
}

/** The steps up to a metric, each after those it follows from. */
function upTo(steps, name) {
  const wanted = new Set(), ahead = [name];
  while (ahead.length) {
    const next = ahead.pop(), step = steps.find((each) => each.metric === next);
    if (step && !wanted.has(step.metric)) { wanted.add(step.metric); ahead.push(...step.after); }
  }
  return steps.filter((step) => wanted.has(step.metric));
}

function chainPart(payload, arm, metric, app) {
  const { causes } = payload, { rules, steps } = app.data.chains, chain = upTo(steps, metric.name);
  if (!chain.length) return el("p", {}, "No chain is declared for this metric.");
  const first = (name) => causes.first[arm][causes.metrics.indexOf(name)] ?? null;
  const set = new Map(causes.rules[arm].map((each) => [each.rule, each.words]));
  const reaching = new Set(chain.flatMap((step) => step.rules.map((i) => rules[i])).filter((rule) => set.has(rule)));
  const beside = [...set.keys()].filter((rule) => !reaching.has(rule)), about = payload.arms.find((each) => each.name === arm);
  const said = (names) => el("ul", {}, names.map((rule) => el("li", {}, set.get(rule))));
  const levers = el("div", {},
    el("p", {}, el("b", {}, "Levers and rules. "), reaching.size ? `${reaching.size} of ${set.size} ${set.size === 1 ? "rule" : "rules"} in which the arms differ ${reaching.size === 1 ? "reaches" : "reach"} this chain: ${[...reaching].sort().map(asWords).join(", ")}.`
      : set.size ? "None of the rules in which the arms differ reaches this chain." : `No rule differs between the arms${about.levers.length ? ": its levers are in force nowhere in these months, or where the reference has them too" : ""}.`, ` ${arm}: ${about.describe || about.title}.`),
    set.size ? el("details", {}, el("summary", {}, "Which lever sets which rule, from when"), said([...reaching].sort()), beside.length ? el("p", {}, "Those that do not reach this chain:") : null, beside.length ? said(beside) : null) : null);
  const heads = ["Step", "How it follows", "Difference, and how surely", "First differs in"];
  const known = chain.filter((step) => payload.effects.some((each) => each.arm === arm && each.metric === step.metric));
  const rows = together(known, (step) => first(step.metric) === null && step.metric !== metric.name).map((steps) => (
    steps.length > 1 || (first(steps[0].metric) === null) ? stillRow(steps, payload, heads) : stepRow(steps[0], { payload, arm, set, rules, first, heads, last: steps[0].metric === metric.name })));
  return el("div", { class: "chain" }, levers,
    el("div", { class: "wide", tabindex: 0, role: "group", "aria-label": "Steps of the chain" }, el("table", { class: "numbers steps-of" },
      el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, rows))),
    el("p", { class: "quiet" }, "This is what moves together in the model's runs, in the model's own order: each step stands after those it follows from. It does not tell levers apart; the ladder does. What comes back in later months, as trust and hours do, is not drawn."));
}

/** Neighbours of which all are still, in one; every other by itself. */
function together(steps, still) {
  const groups = [];
  for (const step of steps) {
    const before = groups[groups.length - 1];
    if (before && still(step) && before.every(still)) before.push(step);
    else groups.push([step]);
  }
  return groups;
}

/** Steps in which nothing differs, in any month, space or pair of runs. */
function stillRow(steps, payload, heads) {
  const titles = steps.map((step) => payload.metrics.find((each) => each.name === step.metric).title);
  const cells = [`${titles.length > 1 ? "None of these differs" : "It does not differ"} in any month, space or pair of runs.`, "no difference: the cause does not pass here", "no month"];
  return el("tr", { class: "still", "data-step": steps.map((step) => step.metric).join(" ") },
    el("th", { scope: "row" }, el("span", { "aria-hidden": "true" }, "\u25cb "), titles.join(", ")), cells.map((cell, i) => el("td", { "data-head": heads[i + 1] }, cell)));
}

/** A step that differs: how it follows, by how much and how surely, and from when. */
function stepRow(step, { payload, arm, set, rules, first, heads, last }) {
  const metric = payload.metrics.find((each) => each.name === step.metric), effect = payload.effects.find((each) => each.arm === arm && each.metric === step.metric);
  const month = first(step.metric), direct = step.rules.map((i) => rules[i]).filter((rule) => set.has(rule));
  const before = step.after.map(first).filter((each) => each !== null);
  const said = [step.because, step.after.length ? `From: ${step.after.map(asWords).join(", ")}.` : null,
    direct.length ? `Directly: ${direct.length > 4 && direct.length === set.size ? "all rules above" : direct.length > 4 ? `${direct.length} of the rules above` : direct.map(asWords).join(", ")}.` : null,
    direct.length || before.some((each) => each <= month) ? null : "It differs before what it follows from: by what comes back in later months."];
  const cells = [said.filter(Boolean).join(" "), effect.pairs ? `${effect.words.difference} ${metric.difference_unit}: ${effect.verdict}` : "defined in one arm only, or in some months: not compared",
    monthName(payload.months[month])];
  return el("tr", { "data-step": step.metric },
    el("th", { scope: "row" }, el("span", { "aria-hidden": "true" }, "\u25cf "), last ? el("b", {}, metric.title) : metric.title),
    cells.map((cell, i) => el("td", { "data-head": heads[i + 1] }, cell)));
}
