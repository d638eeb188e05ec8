// The filter of every long list: results, a heading of the SOP, words and tags. The choice is kept in the address.
// The choice of results works without this file (see `filter` in marks.html.j2); the rest is built here.
(() => {
  "use strict";
  const bar = document.querySelector("main .filters"), files = document.querySelector("main > .files");
  if (!bar) return;
  const made = (tag, given = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), given);
    element.append(...inside);
    return element;
  };

  // Up to `many` scenarios are all listed; of more, a few for each file.
  const many = 200, few = 3;

  const start = () => {
    const radios = [...bar.querySelectorAll("input[name=only]")], section = bar.querySelector("select");
    const slugs = radios.map((radio) => radio.id.slice("only-".length));
    const own = (element) => [...element.querySelectorAll(":scope > .source > .tag")].map((tag) => tag.textContent);

    // Entries of the list: clauses and questions, scenarios on the page of their file, or files with their scenarios.
    const shown = (element) => {
      const id = element.matches(".clause") ? [`@${element.id}`] : [];
      const around = [element.closest(".group"), element.closest("main")].filter(Boolean);
      const inner = [...element.querySelectorAll(".tag")].map((tag) => tag.textContent);
      return {
        element, tags: [...id, ...inner, ...around.flatMap(own)], all: element.textContent.toLowerCase(),
        status: slugs.find((slug) => element.classList.contains(slug)) ?? "",
      };
    };
    const listed = () => sopQuery.entries().filter((entry) => entry.kind === 3);
    const items = files ? listed() : [...document.querySelectorAll("main .clause:not(.head), main > .group > .scenario")].map(shown);
    const noun = !files && document.querySelector("main .clause:not(.head)") ? document.querySelector("main .gap") ? "questions" : "clauses" : "scenarios";
    const homes = [...document.querySelectorAll("main > .group, main section.heading, main section.part")].filter((home) => items.some((item) => item.element && home.contains(item.element)));

    const choices = made("datalist", { id: "filter-tags" });
    choices.append(...[...new Set(items.flatMap((item) => item.tags))].sort().map((value) => made("option", { value })));
    const field = made("input", { type: "search", autocomplete: "off", spellcheck: false });
    field.setAttribute("list", choices.id);
    const count = made("span"), all = made("button", { type: "button", textContent: "Show everything" });
    count.setAttribute("role", "status");
    if (section) section.closest("label").hidden = false;
    bar.append(made("label", {}, "Words or tags ", field), choices);
    bar.after(made("p", { className: "shown-count" }, count, " ", all));

    const chosen = () => ({
      only: radios.find((radio) => radio.checked)?.id.slice("only-".length) ?? "all", section: section?.value ?? "", find: field.value.trim(),
    });
    const below = (tags, heading) => tags.some((tag) => tag === `@${heading}` || tag.startsWith(`@${heading}-`));
    const fits = ({ only, section: heading, find }) => {
      const asked = sopQuery.parse(find);
      return (item) => (only === "all" || item.status.replaceAll(" ", "-") === only) && (!heading || below(item.tags, heading)) && (!asked || asked(item));
    };

    // List the files, each with its matching scenarios.
    const address = (now) => new URLSearchParams(Object.entries(now).filter(([name, value]) => value && !(name === "only" && value === "all"))).toString();
    const line = (hit) => made("li", {}, sopQuery.mark(hit), " ", made("a", { href: hit.href, textContent: hit.title }));
    const list = (hits, now, narrowed) => {
      const byFile = new Map(), most = hits.length > many ? few : many;
      for (const hit of hits) {
        if (!byFile.has(hit.file)) byFile.set(hit.file, []);
        byFile.get(hit.file).push(hit);
      }
      for (const file of files.querySelectorAll(":scope > li:not(.folder)")) {
        const href = file.querySelector("a").getAttribute("href"), mine = byFile.get(href) ?? [];
        file.querySelector("ul")?.remove();
        file.hidden = narrowed && !mine.length;
        if (file.hidden || !narrowed) continue;
        const lines = mine.slice(0, most).map(line), left = mine.length - lines.length;
        if (left) lines.push(made("li", {}, made("a", { href: `${href}#${address(now)}`, textContent: `${left} more in this file` })));
        file.append(made("ul", { className: "hits" }, ...lines));
      }
      for (const folder of files.querySelectorAll(":scope > .folder")) {
        folder.hidden = true;
        for (let file = folder.nextElementSibling; file && !file.matches(".folder"); file = file.nextElementSibling) folder.hidden &&= file.hidden;
      }
    };
    const show = () => {
      const now = chosen(), narrowed = now.only !== "all" || now.section !== "" || now.find !== "";
      const hits = items.filter(fits(now));
      if (files) list(hits, now, narrowed);
      else {
        const kept = new Set(hits);
        for (const item of items) item.element.hidden = !kept.has(item);
        for (const home of homes) home.hidden = !hits.some((item) => home.contains(item.element));
      }
      count.textContent = `${hits.length} of ${items.length} ${noun} shown`;
      all.hidden = !narrowed;
      bar.parentElement.classList.toggle("narrowed", narrowed);
      return now;
    };

    const set = ({ only = "all", section: heading = "", find = "" }) => {
      for (const radio of radios) radio.checked = radio.id === `only-${only}`;
      if (radios.length && !radios.some((radio) => radio.checked)) radios[0].checked = true;
      if (section) section.value = [...section.options].some((option) => option.value === heading) ? heading : "";
      field.value = find;
    };
    const changed = () => {
      const told = address(show());
      history.replaceState(null, "", told ? `#${told}` : location.pathname.split("/").pop() + location.search);
    };
    // The fragment of the address is a choice (with `=`) or a place on the page; a place is shown even if the filter would hide it.
    const asked = () => {
      const told = location.hash.slice(1), place = told ? document.getElementById(told) : null;
      if (told.includes("=")) set(Object.fromEntries(new URLSearchParams(told)));
      else if (!told || place?.closest("[hidden]")) set({});
      show();
      place?.scrollIntoView();
    };
    bar.addEventListener("input", changed);
    all.addEventListener("click", () => { set({}); changed(); (radios[0] ?? field).focus(); });
    addEventListener("hashchange", asked);
    asked();
  };
  if (files) sopData("sopSearch").then(start); else start();
})();
