/** Elements from plain data; text is always text, never markup. */

/**
 * Return the element `tag` ("p", "p.quiet" or "p#id.class") with properties and children.
 * A property that starts with "on" is a listener, "data"/"aria"/"role"/… become attributes; false and null are left out.
 */
export function h(tag, properties = {}, ...children) {
  const [name, ...parts] = tag.split(/(?=[.#])/);
  const element = document.createElement(name);
  for (const part of parts) part[0] === "#" ? (element.id = part.slice(1)) : element.classList.add(part.slice(1));
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class") element.classList.add(...String(value).split(/\s+/).filter(Boolean));
    else if (key in element && !key.startsWith("aria") && key !== "list" && key !== "form") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...nodes(children));
  return element;
}

/** Return children as nodes; arrays are flattened, null and false are left out. */
function nodes(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== true)
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
}

/** Replace what `element` contains. */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
  return element;
}

/** Return a text whose ids of clauses and gaps are never divided at the end of a line. */
export const withWholeIds = (text) => text.split(/\b([A-Z]{2,}(?:-[A-Z]+)*-\d[\w.]*\w|[A-Z]{2,}(?:-[A-Z]+)*-\d)/).map((part, at) => (at % 2 ? h("span.whole", {}, part) : part));

/** Return "1 file", "2 files". */
export function counted(number, noun, plural = `${noun}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : plural}`;
}
