/** What answers would change: tried in a copy with progress, shown with the differences of every file, then saved together. */

import { diff } from "../dialogs.js";
import { counted, fill, h } from "../dom.js";
import { route } from "./case_form.js";

/** Take away what is shown in `root`, or is being tried, whenever `form` changes: it is of what stood there before. */
export function endWithChanges(form, root) {
  form.addEventListener("input", () => {
    if (!root.childElementCount || root.querySelector(".outdated")) return;
    root.stop?.abort();
    fill(root, h("p.outdated", { role: "status" }, "You have changed the form since, and nothing was saved. Show again what will change."));
  });
}

/**
 * Call `method` with `params`, show what its answers would change in `root`, and save on request. `onRows` gets the rows of an imported
 * table, `nothing` is said where there is nothing to save, and `saved` is called after a save.
 */
export async function showChanges(root, app, method, params, { onRows, nothing, saved }) {
  const cancel = new AbortController();
  const step = h("p", { role: "status" }, "Trying it in a copy…");
  const stop = h("button", { type: "button", onclick: () => { cancel.abort(); fill(root, h("p", { role: "status" }, "Cancelled; nothing was saved.")); } }, "Cancel");
  root.stop?.abort();
  root.stop = cancel;
  fill(root, h("div.row", {}, step, stop));
  let result;
  try {
    result = await app.call(method, params, { signal: cancel.signal, onProgress: (progress) => {
      if (progress.rows) onRows?.(progress.rows);
      if (progress.step) step.textContent = `Trying it in a copy: ${progress.step}…`;
    } });
  } catch (error) {
    if (!cancel.signal.aborted) app.showError(error, root);
    return;
  }
  if (cancel.signal.aborted) return;
  if (!result.changes.length) { fill(root, h("p", { role: "status" }, nothing)); return; }
  const heading = h("h2", { tabindex: "-1" }, "What will change");
  fill(root, h("section.panel.stack", { "aria-label": "What will change" }, heading,
    h("p", {}, h("strong", {}, result.summary)),
    result.answers.length > 0 && [h("h3", {}, "Answers"), result.answers.map(({ situations, parts }) =>
      h("div", {}, h("p", {}, h("strong", {}, situations)), h("dl.parts", {}, parts.map(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]))))],
    h("h3", {}, "Texts, records that rest on it, and examples"),
    h("ul", {}, result.lines.map(({ place, text }) => h("li", {}, place && [h("a", { href: route(place) }, place), ": "], text))),
    result.notes.map(({ path, notes }) => [h("h3", {}, `In ${path}`), h("ul", {}, notes.map((note) => h("li", {}, note)))]),
    h("h3", {}, "Files"),
    result.changes.map(({ path, before, text }) => h("div", {}, h("p", {}, h("code", {}, path)), diff(before, text))),
    h("div.row", {},
      h("button.main", { type: "button", onclick: () => save() }, `Save ${counted(result.changes.length, "file")}`),
      h("button", { type: "button", onclick: () => { fill(root); } }, "Do not save"))));
  heading.focus();

  const save = async () => {
    const changes = result.changes.map(({ path, digest, text }) => ({ path, digest, text }));
    for (const { path, before, digest } of result.changes) app.opened.set(path, { text: before, digest });
    const again = async (conflicts) => {
      await showChanges(root, app, method, params, { onRows, nothing, saved });
      root.prepend(h("p.error", { role: "alert" }, `Nothing was saved: ${conflicts.map(({ path }) => path).join(", ")} changed on disk meanwhile. Below is what the answer changes in the present files.`));
      return null;
    };
    if (await app.save(changes, { asks: false, conflict: again })) await saved();
  };
}
