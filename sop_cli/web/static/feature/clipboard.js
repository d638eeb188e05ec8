/** What is copied in the editor or in the grid is marked as written text, where a backslash begins an escape; what comes from elsewhere is a value. */

const WRITTEN = "application/x-sop-written";
let last = null; // the text that was copied here last: not every clipboard keeps a type of our own

/** Mark what is copied or cut in `root`; after the editor's own listeners, which fill the clipboard. */
export function markCopies(root) {
  for (const kind of ["copy", "cut"]) root.addEventListener(kind, mark);
}

/** Whether a clipboard has text as it is written in a feature file. */
export const isWritten = (clipboard) => clipboard.types.includes(WRITTEN) || clipboard.getData("text/plain") === last;

function mark(event) {
  const { target: field, clipboardData: clipboard } = event;
  if (field.matches?.("table.grid input")) {
    const text = field.value.slice(field.selectionStart, field.selectionEnd);
    if (!text) return;
    event.preventDefault();
    clipboard.setData("text/plain", text);
    if (event.type === "cut" && !field.readOnly) document.execCommand("delete");
  } else if (!event.defaultPrevented) return; // the browser copies by itself, and not from the editor
  clipboard.setData(WRITTEN, "1");
  last = clipboard.getData("text/plain");
}
