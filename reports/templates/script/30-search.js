// The search page: find words, tags and results in the index file.
(() => {
  "use strict";
  addEventListener("keydown", (event) => {
    const typing = /^(?:input|textarea|select)$/i.test(document.activeElement?.tagName ?? "");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const here = document.getElementById("query");
    if (here) here.focus(); else location.href = "search.html?asked";
  });

  const form = document.querySelector("form.search");
  if (!form) return;
  const field = form.querySelector("input"), found = document.getElementById("found"), list = document.getElementById("results");
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

  const start = () => {
    const index = sopQuery.entries();
    form.hidden = false;
    form.addEventListener("submit", (event) => { event.preventDefault(); list.querySelector("a")?.focus(); });
    const show = (query, most) => {
      const test = sopQuery.parse(query), wanted = sopQuery.words(query);
      const hits = test ? index.filter(test) : [];
      found.textContent = test ? `${hits.length} found` : "";
      list.replaceChildren();
      list.dataset.count = hits.length;
      let left = most;
      kinds.forEach((name, kind) => {
        const mine = hits.filter((entry) => entry.kind === kind);
        if (!mine.length || left <= 0) return;
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
      });
      if (hits.length > most) {
        const more = document.createElement("button");
        more.type = "button";
        more.textContent = `Show all ${hits.length}`;
        more.addEventListener("click", () => show(query, hits.length));
        list.append(more);
      }
    };
    const changed = () => {
      history.replaceState(null, "", field.value ? `#${encodeURIComponent(field.value)}` : location.pathname.split("/").pop());
      show(field.value.trim(), step);
    };
    field.addEventListener("input", changed);
    const asked = () => { try { field.value = decodeURIComponent(location.hash.slice(1)); } catch { field.value = ""; } show(field.value.trim(), step); };
    addEventListener("hashchange", asked);
    addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const links = [field, ...list.querySelectorAll("a")], place = links.indexOf(document.activeElement);
      if (place < 0) return;
      event.preventDefault();
      links[Math.min(links.length - 1, Math.max(0, place + (event.key === "ArrowDown" ? 1 : -1)))].focus();
    });
    asked();
    if (location.search) field.focus();
  };
  if (window.sopSearch) start(); else addEventListener("DOMContentLoaded", start);
})();
