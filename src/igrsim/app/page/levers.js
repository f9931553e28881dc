import { el, number } from "./text.js";

/** The numbers of an arm's levers, each with unit, range and source; moving one changes the scenario. */
export function leverControls(choices, arm, changed) {
  const regime = choices.regimes.find((each) => each.name === arm.regime);
  const names = [...new Set([...(regime?.levers ?? []), ...(arm.add ?? []).map((each) => each.lever)])].filter((name) => !(arm.drop ?? []).includes(name));
  const cards = names.map((name) => choices.levers.find((lever) => lever.name === name)).filter(Boolean).map((lever) => {
    const params = lever.params.map((param) => control(choices, choices.params.find((each) => each.name === param), arm, changed));
    return el("details", {}, el("summary", {}, lever.name),
      el("p", {}, lever.summary), el("p", { class: "small" }, el("b", {}, "Costs: "), lever.costs), el("p", { class: "small" }, el("b", {}, "Left out: "), lever.limits),
      el("p", { class: "small quiet" }, "Source: ", cited(choices, lever.seed)), params);
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

/** A lever that the arm takes up midway: stored with its month, and replayed from the same seed. */
export function addLever(choices, arm, months, changed) {
  const regime = choices.regimes.find((each) => each.name === arm.regime);
  const has = new Set([...(regime?.levers ?? []), ...(arm.add ?? []).map((each) => each.lever)]);
  const lever = el("select", {}, choices.levers.filter((each) => !has.has(each.name)).map((each) => el("option", { value: each.name }, each.name)));
  const from = el("select", {}, months.map((label) => el("option", { value: `${label}-01` }, label)));
  const add = el("button", { type: "button", onclick: () => changed({ ...arm, add: [...(arm.add ?? []), { lever: lever.value, from: from.value }] }) }, "Add");
  const added = (arm.add ?? []).map((each) => el("p", {}, `${each.lever}${each.from ? ` from ${each.from.slice(0, 7)}` : ""} `,
    el("button", { type: "button", "aria-label": `Remove ${each.lever}`, onclick: () => changed({ ...arm, add: arm.add.filter((other) => other !== each) }) }, "Remove")));
  return el("details", { open: added.length > 0 }, el("summary", {}, "Decide on one lever more"), added,
    el("label", {}, "Lever", lever), el("label", {}, "From", from), el("p", {}, add));
}
