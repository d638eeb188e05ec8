/** Whether the user has gone on while something was loading: then the focus is left where it is. */

/** Return a function that says, once, whether nothing was pressed since and the focus is where it was, or nowhere. */
export function watchUser() {
  const before = placeOf(document.activeElement), end = new AbortController();
  let hasActed = false;
  for (const name of ["keydown", "pointerdown"]) addEventListener(name, (event) => { hasActed ||= !event.repeat; }, { capture: true, signal: end.signal });
  return () => {
    end.abort();
    const now = document.activeElement;
    return !hasActed && (now === document.body || placeOf(now) === before);
  };
}

/** Return what stays the same if a list is drawn again: the address of a link. */
const placeOf = (element) => element?.getAttribute("href") ?? element;
