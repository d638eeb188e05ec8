// Adapter between an order-management system and the contract of sop-spec. Fill in the functions of the first part; Node.js 20 or newer.
//
//   node oms.mjs [PORT]
//
// The second part, below the line, answers HTTP. You need not change it.

import { createServer } from "node:http";

const [NAME, VERSION] = ["Our OMS", "1"];
/**
 * What you have filled in: decisions, returns, orders, vms-reports, credit-note-ages, table, questions.
 * Leave out citations if your system does not know the ids of clauses and gaps; these and the sources of an answer are then not read.
 */
const OFFERS = ["decisions", "citations"];
/** Add as-written if your system also answers by the clauses of the SOP alone. */
const READINGS = ["as-practised"];

/** What becomes of a request to cancel. Ask your system here. `facts` has canceller, scope, invoicing, stage and e_invoice. */
function decide(facts, reading) {
  return answer({ outcome: "unspecified", tasks: null });
}

/** What is done with a returned unit: `answer` with its further keys by_hand, stock and offline_claim. */
function receive(qualityCheck, reading) {
  throw new NotOffered();
}

/** A fresh order; its keys are those of `OrderState` in the contract. */
function newOrder({ order_id, invoicing, units, created_at = null }) {
  return {
    order_id,
    invoicing,
    stage: "CREATED",
    e_invoice: "not posted",
    units_ordered: units,
    units,
    units_kept: units,
    on_hold: false,
    packing_error: false,
    posted: false,
    history: [{ name: "created", at: created_at }],
    cancellations: [],
    duties: [],
    returns: [],
    pending_partial: 0,
    invoice_number: null,
  };
}

/**
 * Let one event happen to the order, and note it in its history. Return the decision if it is a request to cancel.
 * NotTaken says that the order does not take the event, with the words of the contract for what is in the way.
 */
function take(order, event) {
  if (event.event !== "allocated") throw new NotTaken(`\`${event.event}\` is not filled in yet`);
  if (!["CREATED", "UNFULFILLABLE"].includes(order.stage)) {
    throw new NotTaken("there is nothing to reserve", "its stock is reserved already");
  }
  order.stage = "FULFILLABLE";
  order.history.push({ name: "allocated", at: event.at ?? null });
}

/** The rows of the VMS report; each order is as after its events. */
function cancelledAfterPosting(orders, firstDay, lastDay) {
  throw new NotOffered();
}

/** The rows of the RSI report. */
function returnSalesInvoices(orders) {
  throw new NotOffered();
}

/** The age on that day of each credit-note duty. */
function creditNoteAges(orders, day, annualReturns) {
  throw new NotOffered();
}

/** What the SOP leaves open, as your system sees it. */
function questions() {
  throw new NotOffered();
}

// You need not change what is below this line.

/** An event that the order does not take: why, in your words, and the obstacles, in words of the contract. */
class NotTaken extends Error {
  constructor(reason, ...obstacles) {
    super(reason);
    this.obstacles = obstacles;
  }
}

/** An operation that is not filled in. */
class NotOffered extends Error {}

/** A request that cannot be answered. */
class Refused extends Error {
  constructor(status, kind, detail) {
    super(detail);
    Object.assign(this, { status, kind });
  }
}

/** The answer to a case (or, without an outcome, to a returned unit). `tasks`: empty if there is nothing to do, null if open. */
function answer({ outcome, tasks = [], clauses = [], gaps = [], notes = [], ...more }) {
  const byOutcome = outcome && { outcome, outcome_source: outcome === "unspecified" ? "silent" : "stated" };
  const tasks_source = tasks === null ? "silent" : tasks.length > 0 ? "stated" : "follows";
  return { ...byOutcome, tasks, tasks_source, clauses, gaps, notes, ...more };
}

/** A task: must, may or need-not; its key, as `credit-note`; where and by whom it is done; more: when, instead_of, by. */
function task(modality, name, system, { actor = "seller", ...more } = {}) {
  return { modality, task: name, system, actor, ...more };
}

const WORDS = {
  canceller: ["seller", "Ajio"],
  scope: ["full", "partial"],
  invoicing: ["ERP", "RMS"],
  stage: ["CREATED", "UNFULFILLABLE", "FULFILLABLE", "PROCESSING", "PACKED", "READY_TO_DISPATCH", "COMPLETED", "CANCELLED"],
  e_invoice: ["not posted", "posted", "generated", "pushed"],
};
const PRACTISED = "as-practised";

/** The decision on each case that agrees with the facts; a fact left out may have any word. */
function decisions(possible, reading = PRACTISED) {
  let cases = [{}];
  for (const [fact, all] of Object.entries(WORDS)) {
    const words = all.filter((word) => (possible[fact] ?? all).includes(word));
    cases = cases.flatMap((facts) => words.map((word) => ({ ...facts, [fact]: word })));
  }
  return cases.map((facts) => ({ case: facts, reading, ...decide(facts, reading) }));
}

/** What became of an event. */
function resultOf(order, event) {
  try {
    return { taken: true, decision: take(order, event) ?? null };
  } catch (why) {
    if (!(why instanceof NotTaken)) throw why;
    return { taken: false, obstacles: why.obstacles, reason: why.message };
  }
}

/** An order after its events, with the result of each. */
function live(life) {
  const order = newOrder(life);
  const results = (life.events ?? []).map((event) => resultOf(order, event));
  return { order, results };
}

const ordersOf = ({ orders }) => orders.map((life) => live(life).order);

function returned({ quality_check, reading = PRACTISED }) {
  return { quality_check, reading, ...receive(quality_check, reading) };
}

const GET = {
  "/v1": [null, () => ({ contract: "1.0", name: NAME, version: VERSION, offers: OFFERS, readings: READINGS })],
  "/v1/table": ["table", ({ reading = PRACTISED }) => ({ reading, decisions: decisions({}, reading) })],
  "/v1/questions": ["questions", () => ({ questions: questions() })],
};
const POST = {
  "/v1/decisions": ["decisions", ({ requests }) => ({ answers: requests.map((one) => ({ decisions: decisions(one.possible, one.reading) })) })],
  "/v1/returns": ["returns", returned],
  "/v1/orders": ["orders", live],
  "/v1/reports/cancelled-after-posting": ["vms-reports", (body) => ({ rows: cancelledAfterPosting(ordersOf(body), body.from, body.to) })],
  "/v1/reports/rsi": ["vms-reports", (body) => ({ rows: returnSalesInvoices(ordersOf(body)) })],
  "/v1/reports/credit-note-ages": ["credit-note-ages", (body) => ({ ages: creditNoteAges(ordersOf(body), body.on, body.annual_returns ?? []) })],
};

/** Refuse a call without the token, if the environment variable OMS_TOKEN has one. */
function allow(request) {
  const token = process.env.OMS_TOKEN;
  if (token && request.headers.authorization !== `Bearer ${token}`) throw new Refused(401, "unauthorized", "the token is missing or wrong");
}

/** The answer of the operation at the path. */
async function answered(request) {
  allow(request);
  const url = new URL(request.url, "http://127.0.0.1");
  const [offer, operation] = { GET, POST }[request.method]?.[url.pathname] ?? [];
  if (!operation) throw new Refused(404, "not-found", `there is no ${request.method} ${url.pathname}`);
  if (offer !== null && !OFFERS.includes(offer)) throw new NotOffered();
  if (request.method === "GET") return operation(Object.fromEntries(url.searchParams));
  const parts = [];
  for await (const part of request) parts.push(part);
  let body;
  try {
    body = JSON.parse(Buffer.concat(parts).toString());
  } catch (why) {
    throw new Refused(400, "malformed", `the body cannot be read: ${why.message}`);
  }
  return operation(body);
}

function problemOf(why, request) {
  if (why instanceof NotOffered) return new Refused(501, "not-offered", `${NAME} does not offer ${request.url}`);
  if (why instanceof Refused) return why;
  console.error(why);
  return new Refused(500, "internal", `${why.name}: ${why.message}`);
}

const server = createServer(async (request, response) => {
  const send = (status, type, body) => {
    const raw = Buffer.from(JSON.stringify(body));
    const wanted = status === 401 ? { "www-authenticate": "Bearer" } : {};
    response.writeHead(status, { "content-type": type, "content-length": raw.length, ...wanted }).end(raw);
  };
  try {
    send(200, "application/json", await answered(request));
  } catch (error) {
    const { status, kind, message } = problemOf(error, request);
    send(status, "application/problem+json", { type: `/v1/problems/${kind}`, title: kind, status, detail: message });
  }
});
server.listen(Number(process.argv[2] ?? 8000), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
