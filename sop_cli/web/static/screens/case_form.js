/** The form of a case: a choice for each fact, and the reading. Its words come from the living document. */

import { h } from "../dom.js";

const HERE = "#/case", WRITTEN = "#/case/as-written";

/** Load the script of the living document that shows the answer to a case: `window.sopExplorer`. */
export function explorerScript() {
  if (window.sopExplorer) return Promise.resolve();
  return new Promise((resolve, reject) => {
    document.head.append(h("script", { src: "/static/explorer.js", onload: resolve, onerror: () => reject(new Error("the script of the answers did not load")) }));
  });
}

/** Return the form; `form.setReading` chooses a reading as its last control does. */
export function facts(data, hasSite) {
  const choice = (name, word, label, look = "") =>
    h("label", { class: look }, h("input", { type: "radio", name, value: word, autocomplete: "off", checked: data.first[name] === word }), ` ${label}`);
  const form = h("form.explorer.short", { hidden: true, "aria-labelledby": "case-title", "data-short": "" },
    h("div.facts", {},
      h("h2#case-title.unseen", {}, "May this order be cancelled?"),
      data.facts.map(([name, words, , label]) => h("fieldset", { "data-fact": name }, h("legend", {}, label),
        words.map((word) => choice(name, word, word)), choice(name, data.unknown, data.not_sure, "unknown"))),
      h("p.not-needed.quiet", { hidden: true }, data.not_needed),
      h("fieldset", {}, h("legend", {}, "Reading of the SOP"), data.readings.map(({ reading, name }) => choice("reading", reading, name))),
      h("p.field-note.quiet")),
    h("div#case-answer", { "aria-live": "polite" }));
  form.setReading = (reading) => {
    const [one, other] = [data.readings.find((each) => each.reading === reading), data.readings.find((each) => each.reading !== reading)];
    const address = (each) => (each.reading === "as-written" ? WRITTEN : HERE);
    Object.assign(form.dataset, { reading, other: other.name, here: address(one), there: address(other) });
    if (hasSite) form.dataset.table = `/site/${one.table}`;
    for (const input of form.elements.reading) input.checked = input.value === reading;
    form.querySelector(".field-note").textContent = `${one.name}: ${one.meaning}.`;
  };
  form.addEventListener("change", (event) => { if (event.target.name === "reading") form.setReading(event.target.value); });
  form.setReading(data.readings[0].reading);
  return form;
}

/** Return the address of an example in the screen of features. */
export const route = (place) => `#/feature/${place.split("/").map(encodeURIComponent).join("/")}`;
