import { el, show } from "./text.js";

/** Where the page has its numbers from: itself, where it was saved with them; the server it came from otherwise. */
export async function openSource() {
  const inside = document.getElementById("data");
  if (inside && !("DecompressionStream" in window)) {
    show(document.getElementById("main"), el("p", { class: "notice" }, "This page needs a browser of 2023 or later."));
    return new Promise(() => {});
  }
  if (inside) return JSON.parse(new TextDecoder().decode(await unpacked(inside.textContent)));
  let answer = await fetch("api/start");
  while (answer.status === 401) {
    await enterPin();
    answer = await fetch("api/start");
  }
  return answer.json();
}

/** The bytes of what the page carries packed. */
export async function unpacked(letters) {
  const bytes = Uint8Array.from(atob(letters), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function enterPin() {
  return new Promise((entered) => {
    const pin = el("input", { id: "pin", inputmode: "numeric", autocomplete: "off", maxlength: "6" });
    const why = el("p", { role: "alert" });
    const form = el("form", { class: "shown" },
      el("h2", {}, "The facilitator's PIN"), el("label", { for: "pin" }, "Six digits, from the screen on which the app was started"),
      el("p", {}, pin), el("p", {}, el("button", { type: "submit" }, "Enter")), why);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await post("api/enter", { pin: pin.value.trim() });
      if (answer.error) why.textContent = answer.error;
      else entered();
    });
    show(document.getElementById("main"), form);
    pin.focus();
  });
}

/** Ask the server to do something; what is wrong comes back as `error`, and `away` says that nobody answered. */
export async function post(path, data) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) });
    return await answer.json();
  } catch {
    return { error: "the app does not answer: is it still running?", away: true };
  }
}

/** Who this browser's page is to the queue: a word of this visit, kept nowhere. */
const CLIENT = newClient();

/** Another such word, for what is to wait beside the page's other questions. */
export function newClient() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Milliseconds for which an app that does not answer is asked again. */
const PATIENCE = 10_000;

/** Ask the server for a scenario, or, with `more`, for a story or a ladder of it; `heard` is told progress, pictures and the end. Gives back what stops it. */
export function ask(document, heard, more = null, client = CLIENT) {
  let events = null, job = null, stopped = false;
  post(more ? (more.metrics ? "api/ladder" : "api/stories") : "api/jobs", { client, scenario: document, ...more }).then((answer) => {
    if (stopped) return;
    if (answer.error) { heard("failed", { why: answer.error }); return; }
    job = answer.job;
    events = new EventSource(`api/jobs/${job}/events`);
    let silent = null;
    const gone = () => { events.close(); if (!stopped) heard("failed", { why: "The app no longer answers: is it still running? What was computed is kept." }); };
    // a line that is cut is taken up again by the browser, as long as the app and its job are there
    events.onerror = () => { if (events.readyState === EventSource.CLOSED) gone(); else silent ??= setTimeout(gone, PATIENCE); };
    events.onopen = () => { clearTimeout(silent); silent = null; };
    for (const kind of ["progress", "picture", "done", "failed", "cancelled"]) {
      events.addEventListener(kind, (event) => {
        if (kind !== "progress" && kind !== "picture") events.close();
        if (!stopped) heard(kind, JSON.parse(event.data));
      });
    }
  });
  return () => {
    stopped = true;
    events?.close();
    if (job) post(`api/jobs/${job}/cancel`, {});
  };
}
