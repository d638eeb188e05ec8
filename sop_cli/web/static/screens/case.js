/** Case: choose what is known, see the answer and why, the examples of it, and add one. The form is that of the living document. */

import { counted, fill, h } from "../dom.js";
import { explorerScript, facts, route } from "./case_form.js";
import { panel } from "./case_example.js";

const WAIT_MS = 120;

export async function show(root, place, app) {
  let choose = (next) => { place = next; }; // another route may be asked for while the answers load
  app.reroute = (next) => choose(next);
  root.append(h("h1", {}, "Case"), h("p.lead", {}, "What happens when an order is cancelled, and what the client must do. Choose what you know."));
  const waiting = h("p.quiet", {}, "Loading the answers…");
  root.append(waiting);
  const [data] = await Promise.all([app.call("case.answers"), explorerScript()]);
  waiting.remove();

  const form = facts(data, app.project.has_site), answer = form.querySelector("#case-answer");
  const examples = h("section.stack", { "aria-labelledby": "examples-title" }, h("h2#examples-title", { tabindex: "-1" }, "Examples of this case"), h("div", { "aria-live": "polite" }));
  root.append(form, examples);
  let timer = null, asking = null;

  const ask = async (chosen) => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const known = Object.fromEntries(data.facts.map(([name], at) => [name, chosen[at]]).filter(([, word]) => word !== data.unknown));
    const reading = form.dataset.reading;
    try {
      const found = await app.call("case.examples", { facts: known, reading }, { signal });
      if (!signal.aborted) list(found, reading);
    } catch (error) {
      if (!signal.aborted) app.showError(error, examples.lastElementChild);
    }
  };
  const again = () => ask(chosen);
  const list = (found, reading) => fill(examples.lastElementChild,
    found.examples.length
      ? h("ul.plain-list", {}, found.examples.map((one) => h("li", {}, h("a", { href: route(one.place) }, one.name), " ", h("span.quiet", {}, [one.place.split("/").at(-1), about(one, found.cases)].filter(Boolean).join(", ")))))
      : h("p", {}, found.cases === 1 ? "No example is about this case yet." : "No example is about these cases yet."),
    found.more > 0 && h("p.quiet", {}, `and ${counted(found.more, "more example")}; state another fact to see fewer`),
    !app.readOnly && panel({ app, found, reading, saved: async () => { await again(); document.getElementById("examples-title").focus(); } }));

  let chosen = [], shown = "";
  const read = window.sopExplorer(form, answer, data, (words) => {
    const asked = [...words, form.dataset.reading].join();
    if (asked !== shown) fill(examples.lastElementChild, h("p.quiet", {}, "Looking for the examples…"));
    shown = asked;
    chosen = words;
    for (const fold of answer.querySelectorAll("details")) fold.open = true;
    for (const link of answer.querySelectorAll('a[href^="/site/"]')) app.project.has_site ? (link.target = "_blank") : link.removeAttribute("href");
    clearTimeout(timer);
    timer = setTimeout(() => ask(words), WAIT_MS);
  });
  choose = (next) => { form.setReading(next.startsWith("as-written") ? "as-written" : "as-practised"); read(); };
  choose(place);
  const off = app.on("changes", (changes) => {
    if (changes.some(({ path }) => path.endsWith(".toml"))) { answer.classList.add("is-old"); app.showOld(root, "the answer"); }
    else if (!examples.querySelector("form")) again(); // a new example that is being written stays
  });
  return () => { off(); clearTimeout(timer); asking?.abort(); };
}

/** Return which other cases an example is about. */
function about(one, cases) {
  if (one.in_a_life) return "in the life of an order";
  if (one.others && one.covers) return `also about ${counted(one.others, "other case")}`;
  const shared = one.cases - one.others;
  return one.covers ? "" : `about ${shared} of these ${cases} cases${one.others ? `, and ${counted(one.others, "other")}` : ""}`;
}
