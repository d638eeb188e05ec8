// Add the dates of writing and printing to the printed page; the file itself has no date.
(() => {
  "use strict";
  const when = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });
  const told = document.createElement("p");
  told.className = "printed";
  addEventListener("beforeprint", () => {
    told.textContent = `Written ${when.format(new Date(document.lastModified))}, printed ${when.format(new Date())}.`;
    document.querySelector("main").prepend(told);
  });
  addEventListener("afterprint", () => told.remove());
})();
