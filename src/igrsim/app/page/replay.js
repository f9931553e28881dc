import { toLink } from "./scenario.js";
import { plainly } from "./lesson.js";
import { ask, newClient, post } from "./source.js";
import { announce, el, monthName, show } from "./text.js";

/** The lesson's own place in the queue: a comparison that is asked for meanwhile does not end it. */
const PLAYING = newClient();

const AGAIN = 3000;

/** What the tables decided, played by the model beside what a rule decides and beside things left as they are. */
export function replayPanel(screen) {
  const { lesson, state, live, keep } = screen, head = el("h3", {}, "Our decisions, played in the model");
  if (!live) return el("section", { id: "replay" }, head, el("p", { class: "notice" }, "To play the tables' own decisions needs the app (igrsim app). This file shows what rules choose, from saved runs, below."));
  const status = el("div", { class: "progress" }), body = el("div", { class: "picture" });
  state.rule ??= state.room?.played ?? lesson.outcomes[0].metric;
  const pick = el("select", { id: "rule-looks", disabled: Boolean(state.play && !state.play.over), onchange: (event) => { Object.assign(state, { rule: event.target.value, play: null, playing: false }); keep(); again(); } },
    lesson.outcomes.map((each) => el("option", { value: each.metric, selected: each.metric === state.rule }, each.name)));
  const again = () => {
    // what comes later is drawn into the panel that is open then
    if (state.play) state.play.draw = () => { if (body.isConnected) again(); };
    pick.disabled = Boolean(state.play && !state.play.over);
    plan(screen, () => { if (body.isConnected) again(); });
    show(status, ...playStanding(screen, again));
    show(body, ...results(screen, again));
  };
  again();
  return el("section", { id: "replay" }, head,
    el("p", {}, "Each table's proposal and dates, a player who follows a rule, and things left as they are (A): five years in the same worlds, from the same seed. The rule takes the proposal and the order whose verdict on the sheets is best for one outcome, and as many hubs a year as the smaller limit allows."),
    el("label", { class: "which" }, "The rule looks only at", pick), status, body);
}

/** Ask once what would be played; `then` when it is known, of the panel that is open by that time. */
function plan(screen, then) {
  const { state } = screen, proposals = screen.proposals(), key = JSON.stringify([state.rule, proposals]);
  if (state.plan?.key === key) { state.plan.then = then; return; }
  state.plan = { key, told: null, then };
  post("api/room/replay", { outcome: state.rule, proposals }).then((told) => {
    if (state.plan.key !== key) return;
    state.plan.told = told;
    // who did not answer is asked again when the panel is next painted
    if (told.away) state.plan.key = null;
    // what was played before this page was loaded anew is there still
    if (!told.error && !state.play && (state.playing || state.room?.played === state.rule)) start(screen);
    if (!told.away) state.plan.then();
    else setTimeout(then, AGAIN);
  });
}

function start(screen) {
  const { state, keep } = screen, { told } = state.plan;
  const play = { told, begun: performance.now(), said: null, beside: null, with: null, over: false, why: "", stop: null, draw: null };
  Object.assign(state, { play, playing: true });
  keep();
  if (state.room) post("api/room/replay", { outcome: told.outcome, start: true });
  const run = (document, take, then) => {
    play.stop = ask(document, (kind, heard) => {
      if (kind === "progress") play.said = heard;
      else if (kind === "picture") take(heard);
      else if (kind === "done") then();
      else end(heard.why);
      play.draw?.();
    }, null, PLAYING);
  };
  const end = (why = "") => {
    Object.assign(play, { over: true, why, stop: null, seconds: Math.round((performance.now() - play.begun) / 1000) });
    announce(why || "The decisions have been played");
  };
  run(told.scenario, (picture) => { play.with = picture; }, () => {
    if (told.beside) run(told.beside, (picture) => { play.beside = picture; }, () => end());
    else end();
  });
}

/** How it stands: what would be played and how long that takes, what is under way, or why it ended. */
function playStanding(screen, again) {
  const { state, keep } = screen, { play, plan } = state;
  const button = (words) => el("button", { type: "button", id: "play-decisions", onclick: () => { start(screen); again(); document.getElementById("stop-playing")?.focus(); } }, words);
  if (!play) {
    if (!plan.told) return [el("span", {}, "Asking …")];
    if (plan.told.error) return [el("span", { class: "notice", role: "status" }, plainly(plan.told.error))];
    return [button("▶ Play our decisions in the model"), el("span", { id: "how-long" }, `${plan.told.runs} runs of eight spaces, ${plan.told.citizens.toLocaleString("en").replace(/,/g, "\u202f")} people and five years: about ${plan.told.seconds} seconds on this machine. The room can talk meanwhile.`)];
  }
  if (!play.over) {
    const computed = play.said?.computed ?? 0, { runs, worlds } = play.told, elapsed = (performance.now() - play.begun) / 1000;
    // the pace of this machine today, once there are enough runs to tell it
    const left = computed < 4 ? play.told.seconds : Math.max(5, 5 * Math.ceil((elapsed * (runs - computed)) / computed / 5));
    const words = play.with?.worlds === worlds ? "Now beside the rule …" : `${computed} of ${runs} runs, about ${left} seconds left. ${play.with ? `Below: from ${play.with.worlds} of ${worlds} worlds so far.` : "A first look comes after one world."}`;
    return [el("progress", { max: runs, value: computed, "aria-label": "Computed" }), el("span", {}, words),
      el("button", { type: "button", id: "stop-playing", onclick: () => { play.stop?.(); Object.assign(play, { over: true, why: "Stopped. What was computed is kept.", stop: null }); state.playing = false; keep(); again(); document.getElementById("play-decisions")?.focus(); } }, "■ Stop")];
  }
  return [el("span", { id: "played", class: play.why ? "notice" : null }, play.why || `Played: ${play.told.runs} runs.`), play.why ? button("▶ Play again") : null];
}

function whose(player) {
  return player.table === null ? "The rule" : `Table ${player.table + 1}`;
}

function results(screen, again) {
  const { state } = screen, told = state.play?.told ?? (state.plan.told?.error ? null : state.plan.told), { play } = state;
  if (!told) return [];
  const parts = play?.with ? [outcomesPlayed(screen, again)] : [];
  parts.push(decisionsPlayed(screen, told), el("div", {}, el("h4", {}, "What is not played"), el("ul", {}, told.not_played.map((words) => el("li", {}, words)))));
  if (play?.with) parts.push(reproducing(play));
  return parts;
}

/** A table whose cells say under which head they stand, for a window so narrow that a row is a list. */
function playedTable(id, heads, rows) {
  const body = rows.map(([name, ...cells]) => el("tr", {}, el("th", { scope: "row" }, name), cells.map((words, i) => el("td", { "data-head": heads[i + 1] }, words))));
  return el("div", { class: "wide" }, el("table", { class: "rules played", id }, el("thead", {}, el("tr", {}, heads.map((words) => el("th", { scope: "col" }, words)))), el("tbody", {}, body)));
}

/** What each decided, and which spaces join earlier or later than under the rule. */
function decisionsPlayed({ lesson }, told) {
  const rule = told.players.find((each) => each.table === null), names = Object.fromEntries(lesson.round_2.spaces.map((each) => [each.code, each.name]));
  const apart = (player, sign) => Object.keys(names).filter((code) => player.starts[code] && rule.starts[code] && Math.sign(player.starts[code].localeCompare(rule.starts[code])) === sign)
    .map((code) => `${names[code]} ${player.starts[code].slice(0, 4)}, not ${rule.starts[code].slice(0, 4)}`).join("; ") || "none";
  const dates = (player) => {
    const months = [...new Set(Object.values(player.starts))].sort();
    return months.map((month) => `${monthName(month)}: ${Object.keys(names).filter((code) => player.starts[code] === month).map((code) => names[code]).join(", ")}`).join("; ");
  };
  const rows = told.players.map((player) => {
    const own = Object.keys(player.starts).length > 0, compared = own && Object.keys(rule.starts).length > 0;
    const same = player.arm === rule.arm && player !== rule, notes = [...(same ? ["= as the rule decided."] : []), ...player.notes];
    return [whose(player), player.letter ? `${player === rule || player.letter === rule.letter ? "" : "≠ "}${player.letter}. ${lesson.proposals.find((each) => each.letter === player.letter).name}` : "nothing",
      own ? `${player.a_year} a year in the country. ${dates(player)}` : "no dates of its own",
      [player === rule || same || !compared ? null : `Earlier: ${apart(player, -1)}. Later: ${apart(player, 1)}.`, ...notes.map((words) => el("p", {}, words))]];
  });
  return el("div", {}, el("h4", {}, "What differs in the decisions"), playedTable("decisions-played", ["Who", "Proposal", "Hubs in the eight spaces from", "Beside the rule"], rows));
}

/** One effect as the command line prints it: difference, where one more plausible world would lie, verdict. */
function effectPlayed(picture, arm, metric) {
  const found = picture.effects.find((each) => each.arm === arm && each.metric === metric);
  if (!found || !found.pairs) return found?.verdict ?? "nothing to measure";
  return `${found.words.difference}${found.low === null || found.low === found.high ? "" : ` (${found.words.interval})`}: ${found.verdict}`;
}

function levelPlayed(picture, arm, metric) {
  if (arm !== picture.reference) return picture.effects.find((each) => each.arm === arm && each.metric === metric).words.arm;
  return picture.effects.find((each) => each.metric === metric && each.pairs)?.words.reference ?? "not defined";
}

/** In what an outcome is counted, where its numbers do not say so themselves. */
function unitPlayed(picture, metric) {
  const { unit } = picture.metrics.find((each) => each.name === metric);
  return unit === "%" ? "" : `, ${unit}`;
}

function outcomesPlayed(screen, again) {
  const { lesson, state } = screen, { play } = state, picture = play.with, rule = play.told.players.find((each) => each.table === null);
  const played = play.told.players.filter((each) => each.arm), shown = lesson.outcomes.filter((each) => picture.metrics.some((metric) => metric.name === each.metric));
  state.view = [...shown.map((each) => each.metric), ...played.map((each) => `table ${each.table}`)].includes(state.view) ? state.view : shown[0].metric;
  const pick = el("select", { id: "played-view", onchange: (event) => { state.view = event.target.value; again(); document.getElementById("played-view").focus(); } },
    el("optgroup", { label: "An outcome, for everyone" }, shown.map((each) => el("option", { value: each.metric, selected: state.view === each.metric }, each.name))),
    el("optgroup", { label: "All outcomes, for" }, played.filter((each) => each.table !== null).map((each) => el("option", { value: `table ${each.table}`, selected: state.view === `table ${each.table}` }, whose(each)))));
  const withRule = (player, metric) => {
    if (player === rule) return "";
    if (player.arm === rule.arm) return "= the same decisions";
    if (!play.told.beside) return "the rule is A";
    return play.beside ? effectPlayed(play.beside, player.arm, metric) : "…";
  };
  const withA = (player, metric) => (player.arm === picture.reference ? "= A itself" : effectPlayed(picture, player.arm, metric));
  const about = picture.metrics.find((each) => each.name === state.view), mine = played.find((each) => `table ${each.table}` === state.view);
  const heads = mine ? ["Outcome", "A", "The rule", whose(mine), `${whose(mine)} beside A`, `${whose(mine)} beside the rule`] : ["Who", `Comes to${unitPlayed(picture, state.view)}`, "Beside A", "Beside the rule"];
  const grid = playedTable("outcomes-played", heads, mine
    ? shown.map(({ metric, name }) => [[name, el("span", { class: "rule" }, unitPlayed(picture, metric).slice(2))], levelPlayed(picture, picture.reference, metric), levelPlayed(picture, rule.arm, metric), levelPlayed(picture, mine.arm, metric), withA(mine, metric), withRule(mine, metric)])
    : [["A. Leave things as they are", levelPlayed(picture, picture.reference, state.view), "", ""], ...played.map((player) => [`${whose(player)} (${player.letter})`, levelPlayed(picture, player.arm, state.view), withA(player, state.view), withRule(player, state.view)])]);
  const better = about && about.better !== "neither" ? ` ${about.better === "lower" ? "Lower" : "Higher"} is better.` : "";
  const units = about ? `Differences in ${about.difference_unit}.${better}` : "Differences are in the outcome's unit; of per cent in percentage points.";
  return el("div", {}, el("h4", {}, "What came of it"), el("label", { class: "which" }, "Show", pick), grid,
    el("p", {}, `${units} In brackets: where one more plausible world would lie (95\u202f%), from ${picture.worlds} ${picture.worlds === 1 ? "pair of runs, which cannot say how surely" : "pairs of runs"}. Same decisions have the same numbers.`));
}

/** The commands and files that compute the same, and each table beside A as a comparison to look into. */
function reproducing({ told, with: picture, beside }) {
  const file = (name, toml) => el("a", { download: name, href: `data:application/toml;charset=utf-8,${encodeURIComponent(toml)}` }, `Save ${name}`);
  const [first, ...others] = told.scenario.arms;
  return el("details", { id: "reproduce-played" }, el("summary", {}, "Compute the same, or look into it"),
    el("p", {}, el("code", {}, picture.reproduce), " ", file("scenario.toml", picture.toml), " (beside A)"),
    beside ? el("p", {}, el("code", {}, beside.reproduce.replace("scenario.toml", "beside_the_rule.toml")), " ", file("beside_the_rule.toml", beside.toml), " (beside the rule)") : null,
    el("p", {}, "In a tab of its own, with maps and months:"), el("ul", {}, others.map((arm) => el("li", {}, el("a", { href: `#${toLink({ ...told.scenario, arms: [first, arm] })}`, target: "_blank", rel: "noopener" }, `${arm.name} beside A`)))));
}
