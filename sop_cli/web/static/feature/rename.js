/** Rename a step sentence in the step definition and in every feature: the difference of all files is shown first. */

import { ask, confirm, diff, notify } from "../dialogs.js";
import { counted, h } from "../dom.js";
import { post, tab } from "../api.js";

/** Ask for the new sentence, show what changes, and write it; return whether it was written. */
export async function rename(sentence, app) {
  const input = h("input", { value: sentence, style: "width: min(48rem, 80vw)", "aria-label": "New step sentence", spellcheck: false });
  for (;;) {
    const go = await ask("Rename this step sentence", [h("p", {}, "Its parameters stay, in the same order: ", h("code", {}, sentence)), h("label", {}, "New step sentence", input)], [[false, "Cancel"], [true, "Show what changes", "main"]]);
    if (!go) return false;
    try {
      const { changes } = await app.call("feature.rename", { old: sentence, new: input.value });
      const body = changes.map(({ path, before, text }) => [h("h3", {}, path), diff(before, text)]);
      if (!(await confirm(`Rename in ${counted(changes.length, "file")}?`, body, `Save ${counted(changes.length, "file")}`))) return false;
      await post("/api/rename", { old: sentence, new: input.value, digests: Object.fromEntries(changes.map(({ path, digest }) => [path, digest])), tab });
      notify(`Renamed in ${counted(changes.length, "file")}. Results are computed again.`, "good");
      return true;
    } catch (error) { notify(error.message, "bad"); }
  }
}
