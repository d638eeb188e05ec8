/** Tables in the text: their cells with places, and changes that touch the changed cells only. */

/** Return the table with the row in line `number`, or null. Comments and empty lines may be between its rows. */
export function tableAt(doc, number) {
  if (number < 1 || number > doc.lines || !isRow(doc.line(number).text)) return null;
  let first = number, last = number;
  for (let line = number - 1; line >= 1; line -= 1) {
    const text = doc.line(line).text.trim();
    if (text.startsWith("|")) first = line;
    else if (text && !text.startsWith("#")) break;
  }
  for (let line = number + 1; line <= doc.lines; line += 1) {
    const text = doc.line(line).text.trim();
    if (text.startsWith("|")) last = line;
    else if (text && !text.startsWith("#")) break;
  }
  const rows = [];
  for (let line = first; line <= last; line += 1) {
    const { text, from } = doc.line(line);
    if (isRow(text)) rows.push({ line, from, text, cells: cellsOf(text) });
  }
  return { first, last, rows, width: Math.max(...rows.map((row) => row.cells.length)) };
}

const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]"; // what Python, and so Gherkin, takes for white space
const BLANKS_FIRST = new RegExp(`^${BLANK}+`), BLANKS_LAST = new RegExp(`${BLANK}+$`);

const trimmedStart = (text) => text.replace(BLANKS_FIRST, "");
const trimmed = (text) => trimmedStart(text).replace(BLANKS_LAST, "");

export const isRow = (text) => trimmedStart(text).startsWith("|");

/** Return the cells of a row: `from` and `to` in the row, and the text between them as written. */
export function cellsOf(text) {
  const cells = [];
  let start = text.indexOf("|") + 1;
  if (!start) return cells;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === "\\") { at += 1; continue; }
    if (text[at] !== "|") continue;
    const inner = text.slice(start, at);
    const blanks = inner.length - trimmedStart(inner).length;
    const written = trimmed(inner);
    const from = start + (written ? blanks : Math.min(1, inner.length));
    cells.push({ from, to: from + written.length, text: written, start, end: at });
    start = at + 1;
  }
  return cells;
}

/** Whether the last backslash of a text begins an escape. */
export const endsInEscape = (text) => /(^|[^\\])(\\\\)*\\$/.test(text);

/** Return what is written in the cell for a value that was typed or pasted. */
export function written(value) {
  let text = trimmed(value.replace(/\r?\n/g, "\\n").replace(/\t/g, " ")).replace(/\\[^]?|\|/g, (part) => (part === "|" ? "\\|" : part));
  if (endsInEscape(text)) text += "\\";
  return text;
}

const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const NARROW = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Return the columns that a text takes, as the formatter counts them; where they differ, a table is left unaligned. */
export function width(text) {
  if (/^[\x20-\u02ff]*$/.test(text)) return text.length;
  let columns = 0;
  for (const char of text) columns += NARROW.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return columns;
}

const indentOf = (text) => text.slice(0, text.length - text.trimStart().length);

/** Return the rows of texts as the formatter lays them out. */
function laidOut(rows, indents) {
  const widths = [];
  for (const cells of rows) cells.forEach((cell, at) => { widths[at] = Math.max(widths[at] ?? 0, width(cell)); });
  return rows.map((cells, at) =>
    cells.length ? `${indents[at]}| ${cells.map((cell, place) => cell + " ".repeat(widths[place] - width(cell))).join(" | ")} |` : `${indents[at]}|`);
}

const textsOf = (table) => table.rows.map((row) => row.cells.map((cell) => cell.text));
const indentsOf = (table) => table.rows.map((row) => indentOf(row.text));

/** Whether each row is as the formatter lays it out. */
export function isAligned(table) {
  return laidOut(textsOf(table), indentsOf(table)).every((line, at) => line === table.rows[at].text.trimEnd());
}

/** Return the changes that write `edits` ([row, column, value]) into cells; an aligned table stays aligned. */
export function cellChanges(table, edits) {
  const texts = textsOf(table);
  const real = edits.map(([row, column, value]) => [row, column, written(value)])
    .filter(([row, column, value]) => texts[row]?.[column] !== undefined && texts[row][column] !== value);
  if (!real.length) return [];
  if (isAligned(table)) {
    for (const [row, column, value] of real) texts[row][column] = value;
    return rowChanges(table, laidOut(texts, indentsOf(table)));
  }
  return real.map(([row, column, value]) => {
    const { from, to, start, end } = table.rows[row].cells[column];
    const base = table.rows[row].from;
    if (from === to) return { from: base + start, to: base + end, insert: value ? ` ${value} ` : table.rows[row].text.slice(start, end) };
    return { from: base + from, to: base + to, insert: value };
  });
}

function rowChanges(table, lines) {
  return table.rows.flatMap((row, at) => {
    const kept = row.text.trimEnd();
    return lines[at] === kept ? [] : [{ from: row.from, to: row.from + kept.length, insert: lines[at] }];
  });
}

/** Return what a value of another program is in a cell, where a backslash begins an escape. */
export const literal = (value) => value.replaceAll("\\", "\\\\");

/** Return the changes that insert rows of values after the row `at`, and write `edits` ([row, column, value]) into cells. */
export function rowsAfter(table, at, values, edits = []) {
  const row = table.rows[at];
  const fresh = values.map((cells) => Array.from({ length: row.cells.length }, (_, place) => written(cells[place] ?? "")));
  const indent = indentOf(row.text);
  const end = row.from + row.text.length;
  if (!isAligned(table)) return [...cellChanges(table, edits), { from: end, insert: fresh.map((cells) => `\n${indent}|${cells.map((cell) => ` ${cell} |`).join("")}`).join("") }];
  const texts = textsOf(table);
  for (const [place, column, value] of edits) if (texts[place]?.[column] !== undefined) texts[place][column] = written(value);
  const all = laidOut([...texts, ...fresh], [...indentsOf(table), ...fresh.map(() => indent)]);
  const inserted = all.slice(table.rows.length).map((line) => `\n${line}`).join("");
  const changes = rowChanges(table, all.slice(0, table.rows.length));
  return [...changes, { from: end, insert: inserted }];
}

/** Return the changes that delete the row `at`. */
export function withoutRow(table, at, doc) {
  const row = table.rows[at];
  const line = doc.line(row.line);
  const gone = line.to < doc.length ? { from: line.from, to: line.to + 1 } : { from: Math.max(0, line.from - 1), to: line.to };
  if (!isAligned(table)) return [gone];
  const rest = { rows: table.rows.filter((_, place) => place !== at) };
  return [...rowChanges(rest, laidOut(textsOf(rest), indentsOf(rest))), gone];
}

/** Return the changes that swap the rows `at` and `at + by`; lines between them stay. */
export function movedRow(table, at, by) {
  const one = table.rows[at], other = table.rows[at + by];
  if (!one || !other) return [];
  return [{ from: one.from, to: one.from + one.text.length, insert: other.text }, { from: other.from, to: other.from + other.text.length, insert: one.text }];
}

/** Return the cells of a text from a spreadsheet: tabs between cells, quoted cells may have line ends. */
export function pasted(text) {
  const rows = [[]];
  let cell = "", quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at];
    if (quoted) {
      if (char === '"' && source[at + 1] === '"') { cell += '"'; at += 1; }
      else if (char === '"') quoted = false;
      else cell += char;
    } else if (char === '"' && cell === "" && /^"(?:[^"]|"")*"(?:\t|\n|$)/.test(source.slice(at))) quoted = true;
    else if (char === "\t") { rows.at(-1).push(cell); cell = ""; }
    else if (char === "\n") { rows.at(-1).push(cell); cell = ""; rows.push([]); }
    else cell += char;
  }
  rows.at(-1).push(cell);
  return rows;
}
