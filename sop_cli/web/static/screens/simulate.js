/** Simulate: choose an experiment, change its settings, run it, and open its report. */

import { counted, fill, h } from "../dom.js";
import { Job } from "../runs.js";

const CHECK_MS = 250;
const job = new Job("replication");
const state = { overview: null, form: null, changes: {}, result: "", isNamed: false, findings: [], last: null, error: null, isOther: false };
let shown = null; // redraws what is not the form, null while the screen is left

export async function show(root, place, app) {
  const page = { app, form: h("form.stack", { novalidate: true, onsubmit: (event) => { event.preventDefault(); run(page); } }), outcome: h("div.stack", {}), progress: h("div", {}), results: h("section", { "aria-labelledby": "past-results" }), check: null };
  root.append(h("h1", {}, "Simulate"),
    h("p.lead", {}, "Weeks of simulated orders under the rules of the SOP. Change a setting, and see what it does."),
    h("div.stack", {}, page.form, page.progress, page.outcome, page.results));
  shown = () => { drawOutcome(page); drawButton(page); drawResults(page); };
  job.attach(page.progress);
  page.experiments = app.project.experiments;
  if (state.form) await follow(page);
  else {
    state.overview = await app.call("simulate.overview");
    const names = state.overview.experiments.map((experiment) => experiment.name);
    await choose(page, names.find((name) => name === place) ?? names[0], false);
  }
  drawForm(page);
  shown();
  const forget = app.on("changes", async () => {
    const { experiments } = app.project;
    if (page.experiments === experiments) return;
    page.experiments = experiments;
    try { await follow(page); } catch (error) { app.notify(error.message, "bad"); return; }
    if (page.isLeft) return;
    redraw(page);
    shown();
  });
  return () => { page.isLeft = true; state.isOther = false; forget(); job.attach(null); shown = null; clearTimeout(page.check); };
}

async function choose(page, name, draws = true) {
  page.chosen = name;
  if (page.button) page.button.disabled = true; // the form is still that of the experiment before
  const form = await formOf(page, name);
  if (page.chosen !== name || page.isLeft) return; // another one was chosen meanwhile
  Object.assign(state, { form, changes: {}, findings: [], isNamed: false, isOther: false, result: resultOf(form) });
  const hadFocus = page.form.contains(document.activeElement);
  if (draws) drawForm(page);
  if (draws && hadFocus) document.getElementById("experiment").focus();
}

/** Return the form of an experiment as it is on disk; what is wrong with it as `trouble`. */
async function formOf({ app }, name) {
  const experiment = state.overview.experiments.find((other) => other.name === name);
  if (!experiment) return { name, trouble: `${name} is not there any more: its file was deleted or renamed. Choose another experiment.` };
  if (experiment.trouble) return { name, trouble: experiment.trouble };
  try { return inWords(await app.call("simulate.form", { name })); } catch (error) { return { name, trouble: error.message }; }
}

const resultOf = ({ result = "" }) => result.toLowerCase().replaceAll(/[^a-z0-9_-]+/g, "_").replace(/^[_-]+/, "");

/** Take the experiments as they are on disk now; what was set in the form stays. */
async function follow(page) {
  const { name } = state.form;
  state.overview = await page.app.call("simulate.overview");
  const form = await formOf(page, name);
  if (state.form.name !== name) return; // another one was chosen meanwhile
  const meaning = (one) => JSON.stringify({ ...one, digest: "" });
  state.isOther ||= meaning(form) !== meaning(state.form);
  state.form = form;
  for (const { key, value } of [...settingsOf(form), { key: "sweep.values", value: form.sweep?.values }]) if (state.changes[key] === value) delete state.changes[key];
  if (!state.isNamed && form.result) state.result = resultOf(form);
  state.findings = [];
  if (!form.trouble && Object.keys(state.changes).length) await check(page);
}

const settingsOf = ({ sections = [] }) => sections.flatMap((section) => section.settings);

/** Draw the form anew, with the focus, the fold and the search where they were. */
function redraw(page) {
  const { activeElement } = document, { id } = activeElement, isInside = page.form.contains(activeElement);
  const isOpen = page.form.querySelector("details.settings")?.open, words = document.getElementById("find-setting")?.value;
  const selection = isInside && activeElement.type === "text" ? [activeElement.selectionStart, activeElement.selectionEnd] : null;
  drawForm(page);
  const fold = page.form.querySelector("details.settings");
  if (fold && isOpen) fold.open = true;
  if (fold && words) { document.getElementById("find-setting").value = words; find(page, words); }
  if (!isInside) return;
  const again = (id && document.getElementById(id)) || document.getElementById("experiment");
  again.focus();
  if (selection && again.type === "text") again.setSelectionRange(...selection);
}

/** Return a form whose settings have a label, the first part of what they say, and the rest of it. */
function inWords(form) {
  for (const setting of form.sections.flatMap((section) => section.settings)) {
    const [label, ...more] = setting.says.split("; ");
    Object.assign(setting, { label, says: more.join("; ") });
  }
  return form;
}

const idOf = (key) => `set-${key.replace(".", "-")}`;

function drawForm(page) {
  const { form } = state, { experiments } = state.overview, isListed = experiments.some(({ name }) => name === form.name);
  Object.assign(page, { button: null, summary: null });
  const group = (title, list) => list.length > 0 && h("optgroup", { label: title }, list.map((experiment) => h("option", { value: experiment.name, selected: experiment.name === form.name }, experiment.own ? experiment.name : experiment.title)));
  const chooser = h("div", {}, h("label", { for: "experiment" }, "Experiment"),
    h("select#experiment", { onchange: (event) => choose(page, event.target.value) }, !isListed && h("option", { value: form.name, selected: true }, `${form.name} (not there)`),
      group("Shipped", experiments.filter((experiment) => !experiment.own)), group("In this project", experiments.filter((experiment) => experiment.own))));
  const set = Object.entries(state.changes);
  if (form.trouble) {
    fill(page.form, chooser, h("p.error.lines", { role: "alert" }, form.trouble),
      set.length > 0 && h("p", {}, `What you have set is kept until the file can be read again: ${set.map(([key, text]) => `${key} = ${text}`).join("; ")}`));
    return;
  }
  const main = new Map(settingsOf(form).map((setting) => [setting.key, setting]));
  page.button = page.app.readOnly ? null : h("button.main", { type: "submit" }, "Simulate");
  page.summary = h("div", { role: "status" });
  page.changed = h("p.quiet", {});
  fill(page.form, chooser,
    state.isOther && h("p.panel", { role: "status" }, h("strong", {}, "The file of this experiment changed on disk. "), `It is shown as it is now.${set.length ? " What you have set is kept." : ""}`),
    h("p.prose", {}, form.description),
    form.variants.length > 0 && h("div.scroll", { tabindex: "0", role: "region", "aria-label": "Variants" }, h("table.data", {}, h("caption", {}, form.sweep ? named(main.get(form.sweep.key)) : "Variants, simulated with the same random draws"),
      h("thead", {}, h("tr", {}, ["variant", "what it sets"].map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, form.variants.map((variant) => h("tr", {}, h("th", { scope: "row" }, variant.name), h("td", {}, variant.changes ? [variant.says !== variant.changes && `${variant.says} `, h("code", {}, variant.changes)] : "as below")))))),
    h("div.settings-grid", {},
      field(page, { ...main.get("run.replications"), source: "" }),
      field(page, { ...main.get("run.seed"), source: "" }),
      form.sweep && field(page, { key: "sweep.values", label: `values of: ${main.get(form.sweep.key).label}`, says: "each is simulated once", value: form.sweep.values, range: "a list of 2 to 50 values", source: "", words: [], plausible: "", in_words: "", fixed: false }),
      resultField()),
    h("details.settings", {}, h("summary", {}, `All settings (${main.size})`),
      h("div", {}, h("label", { for: "find-setting" }, "Find a setting"), h("input#find-setting", { type: "search", oninput: (event) => find(page, event.target.value) })),
      form.sections.map((section) => h("fieldset", {}, h("legend", {}, section.title), h("div.settings-grid", {},
        section.settings.filter((setting) => !["run.replications", "run.seed"].includes(setting.key)).map((setting) => field(page, setting)))))),
    page.changed, page.summary, h("div.row", {}, page.button));
  drawFindings(page);
  drawButton(page);
}

function resultField() {
  const input = h("input#result-name", { type: "text", value: state.result, maxlength: 64, spellcheck: false, autocomplete: "off", "aria-describedby": "result-help", oninput: () => { state.result = input.value.trim(); state.isNamed = true; } });
  return h("div.field", {}, h("label", { for: "result-name" }, "Name of the result"), input,
    h("p.field-note.quiet#result-help", {}, "Small letters, digits, - and _. A result of the same name is replaced when the new one is complete."));
}

/** Return a setting in words, with its key beside. */
const named = ({ label, key }) => [h("span.words", {}, label), " ", h("code.key", {}, key)];

function field(page, setting) {
  const id = idOf(setting.key), value = state.changes[setting.key] ?? setting.value;
  const onchange = (event) => {
    const text = event.target.value.trim();
    if (text === setting.value) delete state.changes[setting.key];
    else state.changes[setting.key] = text;
    was.textContent = setting.key in state.changes ? ` · changed from ${setting.value}` : "";
    clearTimeout(page.check);
    page.check = setTimeout(() => check(page), CHECK_MS);
    drawFindings(page);
    if (page.button) page.button.disabled = job.isRunning; // the findings are of the values before; `run` checks these first
  };
  const described = { "aria-describedby": `${id}-help ${id}-error`, disabled: setting.fixed };
  const control = setting.words.length > 0
    ? h("select", { id, onchange, ...described }, setting.words.map((word) => h("option", { value: word, selected: word === value }, word)))
    : h("input", { id, type: "text", value, spellcheck: false, autocomplete: "off", oninput: onchange, ...described });
  const was = h("span.new", {}, setting.key in state.changes ? ` · changed from ${setting.value}` : "");
  const notes = [setting.says, setting.in_words && setting.in_words !== setting.value && `${setting.in_words}`, setting.range, setting.plausible && `plausible: ${setting.plausible}`, setting.source && `source: ${setting.source}`, setting.fixed && "each variant sets this itself"];
  return h("div.field", { "data-words": `${setting.key} ${setting.label} ${setting.says}`.toLowerCase() },
    h("label", { for: id }, named(setting), was), control,
    h("p.field-note.quiet", { id: `${id}-help` }, notes.filter(Boolean).join("; ")),
    h("p.error.field-error", { id: `${id}-error` }));
}

function find(page, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const fieldset of page.form.querySelectorAll("details.settings fieldset")) {
    for (const entry of fieldset.querySelectorAll(".field")) entry.hidden = !words.every((word) => entry.dataset.words.includes(word));
    fieldset.hidden = ![...fieldset.querySelectorAll(".field")].some((entry) => !entry.hidden);
  }
}

async function check(page) {
  const { name } = state.form, changes = { ...state.changes };
  try {
    const { findings } = await page.app.call("simulate.check", { name, changes });
    if (state.form.name !== name || JSON.stringify(changes) !== JSON.stringify(state.changes)) return;
    state.findings = findings;
  } catch (error) {
    state.findings = [{ key: "", message: error.message }];
  }
  drawFindings(page);
}

const labelOf = (key) => settingsOf(state.form).find((setting) => setting.key === key)?.label ?? key;

/** Return what was set where the file has no field for it any more, each with a button that takes it back. */
function withoutField(page) {
  const takeBack = (key) => { delete state.changes[key]; redraw(page); check(page); };
  return Object.entries(state.changes).filter(([key]) => document.getElementById(idOf(key))?.disabled ?? true)
    .map(([key, text]) => h("span.lines", {}, `\n${labelOf(key)}: ${text} cannot be set in the file as it is now. `, h("button", { type: "button", onclick: () => takeBack(key) }, `Take ${key} back`)));
}

/** Show each finding at its field, and all of them with links above the button. */
function drawFindings(page) {
  if (!page.summary) return;
  const count = Object.keys(state.changes).length;
  fill(page.changed, count ? `${counted(count, "setting")} changed: ${Object.entries(state.changes).map(([key, text]) => `${labelOf(key)}: ${text} (${key})`).join("; ")}` : "No setting is changed.", withoutField(page));
  for (const control of page.form.querySelectorAll(".field :is(input, select)[id^='set-']")) {
    const of = state.findings.filter((finding) => finding.key && idOf(finding.key) === control.id);
    of.length ? control.setAttribute("aria-invalid", "true") : control.removeAttribute("aria-invalid");
    document.getElementById(`${control.id}-error`).textContent = of.map((finding) => finding.message).join("; ");
  }
  fill(page.summary, state.findings.length > 0 && h("div.error", {}, `${counted(state.findings.length, "setting")} cannot be used:`,
    h("ul", {}, state.findings.map((finding) => h("li", {}, finding.message, finding.key && document.getElementById(idOf(finding.key)) && [" ", h("button.link", { type: "button", onclick: () => goTo(finding.key) }, "Go to it")])))));
  drawButton(page);
}

function goTo(key) {
  const control = document.getElementById(idOf(key));
  const closed = control.closest("details");
  if (closed) closed.open = true;
  for (let part = control; part && part !== closed; part = part.parentElement) part.hidden = false;
  control.focus();
}

function drawButton(page) {
  if (page.button) page.button.disabled = job.isRunning || state.findings.length > 0;
}

async function run(page) {
  const { app } = page;
  if (job.isRunning || app.readOnly) return;
  clearTimeout(page.check);
  await check(page);
  if (state.findings.length) { const first = state.findings.find((finding) => finding.key); if (first) goTo(first.key); return; }
  const old = state.overview.results.find((result) => result.name === state.result);
  if (old && !(await app.confirm("Replace a result?", h("p", {}, `There is a result ${old.name}, written ${old.written ?? "earlier"}. It is replaced when the new one is complete.`), "Simulate"))) return;
  state.error = state.last = null;
  const simulating = job.run(app, "simulate.run", { name: state.form.name, changes: { ...state.changes }, result: state.result, digest: state.form.digest });
  shown?.();
  try {
    state.last = await simulating;
    if (!state.last) app.notify("Cancelled; nothing was written.");
    else app.notify(`Simulated: ${state.last.result.name}`, "good");
  } catch (error) {
    state.error = error;
  }
  try { await follow(page); if (state.isOther && !page.isLeft) redraw(page); } catch { /* the list is as before */ }
  shown?.();
}

const reportLink = (result, text) => h("a", { href: `/site/simulations/${encodeURIComponent(result.name)}/report.html`, target: "_blank" }, text);

function drawOutcome(page) {
  const { last, error } = state;
  fill(page.outcome,
    page.app.readOnly && h("p.quiet", {}, "This workbench is read only: nothing can be simulated."),
    error && h("p.error.lines", { role: "alert" }, `${error.title}: ${error.message}`),
    last && h("section.panel.stack", { "aria-labelledby": "new-result" }, h("h2#new-result", {}, last.result.title),
      last.result.has_report && h("p", {}, reportLink(last.result, "Open the report")),
      last.broken.length > 0 && h("p.error", {}, `A check of the event log failed: ${last.broken.join(" ")}`),
      h("pre.figures-text", { tabindex: "0", "aria-label": "Figures" }, last.words)));
}

function drawResults(page) {
  const { results } = state.overview ?? { results: [] };
  fill(page.results, h("h2#past-results", {}, "Results"),
    results.length ? h("ul.results", {}, results.map((result) => h("li", {},
      result.has_report ? reportLink(result, result.title) : h("strong", {}, result.title), ` · ${result.name}`,
      h("p.quiet", {}, result.trouble || `${result.size}, seed ${result.seed}; ${result.checks}; ${result.written}${result.has_report ? "" : "; no report"}`))))
      : h("p.quiet", {}, "Nothing has been simulated here yet."),
    results.length > 0 && h("p.quiet", {}, "The living document shows them too once it is written again: ", h("a", { href: "#/gate" }, "Open Gate"), "."));
}
