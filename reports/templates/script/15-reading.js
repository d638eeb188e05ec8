// The reading of a page in its address: `?reading=as-written`. Without this file the control works, and the address does not keep the choice.
(() => {
  "use strict";
  const radios = [...document.querySelectorAll(".taken input")], form = document.querySelector("form.explorer");
  if (!radios.length) return;
  const named = "reading", first = radios[0].id;
  const chosen = () => radios.find((radio) => radio.checked).id;
  const search = () => (chosen() === first ? "" : `?${named}=${chosen()}`);
  // The form that looks up a case answers in the same reading.
  const follow = () => {
    if (!form) return;
    const name = (radio) => radio.parentElement.textContent.trim(), other = radios.find((radio) => !radio.checked);
    const there = location.pathname.split("/").pop() + (other.id === first ? "" : `?${named}=${other.id}`);
    Object.assign(form.dataset, { reading: chosen(), other: name(other), there });
    dispatchEvent(new Event("reading"));
  };
  const asked = radios.find((radio) => radio.id === new URLSearchParams(location.search).get(named));
  if (asked) asked.checked = true;
  follow();
  for (const radio of radios) radio.addEventListener("change", () => {
    history.replaceState(null, "", location.pathname.split("/").pop() + search() + location.hash);
    follow();
  });
  // A link to the other page in two readings takes the choice along.
  const pages = /\/(?:the-sop|decision-tables)\.html$/;
  for (const moment of ["pointerdown", "click"]) addEventListener(moment, (event) => {
    const link = event.target.closest?.("a[href]:not(.other a)");
    if (link && link.origin === location.origin && pages.test(link.pathname)) link.search = search();
  }, true);
})();
