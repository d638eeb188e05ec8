/** A saved audit.toml: fills the settings and the columns of the files that it names, and says what no longer fits. */

import { chooseKind, words } from "./audit_table.js";

const plain = (name) => name.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim(); // \p{M}: signs of vowels
const OWN = ["system", "rows", "required", "header", "delimiter"];

/** Return the source of a saved mapping for a file and a sheet of it, or for the whole file. */
export const savedSource = (saved, name, sheet = null) => saved?.sources.find((source) => source.file === name && (source.sheet === null || sheet === null || source.sheet === sheet));

/** Return how the columns of a file are to be asked for, if a saved mapping names it. */
export function askedColumns(saved, entry) {
  const source = savedSource(saved, entry.name);
  if (!source) return {};
  return { profile: source.profile, header: source.profile ? null : source.more.header ?? null };
}

/** Fill a sheet from its saved source; return what no longer fits. */
export function applySaved(sheet, source, overview) {
  const complaints = [];
  if (sheet.log) return complaints;
  if (sheet.own) applyKind(sheet, source, overview);
  for (const column of sheet.columns) if (column.how === "synonym" && source.confirmed) column.isRead = true;
  for (const [target, saved] of Object.entries(source.columns)) applyColumn(sheet, target, saved, complaints);
  const form = source.formats.join(" or ") || (sheet.dates && source.confirmed ? sheet.formats.join(" or ") : ""); // a confirmed source has answered the question
  if (form) Object.assign(sheet, overview.forms.includes(form) || form === sheet.formats.join(" or ") ? { format: form } : { format: "other", ownFormat: form });
  const { numbers, empty, personal, ...kept } = source.more;
  Object.assign(sheet, { ownZone: source.zone, ownNumbers: numbers ?? "", empty: [empty ?? []].flat(), personalNames: [personal?.columns ?? []].flat() });
  sheet.kept = sheet.own ? Object.fromEntries(Object.entries(kept).filter(([key]) => !OWN.includes(key))) : kept;
  if (source.complete) Object.assign(sheet, { claims: true, ...source.complete });
  sheet.confirmed = source.confirmed && !complaints.length;
  return complaints;
}

function applyKind(sheet, source, overview) {
  const { kind } = source.columns, rows = source.more.rows ?? "orders";
  const name = overview.kinds.find((each) => (kind ? each.kind === "documents" && (each.fixed.kind ?? null) === (kind.value ?? null) : each.more.rows === rows))?.name ?? "";
  chooseKind(sheet, overview, name);
  sheet.system = source.more.system ?? sheet.system;
  sheet.kindMore = { required: [source.more.required ?? []].flat(), ...(sheet.kindMore.rows ? { rows } : {}) };
  sheet.delimiter = source.more.delimiter ?? sheet.delimiter;
}

function applyColumn(sheet, target, saved, complaints) {
  const suggested = sheet.columns.find((column) => column.suggested === target);
  if (!saved) { if (suggested) suggested.isRead = false; return; }
  if (saved.value !== null) {
    if (sheet.fixed?.[target] === saved.value && sheet.own) return;
    sheet.values.push({ target, value: saved.value });
    return;
  }
  const named = saved.letter || saved.names.length;
  const personal = saved.names.find((name) => sheet.personal.some((other) => plain(name) === plain(other)));
  if (personal) {
    sheet.keptColumns.push({ target, name: personal, letter: "", words: saved.words, formats: saved.formats, zone: saved.zone });
    return;
  }
  const column = !named ? suggested : sheet.columns.find((each) => (saved.letter ? each.letter === saved.letter : saved.names.some((name) => plain(name) === plain(each.name))));
  if (!column) {
    complaints.push(`it has no column ${named ? (saved.letter || saved.names.map((name) => `“${name}”`).join(" or ")) : ""} for ${words(target)}`.replace("  ", " "));
    return;
  }
  if (column.saved) {
    complaints.push(`column ${column.letter} is both ${words(column.saved)} and ${words(target)} there; here it is ${words(column.saved)} only`);
    return;
  }
  for (const other of sheet.columns) if (other !== column && other.target === target) Object.assign(other, { isRead: false });
  Object.assign(column, { target, saved: target, isRead: true, now: column.suggested === target ? column.how : "chosen", formats: saved.formats, zone: saved.zone });
  column.ownWords = Object.entries(saved.words).map(([word, meaning]) => ({ word, meaning, isShown: false }));
}

/** Return what of a saved mapping does not fit the files that are here. */
export function complaintsOf(saved, entries) {
  return [
    ...new Set(saved.sources.filter((source) => !entries.some((entry) => entry.name === source.file)).map((source) => `${source.file} is not here: choose it too, or leave it out.`)),
    ...saved.sources.flatMap((source) => entries.filter((entry) => entry.name === source.file && source.sheet && entry.sheets.length && !entry.sheets.some((sheet) => [null, source.sheet].includes(sheet.sheet)))
      .map(() => `${source.file} has no sheet ${source.sheet}.`)),
    ...entries.flatMap((entry) => (entry.complaints ?? []).map((text) => `${entry.name}: ${text}.`)),
    ...entries.filter((entry) => !savedSource(saved, entry.name)).map((entry) => `${entry.name} is not in it: confirm its columns below.`),
  ];
}
