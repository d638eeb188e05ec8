/** The columns of a sheet as a table: what each is taken for and why; what is not sure is used only when it is ticked. */

import { counted, fill, h } from "../dom.js";
import { dayFault } from "./audit_settings.js";
import { choicesOfTable, chosenWords, findingsOfTable, headerForm, kindForm, moreForm, targetOf, words, wordsForm } from "./audit_table.js";

const SURE = { exact: "exact name", synonym: "another spelling", alike: "only alike", chosen: "chosen by you", "": "not read" };
const CLAIMS = { orders: "orders placed", cancellations: "requests to cancel", documents: "invoices and credit notes", returns: "returns" };
const OTHER = "other";

/** Return a sheet as the server offers it, with what the person has chosen so far: all exact names, and nothing else. */
export function withChoices(sheet) {
  const columns = sheet.columns.map((column) => ({ ...column, suggested: column.target, isRead: column.how === "exact", now: column.how, ownWords: [], formats: [] }));
  const own = { chosenKind: "", kindMore: {}, values: [], empty: [], personalNames: [], ownNumbers: "", ownZone: "", kept: {}, keptColumns: [] };
  return { ...sheet, ...own, columns, format: "", ownFormat: "", claims: false, from: "", to: "", of: sheet.claim, confirmed: false };
}

/** Return whether a sheet is read: one that no profile fits is, as soon as its kind is chosen. */
export const isReadSheet = (sheet) => !sheet.own || Boolean(sheet.chosenKind);

/** Return the columns of times that are read. */
const timesOf = (sheet, overview) => sheet.columns.filter((column) => column.isRead && targetOf(sheet, overview, column.target)?.type === overview.time);

/** Return whether the form of dates is a question. */
const asksForDates = (sheet, overview) => (sheet.own ? timesOf(sheet, overview).some((column) => !column.formats.length) : sheet.dates);

/** Return whether a person has to confirm this sheet. */
const needsConfirming = (sheet) => !sheet.certain;

/** Return what has to be chosen before this sheet can be read: the id of an element, and the message. */
export function findingsOf(id, sheet, overview) {
  if (!isReadSheet(sheet)) return findingsOfTable(id, sheet, overview);
  const read = sheet.columns.filter((column) => column.isRead && column.target);
  const targets = [...read, ...sheet.keptColumns].map((column) => column.target);
  const twice = [...new Set(targets.filter((target, at) => targets.indexOf(target) !== at))];
  return [
    ...(sheet.required ?? sheet.missing).filter((target) => !(target in sheet.fixed) && !targets.includes(target) && !sheet.values.some((each) => each.target === target)).map((target) => ({ at: `columns-${id}`, message: `choose the column for ${words(target)}` })),
    ...twice.map((target) => ({ at: `columns-${id}`, message: `two columns are chosen for ${words(target)}` })),
    ...findingsOfTable(id, sheet, overview),
    ...(sheet.format === OTHER && !formatsOf(sheet).length ? [{ at: `own-format-${id}`, message: "write the form of its dates" }]
      : asksForDates(sheet, overview) && !formatsOf(sheet).length ? [{ at: `format-${id}`, message: "choose the form of its dates" }] : []),
    ...(sheet.claims ? claimFaults(id, sheet) : []),
    ...(needsConfirming(sheet) && !sheet.confirmed ? [{ at: `confirmed-${id}`, message: "look at its columns and confirm them" }] : []),
  ];
}

function claimFaults(id, sheet) {
  if (!(sheet.from && sheet.to && sheet.from <= sheet.to)) return [{ at: `from-${id}`, message: "say from which to which day it holds everything" }];
  return ["from", "to"].filter((key) => dayFault(sheet[key])).map((key) => ({ at: `${key}-${id}`, message: `what it holds completely: ${dayFault(sheet[key])}` }));
}

/** Return the forms of dates that the person has chosen; none if they are those of the profile. */
function formatsOf(sheet) {
  const text = sheet.format === OTHER ? sheet.ownFormat : sheet.format;
  return text.split(" or ").map((form) => form.trim()).filter(Boolean);
}

/** Return what was chosen for a sheet, as the server reads it. */
export function choicesOf(sheet, entry, overview) {
  const read = sheet.columns.filter((column) => column.isRead && column.target);
  const formats = sheet.own && !timesOf(sheet, overview).length ? [] : formatsOf(sheet);
  return {
    file: entry.id, sheet: sheet.sheet, profile: sheet.profile, encoding: entry.encoding || null, confirmed: !needsConfirming(sheet) || sheet.confirmed,
    columns: read.map((column) => ({ target: column.target, name: column.twice ? "" : column.name, letter: column.letter, words: chosenWords(sheet, overview, column), formats: column.formats, zone: column.zone })).concat(sheet.keptColumns),
    left_out: sheet.columns.filter((column) => column.suggested && ![...read, ...sheet.keptColumns].some((other) => other.target === column.suggested) && !sheet.values.some((each) => each.target === column.suggested)).map((column) => column.suggested)
      .concat(sheet.doubled?.filter((target) => !read.some((column) => column.target === target)) ?? []),
    formats, zone: sheet.ownZone || (formats.length && sheet.zone ? sheet.zone : ""),
    complete: sheet.claims ? { from: sheet.from, to: sheet.to, of: sheet.of } : null,
    ...choicesOfTable(sheet, overview),
  };
}

/** Return the form of a sheet. `changed` is called after each change, `redraw` to draw the file again, `reread` to read its columns again with a row of the header or a profile. */
export function sheetForm(id, sheet, overview, { changed, redraw, reread }) {
  const name = sheet.sheet && [h("strong", {}, "Sheet ", h("bdi", {}, sheet.sheet)), ": "];
  if (sheet.log) return h("div.stack", { id: `columns-${id}` }, h("p", {}, `Read as: ${sheet.title}`, about(sheet)), h("p.quiet", {}, "An event log of this program: nothing has to be chosen."));
  const change = () => { sheet.drawWords?.(); sheet.drawDates?.(); changed(); };
  const heading = sheet.own ? [(name || sheet.wasKnown) && h("p", {}, name, sheet.wasKnown && h("button.link", { type: "button", onclick: () => reread({ profile: null, header: null }, `other-${id}`) }, "It is a known export after all")), kindForm(id, sheet, overview, { changed, redraw, isOptional: sheet.isOptional })]
    : h("p", {}, name, `Read as: ${sheet.title}`, about(sheet), " ", h("button.link", { type: "button", id: `other-${id}`, onclick: () => reread({ profile: "" }, `kind-${id}`) }, "It is another table"));
  return h("div.stack", { id: `columns-${id}` }, heading, isReadSheet(sheet) && [
    sheet.own && headerForm(id, sheet, (row, focus) => reread({ header: row }, focus)),
    columnsForm(id, sheet, overview, change),
    sheet.personal.length > 0 && h("p.quiet", {}, "Not kept, because they can be personal: ", sheet.personal.join(", "), "."),
    wordsForm(id, sheet, overview, changed),
    dateForm(id, sheet, overview, changed),
    claimForm(id, sheet, overview, changed),
    moreForm(id, sheet, overview, changed),
    needsConfirming(sheet) && h("label.check", {}, h("input", { type: "checkbox", id: `confirmed-${id}`, checked: sheet.confirmed, onchange: (event) => { sheet.confirmed = event.target.checked; changed(); } }), " I have checked how the columns of this file are read")]);
}

const about = (sheet) => h("span.quiet", {}, ` · ${sheet.system} · ${sheet.about.startsWith(sheet.confidence) ? sheet.about : `${sheet.confidence}: ${sheet.about}`}`);

function columnsForm(id, sheet, overview, changed) {
  const used = sheet.columns.filter((column) => column.suggested), others = sheet.columns.filter((column) => !column.suggested);
  const table = (columns, caption) => h("div.scroll", {}, h("table.plain.columns", {}, h("caption.unseen", {}, caption),
    h("thead", {}, h("tr", {}, ["Read", "Column", "Values, masked", "Taken for", ...(sheet.own ? [] : ["How sure", "Why"])].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, columns.map((column) => columnRow(id, sheet, column, overview, changed)))));
  if (sheet.own) return [h("p", {}, "Choose what each column is taken for. What you leave is not read.", sheet.missing.length > 0 && ` It must have a column for ${sheet.missing.map(words).join(" and ")}.`), table(others, "Columns of the file")];
  const open = used.filter((column) => column.how !== "exact").length;
  return [
    sheet.questions.length > 0 && h("div.asks", {}, h("p", {}, "Answer below: choose ", [(sheet.missing.length > 0 || sheet.doubled.length > 0) && "the column", sheet.dates && "the form of dates"].filter(Boolean).join(" and "), "."),
      h("ul", {}, sheet.questions.map((question) => h("li", {}, question)))),
    open > 0 && h("p", {}, `${counted(open, "column")} ${open === 1 ? "has" : "have"} another name than in the profile, and ${open === 1 ? "is" : "are"} read only if you tick ${open === 1 ? "it" : "them"}.`),
    used.length > 0 && table(used, "Columns that are taken for something"),
    others.length > 0 && h("details", { open: sheet.missing.length > 0 || sheet.doubled.length > 0 || others.some((column) => column.isRead) }, h("summary", {}, others.some((column) => column.isRead) ? counted(others.length, "other column") : `${counted(others.length, "column")} not read`), table(others, "Other columns"))];
}

function columnRow(id, sheet, column, overview, changed) {
  const name = `column-${id}-${column.letter}`;
  const sure = h("td", { "data-head": "How sure" }), why = h("td", { "data-head": "Why" });
  const tick = h("input", { type: "checkbox", id: `${name}-read`, "aria-label": `Read column ${column.letter}, ${column.name}`, checked: column.isRead, onchange: () => { column.isRead = tick.checked; draw(); changed(); } });
  const select = h("select", { id: name, "aria-label": `Column ${column.letter}, ${column.name}, is taken for`, onchange: () => {
    column.target = select.value;
    column.isRead = tick.checked = Boolean(select.value) && select.value !== column.suggested || column.how === "exact" && select.value === column.suggested;
    column.ownWords = [];
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
    h("td", { "data-head": "Values, masked" }, column.samples.join(", ") || "no values"), h("td", { "data-head": "Taken for" }, select), sheet.own ? null : [sure, why]);
}

function dateForm(id, sheet, overview, changed) {
  if (!sheet.own && !sheet.formats.length) return null;
  const place = h("div.settings-grid", {}), usual = sheet.formats.join(" or ");
  const draw = () => {
    const times = timesOf(sheet, overview);
    if (sheet.own && !times.length) { fill(place); return; }
    const fits = (form) => sheet.own && times.every((column) => column.forms.includes(form));
    const forms = [...new Set([...(sheet.dates ? [usual] : []), ...overview.forms.filter(fits), ...overview.forms])];
    const own = h("input", { type: "text", id: `own-format-${id}`, value: sheet.ownFormat, spellcheck: false, "aria-label": "Another form of dates", placeholder: "dd.mm.yyyy HH:MM", hidden: sheet.format !== OTHER, oninput: () => { sheet.ownFormat = own.value.trim(); changed(); } });
    const select = h("select", { id: `format-${id}`, "aria-describedby": `format-help-${id}`, onchange: () => { sheet.format = select.value; own.hidden = sheet.format !== OTHER; changed(); } },
      h("option", { value: "", selected: !sheet.format }, sheet.own || sheet.dates ? "choose …" : `${usual} (profile)`),
      forms.map((form) => h("option", { value: form, selected: form === sheet.format }, fits(form) ? `${form} (all values fit)` : form)),
      h("option", { value: OTHER, selected: sheet.format === OTHER }, "another form"));
    const zone = h("select", { id: `zone-${id}`, onchange: () => { sheet.ownZone = zone.value === sheet.zone ? "" : zone.value; changed(); } },
      [...new Set([sheet.zone || "", "Asia/Kolkata", "UTC", sheet.ownZone])].map((text) => h("option", { value: text, selected: text === (sheet.ownZone || sheet.zone) }, text || "each time says it")));
    fill(place, h("div.field", {}, h("label", { for: `format-${id}` }, "Form of dates"), select, own, h("p.field-note.quiet", { id: `format-help-${id}` }, "d day, m month, y year, H hour, M minute, S second; MMM is a month such as Jun.")),
      h("div.field", {}, h("label", { for: `zone-${id}` }, "Zone of times"), zone));
  };
  draw();
  sheet.drawDates = draw;
  return place;
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
