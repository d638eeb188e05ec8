// One case at a time: five facts chosen, and what is said of them. The address names the case as the grids do.
(() => {
  "use strict";
  const form = document.querySelector("form.explorer");
  if (!form) return;
  const answer = document.getElementById("case-answer");
  const made = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    if (name) element.className = name;
    return element;
  };

  const start = () => {
    const { facts, off, says, answers, cases } = window.sopCases;
    const signs = { stated: "●", assumed: "◐", silent: "○" };
    const chosen = (name) => form.querySelector(`input[name="${name}"]:checked`).value;
    const words = (number) => {
      let rest = number;
      return facts.slice().reverse().map(([, each]) => { const word = each[rest % each.length]; rest = Math.floor(rest / each.length); return word; }).reverse();
    };
    const anchor = (case_) => ["case", ...words(case_)].join("-").toLowerCase().replace(/[^a-z]+/g, "-");
    const anchors = cases["as-written"].map((told, case_) => anchor(case_));
    const number = () => facts.reduce((sum, [name, each]) => sum * each.length + each.indexOf(chosen(name)), 0);
    const set = (name, word) => { for (const input of form.querySelectorAll(`input[name="${name}"]`)) input.checked = input.value === word; };
    const address = (case_) => `#${anchors[case_]}${chosen("reading") === "as-written" ? "/as-written" : ""}`;

    const list = (title, items) => {
      if (!items.length) return;
      const all = made("ul");
      all.dataset.about = title;
      all.append(...items);
      answer.append(made("h3", title), all);
    };
    const show = () => {
      const here = number(), [answered, ...nearest] = cases[chosen("reading")][here], [outcome, tasks, source, cites, beside, follows] = answers[answered];
      const headline = made("p", outcome, "headline");
      headline.append(made("span", `${signs[source]} ${source}`, `swatch ${source}`));
      if (off.includes(here)) headline.append(made("span", "⊘ off life", "swatch off"));
      answer.replaceChildren(headline);
      list("What to do", (tasks === null ? ["what to do is left open"] : tasks.length ? tasks : [follows ? "nothing to do; it follows, no sentence says so" : "nothing to do"]).map((task) => made("li", task)));
      const said = (id) => {
        const item = made("li"), link = made("a", id);
        const [text, href] = says[id];
        if (href) link.href = href;
        item.append(link, ` ${text}`);
        return item;
      };
      list("Why", cites.map(said));
      list("Settled, but a question stands beside it", beside.map(said));
      const now = words(here);
      list("Nearest case that is allowed", nearest.map((near) => {
        const item = made("li"), changes = words(near).map((word, at) => [facts[at][0].replace("_", "-"), word, now[at]]).filter(([, there, is]) => there !== is);
        const link = made("a", changes.map(([name, there]) => `${name} ${there}`).join(", "));
        link.href = address(near);
        item.append(link);
        return item;
      }));
    };
    const asked = () => {
      const [asks, reading] = location.hash.slice(1).split("/");
      const place = anchors.indexOf(asks);
      if (place >= 0) {
        words(place).forEach((word, at) => set(facts[at][0], word));
        set("reading", reading === "as-written" ? reading : "as-practised");
      }
      show();
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => { history.replaceState(null, "", address(number())); show(); });
    addEventListener("hashchange", asked);
    asked();
    form.hidden = false;
  };
  if (window.sopCases) start(); else addEventListener("DOMContentLoaded", () => { if (window.sopCases) start(); });
})();
