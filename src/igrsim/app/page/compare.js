import { paint } from "./comparison.js";
import { decisionControls, leverControls, meansControls } from "./levers.js";
import { studyLoader } from "./loading.js";
import { savedAnswer, savedLink, savedPairs, toLink, USUAL, viewIn, viewOf, whole } from "./scenario.js";
import { ask } from "./source.js";
import { announce, el, many, number, show } from "./text.js";

/** The screen on which two arms are compared. */
export const compareScreen = { name: "compare", title: "Compare", build };

function build(root, app) {
  const state = { document: app.document, payload: null, arm: null, ...viewIn(location.hash), stop: null, stand: () => {}, linked: () => {} };
  const choices = el("section", { class: "choices", "aria-label": "What is compared" });
  const status = el("div", { class: "progress", role: "group", "aria-label": "Computing" });
  const shown = el("section", { class: "shown", "aria-label": "The comparison" });
  const picture = el("div", { class: "picture" });
  shown.append(status, picture);
  show(root, el("div", { class: "compare" }, choices, shown));

  const saved = (document) => savedAnswer(app.data.saved, document);
  const take = (payload, arm) => {
    state.payload = payload;
    state.arm = arm ?? payload.arms.find((each) => each.name !== payload.reference).name;
    app.shown = { payload, arm: state.arm };
    if (!payload.drawn.includes(state.metric)) state.metric = payload.drawn[0];
    state.month = Math.min(state.month, payload.months.length - 1);
    paint(picture, state, app);
  };
  const say = (...children) => show(status, ...children);

  let waits = null;
  /** The address holds the scenario, and soon what is looked at: opened again, it shows the same. */
  function link(to) {
    clearTimeout(waits);
    history.replaceState(null, "", to);
    state.linked = () => {
      clearTimeout(waits);
      // a slider moves faster than a browser lets its address change
      waits = setTimeout(() => { if (picture.isConnected && state.payload) history.replaceState(null, "", to + viewOf(state, state.payload.drawn[0])); }, 300);
    };
  }

  function answer() {
    state.stop?.();
    state.stop = null;
    link(`#${toLink(state.document)}`);
    const found = saved(state.document);
    if (found) {
      say(el("span", {}, "Saved results: nothing had to be computed."));
      take(found.payload, found.arm);
      return;
    }
    if (!app.data.live) {
      say(el("span", { class: "notice" }, "This saved page cannot compute: choose one of the saved comparisons, or run the app."));
      return;
    }
    const begun = performance.now();
    state.payload = null;
    delete root.dataset.first;
    delete root.dataset.done;
    const bar = el("progress", { max: 1, value: 0, "aria-label": "Computed" }), words = el("span", {}, "Computing …");
    state.halt = () => { if (!state.stop) return; state.stop(); state.stop = null; say(el("span", {}, "Stopped. What was computed is kept.")); };
    const stop = el("button", { type: "button", onclick: state.halt }, "Stop");
    say(bar, words, stop);
    let first = true;
    state.stop = ask(state.document, (kind, told) => {
      if (kind === "progress") {
        bar.max = told.of; bar.value = told.computed;
        words.textContent = `${told.computed} of ${told.of} runs; a picture after ${told.worlds} of ${told.worlds_of} worlds`;
      } else if (kind === "picture") {
        if (first) root.dataset.first = String(Math.round(performance.now() - begun));
        first = false;
        take(told);
        announce(`A picture of ${many(told.worlds, "world")}`);
      } else if (kind === "done") {
        state.stop = null;
        root.dataset.done = "true";
        say(el("span", {}, `Done: ${many(state.payload.worlds, "world")} in ${number((performance.now() - begun) / 1000)} seconds.`));
      } else {
        state.stop = null;
        say(el("span", { class: "notice", role: "alert" }, told.why), el("button", { type: "button", id: "ask-again", onclick: answer }, "Ask again"));
      }
    });
  }

  /** A saved comparison, shown as it is; its scenario, where it is one, is what is changed from here on. */
  function open({ payload, arm, document }) {
    state.stop?.();
    state.stop = null;
    app.opened = { payload, arm, document };
    if (document) app.document = state.document = document;
    link(document ? `#${toLink(document)}` : savedLink(payload, arm));
    say(el("span", {}, "Saved results: nothing had to be computed."));
    take(payload, arm);
    controls();
  }

  /** A study file's scenario: its first two arms, of more the others can be chosen. */
  function loaded(name, { scenario, lowered }) {
    app.loaded = { name, document: scenario, lowered };
    changed({ ...scenario, arms: scenario.arms.slice(0, 2) });
    announce(`Loaded ${name}`);
  }

  const loader = app.data.live ? studyLoader(choices, loaded, (why) => say(el("span", { class: "notice", role: "alert" }, why))) : null;

  function changed(asked) {
    if (asked.payload) { open(asked); return; }
    app.opened = null;
    app.document = state.document = asked;
    answer();
    controls();
  }

  function controls() {
    const focused = document.activeElement?.id;
    const summaries = (which) => [...choices.querySelectorAll(`details${which} > summary`)];
    const opened = summaries("[open]").map((summary) => summary.textContent);
    show(choices, ...(app.data.live ? liveControls(state, app, changed, loader) : savedControls(state, app, changed)));
    for (const summary of summaries("")) if (opened.includes(summary.textContent)) summary.parentElement.open = true;
    // a decision that was removed has no button any more
    if (focused) (document.getElementById(focused) ?? (focused.startsWith("undo-") ? document.getElementById("decide-lever") : null))?.focus();
  }

  if (app.opened) open(app.opened);
  else if (app.data.live && state.document.arms.length > 2) loaded("this link", { scenario: state.document, lowered: [] });
  else changed(state.document);
}

function option(value, text, chosen) {
  return el("option", { value, selected: value === chosen }, text);
}

function armControl(state, app, place, changed) {
  const arm = state.document.arms[place], { regimes, rollouts } = app.data.choices;
  const put = (other) => changed({ ...state.document, arms: state.document.arms.map((each, i) => (i === place ? other : each)) });
  const named = (regime) => (state.document.arms[1 - place].name === regime ? `${regime}-again` : regime);
  const regime = el("select", { id: `arm-${place}`, onchange: (event) => put({ name: named(event.target.value), regime: event.target.value }) },
    regimes.map((each) => option(each.name, each.title, arm.regime)));
  const about = regimes.find((each) => each.name === arm.regime);
  const parts = [el("label", {}, el("b", {}, place ? "With this" : "Compare this"), regime),
    el("details", {}, el("summary", {}, "What it is, and costs"), el("p", {}, about?.mechanism), el("p", {}, `Costs: ${about?.costs}`), el("p", {}, `Left out: ${about?.limits}`))];
  if (about?.levers.length) {
    const rollout = el("select", { id: `rollout-${place}`, onchange: (event) => { const { rollout: _, ...rest } = arm; put(event.target.value === about.rollout ? rest : { ...rest, rollout: event.target.value }); } },
      rollouts.map((each) => option(each.name, each.title, arm.rollout ?? about.rollout)));
    parts.push(el("label", {}, "Roll-out", rollout));
  }
  if (place) {
    const decisions = decisionControls(app.data.choices, arm, monthsOf(state.document), state.month, put);
    state.stand = decisions.stand;
    parts.push(el("details", {}, el("summary", {}, "Its levers and their numbers"), leverControls(app.data.choices, arm, put)), decisions.element);
    if (about?.levers.length || arm.money !== undefined || arm.specialists !== undefined) parts.push(meansControls(arm, put));
  }
  return el("div", { class: place ? "second" : "first" }, parts);
}

function monthsOf(document) {
  const { start, months } = whole(document), [year, month] = start.split("-").map(Number);
  return Array.from({ length: months }, (_, i) => `${year + Math.floor((month - 1 + i) / 12)}-${String(((month - 1 + i) % 12) + 1).padStart(2, "0")}`);
}

function liveControls(state, app, changed, loader) {
  const asked = whole(state.document), { scopes } = app.data.choices, { bounds } = app.data;
  const put = (key, value) => {
    const { [key]: _, ...rest } = state.document;
    changed(JSON.stringify(USUAL[key]) === JSON.stringify(value) ? rest : { ...rest, [key]: value });
  };
  const scope = el("select", { id: "scope", onchange: (event) => put("scope", event.target.value) },
    scopes.filter((each) => !each.name.includes(",")).map((each) => option(each.name, each.meaning, asked.scope)));
  const count = (key, label) => el("label", {}, label, el("input", { type: "number", id: key, min: 1, max: bounds[key], value: asked[key],
    onchange: (event) => { if (event.target.checkValidity()) put(key, Number(event.target.value)); else event.target.reportValidity(); } }));
  return [armControl(state, app, 0, changed), armControl(state, app, 1, changed),
    el("label", {}, el("b", {}, "Where"), scope),
    el("div", { class: "two" }, count("months", "Months"), count("worlds", "Worlds"), count("citizens", "People simulated"), count("futures", "Futures")),
    ...savedList(state, app, changed), loader, ...loadedList(state, app, changed)];
}

/** Of a study file that was loaded: what was lowered to what the page computes, and its arms beside the reference. */
function loadedList(state, app, changed) {
  if (!app.loaded) return [];
  const { name, document, lowered } = app.loaded, [reference, ...others] = document.arms;
  const told = lowered.length ? el("p", { class: "small" }, `${name} asks for more than the page computes: ${lowered.join(", ")}. The command line computes all of it.`) : null;
  if (others.length < 2) return [told].filter(Boolean);
  const now = others.findIndex((arm) => arm.name === state.document.arms[1].name);
  const list = el("select", { id: "loaded", onchange: (event) => { if (event.target.value) changed({ ...document, arms: [reference, others[Number(event.target.value)]] }); } },
    now < 0 ? option("", "none of them", "") : null, others.map((arm, i) => option(String(i), `${reference.name} and ${arm.name}`, String(now))));
  return [el("label", {}, el("b", {}, `Arms of ${name}`), list), told].filter(Boolean);
}

function savedControls(state, app, changed) {
  return [el("p", {}, "This page carries saved results. It recomputes nothing: other levers, places or months need the app (igrsim app), which also loads study files."), ...savedList(state, app, changed)];
}

/** Every saved comparison: one study's reference with one of its other arms; some say more than a scenario can, and are shown only. */
function savedList(state, app, changed) {
  const pairs = savedPairs(app.data.saved);
  if (!pairs.length) return [];
  const now = pairs.findIndex((pair) => pair.payload.study === state.payload?.study && pair.arm === state.arm);
  const list = el("select", { id: "saved", onchange: (event) => { if (event.target.value) changed(pairs[Number(event.target.value)]); } },
    now < 0 ? option("", "none of them", "") : null,
    app.data.saved.map((payload) => el("optgroup", { label: `${place(payload)}, ${many(payload.months.length, "month")}: ${payload.title}` },
      pairs.map((pair, i) => (pair.payload === payload ? option(String(i), `${pair.arm} against ${payload.reference}`, String(now)) : null)))));
  return [el("label", {}, el("b", {}, "Saved comparisons"), list)];
}

function place(payload) {
  return Array.isArray(payload.scope) ? payload.scope.join(", ") : payload.scope;
}
