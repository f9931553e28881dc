import { columnOf, QUARTER_MONTHS, queued } from "./plan_files.js";
import { el, monthName, number, svg } from "./text.js";

/** Months from a space's start to the month in which it is taken in; null where it never is. */
export function monthsLate(plan, months, { space, start }) {
  const taken = plan.means?.taken[space];
  if (taken === undefined) return 0;
  return taken === null ? null : months.indexOf(taken) - months.indexOf(start);
}

/** A column's name: its months, or that its spaces get no hub. */
export function columnName(months, column) {
  if (column < 0) return "No hub";
  const [from, to] = [months[column * QUARTER_MONTHS], months[column * QUARTER_MONTHS + QUARTER_MONTHS - 1]].map(monthName);
  return `${from.slice(0, 3)} to ${to.slice(0, 3)} ${to.slice(-4)}`;
}

/** How late a space is, in words that a chip has no room for. */
export function lateInWords(late) {
  return late === null ? "never taken in within these five years" : late > 0 ? `taken in ${late} month${late === 1 ? "" : "s"} late` : "";
}

/** Waves as columns, spaces as chips: dragged, moved by arrow keys, or chosen to be moved from a menu. */
export function planBoard(plan, app, chosen, act) {
  const { months } = app.data.plans, last = Math.ceil(months.length / QUARTER_MONTHS) - 1;
  const about = new Map(app.data.choices.spaces.map((each) => [each.name, each]));
  const chip = (each) => {
    const { title, province } = about.get(each.space), late = monthsLate(plan, months, each), words = lateInWords(late);
    const second = each.start !== null && months.indexOf(each.start) % QUARTER_MONTHS ? ` ${monthName(each.start).slice(0, 3)}` : "";
    const button = el("button", { type: "button", class: `chip${words ? " late" : ""}`, id: `chip-${each.space}`, draggable: "true", title: `${title}, ${province}`, "aria-pressed": String(chosen === each.space),
      "aria-label": `${each.space} ${title}, ${each.start === null ? "no hub" : `due ${monthName(each.start)}`}${words ? `, ${words}` : ""}` },
      each.space, second ? el("span", { class: "start" }, second) : null, words ? el("b", {}, late === null ? " ✕" : ` +${late}`) : null);
    button.addEventListener("click", (event) => act.choose(each.space, event.detail === 0));
    button.addEventListener("keydown", (event) => {
      const column = columnOf(months, each.start), to = { ArrowLeft: column < 0 ? last : Math.max(column - 1, 0), ArrowRight: column < 0 || column === last ? -1 : column + 1 }[event.key];
      const turn = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (to === undefined && turn === undefined) return;
      event.preventDefault();
      if (turn) act.turn(each.space, turn);
      else if (to !== column) act.move(each.space, to);
    });
    button.addEventListener("dragstart", (event) => { event.dataTransfer.setData("text/plain", each.space); event.dataTransfer.effectAllowed = "move"; });
    return button;
  };
  const wave = (column) => {
    const spaces = queued(plan, months, column), name = columnName(months, column);
    const list = el("div", { class: "chips" }, spaces.map(chip));
    const element = el("section", { class: "wave", "aria-label": `${name}: ${spaces.length} spaces` }, el("h3", {}, name), el("p", { class: "quiet" }, spaces.length ? String(spaces.length) : "–"), list);
    element.addEventListener("dragover", (event) => { event.preventDefault(); element.classList.add("over"); });
    element.addEventListener("dragleave", () => element.classList.remove("over"));
    element.addEventListener("drop", (event) => {
      event.preventDefault();
      element.classList.remove("over");
      const space = event.dataTransfer.getData("text/plain");
      if (about.has(space)) act.move(space, column);
    });
    return element;
  };
  return el("div", { class: "board", role: "group", "aria-label": "Waves by quarter; arrow keys move a space" }, Array.from({ length: last + 1 }, (_, n) => wave(n)), wave(-1));
}

/** Hub posts at the end of each quarter: of the hubs running, of those that wait, and the limit that money and specialists set. */
export function planBars(plan, months, saved, most, width, look, words) {
  const { means } = plan, ends = means.running.map((_, month) => month).filter((month) => month % QUARTER_MONTHS === QUARTER_MONTHS - 1);
  const top = 26, foot = 28, left = 50, height = 230, step = (width - left - 8) / ends.length, up = (posts) => top + (height - top - foot) * (1 - posts / most);
  const hatch = `waits-${Math.random().toString(36).slice(2)}`;
  const label = (x, y, text, anchor = "middle") => svg("text", { x, y, "text-anchor": anchor, "font-size": 16, stroke: "#fff", "stroke-width": 4, "paint-order": "stroke" }, text);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": words }, svg("defs", {}, svg("pattern", { id: hatch, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("rect", { width: 7, height: 7, fill: "#fff" }), svg("line", { x1: 0, y1: 0, x2: 0, y2: 7, stroke: "#444", "stroke-width": 3 }))));
  for (const posts of [0, most / 2, most]) drawing.append(svg("line", { x1: left, x2: width - 8, y1: up(posts), y2: up(posts), stroke: "#e2e2e2" }), label(left - 6, up(posts) + 5, number(Math.round(posts)), "end"));
  const labels = [];
  ends.forEach((month, n) => {
    const x = left + n * step + step * 0.12, wide = step * 0.76;
    drawing.append(svg("rect", { x, width: wide, y: up(means.posts[month]), height: up(0) - up(means.posts[month]), fill: look.colour }));
    if (means.wanted[month] > means.posts[month]) drawing.append(svg("rect", { x, width: wide, y: up(means.wanted[month]), height: up(means.posts[month]) - up(means.wanted[month]), fill: `url(#${hatch})`, stroke: "#444" }));
    const each = step >= 24 ? 1 : step >= 12 ? 3 : 5;
    const limit = means.limit[month] === null || means.limit[month] > most ? null : up(means.limit[month]), bar = up(means.wanted[month]);
    // above the line of the limit where it would run through the figure
    if (n % each === each - 1 && means.due[month]) labels.push(label(x + wide / 2, (limit !== null && limit < bar + 6 && limit > bar - 28 ? limit : bar) - 6, String(means.running[month])));
    if (saved) {
      const y = up(saved[month] ?? 0), middle = x + wide / 2;
      if (saved[month] !== undefined) drawing.append(svg("path", { d: `M${middle} ${y - 6}L${middle + 6} ${y}L${middle} ${y + 6}L${middle - 6} ${y}Z`, fill: "#fff", stroke: "#1a1a1a", "stroke-width": 2 }));
    }
    if (n % 4 === 0) drawing.append(svg("line", { x1: left + n * step, x2: left + n * step, y1: up(0), y2: up(0) + 6, stroke: "#555" }), label(left + n * step + 3, height - 7, financialYear(months[n * QUARTER_MONTHS], width < 480), "start"));
  });
  const line = ends.map((month, n) => (means.limit[month] === null || means.limit[month] > most ? "" : `M${left + n * step} ${up(means.limit[month])}h${step}`)).join("");
  if (line) drawing.append(svg("path", { d: line, stroke: "#1a1a1a", "stroke-width": 3, "stroke-dasharray": "9 5", fill: "none" }));
  drawing.append(...labels);
  return drawing;
}

function financialYear(label, brief) {
  const year = Number(label.slice(0, 4)) - (Number(label.slice(5)) < 4 ? 1 : 0);
  return brief ? String(year) : `${year}/${String(year + 1).slice(2)}`;
}
