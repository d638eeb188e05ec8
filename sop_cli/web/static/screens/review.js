/** Review: what changed since the last approval; each change is looked at and ticked, then approved, described and committed. */

import { ask, diff } from "../dialogs.js";
import { counted, fill, h } from "../dom.js";
import { Job, changedSince, draftNote, placeLink, staleNote } from "../runs.js";
import { ReviewNote } from "./review_note.js";
import { ReviewTicks } from "./review_ticks.js";

const KINDS = { answers: "answers of the engine", owner: "answers of the owner", wording: "wording", examples: "examples" };
const kept = new ReviewNote(), ticks = new ReviewTicks();
const job = new Job("example");
const state = { review: null, error: null, approved: null, kind: "", isOpenOnly: false, fresh: new Set() };
let shown = null; // draws the screen, null while it is left

export function show(root, place, app) {
  const note = h("textarea#review-note", { rows: 3 }), noteState = h("div.stack.of-note", { role: "status" });
  const page = { app, note, progress: h("div", {}), status: h("div.stack", { role: "status" }), filter: h("div.row", {}), list: h("ol.changes", {}), buttons: h("div.row", {}) };
  root.append(h("h1", {}, "Review"),
    h("p.lead", {}, "What changed since the last approval: look at each change and tick it. Only what you have seen is approved."),
    h("div.stack", {}, page.progress, page.status, page.filter, page.list,
      h("div", {}, h("label", { for: "review-note" }, "Note"), h("p.field-note.quiet#review-note-help", {}, "For the description of the pull request, and the message of the commit."), noteState, note),
      page.buttons));
  note.setAttribute("aria-describedby", "review-note-help");
  kept.attach(app, note, noteState);
  shown = () => draw(page);
  const forget = app.on("changes", () => shown?.()), endTicks = ticks.attach(app, () => followTicks(page));
  job.attach(page.progress);
  shown();
  if (!state.review && !job.isRunning) compare(app);
  return () => { forget(); endTicks(); job.attach(null); shown = null; };
}

async function call(app, method, params) {
  const code = app.project.code;
  state.error = null;
  const answering = job.run(app, method, params);
  shown?.();
  try {
    const answer = await answering;
    if (answer?.items) {
      const before = new Set(state.review?.items.map((item) => item.id) ?? answer.items.map((item) => item.id));
      state.fresh = new Set(answer.items.map((item) => item.id).filter((id) => !before.has(id)));
      state.review = { ...answer, code };
    }
    return answer;
  } catch (error) {
    state.error = error;
    return null;
  } finally {
    shown?.();
  }
}

const compare = (app) => call(app, "review.show");

function draw(page) {
  const { app } = page, { review } = state;
  ticks.follow(review);
  const stale = review ? changedSince(review, app.project) : [];
  fill(page.status, draftNote(app),
    state.error && h("p.error", {}, `${state.error.title}: ${state.error.message}`),
    review && h("p", { class: stale.length ? "stale" : "" }, h("strong", {}, review.items.length ? `${counted(review.items.length, "change")}: ${review.summary}` : "Nothing has changed since the last approval.")),
    review && !stale.length && h("p.quiet.of-ticks", {}, ticksText(review)),
    stale.length > 0 && staleNote(stale),
    review?.obstacle && h("p.error", {}, `This cannot be approved yet: ${review.obstacle}. Correct this first. `, h("a", { href: "#/gate" }, "Open Gate")),
    !review && !job.isRunning && !state.error && h("p.quiet", {}, "Not compared yet."));
  fill(page.filter, review?.items.length > 0 && filterFields(page));
  drawList(page);
  fill(page.buttons, buttons(page, stale));
  kept.follow(review);
}

function ticksText(review) {
  const ticked = review.items.filter((item) => ticks.has(item.id)).length;
  return review.items.length ? `${ticked} of ${review.items.length} ticked${ticks.isLost ? "; this browser does not keep the ticks, its storage is full or closed" : ""}` : "";
}

function filterFields(page) {
  const of = (kind) => state.review.items.filter((item) => item.kind === kind).length;
  const kinds = Object.entries(KINDS).filter(([kind]) => of(kind));
  const redraw = () => { drawList(page); };
  return [
    h("label", { for: "review-kind" }, "Show"),
    h("select#review-kind", { onchange: (event) => { state.kind = event.target.value; redraw(); } },
      [["", `all ${state.review.items.length}`], ...kinds.map(([kind, words]) => [kind, `${of(kind)} ${words}`])].map(([value, text]) => h("option", { value, selected: value === state.kind }, text))),
    h("label.tick", {}, h("input", { type: "checkbox", checked: state.isOpenOnly, onchange: (event) => { state.isOpenOnly = event.target.checked; redraw(); } }), " only those not ticked"),
  ];
}

function drawList(page) {
  const items = state.review?.items ?? [];
  const listed = items.filter((item) => (!state.kind || item.kind === state.kind) && !(state.isOpenOnly && ticks.has(item.id)));
  fill(page.list, listed.map((item) => changeItem(page, item)), items.length > 0 && !listed.length && h("li.quiet", {}, "No change is left with this filter."));
}

function changeItem(page, item) {
  const label = `tick-${item.id}`;
  const box = h("input", { type: "checkbox", id: label, "data-change": item.id, checked: ticks.has(item.id), onchange: () => {
    ticks.set(item.id, box.checked);
    followTicks(page);
  } });
  const entry = h("li.panel.stack", { class: ticks.has(item.id) ? "ticked" : "" },
    h("div.change-head", {}, box, h("label", { for: label }, item.title)),
    h("p.quiet", {}, KINDS[item.kind], state.fresh.has(item.id) && h("strong.new", {}, " · new since you looked"), item.place && " · ", placeLink(page.app, item.place),
      item.same.length > 0 && [` · the same in ${counted(item.same.length, "more row")}: `, item.same.slice(0, 5).map((place) => [placeLink(page.app, place), " "]), item.same.length > 5 && "…"]),
    item.parts.map((part) => beforeAndAfter(part)),
    item.because?.length > 0 && h("p.quiet", {}, "Decided by ", item.because.map((place) => [placeLink(page.app, place), " "])),
    item.examples?.length > 0 && h("p.quiet", {}, "Asserted in ", item.examples.map((place) => [placeLink(page.app, place), " "])));
  return entry;
}

function beforeAndAfter({ name, before, after }) {
  if (before === after) return h("div", {}, h("p.quiet", {}, `${name}, unchanged`), h("p.kept-text", {}, after));
  if (/\n/.test(before + after)) return h("div", {}, h("p.quiet", {}, name), diff(before, after));
  return h("dl.before-after", {},
    h("dt", {}, `${name} before`), h("dd.removed", {}, before || "nothing"),
    h("dt", {}, `${name} now`), h("dd.added", {}, after || "nothing"));
}

/** Draw what depends on the ticks, and leave the list with its focus alone; with a filter, what another tab ticked stays until it is drawn anew. */
function followTicks(page) {
  if (!state.review) return;
  for (const box of page.list.querySelectorAll("input[data-change]")) {
    box.checked = ticks.has(box.dataset.change);
    box.closest("li").classList.toggle("ticked", box.checked);
  }
  const stale = changedSince(state.review, page.app.project);
  const text = page.status.querySelector(".of-ticks");
  if (text) text.textContent = ticksText(state.review);
  fill(page.buttons, buttons(page, stale));
}

function buttons(page, stale) {
  const { app } = page, { review } = state, basis = described();
  const isReady = review?.items.length > 0 && !review.obstacle && !stale.length && review.items.every((item) => ticks.has(item.id));
  const button = (text, onclick, isOn, look = "") => h("button", { type: "button", class: look, disabled: job.isRunning || !isOn, onclick }, text);
  return [
    !app.readOnly && button("Approve", () => approve(page), isReady, "main"),
    button(review ? "Compare again" : "Compare", () => compare(app), true),
    button("Copy as Markdown", () => copy(page), basis),
    button("Download as Markdown", () => download(page), basis),
    !app.readOnly && button("Commit to git …", () => commit(page), true),
    !app.readOnly && review?.items.length > 0 && !isReady && h("span.quiet", {}, reason(review, stale)),
  ];
}

function reason(review, stale) {
  if (stale.length) return "Compare again: files have changed since these changes were listed.";
  if (review.obstacle) return "Approve is possible when every example passes.";
  return "Approve is possible when every change is ticked.";
}

async function approve(page) {
  const { app } = page, { review } = state, note = page.note.value;
  const body = h("p", {}, `${counted(review.items.length, "change")}: ${review.summary}. This becomes the approved state in the folder ${review.folder}.`);
  if (!(await app.confirm("Approve what you have looked at?", body, "Approve"))) return;
  const reviewed = markdown(review, note);
  const answer = await call(app, "review.approve", { digest: review.digest, ticked: [...ticks.ids] });
  if (answer?.refused) app.notify(`Not approved: ${answer.refused}`, "bad");
  else if (answer?.saved) {
    state.approved = reviewed;
    kept.belongs(state.review);
    ticks.forget(review);
    app.notify(`Approved; written: ${answer.saved.join(", ")}`, "good");
    shown?.();
  }
}

/** What Markdown describes: the changes that are listed, or if there are none the ones approved last. */
const described = () => state.review?.items.length > 0 || state.approved !== null;
const textOf = (page) => (state.review?.items.length ? markdown(state.review, page.note.value) : state.approved);

function markdown(review, note) {
  const plain = (text) => text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_[\]<>#|@]/g, (sign) => `\\${sign}`);
  const looked = review.items.map((item) => `- [${ticks.has(item.id) ? "x" : " "}] ${plain(item.title)}`);
  return [note.trim(), note.trim() && "\n\n", review.markdown, looked.length ? `\n\n### Looked at\n\n${looked.join("\n")}` : "", "\n"].join("");
}

async function copy(page) {
  const text = textOf(page);
  try {
    await navigator.clipboard.writeText(text);
    page.app.notify("Copied as Markdown.", "good");
  } catch {
    const area = h("textarea", { rows: 14, cols: 80, readonly: true, value: text, "aria-label": "Markdown" });
    ask("Copy this text", area, [[true, "Close"]]);
    area.select();
  }
}

function download(page) {
  const url = URL.createObjectURL(new Blob([textOf(page)], { type: "text/markdown" }));
  h("a", { href: url, download: "changes.md" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

async function commit(page) {
  const { app } = page, message = page.note.value;
  if (!message.trim()) {
    page.note.focus();
    app.notify("Write a note first; it becomes the message of the commit.", "bad");
    return;
  }
  const plan = await call(app, "review.plan", { message });
  if (!plan) return;
  const body = [
    h("p", {}, `On ${plan.branch}. ${counted(plan.files.length, "file")} of the specification; nothing else is added, and nothing is pushed.`),
    h("ul", {}, plan.files.map((file) => h("li", {}, `${file.path} (${file.state})`))),
    h("p", {}, "These commands run in the folder of the project:"),
    h("pre", { tabindex: "0", "aria-label": "Commands" }, plan.commands.join("\n")),
  ];
  if (!(await app.confirm("Commit to git?", body, "Run these commands"))) return;
  const done = await call(app, "review.commit", { message, digest: plan.digest });
  if (done) kept.committed();
  if (done) app.notify(`Committed ${counted(done.files, "file")} as ${done.commit}. Nothing was pushed.`, "good");
}
