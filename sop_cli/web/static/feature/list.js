/** The list of features: those that failed first, with a search in their titles and in the text of their scenarios. */

import { counted, fill, h } from "../dom.js";
import { symbolOf } from "./results.js";

const MOST_SCENARIOS = 8;
const NARROW = "(max-width: 56rem)";

/** Return what the last run says of a feature, and the status that it is shown with. */
function stateOf({ state, failed, passed, findings, other }) {
  if (["deleted", "new"].includes(state)) return { status: "not run", words: state === "new" ? "not saved yet" : "deleted, its draft is kept", isStale: false };
  const status = state === "not run" ? "not run" : failed || findings ? "failed" : passed ? "passed" : "not run";
  const results = [failed && `${failed} failed`, findings && counted(findings, "finding"), passed && `${passed} passed`, other && `${other} other`].filter(Boolean).join(", ");
  return { status, words: state === "not run" ? "not run yet" : state === "stale" ? `${results} before a change` : results, isStale: state === "stale" };
}

/** A list with a search; `draftsOf()` returns the paths with a draft, `newOf()` those of new files, and `make()` makes one, if that is allowed. */
export class FeatureList {
  constructor(root, { draftsOf, newOf, make }) {
    Object.assign(this, { root, draftsOf, newOf });
    this.features = [];
    this.search = h("input", { type: "search", "aria-label": "Search features and scenarios", placeholder: "Search  /", oninput: () => this.draw(),
      onkeydown: (event) => { if (event.key === "Enter") this.items.querySelector("a")?.click(); } });
    this.items = h("ul.features");
    this.count = h("p.quiet", { role: "status" });
    this.fold = h("details.list", { open: true }, h("summary", {}, h("h2", {}, "Features")), this.search, make && h("button.new-feature", { type: "button", onclick: make }, "New feature file …"), this.count, this.items);
    fill(root, this.fold);
  }

  show(features) {
    this.features = features;
    this.isLoaded = true;
    this.draw();
  }

  /** Return entries for the drafts of files that are not on disk: not any more, or not yet. */
  withoutFile(drafts) {
    const known = new Set(this.features.map(({ path }) => path)), fresh = this.newOf();
    return [...drafts].filter((path) => this.isLoaded && !known.has(path) && /^features\/.*\.feature$/.test(path)).sort()
      .map((path) => ({ path, name: fresh.has(path) ? "New file" : "Deleted file", state: fresh.has(path) ? "new" : "deleted", failed: 0, passed: 0, other: 0, findings: 0, scenarios: [] }));
  }

  select(path) {
    this.path = path;
    if (matchMedia(NARROW).matches) this.fold.open = !path; // the text is below it
    this.draw();
  }

  draw() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const drafts = new Set(this.draftsOf());
    const matching = [...this.withoutFile(drafts), ...this.features].map((feature) => ({ feature, ...matches(feature, words) })).filter(({ isNamed, scenarios }) => isNamed || scenarios.length);
    if (words.length) matching.sort((one, other) => other.isNamed - one.isNamed); // the order is kept otherwise
    const found = matching.reduce((sum, { scenarios }) => sum + scenarios.length, 0);
    fill(this.count, words.length ? `${counted(found, "scenario")} in ${matching.length} of ${counted(this.features.length, "feature")}` : null);
    const focused = this.items.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    fill(this.items, matching.map(({ feature, scenarios }) => {
      const state = stateOf(feature);
      return h("li", {},
        h("a", { href: routeTo(feature.path), "aria-current": feature.path === this.path ? "page" : null },
          h("span.mark", { class: `${state.status.replaceAll(" ", "-")}${state.isStale ? " is-stale" : ""}`, "aria-hidden": "true" }, symbolOf(state.status)),
          h("span.title", {}, feature.name, h("span.quiet", {}, ` ${feature.path.replace(/^features\//, "")}`),
            h("span.only-read", {}, `: ${state.words}`), drafts.has(feature.path) && h("em", {}, " · draft"))),
        scenarios.length > 0 && h("ul.scenarios", {}, scenarios.slice(0, MOST_SCENARIOS).map(({ line, name }) => h("li", {}, h("a", { href: `${routeTo(feature.path)}:${line}` }, name || `line ${line}`))),
          scenarios.length > MOST_SCENARIOS && h("li.quiet", {}, `and ${counted(scenarios.length - MOST_SCENARIOS, "more scenario")}`)));
    }));
    if (focused) [...this.items.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
  }
}

/** Return the route to a feature. */
export const routeTo = (path) => `#/feature/${path.split("/").map(encodeURIComponent).join("/")}`;

/** Return whether title or path of a feature have all words, and which of its scenarios have them; without words, none is looked at. */
function matches({ path, name, scenarios }, words) {
  const has = (text) => words.every((word) => text.toLowerCase().includes(word));
  return { isNamed: has(`${path} ${name}`), scenarios: words.length ? scenarios.filter((scenario) => has(`${scenario.name} ${scenario.text}`)) : [] };
}
