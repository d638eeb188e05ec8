/** The list of features: those that failed first, with a search. */

import { counted, fill, h } from "../dom.js";
import { symbolOf } from "./results.js";

/** Return what the last run says of a feature, and the status that it is shown with. */
function stateOf({ state, failed, passed, findings, other }) {
  const status = state === "not run" ? "not run" : failed || findings ? "failed" : passed ? "passed" : "not run";
  const results = [failed && `${failed} failed`, findings && counted(findings, "finding"), passed && `${passed} passed`, other && `${other} other`].filter(Boolean).join(", ");
  return { status, words: state === "not run" ? "not run yet" : state === "stale" ? `${results} before a change` : results, isStale: state === "stale" };
}

/** A list with a search; `draftsOf()` returns the paths with a draft. */
export class FeatureList {
  constructor(root, { open, draftsOf }) {
    Object.assign(this, { root, open, draftsOf });
    this.features = [];
    this.search = h("input", { type: "search", "aria-label": "Search features", placeholder: "Search features  /", oninput: () => this.draw() });
    this.items = h("ul.features");
    this.count = h("p.quiet", { role: "status" });
    fill(root, h("details.list", { open: innerWidth > 900 }, h("summary", {}, h("h2", {}, "Features")), this.search, this.count, this.items));
  }

  show(features) { this.features = features; this.draw(); }

  select(path) {
    this.path = path;
    this.draw();
  }

  draw() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = this.features.filter(({ path, name }) => words.every((word) => `${path} ${name}`.toLowerCase().includes(word)));
    const drafts = new Set(this.draftsOf());
    fill(this.count, words.length ? `${counted(shown.length, "feature")} of ${this.features.length}` : null);
    fill(this.items, shown.map((feature) => {
      const state = stateOf(feature);
      return h("li", {}, h("a", { href: `#/feature/${feature.path.split("/").map(encodeURIComponent).join("/")}`, "aria-current": feature.path === this.path ? "page" : null },
        h("span.mark", { class: `${state.status.replaceAll(" ", "-")}${state.isStale ? " is-stale" : ""}`, "aria-hidden": "true" }, symbolOf(state.status)),
        h("span.title", {}, feature.name, h("span.quiet", {}, ` ${feature.path.replace(/^features\//, "")}`),
          h("span.only-read", {}, `: ${state.words}`), drafts.has(feature.path) && h("em", {}, " · draft"))));
    }));
  }
}
