/** Gherkin for the editor: colours, and what a line is. */

import { HighlightStyle, StreamLanguage, indentService, syntaxHighlighting, tags } from "../vendor/codemirror.js";

const TITLES = ["feature", "rule", "background", "scenario", "scenarioOutline", "examples"];
const STEPS = ["given", "when", "then", "and", "but"];
const LANGUAGE = /^\s*#\s*language\s*:\s*([\w-]+)\s*$/;

/** The keywords of a language, the longest first. */
export class Keywords {
  constructor(dialect) {
    const longest = (words) => words.toSorted((one, other) => other[0].length - one[0].length);
    this.titles = longest(TITLES.flatMap((kind) => dialect[kind].map((word) => [word, kind])));
    this.steps = longest(STEPS.flatMap((kind) => dialect[kind].map((word) => [word, kind])));
    this.dialect = dialect;
  }

  /** Return {kind, keyword, at} of a title such as `Rule: …`, or null. */
  title(text) {
    const trimmed = text.trimStart();
    const entry = this.titles.find(([word]) => trimmed.startsWith(`${word}:`));
    return entry ? { kind: entry[1], keyword: entry[0], at: text.length - trimmed.length + entry[0].length + 1 } : null;
  }

  /** Return {kind, keyword, at} of a step, where `at` is the place of its text; or null. And and But have the kind "and" or "but". */
  step(text) {
    const trimmed = text.trimStart();
    const entry = this.steps.find(([word]) => trimmed.startsWith(word));
    if (!entry) return null;
    const kind = entry[0] === "* " ? "and" : entry[1];
    return { kind, keyword: entry[0].trimEnd(), at: text.length - trimmed.length + entry[0].length };
  }
}

const cache = new WeakMap();

/** Return the keywords of the language of a document. */
export function keywordsOf(doc, languages) {
  let code = "en";
  for (let number = 1; number <= Math.min(doc.lines, 50); number += 1) {
    const text = doc.line(number).text;
    const match = LANGUAGE.exec(text);
    if (match) { code = match[1]; break; }
    if (text.trim() && !text.trimStart().startsWith("#")) break;
  }
  const dialect = languages[code] ?? languages.en;
  if (!cache.has(dialect)) cache.set(dialect, new Keywords(dialect));
  return cache.get(dialect);
}

/** Whether line `number` is inside a doc string. */
export function isInDocString(doc, number) {
  let fence = null;
  for (let line = 1; line < number; line += 1) {
    const text = doc.line(line).text.trimStart();
    if (fence ? text.startsWith(fence) : /^("""|```)/.test(text)) fence = fence ? null : text.slice(0, 3);
  }
  return fence !== null;
}

/** Return the kind of the step in line `number` (given, when or then), from the steps above it for And and But. */
export function kindOfStep(doc, number, keywords) {
  for (let line = number; line >= 1; line -= 1) {
    const text = doc.line(line).text;
    if (line < number && keywords.title(text)) return "given";
    const step = keywords.step(text);
    if (step && !["and", "but"].includes(step.kind)) return step.kind;
  }
  return "given";
}

/** Return the number of the line of the step or title above the table row in line `number`; 0 if there is none. */
export function ownerOfRow(doc, number) {
  for (let line = number - 1; line >= 1; line -= 1) {
    const text = doc.line(line).text.trim();
    if (text && !text.startsWith("#") && !text.startsWith("|")) return line;
  }
  return 0;
}

function language(languages) {
  const keywordsIn = (code) => {
    const dialect = languages[code] ?? languages.en;
    if (!cache.has(dialect)) cache.set(dialect, new Keywords(dialect));
    return cache.get(dialect);
  };
  return StreamLanguage.define({
    name: "gherkin",
    startState: () => ({ fence: null, code: "en", isInRow: false, rows: 0, isTitle: false, isExamples: false }),
    copyState: (state) => ({ ...state }),
    blankLine() {},
    token(stream, state) {
      const keywords = keywordsIn(state.code);
      if (stream.sol()) {
        state.isInRow = state.isTitle = false;
        const text = stream.string;
        const start = text.trimStart();
        if (state.fence) {
          if (start.startsWith(state.fence)) state.fence = null;
          stream.skipToEnd();
          return "string";
        }
        stream.eatSpace();
        if (stream.eol()) return null;
        if (start.startsWith('"""') || start.startsWith("```")) { state.fence = start.slice(0, 3); stream.skipToEnd(); return "string"; }
        if (start.startsWith("#")) {
          const match = LANGUAGE.exec(text);
          if (match) state.code = match[1];
          stream.skipToEnd();
          return match ? "meta" : "comment";
        }
        if (start.startsWith("|")) { state.isInRow = true; state.rows += 1; return cell(stream, state); }
        state.rows = 0;
        if (start.startsWith("@")) { stream.match(/^@\S*/); return "labelName"; }
        const title = keywords.title(text);
        if (title) { stream.pos = title.at; state.isTitle = true; state.isExamples = title.kind === "examples"; return "heading"; }
        const step = keywords.step(text);
        if (step) { stream.pos = Math.min(text.length, step.at); return "keyword"; }
      }
      if (state.isInRow) return cell(stream, state);
      if (stream.match(/^\s+/)) return null;
      if (stream.match(/^<[^<>\s][^<>]*>/)) return "variableName";
      if (stream.match(/^@\S+/)) return stream.string.trimStart().startsWith("@") ? "labelName" : null;
      if (stream.match(/^#.*/)) return stream.string.trimStart().startsWith("@") ? "comment" : null;
      stream.match(/^[^<@#]+/) || stream.next();
      return state.isTitle ? "strong" : null;
    },
  });
}

function cell(stream, state) {
  if (stream.eat("|")) return "separator";
  if (stream.match(/^<[^<>|]+>/)) return "variableName";
  while (!stream.eol() && stream.peek() !== "|" && stream.peek() !== "<") {
    if (stream.peek() === "\\") stream.next();
    stream.next();
  }
  if (stream.start === stream.pos) stream.next();
  return state.rows === 1 && state.isExamples ? "propertyName" : "literal";
}

const STYLE = HighlightStyle.define([
  { tag: tags.heading, class: "g-title" }, { tag: tags.keyword, class: "g-keyword" }, { tag: tags.strong, class: "g-name" },
  { tag: tags.comment, class: "g-comment" }, { tag: tags.meta, class: "g-comment" }, { tag: tags.string, class: "g-text" },
  { tag: tags.labelName, class: "g-tag" }, { tag: tags.variableName, class: "g-placeholder" }, { tag: tags.separator, class: "g-bar" },
  { tag: tags.propertyName, class: "g-heading" }, { tag: tags.literal, class: "g-cell" },
]);

/** Return the extensions of the language: colours, and the indentation of a new line. */
export function gherkin(languages) {
  const indent = indentService.of((context, at) => {
    const { doc } = context.state;
    const line = doc.lineAt(at);
    for (let number = line.number - (at === line.from ? 1 : 0); number >= 1; number -= 1) {
      const text = doc.line(number).text;
      if (!text.trim()) continue;
      const deeper = keywordsOf(doc, languages).title(text) ? 2 : 0;
      return text.length - text.trimStart().length + deeper;
    }
    return 0;
  });
  return [language(languages), syntaxHighlighting(STYLE), indent];
}
