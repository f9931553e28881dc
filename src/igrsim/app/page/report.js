import { paperBytes, showPaper } from "./papers.js";
import { announce, el, namesApart, show } from "./text.js";

/** The screen on which a study's brief and report are read, printed and saved. */
export const reportScreen = { name: "report", title: "Report", build: buildReport };

const KINDS_OF_PAPER = { html: "text/html;charset=utf-8", pdf: "application/pdf" };
const TIMES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5];

function buildReport(root, app) {
  const studies = app.data.saved.filter((each) => each.papers?.length);
  const shown = el("section", { class: "shown papers", "aria-label": "Report" });
  show(root, shown);
  const now = app.shown?.payload, without = now && !studies.includes(now);
  const elsewhere = without ? el("div", { class: "notice" }, el("p", {}, "What Compare shows has no report yet: the page writes none. This command does, with a results folder that the app can be started with (--results):"), el("pre", {}, el("code", {}, now.reproduce))) : null;
  if (!studies.length) {
    show(shown, el("h2", {}, "Report and brief"), elsewhere ?? el("p", { class: "notice" }, "There is no saved study: start the app with --results and a results folder."));
    return undefined;
  }
  const state = { study: studies.includes(now) ? now : studies[0], paper: null, times: 1, waits: 0 };
  const host = el("div", { class: "paper", role: "document", tabindex: "0" }), about = el("p", { role: "status" }), heading = el("div"), bar = el("div", { class: "metric" }), saves = el("div", { class: "saves" });

  async function read(paper) {
    const mine = ++state.waits;
    state.paper = paper;
    // so that the paper's smallest text is large enough to read on a projector
    state.times = paper.name === "brief.html" ? 1.75 : 1.25;
    controls();
    host.hidden = true;
    if (app.data.live || paper.content) about.textContent = `Reading the ${paper.title.toLowerCase()} …`;
    else { about.textContent = `The ${paper.title.toLowerCase()} did not fit into this page of at most 5 MB. It lies in the study's folder as ${paper.name}.`; return; }
    try {
      const bytes = await paperBytes(paper);
      if (mine !== state.waits || !host.isConnected) return;
      host.hidden = false;
      host.setAttribute("aria-label", paper.title);
      zoom(state.times);
      showPaper(host, new TextDecoder().decode(bytes));
      about.textContent = "";
      announce(`${paper.title} shown`);
      root.dataset.paper = paper.name;
    } catch (error) {
      if (mine === state.waits) about.textContent = `Cannot be shown: ${error.message}`;
    }
  }

  function zoom(times) {
    state.times = times;
    host.style.setProperty("--times", times);
  }

  async function save(paper) {
    try {
      const bytes = await paperBytes(paper), kind = KINDS_OF_PAPER[paper.name.split(".").pop()];
      const address = URL.createObjectURL(new Blob([bytes], { type: kind }));
      const link = el("a", { href: address, download: paper.name });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(address), 60000);
      announce(`${paper.name} saved`);
    } catch (error) {
      about.textContent = `Cannot be saved: ${error.message}`;
    }
  }

  const there = (paper) => app.data.live || paper.content;
  const papers = () => state.study.papers.filter((paper) => paper.name.endsWith(".html"));
  const step = (by) => zoom(TIMES[Math.min(Math.max(TIMES.indexOf(state.times) + by, 0), TIMES.length - 1)]);

  function controls() {
    const focused = document.activeElement?.id;
    const chosen = el("select", { id: "paper-study", onchange: (event) => { state.study = studies[Number(event.target.value)]; begin(); } },
      namesApart(studies, (each) => each.title).map((name, i) => el("option", { value: String(i), selected: studies[i] === state.study }, name)));
    show(heading, studies.length > 1 ? el("label", { class: "which" }, "Study", chosen) : el("h2", {}, state.study.title));
    show(bar,
      papers().map((paper) => el("button", { type: "button", id: `paper-${paper.name}`, "aria-pressed": String(paper === state.paper), onclick: () => read(paper) }, paper.title)),
      el("span", { class: "apart" }),
      el("button", { type: "button", id: "paper-print", onclick: () => window.print() }, "Print"),
      el("button", { type: "button", id: "paper-smaller", "aria-label": "Smaller", onclick: () => step(-1) }, "A−"),
      el("button", { type: "button", id: "paper-larger", "aria-label": "Larger", onclick: () => step(1) }, "A+"));
    show(saves, state.study.papers.filter(there).map((paper) => el("button", { type: "button", id: `save-${paper.name}`, onclick: () => save(paper) }, `Save ${paper.name}`)));
    if (focused) document.getElementById(focused)?.focus();
  }

  const begin = () => read(papers().find(there) ?? papers()[0]);
  show(shown, heading, elsewhere, bar, saves, about, host);
  begin();
  return () => { state.waits += 1; };
}
