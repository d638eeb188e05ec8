/** The page: header, routes, what changed on disk, and saving. Each screen is a module below `screens/`. */

import * as api from "./api.js";
import { closeDialogs, confirm, diff, notify, threeWay, twoFiles, withdraw } from "./dialogs.js";
import { counted, fill, h } from "./dom.js";
import { merged } from "./merging.js";
import { RunState } from "./run_state.js";

const GROUPS = {
  Edit: { case: "Case", feature: "Features", questions: "Questions" },
  Check: { review: "Review", gate: "Gate" },
  Work: { simulate: "Simulate", audit: "Audit" },
};
const SCREENS = Object.assign({}, ...Object.values(GROUPS));
const LOOK_MS = 1000, LONGEST_LOOK_MS = 15_000;
const SUSPENDED = "The workbench has not answered for a while. If it is suspended in its terminal, `fg` there lets it go on. What you type is kept in this browser.";

class App {
  constructor() {
    this.listeners = new Map();
    this.opened = new Map(); // path → the text that this tab last read, for the three-way view
    this.taken = new Map(); // path → the tabs whose draft is shown here, and which the draft of this tab replaces
    this.announced = new Set(); // the paths of the drafts of this tab that another tab has taken over, as far as this tab has shown it
    this.leave = null;
    this.call = api.call;
    this.get = api.get;
    this.notify = notify;
    this.confirm = confirm;
  }

  get readOnly() { return this.project.read_only; }

  async start() {
    if (!api.takeToken()) throw new api.Problem(401, { title: "No token", detail: "open the workbench with the whole link that `sop workbench` printed" });
    this.project = await api.get("/api/project");
    this.revision = this.project.revision;
    this.showMenu();
    this.run = new RunState(this, document.getElementById("run"), this.project.run);
    this.on("changes", () => { this.showState(); this.run.refresh(); });
    this.showState();
    this.run.refresh();
    addEventListener("hashchange", () => (location.hash.startsWith("#token=") ? location.reload() : this.leaveFor())); // the link of a new start
    addEventListener("keydown", (event) => this.key(event));
    document.querySelector("a.skip").addEventListener("click", (event) => { event.preventDefault(); document.getElementById("screen").focus(); }); // its address is no route
    addEventListener("beforeunload", (event) => { if (this.isUnsaved?.()) event.preventDefault(); });
    setInterval(() => this.look(), LOOK_MS);
    addEventListener("visibilitychange", () => this.look());
    await this.route();
  }

  on(event, listener) {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
    return () => this.listeners.set(event, this.listeners.get(event).filter((other) => other !== listener));
  }

  emit(event, data) { for (const listener of this.listeners.get(event) ?? []) listener(data); }

  showMenu() {
    fill(document.getElementById("screens"),
      Object.entries(GROUPS).map(([group, screens]) => h("li.group", {}, h("span.nav-group", { id: `group-${group}` }, group),
        h("ul", { "aria-labelledby": `group-${group}` }, Object.entries(screens).map(([name, title]) => h("li", {}, h("a", { href: `#/${name}`, "data-screen": name }, title)))))),
      this.project.has_site && documentLink());
  }

  showState(text) {
    fill(document.getElementById("state"), this.readOnly && h("strong", {}, "read only · "), text ?? this.project.rulebook ?? "");
  }

  go(route) { location.hash = route; }

  /** Follow another address, as by the button Back; what was being asked is not answered. */
  leaveFor() {
    closeDialogs();
    return this.route();
  }

  async route() {
    const [, name, written] = location.hash.match(/^#\/(\w+)\/?(.*)$/) ?? [null, "case", ""];
    const place = decoded(written);
    const screen = name in SCREENS ? name : "case";
    const root = document.getElementById("screen");
    sessionStorage.setItem("sop-workbench-route", location.hash);
    const hadFocus = document.activeElement !== document.body;
    if (this.current === screen && this.reroute) {
      await this.reroute(place);
      if (hadFocus) focusTitle(root);
      return;
    }
    if (this.leave) await this.leave();
    this.leave = this.reroute = this.isUnsaved = null;
    this.current = screen;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    for (const link of document.querySelectorAll("#screens a[data-screen]"))
      link.dataset.screen === screen ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    document.title = `${SCREENS[screen]} · SOP workbench: ${this.project.folder}`;
    fill(root, h("p.quiet", {}, "…"));
    try {
      const module = await import(`./screens/${screen}.js`);
      if (this.turn !== turn) return;
      const own = h("div");
      fill(root, own);
      const leave = (await module.show(own, place, this)) ?? null;
      if (this.turn === turn) { this.leave = leave; if (hadFocus) focusTitle(root); }
      else leave?.(); // another route was asked for meanwhile
    } catch (error) {
      if (this.turn === turn) this.showError(error, root);
    }
  }

  /** Show the present screen anew, for what is known now. */
  async reopen() {
    this.current = null;
    await this.route();
  }

  /** Say in `place` that a register changed on disk, with a button that shows `what` as it is now. */
  showOld(place, what, act = () => this.reopen()) {
    if (place.querySelector("#register-changed")) return;
    place.prepend(h("p#register-changed.error", { role: "alert" }, "The register changed on disk; what you see may be old. ", h("button", { type: "button", onclick: act }, `Show ${what} as it is now`)));
  }

  /** Show an error in `place`; of the whole screen if there is none. */
  showError(error, place = document.getElementById("screen")) {
    if (error.name === "AbortError") return;
    if (!(error instanceof api.Problem)) console.error(error);
    fill(place, h("p.error", { role: "alert" }, error instanceof api.Problem ? `${error.title}: ${error.message}` : `This page has an error: ${error.message}. Reload it; drafts are kept.`));
  }

  key(event) {
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName) && !document.activeElement?.isContentEditable) {
      const search = document.querySelector("#screen input[type=search]");
      if (search) { event.preventDefault(); search.closest("details")?.setAttribute("open", ""); search.focus(); }
    }
  }

  async look() {
    if (document.hidden || this.isLooking) return;
    this.isLooking = true;
    const stop = new AbortController(), limit = setTimeout(() => stop.abort(), LONGEST_LOOK_MS);
    try {
      const { revision, changes, taken, run, has_site: hasSite } = await api.get(`/api/changes?since=${this.revision}&tab=${api.tab}`, stop.signal);
      clearTimeout(limit);
      const hadNoAnswer = withdraw(`: ${api.NO_ANSWER}`);
      if (this.isAway || hadNoAnswer) {
        this.isAway = false;
        this.away?.remove();
        notify(`The workbench answers again.${hadNoAnswer ? " Repeat what it did not do meanwhile." : ""}`, "good");
        this.emit("back");
      }
      for (const path of taken.filter((other) => !this.announced.has(other))) { this.announced.add(path); this.emit("taken-over", path); }
      this.run.follow(run);
      if (hasSite && !this.project.has_site) { this.project.has_site = true; document.getElementById("screens").append(documentLink()); }
      if (revision === this.revision) return;
      this.project = await api.get("/api/project");
      this.revision = revision;
      this.emit("changes", changes.filter((change) => change.by !== api.tab));
    } catch (error) {
      if (error.status === 401) withdraw(api.NO_ANSWER);
      if (error.status === 401) notify("The workbench was started again: open the link that it printed. Drafts are kept.", "bad");
      else if (!this.isAway) { this.isAway = true; this.away = notify(stop.signal.aborted ? SUSPENDED : error.message, "bad"); }
    } finally {
      clearTimeout(limit);
      this.isLooking = false;
    }
  }

  /** Return a file of the project: {path, text, digest, draft}; remembers its text for the three-way view. */
  async file(path) {
    const file = await api.get(`/api/file?path=${encodeURIComponent(path)}`);
    this.opened.set(path, { text: file.text, digest: file.digest });
    return file;
  }

  /** Keep or (without a text) discard the draft of a file on the server; with `keepalive` although the page is being closed. */
  async draft(path, base, text, keepalive = false) {
    await api.put("/api/draft", { path, base, text, tab: api.tab, taken: this.taken.get(path) ?? [] }, { keepalive });
    this.taken.delete(path);
    this.announced.delete(path);
    const drafts = this.project.drafts.filter((other) => other !== path);
    if (text !== null) drafts.push(path);
    const isOther = drafts.length !== this.project.drafts.length;
    this.project.drafts = drafts.sort();
    this.project.new_drafts = [...this.project.new_drafts.filter((other) => other !== path), ...(text !== null && base === null ? [path] : [])];
    if (isOther) this.emit("drafts");
  }

  /** Discard the draft of a file that another tab has kept on the server. */
  async discardOf(path, tab) { await api.put("/api/draft", { path, base: null, text: null, tab, taken: [] }); }

  /**
   * Ask, and save `changes` ([{path, digest, text}]) all together; return the new digests by path, or null if nothing was saved.
   * A file that changed on disk is never overwritten without the three-way view; or `conflict` gets the conflicts, and its result is returned.
   * `merge(both, disk, digest)` shows the text with both changes, which is not saved; without it, no merging is offered. `rename()` gives a
   * new file another name, if one with its name is on disk by now: it is not overwritten.
   */
  async save(changes, options) {
    if (this.isSaving) return null; // asked twice, as by a double click
    this.isSaving = true;
    try { return await this.saveNow(changes, options); } finally { this.isSaving = false; }
  }

  async saveNow(changes, { title = "Save?", before = new Map(), asks = true, body = null, conflict = null, merge = null, rename = null } = {}) {
    if (this.readOnly) { notify("This workbench is read only; nothing was saved.", "bad"); return null; }
    if (asks) {
      const parts = changes.map(({ path, text }) => [h("h3", {}, path), diff(before.get(path) ?? this.opened.get(path)?.text ?? "", text)]);
      if (!(await confirm(title, [body, ...parts], `Save ${counted(changes.length, "file")}`))) return null;
    }
    try {
      const { digests } = await api.post("/api/save", { changes, tab: api.tab });
      for (const { path, text } of changes) this.opened.set(path, { text, digest: digests[path] });
      notify(`Saved: ${changes.map((change) => change.path).join(", ")}`, "good");
      return digests;
    } catch (error) {
      if (error.status !== 409) { notify(`${error.title}: ${error.message}`, "bad"); return null; }
      return (conflict ?? ((conflicts) => this.resolve(changes, conflicts, merge, rename)))(error.problem.conflicts);
    }
  }

  /** Show the three texts of each conflict, and save again with what the user chose. */
  async resolve(changes, conflicts, merge, rename) {
    const chosen = new Map(changes.map((change) => [change.path, change]));
    for (const { path, text, digest } of conflicts) {
      const opened = this.opened.get(path)?.text ?? null, mine = chosen.get(path).text;
      const both = merge && text !== null ? merged(opened, text, mine) : null;
      const isNew = rename && text !== null && chosen.get(path).digest === null;
      const choice = await (isNew ? twoFiles(path, text, mine) : threeWay(path, opened, text, mine, both));
      if (choice === "rename") await rename();
      if (choice === null || choice === "rename") return null;
      if (choice === "both") { this.opened.set(path, { text, digest }); merge(both, text, digest); return null; }
      if (choice === "mine") chosen.set(path, { ...chosen.get(path), digest });
      else { chosen.delete(path); this.opened.set(path, { text, digest }); this.emit("taken-from-disk", { path, text, digest }); }
    }
    return chosen.size ? this.saveNow([...chosen.values()], { asks: false }) : null;
  }
}

/** Return the entry of the menu that opens the living document. */
const documentLink = () => h("li", {}, h("a", { href: "/site/index.html", target: "_blank" }, "Document"));

/** Move the focus to the title of a screen, if what had it is gone. */
function focusTitle(root) {
  const title = document.activeElement === document.body && root.querySelector("h1");
  if (title) { title.tabIndex = -1; title.focus(); }
}

/** Return the place in an address; one with a `%` that encodes nothing, as somebody may type it, is taken as it is. */
function decoded(place) {
  try {
    return decodeURIComponent(place);
  } catch {
    return place;
  }
}

const app = new App();
app.start().catch((error) => app.showError(error));
