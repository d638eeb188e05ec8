// The life of an order: its events, one after the other, on a fresh order.

import { decide } from "./rules.mjs";

/** How requests are decided; a planted fault may decide otherwise. */
export const rules = { decide };
const READING = "as-practised";
const NOT_RELEASED = ["CREATED", "UNFULFILLABLE", "FULFILLABLE"];

/** An event that the order does not take, with the contract's words for what is in its way. */
export class NotPossible extends Error {
  constructor(reason, obstacles) {
    super(reason);
    this.obstacles = obstacles;
  }
}

/** Refuse unless `possible`; `ways` are [words, applies] of what may be in the way. */
function need(possible, reason, ways = []) {
  if (!possible) throw new NotPossible(reason, ways.filter(([, applies]) => applies).map(([words]) => words));
}

const isCancelled = (order) => order.stage === "CANCELLED";
const raised = (order, name) => order.duties.find((duty) => duty.task === name);

function raise(order, tasks, at) {
  for (const { task, by } of tasks) {
    if (!raised(order, task)) order.duties.push({ task, because: by, done: false, since: at, done_at: null });
  }
}

function discharge(order, name, at) {
  const duty = raised(order, name);
  if (!duty || duty.done) return false;
  Object.assign(duty, { done: true, done_at: at });
  order.history.push({ name: `${name} done`, at });
  return true;
}

const dutiesOf = (decision, when) => (decision.tasks ?? []).filter((task) => task.modality === "must" && task.when === when);

function end(order) {
  Object.assign(order, { stage: "CANCELLED", units: 0, on_hold: false, pending_partial: 0 });
}

/** One function for each event: it changes the order, writes its history, and may return a decision. A planted fault may replace one. */
export const EVENTS = {
  allocated(order, { at }) {
    need(["CREATED", "UNFULFILLABLE"].includes(order.stage), "there is nothing to reserve", [
      ["its stock is reserved already", !isCancelled(order)],
      ["it is cancelled", isCancelled(order)],
    ]);
    order.stage = "FULFILLABLE";
    order.history.push({ name: "allocated", at });
  },

  "found without stock"(order, { at }) {
    need(order.stage === "CREATED", "only a new order is found without stock", [
      ["its stock is reserved already", !["UNFULFILLABLE", "CANCELLED"].includes(order.stage)],
      ["it is cancelled", isCancelled(order)],
    ]);
    order.stage = "UNFULFILLABLE";
    order.history.push({ name: "unfulfillable", at });
  },

  posted(order, { at }) {
    const isPosted = order.e_invoice !== "not posted";
    need(order.stage === "FULFILLABLE" && order.invoicing === "ERP" && !isPosted, "it cannot be posted", [
      ["it is cancelled", isCancelled(order)],
      ["it is e-invoiced by RMS", order.invoicing === "RMS" && !isCancelled(order)],
      ["it is posted already", isPosted && order.invoicing === "ERP" && !isCancelled(order)],
    ]);
    Object.assign(order, { e_invoice: "posted", posted: true });
    order.history.push({ name: "posted", at });
  },

  "e-invoiced"(order, { at, invoice_number: number = null }) {
    const isOpen = ["FULFILLABLE", "CANCELLED"].includes(order.stage);
    need(isOpen && order.e_invoice === "posted", "the ERP has nothing to invoice", [["it is not posted yet", !order.posted]]);
    Object.assign(order, { e_invoice: "generated", invoice_number: number });
    order.history.push({ name: "e-invoice generated", at });
    if (isCancelled(order)) raise(order, [{ task: "credit-note", by: ["GAP-17"] }], at);
  },

  pushed(order, { at }) {
    need(order.invoicing === "ERP" && order.e_invoice === "generated", "there is no e-invoice to push", [
      ["it is e-invoiced by RMS", order.invoicing === "RMS"],
      ["its e-invoice is not made yet", order.invoicing === "ERP" && order.e_invoice !== "pushed"],
    ]);
    order.e_invoice = "pushed";
    order.history.push({ name: "e-invoice pushed", at });
  },

  released(order, { at }) {
    const isInvoiced = order.invoicing === "RMS" || order.e_invoice === "pushed";
    need(order.stage === "FULFILLABLE" && isInvoiced && !order.on_hold, "it cannot go to the warehouse", [
      ["it is cancelled", isCancelled(order)],
      ["it is released already", !NOT_RELEASED.includes(order.stage) && !isCancelled(order)],
      ["its e-invoice is not pushed yet", NOT_RELEASED.includes(order.stage) && !isInvoiced],
      ["it is on hold", order.on_hold],
    ]);
    order.stage = "PROCESSING";
    order.history.push({ name: "released", at });
  },

  "packing tried"(order, { at }) {
    need(order.stage === "PROCESSING" && !order.packing_error, "it cannot be packed", [
      ["it is cancelled", isCancelled(order)],
      ["it is not released yet", NOT_RELEASED.includes(order.stage)],
      ["its packing has failed", order.stage === "PROCESSING" && order.packing_error],
    ]);
    if (order.pending_partial > 0) {
      order.packing_error = true;
      order.history.push({ name: "packing error", at });
      raise(order, dutiesOf(rules.decide(caseOf(order, "Ajio", "partial"), READING), "when packing fails"), at);
      return;
    }
    order.stage = "PACKED";
    if (order.invoicing === "RMS") order.e_invoice = "generated";
    order.history.push({ name: "packed", at });
  },

  "made ready"(order, { at }) {
    need(order.stage === "PACKED", "there is no packed parcel", [
      ["it is cancelled", isCancelled(order)],
      ["it is not packed yet", order.stage === "PROCESSING" || NOT_RELEASED.includes(order.stage)],
    ]);
    order.stage = "READY_TO_DISPATCH";
    order.history.push({ name: "ready to dispatch", at });
  },

  dispatched(order, { at }) {
    need(order.stage === "READY_TO_DISPATCH", "there is no parcel for the carrier", [
      ["it is cancelled", isCancelled(order)],
      ["it is not made ready yet", !["COMPLETED", "CANCELLED"].includes(order.stage)],
    ]);
    order.stage = "COMPLETED";
    order.history.push({ name: "dispatched", at });
  },

  "put on hold"(order, { at }) {
    need(NOT_RELEASED.includes(order.stage) && !order.on_hold, "it cannot be held", [
      ["it is on hold", order.on_hold],
      ["it is cancelled", isCancelled(order)],
      ["it is released already", !NOT_RELEASED.includes(order.stage) && !isCancelled(order)],
    ]);
    order.on_hold = true;
    order.history.push({ name: "on hold", at });
  },

  "taken off hold"(order, { at }) {
    need(order.on_hold, "it is not on hold");
    order.on_hold = false;
    order.history.push({ name: "off hold", at });
  },

  returned(order, { at }) {
    need(order.stage === "COMPLETED" && order.returns.length < order.units, "no unit is with the customer", [
      ["it is cancelled", isCancelled(order)],
      ["it is not dispatched yet", !["COMPLETED", "CANCELLED"].includes(order.stage)],
    ]);
    order.returns.push({ number: order.returns.length + 1, quality_check: "not recorded", at, checked_at: null });
    order.history.push({ name: "unit returned", at });
  },

  "quality check recorded"(order, { at, quality_check: check, unit: number = null }) {
    const unit = order.returns.find((one) => one.quality_check === "not recorded" && (number === null || one.number === number));
    need(unit, "no returned unit waits for this check");
    Object.assign(unit, { quality_check: check, checked_at: at });
    order.history.push({ name: "quality check recorded", at });
  },

  "cancellation by the customer"(order, { at }) {
    need(NOT_RELEASED.includes(order.stage) && order.e_invoice === "not posted", "the customer is too late", [
      ["it is cancelled", isCancelled(order)],
      ["it is posted already", order.invoicing === "ERP" && order.e_invoice !== "not posted" && !isCancelled(order)],
      ["it is released already", order.invoicing === "RMS" && !NOT_RELEASED.includes(order.stage) && !isCancelled(order)],
    ]);
    end(order);
    order.history.push({ name: "cancelled", at });
  },

  "duty done"(order, { at, task }) {
    need(discharge(order, task, at), `nobody has to do ${task}`, [["there is no such duty", true]]);
  },

  cancellation(order, { at, canceller, scope: asked, units: number = null }) {
    const left = isCancelled(order) ? order.units_ordered : order.units;
    const units = asked === "full" ? (number ?? left) : number;
    need(units !== null && units <= left && (asked === "partial" || units === left), `${left} units are left`, [
      ["more units than are left", units > left],
    ]);
    const takesAll = asked === "partial" && units === order.units;
    const scope = takesAll ? "full" : asked;
    const decision = rules.decide(caseOf(order, canceller, scope), READING);
    if (takesAll) Object.assign(decision, { gaps: [...new Set([...decision.gaps, "GAP-39"])].sort(), outcome_source: "assumed" });
    const { stage, e_invoice } = order;
    order.cancellations.push({ canceller, scope, units, stage, e_invoice, decision, at });
    apply(order, decision, units, canceller, at);
    return decision;
  },
};

function apply(order, decision, units, canceller, at) {
  if (decision.outcome === "fails at packing") {
    order.pending_partial = Math.min(order.pending_partial + units, order.units);
    order.history.push({ name: "part cancelled at Ajio", at });
  } else if (decision.outcome !== "allowed") {
    order.history.push({ name: `cancellation ${decision.outcome}`, at });
  } else if (units < order.units) {
    order.units -= units;
    order.pending_partial = Math.min(order.pending_partial, order.units);
    order.history.push({ name: "part cancelled", at });
  } else {
    end(order);
    order.history.push({ name: "cancelled", at });
    if (order.packing_error) {
      if (canceller === "Ajio") discharge(order, "ask-ajio-to-cancel", at);
      discharge(order, "cancel-in-assure", at);
    } else {
      raise(order, dutiesOf(decision, "now"), at);
    }
  }
}

const caseOf = ({ invoicing, stage, e_invoice }, canceller, scope) => ({ canceller, scope, invoicing, stage, e_invoice });

/** The order after the events of a life, and the result of each, in the form of the contract. */
export function live({ order_id, invoicing, units, created_at = null, events = [] }) {
  const order = {
    order_id, invoicing, stage: "CREATED", e_invoice: "not posted", units_ordered: units, units, units_kept: units, on_hold: false,
    packing_error: false, posted: false, history: [{ name: "created", at: created_at }], cancellations: [], duties: [], returns: [],
    pending_partial: 0, invoice_number: null,
  };
  const results = events.map((event) => {
    try {
      const decision = EVENTS[event.event](order, { ...event, at: event.at ?? null });
      return decision ? { taken: true, decision } : { taken: true };
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error;
      return { taken: false, obstacles: error.obstacles, reason: error.message };
    }
  });
  order.units_kept = order.units - order.returns.length;
  return { order, results };
}
