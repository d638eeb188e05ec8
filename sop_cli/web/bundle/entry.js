// What the workbench uses of CodeMirror, as one ES module. Our own modules import it from /static/vendor/codemirror.js.
export {
  Annotation, ChangeSet, Compartment, EditorSelection, EditorState, Prec, RangeSet, RangeSetBuilder, StateEffect, StateField, Text, Transaction,
} from "@codemirror/state";
export {
  Decoration, EditorView, GutterMarker, ViewPlugin, WidgetType,
  crosshairCursor, drawSelection, gutter, gutterLineClass, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, hoverTooltip,
  keymap, lineNumbers, placeholder, rectangularSelection, runScopeHandlers, showPanel, showTooltip, tooltips,
} from "@codemirror/view";
export {
  cursorMatchingBracket, defaultKeymap, history, historyField, historyKeymap, indentLess, indentMore, insertNewlineAndIndent, isolateHistory, redo, redoDepth,
  standardKeymap, temporarilySetTabFocusMode, toggleTabFocusMode, undo, undoDepth,
} from "@codemirror/commands";
export {
  acceptCompletion, autocompletion, clearSnippet, closeCompletion, completionKeymap, completionStatus, currentCompletions, hasNextSnippetField,
  moveCompletionSelection, nextSnippetField, pickedCompletion, prevSnippetField, selectedCompletion, setSelectedCompletion, snippet, snippetCompletion, snippetKeymap,
  startCompletion,
} from "@codemirror/autocomplete";
export { diagnosticCount, forEachDiagnostic, lintGutter, nextDiagnostic, openLintPanel, previousDiagnostic, setDiagnostics } from "@codemirror/lint";
export {
  HighlightStyle, StreamLanguage, StringStream, foldGutter, foldKeymap, foldService, indentService, indentUnit, syntaxHighlighting,
} from "@codemirror/language";
export {
  RegExpCursor, SearchCursor, closeSearchPanel, findNext, findPrevious, getSearchQuery, highlightSelectionMatches, openSearchPanel, search, SearchQuery, searchKeymap,
  setSearchQuery,
} from "@codemirror/search";
export { tags } from "@lezer/highlight";
