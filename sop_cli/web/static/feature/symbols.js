/** The symbol of each status, as everywhere in the document. */

const SYMBOLS = { "passed": "✓", "failed": "✗", "known failure": "!", "not run": "○", "not of this version": "~" };

export const symbolOf = (status) => SYMBOLS[status] ?? "○";
