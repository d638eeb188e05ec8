// Whatever is folded opens when it is printed; everything works without this file.
(() => {
  "use strict";
  const folds = () => document.querySelectorAll("details");
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...folds()].filter((fold) => !fold.open);
    for (const fold of closed) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
    closed = [];
  });

  // A long page gets one button for all of its folds.
  const lead = document.querySelector("main .lead");
  const few = 4;
  if (!lead || document.querySelectorAll("main details").length < few) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "unfold";
  const name = (open) => { button.textContent = open ? "Fold everything" : "Unfold everything"; };
  let open = false;
  name(open);
  button.addEventListener("click", () => {
    open = !open;
    for (const fold of document.querySelectorAll("main details")) fold.open = open;
    name(open);
  });
  lead.after(button);
})();
