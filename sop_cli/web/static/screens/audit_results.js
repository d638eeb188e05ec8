/** The result of an audit, the past ones, and the life of one order in any of them. */

import { counted, fill, h } from "../dom.js";

const DOWNLOADS = { "worklist.xlsx": "Worklist (XLSX)", "findings.csv": "Findings (CSV)", "duties.csv": "Duties (CSV)", "rows.csv": "Rows (CSV)", "cancelled-after-posting.csv": "Cancelled after posting (CSV)", "rsi.csv": "RSI (CSV)", "audit.json": "JSON", "audit.duckdb": "DuckDB", "events.parquet": "Event log (Parquet)" };

const address = (name, file) => `/site/audits/${encodeURIComponent(name)}/${file}`;
const pageLink = (name, text) => h("a", { href: address(name, "audit.html"), target: "_blank" }, text);
const downloads = (name) => h("ul.downloads", { "aria-label": `Files of ${name}` }, Object.entries(DOWNLOADS).map(([file, label]) => h("li", {}, h("a", { href: address(name, file), download: file }, label))));
const figure = (look, number, label, more) => h("div", {}, h("dt", {}, label), h("dd", {}, h("strong.number", { class: number ? look : "" }, number.toLocaleString("en")), more && h("span.quiet", {}, more)));

/** Show the result of the last run, or why there is none; `goTo` moves to the error of a file. */
export function drawOutcome(page, state, goTo) {
  const { last, error } = state;
  fill(page.outcome,
    page.app.readOnly && h("p.quiet", {}, "This workbench is read only: a result is there until the workbench ends, and the mapping cannot be saved."),
    error && h("div.error.lines", { role: "alert" }, `${error.title}: ${error.message} `, state.files.filter((entry) => entry.runError).map((entry) => h("button.link", { type: "button", onclick: () => goTo(`file-error-${entry.key}`) }, "Go to the file"))),
    last && h("section.panel.stack", { "aria-labelledby": "new-audit" }, h("h2#new-audit", { tabindex: "-1" }, `Audit as of ${last.as_of}`),
      h("dl.three-figures", {},
        figure("bad", last.against, "against the SOP"),
        figure("ask", last.due, last.due === 1 ? "credit note due" : "credit notes due", last.due_value),
        figure("ask", last.set_aside, last.set_aside === 1 ? "row set aside" : "rows set aside", `of ${counted(last.rows, "row")}`)),
      h("p", {}, [last.undecided && `${counted(last.undecided, "credit note")} of which it is not certain whether one is due or made`, last.other_duties && counted(last.other_duties, "other duty", "other duties"), counted(last.questions, "question")].filter(Boolean).join("; "), "."),
      h("p", {}, pageLink(last.name, "Open the audit")),
      last.oldest.length > 0 && h("div.scroll", { tabindex: "0", role: "region", "aria-label": "Oldest credit notes due" }, h("table.data.duties", {}, h("caption", {}, "The oldest credit notes due"),
        h("thead", {}, h("tr", {}, ["order", "invoice", "due for", "to be credited", "state"].map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, last.oldest.map((duty) => h("tr", {}, h("th", { scope: "row" }, h("button.link", { type: "button", "aria-label": `Explain order ${duty.order}`, onclick: () => explain(page, last.name, duty.order) }, duty.order)), [duty.invoice, duty.days === null ? "" : counted(duty.days, "day"), duty.value, duty.state].map((text) => h("td", {}, text))))))),
      last.since && h("p", {}, `Since ${last.since.as_of}: ${last.since.closed} closed, ${last.since.new} new, ${last.since.older} older${last.since.gone ? `, ${last.since.gone} of which these files say nothing` : ""}.`),
      h("ul", {}, last.sources.map((source) => h("li", {}, h("bdi", {}, source.name), `: ${source.states}`, source.is_without_evidence && h("strong", {}, ". It has no rows, and nothing is concluded from that"), source.remarks.map((text) => h("div.remark", {}, text))))),
      last.aside.length > 0 && h("details", { open: 2 * last.set_aside >= last.rows }, h("summary", {}, "Why rows are set aside"), h("ul", {}, last.aside.map((text) => h("li", {}, text))), h("p", {}, h("a", { href: `${address(last.name, "audit.html")}#aside`, target: "_blank" }, "All rows set aside"))),
      last.vms.length > 0 && h("ul", { "aria-label": "Reports of the VMS" }, last.vms.map((text) => h("li", {}, text))),
      last.assumed.length > 0 && h("details", {}, h("summary", {}, `Assumed (${last.assumed.length})`), h("ul", {}, last.assumed.map((text) => h("li", {}, text)))),
      downloads(last.name)));
}

/** Show the past results, and the form for one order. */
export function drawResults(page, state) {
  const { results } = state.overview, { settings } = state;
  fill(page.since, h("option", { value: "" }, "none"), results.map(({ name }) => h("option", { value: name, selected: name === settings.since }, name)));
  fill(page.results, h("h2#past-audits", {}, "Results"),
    results.length ? h("ul.results", {}, results.map(({ name, written }) => h("li", {}, pageLink(name, name), h("p.quiet", {}, written, " · ", h("a", { href: address(name, "worklist.xlsx"), download: `worklist-${name}.xlsx` }, "Worklist (XLSX)")))))
      : h("p.quiet", {}, "Nothing has been audited here yet."));
  const names = [...new Set([...(state.last ? [state.last.name] : []), ...results.map(({ name }) => name)])];
  const chosen = page.result?.value;
  page.result = h("select#explain-result", {}, names.map((name) => h("option", { value: name, selected: name === (chosen || names[0]) }, name)));
  if (state.last) page.result.value = state.last.name;
  page.order ??= h("input#explain-order", { type: "text", spellcheck: false, autocomplete: "off" });
  page.life ??= h("div.stack", {});
  fill(page.explain, names.length > 0 && [h("h2#one-order", {}, "One order"),
    h("form.stack", { "aria-labelledby": "one-order", onsubmit: (event) => { event.preventDefault(); explain(page, page.result.value, page.order.value); } },
      h("p.quiet", {}, "What the files say of it, what the SOP answers and why, its documents, duties and findings."),
      h("div.row", {}, h("div", {}, h("label", { for: "explain-order" }, "Order"), page.order), h("div", {}, h("label", { for: "explain-result" }, "In the result"), page.result), h("button", { type: "submit" }, "Explain"))),
    page.life]);
}

async function explain(page, name, order) {
  Object.assign(page.order, { value: order });
  Object.assign(page.result, { value: name });
  const turn = (page.explaining = (page.explaining ?? 0) + 1);
  fill(page.life, h("p.quiet", { role: "status" }, "…"));
  try {
    const life = await page.app.call("audit.explain", { name, order });
    if (page.explaining !== turn) return;
    fill(page.life, lifeOf(life, name));
    page.life.querySelector("h3").focus();
  } catch (error) {
    if (page.explaining === turn) fill(page.life, h("p.error", { role: "alert" }, error.message));
  }
}

function lifeOf(life, name) {
  const lines = (title, entries, head) => entries.length > 0 && h("div.scroll", { tabindex: "0", role: "region", "aria-label": title }, h("table.data.life", {}, h("caption", {}, title),
    h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, entries.map((entry) => h("tr", {}, [entry.when, entry.what, entry.where].map((text, at) => h("td", { class: at === 1 ? "long" : "", "data-head": head[at] }, text)))))));
  return h("section.panel.stack", { "aria-labelledby": "life-title" }, h("h3#life-title", { tabindex: "-1" }, "Order ", h("bdi", {}, life.order), h("span.quiet", {}, ` in ${name}`)),
    lines("What the files say", life.events, ["when", "what", "where it stands"]),
    life.answers.map((answer) => h("div", {}, h("h4", {}, "The SOP's answer to ", answer.where),
      h("dl.parts", {}, answer.facts.map(([fact, text]) => [h("dt", {}, fact), h("dd", {}, text)]),
        h("dt", {}, "answer"), h("dd", {}, h("strong", {}, answer.answer), answer.missing.length > 0 && ` (to decide, bring: ${answer.missing.join(", ")})`),
        h("dt", {}, "because of"), h("dd", {}, answer.clauses.join(", ") || "no clause")))),
    lines("Documents", life.documents, ["dated", "document", "where it stands"]),
    lines("Duties", life.duties, ["since", "what", "because of"]),
    lines("Findings", life.findings, ["rule", "what", "because of"]),
    lines("Rows set aside", life.set_aside, ["column", "why", "where it stands"]));
}
