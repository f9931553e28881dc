import { post, ask } from "./source.js";
import { announce, el, show, svg } from "./text.js";

const ALL_LEVERS = "all levers", RUNG_WIDE = 180, RUNG_HIGH = 22;
const LADDER_SIDES = { lower: "\u2190 better \u00a0 worse \u2192", higher: "\u2190 worse \u00a0 better \u2192", neither: "\u2190 lower \u00a0 higher \u2192" };

/** How a lever's effect beside all others compares with its effect alone, where that can be told. */
const TOLD_BESIDE = { "less beside the others": "does less beside the others than alone", "more beside the others": "does more beside the others than alone", "the other way": "works the other way beside the others" };

/** What each lever contributes: a row a lever, the whole first, with the words that the report has. */
function rungs(told, metric) {
  const whole = told.rows.find((row) => row.lever === ALL_LEVERS), rows = [whole, ...told.rows.filter((row) => row !== whole)];
  // an interval of two pairs of runs can be many times as long as any bar: it is cut where bars would shrink to nothing
  const drawn = rows.flatMap(({ sizes: [size, , , alone, last] }) => [size, alone ?? 0, last ?? 0]), least = Math.min(0, ...drawn), most = Math.max(0, ...drawn);
  const room = 0.15 * (most - least) || 1, reach = [least - room, most + room];
  const heads = ["Lever", LADDER_SIDES[metric.better], "Contributes", "95\u202f% interval", "Alone", "Last of all"];
  const row = (each) => el("tr", {}, el("th", { scope: "row" }, each.lever, TOLD_BESIDE[each.beside] ? el("span", { class: "rule" }, TOLD_BESIDE[each.beside]) : null),
    [rungBar(each, metric, reach), ...each.words].map((cell, i) => el("td", { class: i === 2 ? "number apart" : i ? "number" : null, "data-head": heads[i + 1] }, cell)));
  return el("div", {}, el("p", { class: "quiet" }, `In ${metric.difference_unit}. Bar: what the lever changes when it joins, on average; line: its 95\u202f% interval, with an arrow where it goes further than drawn; a hollow bar's interval holds nought, or is not known. Ring: alone; upright mark: last of all. How a lever works beside the others is said where it can be told.`),
    el("div", { class: "wide", tabindex: 0, role: "group", "aria-label": "Contributions of levers" }, el("table", { class: "numbers rungs rules" },
      el("thead", {}, el("tr", {}, heads.map((head, i) => el("th", { scope: "col", class: i > 1 ? "number" : null }, head)))),
      el("tbody", {}, rows.map(row)))));
}

function rungBar({ lever, sizes: [size, low, high, alone, last] }, metric, [least, most]) {
  const at = (value) => RUNG_WIDE * (Math.max(least, Math.min(most, value)) - least) / (most - least), middle = RUNG_HIGH / 2, nought = at(0);
  const good = metric.better === (size < 0 ? "lower" : "higher"), sure = low > 0 || high < 0 || (low === high && low === 0);
  const colour = lever === ALL_LEVERS ? "#1a1a1a" : metric.better === "neither" ? "#555555" : good ? "#0072b2" : "#b34a00";
  const arrow = (x, way) => svg("path", { d: `M${x - 6 * way} ${middle - 5} L${x} ${middle} L${x - 6 * way} ${middle + 5}`, fill: "none", stroke: "#1a1a1a", "stroke-width": 2 });
  return svg("svg", { viewBox: `0 0 ${RUNG_WIDE} ${RUNG_HIGH}`, class: "rung", "aria-hidden": "true" },
    svg("line", { x1: nought, x2: nought, y1: 0, y2: RUNG_HIGH, stroke: "#1a1a1a" }),
    svg("rect", { x: Math.min(nought, at(size)), y: 3, width: Math.abs(at(size) - nought), height: RUNG_HIGH - 6, fill: sure ? colour : "#ffffff", stroke: colour, "stroke-width": 1.5, "stroke-dasharray": sure ? null : "4 3" }),
    low === null ? null : svg("line", { x1: at(low), x2: at(high), y1: middle, y2: middle, stroke: sure && lever === ALL_LEVERS ? "#8a8a8a" : "#1a1a1a", "stroke-width": 2 }),
    low !== null && low < least ? arrow(1, -1) : null, high !== null && high > most ? arrow(RUNG_WIDE - 1, 1) : null,
    alone === null ? null : svg("circle", { cx: at(alone), cy: middle, r: 5, fill: "none", stroke: "#1a1a1a", "stroke-width": 1.5 }),
    last === null ? null : svg("line", { x1: at(last), x2: at(last), y1: 1, y2: RUNG_HIGH - 1, stroke: "#1a1a1a", "stroke-width": 3 }));
}

/** A ladder that is there: its sentences, its rows and how it was made. */
function ladderThere(ladder, metric) {
  const told = ladder.metrics[metric.name];
  if (!told) return el("p", {}, `The ladder is of other metrics: ${Object.keys(ladder.metrics).join(", ").replace(/_/g, " ")}.`);
  return el("div", { class: "ladder" }, told.sentences.map((words) => el("p", {}, words)), told.rows.length ? rungs(told, metric) : null,
    el("details", {}, el("summary", {}, "How levers are told apart"), el("p", {}, ladder.how)));
}

function ladderFile(toml) {
  return el("p", {}, el("a", { download: "ladder.toml", href: `data:application/toml;charset=utf-8,${encodeURIComponent(toml)}` }, "Save ladder.toml"), ", and ", el("code", {}, "igrsim run ladder.toml"));
}

/** Which lever does it: a saved ladder, one computed on request, or why there is none. */
export function ladderPart(payload, arm, metric, state, app) {
  const box = el("div", { class: "ladder", id: "ladder" });
  const asked = JSON.stringify(state.document), saved = payload.ladder;
  if (saved?.arm === arm) { show(box, ladderThere(saved, metric)); return box; }
  if (app.data.live && !(app.opened && !app.opened.document)) {
    if (state.climb?.asked !== asked) { state.climb?.stop?.(); state.climb = { asked }; }
    state.climb.paint = () => paintLadder(box, payload, metric, state);
    state.climb.paint();
    return box;
  }
  const why = payload.no_ladder?.[arm];
  if (why) show(box, el("p", {}, `No ladder: ${why}.`));
  else if (payload.toml) {
    const metrics = payload.drawn.filter((name) => payload.over_time[name]);
    show(box, el("p", {}, "No ladder is saved with this study, and this page computes none. This study file has one:"),
      ladderFile(`${payload.toml}\n[ladder]\narm = ${JSON.stringify(arm)}\nmetrics = ${JSON.stringify(metrics)}\n`));
  } else show(box, el("p", {}, `No ladder of ${arm} is saved${saved ? `, only one of ${saved.arm}` : ""}, and the page cannot compute one: the study says more than a scenario holds. To have one, put [ladder] with arm = ${JSON.stringify(arm)} into the study's own file and run it again.`));
  return box;
}

function paintLadder(box, payload, metric, state) {
  const climb = state.climb, held = box.contains(document.activeElement);
  const metrics = payload.drawn.filter((name) => Object.keys(payload.over_time[name] ?? {}).length);
  const again = () => { if (state.climb === climb) climb.paint(); };
  const parts = [];
  if (climb.why) parts.push(el("p", { class: "notice", role: "alert" }, climb.why));
  if (climb.running) {
    const { computed = 0, of = 1, orders, worlds, step = 1, steps = 1 } = climb.progress ?? {};
    const halt = () => { climb.stop(); climb.running = false; climb.why = "Stopped. What was computed is kept."; again(); };
    parts.push(el("div", { class: "progress" }, el("progress", { max: of, value: computed, "aria-label": "Runs of the ladder" }),
      el("span", {}, orders ? `${computed} of ${of} runs; ladder ${step} of ${steps}: ${orders} orders, ${worlds} ${worlds === 1 ? "world" : "worlds"}` : "Laying out \u2026"), el("button", { type: "button", id: "ladder-stop", onclick: halt }, "Stop")));
  }
  if (climb.told) {
    parts.push(ladderThere(climb.told, metric), ladderFile(climb.told.toml));
  } else if (climb.plan && !climb.running) {
    const { levers, steps, toml, whole } = climb.plan, runs = steps.map((step) => step.runs), last = steps[steps.length - 1];
    parts.push(el("p", {}, `${levers.length} ${levers.length === 1 ? "lever" : "levers"} of ${climb.plan.arm} join one by one. A first answer takes ${runs[0]} runs, of one world, and cannot say how surely; ${runs.length > 1 ? `it gets finer after ${runs.slice(1).join(", ")} runs in all (${last.orders} orders, ${last.worlds} worlds)` : "it is the only one"}. ${whole ? "" : "More is beyond what the page computes: raise permutations and worlds in the study file. "}Refining the comparison stops meanwhile.`),
      el("p", {}, el("button", { type: "button", id: "ladder-start", onclick: () => startLadder(climb, metrics, state, again) }, `Compute, ${runs[0]} runs first`)), ladderFile(toml));
  } else if (!climb.running && !climb.why) {
    parts.push(el("p", {}, el("button", { type: "button", id: "ladder-ask", onclick: () => foreseeLadder(climb, metrics, state, again) }, "Which lever does it?")));
  }
  show(box, parts);
  if (held && !box.contains(document.activeElement)) box.querySelector("button, summary, a")?.focus();
}

async function foreseeLadder(climb, metrics, state, again) {
  const plan = await post("api/ladder/plan", { client: "page-asks-only", scenario: state.document, metrics });
  if (plan.error) climb.why = `No ladder: ${plan.error}.`;
  else climb.plan = plan;
  again();
}

function startLadder(climb, metrics, state, again) {
  state.halt?.();
  climb.running = true;
  climb.why = "";
  climb.stop = ask(state.document, (kind, told) => {
    if (kind === "progress") climb.progress = told;
    else if (kind === "picture") { climb.told = told; announce(`A ladder of ${told.worlds} worlds`); }
    else {
      climb.running = false;
      climb.why = kind === "done" ? "" : told.why;
      if (kind === "done") document.getElementById("ladder")?.setAttribute("data-done", "true");
    }
    again();
  }, { metrics });
  again();
}
