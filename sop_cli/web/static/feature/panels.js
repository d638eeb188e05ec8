/** What is below the text: findings with their fixes, and results with their reasons. */

import { counted, fill, h } from "../dom.js";
import { inWords, symbolOf } from "./results.js";

const MOST = 50;

/** Return a message with what it quotes as code. */
export const quoted = (text) => text.split("`").map((part, at) => (at % 2 ? h("code", {}, part) : part));

/** Show findings; `go(finding)` leads to one, `fix(fix)` applies a fix. */
export function showFindingList(root, findings, { go, fix, readOnly, isFormatted, format }) {
  const items = findings.slice(0, MOST).map((finding) => h("li", {},
    h("button.place", { type: "button", onclick: () => go(finding) }, `line ${finding.line}`), " ",
    h("span", {}, quoted(`${finding.message}; ${finding.remedy}`)), " ", h("span.quiet", {}, finding.rule),
    !readOnly && finding.fixes?.length > 0 && h("span.fixes", {}, finding.fixes.map((offered) => h("button", { type: "button", onclick: () => fix(offered) }, offered.title)))));
  fill(root, h("h2", {}, findings.length ? counted(findings.length, "finding") : "No findings"),
    !readOnly && items.length > 0 && h("p.quiet", {}, "Ctrl+. in the line of a finding applies its first fix"), findings.length > 0 && h("ul.findings", {}, items), findings.length > MOST && h("p.quiet", {}, `the first ${MOST} are shown`),
    isFormatted === false && !readOnly && h("p", {}, "The text is not formatted. ", h("button", { type: "button", onclick: format }, "Format")));
}

/** Show results, failures first; `go(example)` leads to one, `accept(example)` proposes the engine's answer. */
export function showResults(root, examples, results, { go, accept, readOnly, note }) {
  const groups = { failed: [], waiting: [], good: [] };
  for (const example of examples) {
    if (!example.stands) continue;
    (example.status === "failed" ? groups.failed : example.isStale || example.status === "not run" ? groups.waiting : groups.good).push(example);
  }
  const fresh = examples.filter((example) => !example.isStale && !example.isRunning);
  const count = (status) => fresh.filter((example) => example.status === status).length;
  const total = groups.failed.length + groups.waiting.length + groups.good.length;
  const parts = [count("failed") && `${count("failed")} failed`, count("passed") && `${count("passed")} passed`, count("known failure") && `${count("known failure")} failed as expected`, groups.waiting.length && `${groups.waiting.length} not run as ${groups.waiting.length === 1 ? "it is" : "they are"} now`];
  const items = (group) => [h("ul.results", {}, group.slice(0, MOST).map((example) => item(example, results.get(example.key), { go, accept, readOnly }))),
    group.length > MOST && h("p.quiet", {}, `${counted(group.length - MOST, "further example")} of this kind in the text`)];
  const isOpen = root.querySelector("details")?.open ?? false;
  const good = h("div", {}, isOpen && items(groups.good));
  const unfold = (event) => fill(good, event.target.open && items(groups.good)); // hundreds of rows are made only when they are seen
  fill(root,
    h("h2", {}, `Results: ${parts.filter(Boolean).join(", ") || "none yet"}`, total > 0 && h("span.quiet", {}, ` of ${counted(total, "example")}`)),
    h("p.quiet", { role: "status" }, note), items(groups.failed), items(groups.waiting),
    groups.good.length > 0 && h("details", { open: isOpen, ontoggle: unfold }, h("summary", {}, `${counted(groups.good.length, "example")} as expected`), good));
}

function item(example, result, { go, accept, readOnly }) {
  const isFailed = example.status === "failed" && !example.isStale;
  const step = isFailed && result?.step;
  return h("li", { class: `${example.status.replaceAll(" ", "-")}${example.isStale ? " is-stale" : ""}${example.isRunning ? " is-running" : ""}` },
    h("span.mark", { class: example.status.replaceAll(" ", "-"), "aria-hidden": "true" }, example.isRunning ? "…" : symbolOf(example.status)), " ",
    h("button.place", { type: "button", onclick: () => go(example) }, `line ${example.line}`), " ",
    h("span", {}, example.name), h("span.quiet", {}, ` · ${inWords(example)}`),
    example.obstacle && h("p.reason", {}, quoted(`It does not run: ${example.obstacle}`)),
    isFailed && h("div.reason", {}, step && h("p", {}, h("strong", {}, step)), (result?.reasons ?? []).map((reason) => h("p", {}, quoted(reason))),
      !readOnly && h("button", { type: "button", onclick: () => accept(example) }, "Accept the engine's answer …")));
}
