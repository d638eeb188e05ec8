// The reports over orders' lives: days are calendar days in India, whose clocks are five and a half hours before UTC all year.

import { live } from "./life.mjs";

const DAY = 86_400_000;
const IN_INDIA = 5.5 * 3_600_000;
const REMINDER_AFTER = 30;

/** A request of the right form that has no answer. */
export class NoAnswer extends Error {}

const dayNumber = (day) => Date.parse(`${day}T00:00:00Z`) / DAY;
const dayInIndia = (time) => Math.floor((Date.parse(time) + IN_INDIA) / DAY);
const inWords = (number) => new Date(number * DAY).toISOString().slice(0, 10);
const timeOf = (order, name) => order.history.find((entry) => entry.name === name)?.at ?? null;

function known(time, order, event) {
  if (time === null) throw new NoAnswer(`order \`${order.order_id}\` has no time at which ${event}; send it with the event`);
  return time;
}

/** The rows of the VMS report of orders cancelled after posting. */
export function rowsOfCancelled(orders, from, to) {
  if (to < from) throw new NoAnswer(`the range begins on ${from} and ends on ${to}; send the earlier day first`);
  const rows = [];
  for (const order of orders) {
    if (!order.posted || order.stage !== "CANCELLED") continue;
    const at = known(timeOf(order, "cancelled"), order, "it was cancelled");
    if (dayInIndia(at) < dayNumber(from) || dayInIndia(at) > dayNumber(to)) continue;
    const { canceller, stage, units } = order.cancellations.filter(({ decision }) => decision.outcome === "allowed").at(-1);
    const isPushed = order.e_invoice === "pushed";
    rows.push({
      channel_order_id: order.order_id,
      posted_at: timeOf(order, "posted"),
      cancelled_at: at,
      cancelled_by: canceller,
      oms_status_at_cancel: stage,
      quantity: units,
      invoice_number: isPushed ? order.invoice_number : null,
      invoice_pushed_at: timeOf(order, "e-invoice pushed"),
    });
  }
  const byTime = (one, other) => Date.parse(one.cancelled_at) - Date.parse(other.cancelled_at);
  const byId = (one, other) => (one.channel_order_id < other.channel_order_id ? -1 : 1);
  return rows.sort((one, other) => byTime(one, other) || byId(one, other));
}

/** The rows of the RSI report. */
export function rowsOfReturned(orders) {
  return orders.flatMap((order) =>
    order.returns
      .filter((unit) => unit.quality_check !== "not recorded")
      .map((unit) => ({
        forward_order_code: order.order_id,
        item_code: unit.number,
        qc_status: unit.quality_check,
        processed_at: unit.checked_at,
        forward_invoice_number: order.invoice_number,
      })),
  );
}

function ageOf(order, duty, today, furnished) {
  const cause = duty.because.includes("GAP-17") ? "it was invoiced" : order.packing_error ? "its packing failed" : "it was cancelled";
  const since = dayInIndia(known(duty.since, order, cause));
  if (since > today) return [];
  const cancelled = order.stage === "CANCELLED" ? dayInIndia(known(timeOf(order, "cancelled"), order, "it was cancelled")) : since;
  const start = cancelled <= today ? cancelled : since;
  const invoiced = new Date(dayInIndia(known(timeOf(order, "e-invoice generated"), order, "it was invoiced")) * DAY);
  const yearEnd = invoiced.getUTCFullYear() + (invoiced.getUTCMonth() >= 3 ? 1 : 0);
  const deadline = Math.min(dayNumber(`${yearEnd}-11-30`), furnished.get(yearEnd) ?? Infinity);
  const isDone = duty.done && dayInIndia(known(duty.done_at, order, "its credit note was made")) <= today;
  let [urgency, basis] = ["due", "SOP"];
  if (today >= start + REMINDER_AFTER) [urgency, basis] = ["reminder", "our reminder"];
  if (today > deadline) [urgency, basis] = ["overdue", "law, not SOP"];
  if (isDone) [urgency, basis] = ["done", "SOP"];
  const days = today - start;
  return [{ order_id: order.order_id, days, urgency, basis, reminder_on: inWords(start + REMINDER_AFTER), overdue_on: inWords(deadline + 1) }];
}

/** The age of each credit-note duty that the orders had at the end of a day. */
export function agesOf(orders, on, annualReturns) {
  const today = dayNumber(on);
  const filed = annualReturns.map((one) => [one.year_to_march, dayNumber(one.furnished_on)]);
  const furnished = new Map([...new Map(filed)].filter(([, day]) => day <= today));
  const credits = (order) => order.duties.filter(({ task }) => task === "credit-note");
  return orders.flatMap((order) => credits(order).flatMap((duty) => ageOf(order, duty, today, furnished)));
}

const ordersOf = (question) => question.orders.map((life) => live(life).order);

/** The answers to the three calls for a report. */
export const cancelledAfterPosting = (question) => ({ rows: rowsOfCancelled(ordersOf(question), question.from, question.to) });
export const returnSalesInvoices = (question) => ({ rows: rowsOfReturned(ordersOf(question)) });
export const creditNoteAges = (question) => ({ ages: agesOf(ordersOf(question), question.on, question.annual_returns ?? []) });
