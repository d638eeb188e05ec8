// A small order-management system that speaks the contract; Node.js and its standard library only.
//
//   node server.mjs [--port N] [--faults NAME,NAME] [--without-citations] [--recordings FILE]
//
// It prints its address. With faults it answers wrongly on purpose: see faults.mjs. Without citations its answers do not say on which
// clauses and gaps they rest. It simulates nothing: it offers simulations only if a file has recordings of those of another system,
// a JSON list of `{request, answer}`, and answers these requests alone.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { planted } from "./faults.mjs";
import { check, CONTRACT, WrongForm } from "./forms.mjs";
import { live } from "./life.mjs";
import { questions } from "./questions.mjs";
import { cancelledAfterPosting, creditNoteAges, NoAnswer, returnSalesInvoices } from "./reports.mjs";
import { decide, receive, WORDS } from "./rules.mjs";

const LARGEST = 8_000_000;
const PRACTISED = "as-practised";
const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    faults: { type: "string", default: "" },
    "without-citations": { type: "boolean", default: false },
    recordings: { type: "string" },
  },
});
const faults = planted(options.faults);

function* cases(possible = {}) {
  const facts = Object.keys(WORDS);
  const words = facts.map((fact) => WORDS[fact].filter((word) => (possible[fact] ?? WORDS[fact]).includes(word)));
  const combined = words.reduce((heads, tails) => heads.flatMap((head) => tails.map((word) => [...head, word])), [[]]);
  for (const values of combined) yield Object.fromEntries(facts.map((fact, index) => [fact, values[index]]));
}
const decisions = (possible, reading = PRACTISED) => [...cases(possible)].map((facts) => decide(facts, reading));

const simulations = options.recordings === undefined ? null : recorded(options.recordings);
const cites = !options["without-citations"];

/** What answers a request for a simulation of which the file has a recording. */
function recorded(file) {
  const answers = new Map(JSON.parse(readFileSync(file, "utf8")).map(({ request, answer }) => [JSON.stringify(request), answer]));
  return (question) => {
    const answer = answers.get(JSON.stringify(question));
    if (!answer) throw new NoAnswer(`there is no recording of the experiment ${question.experiment} with these settings`);
    return answer;
  };
}

const CITATIONS = new Set(["outcome_source", "tasks_source", "clauses", "gaps", "notes", "because", "by"]);

/** An answer without what says on what it rests. */
function uncited(value) {
  if (Array.isArray(value)) return value.map(uncited);
  if (typeof value !== "object" || value === null) return value;
  const stated = Object.entries(value).filter(([key]) => !CITATIONS.has(key));
  return Object.fromEntries(stated.map(([key, part]) => [key, uncited(part)]));
}

const INFO = {
  contract: "1.0",
  name: "Double",
  version: "0.3",
  offers: [
    ...["decisions", "returns", "orders", "vms-reports", "credit-note-ages", "table", "questions"],
    ...(cites ? ["citations"] : []),
    ...(simulations ? ["simulations"] : []),
  ],
  readings: ["as-written", PRACTISED],
};
const ANSWERS = {
  server: () => INFO,
  decisions: ({ requests }) => ({ answers: requests.map(({ possible, reading }) => ({ decisions: decisions(possible, reading) })) }),
  returns: ({ quality_check: check, reading = PRACTISED }) => receive(check, reading),
  orders: live,
  cancelledAfterPosting,
  rsi: returnSalesInvoices,
  creditNoteAges,
  table: ({ reading = PRACTISED }) => ({ reading, decisions: decisions({}, reading) }),
  questions: () => ({ questions }),
  ...(simulations && { simulations }),
};

class Problem extends Error {
  constructor(status, kind, title, detail, place = null) {
    super(detail);
    this.status = status;
    this.body = { type: `/v1/problems/${kind}`, title, status, detail, place };
  }
}

async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LARGEST) throw new Problem(413, "too-large", "Too large", `send at most ${LARGEST} bytes`);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch {
    throw new Problem(400, "malformed", "Not JSON", "the body is not JSON");
  }
}

/** What the request asks, in the form of the contract. */
async function asked(request, url, operation) {
  if (!operation.requestBody) {
    const parameters = (operation.parameters ?? []).map(({ name, schema }) => [name, schema]);
    const schema = { type: "object", properties: Object.fromEntries(parameters) };
    const values = Object.fromEntries(url.searchParams);
    check(values, schema);
    return values;
  }
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) {
    throw new Problem(415, "not-json", "Wrong type", "send the body as application/json");
  }
  const body = await bodyOf(request);
  check(body, operation.requestBody.content["application/json"].schema);
  return body;
}

async function answered(request) {
  const url = new URL(request.url, "http://127.0.0.1");
  const path = CONTRACT.paths[url.pathname];
  if (!path) throw new Problem(404, "not-found", "Not found", `there is no ${url.pathname}`);
  const operation = path[request.method.toLowerCase()];
  if (!operation) throw new Problem(405, "wrong-method", "Wrong method", `${url.pathname} has no ${request.method}`);
  const answer = ANSWERS[operation.operationId];
  if (!answer) throw new Problem(501, "not-offered", "Not offered", `${INFO.name} does not offer ${operation.operationId}`);
  const question = await asked(request, url, operation);
  const changed = faults.changed(operation.operationId, JSON.parse(JSON.stringify(answer(question))), question);
  return { id: operation.operationId, answer: cites || answer === simulations ? changed : uncited(changed) };
}

function problemOf(error) {
  if (error instanceof Problem) return error;
  if (error instanceof WrongForm) return new Problem(400, "invalid", "Not in the contract", error.message, error.place);
  if (error instanceof NoAnswer) return new Problem(422, "impossible", "Not possible", error.message);
  process.stderr.write(`${error.stack}\n`);
  return new Problem(500, "internal", "Internal error", "the server failed; its log has the reason");
}

const server = createServer(async (request, response) => {
  const send = (status, type, body) => {
    const bytes = Buffer.from(JSON.stringify(body));
    response.writeHead(status, { "content-type": type, "content-length": bytes.length });
    response.end(bytes);
  };
  try {
    const { id, answer } = await answered(request);
    if (!faults.spoil(id, answer, response)) send(200, "application/json", answer);
  } catch (error) {
    const problem = problemOf(error);
    if (!response.headersSent) send(problem.status, "application/problem+json", problem.body);
  }
});
server.listen(Number(options.port), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
