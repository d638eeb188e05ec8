/** Results of examples in the gutter: each at its row or scenario, and stale as soon as something changes on which it depends. */

import { GutterMarker, RangeSet, StateEffect, StateField, gutter } from "../vendor/codemirror.js";
import { symbolOf } from "./symbols.js";

export { symbolOf };

/** Return what a result says, with "before your change" if it is stale. */
export function inWords({ status, isStale, isRunning }) {
  if (isRunning) return "runs now";
  return isStale ? `${status} before your change` : status;
}

/** Sets the examples: [{at, from, to, key, status, isStale, isRunning, title}], with places in the document. */
export const setExamples = StateEffect.define();

/**
 * The examples with their places. A change inside the scenario of an example, or above all scenarios or outside of them, makes its result
 * stale at once, until a check says that nothing changed on which it depends.
 */
export const examplesField = StateField.define({
  create: () => [],
  update(examples, transaction) {
    for (const effect of transaction.effects) if (effect.is(setExamples)) return effect.value;
    if (!transaction.docChanged) return examples;
    const ranges = [];
    transaction.changes.iterChangedRanges((from, to) => ranges.push([from, to]));
    const within = ({ from, to }, [start, end]) => start <= to && end >= from;
    const general = ranges.some((range) => !examples.some((example) => within(example, range)));
    return examples.map((example) => ({
      ...example,
      at: transaction.changes.mapPos(example.at, 1),
      from: transaction.changes.mapPos(example.from, 1),
      to: transaction.changes.mapPos(example.to, -1),
      isStale: example.isStale || general || ranges.some((range) => within(example, range)),
    }));
  },
});

class ResultMarker extends GutterMarker {
  constructor(example) { super(); this.example = example; }
  eq(other) { return inWords(this.example) === inWords(other.example) && this.example.title === other.example.title; }
  toDOM() {
    const { status, isStale, isRunning, title } = this.example;
    const mark = document.createElement("span");
    mark.className = `mark ${status.replaceAll(" ", "-")}${isStale ? " is-stale" : ""}${isRunning ? " is-running" : ""}`;
    mark.textContent = isRunning ? "…" : symbolOf(status);
    mark.title = [inWords(this.example), title].filter(Boolean).join(": ");
    return mark;
  }
}

/** Return the gutter of results; `open(example)` is called for a click on one. */
export function resultsGutter(open) {
  return [
    examplesField,
    gutter({
      class: "cm-results",
      markers: (view) => RangeSet.of(view.state.field(examplesField)
        .filter(({ at }) => at <= view.state.doc.length)
        .map((example) => new ResultMarker(example).range(view.state.doc.lineAt(example.at).from))
        .sort((one, other) => one.from - other.from)
        .filter((range, at, all) => at === 0 || all[at - 1].from !== range.from)),
      initialSpacer: () => new ResultMarker({ status: "spacer" }),
      lineMarkerChange: (update) => update.startState.field(examplesField) !== update.state.field(examplesField),
      domEventHandlers: {
        click(view, block) {
          const example = view.state.field(examplesField).find(({ at }) => at >= block.from && at <= block.to);
          if (example) open(example);
          return Boolean(example);
        },
      },
    }),
  ];
}
