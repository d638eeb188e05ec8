// Planted faults in the reports: rows that are missing, added or in another order, and each column.

const cell = (operation, key, change, applies = () => true) => ({
  [operation]: ({ rows, ages }) => (rows ?? ages).filter(applies).forEach((row) => { row[key] = change(row[key], row); }),
});
const cancelled = (key, change, applies) => cell("cancelledAfterPosting", key, change, applies);
const returned = (key, change, applies) => cell("rsi", key, change, applies);
const age = (key, change, applies) => cell("creditNoteAges", key, change, applies);

const rows = (operation, change) => ({ [operation]: (answer, question) => { answer.rows = change(answer.rows, question); } });
const later = (time, hours) => new Date(Date.parse(time) + hours * 3_600_000).toISOString();
const isPushed = (row) => row.invoice_pushed_at !== null;

export const REPORT_FAULTS = {
  "row left out": rows("cancelledAfterPosting", (listed) => listed.filter((row) => row.channel_order_id !== "last")),
  "row too many": {
    cancelledAfterPosting(answer, { orders }) {
      if (answer.rows.length > 0 || orders[0].events.some(({ event }) => event === "posted")) return;
      const { at, canceller } = orders[0].events.at(-1);
      answer.rows = [{ channel_order_id: "A", cancelled_at: at, cancelled_by: canceller, oms_status_at_cancel: "FULFILLABLE", quantity: 1 }];
    },
  },
  "rows in another order": rows("cancelledAfterPosting", (listed) => (listed.length === 3 ? listed.reverse() : listed)),
  "order": cancelled("channel_order_id", () => "first", (row) => row.channel_order_id === "last"),
  "posted": cancelled("posted_at", (time) => later(time, 24), (row) => row.posted_at?.startsWith("2026-04-20")),
  "cancelled": cancelled("cancelled_at", (time) => later(time, 1), (row) => row.cancelled_at.startsWith("2026-05-04T00:00")),
  "by": cancelled("cancelled_by", () => "seller", ({ quantity }) => quantity === 2),
  "stage of a row": cancelled("oms_status_at_cancel", () => "PROCESSING", ({ quantity }) => quantity === 2),
  "units of a row": cancelled("quantity", (units) => units + 1, ({ quantity }) => quantity === 2),
  "invoice": cancelled("invoice_number", () => "INV-1", (row) => row.channel_order_id === "A" && !isPushed(row)),
  "pushed": cancelled("invoice_pushed_at", (time) => later(time, -24), (row) => row.invoice_pushed_at?.startsWith("2026-05-05")),
  "returned order": returned("forward_order_code", () => "A", (row) => row.qc_status === "missing"),
  "unit": returned("item_code", () => 1, (row) => row.item_code === 2),
  "quality check": returned("qc_status", () => "fail", (row) => row.forward_order_code === "B" && row.qc_status === "pass"),
  "unchecked unit listed": {
    rsi(answer, { orders }) {
      if (orders.length !== 1 || answer.rows.length > 0) return;
      answer.rows = [{ forward_order_code: "A", item_code: 1, qc_status: "not recorded" }];
    },
  },
  "days": age("days", (days) => days + 1, ({ days }) => days === 29),
  "days of a late e-invoice": age("days", () => 0, ({ days }) => days === 37),
  "standing": age("urgency", () => "overdue", (row) => row.urgency === "reminder" && row.overdue_on === "2027-12-01"),
  "standing of a credit note that is made": age("urgency", () => "overdue", ({ urgency }) => urgency === "done"),
  "reminder from": age("reminder_on", () => "2026-06-04", ({ days }) => days === 0),
  "overdue from": age("overdue_on", () => "2026-12-01", (row) => row.overdue_on === "2026-10-16"),
  "basis": age("basis", () => "SOP", ({ basis }) => basis === "law, not SOP"),
  "age left out": { creditNoteAges: (answer) => { answer.ages = answer.ages.filter(({ order_id: id }) => id !== "B"); } },
};
