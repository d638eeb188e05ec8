/** The ticks of a review: kept in this browser, the same in all of its tabs, for the changes since one approval; each is of one content of a change. */

const startOf = (app) => `sop-ticks ${app.project.id} `;

/** Ids of changes that were ticked. A change with another content has another id, and after an approval none is ticked. */
export class ReviewTicks {
  constructor() { Object.assign(this, { ids: new Set(), key: null, isLost: false }); }

  /** Show what is ticked by `changed()`, also what another tab ticks. Return what ends that. */
  attach(app, changed) {
    this.app = app;
    this.read();
    const listener = (event) => { if (event.key === null || event.key === this.key) { this.read(); changed(); } };
    addEventListener("storage", listener);
    return () => removeEventListener("storage", listener);
  }

  /** The ticks are those of the changes since what is approved in `review`; null if none are listed yet. */
  follow(review) {
    const key = review && startOf(this.app) + review.approved;
    if (key === this.key) return;
    Object.assign(this, { key, ids: new Set(), isLost: false });
    if (key) this.read();
  }

  read() {
    if (!this.key || this.isLost) return; // what this tab could not write is not in the browser
    try { this.ids = new Set(JSON.parse(localStorage.getItem(this.key) ?? "[]")); } catch { localStorage.removeItem(this.key); this.ids = new Set(); }
  }

  /** What was ticked of `review` is approved. */
  forget(review) { localStorage.removeItem(startOf(this.app) + review.approved); }

  has(id) { return this.ids.has(id); }

  /** Tick a change or take its tick away; what other tabs ticked meanwhile stays. */
  set(id, isTicked) {
    this.read();
    isTicked ? this.ids.add(id) : this.ids.delete(id);
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(startOf(this.app)) && key !== this.key) localStorage.removeItem(key);
      localStorage.setItem(this.key, JSON.stringify([...this.ids]));
      this.isLost = false;
    } catch { this.isLost = true; }
  }
}
