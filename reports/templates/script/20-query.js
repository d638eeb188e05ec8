// Shared by the search page and the filters: the index file, and the parser of queries.
const sopQuery = (() => {
  "use strict";
  // Words that say nothing about what is looked for, unless the query has nothing else.
  const FILLERS = new Set("a about an and are be by can do does for from has have how i if in is it of on or say says shall should the to was we what when where which who whom why will with".split(" "));

  // A word without plural, hyphens and leading zeros: *credit-notes* and *credit note* are the same words.
  const stem = (word) => word.replace(/^0+(?=\d)/, "").replace(/ies$/, "y").replace(/(?<=[^su])s$/, "");
  const stems = (text) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map(stem);
  const blind = (text) => text.toLowerCase().replace(/[-\u2010-\u2015]/g, "");
  const has = (entry, word) => {
    if (entry.all.includes(word)) return true;
    entry.blind ??= blind(entry.all);
    const parts = stems(word);
    entry.said ??= ` ${stems(entry.all).join(" ")} `;
    return parts.length > 0 && (entry.said.includes(` ${parts.join(" ")} `) || (word.length > 3 && entry.blind.includes(parts.join(""))));
  };

  // A query: all terms must match. A query with a tag can also use and, or, not and brackets.
  const parse = (query) => {
    const tokens = query.match(/[()]|[^\s()]+/g) ?? [];
    const logical = query.includes("@");
    let at = 0;
    const take = (word) => logical && tokens[at]?.toLowerCase() === word && ++at > 0;
    const either = () => {
      const tests = [both()];
      while (take("or")) tests.push(both());
      return (entry) => tests.some((test) => test(entry));
    };
    const both = () => {
      const tests = [one()];
      while (at < tokens.length && !(logical && (tokens[at] === ")" || tokens[at].toLowerCase() === "or"))) { take("and"); tests.push(one()); }
      return (entry) => tests.every((test) => test(entry));
    };
    const one = () => {
      if (take("not")) { const inner = one(); return (entry) => !inner(entry); }
      if (take("(")) { const inner = either(); take(")"); return inner; }
      const token = tokens[at++];
      if (token === undefined) return () => true;
      if (token.startsWith("@")) return (entry) => entry.tags.includes(token);
      const status = /^is:(.+)$/i.exec(token);
      if (status) return (entry) => entry.status.replaceAll(" ", "-") === status[1].toLowerCase();
      const word = token.toLowerCase();
      return FILLERS.has(word) ? () => true : (entry) => has(entry, word);
    };
    return tokens.length ? either() : null;
  };

  // How well an entry answers: words in its title count more than words in its text, whole words more than parts.
  const score = (entry, wanted) => {
    const sought = wanted.flatMap(stems), titled = stems(entry.title), own = new Set(titled), whole = entry.stems ??= new Set(stems(entry.all));
    let points = 0;
    for (const word of sought) points += own.has(word) ? 4 : entry.title.toLowerCase().includes(word) ? 2 : whole.has(word) ? 1 : 0;
    const said = ` ${sought.join(" ")} `;
    if (sought.length > 1 && ` ${titled.join(" ")} `.includes(said)) points += 4;
    if (` ${titled.slice(0, sought.length).join(" ")} ` === said) points += 6;
    if (titled.join(" ") === sought.join(" ")) points += 6;
    return points;
  };

  // Whether *a* becomes *b* by at most *most* letters more, less, other or swapped.
  const near = (a, b, most) => {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before = [], row = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      [before, row] = [row, next];
    }
    return row[b.length];
  };
  const vocabulary = (index) => {
    const numbers = new Map();
    for (const entry of index) for (const word of new Set(entry.all.match(/[\p{L}\p{N}]{3,}/gu) ?? [])) numbers.set(word, (numbers.get(word) ?? 0) + 1);
    return [...numbers];
  };
  const closest = (word, known, most) => known.map(([other, number]) => [near(word, other, most), -number, other])
    .filter(([distance]) => distance <= most).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , other]) => other);

  // The query with each word that nothing has replaced by the nearest that differs in one letter; null if nothing is to correct, or can be.
  const corrected = (query, index) => {
    const test = parse(query), missing = new Set(words(query).filter((word) => !FILLERS.has(word) && !index.some((entry) => has(entry, word))));
    if (!test || !missing.size || index.some(test)) return null;
    const known = vocabulary(index);
    let whole = true;
    const better = query.replace(/[^\s()]+/g, (token) => {
      const word = token.toLowerCase();
      if (!missing.has(word)) return token;
      const other = word.length > 3 ? closest(word, known, 1)[0] : undefined;
      whole &&= other !== undefined;
      return other ?? token;
    });
    const again = whole ? parse(better) : null;
    return again && index.some(again) ? better : null;
  };
  const nearest = (asked, index) => {
    const known = vocabulary(index);
    return [...new Set(asked.flatMap((word) => word.length > 2 ? closest(word, known, word.length > 5 ? 3 : 2).slice(0, 3) : []))].slice(0, 5);
  };

  const words = (query) => (query.match(/[^\s()]+/g) ?? []).filter((word) => !/^(?:@|is:)/i.test(word) && !(query.includes("@") && /^(?:and|or|not)$/i.test(word))).map((word) => word.toLowerCase()).filter((word, at, all) => !FILLERS.has(word) || all.every((other) => FILLERS.has(other)));

  // Decode the index: see index_js in reports/site/pages/search.py.
  const entries = () => {
    const { pages, tags, texts, statuses, groups } = window.sopSearch;
    const said = (text) => typeof text === "number" ? texts[text] : text;
    return groups.flatMap(([kind, page, rows]) => rows.map(([title, own = "", anchor = "", status = 0, marks = []]) => {
      const [file, place] = pages[page], text = [own].flat().map(said).join(" "), mine = marks.map((mark) => tags[mark]);
      return {
        kind, title, text, file, place, tags: mine, status: statuses[status][0], symbol: statuses[status][1], href: anchor ? `${file}#${anchor}` : file,
        all: `${title} ${text} ${place} ${mine.join(" ")}`.toLowerCase(),
      };
    }));
  };

  // The status of an entry as the pages show it.
  const mark = ({ status, symbol }) => {
    const shown = document.createElement("span"), sign = document.createElement("span");
    shown.className = `mark ${status.replaceAll(" ", "-")}`;
    sign.setAttribute("aria-hidden", "true");
    sign.textContent = symbol;
    shown.append(sign, ` ${status}`);
    return shown;
  };
  return { parse, words, entries, mark, score, corrected, nearest };
})();
