/** Drafts: kept in this browser with each key, and by the server a moment later, so that neither can lose them. */

import { tab } from "../api.js";

/** Beginning of the keys of a project: another one may be served at the same address later. */
const startOf = (app) => `sop-draft ${app.project.id} `;
const tabAndPath = (app, key) => { const [of, ...path] = key.slice(startOf(app).length).split(" "); return { of, path: path.join(" ") }; };
const keysOf = (app) => Object.keys(localStorage).filter((key) => key.startsWith(startOf(app)));
const KEEP_MS = 400;

/** The drafts of one file. */
export class Drafts {
  constructor(app, path) {
    this.app = app;
    this.path = path;
    this.timer = null;
    this.isInBrowser = true;
    this.refusal = null; // why the server has not kept the last text that it was sent
  }

  /** Why neither the browser nor the server keeps the text; null if one of them does. */
  get loss() { return this.isInBrowser ? null : this.refusal; }

  get key() { return this.keyOf(tab); }

  keyOf(other) { return `${startOf(this.app)}${other} ${this.path}`; }

  /** Keep `text`, made from the content with the digest `base`. */
  keep(base, text) {
    if (this.app.readOnly) return;
    // with the tabs whose drafts it goes on with, as long as the server does not know it
    try { localStorage.setItem(this.key, JSON.stringify({ base, text, at: Date.now(), replaced: this.app.taken.get(this.path) ?? [] })); this.isInBrowser = true; } catch { localStorage.removeItem(this.key); this.isInBrowser = false; /* the server keeps it */ }
    if (!this.pending) this.timer = setTimeout(() => this.flush(), KEEP_MS); // counted from the first key, so that typing on does not put it off
    this.pending = [base, text];
  }

  async flush() {
    clearTimeout(this.timer);
    if (!this.pending) return;
    const [base, text] = this.pending;
    this.pending = null;
    try { await this.send(base, text); this.refusal = null; } catch (error) { this.refusal = error.message; /* kept in this browser */ }
    if (!this.isInBrowser) this.app.emit("drafts");
  }

  /** Send a draft after the one before it has arrived, so that none overtakes another. */
  send(base, text) {
    const next = () => this.app.draft(this.path, base, text);
    this.sent = (this.sent ?? Promise.resolve()).then(next, next);
    return this.sent;
  }

  /** Send what was not sent yet, because the page is being closed: nobody waits for the request before. */
  flushAtEnd() {
    if (!this.pending) return;
    clearTimeout(this.timer);
    const [base, text] = this.pending;
    this.pending = null;
    this.app.draft(this.path, base, text, true).catch(() => { /* kept in this browser */ });
  }

  /** Discard the draft of this tab, and that of the server. */
  async discard() {
    clearTimeout(this.timer);
    this.pending = null;
    localStorage.removeItem(this.key);
    if (!this.app.readOnly) { try { await this.send(null, null); } catch { /* offered again */ } }
  }

  /** Return the drafts that are not the text of the file, the newest first: of this browser's tabs, and those `ofServer`, which has the newest first. */
  list(ofServer, text) {
    const listed = keysOf(this.app).filter((key) => tabAndPath(this.app, key).path === this.path)
      .map((key) => { try { const draft = JSON.parse(localStorage.getItem(key)); return { ...draft, key, tabs: [tabAndPath(this.app, key).of, ...(draft.replaced ?? [])] }; } catch { return null; } }).filter((draft) => typeof draft?.text === "string");
    for (const [number, draft] of ofServer.entries()) { // this browser has the last text of its tabs, the server that of a moment before
      const same = listed.find((other) => other.text === draft.text); // left twice: by a tab that ended before it took over the draft of another
      if (same) same.tabs.push(draft.tab);
      else if (!listed.some((other) => other.tabs.includes(draft.tab))) listed.push({ ...draft, at: -number, key: null, tabs: [draft.tab] });
    }
    for (const draft of listed) if (draft.text === text && draft.key) localStorage.removeItem(draft.key);
    return listed.filter((draft) => draft.text !== text).sort((one, other) => other.at - one.at);
  }

  /** Go on with a draft that another tab has left: `show` its text, which is this tab's from now on, and the server keeps it as this tab's only. */
  takeOver(draft, show) {
    this.app.taken.set(this.path, [...(this.app.taken.get(this.path) ?? []), ...draft.tabs]);
    show();
    this.flush(); // nobody is typing: the server keeps it at once, also if the browser ends in the next moment
    if (draft.key && draft.key !== this.key && localStorage.getItem(this.key)) localStorage.removeItem(draft.key);
  }

  /** Forget the draft that was saved with another change, in this browser and on the server, unless its tab has gone on since. */
  async forgetSaved({ tab: of, text }) {
    try { if (JSON.parse(localStorage.getItem(this.keyOf(of)))?.text === text) localStorage.removeItem(this.keyOf(of)); } catch { /* no draft */ }
    try {
      const { drafts } = await this.app.get(`/api/file?path=${encodeURIComponent(this.path)}`);
      if (drafts.some((draft) => draft.tab === of && draft.text === text)) await this.app.discardOf(this.path, of);
    } catch { /* offered again */ }
  }

  /** Forget one draft of the list, in this browser and on the server. */
  async forget(draft) {
    if (draft.key) localStorage.removeItem(draft.key);
    try { for (const other of draft.tabs) await this.app.discardOf(this.path, other); } catch { /* offered again */ }
  }
}

/** Return the paths of the files that have a draft in this browser. */
const pathsInBrowser = (app) => keysOf(app).map((key) => tabAndPath(app, key).path);

/** Return the paths with a draft of a file that is new: none was on disk when it was begun. */
export const newPaths = (app) => new Set([...app.project.new_drafts,
  ...keysOf(app).filter((key) => { try { return JSON.parse(localStorage.getItem(key)).base === null; } catch { return false; } }).map((key) => tabAndPath(app, key).path)]);

/** Return the paths of the files that have a draft, on the server or in this browser. */
export const pathsWithDraft = (app) => [...new Set([...(app.project.drafts ?? []), ...(app.readOnly ? [] : pathsInBrowser(app))])].sort();
