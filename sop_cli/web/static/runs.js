/** What the screens Gate, Review, Simulate and Audit share: a running call with progress and a button to cancel it, and links to places. */

import { counted, fill, h } from "./dom.js";
import { ask } from "./dialogs.js";
import { pathsWithDraft } from "./feature/drafts.js";

/** A call that goes on while its screen is left, and shows itself in whatever element it is attached to. */
export class Job {
  constructor(noun) {
    this.noun = noun;
    this.place = null;
    this.controller = null;
  }

  get isRunning() { return this.controller !== null; }

  /** Call a method; return its result, or null if it was cancelled. */
  async run(app, method, params = {}) {
    const starter = document.activeElement;
    this.controller = new AbortController();
    this.progress = {};
    this.show();
    this.button?.focus();
    try {
      return await app.call(method, params, { signal: this.controller.signal, onProgress: (progress) => { this.progress = progress; this.update(); } });
    } catch (error) {
      if (error.name !== "AbortError") throw error;
      return null;
    } finally {
      this.controller = null;
      this.show();
      setTimeout(() => { if (document.activeElement === document.body) starter?.focus(); });
    }
  }

  cancel() { this.controller?.abort(); }

  /** Show the progress in `place` from now on; without one, nowhere. */
  attach(place) {
    this.place = place;
    this.show();
  }

  show() {
    if (!this.place) return;
    if (!this.isRunning) { fill(this.place); return; }
    this.bar = h("progress", { "aria-label": `Progress: ${this.noun}` });
    this.text = h("span.quiet", {});
    this.button = h("button", { type: "button", onclick: () => this.cancel() }, "Cancel");
    fill(this.place, h("div.row", {}, this.bar, this.text, this.button));
    this.update();
  }

  update() {
    if (!this.place || !this.isRunning) return;
    const { finished, expected, doing } = this.progress;
    if (expected) { this.bar.max = expected; this.bar.value = finished; }
    this.text.textContent = expected ? `${finished.toLocaleString("en")} of ${counted(expected, this.noun)}` : "starting …";
    if (doing) this.text.textContent = `${doing} …`;
    else if (expected && finished === expected) this.text.textContent += ", finishing …";
  }
}

/** Return the route to a line of a feature file. */
export const featureRoute = (path, line) => `#/feature/${path.split("/").map(encodeURIComponent).join("/")}:${line}`;

/** Return a link to a place: a line of a feature, a question, a line of a register, or a text for what the workbench does not show. */
export function placeLink(app, place) {
  if (!place) return null;
  if (place.elsewhere) return h("span.source", {}, place.elsewhere);
  if (place.gap) return h("a", { href: `#/questions/${encodeURIComponent(place.gap)}` }, place.gap);
  const label = `${place.path}:${place.line}`;
  if (place.path.endsWith(".feature")) return h("a", { href: featureRoute(place.path, place.line) }, label);
  return h("button.link", { type: "button", onclick: () => showLine(app, place) }, label);
}

/** Show a register in a dialog, at a line. */
async function showLine(app, { path, line }) {
  let file;
  try { file = await app.file(path); } catch (error) { app.notify(`${error.title}: ${error.message}`, "bad"); return; }
  const lines = file.text.split(/\r?\n/);
  const from = Math.max(0, line - 6), to = Math.min(lines.length, line + 30);
  const listed = lines.slice(from, to).map((text, at) => h(from + at + 1 === line ? "mark" : "span", {}, `${String(from + at + 1).padStart(5)}  ${text}\n`));
  ask(`${path}:${line}`, h("pre.register", { tabindex: "0", "aria-label": `Lines ${from + 1} to ${to}` }, listed), [[null, "Close"]]);
}

/** Return a status as everywhere in the document: a symbol, a word, and then a colour. */
export const mark = (state) => h("span.mark", { class: state.replaceAll(" ", "-") }, `${{ passed: "✓", failed: "✗", "not run": "○" }[state] ?? "○"} ${state}`);

/** Return what changed since a result was computed from `inputs` ({files, approved, code}); empty if nothing did. */
export function changedSince(inputs, project) {
  const now = new Map(project.files.map((file) => [file.path, file.digest]));
  const names = [...new Set([...now.keys(), ...Object.keys(inputs.files)])].filter((path) => now.get(path) !== inputs.files[path]);
  return [...names, ...(inputs.approved === project.approved ? [] : ["what is approved"]), ...(inputs.code === project.code ? [] : ["the program or a register"])];
}

/** Say that a result is stale, and why. */
export const staleNote = (changes) => h("p.stale-note", {}, h("strong", {}, "Stale: "), `from before a change of ${changes.slice(0, 3).join(", ")}${changes.length > 3 ? ` and ${counted(changes.length - 3, "other file")}` : ""}. Run it again.`);

/** Say which files have drafts: the runs use the files as they are saved. */
export function draftNote(app) {
  const paths = pathsWithDraft(app);
  return paths.length > 0 && h("p.quiet", {}, `${counted(paths.length, "draft")} not saved: ${paths.slice(0, 3).join(", ")}${paths.length > 3 ? ", …" : ""}. The files are used as they are saved.`);
}
