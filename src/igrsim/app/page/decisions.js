/**
 * Decisions on levers, each of a month: from it on a lever is in force at a dose, or, at dose 0, no longer. A document says them by
 * `add` and `drop`, as a study file does: what is dropped and added from one month changes its dose. Those about some spaces only
 * are kept as they are.
 */

const everywhere = (each) => !(each.scope ?? []).length;
const byName = (each) => (typeof each === "string" ? { lever: each } : each);

/** An arm's decisions, by month and lever; `from` is empty where it is the first month. */
export function decisionsOf(arm) {
  const found = (arm.add ?? []).map((each) => ({ lever: each.lever, from: each.from ?? "", dose: each.dose ?? 1, scope: each.scope ?? [] }));
  for (const each of (arm.drop ?? []).map(byName)) {
    const same = found.find((other) => other.lever === each.lever && other.from === (each.from ?? "") && String(other.scope) === String(each.scope ?? []));
    if (!same) found.push({ lever: each.lever, from: each.from ?? "", dose: 0, scope: each.scope ?? [] });
  }
  return found.sort((a, b) => a.from.localeCompare(b.from) || a.lever.localeCompare(b.lever));
}

/** How far a regime itself has its levers in force, by name: 1, or null where its own terms say it. */
export function standing(regime) {
  return new Map((regime?.levers ?? []).map((name) => [name, regime.in_part.some((words) => words.split(" ")[0] === name) ? null : 1]));
}

/** The arm with these decisions in place of its own; one that changes nothing of what stands before it is left out. */
export function withDecisions(arm, stands, decisions) {
  const add = (arm.add ?? []).filter((each) => !everywhere(each) && stays(decisions, each));
  const drop = (arm.drop ?? []).map(byName).filter((each) => !everywhere(each) && stays(decisions, each));
  for (const lever of [...new Set(decisions.map((each) => each.lever))].sort()) {
    let dose = stands.has(lever) ? stands.get(lever) : 0;
    for (const each of decisions.filter((one) => one.lever === lever && everywhere(one)).sort((a, b) => a.from.localeCompare(b.from))) {
      if (each.dose === dose) continue;
      const from = each.from ? { from: each.from } : {};
      if (dose !== 0) drop.push({ lever, ...from });
      if (each.dose > 0) add.push({ lever, ...from, ...(each.dose < 1 && { dose: each.dose }) });
      dose = each.dose;
    }
  }
  const { add: _, drop: __, ...rest } = arm;
  return { ...rest, ...(add.length && { add }), ...(drop.length && { drop: drop.map((each) => (Object.keys(each).length === 1 ? each.lever : each)) }) };
}

function stays(decisions, each) {
  return decisions.some((other) => other.lever === each.lever && other.from === (each.from ?? "") && String(other.scope) === String(each.scope));
}

/** How far a lever is in force before a month, as far as decisions for all spaces say; null: as the regime's terms have it. */
export function doseBefore(arm, stands, lever, from) {
  let dose = stands.has(lever) ? stands.get(lever) : 0;
  for (const each of decisionsOf(arm)) if (each.lever === lever && everywhere(each) && each.from < from) dose = each.dose;
  return dose;
}

/** A decision in words, without its month. */
export function decisionWords({ lever, dose, scope }) {
  const what = dose === 0 ? "ends" : dose === 1 ? "in force" : `at ${Math.round(dose * 100)}\u202f%`;
  return `${lever} ${what}${scope.length ? ` in ${scope.join(", ")}` : ""}`;
}
