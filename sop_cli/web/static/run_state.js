/** What the header says of the last run of the specification: its results, and whether files have changed since. */

import { counted, fill, h } from "./dom.js";
import { symbolOf } from "./feature/symbols.js";

const AGAIN_MS = 2000;

export class RunState {
  /** `id` is that of the last run that began before the state is asked for. */
  constructor(app, place, id) { Object.assign(this, { app, place, id, isAsking: false, asksAgain: false }); }

  /** The last run that began has the id `id`. */
  follow(id) {
    if (id !== this.id) this.refresh();
    this.id = id;
  }

  async refresh() {
    clearTimeout(this.timer);
    if (this.isAsking) { this.asksAgain = true; return; }
    this.isAsking = true;
    try {
      do { this.asksAgain = false; this.show(await this.app.call("project.run")); } while (this.asksAgain);
    } catch { fill(this.place); } finally { this.isAsking = false; }
  }

  show({ state, failed, passed, not_run: notRun, missing }) {
    if (state === "running") this.timer = setTimeout(() => this.refresh(), AGAIN_MS);
    const isRun = ["current", "stale"].includes(state);
    const results = [failed && `${failed} failed`, passed && `${passed} passed`, notRun && `${notRun} not run`].filter(Boolean).join(", ") || "no example";
    const look = failed ? "failed" : passed && !notRun && !missing ? "passed" : "not-run"; // only a whole run is green
    const words = { none: "not run yet", running: "did not end yet" }[state] ?? results;
    fill(this.place, h("a", { href: "#/gate" }, "Last run: ",
      h("span.mark", { class: `${isRun && state === "current" ? look : "not-run"}${state === "stale" ? " is-stale" : ""}` }, isRun && h("span", { "aria-hidden": "true" }, `${symbolOf(look.replace("-", " "))} `), words),
      isRun && missing > 0 && `, ${counted(missing, "new feature")} not run`, state === "stale" && ", before a change"));
  }
}
