// The search page: find words, tags and results in the index file.
(() => {
  "use strict";
  const form = document.querySelector("form.search");
  if (!form) return;
  const field = form.querySelector("input"), found = document.getElementById("found"), list = document.getElementById("results"), filter = document.getElementById("kinds");
  const kinds = form.dataset.kinds.split("|");
  const step = 200;

  const marked = (parent, text, wanted) => {
    let rest = text;
    while (rest) {
      const low = rest.toLowerCase();
      const places = wanted.map((word) => [low.indexOf(word), word.length]).filter(([place]) => place >= 0).sort((a, b) => a[0] - b[0] || b[1] - a[1]);
      if (!places.length || low.length !== rest.length) break;
      const [place, length] = places[0];
      parent.append(rest.slice(0, place));
      const mark = document.createElement("mark");
      mark.textContent = rest.slice(place, place + length);
      parent.append(mark);
      rest = rest.slice(place + length);
    }
    parent.append(rest);
  };

  const around = (entry, wanted) => {
    const low = entry.text.toLowerCase();
    const hit = wanted.find((word) => low.includes(word) && !entry.title.toLowerCase().includes(word));
    if (!hit) return entry.place;
    const place = low.indexOf(hit), from = Math.max(0, place - 60);
    return `${entry.place ? `${entry.place}: ` : ""}${from ? "…" : ""}${entry.text.slice(from, place + 90)}${place + 90 < entry.text.length ? "…" : ""}`;
  };

  const stated = () => { try { field.value = decodeURIComponent(location.hash.slice(1)); } catch { field.value = ""; } };
  const start = () => {
    const index = sopQuery.entries();
    let only = -1;
    form.hidden = false;
    form.addEventListener("submit", (event) => { event.preventDefault(); list.querySelector("a")?.focus(); });
    const button = (text, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = text;
      made.addEventListener("click", act);
      return made;
    };
    const ask = (query) => { field.value = query; changed(); field.focus(); };

    // The kinds that have hits, to choose one.
    const choices = (hits, again) => {
      const present = kinds.map((name, kind) => [name, kind, hits.filter((entry) => entry.kind === kind).length]).filter(([, , number]) => number);
      filter.replaceChildren();
      filter.hidden = present.length < 2;
      for (const [name, kind, number] of [["everything", -1, hits.length], ...present]) {
        const choice = button(`${name} ${number}`, () => { only = kind; again(); });
        choice.setAttribute("aria-pressed", String(kind === only));
        filter.append(choice);
      }
    };
    const show = (query, most) => {
      const known = sopQuery.words(query), corrected = sopQuery.corrected(query, index), asked = corrected ?? query;
      const test = sopQuery.parse(asked), wanted = sopQuery.words(asked);
      const hits = test ? index.filter(test) : [];
      if (!hits.some((entry) => entry.kind === only)) only = -1;
      found.textContent = !test ? "" : corrected ? `Nothing found for “${query}”. Found for “${corrected}”: ${hits.length}` : `${hits.length} found`;
      list.replaceChildren();
      list.dataset.count = hits.length;
      choices(hits, () => show(query, most));
      if (test && !hits.length) {
        const near = sopQuery.nearest(known, index);
        if (near.length) {
          const line = document.createElement("p");
          line.append("The nearest words here: ");
          for (const word of near) line.append(button(word, () => ask(word)), " ");
          list.append(line);
        }
      }
      const groups = kinds.map((name, kind) => {
        const mine = hits.filter((entry) => entry.kind === kind && (only < 0 || kind === only)).map((entry, place) => [sopQuery.score(entry, wanted), place, entry]);
        mine.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
        return { name, kind, mine: mine.map(([, , entry]) => entry), best: mine[0]?.[0] ?? 0 };
      }).filter(({ mine }) => mine.length).sort((a, b) => b.best - a.best || a.kind - b.kind);
      let left = most;
      for (const { name, mine } of groups) {
        if (left <= 0) break;
        const heading = document.createElement("h2");
        heading.textContent = `${name[0].toUpperCase()}${name.slice(1)} (${mine.length})`;
        const items = document.createElement("ul");
        items.className = "results";
        for (const entry of mine.slice(0, left)) {
          const item = document.createElement("li"), link = document.createElement("a"), note = document.createElement("span");
          link.href = entry.href;
          marked(link, entry.title, wanted);
          note.className = "context";
          marked(note, around(entry, wanted), wanted);
          item.append(link);
          if (entry.status) item.append(" ", sopQuery.mark(entry));
          item.append(note);
          items.append(item);
        }
        left -= mine.length;
        list.append(heading, items);
      }
      if (hits.length > most) list.append(button(`Show all ${hits.length}`, () => show(query, hits.length)));
    };
    const changed = () => {
      history.replaceState(null, "", field.value ? `#${encodeURIComponent(field.value)}` : location.pathname.split("/").pop());
      show(field.value.trim(), step);
    };
    field.addEventListener("input", changed);
    const asked = () => { stated(); show(field.value.trim(), step); };
    addEventListener("hashchange", asked);
    addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const links = [field, ...list.querySelectorAll("a")], place = links.indexOf(document.activeElement);
      if (place < 0) return;
      event.preventDefault();
      links[Math.min(links.length - 1, Math.max(0, place + (event.key === "ArrowDown" ? 1 : -1)))].focus();
    });
    asked();
    if (location.hash) field.focus();
  };
  stated();
  sopData("sopSearch").then(start);
})();
