import { colour, ink, STOPS_OF_SCALE } from "./colours.js";
import { number, svg } from "./text.js";

const UP = 1 / Math.cos((29 * Math.PI) / 180), SCALE = 36;

/** A map of one arm: territories, or squares of equal size; `paint` gives it other values without drawing it anew. */
export class ArmMap {
  constructor(payload, territories, kind, words) {
    this.codes = payload.spaces.map((space) => space.code);
    this.shapes = new Map();
    this.texts = new Map();
    this.hatch = `none-${Math.random().toString(36).slice(2)}`;
    this.words = words;
    this.element = svg("svg", { role: "img" }, svg("defs", {}, svg("pattern", { id: this.hatch, width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("rect", { width: 8, height: 8, fill: "#fff" }), svg("line", { x1: 0, y1: 0, x2: 0, y2: 8, stroke: "#777", "stroke-width": 3 }))));
    if (kind === "map" && this.codes.every((code) => territories[code])) this.drawTerritories(territories);
    else if (payload.spaces.every((space) => space.tile)) this.drawSquares(payload.spaces);
    else this.drawRow(payload.spaces);
  }

  drawTerritories(territories) {
    const corners = Object.values(territories).flat(2);
    const west = Math.min(...corners.map((c) => c[0])), east = Math.max(...corners.map((c) => c[0]));
    const north = Math.max(...corners.map((c) => c[1])), south = Math.min(...corners.map((c) => c[1]));
    const at = ([x, y]) => [(x - west) * SCALE + 4, (north - y) * UP * SCALE + 4];
    this.element.setAttribute("viewBox", `0 0 ${(east - west) * SCALE + 8} ${(north - south) * UP * SCALE + 8}`);
    const few = this.codes.length <= 12;
    for (const [code, rings] of Object.entries(territories)) {
      const line = rings.map((ring) => `M${ring.map((corner) => at(corner).map((n) => n.toFixed(1)).join(" ")).join("L")}Z`).join("");
      const inside = this.codes.includes(code);
      const path = svg("path", { d: line, "fill-rule": "evenodd", fill: "#eee", stroke: inside ? "#1a1a1a" : "#fff", "stroke-width": inside && few ? 1.5 : 0.6 });
      this.element.append(path);
      if (!inside) continue;
      this.shapes.set(code, path);
      if (few) {
        const ring = rings.reduce((a, b) => (a.length > b.length ? a : b));
        const [x, y] = at([0, 1].map((i) => ring.reduce((sum, c) => sum + c[i], 0) / ring.length));
        this.texts.set(code, svg("text", { x, y, "text-anchor": "middle", stroke: "#fff", "stroke-width": 6, "paint-order": "stroke" }));
      }
    }
    this.element.append(...this.texts.values());
    this.outside = true;
  }

  drawSquares(spaces) {
    this.element.setAttribute("class", "squares");
    const rows = spaces.map((s) => s.tile[0]), columns = spaces.map((s) => s.tile[1]), size = 72;
    const top = Math.min(...rows), left = Math.min(...columns);
    this.element.setAttribute("viewBox", `0 0 ${(Math.max(...columns) - left + 1) * size} ${(Math.max(...rows) - top + 1) * size}`);
    for (const space of spaces) this.square(space, (space.tile[1] - left) * size, (space.tile[0] - top) * size, size);
  }

  drawRow(spaces) {
    this.element.setAttribute("class", "row");
    const size = 110;
    this.element.setAttribute("viewBox", `0 0 ${spaces.length * size} ${size}`);
    spaces.forEach((space, i) => this.square(space, i * size, 0, size));
  }

  square(space, x, y, size) {
    const box = svg("rect", { x: x + 2, y: y + 2, width: size - 4, height: size - 4, stroke: "#777" });
    const name = svg("text", { x: x + size / 2, y: y + size * 0.4, "text-anchor": "middle", ...(space.code.length > 3 && size < 100 ? { textLength: size - 12, lengthAdjust: "spacingAndGlyphs" } : {}) }, space.code);
    const value = svg("text", { x: x + size / 2, y: y + size * 0.75, "text-anchor": "middle" });
    this.element.append(box, name, value);
    this.shapes.set(space.code, box);
    this.texts.set(space.code, value);
    this.names = (this.names ?? new Map()).set(space.code, name);
  }

  /** Colour and write the values of a month, on the scale that holds for all months and both arms. */
  paint(values, scale, when) {
    this.codes.forEach((code, i) => {
      const value = values?.[i] ?? null, known = value !== null && scale !== null;
      this.shapes.get(code).setAttribute("fill", known ? colour(value, scale) : `url(#${this.hatch})`);
      const text = this.texts.get(code);
      if (!text) return;
      text.textContent = (this.outside ? `${code} ` : "") + (value === null ? "–" : brief(value));
      for (const each of [text, this.names?.get(code)]) if (each) each.setAttribute("fill", known && !this.outside ? ink(value, scale) : "#1a1a1a");
    });
    this.element.setAttribute("aria-label", `${this.words}, ${when}; its values stand in the table below`);
  }
}

/** A number that fits a square; the table has all its digits. */
function brief(value) {
  const text = number(value);
  return text.length > 5 ? number(Number(value.toPrecision(2))).replace(/\.?0+$/, "") : text;
}

/** The scale of both maps: colours from low to high. */
export function legend() {
  return svg("svg", { viewBox: "0 0 110 10", preserveAspectRatio: "none", "aria-hidden": "true" },
    STOPS_OF_SCALE.map((fill, i) => svg("rect", { x: i * 10, y: 0, width: 10.5, height: 10, fill })));
}
