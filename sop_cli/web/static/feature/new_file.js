/** The dialog for a new feature file: its title, folder and name, which are checked as one types. Nothing is written. */

import { ask } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { Drafts, pathsWithDraft } from "./drafts.js";
import { quoted } from "./panels.js";

const CHECK_MS = 150, LONGEST_PROPOSAL = 40;
const NEW_FOLDER = "/new"; // no folder in the list has a slash at its beginning

/** Return the folders of feature files below the folder of the features; "" is that folder itself. */
const foldersOf = (app) => [...new Set(app.project.files.map(({ path }) => path).filter((path) => path.startsWith("features/")).map(folderOf))].sort();

/** Return the folder of a feature file, below the folder of the features. */
export const folderOf = (path) => path.split("/").slice(1, -1).join("/");

/** Return the name of a file that a title proposes; empty if it has no Latin letter and no digit. */
export function nameFrom(title) {
  const words = title.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().match(/[a-z0-9]+/g) ?? [];
  let name = "";
  for (const word of words) if (!name) name = word.slice(0, LONGEST_PROPOSAL); else if (name.length + word.length < LONGEST_PROPOSAL) name += `_${word}`; else break;
  return name;
}

class NewFile {
  constructor(app, folder, hasTitle, more = null) {
    Object.assign(this, { app, hasTitle, more, checks: 0 });
    const folders = foldersOf(app);
    const later = () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.check(), CHECK_MS); };
    const input = (id, properties) => h(`input#${id}`, { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: false, "aria-describedby": `${id}-help new-place`, ...properties });
    this.title = input("new-title", { maxLength: 200, spellcheck: true, oninput: () => { if (!this.isNamed) { this.name.value = nameFrom(this.title.value); later(); } } });
    this.folder = h("select#new-folder", { "aria-describedby": "new-place", onchange: () => { this.other.hidden = this.folder.value !== NEW_FOLDER; later(); } },
      folders.map((name) => h("option", { value: name, selected: name === folder }, name || "features (no folder)")), h("option", { value: NEW_FOLDER }, "a new folder …"));
    this.newFolder = input("new-folder-name", { maxLength: 300, oninput: later });
    this.other = h("div", { hidden: this.folder.value !== NEW_FOLDER }, h("label", { for: "new-folder-name" }, "Name of the new folder"), this.newFolder,
      h("p.field-note.quiet#new-folder-name-help", {}, "Small letters from a to z, digits, - and _."));
    this.name = input("new-name", { maxLength: 300, oninput: () => { this.isNamed = this.name.value !== ""; later(); } });
    this.place = h("p#new-place", { role: "status" });
  }

  /** Ask for the place; return {path, text, line}, of which the text is null without a title, or null. */
  async ask(heading, yes) {
    const form = h("div.stack.new-file", {},
      this.hasTitle && h("div", {}, h("label", { for: "new-title" }, "Title"), this.title, h("p.field-note.quiet#new-title-help", {}, "What the feature is about, as a heading.")),
      h("div", {}, h("label", { for: "new-folder" }, "Folder"), this.folder), this.other,
      h("div", {}, h("label", { for: "new-name" }, "Name of the file"), this.name, h("p.field-note.quiet#new-name-help", {}, "Small letters from a to z, digits, - and _.")),
      this.place, this.more);
    const answering = ask(heading, form, [[null, "Cancel"], [true, yes, "main"]], (value) => value === null || this.make());
    (this.hasTitle ? this.title : this.name).focus();
    await answering;
    clearTimeout(this.timer);
    return this.made ?? null;
  }

  get params() {
    const folder = this.folder.value === NEW_FOLDER ? this.newFolder.value.trim() : this.folder.value;
    return { folder: this.folder.value === NEW_FOLDER && !folder ? "/" : folder, name: this.name.value.trim() };
  }

  /** Ask the workbench for the place, and show it, or why it cannot be; return the answer. */
  async check(method = "feature.place", more = {}) {
    clearTimeout(this.timer);
    const number = (this.checks += 1);
    let answer;
    try { answer = await this.app.call(method, { ...this.params, ...more }); } catch (error) { answer = { fault: error.message }; }
    if (!answer.fault && pathsWithDraft(this.app).includes(answer.path)) answer.fault = "there is a draft with this name, which was not saved; open it from the list, or choose another name";
    if (number === this.checks) {
      const isEmpty = !this.params.name && !more.title && method === "feature.place";
      fill(this.place, isEmpty ? "" : answer.fault ? h("span.error", {}, quoted(answer.fault[0].toUpperCase() + answer.fault.slice(1))) : answer.path);
      const field = /folder/.test(answer.fault) && !this.other.hidden ? this.newFolder : this.name;
      for (const other of [this.newFolder, this.name]) other === field && answer.fault && !isEmpty ? other.setAttribute("aria-invalid", "true") : other.removeAttribute("aria-invalid");
    }
    return answer;
  }

  /** Make the first text; return whether it can be there, otherwise the name is to be changed. */
  async make() {
    const answer = await (this.hasTitle ? this.check("feature.new", { title: this.title.value }) : this.check());
    if (answer.fault) { ([this.newFolder, this.name].find((field) => field.ariaInvalid) ?? this.name).focus(); return false; }
    this.made = { path: answer.path, text: answer.text ?? null, line: answer.line ?? 1 };
    return true;
  }
}

/** Ask for a new feature, with `more` below the fields; return {path, text, line}, or null. */
export const askForFile = (app, folder, more = null) => new NewFile(app, folder, true, more).ask("New feature file", "Open it in the editor");

/** Keep `text` as the draft of the new file `path`; return whether it is kept. Nothing is written to its place. */
export async function keepAsNew(app, path, text) {
  const drafts = new Drafts(app, path);
  drafts.keep(null, text);
  await drafts.flush();
  if (drafts.loss) app.notify(`The new file cannot be kept as a draft: ${drafts.loss}.`, "bad");
  return !drafts.loss;
}

/** Ask for another name of a new feature; return its path, or null. */
export const askForName = async (app, folder) => (await new NewFile(app, folder, false).ask("Another name for the new file", "Use this name"))?.path ?? null;
