/** Requests to the server of the workbench. The token of this start comes in the link, and is sent with each request. */

const KEY = "sop-workbench-token";
/** What a request without an answer says. */
export const NO_ANSWER = "the workbench does not answer; start `sop workbench` again. What you typed is kept in this browser.";
const ENDED = "the workbench ended before it answered; try again";

/** An answer of the server that is an error: `status`, `title`, `message`, and `problem` with all that it says. */
export class Problem extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.message ?? "the server did not say why");
    this.status = status;
    this.title = problem.title ?? "Not possible";
    this.problem = problem;
  }
}

/** Take the token out of the address, so that it is neither bookmarked nor shown; keep it for this tab. */
export function takeToken() {
  const match = location.hash.match(/^#token=([\w-]+)/);
  if (match) {
    sessionStorage.setItem(KEY, match[1]);
    history.replaceState(null, "", location.pathname + (sessionStorage.getItem("sop-workbench-route") ?? ""));
  }
  return sessionStorage.getItem(KEY) !== null;
}

/** An id of this tab, so that it knows its own saves. */
export const tab = crypto.randomUUID();

async function ask(method, path, body, signal, keepalive = false) {
  const headers = { "X-Sop-Token": sessionStorage.getItem(KEY) ?? "" }, isPiece = body instanceof Blob;
  if (body !== undefined) headers["Content-Type"] = isPiece ? "application/octet-stream" : "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined || isPiece ? body : JSON.stringify(body), signal, keepalive, cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { title: "No answer", detail: NO_ANSWER });
  }
  if (!response.ok) {
    throw new Problem(response.status, await response.json().catch(() => ({ detail: response.statusText })));
  }
  return response;
}

export const get = async (path, signal) => (await ask("GET", path, undefined, signal)).json();
export const post = async (path, body, signal) => (await ask("POST", path, body, signal)).json();
/** Send a request although the page is being closed. */
export const postAtEnd = (path, body) => ask("POST", path, body, undefined, true);
export const put = async (path, body, { signal, keepalive } = {}) => (await ask("PUT", path, body, signal, keepalive)).json();

/**
 * Call a method of a worker and return its result. `onProgress` gets each progress message; `signal` cancels the call, and
 * what it does on the server with it.
 */
export async function call(method, params = {}, { onProgress, signal } = {}) {
  const response = await ask("POST", "/api/call", { method, params }, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read().catch((error) => { throw error.name === "AbortError" ? error : new Problem(0, { title: "No answer", detail: ENDED }); });
    const lines = (rest + (value ?? "")).split("\n");
    rest = done ? "" : lines.pop();
    for (const line of lines.filter(Boolean)) {
      const message = JSON.parse(line);
      if ("result" in message) return message.result;
      if (message.error) throw new Problem(message.error.kind === "input" ? 400 : 500, message.error);
      onProgress?.(message.progress);
    }
    if (done) throw new Problem(0, { title: "No answer", detail: ENDED });
  }
}
