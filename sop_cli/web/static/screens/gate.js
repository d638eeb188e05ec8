/** Gate: every check as a list that leads to the place. */

import { counted, fill, h } from "../dom.js";
import { Job, changedSince, draftNote, mark, placeLink, staleNote } from "../runs.js";

const job = new Job("example");
let last = null; // the last result {…, code}, or {error}; also while the screen is left
let shown = null; // draws the screen, null while it is left

export function show(root, place, app) {
  const buttons = h("div.row", {},
    h("button.main", { type: "button", onclick: () => run(app, "gate.check") }, "Check"),
    !app.readOnly && h("button", { type: "button", onclick: () => run(app, "gate.write") }, "Run everything and write the document"));
  const progress = h("div", {}), verdict = h("div", { role: "status" }), result = h("div.stack", {});
  root.append(h("h1", {}, "Gate"),
    h("p.lead", {}, "Every check that a reviewer makes before a change goes in, on the files as they are saved."),
    h("div.stack", {}, buttons, progress, verdict, result));

  shown = () => {
    for (const button of buttons.children) button.disabled = job.isRunning;
    fill(result, draftNote(app));
    if (!last) fill(verdict, h("p.quiet", {}, "Nothing has been checked in this page yet."));
    else if (last.error) app.showError(last.error, verdict);
    else {
      const stale = changedSince(last, app.project);
      fill(verdict, verdictOf(last, stale));
      result.append(...details(app, last, stale));
    }
  };
  const forget = app.on("changes", () => shown?.());
  job.attach(progress);
  shown();
  return () => { forget(); job.attach(null); shown = null; };
}

async function run(app, method) {
  const code = app.project.code;
  const judging = job.run(app, method);
  shown?.();
  try {
    const judged = await judging;
    if (judged) last = { ...judged, code };
    else app.notify("Cancelled; nothing was checked.");
  } catch (error) {
    last = { error };
  }
  shown?.();
}

function verdictOf(judged, stale) {
  const failed = judged.checks.filter((check) => check.state === "failed").length;
  const blocked = judged.checks.filter((check) => check.state === "not run").length;
  const all = judged.checks.length;
  const text = judged.open ? `✓ The gate is open: ${all} of ${all} checks passed` : `✗ The gate is closed: ${failed} of ${all} checks failed${blocked ? `, ${blocked} not judged yet` : ""}`;
  return [
    h("p.gate-verdict", { class: stale.length ? "stale" : judged.open ? "good" : "bad" }, h("strong", {}, text)),
    stale.length > 0 && staleNote(stale),
  ];
}

function details(app, judged, stale) {
  return [
    judged.run && h("p.quiet", {}, `Run written: ${judged.run}. `, judged.document ? h("a", { href: "/site/index.html", target: "_blank" }, "Open the living document") : "The living document is not written."),
    judged.trouble && h("p.error", {}, judged.trouble),
    h("ol.checks", { class: stale.length ? "is-stale" : "" }, judged.checks.map((check) => item(app, check))),
  ].filter(Boolean);
}

function item(app, check) {
  const screen = check.screen && h("a", { href: `#/${check.screen}` }, `Open ${check.screen[0].toUpperCase()}${check.screen.slice(1)}`);
  return h("li", { class: check.state.replaceAll(" ", "-") },
    h("div.row", {}, mark(check.state), h("strong", {}, check.name), h("span", {}, check.summary)),
    check.problems.length + check.notes.length > 0 && h("ul.gate-problems", {},
      check.problems.map((problem) => problemItem(app, problem)),
      check.left_out > 0 && h("li.quiet", {}, `and ${counted(check.left_out, "more problem")}`),
      check.notes.map((note) => problemItem(app, note))),
    check.state === "failed" && h("p.remedy", {}, "→ ", check.remedy, ". ", screen));
}

function problemItem(app, { message, rule, remedy, place }) {
  return h("li", {}, placeLink(app, place), place && " ", rule && h("span.tag", {}, `${rule} `), h("span.problem-text", {}, message), remedy && h("span.quiet", {}, `; ${remedy}`));
}
