/** The note of a review: kept in this browser until it is committed, and offered again; put onto other changes only by an explicit act. */

import { tab } from "../api.js";
import { fill, h } from "../dom.js";

const LONGEST_SHOWN = 120;

const startOf = (app) => `sop-note ${app.project.id} `;

/** The note of this tab: its text, the digest `of` of the changes that it is about (null until they are listed), and what is said beside it. */
export class ReviewNote {
  constructor() { Object.assign(this, { text: "", of: null, isCommitted: false, remark: null }); }

  /** Show the note in `area`, and what is to be said of it in `place`. */
  attach(app, area, place) {
    Object.assign(this, { app, area, place });
    area.value = this.text;
    area.addEventListener("input", () => { this.text = area.value; this.belongs(this.review); });
  }

  /** The note is about `review`, because it was typed, taken or approved with its changes in sight. */
  belongs(review) {
    Object.assign(this, { of: review?.digest ?? null, about: review?.summary ?? "", isCommitted: false, remark: null });
    this.keep();
    this.draw();
  }

  /** The note is the message of a commit: it is kept no longer, and not shown beside other changes. */
  committed() {
    this.isCommitted = true;
    this.keep();
  }

  keep() {
    const key = startOf(this.app) + tab;
    this.isLost = false;
    if (!this.text.trim() || this.isCommitted) { localStorage.removeItem(key); return; }
    try { localStorage.setItem(key, JSON.stringify({ text: this.text, of: this.of, about: this.about, at: Date.now() })); } catch { this.isLost = true; }
  }

  /** Return the notes of other tabs, also of those that were closed, the newest first; of equal ones the newest. */
  others() {
    const own = startOf(this.app) + tab, listed = [];
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(startOf(this.app)) || key === own) continue;
      try { listed.push({ ...JSON.parse(localStorage.getItem(key)), key }); } catch { localStorage.removeItem(key); }
    }
    listed.sort((one, other) => other.at - one.at);
    return listed.filter(({ text }, at) => typeof text === "string" && text !== this.text && listed.findIndex((other) => other.text === text) === at);
  }

  /** Follow the changes that are listed, null if none are yet. */
  follow(review) {
    const isOther = review && review.digest !== this.review?.digest;
    this.review = review;
    if (isOther && this.isCommitted && this.of !== review.digest) Object.assign(this, { text: "", of: null, isCommitted: false });
    if (isOther && this.text && this.of === null) this.belongs(review);
    if (isOther && this.text && !this.isCommitted && this.of !== review.digest) this.remark = "other";
    if (isOther && !this.text) {
      const mine = this.others().find(({ of }) => of === review.digest);
      if (mine) { this.take(mine); this.remark = "restored"; }
    }
    if (this.area.value !== this.text) this.area.value = this.text;
    this.draw();
  }

  take({ key, text }) {
    this.text = this.text.trim() ? `${this.text}\n\n${text}` : text;
    this.area.value = this.text;
    this.belongs(this.review);
    if (!this.isLost) this.forget(text, key);
  }

  /** Forget a note of another tab, and equal ones. */
  forget(text, key) {
    localStorage.removeItem(key);
    for (const { key: other, text: same } of this.others()) if (same === text) localStorage.removeItem(other);
  }

  draw() {
    const button = (label, act) => h("button", { type: "button", onclick: act }, label);
    const discard = button("Discard it", () => { this.text = this.area.value = ""; this.belongs(this.review); this.area.focus(); });
    const when = (at) => new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    const shown = (text) => (text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
    fill(this.place,
      this.isLost && h("p.error", {}, "This browser does not keep the note: its storage is full or closed. Copy the note before you close this tab."),
      this.remark === "restored" && h("p", {}, h("strong", {}, "This is what you typed before. "), "It was not committed. ", discard),
      this.remark === "other" && h("p", {}, h("strong", {}, "You typed this note for other changes than those listed now. "), button("Keep it for these", () => { this.belongs(this.review); this.area.focus(); }), " ", discard),
      this.others().map((other) => h("p", {}, h("strong", {}, `There is a note for ${this.review && other.of === this.review.digest ? "these" : "other"} changes`), ` (${[other.about, when(other.at)].filter(Boolean).join("; ")}): “${shown(other.text)}” `,
        button("Take it", () => { this.take(other); this.area.focus(); }), " ",
        button("Discard it", () => { this.forget(other.text, other.key); this.draw(); this.area.focus(); }))));
  }
}
