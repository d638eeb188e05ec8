/** Calls of the workbench that take turns: of each name one at a time, and again after one that failed for a reason that passes. */

const AGAIN_MS = 1000, LONGEST_MS = 16_000;

/** Whether the same call may succeed a moment later: no answer, a process that ended or took too long, or too many calls. */
export const passes = (error) => error.status === 0 || ["gone", "busy", "limit"].includes(error.problem?.kind);

/** Turns of one screen; `isOpen()` is whether there is anything to call for, and `failed(error)` is told what went wrong. */
export class Turns {
  constructor({ isOpen, failed }) {
    Object.assign(this, { isOpen, failed, running: {}, again: {}, failures: {} });
  }

  /** Call `act`; while a call of this name runs, one follows it, however many are asked for. Return a promise of the end of the last. */
  take(name, act) {
    this.again[name] = true;
    this.running[name] ??= this.repeat(name, act);
    return this.running[name];
  }

  async repeat(name, act) {
    await null; // so that the promise of this is there before it ends
    while (this.again[name] && this.isOpen()) {
      this.again[name] = false;
      try { await act(); } catch (error) { if (this.isOpen()) this.failed(error, name); }
    }
    this.running[name] = null;
  }

  /** Return after how many milliseconds a call that failed is to be made again: later each time, until `succeeded`. */
  delay(name) {
    this.failures[name] = (this.failures[name] ?? 0) + 1;
    return Math.min(AGAIN_MS * 2 ** (this.failures[name] - 1), LONGEST_MS);
  }

  /** Return whether the call failed before. */
  succeeded(name) {
    const before = this.failures[name] ?? 0;
    this.failures[name] = 0;
    return before > 0;
  }
}
