/** Merging of two texts that were made from one: changes of different lines, with a line between them that neither changed, go together. */

import { lineDiff } from "./dialogs.js";

/** Return the text with both changes; null if they are at one place, or if it is not known from which text they were made. */
export function merged(base, one, other) {
  if (base === null) return null;
  const lines = base.split("\n");
  const changes = [...changesOf(lines, one.split("\n")), ...changesOf(lines, other.split("\n"))].sort((a, b) => a.from - b.from || a.to - b.to);
  const out = [];
  let at = 0, last = null;
  for (const change of changes) {
    if (last && change.from === last.from && change.to === last.to && change.lines.join("\n") === last.lines.join("\n")) continue; // the same in both
    if (last && change.from <= last.to) return null;
    out.push(...lines.slice(at, change.from), ...change.lines);
    at = change.to;
    last = change;
  }
  return [...out, ...lines.slice(at)].join("\n");
}

/** Return what makes the lines `after` of `before`: {from, to, lines}, the lines from `from` to before `to` become `lines`. */
function changesOf(before, after) {
  const changes = [];
  let at = 0, open = null;
  for (const [kind, line] of lineDiff(before, after)) {
    if (kind === "kept") { open = null; at += 1; continue; }
    if (!open) changes.push((open = { from: at, to: at, lines: [] }));
    if (kind === "removed") open.to = at += 1; else open.lines.push(line);
  }
  return changes;
}
