/** A clause: what it says and decides, its examples, and the form that corrects it. */

import { fill, h } from "../dom.js";
import { keepForm } from "../kept_form.js";
import { route } from "./case_form.js";
import { endWithChanges, showChanges } from "./question_changes.js";

/** Show the clause `id`. */
export async function showClause(root, id, app) {
  const clause = await app.call("clauses.show", { identifier: id });
  const field = (title, text) => text && h("div", {}, h("dt", {}, title), h("dd", {}, text));
  fill(root,
    h("p", {}, h("a", { href: "#/questions" }, "All questions")),
    h("h1", { tabindex: "-1" }, clause.id, clause.heading && `: ${clause.heading}`),
    h("p.lead", {}, clause.text),
    h("dl.facts-of-question", {},
      field("Force", clause.modality), field("Actor", clause.actor), field("System", clause.system), field("Line of the source", clause.line),
      clause.others.map(([name, words]) => field(name[0].toUpperCase() + name.slice(1), words)),
      clause.gaps.length > 0 && field("Questions that name it", clause.gaps.map((gap, at) => [at ? ", " : "", h("a", { href: `#/questions/${gap}` }, gap)])),
      app.project.has_site && field("Document", h("a", { href: `/site/the-sop.html#${clause.id}`, target: "_blank" }, "this clause in the living document"))),
    h("h2", {}, "Examples"),
    clause.examples.length
      ? h("ul", {}, clause.examples.map(({ place, name }) => h("li", {}, h("a", { href: route(place) }, name))))
      : h("p", {}, `No scenario has the tag @${clause.id}.`),
    !app.readOnly && [h("h2", {}, "Correct it"), form(clause, app)]);
  return app.on("changes", (changes) => {
    if (changes.some(({ path }) => path.endsWith(".toml"))) app.showOld(root, "the clause", () => app.reroute(clause.id));
  });
}

function form(clause, app) {
  const changes = h("div");
  const choice = (name, label, optional) => h("div", {}, h("label", { for: `clause-${name}` }, label),
    h(`select#clause-${name}`, { name }, optional && h("option", { value: "", selected: !clause[name] }, "none"),
      clause.words[name].map((word) => h("option", { value: word, selected: word === clause[name] }, word))));
  const submit = (event) => {
    event.preventDefault();
    const { elements } = event.target;
    const parts = Object.fromEntries(["text", "line", "modality", "actor", "system"].map((name) => [name, elements[name].value]));
    showChanges(changes, app, "clauses.try", { identifier: clause.id, ...parts }, { nothing: "", saved: () => { forget(); app.reroute(clause.id); } });
  };
  const asked = h("form.panel.stack.answer", { "aria-label": `Correct ${clause.id}`, onsubmit: submit },
    h("div", {}, h("label", { for: "clause-text" }, "Wording, in our own words"), h("textarea#clause-text", { name: "text", rows: 3, required: true, value: clause.text })),
    h("div.row.fields", {}, choice("modality", "Force"), choice("actor", "Actor", true), choice("system", "System", true),
      h("div", {}, h("label", { for: "clause-line" }, "Line of the source"), h("input#clause-line", { name: "line", type: "text", required: true, value: clause.line }))),
    h("div.row", {}, h("button.main", { type: "submit" }, "Show what will change")),
    h("p.field-note.quiet", {}, "Nothing is saved yet. What it decides, and in which cases, is corrected with sop clause edit."));
  const forget = keepForm(asked, clause.id, app);
  endWithChanges(asked, changes);
  return h("div.stack", {}, asked, changes);
}
