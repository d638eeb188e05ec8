/** Files that the page sends for an audit: in pieces, each a request of its own, so that one can be cancelled and its progress is known. */

import * as api from "./api.js";

const PIECE = 2 ** 21;
const sent = new Set();

/** Send `file`; `onProgress` gets the bytes that have arrived. Return its id; the server removes what was sent if it is cancelled. */
export async function send(file, onProgress, signal) {
  const { id } = await api.post("/api/uploads", { name: file.name, size: file.size }, signal);
  sent.add(id);
  try {
    for (let at = 0; at < file.size; at += PIECE) {
      const piece = file.slice(at, at + PIECE);
      await piece.slice(0, 1).arrayBuffer().catch(() => { throw new api.Problem(400, { title: "Not read", detail: "the file cannot be read any more; choose it again" }); });
      const { received } = await api.put(`/api/upload/${id}?offset=${at}`, piece, { signal });
      onProgress(received);
    }
  } catch (error) {
    discard([id]);
    throw error;
  }
  return id;
}

/** Remove files that were sent from the server. */
export async function discard(ids) {
  ids.forEach((id) => sent.delete(id));
  try { await api.post("/api/uploads/discard", { files: ids }); } catch { /* they are removed when the workbench ends */ }
}

addEventListener("pagehide", (event) => { if (!event.persisted && sent.size) api.postAtEnd("/api/uploads/discard", { files: [...sent] }).catch(() => {}); });
