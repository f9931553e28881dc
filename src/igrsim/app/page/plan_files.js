/** A plan: its starts in the order of the queue, each a space and its month ("2019-10"), or null where it gets no hub. */
export function planOf(named) {
  return { name: named.name, from: named.name, title: named.title, starts: named.starts.map(([space, start]) => ({ space, start })), stages: named.stages, means: named.means, why: "" };
}

export const QUARTER_MONTHS = 3;

/** The column of a month, or -1 where there is none. */
export function columnOf(months, start) {
  return start === null ? -1 : Math.floor(months.indexOf(start) / QUARTER_MONTHS);
}

/** Spaces of a column, as they stand in the queue. */
export function queued(plan, months, column) {
  return plan.starts.map((each, place) => ({ ...each, place })).filter((each) => columnOf(months, each.start) === column)
    .sort((a, b) => (a.start ?? "").localeCompare(b.start ?? "") || a.place - b.place);
}

/** The plan with a space in another column, last in its queue. */
export function withMoved(plan, months, space, column) {
  const start = column < 0 ? null : months[column * QUARTER_MONTHS];
  return edited(plan, [...plan.starts.filter((each) => each.space !== space), { space, start }]);
}

/** The plan with a space one place earlier or later among those of its month; null where there is no other. */
export function withTurn(plan, months, space, by) {
  const mine = plan.starts.find((each) => each.space === space);
  const line = queued(plan, months, columnOf(months, mine.start)), at = line.findIndex((each) => each.space === space), other = line[at + by];
  if (!other || other.start !== mine.start) return null;
  const starts = [...plan.starts];
  [starts[line[at].place], starts[other.place]] = [starts[other.place], starts[line[at].place]];
  return edited(plan, starts);
}

function edited(plan, starts) {
  return { ...plan, name: "", starts, means: null, why: "" };
}

/** What is asked of the rule that grants: spaces with a start, in their queue. */
export function pairsOf(plan) {
  return plan.starts.filter((each) => each.start !== null).map((each) => [each.space, each.start]);
}

/** The file of a plan that has no name of its own. */
export function fileOf(plan, side, ending) {
  return `plan-${side}.${ending}`;
}

function inOrder(plan) {
  return pairsOf(plan).map(([space, start], place) => ({ space, start, place })).sort((a, b) => a.start.localeCompare(b.start) || a.place - b.place);
}

function cell(text) {
  return /[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** The plan as a table; a space that is left out gets no hub. */
export function csvOf(plan, spaces) {
  const names = new Map(spaces.map((each) => [each.name, each]));
  return ["space,start,name,province", ...inOrder(plan).map(({ space, start }) => [space, `${start}-01`, names.get(space).title, names.get(space).province].map(cell).join(","))].join("\n") + "\n";
}

/** The plan as a schedule of waves, with its stages, money and specialists in it; null where a space has no place, which only a table may leave out. */
export function tomlOf(plan, title, given) {
  if (plan.starts.some((each) => each.start === null)) return null;
  const waves = new Map();
  for (const { space, start } of inOrder(plan)) waves.set(start, [...(waves.get(start) ?? []), space]);
  const money = given.money.includes("=") ? `{ ${given.money.split(",").map((part) => part.split("=")).map(([year, rand]) => `"${year}" = ${rand}`).join(", ")} }` : given.money;
  const [pool, trained] = given.specialists.split(",");
  return [`title = ${JSON.stringify(title)}`, 'source = "assumption"', ...(money ? [`money = ${money}`] : []),
    ...(pool ? [`specialists = { pool = ${Number(pool)}, trained = ${Number(trained || 0)} }`] : []),
    `stages = { ${Object.entries(plan.stages).map(([stage, months]) => `"${stage}" = ${months}`).join(", ")} }`,
    ...[...waves].map(([start, codes]) => `\n[[wave]]\ndate = ${start}-01\nspaces = [${codes.map((code) => `"${code}"`).join(", ")}]`)].join("\n") + "\n";
}

/** The command that runs both plans in the same worlds and futures. */
export function planCommand(plans, given, usual) {
  const named = Object.entries(plans).map(([side, plan]) => plan.name || fileOf(plan, side, plan.starts.some((each) => each.start === null) ? "csv" : "toml"));
  const options = [["regime", given.regime === usual ? "" : given.regime], ["money", given.money], ["specialists", given.specialists]];
  return `igrsim rollout compare ${[...new Set(named)].join(" ")}${options.map(([name, value]) => (value ? ` --${name} ${value}` : "")).join("")}`;
}

const PLAN_LINK = "plan=";

/** Both plans, money and specialists as they stand after the # of a link. */
export function plansLink(plans, given) {
  const said = (plan) => (plan.name ? { name: plan.name } : { from: plan.from, starts: plan.starts.map(({ space, start }) => [space, start]) });
  return `#${PLAN_LINK}${encodeURIComponent(JSON.stringify({ version: 1, a: said(plans.a), b: said(plans.b), ...given }))}`;
}

/** Whether a link holds plans. */
export function holdsPlans(hash) {
  return hash.startsWith(`#${PLAN_LINK}`);
}

/** The plans of a link, or null where it holds none that this page knows. */
export function plansOfLink(hash, { months, plans: presets, regimes }, codes) {
  if (!holdsPlans(hash)) return null;
  try {
    const { version, a, b, regime, money, specialists } = JSON.parse(decodeURIComponent(hash.slice(PLAN_LINK.length + 1)));
    const read = (said) => {
      const preset = presets.find((each) => each.name === (said.name ?? said.from));
      if (!preset || said.name) return preset ? planOf(preset) : null;
      const starts = said.starts.map(([space, start]) => ({ space, start })), known = (each) => codes.includes(each.space) && (each.start === null || months.includes(each.start));
      const once = new Set(starts.map((each) => each.space)).size === codes.length && starts.length === codes.length;
      return once && starts.every(known) ? { ...planOf(preset), name: "", starts, means: null } : null;
    };
    const found = { a: read(a), b: read(b) };
    const fit = version === 1 && regimes.includes(regime) && found.a && found.b;
    // what stands in a link comes into a command that is copied: figures only
    const figures = (text, like) => (typeof text === "string" && like.test(text) ? text : "");
    return fit ? { plans: found, given: { regime, money: figures(money, /^[0-9.,=/]{0,400}$/), specialists: figures(specialists, /^[0-9,]{0,400}$/) } } : null;
  } catch {
    return null;
  }
}
