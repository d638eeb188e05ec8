/** What is typed into a form is kept in this browser until it is saved: no way to leave the page loses it, and no tab overwrites that of another. */

import { tab } from "./api.js";
import { fill, h } from "./dom.js";

const justSaved = new Set(); // keys of forms that this tab has saved: what another tab has is offered then, not filled in

/** Keep what is typed into `form` under `name`, and fill in again what was kept before. Return what forgets it after a save. */
export function keepForm(form, name, app) {
  const kept = new KeptForm(form, `sop-form ${app.project.id} ${name}`);
  kept.start();
  return () => { justSaved.add(kept.base); localStorage.removeItem(kept.key); };
}

class KeptForm {
  constructor(form, base) {
    Object.assign(this, { form, base, key: `${base} ${tab}`, note: h("div.stack", { role: "status" }), remark: null, shown: "" });
    this.given = this.values;
  }

  get values() { return JSON.stringify([...new FormData(this.form)]); }

  start() {
    const own = entryOf(this.key), [newest] = this.others();
    const isSaved = justSaved.delete(this.base);
    if (own && own.values !== this.given) this.fillIn(own.values);
    else if (newest && !isSaved) this.take(newest);
    if (this.values !== this.given) this.remark = "restored";
    this.form.prepend(this.note);
    this.form.addEventListener("input", () => { if (this.remark === "taken") this.remark = null; this.keep(); this.draw(); });
    const follow = (event) => {
      if (!this.form.isConnected) { removeEventListener("storage", follow); return; }
      if (event.key !== null && !this.isOf(event.key)) return;
      if (event.key === this.key && event.newValue === null && this.values !== this.given) this.remark = "taken";
      this.draw();
    };
    addEventListener("storage", follow);
    this.draw();
  }

  isOf(key) { return key === this.base || key.startsWith(`${this.base} `); }

  /** Return what other tabs have kept, also those that were closed, the newest first; nothing that is here too. */
  others() {
    const listed = Object.keys(localStorage).filter((key) => this.isOf(key) && key !== this.key).map(entryOf);
    return listed.filter((entry) => entry && entry.values !== this.given && entry.values !== this.values).sort((one, other) => other.at - one.at);
  }

  keep(key = this.key) {
    try {
      if (this.values === this.given) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ values: this.values, at: Date.now() }));
      return true;
    } catch { return false; /* the browser keeps no more */ }
  }

  /** Go on here with what another tab has kept; what is here is offered in its place. */
  take({ key, values }) {
    if (this.values !== this.given && !this.keep(`${this.base} ${crypto.randomUUID()}`)) return;
    this.fillIn(values);
    if (this.keep()) localStorage.removeItem(key);
  }

  fillIn(values) {
    const fields = new Map(JSON.parse(values));
    for (const field of this.form.elements) {
      if (field.type === "radio") field.checked = fields.get(field.name) === field.value;
      else if (field.name) field.value = fields.get(field.name) ?? "";
    }
  }

  draw() {
    const others = this.others(), shown = JSON.stringify([this.remark, others.map(({ key }) => key)]);
    if (shown === this.shown) return; // not with each letter that is typed in another tab
    this.shown = shown;
    const button = (label, act) => h("button", { type: "button", onclick: () => { act(); this.draw(); this.form.elements[0].focus(); } }, label);
    const offered = ({ key, at }) => h("p", {}, h("strong", {}, "There is another one that was not saved"), `, typed in another tab${at ? ` on ${new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}` : ""}. `,
      button("Take it", () => { const now = entryOf(key); if (now) { this.take(now); this.remark = "restored"; } }), " ",
      button("Discard it", () => localStorage.removeItem(key)));
    fill(this.note,
      this.remark === "restored" && h("p", {}, h("strong", {}, "This is what you typed before. "), "It was not saved. ",
        button("Discard it", () => { this.fillIn(this.given); this.keep(); this.remark = null; })),
      this.remark === "taken" && h("p", {}, h("strong", {}, "Another tab has taken or discarded what you typed here. "), "If you go on here, it is kept again."),
      others.map(offered));
  }
}

/** Return what is kept with a key: {key, values, at}; null if it cannot be read. */
function entryOf(key) {
  try {
    const read = JSON.parse(localStorage.getItem(key));
    if (Array.isArray(read)) return { key, values: JSON.stringify(read), at: 0 }; // of an earlier version
    return typeof read?.values === "string" && Array.isArray(JSON.parse(read.values)) ? { key, values: read.values, at: read.at } : null;
  } catch { return null; }
}
