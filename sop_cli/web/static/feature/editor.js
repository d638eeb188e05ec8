/** The text editor of a feature file. */

import {
  EditorSelection, EditorState, EditorView, Prec, autocompletion, completionKeymap, defaultKeymap, drawSelection, highlightActiveLine, highlightActiveLineGutter,
  highlightSelectionMatches, highlightSpecialChars, history, historyKeymap, keymap, lineNumbers, nextDiagnostic, previousDiagnostic, search, searchKeymap,
  setDiagnostics, tooltips,
} from "../vendor/codemirror.js";
import { h } from "../dom.js";
import { closeIfWritten, completionSource } from "./completion.js";
import { gherkin } from "./gherkin.js";
import { quoted } from "./panels.js";
import { resultsGutter } from "./results.js";
import { changesBetween, documentOf, position } from "./text.js";

/** The usual keys, without the one that tries the examples: it would also insert a line. */
const usualKeys = defaultKeymap.filter(({ key }) => key !== "Mod-Enter");

/**
 * Return an editor in `parent`. `on.change(update)` follows each change of the text, `on.move()` each move of the cursor, and
 * `on.result(example)` a click on a result.
 */
export function editorIn(parent, { text, words, readOnly, latest, on }) {
  const nonce = document.querySelector("meta[name=style-nonce]")?.content ?? "";
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: documentOf(text),
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorState.lineSeparator.of("\n"),
        EditorView.clipboardInputFilter.of((pastedText) => pastedText.replace(/\r\n?/g, "\n")),
        EditorState.readOnly.of(readOnly),
        EditorState.tabSize.of(2),
        EditorView.contentAttributes.of({ "aria-label": "Text of the feature", tabindex: "0", spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
        EditorView.theme({}, { dark: matchMedia("(prefers-color-scheme: dark)").matches }),
        tooltips({ position: "fixed", parent: document.getElementById("screen") }),
        resultsGutter(on.result),
        lineNumbers(),
        highlightActiveLine(), highlightActiveLineGutter(), highlightSpecialChars(), highlightSelectionMatches(), drawSelection(),
        history({ minDepth: 1000 }),
        search({ top: true }),
        gherkin(words.languages),
        Prec.highest(keymap.of([{ key: "Enter", run: closeIfWritten }])),
        autocompletion({ override: [completionSource(words, latest)], icons: false, maxRenderedOptions: 60, updateSyncTime: 20 }),
        keymap.of([...completionKeymap, ...searchKeymap, ...historyKeymap, ...usualKeys]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) on.change(update);
          if (update.docChanged || update.selectionSet) on.move(update);
        }),
      ],
    }),
  });
}

/** Replace the text by `text` with as few changes as possible; it can be undone. */
export function replaceText(view, text, event = "input") {
  const before = view.state.doc.toString();
  if (before === text) return;
  view.dispatch({ changes: changesBetween(before, text), userEvent: event, scrollIntoView: false });
}

/** Underline the findings; each has the fixes that `fix(fix)` applies. */
export function showFindings(view, findings, fix) {
  const { doc } = view.state;
  const diagnostics = findings.map((finding) => {
    const from = Math.min(position(doc, finding.line, finding.column), doc.length);
    return {
      from, to: endOf(doc, from), severity: "error", source: finding.rule, message: `${finding.message}; ${finding.remedy}`,
      renderMessage: () => h("span", {}, quoted(`${finding.message}; ${finding.remedy}`)),
      actions: view.state.readOnly ? [] : (finding.fixes ?? []).map((offered) => ({ name: offered.title, apply: () => fix(offered) })),
    };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

/** Return the end of what stands at a place: a tag, a cell, a placeholder, or the rest of the line. */
function endOf(doc, from) {
  const line = doc.lineAt(from);
  const text = line.text.slice(from - line.from);
  const rest = line.text.trimStart().startsWith("|") ? /^(?:\\.|[^|\\])*/ : /^(?:@\S+|<[^<>]*>|.*)/;
  return from + (rest.exec(text)?.[0].trimEnd().length || Math.min(1, text.length));
}

/** Apply a fix: its edits have lines and columns. */
export function applyFix(view, { edits }) {
  const { doc } = view.state;
  const changes = edits.map(([line, column, endLine, endColumn, insert]) => {
    const from = position(doc, line, column);
    const to = Math.max(from, position(doc, endLine, endColumn));
    // a line that is deleted at the end of the text takes the line end before it
    return !insert && endLine > doc.lines && from > 0 && column === 1 ? { from: from - 1, to: doc.length } : { from, to, insert };
  });
  view.dispatch({ changes, userEvent: "input.fix" });
  view.focus();
}

/** Put the cursor in a line and show it; the text gets the focus unless `takesFocus` is false. */
export function goToLine(view, number, column = 1, takesFocus = true) {
  const at = position(view.state.doc, Math.min(Math.max(1, number), view.state.doc.lines), column);
  view.dispatch({ selection: EditorSelection.cursor(at), effects: EditorView.scrollIntoView(at, { y: "center" }) });
  if (takesFocus) view.focus();
}

export const nextFinding = (view) => { view.focus(); return nextDiagnostic(view); };
export const previousFinding = (view) => { view.focus(); return previousDiagnostic(view); };
