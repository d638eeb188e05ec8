// One case at a time: five facts and their answer. The address names the case as in the grids.
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
    const { facts, off, says, signs, answers, cases } = window.sopCases;
    const { reading, other, there, sop } = form.dataset;
    const chosen = (name) => form.querySelector(`input[name="${name}"]:checked`).value;
    const words = (number) => {
      let rest = number;
      return facts.slice().reverse().map(([, each]) => { const word = each[rest % each.length]; rest = Math.floor(rest / each.length); return word; }).reverse();
    };
    const anchor = (case_) => ["case", ...words(case_)].join("-").toLowerCase().replace(/[^a-z]+/g, "-");
    const anchors = cases["as-written"].map((told, case_) => anchor(case_));
    const number = () => facts.reduce((sum, [name, each]) => sum * each.length + each.indexOf(chosen(name)), 0);
    const set = (name, word) => { for (const input of form.querySelectorAll(`input[name="${name}"]`)) input.checked = input.value === word; };
    const address = (case_) => `#${anchors[case_]}`;

    const list = (title, items) => {
      if (!items.length) return;
      const all = made("ul");
      all.dataset.about = title;
      all.append(...items);
      answer.append(made("h3", title), all);
    };
    const certain = (word) => {
      const mark = made("span", "", `certainty ${word}`), sign = made("span", signs[word]);
      sign.setAttribute("aria-hidden", "true");
      mark.append(sign, ` ${word}`);
      return mark;
    };
    // The parts of the answer that differ in the other reading.
    const otherwise = (here) => {
      const at = (name) => answers[cases[name][here][0]], parts = [];
      const mine = at(reading), theirs = at(Object.keys(cases).find((name) => name !== reading));
      if (theirs[0] !== mine[0] || theirs[1] !== mine[1]) parts.push(theirs[0]);
      if (String(theirs.slice(2, 5)) !== String(mine.slice(2, 5))) parts.push((theirs[3] && `${theirs[3]}: `) + theirs[2].join("; "));
      return parts.join("; ");
    };
    const show = () => {
      const here = number(), [answered, ...nearest] = cases[reading][here], [outcome, outcomeBy, tasks, due, tasksBy, cites, beside] = answers[answered];
      const headline = made("p", outcome, "headline");
      headline.append(" ", certain(outcomeBy));
      if (off.includes(here)) headline.append(" ", made("span", "⊘ cannot occur", "sign"));
      answer.replaceChildren(headline);
      const different = otherwise(here);
      if (different) {
        const line = made("p", "", "other"), link = made("a", `≠ ${other}`);
        link.href = `${there}${address(here)}`;
        line.append(link, `: ${different}`);
        answer.append(line);
      }
      list("What to do", tasks.map((task) => made("li", task)));
      answer.querySelector("h3").append(due && ` ${due}`, " ", certain(tasksBy));
      const said = (id) => {
        const item = made("li"), link = made("a", id);
        const [text, href, taken = "", watch = ""] = says[id];
        if (href) link.href = href.replace(/^sop\.html/, sop);
        item.append(link, ` ${text}${reading === "as-written" ? "" : taken}${watch}`);
        return item;
      };
      list("Why", cites.map(said));
      list("? Questions beside it", beside.map(said));
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
      const place = anchors.indexOf(location.hash.slice(1));
      if (place >= 0) words(place).forEach((word, at) => set(facts[at][0], word));
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
