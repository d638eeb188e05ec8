// The header: a box that leads to the search, the key for it, and on a narrow screen a folded menu.
(() => {
  "use strict";
  const box = document.querySelector("form.find"), page = document.getElementById("query");
  const field = page ?? document.getElementById("find");
  if (box && !page) {
    box.hidden = false;
    box.addEventListener("submit", (event) => {
      event.preventDefault();
      location.href = `search.html#${encodeURIComponent(field.value.trim())}`;
    });
  }
  addEventListener("keydown", (event) => {
    const typing = /^(?:input|textarea|select)$/i.test(document.activeElement?.tagName ?? "") && document.activeElement.type !== "radio";
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field?.focus();
  });
  const menu = document.querySelector("details.menu");
  if (menu && matchMedia("(max-width: 67.99rem)").matches) menu.open = false;
})();
