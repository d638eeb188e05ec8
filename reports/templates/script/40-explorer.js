// Cases by their facts: an answer, or what is certain and what would settle the rest. The address names the case as in the grids.
// The pages of the document and the workbench use it. The attributes of the form have the reading, the pages that the answer links to, and
// whether it is the short form; `shown` gets the stated words after each answer. Returns what reads the case from the address.
(() => {
  "use strict";
  const made = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    if (name) element.className = name;
    return element;
  };

  window.sopExplorer = (form, answer, data, shown = () => {}) => {
    const { facts, unknown, off, says, signs, outcomes, answers, cases } = data;
    let { reading, other, here = "", there, table } = form.dataset;
    const OUTCOME = [0, 2], TASKS = [2, 5], DUTIES = [2, 4], TEXT = [0, 1];
    const chosen = (name) => form.querySelector(`input[name="${name}"]:checked`).value;
    const words = (number) => {
      let rest = number;
      return facts.slice().reverse().map(([, each]) => { const word = each[rest % each.length]; rest = Math.floor(rest / each.length); return word; }).reverse();
    };
    const all = cases[reading].map((answered, number) => words(number));
    const anchor = (stated) => ["case", ...stated].join("-").toLowerCase().replace(/[^a-z]+/g, "-");
    const set = (name, word) => { for (const input of form.querySelectorAll(`input[name="${name}"]`)) input.checked = input.value === word; };
    const possible = (stated) => [...all.keys()].filter((number) => stated.every((word, at) => word === unknown || word === all[number][at]));
    const answerTo = (number, name = reading) => answers[cases[name][number][0]];
    const part = (number, [from, to], name = reading) => JSON.stringify(answerTo(number, name).slice(from, to));
    const distinct = (numbers, range) => [...new Set(numbers.map((number) => part(number, range)))].map((text) => JSON.parse(text));

    // The facts of which two words lead to different answers while all other facts are the same: they decide it, and no others are needed.
    const deciding = (numbers, range) => [...facts.keys()].filter((at) => {
      const first = new Map();
      return numbers.some((number) => {
        const rest = all[number].filter((word, place) => place !== at).join(), text = part(number, range);
        if (!first.has(rest)) first.set(rest, text);
        return first.get(rest) !== text;
      });
    });
    const joined = (texts, last) => texts.length > 1 ? `${texts.slice(0, -1).join(", ")} ${last} ${texts[texts.length - 1]}` : texts.join();
    const named = (places) => joined(places.map((at) => facts[at][2]), "and");

    const list = (title, items, marks = []) => {
      if (!items.length) return;
      const lines = made("ul"), heading = made("h3", title);
      lines.dataset.about = title;
      lines.append(...items);
      for (const mark of marks) heading.append(" ", mark);
      answer.append(heading, lines);
    };
    // The same, folded in the short form, where the answer comes first.
    const reasons = (title, items) => {
      list(title, items);
      if (!("short" in form.dataset) || !items.length) return;
      const fold = made("details"), lines = answer.lastElementChild;
      lines.previousElementSibling.remove();
      fold.append(made("summary", `${title} (${items.length})`), lines);
      answer.append(fold);
    };
    const certain = (word) => {
      const mark = made("span", "", `certainty ${word}`), sign = made("span", signs[word]);
      sign.setAttribute("aria-hidden", "true");
      mark.append(sign, ` ${word}`);
      return mark;
    };
    const outcomeMark = (outcome) => {
      const [symbol, slug] = outcomes[outcome], mark = made("span", "", `outcome ${slug}`), sign = made("span", symbol);
      sign.setAttribute("aria-hidden", "true");
      mark.append(sign, " ", made("span", outcome));
      return mark;
    };
    const todo = ([tasks, due]) => (due && `${due}: `) + tasks.join("; ");

    // The words of each deciding fact with their answer, or what it still depends on.
    const settle = (title, numbers, range, shown) => list(title, deciding(numbers, range).map((at) => {
      const item = made("li", "", "settles"), byAnswer = new Map();
      for (const word of facts[at][1]) {
        const left = numbers.filter((number) => all[number][at] === word);
        if (!left.length) continue;
        const open = deciding(left, range), text = open.length ? `depends on ${named(open)}` : part(left[0], range);
        if (!byAnswer.has(text)) byAnswer.set(text, { its: [], said: open.length ? text : shown(JSON.parse(text)) });
        byAnswer.get(text).its.push(word);
      }
      const lines = made("ul");
      for (const { its, said } of byAnswer.values()) {
        const line = made("li", `${joined(its, "or")}: `);
        line.append(said);
        lines.append(line);
      }
      item.append(made("strong", facts[at][3]), lines);
      return item;
    }));

    // The parts of the answer that differ in the other reading.
    const otherwise = (number) => {
      const theirs = Object.keys(cases).find((name) => name !== reading), parts = [];
      if (part(number, OUTCOME, theirs) !== part(number, OUTCOME)) parts.push(answerTo(number, theirs)[0]);
      if (part(number, TASKS, theirs) !== part(number, TASKS)) parts.push(todo(answerTo(number, theirs).slice(...DUTIES)));
      return parts.join("; ");
    };
    const nearest = (numbers) => {
      if (numbers.some((number) => answerTo(number)[0] === "allowed")) return [];
      const found = numbers.flatMap((number) => cases[reading][number].slice(1).map((near) => [near, [...facts.keys()].filter((at) => all[near][at] !== all[number][at])]));
      const fewest = Math.min(...found.map(([, changed]) => changed.length)), seen = new Set();
      return found.filter(([, changed]) => changed.length === fewest).map(([near, changed]) => {
        const link = made("a", changed.map((at) => `${facts[at][0].replace("_", "-")} ${all[near][at]}`).join(", ")), item = made("li");
        link.href = `${here}#${anchor(all[near])}`;
        item.append(link);
        return item;
      }).filter((item) => !seen.has(item.textContent) && seen.add(item.textContent));
    };
    const said = (id) => {
      const item = made("li"), link = made("a", id);
      const [text, href, taken = "", watch = ""] = says[id];
      if (href) link.href = href;
      item.append(link, ` ${text}${reading === "as-written" ? "" : taken}${watch}`);
      return item;
    };

    // The stated facts; the e-invoice counts as unknown and is not asked where the answer does not depend on it.
    const stated = () => {
      const words = facts.map(([name]) => chosen(name));
      if (!("short" in form.dataset)) return words;
      const last = facts.length - 1, without = [...words.slice(0, last), unknown];
      const matters = [TEXT, DUTIES].some((range) => deciding(possible(without), range).includes(last));
      form.querySelector(`fieldset[data-fact="${facts[last][0]}"]`).hidden = !matters;
      form.querySelector(".not-needed").hidden = matters;
      return matters ? words : without;
    };
    const show = () => {
      ({ reading, other, here = "", there, table } = form.dataset);
      const choice = stated(), numbers = possible(choice), outcome = distinct(numbers, TEXT), tasks = distinct(numbers, DUTIES);
      const headline = made("p", "", "headline");
      if (outcome.length === 1) headline.append(outcomeMark(outcome[0][0]));
      else headline.append(`It depends on ${named(deciding(numbers, TEXT))}`);
      if (outcome.length === 1) for (const [, by] of distinct(numbers, OUTCOME)) headline.append(" ", certain(by));
      if (numbers.every((number) => off.includes(number))) headline.append(" ", made("span", "⊘ cannot occur", "sign"));
      answer.replaceChildren(headline);
      const different = new Set(numbers.map(otherwise));
      if (different.size === 1 && !different.has("")) {
        const line = made("p", "", "other"), link = made("a", `≠ ${other}`);
        link.href = `${there}#${anchor(choice)}`;
        line.append(link, `: ${[...different][0]}`);
        answer.append(line);
      }
      if (outcome.length > 1) settle("What would settle the outcome", numbers, TEXT, ([one]) => outcomeMark(one));
      if (tasks.length === 1) list("What to do", tasks[0][0].map((task) => made("li", task)), [...(tasks[0][1] ? [tasks[0][1]] : []), ...distinct(numbers, [4, 5]).map(([by]) => certain(by))]);
      else settle("What would settle the tasks", numbers, DUTIES, todo);
      const shared = (at) => [...new Set(numbers.flatMap((number) => answerTo(number)[at]))];
      reasons("Why", shared(5).map(said));
      reasons("? Questions beside it", shared(6).map(said));
      list("Nearest case that is allowed", nearest(numbers));
      if (table && numbers.length === 1) {
        const link = made("a", "This case in the decision tables"), line = made("p", "", "in-table");
        link.href = `${table}#${anchor(choice)}`;
        line.append(link);
        answer.append(line);
      }
      shown(choice);
    };
    const products = () => facts.reduce((begun, [, each]) => begun.flatMap((before) => [...each, unknown].map((word) => [...before, word])), [[]]);
    const asked = () => {
      const hash = location.hash.slice(location.hash.lastIndexOf("#") + 1), found = hash.startsWith("case-") && products().find((words) => anchor(words) === hash);
      if (found) found.forEach((word, at) => set(facts[at][0], word));
      show();
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => { history.replaceState(null, "", `${form.dataset.here ?? ""}#${anchor(facts.map(([name]) => chosen(name)))}`); show(); });
    asked();
    form.hidden = false;
    return asked;
  };

  const form = document.querySelector("form.explorer");
  if (!form || !window.sopData) return;
  sopData("sopCases").then((cases) => {
    if (!cases) return;
    const again = window.sopExplorer(form, document.getElementById("case-answer"), cases);
    for (const moment of ["hashchange", "reading"]) addEventListener(moment, again);
  });
})();
