/** The text of a file and the text in the editor: byte order mark, line ends, places, and changes from one text to another. */

import { lineDiff } from "../dialogs.js";
import { Text } from "../vendor/codemirror.js";

const MARK = "\ufeff";

/** The form of a file that the editor does not show: its byte order mark, and whether all its lines end with CR LF. */
export class FileForm {
  constructor(text) {
    this.mark = text.startsWith(MARK) ? MARK : "";
    const ends = text.match(/\r?\n/g) ?? [];
    this.crlf = ends.length > 0 && ends.every((end) => end === "\r\n");
  }

  /** Return the text in the editor; in a file with both line ends, a CR stays as a character. */
  inEditor(text) {
    const body = text.startsWith(MARK) ? text.slice(1) : text;
    return this.crlf ? body.replaceAll("\r\n", "\n") : body;
  }

  /** Return the text of the file for the text in the editor. */
  inFile(text) { return this.mark + (this.crlf ? text.replaceAll("\n", "\r\n") : text); }
}

/** Return the document of the editor; only LF ends a line, so that no other character is lost. */
export const documentOf = (text) => Text.of(text.split("\n"));

/** Return the position of a line and a column; columns count characters, the editor counts UTF-16 units. */
export function position(doc, line, column) {
  if (line > doc.lines) return doc.length;
  const { from, text } = doc.line(Math.max(1, line));
  let units = 0;
  for (let left = column - 1; left > 0 && units < text.length; left -= 1) units += text.codePointAt(units) > 0xffff ? 2 : 1;
  return from + units;
}

/** Return the changes of the editor that make the text `after` of the text `before`, line by line. */
export function changesBetween(before, after) {
  const changes = [];
  let at = 0, open = null;
  const rows = lineDiff(before.split("\n"), after.split("\n"));
  const close = () => { if (open) changes.push(open); open = null; };
  for (const [kind, line] of rows) {
    if (kind === "kept") { close(); at += line.length + 1; continue; }
    open ??= { from: at, to: at, insert: "" };
    if (kind === "removed") { at += line.length + 1; open.to = at; } else open.insert += `${line}\n`;
  }
  close();
  return changes.map(({ from, to, insert }) => fit(before, from, to, insert));
}

/** A change of the last lines has no line end after it. */
function fit(before, from, to, insert) {
  if (to <= before.length && from <= before.length) return { from, to, insert };
  if (from > before.length) return { from: before.length, to: before.length, insert: `\n${insert.slice(0, -1)}` };
  if (insert) return { from, to: before.length, insert: insert.slice(0, -1) };
  return { from: Math.max(0, from - 1), to: before.length, insert: "" };
}
