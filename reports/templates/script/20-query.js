// Shared by the search page and the filters: the index file, and the parser of queries.
const sopQuery = (() => {
  "use strict";
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
      return (entry) => entry.all.includes(word);
    };
    return tokens.length ? either() : null;
  };

  const words = (query) => (query.match(/[^\s()]+/g) ?? []).filter((word) => !/^(?:@|is:)/i.test(word) && !(query.includes("@") && /^(?:and|or|not)$/i.test(word))).map((word) => word.toLowerCase());

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
  return { parse, words, entries, mark };
})();
