import { decisionsOf, decisionWords, doseBefore, standing, withDecisions } from "./decisions.js";
import { announce, el, monthName, number, show } from "./text.js";

function regimeOf(choices, arm) {
  return choices.regimes.find((each) => each.name === arm.regime);
}

/** Levers that an arm has at some time or other. */
function leversOf(choices, arm) {
  const never = decisionsOf(arm).filter((each) => !each.from && !each.dose && !each.scope.length).map((each) => each.lever);
  const had = (regimeOf(choices, arm)?.levers ?? []).filter((name) => !never.includes(name));
  return [...new Set([...had, ...decisionsOf(arm).filter((each) => each.dose > 0).map((each) => each.lever)])];
}

/** The numbers of an arm's levers, each with unit, range and source; moving one changes the scenario. */
export function leverControls(choices, arm, changed) {
  const cards = leversOf(choices, arm).map((name) => choices.levers.find((lever) => lever.name === name)).filter(Boolean).map((lever) => {
    const params = lever.params.map((param) => control(choices, choices.params.find((each) => each.name === param), arm, changed));
    return el("details", {}, el("summary", {}, lever.name),
      el("p", {}, lever.summary), el("p", { class: "small" }, el("b", {}, "Costs: "), lever.costs), el("p", { class: "small" }, el("b", {}, "Left out: "), lever.limits),
      el("p", { class: "small quiet" }, "Source: ", cited(choices, lever.seed)),
      el("p", {}, el("button", { type: "button", onclick: () => decideOn(lever.name) }, "Change it from a month on")), params);
  });
  return cards.length ? cards : [el("p", { class: "quiet" }, "This arm has no lever: it is government as it works in silos.")];
}

/** What a source's keys stand for. */
function cited(choices, keys) {
  return keys.split(";").map((key) => choices.sources[key] ?? key).join("; ");
}

function control(choices, param, arm, changed) {
  const id = `n-${param.name}`, value = arm.set?.[param.name] ?? param.default;
  const said = el("output", { for: id }, `${number(value)} ${param.unit}`);
  const step = Number.isInteger(param.low) && Number.isInteger(param.high) && param.high - param.low >= 4 && Number.isInteger(param.default) ? 1 : (param.high - param.low) / 20;
  const input = el("input", { type: "range", id, min: param.low, max: param.high, step, value });
  input.addEventListener("input", () => { said.textContent = `${number(Number(input.value))} ${param.unit}`; });
  input.addEventListener("change", () => {
    const set = { ...(arm.set ?? {}), [param.name]: Number(input.value) };
    if (Number(input.value) === param.default) delete set[param.name];
    changed({ ...arm, set });
  });
  return el("div", {}, el("label", { for: id }, param.meaning), input, said,
    el("p", { class: "small quiet" }, `From ${number(param.low)} to ${number(param.high)}; ${param.grade}. Source: ${cited(choices, param.source)}`));
}

function decideOn(name) {
  const lever = document.getElementById("decide-lever");
  lever.closest("details").open = true;
  lever.value = name;
  lever.dispatchEvent(new Event("change"));
  lever.focus();
}

/**
 * Decisions from a month on: any lever of the arm ends or has another dose, any that it lacks is taken up. Each is stored with its
 * month, and all is lived again from the same seed, so the months before stay what they were.
 *
 * Gives back the controls, and what tells them at which month the slider stands.
 */
export function decisionControls(choices, arm, months, at, changed) {
  const stands = standing(regimeOf(choices, arm)), has = leversOf(choices, arm), decisions = decisionsOf(arm);
  const options = (names) => names.map((name) => el("option", { value: name }, name));
  const lacks = choices.levers.map((each) => each.name).filter((name) => !has.includes(name));
  const lever = el("select", { id: "decide-lever" },
    has.length ? el("optgroup", { label: "It has" }, options(has)) : null, el("optgroup", { label: "It lacks" }, options(lacks)));
  const from = el("select", { id: "decide-from" }, months.map((label, i) => el("option", { value: i ? `${label}-01` : "" }, i ? monthName(label) : `${monthName(label)}, from the start`)));
  const what = el("select", { id: "decide-what" });
  const dose = el("input", { type: "number", id: "decide-dose", min: 1, max: 99, step: 1, value: 50 });
  const share = el("label", { hidden: true }, "Dose, per cent", dose);
  const decide = el("button", { type: "button", id: "decide" }, "Decide");
  let touched = false;

  const stand = (month) => { if (!touched) from.selectedIndex = month >= 0 ? Math.min(month, months.length - 1) : Math.floor(months.length / 2); };
  const offer = () => {
    const before = doseBefore(arm, stands, lever.value, from.value), chosen = what.value;
    show(what, before !== 0 ? el("option", { value: "0" }, from.value ? "ends" : "is left out") : null,
      before !== 1 ? el("option", { value: "1" }, before === 0 ? "is in force" : "is in force in full") : null, el("option", { value: "dose" }, "is in force in part"));
    if ([...what.options].some((each) => each.value === chosen)) what.value = chosen;
    share.hidden = what.value !== "dose";
  };
  stand(at);
  offer();
  lever.addEventListener("change", offer);
  from.addEventListener("change", () => { touched = true; offer(); });
  what.addEventListener("change", () => { share.hidden = what.value !== "dose"; });
  decide.addEventListener("click", () => {
    if (what.value === "dose" && !dose.reportValidity()) return;
    const one = { lever: lever.value, from: from.value, dose: what.value === "dose" ? Number(dose.value) / 100 : Number(what.value), scope: [] };
    const others = decisions.filter((each) => each.lever !== one.lever || each.from !== one.from || each.scope.length);
    changed(withDecisions(arm, stands, [...others, one]));
    announce(`Decided: ${since(one)}, ${decisionWords(one)}`);
  });

  const list = decisions.map((each, i) => el("li", {}, el("span", {}, `${since(each)}: ${decisionWords(each)}`),
    el("button", { type: "button", id: `undo-${i}`, "aria-label": `Remove: ${since(each)}, ${decisionWords(each)}`, onclick: () => {
      changed(withDecisions(arm, stands, decisions.filter((other) => other !== each)));
      announce(`Removed: ${since(each)}, ${decisionWords(each)}`);
    } }, "Remove")));
  const { name, regime: own, rollout } = arm;
  const bare = { name, regime: own, ...(rollout && { rollout }) };
  const undo = el("button", { type: "button", id: "undo-all", onclick: () => { changed(bare); announce("As the regime has it"); } }, "Undo all: as the regime has it");
  const element = el("details", { open: list.length > 0 }, el("summary", {}, "Decisions from a month on"),
    el("p", { class: "small" }, "The months before a decision stay exactly what they were. What a lever has built stays when it ends."),
    list.length ? el("ul", { class: "decided" }, list) : null,
    el("div", { class: "deciding" }, el("label", {}, "Lever", lever), el("label", {}, "From", from), el("label", {}, "What is decided: it", what), share, el("p", {}, decide)),
    Object.keys(bare).length < Object.keys(arm).length ? el("p", {}, undo) : null);
  return { element, stand: (month) => { stand(month); offer(); } };
}

/** From when a decision holds, in words. */
export function since({ from }) {
  return from ? monthName(from.slice(0, 7)) : "From the start";
}

/** Money and specialists for hubs, where the arm's own are not the roll-out's. */
export function meansControls(arm, changed) {
  const field = (key, label) => {
    const said = arm[key], id = `means-${key}`;
    const put = (value) => { const { [key]: _, ...rest } = arm; changed(value === null ? rest : { ...rest, [key]: value }); };
    if (said !== null && typeof said === "object") {
      const words = Object.entries(said).map(([name, value]) => `${name}: ${number(value)}`).join("; ");
      return el("div", {}, el("p", {}, `${label}: ${words}`), el("button", { type: "button", id, onclick: () => put(null) }, `Remove: ${label}`));
    }
    return el("label", {}, label, el("input", { type: "number", id, min: 0, step: "any", value: said ?? "", onchange: (event) => {
      if (event.target.reportValidity()) put(event.target.value === "" ? null : Number(event.target.value));
    } }));
  };
  return el("details", { open: arm.money !== undefined || arm.specialists !== undefined }, el("summary", {}, "Money and specialists for hubs"),
    el("p", { class: "small" }, "Of the whole country; empty: the roll-out's own, or no limit."),
    field("money", "Million rand a financial year"), field("specialists", "People fit for hub posts"));
}
