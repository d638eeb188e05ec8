/** What the editor offers: step sentences with blanks to fill in, their values, tags, columns and cells of tables, placeholders, keywords. */

import { closeCompletion, completionStatus, selectedCompletion, snippet, startCompletion } from "../vendor/codemirror.js";
import { isInDocString, keywordsOf, kindOfStep, ownerOfRow } from "./gherkin.js";
import { cellsOf, isRow, tableAt } from "./tables.js";

const LISTED_IDS = { clauses: ["clause"], gaps: ["gap"], ids: ["clause", "gap"] };

/** The words that are offered, from the catalogue of the step definitions, the tags and the languages. */
export class Words {
  constructor(data) { this.take(data); }

  /** Have other words from now on; `engine` names the code and the rulebook that they are from. */
  take({ sentences, tags, languages, engine }) {
    this.engine = engine;
    this.languages = languages;
    this.tags = tags;
    this.sentences = sentences.map((sentence) => ({ ...sentence, pieces: piecesOf(sentence), regexp: regexpOf(sentence.pattern) }));
  }

  /** Return the values that a parameter may have; ids of clauses and gaps for lists of them. */
  values(parameter) {
    if (parameter.choices.length) return parameter.choices.map((label) => ({ label }));
    const kinds = LISTED_IDS[parameter.type] ?? [];
    return this.tags.filter((tag) => kinds.includes(tag.kind)).map((tag) => ({ label: tag.tag.slice(1), detail: tag.about }));
  }

  /** Return the sentence that a step of `kind` matches as it is written, with placeholders for any value; or undefined. */
  sentenceOf(kind, text) {
    const own = this.sentences.filter((sentence) => sentence.kind === kind);
    return own.find((sentence) => sentence.regexp?.test(text)) ?? own.find((sentence) => loose(sentence).test(text));
  }
}

const regexpOf = (pattern) => { try { return new RegExp(pattern, "u"); } catch { return null; } };

/** Return the pieces of a sentence: texts, and parameters; of alternatives the first, without optional texts. */
function piecesOf({ expression, parameters }) {
  const rest = [...parameters], pieces = [];
  for (const part of expression.match(/\\.|\{[^}]*\}|\([^)]*\)|[^\\{(]+/g) ?? []) {
    if (part.startsWith("{")) pieces.push(rest.shift());
    else if (part.startsWith("\\")) pieces.push(part[1]);
    else if (!part.startsWith("(")) pieces.push(part.replace(/(\S+?)\/\S+/g, "$1"));
  }
  return pieces.reduce((joined, piece) => {
    if (typeof piece === "string" && typeof joined.at(-1) === "string") joined[joined.length - 1] += piece; else joined.push(piece);
    return joined;
  }, []);
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const valueIn = (parameter) => (parameter.choices.length ? `(?:${parameter.choices.map(escaped).join("|")}|<[^<>]+>)` : ".+?");

function loose(sentence) {
  sentence.loose ??= new RegExp(`^${sentence.pieces.map((piece) => (typeof piece === "string" ? escaped(piece) : valueIn(piece))).join("")}$`, "u");
  return sentence.loose;
}

/** Return the patterns of a text that ends in each parameter of a sentence. */
function endings(sentence) {
  if (!sentence.endings) {
    sentence.endings = [];
    let before = "^";
    for (const piece of sentence.pieces) {
      if (typeof piece === "string") { before += escaped(piece); continue; }
      sentence.endings.push({ piece, pattern: new RegExp(`${before}(.*)$`, "u") });
      before += valueIn(piece);
    }
  }
  return sentence.endings;
}

/** Return the source of completions; `latest()` is the last check of the draft. Each option has the place at which it begins. */
export function completionSource(words, latest) {
  const source = offers(words, latest);
  return (context) => {
    const offered = source(context);
    return offered && { ...offered, options: offered.options.map((option) => ({ ...option, start: offered.from })) };
  };
}

/** Close the list if the option that is selected in it would change nothing, so that Enter begins a new line at once. */
export function closeIfWritten(view) {
  const option = completionStatus(view.state) === "active" && selectedCompletion(view.state);
  const before = option && view.state.sliceDoc(option.start, view.state.selection.main.head);
  if (option && !option.addsTable && before === (typeof option.apply === "string" ? option.apply : option.label)) closeCompletion(view);
  return false;
}

function offers(words, latest) {
  return (context) => {
    const { doc } = context.state;
    const line = doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const keywords = keywordsOf(doc, words.languages);
    if (isInDocString(doc, line.number) || before.trimStart().startsWith("#")) return null;
    if (/^\s*(@\S+\s+)*@\S*$/.test(before)) return tags(context, words);
    if (isRow(line.text)) return cells(context, words, keywords, latest());
    const placeholder = context.matchBefore(/<[^<>]*/);
    const step = keywords.step(before);
    if (step && placeholder) return placeholders(context, placeholder, keywords);
    if (step && before.length >= step.at) return steps(context, words, keywords, line, before.slice(step.at));
    if (/^\s*[\p{L}]*$/u.test(before) && (context.explicit || before.trim())) return keywordOptions(context, keywords, line, before);
    return null;
  };
}

function tags(context, words) {
  const word = context.matchBefore(/@\S*/);
  return {
    from: word.from,
    options: words.tags.map(({ tag, about, kind }) => ({ label: tag, detail: about.length > 70 ? `${about.slice(0, 70)}…` : about, info: about || null, type: kind, boost: kind === "other" ? 1 : 0 })),
    validFor: /^@\S*$/,
  };
}

function steps(context, words, keywords, line, typed) {
  const kind = kindOfStep(context.state.doc, line.number, keywords);
  const values = valuesAt(words, kind, typed);
  const start = context.pos - typed.length;
  if (values.length && typed) return { from: context.pos - values[0].typed.length, options: unique(values.flatMap(({ options }) => options)), validFor: /^[^,]*$/ };
  if (!typed && !context.explicit && context.state.doc.lineAt(context.pos).text.length > typed.length + start - line.from) return null;
  return {
    from: start,
    options: words.sentences.filter((sentence) => sentence.kind === kind).map((sentence) => ({
      label: sentence.expression, type: "sentence", addsTable: Boolean(sentence.columns), info: () => about(sentence), apply: (view, completion, from, to) => insert(view, sentence, from, to),
    })),
    validFor: /^[^<]*$/,
  };
}

const unique = (options) => [...new Map(options.map((option) => [option.label, option])).values()];

/** Return the values for the parameter in which a text ends, with the part of it that is typed, the longest sentence first. */
function valuesAt(words, kind, typed) {
  const offered = [];
  for (const sentence of words.sentences) {
    if (sentence.kind !== kind) continue;
    for (const { piece, pattern } of endings(sentence)) {
      const match = pattern.exec(typed);
      const part = match && (LISTED_IDS[piece.type] ? match[1].split(", ").at(-1) : match[1]);
      const options = match ? words.values(piece).filter(({ label }) => label.toLowerCase().includes(part.toLowerCase())) : [];
      if (options.length) offered.push({ typed: part, options: options.map((option) => ({ ...option, type: "value" })), size: typed.length - part.length });
    }
  }
  const size = Math.max(...offered.map((offer) => offer.size));
  return offered.filter((offer) => offer.size === size);
}

function about(sentence) {
  const box = document.createElement("div");
  const add = (text) => { const line = document.createElement("p"); line.textContent = text; box.append(line); };
  if (sentence.meaning) add(sentence.meaning);
  for (const parameter of sentence.parameters) if (parameter.choices.length) add(`${parameter.type}: ${parameter.choices.slice(0, 12).join(" | ")}`);
  if (sentence.columns) add(`table: ${sentence.columns.columns.map((column) => column.name + (column.required ? "" : " (optional)")).join(", ")}`);
  if (sentence.docstring) add("with a doc string");
  return box.childNodes.length ? box : null;
}

/** Write a sentence with a blank for each parameter, and the table that it takes. */
function insert(view, sentence, from, to) {
  const literal = (text) => text.replace(/[\\{}$#]/g, "\\$&");
  const blank = (parameter, number) => (parameter.choices.length || LISTED_IDS[parameter.type] ? `\${${number}}` : `\${${number}:${parameter.type.replace(/[{}]/g, "")}}`);
  let number = 0;
  let template = sentence.pieces.map((piece) => (typeof piece === "string" ? literal(piece) : blank(piece, ++number))).join("");
  const columns = sentence.columns?.columns.filter((column) => column.required) ?? [];
  const shown = columns.length ? columns : (sentence.columns?.columns.slice(0, 1) ?? []);
  if (sentence.columns && !isRow(nextLine(view.state, to))) {
    const cells = shown.map((column) => `\${${++number}:${column.choices[0] ?? (column.sample || column.name)}}`);
    const head = sentence.columns.heading ? `\n  | ${shown.map((column) => literal(column.name)).join(" | ")} |` : "";
    template += `${head}\n  | ${cells.join(" | ")} |`;
  }
  snippet(template)(view, null, from, to);
  if (sentence.parameters[0] && blank(sentence.parameters[0], 1) === "${1}") startCompletion(view);
}

function nextLine(state, at) {
  const { number } = state.doc.lineAt(at);
  return number < state.doc.lines ? state.doc.line(number + 1).text : "";
}

function placeholders(context, placeholder, keywords) {
  const { doc } = context.state;
  const names = new Set();
  for (let number = doc.lineAt(context.pos).number + 1; number <= doc.lines; number += 1) {
    const title = keywords.title(doc.line(number).text);
    if (title && title.kind !== "examples") break;
    if (!title) continue;
    for (let row = number + 1; row <= doc.lines; row += 1) {
      const text = doc.line(row).text;
      if (isRow(text)) { for (const cell of cellsOf(text)) names.add(cell.text); break; }
      if (keywords.title(text)) break;
    }
  }
  return { from: placeholder.from, options: [...names].filter(Boolean).map((name) => ({ label: `<${name}>`, type: "column" })), validFor: /^<[^<>]*>?$/ };
}

/** Return the values of each column of a table, from its step sentence or from the last check of the draft. */
export function valuesOfTable(doc, table, words, keywords, check) {
  const heading = table.rows[0].cells.map((cell) => cell.text);
  const owner = ownerOfRow(doc, table.first);
  const text = owner ? doc.line(owner).text : "";
  const step = keywords.step(text);
  if (step) {
    const columns = words.sentenceOf(kindOfStep(doc, owner, keywords), text.slice(step.at))?.columns;
    const valuesIn = (column) => (column ? [...column.choices, ...(column.nothing !== null && column.choices.length ? [column.nothing] : [])] : []);
    if (!columns) return { heading, values: heading.map(() => []), names: [], hasHeading: true, isExamples: false };
    const values = columns.heading ? heading.map((name) => valuesIn(columns.columns.find((column) => column.name === name))) : columns.columns.map(valuesIn);
    return { heading: columns.heading ? heading : columns.columns.map((column) => column.name), values, names: columns.heading ? columns.columns.map((column) => column.name) : [], hasHeading: columns.heading, isExamples: false };
  }
  const known = new Map();
  for (const { line, examples, values } of check?.tables ?? [])
    if (examples && line <= doc.lines) cellsOf(doc.line(line).text).forEach((cell, at) => known.set(cell.text, [...new Set([...(known.get(cell.text) ?? []), ...(values[at] ?? [])])]));
  const used = heading.map((_, at) => table.rows.slice(1).map((row) => row.cells[at]?.text).filter(Boolean));
  return { heading, values: heading.map((name, at) => [...new Set([...(known.get(name) ?? []), ...used[at]])]), names: placeholdersAbove(doc, owner, keywords), hasHeading: true, isExamples: true };
}

function placeholdersAbove(doc, owner, keywords) {
  const names = new Set();
  for (let number = owner - 1; number >= 1; number -= 1) {
    const { text } = doc.line(number);
    const title = keywords.title(text);
    if (title && title.kind !== "examples") break;
    if (keywords.step(text) || isRow(text)) for (const [, name] of text.matchAll(/<([^<>]+)>/g)) names.add(name);
  }
  return [...names];
}

function cells(context, words, keywords, check) {
  const { doc } = context.state;
  const line = doc.lineAt(context.pos);
  const column = context.pos - line.from;
  const inRow = cellsOf(line.text);
  const at = inRow.findIndex((cell) => column >= cell.start && column <= cell.end);
  const open = at < 0 ? line.text.slice(0, column).match(/\|[ \t]*([^|]*)$/) : null;
  const table = tableAt(doc, line.number);
  const { values, names, hasHeading } = valuesOfTable(doc, table, words, keywords, check);
  const place = at < 0 ? inRow.length : at;
  const isHeading = hasHeading && line.number === table.first;
  const others = inRow.filter((_, other) => other !== at).map((cell) => cell.text);
  const options = isHeading ? names.filter((name) => !others.includes(name)) : (values[place] ?? []);
  if (!options.length) return null;
  const from = at < 0 ? context.pos - (open?.[1].length ?? 0) : line.from + Math.min(inRow[at].from, column);
  return { from, options: options.map((label) => ({ label, type: isHeading ? "column" : "value" })), validFor: /^[^|]*$/ };
}

function keywordOptions(context, keywords, line, before) {
  const word = before.trimStart();
  const { dialect } = keywords;
  const options = ["given", "when", "then", "and", "but"].flatMap((kind) => dialect[kind].filter((text) => text !== "* ").map((text) => ({ label: text.trimEnd(), apply: text, type: "keyword", boost: 2 })));
  for (const kind of ["scenario", "scenarioOutline", "examples", "rule", "background", "feature"])
    options.push({ label: `${dialect[kind].at(kind === "scenario" ? -1 : 0)}:`, apply: `${dialect[kind].at(kind === "scenario" ? -1 : 0)}: `, type: "keyword" });
  return { from: context.pos - word.length, options, validFor: /^[\p{L}]*$/u };
}
