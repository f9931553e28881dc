import { LOOKS } from "./colours.js";
import { monthName } from "./text.js";

const CONFIG = {
  font: "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif",
  background: "white", view: { stroke: null },
  axis: { labelFontSize: 16, titleFontSize: 16, titleFontWeight: 600, labelColor: "#1a1a1a", titleColor: "#1a1a1a", gridColor: "#e2e2e2", tickColor: "#555" },
  text: { fontSize: 16 },
};

/** Draw a specification without compiling any code, so that no policy has to allow it. */
export async function draw(element, spec, words) {
  const made = await vegaEmbed(element, { ...spec, config: CONFIG, autosize: { type: "fit", contains: "padding" } },
    { mode: "vega-lite", ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: false, loader: { http: {} } });
  const drawing = element.querySelector("svg");
  drawing?.setAttribute("aria-label", words);
  drawing?.setAttribute("role", "img");
  // a drawing is one picture with one label: its marks say nothing of their own
  for (const part of drawing?.children ?? []) part.setAttribute("aria-hidden", "true");
  return made.view;
}

/** A fan an arm: the middle half and nine tenths of the runs month by month, and the middle run; decisions are numbered marks. */
export function fan(payload, metric, arms, width, marks = []) {
  const labels = payload.months.map(monthName);
  const fans = payload.over_time[metric.name] ?? {};
  // a metric that is not defined in a month leaves it out: money is committed in some months only
  const rows = arms.flatMap((arm, place) => (fans[arm] ?? []).map(([a, b, c, d, e], month) => (
    { month, arm, a, b, c, d, e, side: place ? "second" : "first" })).filter((row) => row.c !== null));
  const of = (side) => ({ filter: `datum.side === '${side}'` });
  const band = (side, low, high, opacity) => ({
    transform: [of(side)], mark: { type: "area", opacity, color: LOOKS[side].colour },
    encoding: { y: { field: low, type: "quantitative" }, y2: { field: high } } });
  const line = (side) => ({
    transform: [of(side)], mark: { type: "line", strokeWidth: 3, color: LOOKS[side].colour, strokeDash: LOOKS[side].dash, point: rows.length < 2 * labels.length && { size: 50, color: LOOKS[side].colour } },
    encoding: { y: { field: "c", type: "quantitative" } } });
  const years = payload.months.map((label, i) => (label.endsWith("-04") ? i : -1)).filter((i) => i >= 0);
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json", width, height: 250, data: { values: rows },
    params: [{ name: "now", value: -1 }],
    encoding: {
      x: { field: "month", type: "quantitative", title: null, scale: { domain: [0, Math.max(labels.length - 1, 1)], nice: false },
        axis: { values: years.length ? years : [0], labelExpr: `${JSON.stringify(payload.months)}[datum.value]`, grid: false } },
      y: { type: "quantitative", title: metric.unit, scale: { zero: false }, axis: { tickCount: 5 } },
    },
    layer: [
      ...["first", "second"].flatMap((side) => [band(side, "a", "e", 0.14), band(side, "b", "d", 0.25)]),
      ...["first", "second"].map(line),
      { data: { values: marks }, mark: { type: "rule", strokeWidth: 2, color: "#1a1a1a", strokeDash: [1, 4] },
        encoding: { x: { field: "month", type: "quantitative" }, y: { value: 20 }, y2: { value: "height" } } },
      { data: { values: marks }, mark: { type: "text", fontSize: 16, fontWeight: 700, baseline: "bottom", color: "#1a1a1a" },
        encoding: { x: { field: "month", type: "quantitative" }, y: { value: 18 }, text: { field: "number" } } },
      { data: { values: [{}] }, transform: [{ calculate: "now", as: "at" }, { filter: "datum.at >= 0" }],
        mark: { type: "rule", strokeWidth: 2, strokeDash: [3, 3], color: "#1a1a1a" }, encoding: { x: { field: "at", type: "quantitative" }, y: { value: 0 }, y2: { value: "height" } } },
    ],
  };
}

/** Twenty dots, each a 1 in 20 chance of where the difference of one more plausible world would lie. */
export function dotPlot(effect, metric, width) {
  const dots = effect.dots, times = metric.unit === "%" ? 100 : 1;
  const edge = (effect.margin ?? 0) * times;
  const low = Math.min(0, -edge, ...dots), high = Math.max(0, edge, ...dots);
  const reach = (high - low) || 1, room = reach * 0.06, bins = 16, size = reach / bins;
  const stacked = {};
  const rows = dots.map((value) => {
    const bin = Math.round(value / size), at = bin * size;
    stacked[bin] = (stacked[bin] ?? 0) + 1;
    return { at, row: stacked[bin], kind: value < -edge ? "lower" : value > edge ? "higher" : "within" };
  });
  const good = (kind) => metric.better === kind, known = metric.better === "lower" || metric.better === "higher";
  const fill = (kind) => (kind === "within" ? "#ffffff" : !known ? "#555555" : good(kind) ? "#0072b2" : "#b34a00");
  const shape = (kind) => (kind === "within" || !known ? "circle" : good(kind) ? "triangle-up" : "triangle-down");
  const kinds = ["lower", "within", "higher"], tallest = Math.max(6, ...Object.values(stacked));
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json", width, height: 250,
    layer: [
      { data: { values: [{ x: -edge, x2: edge }] }, mark: { type: "rect", color: "#e6e6e6" },
        encoding: { x: { field: "x", type: "quantitative" }, x2: { field: "x2" } } },
      { data: { values: [{ x: 0 }] }, mark: { type: "rule", strokeWidth: 2, color: "#1a1a1a" }, encoding: { x: { field: "x", type: "quantitative" } } },
      { data: { values: rows }, mark: { type: "point", filled: true, size: 190, stroke: "#1a1a1a", strokeWidth: 1.5, opacity: 1 },
        encoding: {
          x: { field: "at", type: "quantitative", title: `difference, ${metric.difference_unit}`, scale: { domain: [low - room, high + room], nice: false }, axis: { tickCount: 5, grid: false } },
          y: { field: "row", type: "quantitative", axis: null, scale: { domain: [0.3, tallest + 0.7] } },
          fill: { field: "kind", type: "nominal", legend: null, scale: { domain: kinds, range: kinds.map(fill) } },
          shape: { field: "kind", type: "nominal", legend: null, scale: { domain: kinds, range: kinds.map(shape) } } } },
    ],
  };
}
