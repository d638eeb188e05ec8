/** The Feature screen: the list of features, the text of one with findings as one types, its tables as a grid, and the results of its examples. */

import { confirm, diff } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { markCopies } from "../feature/clipboard.js";
import { Drafts, newPaths, pathsWithDraft } from "../feature/drafts.js";
import { applyFix, editorIn, goToLine, nextFinding, previousFinding, replaceText, showFindings } from "../feature/editor.js";
import { Words } from "../feature/completion.js";
import { Grid } from "../feature/grid.js";
import { FeatureList, routeTo } from "../feature/list.js";
import { askForFile, askForName, folderOf, keepAsNew } from "../feature/new_file.js";
import { showFindingList, showResults } from "../feature/panels.js";
import { rename } from "../feature/rename.js";
import { examplesField, setExamples } from "../feature/results.js";
import { FileForm, position } from "../feature/text.js";
import { Turns, passes } from "../feature/turns.js";
import { watchUser } from "../feature/user.js";

const CHECK_MS = 10, FIX_MS = 500, TRY_MS = 120;
const MOST_TRIALS = 5; // of the same examples, one after another
const stopped = new Set(); // keys of the examples whose run was stopped: they run again when they are asked for
const results = new Map(); // path → results by the key of an example; a key and the engine name all that a result depends on
let engine = null; // the digest of code and rulebook with which the results were computed
let words = null; // a promise: they are asked for once

export function show(root, place, app) {
  const screen = new FeatureScreen(root, app);
  screen.start(place);
  app.reroute = (next) => screen.route(next);
  app.isUnsaved = () => screen.isChanged && !screen.isKept;
  return () => screen.leave();
}

class FeatureScreen {
  constructor(root, app) {
    Object.assign(this, { root, app, path: null, view: null, check: null, timers: {}, isAllWanted: false });
    this.turns = new Turns({ isOpen: () => this.view !== null, failed: (error, name) => this.onFailure(error, name) });
    this.key = (event) => this.onKey(event);
    this.end = () => this.drafts?.flushAtEnd();
    this.aside = h("aside", { "aria-label": "Features" });
    this.main = h("div.feature-main");
    this.showNothing();
    fill(root, h("link", { rel: "stylesheet", href: "/static/feature/feature.css" }), h("div.feature-screen", {}, this.aside, this.main));
    markCopies(this.main);
    this.list = new FeatureList(this.aside, { draftsOf: () => pathsWithDraft(app), newOf: () => newPaths(app), make: !app.readOnly && (() => this.makeNew()) });
  }

  async start(place) {
    document.addEventListener("keydown", this.key);
    addEventListener("pagehide", this.end);
    this.stops = [
      this.app.on("changes", (changes) => this.onDisk(changes)),
      this.app.on("back", () => { if (this.view) this.checkNow(); }),
      this.app.on("drafts", () => { this.list.draw(); if (this.view) this.showState(); }),
      this.app.on("taken-over", (path) => { if (path === this.path) this.tellTakenOver(); }),
      this.app.on("taken-from-disk", ({ path, text, digest }) => { if (path === this.path) this.takeFromDisk(text ?? "", digest); }),
    ];
    this.refreshList();
    await this.route(place);
  }

  async refreshList() {
    try { this.list.show(await this.app.call("feature.list")); } catch (error) { this.app.showError(error, this.list.count); }
  }

  async leave() {
    this.isLeft = true;
    document.removeEventListener("keydown", this.key);
    removeEventListener("pagehide", this.end);
    for (const stop of this.stops) stop();
    await this.close();
  }

  showNothing() { fill(this.main, h("h1", {}, "Features"), h("p.quiet", {}, "Choose a feature from the list.")); }

  /** Close the file at once; its draft arrives later. */
  async close() {
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.view?.destroy();
    this.view = null;
    this.path = null;
    await this.drafts?.flush();
  }

  async route(place) {
    const [, path, line] = place.match(/^(.*?)(?::(\d+))?$/);
    const isChosen = this.aside.contains(document.activeElement), hasStayed = watchUser(), turn = (this.turn = {});
    if (path && path !== this.path) {
      if (!this.view) fill(this.main, h("h1", {}, "Features"), h("p.quiet.opening", { role: "status" }, `Opening ${path} …`));
      try { await this.open(path); } catch (error) {
        hasStayed();
        if (this.turn !== turn) return;
        await this.close();
        this.app.showError(error, this.main);
        this.list.select(null);
        return;
      }
    }
    else if (path) this.list.select(path); // another line of the same file
    else if (this.main.querySelector(".opening")) this.showNothing();
    const takesFocus = hasStayed(); // not from who types somewhere else by now
    if (this.turn !== turn || !this.view) return;
    if (line) goToLine(this.view, Number(line), this.begun === path ? Infinity : 1, takesFocus); // a new file is continued behind its indentation
    else if (isChosen && takesFocus) this.view.focus();
    this.begun = null;
  }

  /** Open a file, unless another route is asked for before it has come. */
  async open(path) {
    const { turn } = this;
    words ??= this.app.call("feature.words").then((data) => new Words(data));
    words.catch(() => { words = null; });
    const drafts = new Drafts(this.app, path);
    const gone = (error) => { if (error.status !== 404 || !drafts.list([], "").length) throw error; return { text: "", digest: null, drafts: [] }; };
    const [file, known] = await Promise.all([this.app.file(path).catch(gone), words]);
    if (this.isLeft || this.turn !== turn) return;
    this.close();
    this.path = path;
    this.base = file.text;
    this.digest = file.digest;
    this.isGone = file.digest === null;
    this.isBehind = false; // whether the file changed on disk and the text did not follow
    this.drafts = drafts;
    this.discardShown = () => this.discardDraft({ key: drafts.key, tabs: [] }, file.text, file.digest);
    this.check = null;
    const listed = this.app.readOnly ? [] : this.drafts.list(file.drafts, file.text);
    this.form = new FileForm(this.isGone && listed.length ? listed[0].text : file.text);
    if (this.isGone) this.base = this.form.inFile(""); // an empty text of this form is no change
    this.layOut();
    this.list.select(path);
    this.view = editorIn(this.editorPlace, {
      text: this.form.inEditor(file.text), words: known, readOnly: this.app.readOnly, latest: () => this.check,
      on: { change: (update) => this.onChange(update), move: () => this.later("grid", 30, () => this.grid.show()), result: (example) => this.explain(example) },
    });
    this.words = known;
    this.grid = new Grid(this.gridPlace, { view: this.view, words: known, latest: () => this.check, resultOf: (line) => this.exampleAt(line), notify: this.app.notify });
    if (listed.length) this.restore(listed);
    this.showState();
    this.grid.show();
    this.checkNow();
  }

  layOut() {
    const button = (label, keys, act, look = "") => h("button", { type: "button", class: look, "aria-keyshortcuts": keys.replace("Ctrl", "Control"), onclick: act }, label, " ", h("kbd", {}, keys));
    this.stateLine = h("span.quiet", { role: "status" });
    this.banner = h("div.stack");
    this.editorPlace = h("div.text");
    this.gridPlace = h("div.grid-place");
    this.findingPlace = h("section", { "aria-label": "Findings" });
    this.resultPlace = h("section", { "aria-label": "Results" });
    fill(this.main,
      h("div.row.title", {}, h("h1", {}, this.path.replace(/^features\//, "").split(/(?<=[/_])/).flatMap((part, at) => (at ? [h("wbr"), part] : part))), this.stateLine),
      h("div.row.actions", { role: "group", "aria-label": "Actions" },
        !this.app.readOnly && button("Save", "Ctrl+S", () => this.save(), "main"),
        button("Try", "Ctrl+Enter", () => this.tryAll()),
        !this.app.readOnly && button("Format", "Ctrl+Shift+F", () => this.format()),
        !this.app.readOnly && button("Rename sentence", "F2", () => this.rename()),
        button("Next finding", "F8", () => nextFinding(this.view)),
        button("Previous finding", "Shift+F8", () => previousFinding(this.view))),
      this.banner, this.editorPlace,
      h("details.panel", { open: true }, h("summary", {}, h("h2", {}, "Table as a grid")), this.gridPlace),
      this.findingPlace, this.resultPlace);
  }

  get text() { return this.form.inFile(this.view.state.doc.toString()); }
  get isChanged() { return this.view !== null && (this.isGone || this.text !== this.base); }
  /** Whether no file was on disk when the text was begun. */
  get isNew() { return this.digest === null; }
  get isKept() { return this.drafts && !this.drafts.pending && !this.drafts.loss; }

  later(name, ms, act) {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(act, ms);
  }

  onChange(update) {
    if (this.isChanged) this.drafts.keep(this.digest, this.text);
    else { this.drafts.discard(); if (this.isBehind) this.followDisk(); }
    this.grid.follow(update);
    this.showState();
    this.later("grid", 10, () => this.grid.show());
    this.later("check", CHECK_MS, () => this.checkNow());
    clearTimeout(this.timers.fix);
    clearTimeout(this.timers.try);
    this.later("panels", 15, () => this.showPanels());
  }

  showState(note) {
    const changed = this.isNew ? "new" : "changed";
    fill(this.stateLine, note ?? (this.app.readOnly ? "read only" : !this.isChanged ? "as on disk" : this.drafts.loss ? `${changed}, not saved, and no draft is kept (${this.drafts.loss}): save it, or copy it` : `${changed}, not saved; the draft is kept`));
  }

  /** Say why a call failed; a check whose reason may pass is made again. */
  onFailure(error, name) {
    this.showState(error.message);
    if (name === "check" && passes(error)) this.later("check", this.turns.delay("check"), () => this.checkNow());
  }

  checkNow() {
    return this.turns.take("check", async () => {
      const { path, text, view } = this;
      const check = await this.app.call("feature.check", { path, text });
      if (this.turns.succeeded("check") && this.view) this.showState();
      if (this.view !== view) return; // what is open now asks for a check of its own
      if (this.text !== text) { this.turns.again.check = true; return; }
      if (engine !== check.engine) for (const each of [results, stopped]) each.clear(); // other code or another rulebook: no result is true any more
      engine = check.engine;
      this.check = check;
      if (this.words.engine !== check.engine) this.renewWords();
      check.doc = view.state.doc;
      this.mark();
      showFindings(view, check.findings, (fix) => applyFix(view, fix));
      performance.mark("findings");
      this.later("fix", FIX_MS, () => this.findFixes());
      this.later("try", TRY_MS, () => this.tryThem());
    });
  }

  /** Ask for the words again, which other code or another register has changed; editor and grid have the same ones. */
  renewWords() {
    return this.turns.take("words", async () => {
      this.words.take(await this.app.call("feature.words"));
      performance.mark("words");
      if (this.view) this.grid.show();
    });
  }

  /** Apply the first fix of a finding in the line of the cursor. */
  async fixHere() {
    if (this.check && this.check.formatted === undefined) await this.findFixes();
    if (!this.view) return;
    const line = this.view.state.doc.lineAt(this.view.state.selection.main.head).number;
    const finding = this.check?.findings.find((one) => one.line === line && one.fixes?.length);
    if (finding) applyFix(this.view, finding.fixes[0]);
    else this.app.notify("No finding in this line has a fix; F8 leads to the next finding.", "");
  }

  get results() {
    if (!results.has(this.path)) results.set(this.path, new Map());
    return results.get(this.path);
  }

  /** Give each example its result, or the last one at its place as stale. */
  mark(running = new Set()) {
    const { doc } = this.view.state;
    const before = new Map(this.view.state.field(examplesField).map((example) => [doc.lineAt(Math.min(example.at, doc.length)).number, example]));
    const examples = this.check.examples.filter(({ line }) => line <= doc.lines).map((example) => {
      const result = this.results.get(example.key);
      const last = before.get(example.line);
      const status = !example.stands ? "not of this version" : result ? result.status : (last?.status ?? "not run");
      return {
        ...example, status, isStale: example.stands && !result && status !== "not run", isRunning: running.has(example.key) && !result,
        title: result?.reasons?.[0] ?? example.obstacle ?? "", at: doc.line(example.line).from, from: doc.line(example.first).from, to: doc.line(Math.min(example.last, doc.lines)).to,
      };
    });
    this.view.dispatch({ effects: setExamples.of(examples) });
    this.grid.show();
    this.showPanels();
  }

  exampleAt(line) {
    const { doc } = this.view.state;
    return this.view.state.field(examplesField).find(({ at }) => doc.lineAt(Math.min(at, doc.length)).number === line);
  }

  /** Examples with the lines at which they are now. */
  get examples() {
    const { doc } = this.view.state;
    return this.view.state.field(examplesField).map((example) => ({ ...example, line: doc.lineAt(Math.min(example.at, doc.length)).number }));
  }

  showPanels() {
    clearTimeout(this.timers.panels);
    if (!this.view) return;
    const readOnly = this.app.readOnly;
    showFindingList(this.findingPlace, this.check?.findings ?? [], {
      go: (finding) => goToLine(this.view, finding.line, finding.column), fix: (fix) => applyFix(this.view, fix), readOnly,
      isFormatted: this.check?.formatted, format: () => this.format(),
    });
    showResults(this.resultPlace, this.examples, this.results, {
      go: (example) => goToLine(this.view, example.line), accept: (example) => this.accept(example), readOnly, note: this.note ?? "",
    });
  }

  findFixes() {
    return this.turns.take("fix", async () => {
      const { path, text, check } = this;
      const line = this.view.state.doc.lineAt(this.view.state.selection.main.head).number;
      const { fixes, formatted, beside } = await this.app.call("feature.fixes", { path, text, line });
      if (this.check !== check || !this.view || this.text !== text) return;
      check.formatted = formatted;
      check.findings.forEach((finding, at) => { finding.fixes = fixes[at] ?? []; });
      check.own ??= check.findings;
      check.findings = [...check.own, ...beside];
      showFindings(this.view, check.findings, (fix) => applyFix(this.view, fix));
      this.showPanels();
    });
  }

  /** Run all examples, also those that take long and those whose result is known. */
  async tryAll() {
    this.isAllWanted = true;
    await this.checkNow();
    return this.tryThem();
  }

  /** Run the examples that a change affects, those whose key has no result, in a copy; or all, if they are wanted. */
  tryThem() {
    return this.turns.take("try", async () => {
      const { path, view, text, check, isAllWanted } = this;
      if (!check) return; // they run after the check
      this.isAllWanted = false;
      const known = this.results;
      const keys = check.examples.filter(({ key, stands, obstacle, slow }) => stands && !obstacle && (isAllWanted || (!slow && !known.has(key) && !stopped.has(key)))).map(({ key }) => key);
      if (!keys.length) return;
      for (const key of keys) for (const each of [known, stopped]) each.delete(key);
      const stop = new AbortController();
      this.note = [`${keys.length} ${keys.length === 1 ? "example runs" : "examples run"} in a copy `, h("button", { type: "button", onclick: () => stop.abort() }, "Stop")];
      this.mark(new Set(keys));
      const started = performance.now();
      const end = (note) => { this.note = note; this.mark(); };
      let trial;
      try { trial = await this.app.call("feature.try", { path, text, keys }, { signal: stop.signal }); } catch (error) {
        if (error.name === "AbortError") for (const key of keys) stopped.add(key);
        if (this.view !== view) return;
        if (error.name === "AbortError") end("stopped; these examples have no result");
        else if (passes(error)) this.tryLater(error.message, isAllWanted, end);
        else end(error.message);
        return;
      }
      if (trial.engine === engine) for (const [key, result] of Object.entries(trial.results)) known.set(key, result);
      performance.mark("results");
      if (this.view !== view) return;
      if (trial.engine !== engine) { this.tryLater("the code or a register changed while they ran", isAllWanted, end); return; }
      this.turns.succeeded("try");
      const count = Object.keys(trial.results).length;
      this.note = `${count} ${count === 1 ? "example" : "examples"} run in a copy in ${((performance.now() - started) / 1000).toFixed(1)} s; the others did not change`;
      if (count === check.examples.length) this.note = this.note.replace("; the others did not change", "");
      if (this.check.examples.every(({ line }) => line <= view.state.doc.lines)) this.mark();
      const left = keys.filter((key) => !trial.results[key]);
      if (left.length) { this.note += `; ${left.length} did not run: ${Object.values(trial.obstacles)[0] ?? "see the findings"}`; this.showPanels(); }
      if (this.check !== check) this.later("try", TRY_MS, () => this.tryThem());
    });
  }

  /** Try again what has no result because of `reason`, which may pass, after another check; not for ever. */
  tryLater(reason, isAllWanted, end) {
    const ms = this.turns.delay("try"), isLast = this.turns.failures.try >= MOST_TRIALS;
    end(`These examples have no result: ${reason}. ${isLast ? "Try them again with the button Try." : "They are tried again in a moment."}`);
    if (isLast) { this.turns.succeeded("try"); return; }
    this.isAllWanted ||= isAllWanted;
    this.later("try", ms, () => this.checkNow());
  }

  explain(example) {
    const line = this.view.state.doc.lineAt(Math.min(example.at, this.view.state.doc.length)).number;
    const target = [...this.resultPlace.querySelectorAll("button.place")].find((button) => button.textContent === `line ${line}`);
    target?.scrollIntoView({ block: "nearest" });
    target?.focus();
  }

  async accept(example) {
    const { path, text, view } = this;
    try {
      const { text: after, notes } = await this.app.call("feature.accept", { path, text, line: example.line });
      if (this.view !== view || this.text !== text) { this.app.notify("The text changed meanwhile; try again.", "bad"); return; }
      const body = [h("p", {}, "The draft will say what the engine answers. Accept this only if the SOP says so: an accepted wrong answer hides a fault."), h("ul", {}, notes.map((note) => h("li", {}, note))), diff(this.form.inEditor(text), this.form.inEditor(after))];
      if (await confirm("Accept the engine's answer?", body, "Change the draft")) replaceText(view, this.form.inEditor(after), "input.accept");
    } catch (error) { this.app.notify(error.message, "bad"); }
  }

  async format() {
    const { path, text, view } = this;
    try {
      const { text: after } = await this.app.call("feature.format", { path, text });
      if (this.view !== view || this.text !== text) return;
      if (after === text) { this.showState("already formatted"); return; }
      replaceText(view, this.form.inEditor(after), "input.format");
    } catch (error) { this.app.notify(error.message, "bad"); }
  }

  async save() {
    if (this.app.readOnly || !this.view) return;
    if (!this.isChanged) { this.showState("nothing to save"); return; }
    const { path, text, digest, view } = this;
    const merge = (both, disk, now) => { if (this.view === view) this.showMerged(both, disk, now); };
    const digests = await this.app.save([{ path, digest, text }], { title: `Save ${path}?`, before: new Map([[path, digest === null ? "" : this.base]]), merge, rename: () => this.giveAnotherName() });
    if (!digests?.[path] || this.path !== path) return;
    this.base = text;
    this.digest = digests[path];
    this.isGone = this.isBehind = false;
    if (this.text === text) await this.drafts.discard(); else this.drafts.keep(this.digest, this.text);
    this.warn(null);
    this.showState();
    this.refreshList();
    view.focus();
  }

  /** Ask for a new feature file, and open its first text in the editor as a draft. */
  async makeNew() {
    const made = await askForFile(this.app, folderOf(this.path ?? ""));
    if (made) await this.begin(made.path, made.text, `:${made.line}`);
  }

  /** Give the new file that is open another name; its text is the same. */
  async giveAnotherName() {
    const { path, text, drafts } = this;
    const other = await askForName(this.app, folderOf(path));
    if (other && this.drafts === drafts && (await this.begin(other, text))) await drafts.discard();
  }

  /** Keep `text` as the draft of the new file `path`, and open it; return whether it is kept. */
  async begin(path, text, line = "") {
    if (!(await keepAsNew(this.app, path, text))) return false;
    this.begun = path;
    this.app.go(`${routeTo(path)}${line}`);
    return true;
  }

  async rename() {
    if (this.app.readOnly || !this.view) return;
    if (this.isChanged) { this.app.notify("Save this feature first: a sentence is renamed in the files on disk.", "bad"); return; }
    const line = this.view.state.doc.lineAt(this.view.state.selection.main.head).number;
    let sentence;
    try { ({ sentence } = await this.app.call("feature.sentence", { path: this.path, text: this.text, line })); } catch (error) { this.app.notify(error.message, "bad"); return; }
    if (!sentence) { this.app.notify("Put the cursor on a step whose sentence is to be renamed.", "bad"); return; }
    if (await rename(sentence, this.app)) { const { path } = this; await this.close(); await this.open(path); }
  }

  /** Other programs and tabs changed files. */
  async onDisk(changes) {
    this.refreshList();
    if (this.view) this.later("check", CHECK_MS, () => this.checkNow()); // the rulebook, or another feature, may be what changed
    const change = changes.find(({ path }) => path === this.path);
    if (!change || !this.view) return;
    if (this.isNew) { this.followName(change.digest); return; }
    if (change.digest === this.digest && !this.isGone) return;
    this.isGone = change.digest === null;
    if (this.isGone) { this.drafts.keep(this.digest, this.text); this.showState(); this.warn(h("p", {}, h("strong", {}, "This file was deleted on disk. "), "Your text is kept here; Save asks whether to write it as a new file.")); return; }
    this.isBehind = this.isChanged;
    if (this.isBehind) {
      this.warn(h("p", {}, h("strong", {}, "This file changed on disk while you edited it. "), "Nothing is overwritten: Save shows both changes. ", h("button", { type: "button", onclick: () => this.save() }, "Compare")));
      return;
    }
    await this.followDisk();
  }

  /** The file that has the name of the new one on disk has `digest`; null if there is none. */
  followName(digest) {
    if ((digest === null) === this.isGone) return;
    this.isGone = digest === null;
    this.isBehind = !this.isGone && this.isChanged;
    if (this.isGone || this.isBehind) this.warnNew(); else this.followDisk(); // nothing was written into it yet
  }

  /** Say that the file is new, and whether another one has its name by now; `more` is added. */
  warnNew(more = []) {
    const button = (label, act) => h("button", { type: "button", onclick: act }, label);
    this.warn(h("div.stack", {}, h("p", {}, h("strong", {}, "This file is new. "),
      this.isGone ? "It is not on disk until you save it. " : "Another file with its name is on disk by now. Nothing is overwritten: Save shows both. ",
      button("Another name …", () => this.giveAnotherName()), " ", button("Discard the draft", () => this.discardShown())), more));
  }

  /** Show the file as it is on disk, unless the text has changes. Of a file that is gone by then the text stays: the next look says it was deleted. */
  async followDisk() {
    const { path } = this, opened = this.app.opened.get(path);
    const file = await this.app.file(path).catch((error) => { if (error.status !== 404) throw error; return { digest: null }; });
    if (file.digest === null) { this.app.opened.set(path, opened); return; }
    if (path === this.path && this.view && !this.isChanged) { this.takeFromDisk(file.text, file.digest); this.app.notify("This file changed on disk, and is shown as it is now.", ""); }
  }

  /** Show the text with both changes, the one on disk and the own one, as a draft of the text on disk. */
  showMerged(both, disk, digest) {
    this.base = disk;
    this.digest = digest;
    this.isGone = this.isBehind = false;
    replaceText(this.view, this.form.inEditor(both), "input.merge");
    this.drafts.keep(digest, this.text);
    this.warn(h("p", {}, h("strong", {}, "Your text now has both changes. "), "It is not saved: look at the findings and the results, then save. Undo takes the other change out again."));
    this.showState();
    this.view.focus();
  }

  /** Say in the tab in which a draft was begun that another tab goes on with it. */
  tellTakenOver() {
    if (!this.view || !this.isChanged) return;
    this.warn(h("p", {}, h("strong", {}, "Another tab has taken over your draft of this file. "), "Go on in one of the two tabs only: if you type here, this text is a draft of its own again, and whoever saves second is shown both."));
  }

  takeFromDisk(text, digest) {
    this.base = text;
    this.digest = digest;
    this.isGone = this.isBehind = false;
    this.form = new FileForm(text);
    replaceText(this.view, this.form.inEditor(text), "input.disk");
    this.drafts.discard();
    this.warn(null);
    this.showState();
  }

  /** Show the newest draft, and offer the others. */
  restore(listed) {
    const [draft, ...others] = listed;
    const { digest, base } = this;
    this.digest = draft.base;
    this.isBehind = this.digest !== digest && !this.isGone;
    if (this.digest !== digest) this.app.opened.delete(this.path);
    const show = (shown) => this.drafts.takeOver(shown, () => replaceText(this.view, this.form.inEditor(shown.text), "input.draft"));
    show(draft);
    const when = (at) => (at > 0 ? ` of ${new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}` : "");
    const offered = others.map((other) => h("p", {}, `There is another draft${when(other.at)}. `, h("button", { type: "button", onclick: () => { this.digest = other.base; show(other); } }, "Take it"), " ",
      h("button", { type: "button", onclick: (event) => { this.drafts.forget(other); event.target.closest("p").remove(); } }, "Discard it")));
    this.discardShown = () => this.discardDraft(draft, base, digest);
    if (this.isNew) { this.warnNew(offered); return; }
    this.warn(h("div.stack", {},
      h("p", {}, h("strong", {}, `This is your draft${when(draft.at)}. `), "It was not saved. ", draft.base && draft.base !== digest && "The file changed on disk since; Save shows both changes. ",
        h("button", { type: "button", onclick: () => confirm("Draft", diff(base, this.text), "Close") }, "Show what changed"), " ",
        h("button", { type: "button", onclick: () => this.discardShown() }, "Discard the draft")), offered));
  }

  /** Show the file as it is on disk instead of a draft; of a file that is not on disk, nothing is left then. */
  async discardDraft(draft, base, digest) {
    const { isNew } = this;
    this.drafts.forget(draft);
    if (isNew && !this.isGone) { const { path } = this; await this.drafts.discard(); await this.close(); await this.open(path); return; }
    if (!this.isGone) { this.digest = digest; this.app.opened.set(this.path, { text: base, digest }); this.takeFromDisk(base, digest); return; }
    await this.drafts.discard();
    await this.close();
    fill(this.main, h("h1", {}, "Features"), h("p", { role: "status" }, isNew ? "The draft was discarded. It was never saved, so no file was changed." : "The draft was discarded. Its file was deleted before, so nothing is left of it."));
    this.list.select(null);
    this.app.go("#/feature");
  }

  warn(content) { fill(this.banner, content && h("div.panel.warning", { role: "status" }, content)); }

  onKey(event) {
    if (!this.view || document.querySelector("dialog[open]")) return;
    const control = event.ctrlKey || event.metaKey;
    const act =
      control && !event.shiftKey && event.key.toLowerCase() === "s" ? () => this.save()
      : control && event.shiftKey && event.key.toLowerCase() === "f" ? () => this.format()
      : control && event.key === "Enter" ? () => this.tryAll()
      : control && event.key === "." ? () => this.fixHere()
      : event.key === "F2" ? () => this.rename()
      : event.key === "F8" ? () => (event.shiftKey ? previousFinding : nextFinding)(this.view)
      : null;
    if (!act || (this.app.readOnly && ["F2", "s", "S", "f", "F", "."].includes(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}
