import { whole } from "./scenario.js";
import { ask } from "./source.js";
import { announce, el, monthName, namesApart, number, show } from "./text.js";

/** The screen on which one person, or one municipality, is followed through both arms. */
export const livesScreen = { name: "lives", title: "Person and municipality", build: buildLives };

const NAMES_OF_PICKS = {
  median: "An ordinary person", worst: "Most hours", best: "Fewest hours", rural: "Someone rural", urban: "Someone urban", poorest: "Of the poorest fifth",
  "grant-without-id": "Needs a grant, has no identity document", abandoned: "Gave a need up", "stayed-home": "Never set out", different: "Whom the arms treat most differently",
};
const COLUMNS_OF_SUMS = { needs: "needs of papers", "in vain": "trips in vain", hours: "hours", rand: "rand", months: "months from need to end", "other trips": "trips for other needs", "other km": "km for other needs" };

function buildLives(root, app) {
  const saved = app.data.saved.flatMap((payload) => (payload.stories ?? []).map((story) => ({ payload, story })));
  const state = { kind: "person", pick: "median", citizen: "", municipality: "", begin: "", saved: "", story: null, arm: null, stop: null };
  const choices = el("section", { class: "choices", "aria-label": "Whose story" });
  const status = el("div", { class: "progress", role: "group", "aria-label": "Computing" });
  const told = el("div", { class: "lives" });
  show(root, el("div", { class: "compare" }, choices, el("section", { class: "shown", "aria-label": "The story" }, status, told)));
  const say = (...children) => show(status, ...children);

  function take(story, arm) {
    state.story = story;
    const others = story.arms.slice(1).map((each) => each.name);
    state.arm = others.includes(arm) ? arm : others[0];
    paintStory(told, state, (other) => { take(story, other); document.getElementById("story-arm")?.focus(); });
  }

  function tell() {
    state.stop?.();
    const begun = performance.now(), bar = el("progress", { "aria-label": "Living both arms again" }), words = el("span", {}, "Living both arms again, month by month …");
    delete root.dataset.told;
    show(told);
    say(bar, words, el("button", { type: "button", onclick: () => { state.stop?.(); state.stop = null; say(el("span", {}, "Stopped.")); } }, "Stop"));
    const whose = state.kind === "person" ? { kind: "person", name: state.citizen.trim() || state.pick }
      : { kind: "municipality", name: state.municipality, ...(state.begin && { begin: state.begin }) };
    state.stop = ask(app.document, (kind, answer) => {
      if (kind === "picture") { take(answer); announce(`The story of ${answer.who}`); }
      else if (kind === "done") { state.stop = null; root.dataset.told = "true"; say(el("span", {}, `Told in ${number((performance.now() - begun) / 1000)} seconds.`)); }
      else if (kind === "failed" || kind === "cancelled") { state.stop = null; say(el("span", { class: "notice", role: "alert" }, answer.why)); }
    }, { whose });
  }

  function open(place) {
    state.saved = String(place);
    take(saved[place].story, app.shown?.payload === saved[place].payload ? app.shown.arm : null);
    say(el("span", {}, "A saved story: nothing had to be computed."));
  }

  function controls() {
    const focused = document.activeElement?.id, named = new Map(namesApart(app.data.saved, (payload) => payload.title).map((name, n) => [app.data.saved[n], name]));
    const list = saved.length ? el("label", {}, el("b", {}, "Saved stories"), el("select", { id: "saved-story", onchange: (event) => { if (event.target.value) open(Number(event.target.value)); } },
      app.data.live || !state.saved ? el("option", { value: "" }, "none of them") : null,
      saved.map(({ payload, story }, i) => el("option", { value: String(i), selected: state.saved === String(i) }, `${story.who.split(",")[0]}${story.kind === "person" ? ` (${story.asked})` : ""}, ${named.get(payload)}`)))) : null;
    if (!app.data.live) {
      show(choices, el("p", {}, "This page carries saved stories. It lives no arm again: others need the app, or a page exported with --person and --municipality."), list);
    } else {
      show(choices, ...liveStoryControls(state, app, controls, tell), list);
    }
    if (focused) document.getElementById(focused)?.focus();
  }

  controls();
  const mine = saved.findIndex(({ payload }) => payload === app.shown?.payload);
  if (saved.length && (mine >= 0 || !app.data.live)) { open(Math.max(mine, 0)); controls(); }
  else if (!app.data.live) show(told, el("p", { class: "notice" }, "No story was saved with this page. Export it with --person median or --municipality and a code, or run the app."));
  else show(told, el("p", {}, "Choose whose story is told. Both arms are lived again in the comparison's first world and its own set of numbers, and the same person or municipality is followed in both."));
  return () => state.stop?.();
}

function liveStoryControls(state, app, again, tell) {
  const { picks, municipalities, scopes } = app.data.lives, asked = whole(app.document);
  const kinds = el("div", { class: "metric", role: "group", "aria-label": "Kind of story" }, [["person", "A person"], ["municipality", "A municipality"]].map(([kind, words]) =>
    el("button", { type: "button", id: `kind-${kind}`, "aria-pressed": String(state.kind === kind), onclick: () => { state.kind = kind; again(); } }, words)));
  const said = el("p", {}, `${asked.arms[0].name} against ${asked.arms[1].name}, ${Array.isArray(asked.scope) ? asked.scope.join(", ") : asked.scope}, ${asked.months} months, ${asked.citizens} people. Compare changes it.`);
  const parts = [said, kinds];
  if (state.kind === "person") {
    const about = el("p", { class: "quiet" }, picks[state.pick]);
    parts.push(el("label", {}, "Whom", el("select", { id: "story-pick", onchange: (event) => { state.pick = event.target.value; about.textContent = picks[state.pick]; } },
      Object.keys(picks).map((name) => el("option", { value: name, selected: name === state.pick }, NAMES_OF_PICKS[name] ?? name)))), about,
    el("label", {}, "Or by name, such as 160010/3", el("input", { id: "story-citizen", autocomplete: "off", maxlength: "30", value: state.citizen, oninput: (event) => { state.citizen = event.target.value; } })));
  } else {
    const spaces = new Set(Array.isArray(asked.scope) ? asked.scope : scopes[asked.scope] ?? asked.scope.split(","));
    const here = municipalities.filter(([, , space]) => spaces.has(space));
    if (!here.some(([code]) => code === state.municipality)) state.municipality = here[0]?.[0] ?? "";
    parts.push(el("label", {}, "Which", el("select", { id: "story-municipality", onchange: (event) => { state.municipality = event.target.value; } },
      [...new Set(here.map(([, , space]) => space))].map((space) => el("optgroup", { label: space }, here.filter((each) => each[2] === space).map(([code, name]) => el("option", { value: code, selected: code === state.municipality }, `${name} (${code})`)))))));
    const [year, month] = asked.start.split("-").map(Number);
    const labels = Array.from({ length: asked.months }, (_, i) => `${year + Math.floor((month - 1 + i) / 12)}-${String(((month - 1 + i) % 12) + 1).padStart(2, "0")}`);
    if (state.begin && !labels.includes(state.begin)) state.begin = "";
    parts.push(el("label", {}, "A year from", el("select", { id: "story-begin", onchange: (event) => { state.begin = event.target.value; } },
      labels.map((label, i) => el("option", { value: i ? label : "", selected: state.begin === (i ? label : "") }, monthName(label))))));
  }
  return [...parts, el("p", {}, el("button", { type: "button", id: "tell", onclick: tell }, "Tell the story"))];
}

function paintStory(told, state, changed) {
  const { story } = state, sides = story.arms.filter((each, n) => !n || each.name === state.arm);
  const other = story.arms.length > 2 ? el("label", {}, "With this arm ", el("select", { id: "story-arm", onchange: (event) => changed(event.target.value) },
    story.arms.slice(1).map((each) => el("option", { value: each.name, selected: each.name === state.arm }, each.name)))) : null;
  const sums = story.sums.filter((row) => sides.some((side) => side.name === row.arm));
  const names = Object.keys(sums[0]).filter((name) => name !== "arm");
  const table = el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "In all" }, el("table", { id: "story-sums" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "In all"), sides.map((side) => el("th", { scope: "col", class: "number" }, side.name)))),
    el("tbody", {}, names.map((name) => el("tr", {}, el("th", { scope: "row" }, COLUMNS_OF_SUMS[name] ?? name), sums.map((row) => el("td", { class: "number" }, exact(row[name]))))))));
  const differs = story.words.filter(({ arm }) => arm === state.arm);
  show(told,
    el("h2", { id: "whose" }, story.who),
    el("p", { class: "quiet" }, [story.picked && `Chosen: ${story.picked}.`, `${monthName(story.months[0])} to ${monthName(story.months[1])}, world ${story.world}, future ${story.future}.`].filter(Boolean).join(" ")), other,
    el("div", { class: "sides" }, sides.map((side, i) => el("div", { class: i ? "second" : "first" }, el("h3", {}, side.name), el("p", {}, side.about)))),
    el("h3", {}, sides.length > 1 ? `What differs: ${state.arm} against ${sides[0].name}` : "One arm alone: nothing to hold it against"), el("ul", { id: "differs" }, differs.map(({ text }) => el("li", {}, text))),
    table, el("h3", {}, "Month by month"),
    el("p", { class: "quiet" }, "◆ with a heavy frame: in this arm only, or otherwise than in the other."),
    story.kind === "person" ? personMonths(sides) : municipalityMonths(sides),
    el("h3", {}, "Mind"), el("ul", {}, story.notes.map((words) => el("li", {}, words))),
    el("h3", {}, "Reproduce"), story.first ? el("p", {}, el("code", {}, story.first)) : null, el("p", {}, el("code", { id: "story-command" }, story.command)));
}

function exact(value) {
  return value.toLocaleString("en", { maximumFractionDigits: 2 }).replace(/,/g, "\u202f").replace("-", "\u2212");
}

/** Lines of one month in both arms, each marked if the other arm has not the same one. */
function besides(sides, month) {
  const mine = sides.map((side) => side.lines.filter((line) => line.month === month));
  const keys = mine.map((lines) => lines.map((line) => JSON.stringify(line)));
  return mine.map((lines, side) => {
    const left = [...(keys[1 - side] ?? keys[side])];
    return lines.map((line, i) => {
      const at = left.indexOf(keys[side][i]);
      if (at >= 0) left.splice(at, 1);
      return { line, only: at < 0 };
    });
  });
}

function monthsOfStory(sides) {
  return [...new Set(sides.flatMap((side) => side.lines.map((line) => line.month)))].sort();
}

function personMonths(sides) {
  const months = monthsOfStory(sides);
  if (!months.length) return el("p", {}, "No need of papers arose.");
  return el("div", { class: "lives", id: "months" }, months.map((month) => el("section", { class: "month" }, el("h3", {}, monthName(month)),
    el("div", { class: "sides" }, besides(sides, month).map((lines, side) => el("div", { class: side ? "second" : "first", role: "group", "aria-label": sides[side].name },
      el("p", { class: "side" }, sides[side].name), lines.length ? el("ul", { class: "lines" }, lines.map(({ line, only }) => el("li", { class: only ? "only" : "" },
        el("p", {}, only ? el("span", { title: "in this arm only" }, "◆ ") : null, el("b", {}, line.where || "At home"), line.km === null ? null : `: ${exact(line.km)} km, R\u202f${exact(line.rand)}, ${exact(line.hours)} h`), el("p", {}, line.happened)))) : el("p", { class: "quiet" }, "nothing")))))));
}

function municipalityMonths(sides) {
  let opened = false;
  return el("div", { class: "lives", id: "months" }, monthsOfStory(sides).map((month) => {
    const both = besides(sides, month), apart = both.map((lines) => lines.filter(({ only }) => only)), alike = both[0].filter(({ only }) => !only), lines = apart.map((each) => each.length).join(" and ");
    const differs = apart.some((lines) => lines.length), open = differs && !opened;
    opened ||= open;
    return el("details", { class: "month", open }, el("summary", {}, el("h3", {}, monthName(month)), differs ? ` ◆ ${lines} lines differ` : " alike in both"),
      el("div", { class: "sides" }, sides.map((side, i) => el("div", { class: i ? "second" : "first", role: "group", "aria-label": side.name },
        el("p", {}, el("b", {}, `${side.name}: `), side.each[month]), el("ul", { class: "lines" }, apart[i].map(diaryLine))))),
      alike.length ? el("details", {}, el("summary", {}, `${alike.length} alike in both`), el("ul", { class: "lines" }, alike.map(diaryLine))) : null);
  }));
}

function diaryLine({ line, only }) {
  const taken = line.displaced_minutes ? `, ${exact(Math.round(line.displaced_minutes / 6) / 10)} h of it taken from delivery` : "";
  return el("li", { class: only ? "only" : "" },
    el("p", {}, only ? "◆ " : null, `${line.kind}: `, el("b", {}, line.what), line.by ? `, ${line.by}` : null, `: ${exact(Math.round((line.minutes ?? 0) / 6) / 10)} h${taken}`),
    line.how ? el("p", {}, line.how) : null);
}
