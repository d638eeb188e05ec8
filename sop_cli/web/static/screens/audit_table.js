/** What a sheet is and how it is written: its kind if no profile fits, the row of its header, values that all rows have, words, and more. */

import { fill, h } from "../dom.js";

export const words = (target) => target.replaceAll("_", " ").replace(/^(oms|wms|irn|po|sla)\b/, (word) => word.toUpperCase());
const folded = (text) => text.trim().toLowerCase().replace(/\s+/g, " ");

/** Return the type and the meanings of a column of the mapping. */
export const targetOf = (sheet, overview, target) => overview.targets[sheet.kind]?.find((each) => each.name === target);

/** Return what a person chooses for a sheet that no profile fits: first, what it is. */
export function kindForm(id, sheet, overview, { changed, redraw, isOptional }) {
  const kind = h("select", { id: `kind-${id}`, "aria-describedby": `kind-help-${id}`, onchange: () => { chooseKind(sheet, overview, kind.value); redraw(`kind-${id}`); } },
    h("option", { value: "", selected: !sheet.chosenKind }, isOptional ? "not read" : "choose …"), overview.kinds.map(({ name }) => h("option", { value: name, selected: name === sheet.chosenKind }, name)));
  return h("div.settings-grid", {},
    h("div.field", {}, h("label", { for: `kind-${id}` }, "What a row of it is"), kind, h("p.field-note.quiet", { id: `kind-help-${id}` }, "No shipped profile knows its columns, so you say what they are.")),
    sheet.chosenKind && h("div.field", {}, h("label", { for: `system-${id}` }, "From which system"),
      h("select", { id: `system-${id}`, onchange: (event) => { sheet.system = event.target.value; changed(); } }, overview.systems.map((system) => h("option", { value: system, selected: system === sheet.system }, system)))));
}

/** Choose what a row of the sheet is; columns that this kind does not have are chosen no more. */
export function chooseKind(sheet, overview, name) {
  const kind = overview.kinds.find((each) => each.name === name);
  Object.assign(sheet, { chosenKind: kind ? name : "", confirmed: false });
  Object.assign(sheet, kind ? { kind: kind.kind, system: kind.system, of: kind.claim, fixed: kind.fixed, kindMore: kind.more } : { kind: "", fixed: {}, kindMore: {} });
  sheet.missing = kind ? kind.more.required.filter((target) => !(target in kind.fixed)) : [];
  const known = new Set((overview.targets[sheet.kind] ?? []).map((target) => target.name));
  for (const column of sheet.columns.filter((each) => !known.has(each.target))) Object.assign(column, { target: "", isRead: false, now: "" });
  sheet.values = sheet.values.filter(({ target }) => known.has(target));
}

/** Return the field for the row of the header; `reread` is called with a row. */
export function headerForm(id, sheet, reread) {
  if (!sheet.rows) return null;
  return h("div.field", {}, h("label", { for: `header-${id}` }, "Row with the names of the columns"),
    h("input", { type: "number", id: `header-${id}`, min: 1, max: sheet.rows, value: sheet.header, onchange: (event) => reread(Number(event.target.value) || 1, `header-${id}`) }),
    sheet.doubt && h("p.asks", {}, `${sheet.doubt} If it is one, choose another row, or export the file with the names of its columns.`));
}

/* Words */

/** Return the words of a column with their meanings: those that the person chose, and those of its values that are not known. */
export function wordsOf(sheet, overview, column) {
  const target = targetOf(sheet, overview, column.target);
  if (!column.isRead || !target?.meanings.length) return [];
  const known = new Set([...Object.keys(sheet.words[column.target] ?? {}), ...(sheet.words[column.target] ? [] : target.meanings)].map(folded));
  const listed = new Set(column.ownWords.map(({ word }) => folded(word)));
  const isNew = (word) => !listed.has(folded(word)) && (sheet.own || !known.has(folded(word)));
  const meaning = (word) => target.meanings.find((each) => folded(each) === folded(word)) ?? "";
  column.ownWords.push(...column.words.filter(isNew).map((word) => ({ word, meaning: known.has(folded(word)) ? meaning(word) : "", isShown: true })));
  return column.ownWords;
}

/** Return the fields for the words of all columns of words. */
export function wordsForm(id, sheet, overview, changed) {
  const place = h("div.words-grid", {});
  const draw = (focus) => {
    fill(place, sheet.columns.filter((column) => column.isRead && targetOf(sheet, overview, column.target)?.meanings.length).map((column) => {
      const listed = wordsOf(sheet, overview, column), { meanings } = targetOf(sheet, overview, column.target);
      if (!listed.length && !sheet.own) return null;
      const name = `words-${id}-${column.letter}`;
      const meaningOf = (entry, at) => h("select", { id: `${name}-${at}`, "aria-label": entry.word ? `Meaning of ${entry.word}` : "Meaning of this word", onchange: (event) => { entry.meaning = event.target.value; changed(); } },
        h("option", { value: "" }, "choose …"), meanings.map((meaning) => h("option", { value: meaning, selected: meaning === entry.meaning }, meaning)));
      return h("fieldset.words", {}, h("legend", {}, "Words of ", h("bdi", {}, column.name || column.letter), ` for ${words(column.target)}`),
        h("p.quiet.field-note", {}, listed.length ? "Words that could be names are not shown: add them as they stand in the file." : "Its values are not shown, because they could be names: add them as they stand in the file."),
        h("div.pairs", {}, listed.map((entry, at) => h("div.row", {}, entry.isShown ? h("bdi.word", {}, entry.word) : h("input", { type: "text", value: entry.word, "aria-label": "Word in the file", spellcheck: false, oninput: (event) => { entry.word = event.target.value; changed(); } }), meaningOf(entry, at)))),
        h("button", { type: "button", id: `${name}-add`, onclick: () => { column.ownWords.push({ word: "", meaning: "", isShown: false }); draw(name); } }, "Add a word"));
    }));
    if (focus) place.querySelector(`#${CSS.escape(focus)}-${sheet.columns.find((column) => `words-${id}-${column.letter}` === focus).ownWords.length - 1}`)?.previousElementSibling?.focus();
  };
  draw();
  sheet.drawWords = () => draw();
  return place;
}

/* The same in every row */

/** Return the fields for what stands in no column but holds for every row, such as who cancelled. */
export function valuesForm(id, sheet, overview, changed) {
  const place = h("div.stack", {});
  const free = () => (overview.targets[sheet.kind] ?? []).filter((target) => (target.meanings.length || target.type === "units") && target.name !== "kind" && !(target.name in (sheet.fixed ?? {})));
  const draw = (focus) => {
    fill(place, sheet.values.length > 0 && h("div.pairs", {}, sheet.values.map((entry, at) => {
      const target = targetOf(sheet, overview, entry.target), set = (value) => { entry.value = value; changed(); };
      return h("div.row", {},
        h("select", { id: `value-${id}-${at}`, "aria-label": "What is the same in every row", onchange: (event) => { Object.assign(entry, { target: event.target.value, value: "" }); draw(`value-${id}-${at}`); changed(); } },
          h("option", { value: "" }, "choose …"), free().map(({ name }) => h("option", { value: name, selected: name === entry.target }, words(name)))),
        !target ? null : target.meanings.length
          ? h("select", { "aria-label": `Value of ${words(entry.target)} in every row`, onchange: (event) => set(event.target.value) }, h("option", { value: "" }, "choose …"), target.meanings.map((meaning) => h("option", { value: meaning, selected: meaning === entry.value }, meaning)))
          : h("input", { type: "number", min: 0, value: entry.value, "aria-label": `Value of ${words(entry.target)} in every row`, oninput: (event) => set(event.target.value === "" ? "" : Number(event.target.value)) }),
        h("button", { type: "button", onclick: () => { sheet.values.splice(at, 1); draw(`add-value-${id}`); changed(); } }, "Remove"));
    })), h("button", { type: "button", id: `add-value-${id}`, onclick: () => { sheet.values.push({ target: "", value: "" }); draw(`value-${id}-${sheet.values.length - 1}`); changed(); } }, "Add what is the same in every row"));
    if (focus) place.querySelector(`#${CSS.escape(focus)}`)?.focus();
  };
  draw();
  return place;
}

/** Return the settings that few files need. */
export function moreForm(id, sheet, overview, changed) {
  const list = (text) => text.split(",").map((part) => part.trim()).filter(Boolean);
  const texts = (key, label, help) => h("div.field", {}, h("label", { for: `${key}-${id}` }, label),
    h("input", { type: "text", id: `${key}-${id}`, value: sheet[key].join(", "), spellcheck: false, "aria-describedby": `${key}-help-${id}`, oninput: (event) => { sheet[key] = list(event.target.value); changed(); } }), h("p.field-note.quiet", { id: `${key}-help-${id}` }, help));
  const kept = [...Object.keys(sheet.kept), ...sheet.keptColumns.map(({ name, target }) => `${name} for ${words(target)}`)];
  const isUsed = sheet.values.length || sheet.empty.length || sheet.personalNames.length || sheet.ownNumbers;
  return h("details", { open: Boolean(isUsed) }, h("summary", {}, "More about this file"), h("div.stack", {},
    valuesForm(id, sheet, overview, changed),
    h("p.field-note.quiet", {}, "For example: the result is “carried out”, if the file lists only what was carried out."),
    h("div.settings-grid", {},
      h("div.field", {}, h("label", { for: `numbers-${id}` }, "Form of numbers"), h("select", { id: `numbers-${id}`, onchange: (event) => { sheet.ownNumbers = event.target.value === sheet.numbers ? "" : event.target.value; changed(); } },
        overview.groupings.map((form) => h("option", { value: form, selected: form === (sheet.ownNumbers || sheet.numbers) }, form)))),
      texts("empty", "Texts that mean: nothing", "Separated by commas, such as NA, -."),
      texts("personalNames", "Further personal columns", "Names of columns with personal data, separated by commas; they are not kept.")),
    kept.length > 0 && h("p.quiet", {}, `Kept from audit.toml as it is: ${kept.join(", ")}.`)));
}

/** Return what is not chosen yet: the id of an element, and the message. */
export function findingsOfTable(id, sheet, overview) {
  if (sheet.own && !sheet.chosenKind) return sheet.isOptional ? [] : [{ at: `kind-${id}`, message: "choose what a row of it is" }];
  const unknown = sheet.columns.flatMap((column) => wordsOf(sheet, overview, column).map((entry, at) => [column, entry, at]).filter(([, entry]) => Boolean(entry.word.trim()) !== Boolean(entry.meaning)));
  return [
    ...unknown.filter(([, entry]) => !entry.isShown || sheet.own).map(([column, entry, at]) => ({ at: `words-${id}-${column.letter}-${at}`, message: entry.word.trim() ? `choose what “${entry.word}” means in column ${column.letter}` : `write the word of column ${column.letter}` })),
    ...sheet.values.flatMap(({ target, value }, at) => (target && value !== "" ? [] : [{ at: `value-${id}-${at}`, message: "choose what is the same in every row, or remove it" }])),
  ];
}

/** Return the keys of the mapping for what was chosen here. */
export function choicesOfTable(sheet, overview) {
  const more = { ...sheet.kept, ...(sheet.own ? { system: sheet.system, ...sheet.kindMore, ...(sheet.header ? { header: sheet.header } : {}), ...(sheet.delimiter ? { delimiter: sheet.delimiter } : {}) } : {}) };
  if (sheet.ownNumbers) more.numbers = sheet.ownNumbers;
  if (sheet.empty.length) more.empty = sheet.empty;
  if (sheet.personalNames.length) more.personal = { columns: sheet.personalNames };
  const values = Object.fromEntries(sheet.values.map(({ target, value }) => [target, value]));
  return { more, values: sheet.own ? { ...sheet.fixed, ...values } : values };
}

/** Return the words of a column as a mapping file has them: of a table of one's own all, otherwise those that the profile does not know. */
export const chosenWords = (sheet, overview, column) => Object.fromEntries(wordsOf(sheet, overview, column).filter(({ word, meaning }) => word.trim() && meaning).map(({ word, meaning }) => [word.trim(), meaning]));
