// Planted faults in orders' lives and in the decisions on their requests: in what the system does, or only in what it answers.

import { EVENTS, rules } from "./life.mjs";

/** A fault in what the system does at an event: `change` may alter the order before it, or do something else. */
const doing = (event, change) => ({
  plant() {
    const regular = EVENTS[event];
    EVENTS[event] = (order, details) => change(order, details, regular);
  },
});

/** A fault in how requests are decided. */
const deciding = (applies, change) => ({
  plant() {
    const { decide } = rules;
    rules.decide = (facts, reading) => (applies(facts) ? { ...decide(facts, reading), ...change } : decide(facts, reading));
  },
});

/** A fault in the order after a life, if the life ends in an event of this name and `applies` to it. */
const after = (event, change, applies = () => true) => ({
  orders: ({ order, results }, life) => {
    const [last, result] = [(life.events ?? []).at(-1), results.at(-1)];
    if (last?.event === event && result.taken && applies(order, life)) change(order, result, life);
  },
});

/** A fault in the result of the last event, if it was not taken for this reason. */
const refused = (words, change) => ({
  orders: ({ results }) => {
    const result = results.at(-1);
    if (result?.obstacles?.includes(words)) change(result);
  },
});

/** A fault in the decision on the last request. */
const request = (change, applies) =>
  after(
    "cancellation",
    (order, result) => {
      change(result.decision);
      change(order.cancellations.at(-1).decision);
    },
    (order, life) => applies(order.cancellations.at(-1), order, life),
  );

const isErp = (order) => order.invoicing === "ERP";
const takesAll = ({ decision }) => decision.gaps.includes("GAP-39");
const hasUnits = (ordered, units) => (order) => order.units_ordered === ordered && order.units === units;

export const ORDER_FAULTS = {
  "stage": after("dispatched", (order) => { order.stage = "READY_TO_DISPATCH"; }, isErp),
  "e-invoice": after("packing tried", (order) => { order.e_invoice = "not posted"; }, (order) => !isErp(order) && order.units_ordered === 1),
  "units": after(
    "cancellation",
    (order) => {
      order.units = 3;
      order.units_kept = 3;
    },
    (order, life) => !isErp(order) && hasUnits(3, 2)(order) && life.events.length === 3 && life.events[2].canceller === "Ajio",
  ),
  "units of a refused request": after("cancellation", (order) => { order.units_kept -= 1; }, (order) => order.stage === "PROCESSING" && hasUnits(2, 2)(order)),
  "packing error": after(
    "packing tried",
    (order) => { order.packing_error = false; },
    (order, life) => order.packing_error && life.events[1].event === "cancellation",
  ),
  "packing error without a cause": after("packing tried", (order) => { order.packing_error = true; }, (order) => isErp(order) && order.stage === "PACKED" && hasUnits(3, 3)(order)),
  "duty": after("cancellation", (order) => { order.duties = []; }, (order) => order.history.length === 6 && order.e_invoice === "pushed" && order.stage === "CANCELLED"),
  "duty too many": after("pushed", (order) => { order.duties.push(order.duties[0]); }, (order) => order.duties.length > 0),
  "duty that stays open": after("duty done", (order) => { order.duties.forEach((duty) => { duty.done = false; }); }, hasUnits(2, 0)),
  "duty of a late e-invoice": after("e-invoiced", (order) => { order.duties = []; }, (order) => order.cancellations[0]?.canceller === "seller" && order.stage === "CANCELLED"),
  "because": after("e-invoiced", (order) => { order.duties[0].because = ["SC-ERP-FULL-1.1.2a"]; }, (order) => order.duties.length > 0 && order.cancellations[0].canceller === "Ajio"),
  "hold": doing("released", (order, details, release) => {
    order.on_hold = false;
    release(order, details);
  }),
  "obstacle": refused("it is posted already", (result) => { result.obstacles = ["it is cancelled"]; }),
  "obstacle left out": refused("it is e-invoiced by RMS", (result) => { result.obstacles = []; }),
  "step out of sequence": doing("made ready", (order, { at }) => {
    order.stage = "READY_TO_DISPATCH";
    order.history.push({ name: "ready to dispatch", at });
  }),
  "units left": refused("more units than are left", (result) => { result.obstacles = []; }),
  "no such duty": refused("there is no such duty", (result) => { result.obstacles = ["it is cancelled"]; }),
  "outcome of a request": deciding((facts) => facts.scope === "partial" && facts.e_invoice === "generated", { outcome: "refused" }),
  "request that changes nothing": deciding((facts) => facts.canceller === "seller" && facts.stage === "PACKED", { outcome: "fails on screen" }),
  "clauses of a request": request((decision) => { decision.clauses = []; }, ({ decision }) => decision.clauses.includes("SC-ERP-PART-2")),
  "gaps of a request": request((decision) => { decision.gaps = []; }, (cancelled, order) => takesAll(cancelled) && cancelled.canceller === "Ajio"),
  "source of a request": request((decision) => { decision.outcome_source = "stated"; }, (cancelled) => takesAll(cancelled) && cancelled.units === 1),
};
