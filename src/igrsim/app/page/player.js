import { el, monthName } from "./text.js";

const MILLISECONDS = 600;

/** Play, pause, step and slide over months; place -1 is all months together. */
export function player(months, month, moved) {
  let at = month, timer = null;
  const play = el("button", { type: "button", "aria-pressed": "false" }, "▶ Play");
  const slider = el("input", { type: "range", min: -1, max: months.length - 1, step: 1, "aria-label": "Month" });
  const said = el("output");
  const go = (place) => {
    at = Math.min(Math.max(place, -1), months.length - 1);
    slider.value = at;
    const words = at < 0 ? "All months" : monthName(months[at]);
    slider.setAttribute("aria-valuetext", words);
    said.textContent = words;
    moved(at, words);
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "▶ Play";
    play.setAttribute("aria-pressed", "false");
  };
  play.addEventListener("click", () => {
    if (timer) { stop(); return; }
    if (at >= months.length - 1) go(-1);
    play.textContent = "❚❚ Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => (play.isConnected && at < months.length - 1 ? go(at + 1) : stop()), MILLISECONDS);
  });
  slider.addEventListener("input", () => { stop(); go(Number(slider.value)); });
  const step = (by, words, sign) => el("button", { type: "button", "aria-label": words, onclick: () => { stop(); go(at + by); } }, sign);
  const element = el("div", { class: "player", role: "group", "aria-label": "Months" }, play, step(-1, "One month back", "◀"), step(1, "One month on", "▶▏"), slider, said);
  return { element, go, stop };
}
