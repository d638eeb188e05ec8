// Planted faults in simulations: in the event logs of the runs, and in what is answered about the orders in them.

/** The events of a run as rows, from its columns. */
const rowsOf = ({ rows, columns }) =>
  Array.from({ length: rows }, (_, index) => Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells[index]])));

/** Put the rows into the run; each has its columns. */
function store(run, rows) {
  const names = Object.keys(run.columns);
  run.columns = rows.length === 0 ? {} : Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
  run.rows = rows.length;
}

/** A fault in the runs of one experiment: `change` gets the rows of a run, and returns those that are answered instead. */
const inRuns = (experiment, change, applies = () => true) => ({
  simulations: ({ runs }, question) => {
    if (question.experiment !== experiment) return;
    runs.forEach((run, index) => applies(index) && store(run, change(rowsOf(run), index)));
  },
});

/** A fault in one row: the first one that fits. */
const inRow = (experiment, fits, change) =>
  inRuns(experiment, (rows) => {
    const row = rows.find((one) => fits(one, rows));
    if (row) change(row, rows);
    return rows;
  });
const without = (experiment, leaves) => inRuns(experiment, (rows) => rows.filter((row) => !leaves(row)));

const isEvent = (name) => (row) => row.event === name;
const isRequest = isEvent("cancellation");
const hasOutcome = (word) => (row) => isRequest(row) && row.outcome === word;
const ends = (row) => row.event === "cancelled by customer" || (hasOutcome("allowed")(row) && row.scope === "full");
const hasRequest = (row, rows) => rows.some((one) => isRequest(one) && one.order === row.order);
/** The orders from the first one to the last one before an order that is cancelled. */
const untilFirstCancelled = (rows) => {
  const first = Math.min(...rows.filter(ends).map((row) => row.order));
  return rows.filter((row) => row.order < first);
};

/** A fault in what the orders of simulated weeks, whose ids are numbers, are answered to be. */
const ofOrders = (change) => ({
  orders: ({ order }) => {
    if (/^\d+$/.test(order.order_id)) change(order);
  },
});

let saleDays = 0;
const MINUTE = 60_000;

export const SIMULATION_FAULTS = {
  "outcome of a simulated request": inRow("partial_cancels", hasOutcome("refused"), (row) => { row.outcome = "fails on screen"; }),
  "e-invoice of a simulated request": inRow("partial_cancels", hasOutcome("without effect"), (row) => {
    row.e_invoice = row.e_invoice === "posted" ? "pushed" : "posted";
  }),
  "no request after packing": without("partial_cancels", hasOutcome("refused")),
  "no error on screen": without("partial_cancels", hasOutcome("fails on screen")),
  "no second cancellation": without("partial_cancels", hasOutcome("without effect")),
  "packed and then cancelled": inRow("partial_cancels", isEvent("cancelled by customer"), (row) => { row.stage = "PACKED"; }),
  "picked after its cancellation": inRow(
    "partial_cancels",
    (row, rows) => row.event === "pick started" && rows.some((one) => ends(one) && one.order === row.order),
    (row, rows) => { row.time_ms = rows.find((one) => ends(one) && one.order === row.order).time_ms + MINUTE; },
  ),
  "never dispatched": inRuns("partial_cancels", (rows) => {
    const lost = rows.find((row) => row.event === "dispatched" && !hasRequest(row, rows));
    return rows.filter((row) => row !== lost);
  }),
  "a unit too many": inRow("partial_cancels", isEvent("packed"), (row) => { row.units += 1; }),
  "no packing error": without("partial_cancels", isEvent("packing error")),
  "hardly any order": inRuns("partial_cancels", untilFirstCancelled),
  "order left out of the report of its day": {
    cancelledAfterPosting(answer) {
      answer.rows = answer.rows.filter(({ channel_order_id: id }) => id !== "16");
    },
  },
  "other weeks when simulated again": inRuns("sale_days", (rows) => {
    saleDays += 1;
    if (saleDays === 2) rows.at(-1).time_ms += MINUTE;
    return rows;
  }),
  "no event": inRuns("sale_days", () => []),
  "no order": inRuns("erp_against_rms", () => [], (index) => index === 0),
  "one variant only": { simulations: ({ runs }, { experiment }) => { if (experiment === "erp_against_rms") runs.pop(); } },
  "another order in one variant": inRuns(
    "erp_against_rms",
    (rows) => {
      rows.find(isEvent("created")).units += 1;
      return rows;
    },
    (index) => index === 1,
  ),
  "more breaches with more packers": {
    simulations({ runs }, { experiment }) {
      if (experiment !== "sla_squeeze") return;
      const [most, fewest] = [runs.at(0), runs.at(-1)].map(({ rows, columns }) => ({ rows, columns }));
      Object.assign(runs.at(0), fewest);
      Object.assign(runs.at(-1), most);
    },
  },
  "no breach": {
    simulations({ runs: [first, ...others] }, { experiment }) {
      if (experiment === "sla_squeeze") others.forEach((run) => Object.assign(run, { rows: first.rows, columns: first.columns }));
    },
  },
  "no credit note": inRuns("ordinary_week_erp", untilFirstCancelled),
  "credit note left out": inRuns("ordinary_week_erp", (rows) => {
    const { order } = rows.find(isEvent("credit note due"));
    return rows.filter((row) => row.order !== order || !row.event.startsWith("credit note"));
  }),
  "credit note due too early": inRow("ordinary_week_erp", isEvent("credit note due"), (row) => { row.time_ms -= 1; }),
  "credit note not made": inRuns("ordinary_week_erp", (rows) => {
    const last = rows.findLast(isEvent("credit note made"));
    return rows.filter((row) => row !== last);
  }),
  "no late e-invoice": inRuns("ordinary_week_erp", (rows) => {
    for (const row of rows) if (row.event === "e-invoice generated" && row.stage === "CANCELLED") row.stage = "FULFILLABLE";
    return rows;
  }),
  "no cancelled order": inRuns("ordinary_week_rms", untilFirstCancelled),
  "duty under RMS": ofOrders((order) => {
    if (order.invoicing !== "RMS" || order.stage !== "CANCELLED") return;
    order.duties.push({ task: "credit-note", because: ["GAP-15"], done: false });
  }),
  "credit note under RMS": inRow("ordinary_week_rms", isEvent("acknowledged"), (row) => { row.event = "credit note due"; }),
  "posted while the ERP is down": inRow(
    "erp_outage",
    (row, rows) => row.event === "posted" && !hasRequest(row, rows),
    (row, rows) => { row.time_ms = rows.find(isEvent("ERP down")).time_ms + MINUTE; },
  ),
  "no outage": without("erp_outage", (row) => row.event.startsWith("ERP ")),
};
