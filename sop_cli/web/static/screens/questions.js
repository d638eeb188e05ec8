/** Questions: the register as a table, answers from a file, and one question with its readings and the form of its answer. */

import { counted, fill, h } from "../dom.js";
import { showClause } from "./clause.js";
import { showQuestion } from "./question.js";
import { showChanges } from "./question_changes.js";

/** What the table was filtered by, for coming back from a question. */
const kept = { words: "", status: "all", deciding: false };
const FILTERS = { all: "all", open: "open", decided: "decided" };

export async function show(root, place, app) {
  let current = null;
  app.reroute = async (next) => {
    const before = current;
    before?.leave?.();
    const own = h("div"), mine = (current = { place: next });
    fill(root, own);
    try {
      const leave = next ? await (/^GAP-/.test(next) ? showQuestion : showClause)(own, next, app) : await showList(own, app);
      if (current !== mine) { leave?.(); return; }
      mine.leave = leave;
      if (before) (own.querySelector(`a[href="#/questions/${CSS.escape(before.place)}"]`) ?? own.querySelector("h1")).focus();
    } catch (error) { app.showError(error, own); }
  };
  await app.reroute(place);
  return () => current?.leave?.();
}

async function showList(root, app) {
  let questions = await app.call("questions.list");
  const search = h("input#question-search", { type: "search", autocomplete: "off", value: kept.words, oninput: () => list() });
  const status = h("select#question-status", { onchange: () => list() }, Object.entries(FILTERS).map(([value, label]) => h("option", { value, selected: value === kept.status }, label)));
  const deciding = h("input#question-deciding", { type: "checkbox", checked: kept.deciding, onchange: () => list() });
  const count = h("p.quiet", { role: "status" }), body = h("tbody"), imported = h("div.stack");
  const head = ["Question", "Status", "Decided by", "On", "Cases it decides", "Orders in the last audit", "Clauses"];

  const list = () => {
    Object.assign(kept, { words: search.value, status: status.value, deciding: deciding.checked });
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matching = questions.filter((one) => {
      const text = Object.values(one).join(" ").toLowerCase();
      return words.every((word) => text.includes(word)) && (status.value === "all" || (status.value === "open") === (one.status === "open")) && (!deciding.checked || one.decides);
    });
    count.textContent = matching.length === questions.length ? counted(questions.length, "question") : `${matching.length} of ${counted(questions.length, "question")}`;
    fill(body, matching.map((one) => h("tr", {},
      h("th", { scope: "row" }, h("a", { href: `#/questions/${one.id}` }, one.id), " ", one.question),
      [one.status === "open" ? "open" : "decided", one["decided by"], one.on, one["cases it decides"], one["orders in the last audit"], clauses(one.clauses)].map((text, at) =>
        h("td", { "data-head": head[at + 1], class: text.length ? "" : "empty" }, text)))));
  };

  const file = h("input#question-file", { type: "file", accept: ".csv,.xlsx", onchange: () => read() });
  const read = async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    file.value = "";
    const content = await new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(chosen);
    }).catch((error) => { app.notify(`${chosen.name} cannot be read: ${error.message}`, "bad"); return null; });
    if (content === null) return;
    const rows = h("div"), changes = h("div");
    fill(imported, h("h2", { tabindex: "-1" }, `Answers in ${chosen.name}`), rows, changes);
    imported.firstChild.focus();
    await showChanges(changes, app, "questions.import", { name: chosen.name, content }, {
      onRows: (found) => fill(rows, rowTable(found)),
      nothing: "No row has a new answer; there is nothing to save.",
      saved: () => app.reroute(""),
    });
  };
  const download = async (form) => {
    try {
      const { name, content } = await app.call("questions.export", { form });
      const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
      const link = h("a", { href: URL.createObjectURL(new Blob([bytes])), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      app.notify(`${name}: the owner fills in the last five columns; read it with “Read answers from a file”.`, "good");
    } catch (error) { app.notify(`${error.title ?? "Not possible"}: ${error.message}`, "bad"); }
  };

  root.append(
    h("h1", { tabindex: "-1" }, "Questions"),
    h("p.lead", {}, "What the SOP leaves open. Until its owner answers, we assume one reading of each."),
    h("div.row.question-filters", {},
      h("div", {}, h("label", { for: "question-search" }, "Search"), search),
      h("div", {}, h("label", { for: "question-status" }, "Status"), status),
      h("label.check", {}, deciding, " only those that decide cases"),
      h("div.row.files", { role: "group", "aria-label": "Questions as a file" },
        h("button", { type: "button", onclick: () => download("xlsx") }, "Download .xlsx"),
        h("button", { type: "button", onclick: () => download("csv") }, "Download .csv"),
        !app.readOnly && h("div", {}, h("label", { for: "question-file" }, "Read answers from a file"), file))),
    imported, count,
    h("div.scroll", {}, h("table.plain.questions", {}, h("caption.unseen", {}, "Questions"), h("thead", {}, h("tr", {}, head.map((title) => h("th", { scope: "col" }, title)))), body)));
  list();
  return app.on("changes", async (changes) => {
    if (changes.some(({ path }) => path.endsWith(".toml"))) { questions = await app.call("questions.list"); list(); }
  });
}

/** Return ids of clauses as links. */
const clauses = (ids) => ids.split(", ").filter(Boolean).map((id, at) => [at ? ", " : "", h("a", { href: `#/questions/${id}` }, id)]);

const KINDS = { accepted: ["✓", "accepted"], refused: ["✗", "not accepted"], unchanged: ["=", "as in the register"], empty: ["·", "without an answer"] };

/** Return the rows of an imported table that say something, and the number of the others. */
function rowTable(rows) {
  const listed = rows.filter(({ kind }) => kind === "accepted" || kind === "refused");
  const number = (kind) => rows.filter((row) => row.kind === kind).length;
  return [
    h("p", {}, Object.entries(KINDS).map(([kind, [, words]]) => `${counted(number(kind), "row")} ${words}`).join(", "), "."),
    listed.length > 0 && h("div.scroll", {}, h("table.plain", {}, h("caption.unseen", {}, "Rows with an answer"),
      h("thead", {}, h("tr", {}, ["Row", "Question", "Result", "Answer, or why it is not accepted"].map((title) => h("th", { scope: "col" }, title)))),
      h("tbody", {}, listed.map(({ line, id, kind, text }) => h("tr", {}, h("td", {}, String(line)), h("td", {}, id),
        h("td", { class: kind === "accepted" ? "mark passed" : "mark failed" }, KINDS[kind].join(" ")), h("td", {}, text)))))),
  ];
}
