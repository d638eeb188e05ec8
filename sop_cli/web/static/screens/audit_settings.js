/** What is chosen for all files of an audit, and what of it cannot be used: an error stands at its field. */

import { fill, h } from "../dom.js";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const FIRST_YEAR = 2017, LAST_YEAR = 2099;
const INVOICING = { unknown: "not known (both possible)", ERP: "in the client's ERP", RMS: "in RMS" };
const READINGS = { "as-practised": "as practised", "as-written": "as written" };

const BOUNDS = {
  days_from_order_to_invoice: "From an order to its e-invoice, at most",
  days_from_order_to_first_time: "From an order to the first day that its rows name, at most",
  days_from_first_time_to_cancellation: "From that day to its cancellation, at most",
  days_from_invoice_to_note: "From an invoice to its credit note, at most",
};

/** What nothing was chosen for yet. */
export const NO_SETTINGS = { invoicing: "unknown", as_of: "", stock_in_erp: false, reading: "as-practised", vms_from: "", vms_to: "", since: "", name: "" };

/** Return the settings of the files as the server reads them; the earlier audit and the name are of the result. */
export const settingsOf = ({ since, name, ...settings }) => settings;

/** Return why a day, as a field for days has it, cannot be one of orders; nothing if it can, or none is written. */
export function dayFault(day) {
  const year = Number(day.slice(0, -6));
  return day && (year < FIRST_YEAR || year > LAST_YEAR) ? `the year ${year} cannot be one of orders: write ${FIRST_YEAR} to ${LAST_YEAR}` : "";
}

/** Return which settings cannot be used: the id of the field, and the message. */
export function settingsFindings({ as_of: day, vms_from: first, vms_to: last, name, days }, { most_days: most }) {
  const half = (id) => document.getElementById(`audit-${id}`)?.validity.badInput && "write day, month and year, or none of them";
  const faults = [
    ["as-of", half("as-of") || dayFault(day)],
    ["vms-from", half("vms-from") || dayFault(first) || (last && !first && "choose the first day too, or neither")],
    ["vms-to", half("vms-to") || dayFault(last) || (first && !last && "choose the last day too, or neither") || (last < first && "it is before the first day; exchange them")],
    ["name", name && !NAME.test(name) && "write letters without accents, digits, - and _, at most 64 of them, a letter or digit first"],
    ...Object.keys(BOUNDS).map((key) => [key, (half(key) || (key in days && !(Number.isInteger(days[key]) && days[key] >= 0 && days[key] <= most))) && `write a whole number of days from 0 to ${most}`]),
  ];
  return faults.filter(([, message]) => message).map(([id, message]) => ({ at: `audit-${id}`, message: `${LABELS[id]}: ${message}`, short: message }));
}

const LABELS = { "as-of": "Day of the audit", "vms-from": "Orders cancelled after posting, from", "vms-to": "Orders cancelled after posting, to", name: "Name of the result", ...BOUNDS };

/** Show each finding at its field, if it is about one of these. */
export function showSettingsFindings(findings) {
  for (const id of Object.keys(LABELS)) {
    const control = document.getElementById(`audit-${id}`), place = document.getElementById(`audit-${id}-error`);
    if (!control || !place) continue;
    const message = findings.find((finding) => finding.at === control.id)?.short ?? "";
    message ? control.setAttribute("aria-invalid", "true") : control.removeAttribute("aria-invalid");
    place.textContent = message;
  }
}

/** Draw the form; `run` audits, `changed` is called after each change, `buttons` stand at its end. */
export function drawSettings(page, state, { run, changed, buttons }) {
  const { settings } = state, set = (key) => (event) => { settings[key] = event.target.value.trim(); changed(); };
  page.since = h("select#audit-since", { "aria-describedby": "audit-since-help", onchange: set("since") });
  const inColumn = typeof settings.invoicing !== "string" && JSON.stringify(settings.invoicing);
  const day = (id, key) => h("input", { id: `audit-${id}`, type: "date", value: settings[key], "aria-describedby": `audit-${id}-help audit-${id}-error`, oninput: set(key) });
  fill(page.settings, h("form.stack", { novalidate: true, "aria-label": "The audit", onsubmit: (event) => { event.preventDefault(); run(); } },
    h("div.settings-grid", {},
      field("invoicing", "Where e-invoices are made", h("select#audit-invoicing", { "aria-describedby": "audit-invoicing-help", onchange: (event) => { settings.invoicing = event.target.value === inColumn ? JSON.parse(inColumn) : event.target.value; } },
        inColumn && h("option", { value: inColumn, selected: true }, `column ${[settings.invoicing.column].flat().join(" or ")}, as ${state.saved?.name ?? "audit.toml"} says`),
        Object.entries(INVOICING).map(([value, label]) => h("option", { value, selected: value === settings.invoicing }, label))), "For files that do not say it in a column."),
      field("as-of", LABELS["as-of"], day("as-of", "as_of"), "If it is empty, the latest day in the files."),
      field("reading", "Reading of the SOP", h("select#audit-reading", { "aria-describedby": "audit-reading-help", onchange: set("reading") },
        Object.entries(READINGS).map(([value, label]) => h("option", { value, selected: value === settings.reading }, label))), "As practised includes our readings of the gaps; as written leaves them open."),
      field("since", "Compare with an earlier audit", page.since, "Says what is closed, new and older, and keeps the notes in its worklist. If you wrote notes into a copy of the worklist, drop that copy with the exports."),
      field("name", LABELS.name, h("input#audit-name", { type: "text", value: settings.name, maxlength: 64, spellcheck: false, autocomplete: "off", "aria-describedby": "audit-name-help audit-name-error", oninput: set("name") }), "Letters, digits, - and _. If it is empty, the day of the audit."),
      field("vms-from", LABELS["vms-from"], day("vms-from", "vms_from"), "First day of cancellation in the list for the VMS. If both days are empty, it has all orders."),
      field("vms-to", LABELS["vms-to"], day("vms-to", "vms_to"), "Last day of cancellation in this list; it is included.")),
    h("details", { open: Object.keys(settings.days).length > 0 }, h("summary", {}, "Days between two events"),
      h("p.field-note.quiet", {}, "Our bounds, which the SOP does not name: where a file does not say it, something is called missing only after so many days. A larger number calls less missing."),
      h("div.settings-grid", {}, Object.keys(BOUNDS).map((key) => field(key, BOUNDS[key], h("input", { id: `audit-${key}`, type: "number", min: 0, max: state.overview.most_days, value: settings.days[key] ?? state.overview.bounds[key], "aria-describedby": `audit-${key}-error`, oninput: (event) => { setDays(settings.days, key, event.target.value, state.overview.bounds[key]); changed(); } }))))),
    h("label.check", {}, h("input#audit-stock", { type: "checkbox", checked: settings.stock_in_erp, onchange: (event) => { settings.stock_in_erp = event.target.checked; } }), " Stock is kept in the ERP: a return without an inward purchase order or a GRN is a finding"),
    page.summary, h("div.row", {}, buttons)));
  page.settings.hidden = !state.files.length;
}

/** Set a bound of days; one that is ours is not set, so that the mapping does not name it. */
function setDays(days, key, text, ours) {
  if (text === String(ours)) delete days[key];
  else days[key] = text === "" ? null : Number(text);
}

const field = (id, label, control, help) => h("div.field", {}, h("label", { for: `audit-${id}` }, label), id in BOUNDS && [" ", h("code.key", {}, id)], control,
  id in LABELS && h("p.error.field-error", { id: `audit-${id}-error` }), help && h("p.field-note.quiet", { id: `audit-${id}-help` }, help));
