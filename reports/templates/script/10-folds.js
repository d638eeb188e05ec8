// Opens all folds for printing. Pages work without this file.
(() => {
  "use strict";
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const fold of closed) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
    closed = [];
  });

  // One button for all folds of a long page; its text says what it does next.
  const lead = document.querySelector("main .lead");
  const folds = [...document.querySelectorAll("main details:not(.legend)")];
  const few = 4;
  if (!lead || folds.length < few) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "unfold";
  const folded = () => folds.filter((fold) => !fold.open).length;
  const name = () => { button.textContent = folded() ? `Unfold everything (${folded()} folded)` : "Fold everything"; };
  name();
  button.addEventListener("click", () => {
    const open = folded() > 0;
    for (const fold of folds) fold.open = open;
  });
  for (const fold of folds) fold.addEventListener("toggle", name);
  lead.after(button);
})();
