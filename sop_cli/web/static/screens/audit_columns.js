/** The columns of a sheet as a table: what each is taken for and why; what is not sure is used only when it is ticked. */

import { counted, fill, h } from "../dom.js";

const SURE = { exact: "exact name", synonym: "another spelling", alike: "only alike", chosen: "chosen by you", "": "not read" };
const CLAIMS = { orders: "orders placed", cancellations: "requests to cancel", documents: "invoices and credit notes", returns: "returns" };
const OTHER = "other";

/** Return a sheet as the server offers it, with what the person has chosen so far: all exact names, and nothing else. */
export function withChoices(sheet) {
  const columns = sheet.columns.map((column) => ({ ...column, suggested: column.target, isRead: column.how === "exact", now: column.how }));
  return { ...sheet, columns, format: "", ownFormat: "", claims: false, from: "", to: "", of: sheet.claim, confirmed: false };
}

/** Return a column of the mapping in words. */
const words = (target) => target.replaceAll("_", " ").replace(/^(oms|wms|irn|po|sla)\b/, (word) => word.toUpperCase());

/** Return whether a person has to confirm this sheet. */
const needsConfirming = (sheet) => !sheet.certain;

/** Return what has to be chosen before this sheet can be read: the id of an element, and the message. */
export function findingsOf(id, sheet) {
  const read = sheet.columns.filter((column) => column.isRead && column.target);
  const targets = read.map((column) => column.target);
  const twice = [...new Set(targets.filter((target, at) => targets.indexOf(target) !== at))];
  return [
    ...sheet.missing.filter((target) => !targets.includes(target)).map((target) => ({ at: `columns-${id}`, message: `choose the column for ${words(target)}` })),
    ...twice.map((target) => ({ at: `columns-${id}`, message: `two columns are chosen for ${words(target)}` })),
    ...(sheet.dates && !formatsOf(sheet).length ? [{ at: `format-${id}`, message: "choose the form of its dates" }] : []),
    ...(sheet.claims && !(sheet.from && sheet.to && sheet.from <= sheet.to) ? [{ at: `from-${id}`, message: "say from which to which day it holds everything" }] : []),
    ...(needsConfirming(sheet) && !sheet.confirmed ? [{ at: `confirmed-${id}`, message: "look at its columns and confirm them" }] : []),
  ];
}

/** Return the forms of dates that the person has chosen; none if they are those of the profile. */
function formatsOf(sheet) {
  const text = sheet.format === OTHER ? sheet.ownFormat : sheet.format;
  return text.split(" or ").map((form) => form.trim()).filter(Boolean);
}

/** Return what was chosen for a sheet, as the server reads it. */
export function choicesOf(sheet, entry) {
  const read = sheet.columns.filter((column) => column.isRead && column.target);
  return {
    file: entry.id, sheet: sheet.sheet, profile: sheet.profile, encoding: entry.encoding || null, confirmed: !needsConfirming(sheet) || sheet.confirmed,
    columns: read.map((column) => ({ target: column.target, name: column.twice ? "" : column.name, letter: column.letter })),
    left_out: sheet.columns.filter((column) => column.suggested && !read.some((other) => other.target === column.suggested)).map((column) => column.suggested),
    formats: formatsOf(sheet), zone: formatsOf(sheet).length && sheet.zone ? sheet.zone : "",
    complete: sheet.claims ? { from: sheet.from, to: sheet.to, of: sheet.of } : null,
  };
}

/** Return the form of a sheet; `changed` is called after each change. */
export function sheetForm(id, sheet, overview, changed) {
  const heading = h("p", {}, sheet.sheet && [h("strong", {}, "Sheet ", h("bdi", {}, sheet.sheet)), ": "], `Read as: ${sheet.title}`, h("span.quiet", {}, ` · ${sheet.system} · ${sheet.about.startsWith(sheet.confidence) ? sheet.about : `${sheet.confidence}: ${sheet.about}`}`));
  if (sheet.log) return h("div.stack", { id: `columns-${id}` }, heading, h("p.quiet", {}, "An event log of this program: nothing has to be chosen."));
  const used = sheet.columns.filter((column) => column.suggested), others = sheet.columns.filter((column) => !column.suggested);
  const table = (columns, caption) => h("div.scroll", {}, h("table.plain.columns", {}, h("caption.unseen", {}, caption),
    h("thead", {}, h("tr", {}, ["Read", "Column", "Values, masked", "Taken for", "How sure", "Why"].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, columns.map((column) => columnRow(id, sheet, column, overview, changed)))));
  const open = used.filter((column) => column.how !== "exact").length;
  return h("div.stack", { id: `columns-${id}` }, heading,
    sheet.questions.length > 0 && h("div.asks", {}, h("p", {}, "Answer below: choose ", [sheet.missing.length > 0 && "the column", sheet.dates && "the form of dates"].filter(Boolean).join(" and "), "."),
      h("ul", {}, sheet.questions.map((question) => h("li", {}, question)))),
    open > 0 && h("p", {}, `${counted(open, "column")} ${open === 1 ? "has" : "have"} another name than in the profile, and ${open === 1 ? "is" : "are"} read only if you tick ${open === 1 ? "it" : "them"}.`),
    used.length > 0 && table(used, "Columns that are taken for something"),
    others.length > 0 && h("details", { open: sheet.missing.length > 0 }, h("summary", {}, `${counted(others.length, "column")} not read`), table(others, "Columns that are not read")),
    sheet.personal.length > 0 && h("p.quiet", {}, "Not kept, because they can be personal: ", sheet.personal.join(", "), "."),
    h("div.settings-grid", {}, dateForm(id, sheet, overview, changed)),
    claimForm(id, sheet, overview, changed),
    needsConfirming(sheet) && h("label.check", {}, h("input", { type: "checkbox", id: `confirmed-${id}`, checked: sheet.confirmed, onchange: (event) => { sheet.confirmed = event.target.checked; changed(); } }), " I have checked how the columns of this file are read"));
}

function columnRow(id, sheet, column, overview, changed) {
  const name = `column-${id}-${column.letter}`;
  const sure = h("td", { "data-head": "How sure" }), why = h("td", { "data-head": "Why" });
  const tick = h("input", { type: "checkbox", id: `${name}-read`, "aria-label": `Read column ${column.letter}, ${column.name}`, checked: column.isRead, onchange: () => { column.isRead = tick.checked; draw(); changed(); } });
  const select = h("select", { id: name, "aria-label": `Column ${column.letter}, ${column.name}, is taken for`, onchange: () => {
    column.target = select.value;
    column.isRead = tick.checked = Boolean(select.value) && select.value !== column.suggested || column.how === "exact" && select.value === column.suggested;
    column.now = !select.value ? "" : select.value === column.suggested ? column.how : "chosen";
    draw();
    changed();
  } }, h("option", { value: "" }, "nothing"), overview.targets[sheet.kind].map((target) => h("option", { value: target.name, selected: target.name === column.target }, words(target.name))));
  const draw = () => {
    fill(sure, h("span", { class: `sure ${column.now || "none"}` }, SURE[column.now]));
    fill(why, column.now === "chosen" || !column.now ? "" : column.reason);
    tick.disabled = !column.target;
  };
  draw();
  return h("tr", { class: column.how }, h("td", { "data-head": "Read" }, tick), h("th", { scope: "row" }, h("span.quiet", {}, column.letter, " "), h("bdi", {}, column.name || "no name")),
    h("td", { "data-head": "Values, masked" }, column.samples.join(", ") || "no values"), h("td", { "data-head": "Taken for" }, select), sure, why);
}

function dateForm(id, sheet, overview, changed) {
  if (!sheet.formats.length) return null;
  const own = h("input", { type: "text", id: `own-format-${id}`, value: sheet.ownFormat, spellcheck: false, "aria-label": "Another form of dates", placeholder: "dd.mm.yyyy HH:MM", hidden: sheet.format !== OTHER, oninput: () => { sheet.ownFormat = own.value.trim(); changed(); } });
  const usual = sheet.formats.join(" or ");
  const select = h("select", { id: `format-${id}`, "aria-describedby": `format-help-${id}`, onchange: () => { sheet.format = select.value; own.hidden = sheet.format !== OTHER; changed(); } },
    h("option", { value: "", selected: !sheet.format }, sheet.dates ? "choose …" : `${usual} (profile)`),
    [...new Set([...(sheet.dates ? [usual] : []), ...overview.forms])].map((form) => h("option", { value: form, selected: form === sheet.format }, form)),
    h("option", { value: OTHER, selected: sheet.format === OTHER }, "another form"));
  return h("div.field", {}, h("label", { for: `format-${id}` }, "Form of dates"), select, own, h("p.field-note.quiet", { id: `format-help-${id}` }, "d day, m month, y year, H hour, M minute, S second; MMM is a month such as Jun."));
}

function claimForm(id, sheet, overview, changed) {
  const day = (key, label) => h("div", {}, h("label", { for: `${key}-${id}` }, label), h("input", { type: "date", id: `${key}-${id}`, value: sheet[key], oninput: (event) => { sheet[key] = event.target.value; changed(); } }));
  const days = h("div", {});
  const draw = () => fill(days, sheet.claims && h("div.row", {}, day("from", "from"), day("to", "to"),
    h("div", {}, h("label", { for: `of-${id}` }, "all"), h("select", { id: `of-${id}`, onchange: (event) => { sheet.of = event.target.value; changed(); } },
      overview.claims.map((claim) => h("option", { value: claim, selected: claim === sheet.of }, CLAIMS[claim] ?? claim))))));
  draw();
  return h("fieldset", {}, h("legend", {}, "What it holds completely"),
    h("label.check", {}, h("input", { type: "checkbox", id: `claims-${id}`, checked: sheet.claims, onchange: (event) => { sheet.claims = event.target.checked; draw(); changed(); } }), " It holds everything of some days; without that, nothing is called missing from it"), days);
}
