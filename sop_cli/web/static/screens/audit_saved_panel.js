/** The saved mapping on the Audit screen: read from a file or from the project, shown with what no longer fits, and removed again. */

import { counted, fill, h } from "../dom.js";
import { discard, send } from "../uploads.js";
import { complaintsOf, savedSource } from "./audit_saved.js";

/** Read a mapping file that the person chose or dropped. */
export async function readSaved(page, state, file) {
  const saved = { name: file.name, sources: [], error: "" };
  let id = null;
  try {
    id = await send(file, () => {});
    Object.assign(saved, await page.app.call("audit.saved", { file: id }));
  } catch (error) {
    saved.error = error.message;
  }
  if (id) discard([id]);
  await takeSaved(page, state, saved);
}

async function readPresent(page, state) {
  const saved = { name: "audit.toml", sources: [], error: "" };
  try { Object.assign(saved, await page.app.call("audit.saved", { file: "" })); } catch (error) { saved.error = error.message; }
  await takeSaved(page, state, saved);
}

/** Fill settings and columns from a saved mapping. */
async function takeSaved(page, state, saved) {
  state.saved = saved;
  if (!saved.error) {
    Object.assign(state.settings, saved.settings);
    for (const entry of state.files.filter((other) => other.id && savedSource(saved, other.name))) {
      Object.assign(entry, { asked: null, encoding: savedSource(saved, entry.name).encoding || entry.encoding });
      try { await page.readColumns(entry); } catch (error) { entry.error = error.message; }
      entry.isBusy = "";
    }
  }
  page.redraw();
}

/** Show the saved mapping; without one, offer that of the project. */
export function drawSaved(page, state) {
  const { saved } = state;
  page.misfits = h("div", { role: "status" });
  page.offer = saved ? null : h("p", {}, h("button", { type: "button", onclick: () => readPresent(page, state) }, "Fill in from the audit.toml of this project"));
  const forget = () => { state.saved = null; drawSaved(page, state); page.input.focus(); };
  fill(page.saved, page.offer, saved && h("section.panel.stack.saved", { "aria-labelledby": "saved-title" },
    h("div.row", {}, h("h2#saved-title", { tabindex: "-1" }, h("bdi", {}, saved.name)), h("button", { type: "button", "aria-describedby": "saved-title", onclick: forget }, "Remove")),
    saved.error ? h("p.error", { role: "alert" }, saved.error)
      : h("p", { role: "status" }, `Settings and columns are filled in from it for ${counted(saved.sources.length, "source")}. What you change below is not written back until you save the mapping.`),
    page.misfits));
  drawMisfits(page, state);
}

/** Say what of the saved mapping does not fit the files that are here. */
export function drawMisfits(page, state) {
  const { saved, overview, files } = state;
  if (page.offer) page.offer.hidden = !overview.has_mapping || !files.length;
  const texts = !saved || saved.error || files.some((entry) => entry.isBusy) ? [] : complaintsOf(saved, files);
  fill(page.misfits, texts.length > 0 && h("div.asks", {}, h("p", {}, "What does not fit:"), h("ul", {}, texts.map((text) => h("li", {}, text)))));
}
