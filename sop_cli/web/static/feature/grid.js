/** The table at the cursor as a grid: a view of the text that writes back only the cells that changed. */

import { fill, h } from "../dom.js";
import { redo, undo } from "../vendor/codemirror.js";
import { isWritten } from "./clipboard.js";
import { valuesOfTable } from "./completion.js";
import { keywordsOf } from "./gherkin.js";
import { quoted } from "./panels.js";
import { inWords, symbolOf } from "./results.js";
import { cellChanges, cellsOf, endsInEscape, isRow, literal, movedRow, pasted, rowsAfter, tableAt, withoutRow } from "./tables.js";

/** A grid of the table in which the cursor is, or of the first Examples of its scenario. */
export class Grid {
  /** `latest()` is the last check of the text, `resultOf(line)` the result of the example in a line, if there is one. */
  constructor(root, { view, words, latest, resultOf, notify }) {
    Object.assign(this, { root, view, words, latest, resultOf, notify });
    this.line = 0;
  }

  /** Show the table at the cursor, unless the focus is in the grid: then the same table as before. */
  show() {
    const { doc, selection } = this.view.state;
    const number = doc.lineAt(selection.main.head).number;
    if (!this.hasFocus() || !this.line) this.line = this.tableNear(number);
    this.draw();
  }

  hasFocus() { return this.root.contains(document.activeElement); }

  tableNear(number) {
    const { doc } = this.view.state;
    if (isRow(doc.line(number).text)) return number;
    const keywords = keywordsOf(doc, this.words.languages);
    const startsScenario = (line) => ["scenario", "scenarioOutline", "background"].includes(keywords.title(doc.line(line).text)?.kind);
    let isInScenario = false;
    for (let line = number; line >= 1 && !isInScenario; line -= 1) isInScenario = startsScenario(line);
    for (let line = number; line <= doc.lines; line += 1) {
      const { text } = doc.line(line);
      if (isRow(text)) return line;
      const title = keywords.title(text);
      if (isInScenario && title && title.kind !== "examples" && line > number) return 0;
    }
    return 0;
  }

  get table() { return this.line && this.line <= this.view.state.doc.lines ? tableAt(this.view.state.doc, this.line) : null; }

  /** Follow a change of the text: the table moves with it. */
  follow(update) {
    if (!this.line || this.line > update.startState.doc.lines) return;
    const at = update.changes.mapPos(update.startState.doc.line(this.line).from, 1);
    this.line = update.state.doc.lineAt(Math.min(at, update.state.doc.length)).number;
    if (!isRow(update.state.doc.line(this.line).text)) this.line = 0;
  }

  /** Return why the table at the cursor is not shown; until the present text is checked, what was said of the text before. */
  whyNot(table) {
    if (!table) return "Put the cursor into a table or its scenario: it is shown here as a grid.";
    const check = this.latest();
    if (check && check.doc === this.view.state.doc) {
      const [first] = check.findings;
      this.wasReadable ||= check.parsed;
      this.why = !check.parsed ? `No grid: this text cannot be read as Gherkin${first ? ` (line ${first.line}: ${first.message})` : ""}. The grid comes back when it can be read.`
        : check.tables.some(({ line }) => line === table.first) ? (null)
        : "No grid: for Gherkin these lines are no table, but part of a description or of a text.";
    }
    return this.why ?? null;
  }

  draw() {
    const { table } = this;
    const why = this.whyNot(table);
    if (why) {
      if (this.shape !== why) {
        const { height } = this.root.getBoundingClientRect();
        this.root.style.minHeight = table && this.wasReadable && this.view.state.doc.length ? `${height}px` : ""; // what is below does not jump while one types
        if (this.hasFocus()) this.view.focus();
        fill(this.root, h("p.quiet", { role: table ? "status" : null }, quoted(why)));
      }
      this.shape = why;
      return;
    }
    this.root.style.minHeight = "";
    const { doc } = this.view.state;
    const keywords = keywordsOf(doc, this.words.languages);
    this.values = valuesOfTable(doc, table, this.words, keywords, this.latest());
    const shape = JSON.stringify([table.rows.map((row) => row.cells.length), this.values.hasHeading, this.view.state.readOnly]);
    if (shape !== this.shape) this.build(table, shape);
    this.refresh(table);
    fill(this.caption, `line ${table.first}`, !this.values.hasHeading && `: ${this.values.heading.join(" · ")}`);
    this.marks(table);
  }

  build(table, shape) {
    const focused = this.place();
    this.shape = shape;
    const { hasHeading } = this.values;
    this.caption = h("caption.quiet");
    this.lists = h("div", { hidden: true });
    this.offered = null;
    const readOnly = this.view.state.readOnly;
    const body = table.rows.map((row, at) => h("tr", {},
      h("td.result"),
      row.cells.map((cell, column) => h(hasHeading && at === 0 ? "th" : "td", hasHeading && at === 0 ? { scope: "col" } : {}, this.input(cell, at, column))),
      !readOnly && h("td.tools", {}, at >= (hasHeading ? 1 : 0) && h("button", { type: "button", "aria-label": `Delete row ${at}`, title: "Delete row", onclick: () => this.remove(at) }, "✕"))));
    fill(this.root,
      h("p.quiet.keys", {}, "Enter: new row · Tab: next cell · Alt ↑ ↓: move the row · paste from a spreadsheet · Ctrl-Z: undo"),
      h("div.scroll", { role: "group", "aria-label": "Cells of the table", tabindex: "-1" },
        h("table.grid", {}, this.caption, h("tbody", {}, body))),
      this.lists,
      !readOnly && h("div.row", {}, h("button", { type: "button", onclick: () => this.insert(table.rows.length - 1) }, "New row")));
    if (focused) {
      const row = Math.min(focused[0], table.rows.length - 1);
      this.focus(row, Math.min(focused[1], table.rows[row].cells.length - 1), focused.slice(2));
    }
  }

  input(cell, row, column) {
    return h("input", {
      value: cell.text, autocomplete: "off", spellcheck: false, readOnly: this.view.state.readOnly,
      "data-row": row, "data-column": column, style: `width: ${Math.min(60, Math.max(6, ...this.table.rows.map((other) => (other.cells[column]?.text.length ?? 0) + 3)))}ch`,
      oninput: (event) => this.write(row, column, event.target.value),
      onblur: () => { if (this.table) this.refresh(this.table); },
      onkeydown: (event) => this.key(event, row, column),
      onpaste: (event) => this.paste(event, row, column),
    });
  }

  /** Bring values, names and offers up to date without a new input: in one that has the focus someone selects or types. */
  refresh(table) {
    const { hasHeading, heading, values } = this.values;
    const offered = JSON.stringify(values);
    if (offered !== this.offered) fill(this.lists, values.map((each, column) => each.length > 0 && h("datalist", { id: `grid-values-${column}` }, each.map((value) => h("option", { value })))));
    this.offered = offered;
    for (const input of this.root.querySelectorAll("input")) {
      const row = Number(input.dataset.row), column = Number(input.dataset.column);
      const isHeading = hasHeading && row === 0;
      const text = table.rows[row]?.cells[column]?.text ?? "";
      if ((input !== document.activeElement || !sameValue(input.value, text)) && input.value !== text) input.value = text;
      input.setAttribute("aria-label", isHeading ? `Heading ${column + 1}` : `Row ${row + (hasHeading ? 0 : 1)}, ${heading[column] || `column ${column + 1}`}`);
      if (!isHeading && values[column]?.length) input.setAttribute("list", `grid-values-${column}`);
      else input.removeAttribute("list");
    }
  }

  marks(table) {
    const heads = this.root.querySelectorAll("td.result");
    table.rows.forEach((row, at) => {
      const result = this.values.isExamples && at > 0 ? this.resultOf(row.line) : null;
      const head = heads[at];
      if (!head) return;
      head.className = `result mark ${result ? result.status.replaceAll(" ", "-") : ""}${result?.isStale ? " is-stale" : ""}${result?.isRunning ? " is-running" : ""}`;
      fill(head, result ? [h("span", { "aria-hidden": "true" }, result.isRunning ? "…" : symbolOf(result.status)), h("span.only-read", {}, inWords(result))] : "");
      head.title = result ? inWords(result) : "";
    });
  }

  change(changes, event) {
    if (changes.length) this.view.dispatch({ changes, userEvent: event });
  }

  write(row, column, value) { this.change(cellChanges(this.table, [[row, column, value]]), "input.type.grid"); }

  insert(at) {
    this.change(rowsAfter(this.table, at, [[]]), "input.row");
    this.draw();
    this.focus(at + 1, 0);
  }

  remove(at) {
    this.change(withoutRow(this.table, at, this.view.state.doc), "delete.row");
    this.line = this.line > this.view.state.doc.lines ? 0 : this.line;
    if (this.line && !isRow(this.view.state.doc.line(this.line).text)) this.line = isRow(this.view.state.doc.line(Math.max(1, this.line - 1)).text) ? this.line - 1 : 0;
    this.draw();
    this.focus(Math.max(0, at - 1), 0);
  }

  move(at, by, column) {
    const target = at + by;
    if (target < (this.values.hasHeading ? 1 : 0) || target >= this.table.rows.length) return;
    this.change(movedRow(this.table, at, by), "move.row");
    this.draw();
    this.focus(target, column);
  }

  key(event, row, column) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if ((event.ctrlKey || event.metaKey) && ["z", "y"].includes(event.key.toLowerCase())) {
      event.preventDefault();
      (event.key.toLowerCase() === "y" || event.shiftKey ? redo : undo)(this.view);
      this.draw();
    } else if (this.view.state.readOnly) return;
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.isComposing) { event.preventDefault(); this.insert(row); }
    else if (event.altKey && step) { event.preventDefault(); this.move(row, step, column); }
  }

  paste(event, row, column) {
    const text = event.clipboardData.getData("text/plain"), asWritten = isWritten(event.clipboardData);
    if (this.view.state.readOnly) return;
    if (!/[\t\n\r]/.test(text.replace(/\r?\n$/, ""))) {
      if (asWritten || !text.includes("\\")) return; // the browser pastes it
      event.preventDefault();
      const { target: input } = event, isOpen = endsInEscape(input.value.slice(0, input.selectionStart));
      input.setRangeText((isOpen ? "\\" : "") + literal(text.replace(/\r?\n$/, "")), input.selectionStart, input.selectionEnd, "end");
      this.write(row, column, input.value);
      return;
    }
    event.preventDefault();
    const values = asWritten ? pasted(text) : pasted(text).map((cells) => cells.map(literal));
    const { table } = this;
    const columns = table.rows[row].cells.length;
    const room = table.rows.length - row;
    const edits = values.slice(0, room).flatMap((cells, at) => cells.slice(0, columns - column).map((value, place) => [row + at, column + place, value]));
    const more = values.slice(room).map((cells) => [...Array(column).fill(""), ...cells].slice(0, columns));
    this.change(more.length ? rowsAfter(table, table.rows.length - 1, more, edits) : cellChanges(table, edits), "input.paste");
    const left = Math.max(0, ...values.map((cells) => cells.length + column - columns));
    if (left) this.notify(`${left} of the pasted columns do not fit: the table has ${columns}. The others were pasted.`, "bad");
    this.draw();
    this.focus(Math.min(row + values.length - 1, this.table.rows.length - 1), column);
  }

  place() {
    const input = document.activeElement;
    return this.hasFocus() && input.dataset.row !== undefined ? [Number(input.dataset.row), Number(input.dataset.column), input.selectionStart, input.selectionEnd, input.selectionDirection] : null;
  }

  focus(row, column, selection = null) {
    const input = this.root.querySelector(`input[data-row="${row}"][data-column="${column}"]`);
    input?.focus();
    if (input && selection) input.setSelectionRange(...selection);
    else input?.select();
  }
}

/** Whether a typed value is what the cell says, but for blanks at its ends and escapes, so that typing is not disturbed. */
const sameValue = (typed, text) => (cellsOf(`| ${typed.replace(/\\[^]?|\|/g, (part) => (part === "|" ? "\\|" : part))} |`)[0]?.text ?? "") === text || `${typed.trim()}\\` === text;
