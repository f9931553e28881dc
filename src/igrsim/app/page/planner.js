import { LOOKS } from "./colours.js";
import { columnName, lateInWords, monthsLate, planBars, planBoard } from "./plan_board.js";
import { columnOf, csvOf, fileOf, holdsPlans, pairsOf, planCommand, planOf, plansLink, plansOfLink, QUARTER_MONTHS, tomlOf, withMoved, withTurn } from "./plan_files.js";
import { post } from "./source.js";
import { announce, el, monthName, number, show } from "./text.js";

/** The screen on which roll-outs are planned, and held against one another. */
export const plannerScreen = { name: "planner", title: "Plan the roll-out", build: buildPlanner, opens: holdsPlans };

const SIDES = ["a", "b"];
const WAIT = 250;

/** Plans, money and specialists outlive a look at another screen. */
function plannerState(app) {
  const named = (name) => planOf(app.data.plans.plans.find((each) => each.name === name));
  app.planner ??= { side: "a", chosen: null, plans: { a: named("ddm-2019-plan"), b: named("pilots-then-waves") }, given: { regime: app.data.plans.regime, money: "", specialists: "" }, asked: { a: 0, b: 0 } };
  const linked = plansOfLink(location.hash, app.data.plans, app.data.choices.spaces.map((each) => each.name));
  // without a server there are no limits, whatever a link asks
  app.planner.unread = holdsPlans(location.hash) && !linked;
  if (linked) Object.assign(app.planner, { plans: linked.plans, given: app.data.live ? linked.given : app.planner.given });
  return app.planner;
}

function buildPlanner(root, app) {
  const state = plannerState(app), { months, plans: presets } = app.data.plans;
  const tools = el("div", { class: "tools" }), board = el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Waves" }), chosen = el("div", { class: "chosen" });
  const compared = el("div", { class: "picture" });
  show(root, el("section", { class: "shown planner", "aria-label": "Plan the roll-out" }, state.unread ? el("p", { class: "notice", role: "alert" }, "The plans of this link cannot be read: shown are the usual ones.") : null, tools, el("h2", { class: "unseen" }, "Waves"), board, chosen, compared));
  const mine = () => state.plans[state.side];
  const timers = {};

  function put(plan, words) {
    state.plans[state.side] = plan;
    weigh([state.side]);
    draw(words);
  }
  function move(space, column) {
    state.chosen = space;
    const { start } = mine().starts.find((each) => each.space === space);
    // dropped where it was taken up: it keeps its month and its turn
    if (column === columnOf(months, start)) { draw(); return; }
    put(withMoved(mine(), months, space, column), `${space}: ${columnName(months, column)}`);
  }
  function turn(space, by) {
    const plan = withTurn(mine(), months, space, by);
    state.chosen = space;
    if (plan) put(plan, `${space} one place ${by < 0 ? "earlier" : "later"} in the queue`);
    else draw(`${space} has no other of its month ${by < 0 ? "before" : "after"} it`);
  }
  const act = { move, turn, choose };
  /** The menu is brought where it is seen; by keyboard it is what comes next. */
  function choose(space, byKeys) {
    state.chosen = state.chosen === space ? null : space;
    draw();
    if (!state.chosen) return;
    chosen.scrollIntoView({ block: "nearest" });
    if (byKeys) document.getElementById("move-to").focus();
  }

  /** What plans come to: of a named one as it was saved, of any other what the model's own rule says. */
  function weigh(sides) {
    const { given } = state;
    for (const side of sides) {
      const plan = state.plans[side], asked = state.asked[side] += 1;
      const preset = presets.find((each) => each.name === plan.name);
      if (preset && !given.money && !given.specialists && given.regime === app.data.plans.regime) {
        state.plans[side] = { ...plan, means: preset.means, why: "" };
      } else if (!app.data.live) {
        state.plans[side] = { ...plan, means: null, why: "This saved page does not reckon a changed plan: run the app, or the command below." };
      } else {
        clearTimeout(timers[side]);
        timers[side] = setTimeout(async () => {
          const answer = await post("api/plan", { starts: pairsOf(plan), ...given });
          if (state.asked[side] !== asked || !tools.isConnected) return;
          state.plans[side] = { ...state.plans[side], means: answer.error ? null : answer, why: answer.error ?? "" };
          drawPlans();
        }, WAIT);
      }
    }
  }

  function draw(words) {
    const focused = document.activeElement?.id;
    show(tools, plannerTools(state, app, { put, again: (sides, said) => { weigh(sides); draw(said); }, draw }));
    drawPlans();
    if (focused) document.getElementById(focused)?.focus();
    if (words) announce(words);
  }

  /** All but the fields, in which somebody may be writing. */
  function drawPlans() {
    history.replaceState(null, "", plansLink(state.plans, state.given));
    const focused = document.activeElement?.id, at = board.scrollLeft;
    const opened = [...compared.querySelectorAll("details")].map((each) => each.open);
    show(board, planBoard(mine(), app, state.chosen, act));
    board.scrollLeft = at;
    const moved = document.getElementById(`chip-${state.chosen}`)?.getBoundingClientRect(), seen = board.getBoundingClientRect();
    if (moved && (moved.left < seen.left || moved.right > seen.right)) board.scrollLeft += moved.left - seen.left - seen.width / 3;
    show(chosen, ...chosenSpace(state, app, act));
    show(compared, ...comparedPlans(state, app, Math.max(300, compared.clientWidth)));
    const tables = compared.querySelectorAll("details");
    if (tables.length === opened.length) tables.forEach((each, n) => { each.open = opened[n]; });
    if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
  }
  weigh(SIDES);
  draw();
  // pictures are drawn for the width there is: their text keeps its size
  let wide = compared.clientWidth;
  const seen = new ResizeObserver(() => { if (compared.clientWidth !== wide && compared.isConnected) { wide = compared.clientWidth; drawPlans(); } });
  seen.observe(compared);
  return () => seen.disconnect();
}

function planTitle(state, side) {
  const plan = state.plans[side];
  return `Plan ${side.toUpperCase()}: ${plan.title}${plan.name ? "" : ", changed"}`;
}

function plannerTools(state, app, { put, again, draw }) {
  const { plans: presets, regimes, rand_per_post: rand } = app.data.plans, plan = state.plans[state.side];
  const sides = el("div", { class: "metric", role: "group", "aria-label": "Plan that is edited" }, SIDES.map((side) =>
    el("button", { type: "button", id: `side-${side}`, "aria-pressed": String(state.side === side), onclick: () => { state.side = side; state.chosen = null; draw(planTitle(state, side)); } }, planTitle(state, side))));
  const preset = el("select", { id: "preset", onchange: (event) => { if (event.target.value) put(planOf(presets.find((each) => each.name === event.target.value)), `Plan ${state.side.toUpperCase()}: ${event.target.value}`); } },
    plan.name ? null : el("option", { value: "", selected: true }, `${plan.title}, changed`), presets.map((each) => el("option", { value: each.name, selected: each.name === plan.name }, `${each.title}${savedRollouts(state, app).some((payload) => runOf(payload, each.name, state.given)) ? " (with saved runs)" : ""}`)));
  const parts = [sides, el("label", {}, "Begin from", preset)];
  if (app.data.live) {
    const give = (key, value) => { state.given = { ...state.given, [key]: value.replace(/\s+/g, "") }; again(SIDES, "Both plans are weighed anew"); };
    const field = (key, label, hint) => el("label", {}, label, el("input", { id: `given-${key}`, value: state.given[key], placeholder: hint, autocomplete: "off", maxlength: "400", onchange: (event) => give(key, event.target.value) }));
    parts.push(el("label", {}, "What is rolled out", el("select", { id: "given-regime", onchange: (event) => give("regime", event.target.value) },
      regimes.map((name) => el("option", { value: name, selected: name === state.given.regime }, app.data.choices.regimes.find((each) => each.name === name).title)))),
      field("money", "Rand million a financial year", "no limit; 300, or 2019/20=60,2020/21=200"), field("specialists", "Specialists, trained a year", "no limit; 400, or 400,50"));
  }
  return [el("div", { class: "fields" }, parts),
    el("p", { class: "small quiet" }, `Money and specialists hold for both plans and pay for hub posts, at R${number(rand.default)} a post and month (${rand.grade}; futures vary it from ${number(rand.low)} to ${number(rand.high)}). `,
      app.data.live ? "Nobody overtakes: a hub starts once all its posts can be paid and filled." : "This saved page shows named plans without a limit of money or specialists; with limits, and for changed plans, the app or the command is needed.")];
}

/** The chosen space: what is planned, and the menu that moves it. */
function chosenSpace(state, app, act) {
  const plan = state.plans[state.side], { months } = app.data.plans, each = plan.starts.find((one) => one.space === state.chosen);
  if (!each) return [el("p", { class: "quiet" }, "Drag a space to another quarter, or press it for a menu. On the keyboard: arrow left and right change the quarter, up and down its turn among those of its month. +3: taken in three months late; ✕: never.")];
  const about = app.data.choices.spaces.find((one) => one.name === each.space), words = lateInWords(monthsLate(plan, months, each));
  const columns = [...Array.from({ length: months.length / QUARTER_MONTHS }, (_, n) => n), -1];
  const to = el("select", { id: "move-to", onchange: (event) => act.move(each.space, Number(event.target.value)) },
    columns.map((column) => el("option", { value: column, selected: column === columnOf(months, each.start) }, columnName(months, column))));
  return [el("div", { class: "metric" }, el("strong", {}, `${each.space} ${about.title}`), el("span", {}, `${about.province}; ${each.start === null ? "no hub" : `due ${monthName(each.start)}`}${words ? `; ${words}` : ""}`),
    el("label", { for: "move-to" }, "Move to"), to,
    el("button", { type: "button", id: "turn-earlier", onclick: () => act.turn(each.space, -1) }, "Earlier in the queue"), el("button", { type: "button", id: "turn-later", onclick: () => act.turn(each.space, 1) }, "Later"))];
}

/** Saved studies of roll-outs over the country from the planner's first month; none where money or specialists are given. */
function savedRollouts({ given }, app) {
  if (given.money || given.specialists) return [];
  return app.data.saved.filter((payload) => payload.scope === "country" && payload.rollout && payload.months[0] === app.data.plans.months[0]);
}

/** What a study ran of a named plan: of the regime as it is, and without limits. */
function runOf(payload, name, { regime }) {
  const arm = payload.arms.find((each) => { const out = payload.rollout.arms[each.name]; return each.rollout === name && out?.regime === regime && payload.usual.includes(each.name) && !out.limited; });
  return arm ? { payload, arm: arm.name, out: payload.rollout.arms[arm.name] } : null;
}

/** The saved runs of both plans: of one study where there is one. */
function savedRuns(state, app) {
  const found = savedRollouts(state, app).map((payload) => SIDES.map((side) => (state.plans[side].name ? runOf(payload, state.plans[side].name, state.given) : null)));
  return found.find((runs) => runs.every(Boolean)) ?? SIDES.map((_, side) => found.find((runs) => runs[side])?.[side] ?? null);
}

function comparedPlans(state, app, width) {
  const { months } = app.data.plans, two = width > 900, each = two ? (width - 32) / 2 : width;
  const runs = savedRuns(state, app);
  const most = Math.max(1, ...SIDES.flatMap((side) => [...(state.plans[side].means?.wanted ?? [0])]), ...runs.flatMap((run) => run?.out.quarters.posts_filled ?? []));
  const round = Math.ceil(most / 100) * 100;
  const figures = SIDES.map((side, n) => {
    const plan = state.plans[side], look = LOOKS[n ? "second" : "first"], { means } = plan;
    if (!means) return el("figure", { class: n ? "second" : "first" }, el("h3", {}, planTitle(state, side)), el("p", { role: plan.why ? "alert" : null }, plan.why || "Weighing …"));
    const words = inWords(plan, months);
    return el("figure", { class: n ? "second" : "first" }, el("h3", {}, planTitle(state, side)), el("p", { id: `sum-${side}` }, words), means.never ? el("p", { class: "notice" }, `${means.never}. The command refuses such a plan: give more, or leave spaces without a hub.`) : null,
      planBars(plan, months, atEnds(runs[n], months), round, each - 20, look, `${planTitle(state, side)}: hubs running by quarter; its values stand in the table below`));
  });
  const caption = el("p", { class: "quiet" }, "Height: hub posts at the end of each quarter; figure above: spaces with a hub. Filled: taken in. Hatched: due, and waiting for money or specialists. Dashed line: posts that these suffice for; where it is missing, for more than the picture shows, or there is no limit. ◇ posts filled in the saved runs, on average.");
  return [el("h2", {}, "Plan A against plan B"), el("div", { class: "charts" }, figures), caption, quarterTable(state, months), spaceTable(state, app), ...savedTables(state, app, runs), ...plannerFiles(state, app)];
}

/** Posts filled in saved runs at the end of each month of the planner; of quarters that were not run there are none. */
function atEnds(run, months) {
  const filled = new Map(run?.out.quarters.posts_filled.map((posts, n) => [run.payload.rollout.ends[n], posts]));
  return run ? months.map((month) => filled.get(month)) : null;
}

function inWords(plan, months) {
  const { means } = plan, planned = pairsOf(plan), lates = planned.map(([space, start]) => monthsLate(plan, months, { space, start }));
  const never = lates.filter((late) => late === null).length, late = lates.filter((one) => one > 0);
  const money = number(means.rand_million[means.rand_million.length - 1] * 12);
  const slips = late.length ? `${late.length} taken in late, by ${Math.max(...late)} months at most; ` : "";
  return `${planned.length} spaces due, ${planned.length - never} taken in within five years; ${slips}${never ? `${never} never; ` : ""}R${money} million a year at the end.`;
}

function plannerTable(caption, heads, rows) {
  return el("details", {}, el("summary", {}, caption), el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption }, el("table", { class: "stacked" }, el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, rows.map(([first, ...others]) => el("tr", {}, el("th", { scope: "row" }, first), others.map((text, n) => el("td", { "data-head": heads[n + 1] }, text))))))));
}

function quarterTable(state, months) {
  const plans = SIDES.map((side) => state.plans[side].means);
  const cells = (means, month) => (means ? [`${means.running[month]} of ${means.due[month]} due`, `${number(means.posts[month])}${means.limit[month] === null ? "" : ` of at most ${number(means.limit[month])}`}`, number(means.rand_million.slice(month - QUARTER_MONTHS + 1, month + 1).reduce((sum, one) => sum + one, 0))] : ["–", "–", "–"]);
  const ends = months.map((_, month) => month).filter((month) => month % QUARTER_MONTHS === QUARTER_MONTHS - 1);
  return plannerTable("Quarter by quarter as a table", ["Quarter", ...SIDES.flatMap((side) => ["hubs running", "posts", "R million"].map((head) => `${side.toUpperCase()}: ${head}`))],
    ends.map((month, n) => [columnName(months, n), ...plans.flatMap((means) => cells(means, month))]));
}

/** Who is served earlier, and by how many months, and what slips. */
function spaceTable(state, app) {
  const { months } = app.data.plans, when = (plan, space) => { const start = plan.starts.find((each) => each.space === space)?.start ?? null; return { space, start, late: start === null ? 0 : monthsLate(plan, months, { space, start }) }; };
  const said = ({ start, late }) => (start === null ? "no hub" : `${monthName(start)}${late === null ? ", never taken in" : late ? `, taken in ${late} month${late === 1 ? "" : "s"} later` : ""}`);
  const taken = ({ start, late }) => (start === null || late === null ? null : months.indexOf(start) + late);
  const rows = app.data.choices.spaces.map(({ name, title }) => {
    const [a, b] = SIDES.map((side) => when(state.plans[side], name)), [one, other] = [taken(a), taken(b)];
    const gap = one === null && other === null ? "neither" : other === null ? "only A" : one === null ? "only B" : one === other ? "the same" : one < other ? `A by ${other - one}` : `B by ${one - other}`;
    return [`${name} ${title}`, said(a), said(b), gap];
  });
  const count = (which) => rows.filter((row) => row[3].startsWith(which)).length;
  return plannerTable(`Space by space: A is first in ${count("A by") + count("only A")}, B in ${count("B by") + count("only B")}`, ["Space", "Plan A", "Plan B", "Taken in first, months"], rows);
}

/** What saved runs say of both plans: outcomes, and how far the milestones slipped. */
function savedTables(state, app, runs) {
  const head = el("h2", {}, "What saved runs say");
  if (!runs.some(Boolean)) return [head, el("p", { class: "quiet" }, "There are no saved runs of these plans with this money and these specialists. The command below makes them.")];
  const { payload } = runs.find(Boolean), same = runs.every((run) => !run || run.payload.study === payload.study);
  const effect = (run, metric) => run?.payload.effects.find((one) => one.arm === run.arm && one.metric === metric);
  const apart = same && runs.every(Boolean) ? payload.rollout.apart[runs[0].arm]?.[runs[1].arm] : null;
  const saying = (change, unit, interval, verdict) => (change ? `${change} ${unit}${interval ? ` (${interval})` : ""}: ${verdict}` : verdict.replace(/^undefined/, "not defined"));
  const outcomes = payload.drawn.map((name) => {
    const metric = payload.metrics.find((one) => one.name === name), unit = metric.difference_unit;
    const against = runs.map((run) => { const one = effect(run, name); return !one ? "not run" : saying(one.difference === null ? "" : one.words.difference, unit, one.low === null ? "" : one.words.interval, one.verdict); });
    const [change, interval, verdict] = apart?.[name] ?? [];
    return [[metric.title, el("span", { class: "rule" }, metric.meaning)], ...against, ...(apart ? [verdict ? saying(change, unit, interval, verdict) : "not kept for two plans"] : [])];
  });
  const names = [...new Set(runs.flatMap((run) => run?.out.late.map((row) => row.milestone) ?? []))];
  const slipped = names.map((milestone) => [milestone, ...runs.map((run) => {
    const row = run?.out.late.find((one) => one.milestone === milestone);
    if (!row) return "not run";
    if (!row.due) return "none due by this plan";
    return `median ${lateBy(row.median_late, row.median_at_least)}, 90th percentile ${lateBy(row.p90_late, row.p90_at_least)}; ${number(row.not_reached_share * 100)} % not reached by the end`;
  })]);
  const years = [...new Set(runs.flatMap((run) => run?.out.money.map((row) => row.financial_year) ?? []))];
  const money = years.map((year) => [year, ...runs.map((run) => { const row = run?.out.money.find((one) => one.financial_year === year); return row ? `R${number(row.rand_million)} million (R${number(row.p10)} to ${number(row.p90)} million)` : "not run"; })]);
  const heads = (first) => [first, ...SIDES.map((side) => planTitle(state, side))];
  const opened = (table) => { table.open = true; return table; };
  return [head, el("p", {}, `Runs over the country: ${payload.worlds} worlds, ${payload.futures} futures, ${payload.months.length} months. In brackets: where one more plausible world would lie, nineteen times in twenty. `, !runs.every(Boolean) ? "Of one plan there are none." : same ? "Both plans met the same luck." : "The plans come from different studies, so they are not held against each other."),
    opened(plannerTable(`What each plan changes against ${payload.arms.find((each) => each.name === payload.reference).title}${apart ? ", and plan B against plan A" : ""}`, [...heads("Looked at"), ...(apart ? ["B less A"] : [])], outcomes)), opened(plannerTable("Slipping: how late each milestone is", heads("Milestone"), slipped)), plannerTable("Money for hub posts (mean, middle 80 % of runs)", heads("Financial year"), money)];
}

/** Months late, early or in time. */
function lateBy(months, least) {
  const size = Math.abs(months), words = `${size} month${size === 1 ? "" : "s"}`;
  return `${least ? "at least " : ""}${months > 0 ? `${words} late` : months < 0 ? `${words} early` : "in the month planned"}`;
}

function plannerFiles(state, app) {
  const { given, plans } = state, links = SIDES.flatMap((side) => {
    const plan = plans[side], csv = csvOf(plan, app.data.choices.spaces), toml = tomlOf(plan, planTitle(state, side), given);
    const link = (ending, kind, text) => el("a", { id: `save-${side}-${ending}`, download: fileOf(plan, side, ending), href: `data:${kind};charset=utf-8,${encodeURIComponent(text)}` }, `Save ${fileOf(plan, side, ending)}`);
    if (app.data.live && plan.why) return [el("li", {}, `Plan ${side.toUpperCase()} is not written: ${plan.why}`)];
    return pairsOf(plan).length ? [el("li", {}, link("csv", "text/csv", csv), " ", toml ? link("toml", "application/toml", toml) : el("span", { class: "quiet" }, "(no TOML: in it every space must have a place; the table leaves out who gets no hub)"))] : [el("li", {}, `Plan ${side.toUpperCase()} gives nobody a hub: there is nothing to write or run.`)];
  });
  return [el("h2", {}, "Write it out and run it"), el("ul", {}, links), el("p", {}, "Save changed plans into the folder in which the command is given. A TOML file carries its money, specialists and planned stages; a table takes money and specialists from the command, and the usual stages."),
    el("code", { id: "plan-command" }, planCommand(plans, given, app.data.plans.regime))];
}
