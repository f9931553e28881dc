import { post } from "./source.js";
import { el } from "./text.js";

const LARGEST = 60_000;

/** A study file is chosen or dropped; the server reads it as the command line does, and gives back its scenario. */
export function studyLoader(target, loaded, failed) {
  const read = async (file) => {
    if (!file) return;
    if (file.size > LARGEST) { failed(`${file.name}: a study file of at most ${LARGEST / 1000} kB is read here; igrsim run reads larger ones`); return; }
    const answer = await post("api/study", { name: file.name, text: await file.text() });
    if (answer.error) failed(answer.error);
    else loaded(file.name, answer);
  };
  const input = el("input", { type: "file", id: "study-file", accept: ".toml", onchange: () => { read(input.files[0]); input.value = ""; } });
  target.addEventListener("dragover", (event) => { if ([...event.dataTransfer.types].includes("Files")) event.preventDefault(); });
  target.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    read(event.dataTransfer.files[0]);
  });
  return el("label", {}, el("b", {}, "Load a study file"), input, el("span", { class: "small quiet" }, "TOML, chosen or dropped here"));
}
