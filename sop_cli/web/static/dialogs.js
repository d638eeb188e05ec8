/** Dialogs: a question with buttons, what a save would change, and the three texts of a file that changed on disk. */

import { h } from "./dom.js";

/**
 * Show a dialog and return the value of the chosen button; null if it was closed. A button: [value, label, class]; Enter in a field chooses "main".
 * The dialog stays open if `mayClose(value)`, which may be a promise, is false. Null is returned if the same is being asked already.
 */
export function ask(title, body, buttons, mayClose = () => true) {
  const before = document.activeElement;
  if ([...document.querySelectorAll("#dialog-title")].some((other) => other.textContent === title)) return Promise.resolve(null); // asked twice, as by a double click
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-labelledby": "dialog-title" },
      h("h2#dialog-title", {}, title), h("div.stack", {}, body),
      h("div.row", {}, buttons.map(([value, label, look]) => h("button", { type: "button", class: look ?? "", onclick: () => choose(value) }, label))));
    let answer = null;
    const end = () => { if (dialog.isConnected) { dialog.remove(); before?.focus?.(); resolve(answer); } };
    const choose = async (value) => { if (await mayClose(value)) { answer = value; dialog.close(); end(); } }; // the event comes with the next frame: in a hidden tab, never
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || !event.target.matches("input:not([type=checkbox], [type=radio], [type=file])")) return;
      event.preventDefault();
      dialog.querySelector("button.main")?.click();
    });
    dialog.addEventListener("close", end);
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Close all dialogs without an answer: the screen that asks is left. */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
}

/** Ask to confirm; true if confirmed. */
export const confirm = async (title, body, yes = "Save") => (await ask(title, body, [[false, "Cancel"], [true, yes, "main"]])) === true;

/** Return the lines that differ between two texts, with three lines around them, as an element. */
export function diff(before, after) {
  const lines = (text) => (text ? text.split(/\r?\n/) : []); // an empty text has no line
  const rows = lineDiff(lines(before), lines(after));
  const near = rows.map((row, at) => rows.slice(Math.max(0, at - 3), at + 4).some(([kind]) => kind !== "kept"));
  const shown = [];
  rows.forEach(([kind, line], at) => {
    if (near[at]) shown.push(h("span", { class: kind }, `${{ added: "+", removed: "-", kept: " " }[kind]} ${line}`));
    else if (near[at - 1]) shown.push(h("span.kept.quiet", {}, "  …"));
  });
  return h("pre.diff", { tabindex: "0", "aria-label": "Changed lines" }, shown.length ? shown : "no difference");
}

/** Return [kind, line] for each line: kept, removed or added; the longest common lines between the equal ends are kept. */
export function lineDiff(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let ends = 0;
  while (ends < before.length - start && ends < after.length - start && before.at(-1 - ends) === after.at(-1 - ends)) ends += 1;
  const old = before.slice(start, before.length - ends), now = after.slice(start, after.length - ends);
  const middle = old.length * now.length > 4e6 ? [...old.map((line) => ["removed", line]), ...now.map((line) => ["added", line])] : common(old, now);
  return [...before.slice(0, start).map((line) => ["kept", line]), ...middle, ...before.slice(before.length - ends).map((line) => ["kept", line])];
}

function common(old, now) {
  const longest = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      longest[i][j] = old[i] === now[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
  const rows = [];
  let i = 0, j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) { rows.push(["kept", old[i]]); i += 1; j += 1; }
    else if (i < old.length && (j === now.length || longest[i + 1][j] >= longest[i][j + 1])) rows.push(["removed", old[i++]]);
    else rows.push(["added", now[j++]]);
  }
  return rows;
}

/** Show both texts of a new file whose name another one has on disk by now. Return "disk", "rename" or null. */
export const twoFiles = (path, disk, mine) =>
  ask(`${path} is on disk already`, [
    h("p", {}, "Another program or tab made a file of this name after you chose it. Nothing was overwritten."),
    h("div.three", {}, [["The file on disk", disk], ["Yours", mine]].map(([title, text]) => h("section", {}, h("h3", {}, title), h("pre.diff", { tabindex: "0", "aria-label": title }, text || "empty")))),
  ], [[null, "Go on editing"], ["disk", "Take the text on disk, drop mine"], ["rename", "Give mine another name", "main"]]);

/**
 * Show the three texts of a file that changed on disk: as it was opened (null if unknown), as it is on disk (null: gone), and as edited.
 * `both` is the text with both changes, null if there is none. Return "mine", "disk", "both" or null.
 */
export const threeWay = (path, opened, disk, mine, both = null) =>
  ask(`${path} changed on disk`, [
    h("p", {}, disk === null ? "Another program deleted this file after you opened it." : "Another program or tab saved this file after you opened it. Nothing was overwritten."),
    h("div.three", {},
      h("section", {}, h("h3", {}, "What the other changed"), disk === null ? h("p.quiet", {}, "deleted") : diff(opened ?? disk, disk)),
      h("section", {}, h("h3", {}, "What you changed"), diff(opened ?? disk ?? "", mine))),
    both !== null && h("p", {}, "The two changes are in different lines. ", h("strong", {}, "Merge both"), " puts the other change into your text; look at it, and save it then."),
  ], [
    [null, "Go on editing"],
    disk === null ? null : ["disk", "Take the text on disk, drop mine"],
    ["mine", disk === null ? "Write mine as a new file" : "Keep mine, over the text on disk"],
    both === null ? null : ["both", "Merge both into my text", "main"],
  ].filter(Boolean));

/** Remove all notices that have `part` in their text; return whether there were any. */
export function withdraw(part) {
  const old = [...document.getElementById("notices").children].filter((notice) => notice.firstChild?.textContent.includes(part));
  for (const notice of old) notice.remove();
  return old.length > 0;
}

/** Show a notice for a while, a bad one until it is closed; return it, or the one that says the same. */
export function notify(text, kind = "") {
  const notice = h("p", { class: kind }, text, h("button", { type: "button", "aria-label": "Close this notice", onclick: () => notice.remove() }, "✕"));
  const place = document.getElementById("notices");
  const same = [...place.children].find((other) => other.firstChild?.textContent === text);
  if (same) return same;
  while (place.children.length > 3) place.firstChild.remove();
  place.append(notice);
  if (kind !== "bad") setTimeout(() => notice.remove(), 6000);
  return notice;
}
