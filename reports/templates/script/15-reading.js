// Keeps the place, case or filter in the address when a reader switches the reading of a page.
(() => {
  "use strict";
  for (const link of document.querySelectorAll(".taken a")) {
    for (const moment of ["pointerdown", "focus", "click"]) link.addEventListener(moment, () => { link.hash = location.hash; });
  }
})();
