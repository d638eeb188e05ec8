/** One question: what the SOP leaves open, its readings with what each changes, and the form for the answer of its owner. */

import { counted, fill, h, withWholeIds } from "../dom.js";
import { keepForm } from "../kept_form.js";
import { endWithChanges, showChanges } from "./question_changes.js";

const MOST_CASES = 12;

/** Show the question `id`; returns what is called when it is left. */
export async function showQuestion(root, id, app) {
  const question = await app.call("questions.show", { gap: id });
  const field = (title, text) => text && h("div", {}, h("dt", {}, title), h("dd", {}, withWholeIds(text)));
  const { answer } = question;
  fill(root,
    h("p", {}, h("a", { href: "#/questions" }, "All questions")),
    h("h1", { tabindex: "-1" }, `${question.id}: ${question.title}`),
    h("p.lead", {}, withWholeIds(question.question)),
    h("dl.facts-of-question", {},
      field("Status", question.status),
      field(answer ? "Answer" : "We assume", question.chosen),
      answer && field("Evidence", answer.evidence), answer && field("Remark", answer.remark),
      field(answer ? "Why we assumed a reading before" : "Why", question.why),
      field("Watch", question.watch),
      field("Nearest clauses", question.nearest)),
    h("h2", {}, "Readings"), readings(question),
    question.cases.length > 0 && [h("h2", {}, "Cases it decides"), cases(question.cases)],
    !app.readOnly && [h("h2", {}, "Answer of the owner"), form(question, app)]);
  return app.on("changes", (changes) => {
    if (changes.some(({ path }) => path.endsWith(".toml"))) app.showOld(root, "the question", () => app.reroute(question.id));
  });
}

function readings(question) {
  const side = (items) => items.map(({ text }) => text).join(", ");
  const differing = ({ parts, size, situations }) =>
    h("li", {}, parts.map(({ before, after }) => `${side(before)} → ${side(after)}`).join("; "), " ", h("span.quiet", {}, `(${size}): ${situations.join("; ")}`));
  return h("div.scroll", { role: "region", tabindex: "0", "aria-label": "Readings" }, h("table.plain.each-reading", {},
    h("caption.unseen", {}, `Readings of ${question.id}, and the answers that differ with each`),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Reading"), h("th", { scope: "col" }, "Answers that differ with it"))),
    h("tbody", {}, question.readings.map((one) => h("tr", { class: one.state ? "in-force" : "" },
      h("th", { scope: "row" }, `${one.number}. `, withWholeIds(one.text), one.state && [" ", h("strong", {}, `(${one.state})`)]),
      h("td", {}, one.effect, one.answers.length > 0 && h("ul", {}, one.answers.map(differing), one.more > 0 && h("li", {}, `and ${counted(one.more, "more group")}`))))))));
}

function cases(listed) {
  const more = listed.length - MOST_CASES;
  return h("ul", {}, listed.slice(0, MOST_CASES).map(({ words, size, href }) => h("li", {}, href ? h("a", { href }, words) : words, size > 1 && h("span.quiet", {}, ` (${size})`))),
    more > 0 && h("li.quiet", {}, `and ${counted(more, "more group")} of cases`));
}

function form(question, app) {
  const { answer } = question, changes = h("div");
  const input = (name, label, kind, properties) => h("div", {}, h("label", { for: `answer-${name}` }, label),
    h(`${kind}#answer-${name}`, { name, value: answer?.[name] ?? "", autocomplete: "off", ...properties }));
  const run = (params) => showChanges(changes, app, "questions.try", { gap: question.id, ...params }, {
    nothing: "", saved: () => { forget(); app.reroute(question.id); },
  });
  const submit = (event) => {
    event.preventDefault();
    const { elements } = event.target;
    run({ reading: Number(elements.reading.value), ...Object.fromEntries(["by", "on", "evidence", "remark"].map((name) => [name, elements[name].value])) });
  };
  const asked = h("form.panel.stack.answer", { "aria-label": `Answer to ${question.id}`, onsubmit: submit },
    h("fieldset.stack", {}, h("legend", {}, "Reading that the owner decided for"), question.readings.map((one) =>
      h("label.choice", {}, h("input", { type: "radio", name: "reading", value: String(one.number), required: true, disabled: !one.executable, checked: one.number === (answer?.reading ?? null) }),
        ` ${one.number}. `, withWholeIds(one.text), !one.executable && h("span.quiet", {}, " (the register does not say what it decides)")))),
    h("div.row.fields", {},
      input("by", "Decided by", "input", { type: "text", required: true, maxLength: 200 }),
      input("on", "On", "input", { type: "date", required: true })),
    input("evidence", "Evidence: where the decision is written down (may be empty)", "input", { type: "text", maxLength: 10000 }),
    input("remark", "Remark (may be empty)", "textarea", { rows: 2, maxLength: 10000 }),
    h("div.row", {},
      h("button.main", { type: "submit" }, "Show what will change"),
      answer && h("button", { type: "button", onclick: () => run({ withdraw: true }) }, "Withdraw the answer: show what will change")),
    h("p.field-note.quiet", {}, "Nothing is saved yet. The examples run in a copy with the answer."));
  const forget = keepForm(asked, question.id, app);
  endWithChanges(asked, changes);
  return h("div.stack", {}, asked, changes);
}
