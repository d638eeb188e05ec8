// The header: a box that leads to the search, the key for it, and on a narrow screen a folded menu.
(() => {
  "use strict";
  let field = document.getElementById("query");
  if (!field) {
    const form = document.createElement("form"), label = document.createElement("label");
    field = document.createElement("input");
    form.className = "find";
    form.setAttribute("role", "search");
    label.className = "unseen";
    label.htmlFor = "find";
    label.textContent = "Search these pages";
    Object.assign(field, { id: "find", type: "search", placeholder: "Search ( / )", autocomplete: "off", spellcheck: false });
    form.append(label, field);
    document.querySelector(".brand")?.after(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      location.href = `search.html#${encodeURIComponent(field.value.trim())}`;
    });
  }
  addEventListener("keydown", (event) => {
    const typing = /^(?:input|textarea|select)$/i.test(document.activeElement?.tagName ?? "") && document.activeElement.type !== "radio";
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
  });
  const menu = document.querySelector("details.menu");
  if (menu && matchMedia("(max-width: 67.99rem)").matches) menu.open = false;
})();
