/** Audit: send exports of real orders, confirm how their columns are read, audit them, and open the result. */

import { diff, ask } from "../dialogs.js";
import { counted, fill, h } from "../dom.js";
import { Job } from "../runs.js";
import { discard, send } from "../uploads.js";
import { choicesOf, findingsOf, isReadSheet, sheetForm, withChoices } from "./audit_columns.js";
import { drawOutcome, drawResults } from "./audit_results.js";
import { drawSettings, NO_SETTINGS, settingsFindings, settingsOf, showSettingsFindings } from "./audit_settings.js";
import { chooseKind } from "./audit_table.js";
import { applySaved, askedColumns, savedSource } from "./audit_saved.js";
import { drawMisfits, drawSaved, readSaved } from "./audit_saved_panel.js";

const job = new Job("step");
const state = { overview: null, files: [], settings: { ...NO_SETTINGS, days: {} }, saved: null, findings: [], last: null, error: null };
const ENCODINGS = { "": "UTF-8, or as the file says", cp1252: "cp1252: Excel on Windows", "utf-16-le": "UTF-16, low byte first", "utf-16-be": "UTF-16, high byte first", "iso-8859-1": "ISO 8859-1", cp437: "cp437: DOS", cp850: "cp850: DOS" };
const TEXTS = /\.(csv|tsv|txt|ndjson|jsonl)$/i;
let shown = null; // redraws the screen, null while it is left
let serial = 0;
addEventListener("beforeunload", (event) => {
  if (location.hash.startsWith("#token=")) return; // the link of a new start
  if (job.isRunning || (state.files.length && !state.last)) event.preventDefault();
});

export async function show(root, place, app) {
  const page = { app, files: h("div.stack", {}), settings: h("div", {}), outcome: h("div.stack", {}), progress: h("div", {}), results: h("section", { "aria-labelledby": "past-audits" }), saved: h("div", {}), explain: h("section.stack", { "aria-labelledby": "one-order" }) };
  const notice = h("div", {}, h("p.quiet", {}, "Loading the audits …"));
  root.append(h("h1", {}, "Audit"),
    h("p.lead", {}, "What exports of your real orders show against the SOP, and which credit notes are due. Nothing leaves this computer."), notice);
  state.overview = await app.call("audit.overview");
  if (state.overview.missing) { fill(notice, h("p.error", { role: "alert" }, `Audits cannot be run yet: ${state.overview.missing}. Then start the workbench again.`)); return null; }
  fill(notice);
  root.append(h("div.stack", {}, dropZone(page), page.saved, page.files, page.settings, page.progress, page.outcome, page.explain, page.results));
  page.summary = h("div", { role: "status" });
  shown = (entry) => { if (entry) drawFile(page, entry); drawOutcome(page, state, goTo); drawButtons(page); drawResults(page, state); };
  page.again = () => drawButtons(page);
  page.readColumns = (entry) => readColumns(page, entry);
  page.redraw = () => {
    if (!shown) return;
    const focused = document.activeElement?.id;
    drawFiles(page);
    drawForm(page);
    drawSaved(page, state);
    shown();
    if (document.activeElement === document.body) (document.getElementById(focused) ?? document.getElementById("saved-title"))?.focus();
  };
  job.attach(page.progress);
  drawFiles(page);
  drawForm(page);
  drawSaved(page, state);
  shown();
  const listeners = { focus: () => renewResults(page), dragover: (event) => event.preventDefault(), drop: (event) => { event.preventDefault(); page.zone.classList.remove("over"); addDropped(page, event.dataTransfer); } };
  for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener);
  const forget = app.on("back", () => { if (state.error?.status === 0) state.error = null; shown?.(); });
  return () => { forget(); job.attach(null); shown = null; for (const [name, listener] of Object.entries(listeners)) removeEventListener(name, listener); };
}

/** Show the results that another tab has made or removed meanwhile. */
async function renewResults(page) {
  if (job.isRunning) return;
  let overview;
  try { overview = await page.app.call("audit.overview"); } catch { return; } // the list is as before
  if (!shown || JSON.stringify(overview.results) === JSON.stringify(state.overview.results)) return;
  const focused = document.activeElement?.id;
  state.overview = overview;
  drawResults(page, state);
  document.getElementById(focused)?.focus();
}

/* Files */

function dropZone(page) {
  const { limits } = state.overview;
  const input = h("input#audit-files", { type: "file", multiple: true, "aria-describedby": "audit-files-help", onchange: () => { const chosen = [...input.files]; input.value = ""; add(page, chosen); } });
  page.input = input;
  return (page.zone = h("div.panel.drop", { ondragenter: () => page.zone.classList.add("over"), ondragleave: (event) => { if (!page.zone.contains(event.relatedTarget)) page.zone.classList.remove("over"); } },
    h("label", { for: "audit-files" }, "Drop exports here, or choose them"), input,
    h("p.field-note.quiet#audit-files-help", {}, `CSV, TSV, XLSX, XLS, ODS, Parquet or postings as JSON lines; at most ${sizeText(limits.largest)} each, ${limits.most} files. With them a saved audit.toml, which says how they are read. All are kept in a temporary folder of this computer until you remove them or the workbench ends. Columns with names, addresses, phone numbers or e-mail addresses are not kept.`)));
}

function addDropped(page, transfer) {
  const folders = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry?.isDirectory).map((entry) => entry.name);
  if (folders.length) page.app.notify(`${folders.join(", ")}: a folder; drop the files in it`, "bad");
  add(page, [...transfer.files].filter((file) => !folders.includes(file.name)));
}

function add(page, chosen) {
  const mappings = chosen.filter((file) => /\.toml$/i.test(file.name));
  for (const file of mappings) readSaved(page, state, file);
  for (const file of chosen.filter((other) => !mappings.includes(other))) {
    const entry = { key: (serial += 1), name: file.name, size: file.size, received: 0, id: null, encoding: "", error: "", sheets: [], notes: null, controller: new AbortController(), waiting: null };
    const isTwice = state.files.some((other) => other.name === file.name);
    state.files.push(entry);
    if (isTwice) Object.assign(entry, { waiting: file, error: "two files have this name; rename one, or remove it" });
    else upload(page, entry, file);
  }
  drawFiles(page);
}

async function upload(page, entry, file) {
  try {
    entry.isBusy = "sending";
    entry.id = await send(file, (received) => { entry.received = received; drawProgress(entry); }, entry.controller.signal);
    await readColumns(page, entry);
  } catch (error) {
    entry.error = error.name === "AbortError" ? "cancelled" : error.message.replace(`${entry.name}: `, "");
  } finally {
    entry.isBusy = "";
    if (shown && state.files.includes(entry)) drawFile(page, entry);
    page.again();
  }
}

async function readColumns(page, entry) {
  entry.isBusy = "reading its columns";
  if (shown) drawFile(page, entry);
  const source = savedSource(state.saved, entry.name);
  const asked = entry.asked ?? askedColumns(state.saved, entry);
  entry.encoding ||= source?.encoding ?? "";
  const { error, needs_encoding: needsEncoding, sheets, notes } = await page.app.call("audit.columns", { file: entry.id, encoding: entry.encoding || null, ...asked }, { signal: entry.controller.signal });
  Object.assign(entry, { error, needsEncoding, notes, complaints: [], sheets: sheets.map(withChoices) });
  for (const sheet of entry.sheets) {
    sheet.isOptional = sheet.own && entry.sheets.length > 1;
    const saved = savedSource(state.saved, entry.name, sheet.sheet);
    if (saved && !(saved.profile && sheet.isOptional) && !entry.asked) entry.complaints.push(...applySaved(sheet, saved, state.overview));
  }
}

/** Read the columns again: by another profile, or with another row of the header. */
async function readAgain(page, entry, asked, focus) {
  const before = entry.sheets;
  entry.asked = { ...(entry.asked ?? askedColumns(state.saved, entry)), ...asked };
  try { await readColumns(page, entry); } catch (error) { entry.error = error.message; }
  entry.sheets.forEach((sheet, number) => { sheet.wasKnown = sheet.own && (before[number]?.wasKnown || !before[number]?.own); });
  entry.sheets.forEach((sheet, number) => { if (sheet.own && before[number]?.chosenKind) chooseKind(sheet, state.overview, before[number].chosenKind); });
  entry.isBusy = "";
  if (!shown) return;
  drawFile(page, entry);
  document.getElementById(focus)?.focus();
  drawButtons(page);
}

async function changeEncoding(page, entry, encoding) {
  Object.assign(entry, { encoding, error: "", sheets: [] });
  try { await readColumns(page, entry); } catch (error) { entry.error = error.message; }
  entry.isBusy = "";
  if (!shown) return;
  drawFile(page, entry);
  document.getElementById(`encoding-${entry.key}`)?.focus();
  drawButtons(page);
}

function remove(page, entry) {
  entry.controller.abort();
  if (entry.id) discard([entry.id]);
  state.files = state.files.filter((other) => other !== entry);
  const next = state.files.find((other) => other.name === entry.name);
  if (next?.waiting) { // its name is free now
    const file = next.waiting;
    Object.assign(next, { waiting: null, error: "" });
    upload(page, next, file);
  }
  drawFiles(page);
  drawButtons(page);
  page.input.focus();
}

function drawFiles(page) {
  fill(page.files, state.files.map((entry) => h("section.panel.stack.audit-file", { id: `file-${entry.key}`, "aria-labelledby": `file-name-${entry.key}` })));
  for (const entry of state.files) drawFile(page, entry);
}

function drawFile(page, entry) {
  const place = document.getElementById(`file-${entry.key}`) ?? page.files.querySelector(`#file-${entry.key}`);
  if (!place) return;
  entry.bar = entry.isBusy === "sending" ? h("progress", { max: entry.size || 1, value: entry.received, "aria-label": `Sending ${entry.name}` }) : null;
  fill(place,
    h("div.row", {}, h("h2", { id: `file-name-${entry.key}` }, h("bdi", {}, entry.name)), h("span.quiet", {}, sizeText(entry.size)),
      h("button", { type: "button", "aria-describedby": `file-name-${entry.key}`, onclick: () => remove(page, entry) }, entry.isBusy ? "Cancel" : "Remove")),
    entry.isBusy && h("p.quiet", { role: "status" }, entry.bar, ` ${entry.isBusy} …`),
    (entry.error || entry.runError) && h("p.error", { role: "alert", id: `file-error-${entry.key}`, tabindex: "-1" }, entry.error || entry.runError),
    entry.id && !entry.isBusy && (TEXTS.test(entry.name) || entry.needsEncoding) && (entry.needsEncoding || entry.encoding || entry.sheets.some((sheet) => !sheet.log)) && h("div.field.encoding", {},
      h("label", { for: `encoding-${entry.key}` }, "Encoding"),
      h("select", { id: `encoding-${entry.key}`, onchange: (event) => changeEncoding(page, entry, event.target.value) },
        Object.entries(ENCODINGS).map(([value, label]) => h("option", { value, selected: value === entry.encoding }, label)))),
    entry.notes !== null && h("p", {}, `A worklist of this program, with ${counted(entry.notes, "note")}. They come into the new worklist. Choose its audit below as the earlier one, to see what is closed and new since.`),
    entry.sheets.map((sheet, number) => sheetForm(`${entry.key}-${number}`, sheet, state.overview, actionsOf(page, entry))));
}

const actionsOf = (page, entry) => ({
  changed: () => drawButtons(page),
  redraw: (focus) => { drawFile(page, entry); document.getElementById(focus)?.focus(); drawButtons(page); },
  reread: (asked, focus) => readAgain(page, entry, asked, focus),
});

function drawProgress(entry) { if (entry.bar) entry.bar.value = entry.received; }

/** Return a number of bytes in words. */
function sizeText(bytes) {
  const unit = [[2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"]].find(([size]) => bytes >= size);
  return unit ? `${(bytes / unit[0]).toLocaleString("en", { maximumFractionDigits: 1 })} ${unit[1]}` : counted(bytes, "byte");
}

/* Settings, and the run */

function drawForm(page) {
  page.button = h("button.main", { type: "submit" }, "Audit");
  page.save = page.app.readOnly ? null : h("button", { type: "button", onclick: () => save(page) }, "Save the mapping as audit.toml …");
  drawSettings(page, state, { run: () => run(page), changed: () => drawButtons(page), buttons: [page.button, page.save] });
}

function drawButtons(page) {
  const present = [...document.querySelectorAll(".drop")].includes(page.zone);
  if (!present) return;
  page.settings.hidden = !state.files.length;
  drawMisfits(page, state);
  const isBusy = job.isRunning || state.files.some((entry) => entry.isBusy);
  page.button.disabled = isBusy;
  if (page.save) page.save.disabled = isBusy;
  if (state.findings.length) { state.findings = findings(); drawFindings(page); }
}

/** Return what has to be chosen before the files can be audited: the element, and the message. */
function findings() {
  const isAlone = state.files.length > 0 && state.files.every((entry) => !entry.error && entry.notes !== null);
  return [...(isAlone ? [{ at: "audit-files", message: "choose an export of orders too: a worklist has only notes" }] : []), ...state.files.flatMap((entry) => entry.error ? [{ at: `file-${entry.key}`, message: `${entry.name}: ${entry.error}` }]
    : entry.sheets.length && !entry.sheets.some(isReadSheet) && entry.sheets.length > 1 ? [{ at: `kind-${entry.key}-0`, message: `${entry.name}: choose for at least one sheet what a row of it is` }]
    : entry.sheets.flatMap((sheet, number) => findingsOf(`${entry.key}-${number}`, sheet, state.overview).map((finding) => ({ ...finding, message: `${entry.name}${sheet.sheet ? `, sheet ${sheet.sheet}` : ""}: ${finding.message}` })))), ...settingsFindings(state.settings, state.overview)];
}

function drawFindings(page) {
  showSettingsFindings(state.findings);
  fill(page.summary, state.findings.length > 0 && h("div.error", {}, `${counted(state.findings.length, "thing")} to do first:`,
    h("ul", {}, state.findings.map((finding) => h("li", {}, finding.message, " ", h("button.link", { type: "button", onclick: () => goTo(finding.at) }, "Go to it"))))));
}

function goTo(id) {
  const element = document.getElementById(id);
  if (!element) return;
  element.closest("details")?.setAttribute("open", "");
  if (!/^(INPUT|SELECT|BUTTON)$/.test(element.tagName)) element.tabIndex = -1;
  element.focus();
}

const chosen = () => state.files.flatMap((entry) => entry.sheets.filter(isReadSheet).map((sheet) => choicesOf(sheet, entry, state.overview)));

/** Look whether everything is chosen; if not, show what is missing. */
function isComplete(page) {
  state.findings = findings();
  drawFindings(page);
  if (state.findings.length) goTo(state.findings[0].at);
  return !state.findings.length;
}

async function run(page) {
  const { app } = page, { settings } = state;
  if (job.isRunning || !isComplete(page)) return;
  const name = settings.name || settings.as_of, replace = !app.readOnly && state.overview.results.some((result) => result.name === name);
  if (replace && !(await app.confirm("Replace a result?", h("p", {}, `There is a result ${name}. It is replaced when the new one is complete.`), "Audit"))) return;
  state.error = state.last = null;
  for (const entry of state.files.filter((other) => other.runError)) { entry.runError = ""; drawFile(page, entry); }
  const sources = chosen();
  const auditing = job.run(app, app.readOnly ? "audit.show" : "audit.run", { sources, settings: settingsOf(settings), since: settings.since, notes: state.files.filter((entry) => entry.notes !== null).map((entry) => entry.id), name: settings.name, ...(app.readOnly ? {} : { replace }) });
  shown?.();
  try {
    state.last = await auditing;
    if (state.last) app.notify(`Audited: ${state.last.name}`, "good");
    else app.notify("Cancelled; nothing was written.");
  } catch (error) {
    state.error = error;
    showAtFile(error.message, sources);
  }
  try { state.overview = await app.call("audit.overview"); } catch { /* the list is as before */ }
  shown?.();
  if (shown && state.last) document.getElementById("new-audit")?.focus();
}

/** Show an error of the run at the file that it is about, if it is about one. */
function showAtFile(message, sources) {
  const number = message.match(/^`?audit\.toml, source (\d+)/)?.[1];
  const entry = state.files.find((other) => (number ? sources[number - 1]?.file === other.id : message.replace(/^`/, "").startsWith(other.name)));
  if (!entry) return;
  entry.runError = message;
  shown?.(entry);
}

async function save(page) {
  if (!isComplete(page)) return;
  const settings = settingsOf(state.settings), sources = chosen();
  try {
    const { file, text, present } = await page.app.call("audit.mapping", { sources, settings });
    const body = [h("p", {}, `${file} in the folder of the project says how each column is read. The command \`sop audit\` uses it for files of the same names.`),
      present?.text === text ? h("p.quiet", {}, "The file has this text already.") : diff(present?.text ?? "", text)];
    if ((await ask("Save the mapping?", body, [[null, "Cancel"], ["save", `Save ${file}`, "main"]])) !== "save") return;
    await page.app.call("audit.save", { sources, settings, digest: present?.digest ?? null });
    state.overview.has_mapping = true;
    page.app.notify(`Saved: ${file}`, "good");
  } catch (error) {
    page.app.notify(`${error.title}: ${error.message}`, "bad");
  }
}
