// The control that chooses the reading of a page keeps the place, the case or the filter that the address names.
(() => {
  "use strict";
  for (const link of document.querySelectorAll(".taken a")) {
    for (const moment of ["pointerdown", "focus", "click"]) link.addEventListener(moment, () => { link.hash = location.hash; });
  }
})();
