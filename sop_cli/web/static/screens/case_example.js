/** A new example of a case: which cases, in which Rule, with which name; its text, what the lint says, then saved or put into the editor. */

import { counted, fill, h } from "../dom.js";
import { Drafts } from "../feature/drafts.js";
import { askForFile, folderOf, keepAsNew } from "../feature/new_file.js";
import { route } from "./case_form.js";

const WAIT_MS = 250;

/** Return the button that opens the panel, and the panel. `saved` is called after a save. */
export function panel({ app, found, reading, saved }) {
  const place = h("div");
  const button = h("button", { type: "button", "aria-expanded": "false", onclick: () => {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) fill(place); else new Panel(app, found, reading, place, saved).open();
  } }, found.examples.length ? "Add another example" : "Add an example");
  return h("div.stack", {}, h("p", {}, button), place);
}

class Panel {
  constructor(app, found, reading, root, saved) {
    Object.assign(this, { app, found, reading, root, saved, timer: null, asking: null });
    this.cases = h("select#example-cases", { onchange: () => this.showPlaces() }, found.addable.map(({ name }, at) => h("option", { value: String(at) }, name)));
    this.places = h("select#example-place", { onchange: () => this.propose() });
    this.name = h("input#example-name", { type: "text", autocomplete: "off", maxLength: 300, oninput: () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.propose(), WAIT_MS); } });
    this.preview = h("div.stack", { "aria-live": "polite" });
  }

  async open() {
    const several = this.found.addable.length > 1;
    fill(this.root, h("form.panel.stack", { "aria-label": "New example", onsubmit: (event) => { event.preventDefault(); this.save(); } },
      several && h("div", {}, h("label", { for: "example-cases" }, `The cases have ${counted(this.found.addable.length, "answer")}; the example states one of them`), this.cases),
      h("div", {}, h("label", { for: "example-place" }, "Feature and Rule"), this.places, h("p.field-note.quiet", {}, "The first one fits best. A Rule fits if the answer cites its tags.")),
      h("div", {}, h("label", { for: "example-name" }, "Name of the scenario"), this.name, h("p.field-note.quiet", {}, "Left empty, the name says the case and its answer.")),
      this.preview));
    await this.showPlaces();
    (several ? this.cases : this.places).focus();
  }

  get facts() { return this.found.addable[Number(this.cases.value)].facts; }

  async attempt(work) {
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    try { await work(signal); } catch (error) { if (!signal.aborted) this.app.showError(error, this.preview); }
  }

  showPlaces() {
    this.offered = null;
    return this.attempt(async (signal) => {
      this.offered = await this.app.call("case.places", { facts: this.facts, reading: this.reading }, { signal });
      const option = (at) => h("option", { value: String(at) }, this.offered[at].rule || `${this.offered[at].feature} (no Rule)`);
      const groups = new Map();
      this.offered.forEach(({ path, feature }, at) => { if (at) groups.set(path, [...(groups.get(path) ?? [`${feature} (${path})`]), at]); });
      fill(this.places,
        this.offered.length > 0 && h("optgroup", { label: `Proposed: ${this.offered[0].path}` }, option(0)),
        [...groups.values()].map(([label, ...places]) => h("optgroup", { label }, places.map(option))));
      this.places.disabled = !this.offered.length;
      if (this.offered.length) await this.proposeWith(signal);
      else fill(this.preview, h("p", {}, "No feature file can take an example of this case."), h("div.row", {}, this.newFileButton()));
    });
  }

  /** Propose again; while the places are being computed, the proposal that follows them has what was typed. */
  propose() { return this.offered?.length ? this.attempt((signal) => this.proposeWith(signal)) : null; }

  async proposeWith(signal) {
    const { path, line, rule } = this.offered[Number(this.places.value)];
    const file = await this.app.file(path), { draft } = file, name = this.name.value;
    if (signal.aborted) return; // another place was chosen while this file came
    const proposal = await this.app.call("case.example", { facts: this.facts, reading: this.reading, path, line, rule, text: draft?.text ?? null, name }, { signal });
    if (signal.aborted) return;
    this.file = file;
    this.proposal = proposal;
    this.proposedName = name;
    const faults = [...proposal.findings, ...(proposal.double ? ["it would say the same as another example, and the lint refuses that"] : [])];
    this.isSound = !faults.length;
    fill(this.preview,
      h("h3", {}, `${path}, line ${proposal.line}`),
      h("pre", { tabindex: "0", "aria-label": "Text of the example" }, proposal.scenario),
      draft && h("p.quiet", {}, "This file has changes that are not saved; the example is added to them, and they are saved with it."),
      proposal.double && h("p", {}, "This example says the same: ", h("a", { href: route(proposal.double.place) }, proposal.double.name)),
      proposal.findings.length > 0 && h("ul.error", {}, proposal.findings.map((finding) => h("li", {}, finding))),
      h("div.row", {},
        h("button.main", { type: "submit", disabled: faults.length > 0 }, "Save…"),
        h("button", { type: "button", onclick: () => this.edit() }, "Open in the editor, not saved"), this.newFileButton()),
      proposal.findings.length === 0 && h("p#example-result", {}, "Trying it in a copy…"),
      faults.length > 0 && h("p.field-note.quiet", {}, "It cannot be saved from here because of what is listed above. You can change it in the editor."));
    this.tryIt(signal);
  }

  /** Run the example in a copy and show its result. */
  async tryIt(signal) {
    const { path, text, line, last } = this.proposal, place = this.preview.querySelector("#example-result");
    if (!place) return;
    try {
      const { examples } = await this.app.call("feature.check", { path, text }, { signal });
      const keys = examples.filter((one) => one.scenario >= line && one.scenario <= last).map((one) => one.key);
      const { results, obstacles } = await this.app.call("feature.try", { path, text, keys }, { signal });
      const statuses = Object.values(results), passed = statuses.filter(({ status }) => status === "passed").length;
      const reasons = [...Object.values(obstacles), ...statuses.flatMap((one) => one.reasons)];
      if (signal.aborted) return;
      place.className = `mark ${passed === keys.length ? "passed" : "failed"}`;
      fill(place, passed === keys.length ? `✓ ${counted(passed, "example")} tried in a copy: passed` : `✗ ${passed} of ${counted(keys.length, "example")} passed in a copy: ${reasons.join("; ")}`);
    } catch (error) { if (!signal.aborted) this.app.showError(error, place); }
  }

  newFileButton() { return h("button", { type: "button", onclick: () => this.begin() }, "Begin a new feature file with it …"); }

  /** Ask for a new feature file, and open it in the editor with the example as its draft; nothing is written over another file or draft. */
  async begin() {
    const { facts, reading } = this, name = this.name.value;
    const made = await askForFile(this.app, folderOf(this.proposal?.path ?? ""), h("p.quiet", {}, "It begins with this example. It is not saved."));
    if (!made) return;
    try {
      const { text } = await this.app.call("case.first_example", { facts, reading, path: made.path, text: made.text, name });
      if (await keepAsNew(this.app, made.path, text)) this.app.go(route(`${made.path}:${made.line}`));
    } catch (error) { this.app.showError(error, this.preview); }
  }

  /** Wait for the proposal with the name that was typed; return whether there is one. */
  async settled() {
    clearTimeout(this.timer);
    if (this.proposedName !== this.name.value) await this.propose();
    return this.proposedName === this.name.value;
  }

  async save() {
    if (!(await this.settled()) || !this.isSound) return;
    const { proposal, file } = this, { draft } = file;
    const change = { path: proposal.path, digest: draft ? draft.base : file.digest, text: proposal.text };
    if (change.digest !== file.digest) this.app.opened.delete(change.path); // the text on disk is not the one that the draft was made from
    const digests = await this.app.save([change], { title: "Save the example?", before: new Map([[change.path, file.text]]) });
    if (!digests) return;
    if (draft) await new Drafts(this.app, change.path).forgetSaved(draft);
    fill(this.root);
    await this.saved();
  }

  async edit() {
    if (!(await this.settled())) return;
    const { proposal, file } = this;
    try {
      const drafts = new Drafts(this.app, proposal.path);
      if (file.draft) this.app.taken.set(proposal.path, [file.draft.tab]); // the proposal goes on with it
      drafts.keep(file.draft ? file.draft.base : file.digest, proposal.text);
      await drafts.flush();
      this.app.go(route(`${proposal.path}:${proposal.line}`));
    } catch (error) { this.app.showError(error, this.preview); }
  }
}
