// Planted faults in the form of answers: what no client may take for an answer of the contract.

const JSON_TYPE = "application/json";

const sent = (response, status, type, text, headers = {}) => {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text), ...headers });
  response.end(text);
  return true;
};

/** A fault in the answers of one operation: `change` returns what is sent instead. */
const changed = (operation, change) => (id, answer, response) => {
  if (id !== operation) return false;
  return sent(response, 200, JSON_TYPE, JSON.stringify(change(structuredClone(answer)) ?? answer));
};
const inDecision = (change) =>
  changed("decisions", (answer) => {
    change(answer.answers[0].decisions[0], answer);
    return answer;
  });
const inOrder = (change) =>
  changed("orders", (answer) => {
    change(answer.order, answer);
    return answer;
  });
const inInfo = (change) =>
  changed("server", (info) => {
    change(info);
    return info;
  });
/** A fault in how all answers are sent, except what the server is. */
const sending = (send) => (id, answer, response) => id !== "server" && send(response, JSON.stringify(answer));

/** Lose the connection after seconds in which no client should wait, so that a test of one that waits for ever ends. */
const endLater = (response) => {
  const end = setTimeout(() => response.destroy(), 5_000);
  response.on("close", () => clearTimeout(end));
  return true;
};

let calls = 0;
const problem = (status, kind, detail) => JSON.stringify({ type: `/v1/problems/${kind}`, title: kind, status, detail });

export const FORMS = {
  "wrong type": inDecision((decision) => { decision.clauses = "SC-ERP-FULL-1a"; }),
  "number as text": inOrder((order) => { order.units = "2"; }),
  "key left out": inDecision((decision) => { delete decision.outcome; }),
  "key too many": inDecision((decision) => { decision.mood = "good"; }),
  "unknown word": inDecision((decision) => { decision.outcome = "perhaps"; }),
  "unknown task": inDecision((decision, { answers }) => {
    const decided = answers[0].decisions.find(({ tasks }) => tasks?.length > 0);
    if (decided) decided.tasks[0].task = "ring-the-bell";
  }),
  "another case": inDecision((decision) => { decision.case.stage = decision.case.stage === "PACKED" ? "PROCESSING" : "PACKED"; }),
  "case twice": inDecision((decision, { answers }) => { answers[0].decisions.push(decision); }),
  "case left out": inDecision((decision, { answers }) => { answers[0].decisions.pop(); }),
  "another reading": inDecision((decision) => { decision.reading = "as-written"; }),
  "answer too many": changed("decisions", ({ answers }) => ({ answers: [...answers, ...answers] })),
  "list instead of an object": changed("decisions", ({ answers }) => answers),
  "time without offset": inOrder((order) => { order.history[0].at = "2026-04-01T10:00:00"; }),
  "result left out": inOrder((order, { results }) => { results.pop(); }),
  "another order": inOrder((order) => { order.order_id = "B2"; }),
  "units from nowhere": inOrder((order) => { order.units_ordered += 1; }),
  "event without a trace": inOrder((order) => { order.history.splice(1, 1); }),
  "taken with an obstacle": inOrder((order, { results }) => { Object.assign(results.at(-1) ?? {}, { obstacles: ["it is on hold"] }); }),

  "half a body": sending((response, text) => {
    response.writeHead(200, { "content-type": JSON_TYPE, "content-length": Buffer.byteLength(text) });
    response.write(text.slice(0, text.length / 2), () => response.destroy());
    return true;
  }),
  "half the text": sending((response, text) => sent(response, 200, JSON_TYPE, text.slice(0, text.length / 2))),
  "no body": sending((response) => sent(response, 200, JSON_TYPE, "")),
  "a page": sending((response) => sent(response, 200, "text/html", "<html><body>Welcome</body></html>")),
  "another content type": sending((response, text) => sent(response, 200, "text/plain", text)),
  "redirect": sending((response) => sent(response, 302, JSON_TYPE, "{}", { location: "http://127.0.0.1:9/" })),
  "internal error": sending((response) => sent(response, 500, "application/problem+json", problem(500, "internal", "the database is gone"))),
  "internal error in plain text": sending((response) => sent(response, 500, "text/plain", "Traceback: the database is gone")),
  "not offered after all": sending((response) => sent(response, 501, "application/problem+json", problem(501, "not-offered", "not offered"))),
  "refused request": sending((response) => sent(response, 400, "application/problem+json", problem(400, "invalid", "not today"))),
  "hang": sending((response) => endLater(response)),
  "drip": sending((response, text) => {
    endLater(response);
    response.writeHead(200, { "content-type": JSON_TYPE, "content-length": 10 * text.length });
    const drip = setInterval(() => response.write(" "), 50);
    response.on("close", () => clearInterval(drip));
    return true;
  }),
  "lost connection": sending((response) => {
    response.destroy();
    return true;
  }),
  "busy": sending((response) => sent(response, 503, "application/problem+json", problem(503, "busy", "come back later"))),
  "busy now and then": sending((response) => {
    calls += 1;
    return calls % 3 === 1 && sent(response, 503, "application/problem+json", problem(503, "busy", "come back later"), { "retry-after": "0" });
  }),
  "connection lost now and then": sending((response) => {
    calls += 1;
    if (calls % 3 === 1) response.destroy();
    return calls % 3 === 1;
  }),

  "another contract": inInfo((info) => { info.contract = "2.0"; }),
  "no version": inInfo((info) => { delete info.version; }),
  "unknown offer": inInfo((info) => { info.offers.push("coffee"); }),
  "not a list of offers": inInfo((info) => { info.offers = "decisions"; }),
};
