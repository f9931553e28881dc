import { announce, el, namesApart, number, show, stated } from "./text.js";

/** The screen on which every number behind a result is looked up: how well it is known, and how much it matters. */
export const evidenceScreen = { name: "evidence", title: "Evidence", build: buildEvidence };

const GRADES = {
  seed: ["§", "values of the policy documents"], measured: ["●●●", "measured: published figures"],
  derived: ["●●○", "derived from published figures"], assumed: ["○○○", "assumed: no published figure"],
};
const METHODS = { pawn: "PAWN", morris: "Morris", sobol: "Sobol" };
const FEW_NUMBERS = 60;

function buildEvidence(root, app) {
  const { params: listed, sources: known } = app.data.numbers;
  const studies = [...app.data.saved];
  if (app.shown && !studies.includes(app.shown.payload)) studies.unshift(app.shown.payload);
  const state = { study: studies.length ? String(Math.max(0, studies.indexOf(app.shown?.payload))) : "", words: "", grade: "", behind: "", matters: "0", sort: "", all: false };
  const choices = el("section", { class: "choices", "aria-label": "Which numbers" });
  const shown = el("section", { class: "shown", "aria-label": "The numbers" });
  show(root, el("div", { class: "compare" }, choices, shown));

  const study = () => studies[Number(state.study)];
  const evidence = () => (state.study === "" ? null : study().evidence);

  function numbers() {
    const more = evidence();
    if (!more) return listed;
    const others = new Map(more.others.map((each) => [each.name, each]));
    const names = new Set(listed.map((each) => each.name));
    return [...listed.filter((each) => !more.without.includes(each.name)).map((each) => others.get(each.name) ?? each), ...more.others.filter((each) => !names.has(each.name))];
  }

  /** What of a study its sensitivity tables speak of: each metric's differences by arm, and its level. */
  function spoken() {
    const found = new Map();
    for (const row of evidence()?.matters ?? []) {
      const key = `${row.metric} ${row.arm} ${row.of} ${row.method}`;
      if (!found.has(key)) found.set(key, { rows: new Map(), title: `${titleOf(row.metric)}: ${row.of === "level" ? `level in ${row.arm}` : `difference of ${row.arm}`} (${METHODS[row.method] ?? row.method})`, unit: row.unit });
      found.get(key).rows.set(row.parameter, row);
    }
    return [...found.values()];
  }

  const titleOf = (metric) => study()?.metrics.find((each) => each.name === metric)?.title ?? metric;
  const sourced = (param) => param.source.split(";").map((key) => known[key] ?? evidence()?.sources[key] ?? key).join("; ");
  const widthOf = (param) => (param.high - param.low) / Math.abs(param.default) || 0;

  function found() {
    const behind = evidence()?.rests_on[state.behind], words = state.words.trim().toLowerCase().split(/\s+/);
    const matters = spoken()[Number(state.matters)]?.rows ?? new Map();
    const rows = numbers().filter((param) => {
      const text = `${param.name} ${param.meaning} ${param.unit} ${sourced(param)}`.toLowerCase();
      return (!state.grade || param.grade === state.grade) && (!behind || behind.includes(param.name.split(".")[0])) && words.every((word) => text.includes(word));
    }).map((param) => ({ param, matters: matters.get(param.name) }));
    const order = Object.keys(GRADES), byName = (a, b) => (a.param.name < b.param.name ? -1 : 1);
    const by = {
      name: byName,
      known: (a, b) => order.indexOf(b.param.grade) - order.indexOf(a.param.grade) || byName(a, b),
      width: (a, b) => widthOf(b.param) - widthOf(a.param) || byName(a, b),
      matters: (a, b) => (a.matters?.rank ?? Infinity) - (b.matters?.rank ?? Infinity) || byName(a, b),
    };
    return rows.sort(by[state.sort || (matters.size ? "matters" : "name")] ?? byName);
  }

  function table() {
    const rows = found(), every = numbers(), seen = state.all ? rows : rows.slice(0, FEW_NUMBERS), tells = spoken().length > 0, shows = (head) => tells || head !== heads[1];
    const counts = Object.keys(GRADES).map((grade) => [grade, every.filter((param) => param.grade === grade).length]);
    const spoke = spoken()[Number(state.matters)], heads = ["Number", "How much it matters", "Usual (range)", "How well known", "Source"];
    const body = seen.map(({ param, matters }) => el("tr", {},
      el("th", { scope: "row" }, el("span", { class: "meaning" }, param.meaning), el("br"), el("code", {}, param.name)),
      tells ? el("td", { "data-head": heads[1] }, mattersInWords(matters)) : null,
      el("td", { "data-head": heads[2] }, `${stated(param.default)} ${param.unit} (${stated(param.low)} to ${stated(param.high)}${param.choice ? ", a choice: not varied" : ""})`),
      el("td", { "data-head": heads[3] }, el("span", { "aria-hidden": "true" }, `${GRADES[param.grade]?.[0] ?? ""} `), param.grade),
      el("td", { "data-head": heads[4] }, sourced(param))));
    show(shown,
      el("h2", {}, `${rows.length} of ${every.length} numbers`),
      el("ul", { class: "grades" }, counts.map(([grade, n]) => el("li", {}, el("span", { "aria-hidden": "true" }, `${GRADES[grade][0]} `), `${n} ${GRADES[grade][1]} (${Math.round((100 * n) / every.length)}\u202f%)`))),
      evidence() && !tells ? el("p", { class: "notice" }, "This study cannot tell how much each number matters: its futures are too few, or not made for it. A study whose futures are of method morris or sobol, or 48 and more of lhs, can (igrsim sensitivity).") : null,
      tells ? el("p", { id: "matters" }, mattersInAll(spoke)) : null,
      rows.length ? el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Numbers" }, el("table", { class: "numbers" }, el("thead", {}, el("tr", {}, heads.filter(shows).map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, body))) : el("p", {}, "No number is like that."),
      seen.length < rows.length ? el("p", {}, el("button", { type: "button", id: "all-numbers", onclick: () => { state.all = true; table(); shown.querySelector(".wide").focus(); } }, `Show all ${rows.length}`)) : null,
      el("p", {}, el("a", { id: "numbers-csv", download: "numbers.csv", href: `data:text/csv;charset=utf-8,${encodeURIComponent(numbersAsCsv(rows, sourced))}` }, "Save these numbers as CSV")));
  }

  const change = (key) => (event) => { state[key] = event.target.value; state.all = false; if (key === "study") { Object.assign(state, { behind: "", matters: "0", sort: "" }); controls(); document.getElementById("e-study").focus(); } table(); announce(shown.querySelector("h2").textContent); };
  const pick = (id, key, label, options) => el("label", {}, label, el("select", { id: `e-${id}`, onchange: change(key) }, options.map(([value, words]) => el("option", { value, selected: state[key] === value }, words))));

  function controls() {
    const behind = Object.keys(evidence()?.rests_on ?? {}), tells = spoken();
    show(choices,
      pick("study", "study", "Behind which results", [...namesApart(studies, calledShort).map((name, i) => [String(i), name]), ["", "The model as it is now"]]),
      behind.length ? pick("behind", "behind", "That this rests on", [["", "anything"], ...behind.map((name) => [name, titleOf(name)])]) : null,
      el("label", {}, "With these words", el("input", { type: "search", id: "e-words", autocomplete: "off", oninput: change("words"), value: state.words })),
      pick("grade", "grade", "How well known", [["", "all"], ...Object.entries(GRADES).map(([grade, [, words]]) => [grade, words])]),
      tells.length ? pick("matters", "matters", "Matters for", tells.map(({ title }, i) => [String(i), title])) : null,
      pick("sort", "sort", "In order of", [...(tells.length ? [["matters", "how much it matters"]] : []), ["name", "name"], ["known", "least known first"], ["width", "widest range first"]]));
  }

  controls();
  table();
}

function calledShort({ reference, arms, months }) {
  const others = arms.filter((arm) => arm.name !== reference);
  const beside = others.length > 1 ? ` and ${others.length} others` : others.length ? ` and ${others[0].name}` : " alone";
  return `${reference}${beside}, ${months.length} months`;
}

/** How many of the numbers that varied matter beyond chance, and in what this is measured. */
function mattersInAll({ title, unit, rows }) {
  const known = [...rows.values()].filter((row) => row.beyond_chance !== null), beyond = known.filter((row) => row.beyond_chance).length;
  const said = known.length ? `${beyond} of the ${known.length} numbers that varied matter${beyond === 1 ? "s" : ""} beyond chance; any other could do nothing and look the same. ` : "";
  return `${title}. ${said}How much it matters: ${unit}; 1st matters most.`;
}

function mattersInWords(row) {
  if (!row) return "not varied";
  const interval = row.low === null ? "" : ` (${number(row.low)} to ${number(row.high)})`;
  const last = row.rank % 10, teens = row.rank % 100 > 10 && row.rank % 100 < 14;
  const place = `${row.rank}${teens ? "th" : { 1: "st", 2: "nd", 3: "rd" }[last] ?? "th"}`;
  return `${place}: ${number(row.index)}${interval}${row.beyond_chance === false ? ", within chance" : ""}`;
}

function numbersAsCsv(rows, sourced) {
  // a spreadsheet must not take a cell for a formula
  const cell = (value) => { const text = String(value ?? ""); return `"${(typeof value === "string" && /^[=+\-@\t]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`; };
  const lines = rows.map(({ param, matters }) => [param.name, param.meaning, param.unit, param.default, param.low, param.high, param.grade, sourced(param), matters?.index, matters?.low, matters?.high, matters?.rank]);
  return [["name", "meaning", "unit", "usual", "low", "high", "grade", "source", "index", "index_low", "index_high", "rank"], ...lines].map((line) => line.map(cell).join(",")).join("\r\n");
}
