import { classroomScreen } from "./classroom.js";
import { compareScreen } from "./compare.js";
import { plannerScreen } from "./planner.js";
import { evidenceScreen } from "./evidence.js";
import { livesScreen } from "./lives.js";
import { reportScreen } from "./report.js";
import { fromLink, savedLink, savedPairs, VERSION } from "./scenario.js";
import { openSource } from "./source.js";
import { el, show } from "./text.js";

/**
 * A screen more is one entry more: its name, its title, what builds it (and may give back what ends its work) and,
 * where it has links of its own, which it opens.
 */
const SCREENS = [compareScreen, livesScreen, plannerScreen, classroomScreen, evidenceScreen, reportScreen];

/** What is seen first: what the link says, else the first saved comparison, else silos and district hubs. */
function first(data) {
  const usual = { version: VERSION, arms: [{ name: "siloed", regime: "siloed" }, { name: "district-hub", regime: "district-hub" }] };
  const linked = fromLink(location.hash.slice(1));
  if (linked) return { document: linked };
  const pairs = savedPairs(data.saved);
  const opened = pairs.find(({ payload, arm }) => savedLink(payload, arm) === location.hash.split("&")[0]) ?? pairs[0];
  return { document: opened?.document ?? usual, opened };
}

async function begin() {
  const data = await openSource();
  const app = { data, ...first(data) };
  const main = document.getElementById("main"), nav = document.getElementById("screens");
  document.getElementById("mode").textContent = data.live ? "computes here" : "saved results";
  const open = (screen) => {
    for (const button of nav.children) button.removeAttribute("aria-current");
    document.getElementById(`to-${screen.name}`).setAttribute("aria-current", "page");
    app.leave?.();
    app.leave = screen.build(main, app);
  };
  show(nav, SCREENS.map((screen) => el("button", { type: "button", id: `to-${screen.name}`, onclick: () => open(screen) }, screen.title)));
  open(SCREENS.find((screen) => screen.opens?.(location.hash)) ?? SCREENS[0]);
  document.body.dataset.ready = "true";
  // the page writes its address itself, unheard: what is heard was typed, pasted or gone back to
  window.addEventListener("hashchange", () => { if (location.hash !== "#main") location.reload(); });
}

begin();
