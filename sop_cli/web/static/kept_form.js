/** What is typed into a form is kept in this browser until it is saved: no way to leave the page loses it. */

import { h } from "./dom.js";

/** Keep what is typed into `form` under `name`, and fill in again what was kept before. Return what forgets it after a save. */
export function keepForm(form, name, app) {
  const key = `sop-form ${app.project.id} ${name}`;
  const values = () => JSON.stringify([...new FormData(form)]);
  const given = values();
  const forget = () => localStorage.removeItem(key);
  const keep = () => { try { if (values() === given) forget(); else localStorage.setItem(key, values()); } catch { /* the browser keeps no more */ } };
  const fillIn = (text) => {
    const fields = new Map(JSON.parse(text));
    for (const field of form.elements) {
      if (field.type === "radio") field.checked = fields.get(field.name) === field.value;
      else if (field.name) field.value = fields.get(field.name) ?? "";
    }
  };
  const kept = localStorage.getItem(key);
  if (kept && kept !== given) {
    fillIn(kept);
    const note = h("p", { role: "status" }, h("strong", {}, "This is what you typed before. "), "It was not saved. ",
      h("button", { type: "button", onclick: () => { fillIn(given); forget(); note.remove(); form.elements[0].focus(); } }, "Discard it"));
    form.prepend(note);
  }
  form.addEventListener("input", keep);
  return forget;
}
