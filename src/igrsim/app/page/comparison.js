import { draw, dotPlot, fan } from "./charts.js";
import { LOOKS } from "./colours.js";
import { decisionsOf, decisionWords } from "./decisions.js";
import { ArmMap, legend } from "./maps.js";
import { player } from "./player.js";
import { whyPart } from "./why.js";
import { el, many, monthName, number, show, svg } from "./text.js";

function line(look) {
  return svg("svg", { viewBox: "0 0 48 10", "aria-hidden": "true" }, svg("line", { x1: 0, x2: 48, y1: 5, y2: 5, stroke: look.colour, "stroke-width": 4, "stroke-dasharray": look.dash[1] ? "9 5" : null }));
}

/** An effect in a sentence, by the numbers of effects.csv. */
function inNumbers({ words, pairs, low, verdict }, metric) {
  if (!pairs) return "There was nothing to measure.";
  const unit = metric.unit === "%" ? "" : ` ${metric.unit}`;
  const said = `${words.arm} against ${words.reference}${unit}: difference ${words.difference} ${metric.difference_unit}`;
  if (verdict.startsWith("exactly")) return `${said}: the same in ${pairs === 1 ? "the one pair" : `each of ${pairs} pairs`} of runs.`;
  if (low === null) return `${said}, from ${many(pairs, "pair")} of runs, which cannot say how surely.`;
  return `${said}; one more plausible world would lie within ${words.interval} (95\u202f%), from ${many(pairs, "pair")} of runs.`;
}

/** The months of a study in which something was decided in either arm, numbered, and what. */
function marksOf(payload, arms) {
  const found = new Map();
  for (const arm of payload.scenario?.arms ?? []) {
    if (!arms.includes(arm.name)) continue;
    for (const each of decisionsOf(arm)) {
      const month = payload.months.indexOf(each.from.slice(0, 7));
      if (each.from && month >= 0) found.set(month, [...(found.get(month) ?? []), `${decisionWords(each)} (${arm.name})`]);
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([month, words], i) => ({ month, number: i + 1, words: words.join(", ") }));
}

/** An arm's title; with its name where others of the study have the same. */
function titleOf(payload, name) {
  const { title } = payload.arms.find((each) => each.name === name);
  return payload.arms.filter((each) => each.title === title).length > 1 ? `${title} (${name})` : title;
}

/** What is seen of two arms of a study: the verdict, maps, months, charts, why, and how to compute it again. */
export function paint(picture, state, app) {
  const { payload, arm } = state, metric = payload.metrics.find((each) => each.name === state.metric);
  const effect = payload.effects.find((each) => each.arm === arm && each.metric === metric.name);
  const arms = [payload.reference, arm], maps = payload.by_space[metric.name];
  const titled = (name) => titleOf(payload, name);
  const again = () => paint(picture, state, app);

  const pick = el("select", { id: "metric", onchange: (event) => { state.metric = event.target.value; again(); document.getElementById("metric").focus(); } },
    payload.drawn.map((name) => option(name, payload.metrics.find((each) => each.name === name).title, metric.name)));
  const better = metric.better === "neither" ? "" : ` ${metric.better === "lower" ? "Lower" : "Higher"} is better.`;
  const head = el("div", { class: "verdict" },
    el("div", { class: "metric" }, el("label", { for: "metric" }, "Looked at:"), pick, el("span", { class: "quiet" }, better.trim())),
    el("h2", { id: "verdict" }, `${titled(arm)}: ${effect.verdict}`),
    el("p", { id: "numbers" }, inNumbers(effect, metric)),
    el("details", {}, el("summary", {}, "What is measured"), el("p", {}, `${metric.meaning}.`)));

  const drawn = arms.map((name) => new ArmMap(payload, app.data.territories, state.kind, `${metric.title}, ${name}`));
  const body = el("tbody");
  const moving = player(payload.months, state.month, (month, words) => {
    state.month = month;
    state.stand(month);
    state.linked();
    const values = arms.map((name) => (month < 0 ? maps.arms[name]?.all : maps.arms[name]?.months[month]));
    drawn.forEach((map, i) => map.paint(values[i], maps.scale, words));
    show(body, payload.spaces.map((space, i) => el("tr", {}, el("th", { scope: "row" }, `${space.code} ${space.name}`), values.map((each) => el("td", { class: "number" }, number(each?.[i] ?? null))))));
    state.view?.signal("now", month).runAsync();
  });
  const kinds = el("div", { class: "metric", role: "group", "aria-label": "Kind of map" }, ["map", "squares"].map((kind) =>
    el("button", { type: "button", "aria-pressed": String(state.kind === kind), onclick: () => { state.kind = kind; again(); } }, kind === "map" ? "Map" : "Equal squares")));
  const ends = maps.scale ? [`${maps.beyond[0] ? "≤ " : ""}${number(maps.scale[0])}`, `${maps.beyond[1] ? "≥ " : ""}${number(maps.scale[1])}`] : ["", ""];
  const scale = el("div", { class: "legend" }, kinds, el("span", {}, ends[0]), legend(), el("span", {}, `${ends[1]} ${metric.unit}`), el("span", { class: "quiet" }, "one scale for both, all months; hatched: not defined"));
  const figures = el("div", { class: "maps" }, arms.map((name, i) => el("figure", { class: `map ${i ? "second" : "first"}` }, el("h3", {}, titled(name)), drawn[i].element)));

  const marks = marksOf(payload, arms);
  const decided = marks.length ? el("p", { id: "marks" }, "Decided: ", marks.map((mark) => `(${mark.number}) ${monthName(payload.months[mark.month])}: ${mark.words}`).join("; "), ".") : null;
  const fanAt = el("div"), dotsAt = el("div"), counts = effect.pairs > 1 ? effect.counts : null;
  const key = el("p", { class: "key" }, arms.map((name, i) => el("span", {}, line(LOOKS[i ? "second" : "first"]), ` ${titled(name)}`)));
  const told = counts ? [["lower", counts.lower], ["within what makes no material difference", counts.within], ["higher", counts.higher]].map(([words, n]) => `${n} ${words}${words === metric.better ? " (better)" : n && (words === "lower" || words === "higher") && metric.better !== "neither" ? " (worse)" : ""}`).join(", ") : "";
  const charts = el("div", { class: "charts" },
    el("figure", {}, el("h3", {}, "Month by month"), key, fanAt, decided, el("figcaption", {}, "All spaces together. Line: the middle run; bands: the middle half and nine tenths of the runs. Points: the months in which it is defined, where it is not in all.")),
    el("figure", {}, el("h3", {}, "The difference: each dot a 1 in 20 chance"), el("p", { id: "counts" }, counts ? `Of 20 dots: ${told}.` : effect.pairs === 1 ? "A single pair of runs cannot say how surely: the dots come with more worlds." : "There was nothing to measure."), dotsAt,
      el("figcaption", {}, "Where the difference of one more plausible world would lie. Grey: no material difference. ▲ better, ▼ worse, ○ neither.")));
  const scenario = payload.toml ? el("details", {}, el("summary", {}, "Study file"), el("p", {}, el("a", { download: "scenario.toml", href: `data:application/toml;charset=utf-8,${encodeURIComponent(payload.toml)}` }, "Save scenario.toml")), el("pre", {}, el("code", {}, payload.toml))) : null;
  const table = el("details", {}, el("summary", {}, "Values of the maps as a table"), el("div", { class: "wide" }, el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Space"), arms.map((name) => el("th", { scope: "col", class: "number" }, name)))), body)));
  const about = el("p", { class: "small quiet" }, `${many(payload.worlds, "world")}, ${many(payload.futures, "future")}, ${payload.citizens.toLocaleString("en").replace(/,/g, "\u202f")} people simulated, ${payload.months.length} months from ${monthName(payload.months[0])}. ${payload.assumed.assumed} of ${payload.assumed.numbers} numbers behind this are assumed.`);
  moving.go(state.month);
  show(picture, head, scale, figures, moving.element, charts, whyPart(payload, arm, metric, state, app), table,
    el("div", {}, el("h3", {}, "Reproduce"), el("code", { id: "command" }, payload.reproduce), scenario), about);

  const width = Math.max(280, fanAt.clientWidth);
  state.view = null;
  if (!(payload.over_time[metric.name]?.[arm] ?? []).some((bands) => bands[2] !== null)) show(fanAt, el("p", {}, "Not defined in any of these months."));
  else draw(fanAt, fan(payload, metric, arms, width, marks), `${metric.title} month by month in both arms`).then((view) => { state.view = view; view.signal("now", state.month).runAsync(); });
  if (counts) draw(dotsAt, dotPlot(effect, metric, width), `Twenty dots: ${told}`);
}
