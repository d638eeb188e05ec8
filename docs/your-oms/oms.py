"""Adapter between an order-management system and the contract of sop-spec. Fill in the functions of the first part; Python 3.11 or newer.

    python oms.py [PORT]

The second part, below the line, answers HTTP. You need not change it.
"""

import hmac
import json
import os
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from urllib.parse import parse_qs, urlsplit

NAME, VERSION = "Our OMS", "1"
OFFERS = ["decisions", "citations"]
"""What you have filled in: decisions, returns, orders, vms-reports, credit-note-ages, table, questions.

Leave out citations if your system does not know the ids of clauses and gaps; these and the sources of an answer are then not read.
"""
READINGS = ["as-practised"]
"""Add as-written if your system also answers by the clauses of the SOP alone."""


def decide(facts, reading):
    """Return what becomes of a request to cancel. Ask your system here.

    facts: canceller, scope, invoicing, stage and e_invoice, in the words of the contract.
    """
    return answer("unspecified", tasks=None)


def receive(quality_check, reading):
    """Return what is done with a returned unit: `answer` with its further keys by_hand, stock and offline_claim."""
    raise NotOffered


def new_order(life):
    """Return a fresh order; its keys are those of `OrderState` in the contract."""
    return {
        "order_id": life["order_id"],
        "invoicing": life["invoicing"],
        "stage": "CREATED",
        "e_invoice": "not posted",
        "units_ordered": life["units"],
        "units": life["units"],
        "units_kept": life["units"],
        "on_hold": False,
        "packing_error": False,
        "posted": False,
        "history": [{"name": "created", "at": life.get("created_at")}],
        "cancellations": [],
        "duties": [],
        "returns": [],
        "pending_partial": 0,
        "invoice_number": None,
    }


def take(order, event):
    """Let one event happen to the order, and note it in its history. Return the decision if it is a request to cancel.

    NotTaken says that the order does not take the event, with the words of the contract for what is in the way.
    """
    if event["event"] != "allocated":
        raise NotTaken(f"`{event['event']}` is not filled in yet")
    if order["stage"] not in ("CREATED", "UNFULFILLABLE"):
        raise NotTaken("there is nothing to reserve", "its stock is reserved already")
    order["stage"] = "FULFILLABLE"
    order["history"].append({"name": "allocated", "at": event.get("at")})


def cancelled_after_posting(orders, first_day, last_day):
    """Return the rows of the VMS report; each order is as after its events."""
    raise NotOffered


def return_sales_invoices(orders):
    """Return the rows of the RSI report."""
    raise NotOffered


def credit_note_ages(orders, day, annual_returns):
    """Return the age on that day of each credit-note duty."""
    raise NotOffered


def questions():
    """Return what the SOP leaves open, as your system sees it."""
    raise NotOffered


# You need not change what is below this line.


class NotTaken(Exception):
    """An event that the order does not take: why, in your words, and the obstacles, in words of the contract."""

    def __init__(self, reason, *obstacles):
        super().__init__(reason)
        self.obstacles = obstacles


class NotOffered(Exception):
    """An operation that is not filled in."""


class Refused(Exception):
    """A request that cannot be answered: status, kind and reason."""


def answer(outcome=None, tasks=(), clauses=(), gaps=(), notes=(), **more):
    """Return the answer to a case (or, without an outcome, to a returned unit). `tasks`: empty if there is nothing to do, None if open."""
    by_outcome = {} if outcome is None else {"outcome": outcome, "outcome_source": "silent" if outcome == "unspecified" else "stated"}
    tasks_source = "silent" if tasks is None else "stated" if tasks else "follows"
    cited = {"clauses": list(clauses), "gaps": list(gaps), "notes": list(notes)}
    return {**by_outcome, "tasks": None if tasks is None else list(tasks), "tasks_source": tasks_source, **cited, **more}


def task(modality, name, system, actor="seller", **more):
    """Return a task: must, may or need-not; its key, as `credit-note`; where and by whom it is done; more: when, instead_of, by."""
    return {"modality": modality, "task": name, "system": system, "actor": actor, **more}


WORDS = {
    "canceller": ["seller", "Ajio"],
    "scope": ["full", "partial"],
    "invoicing": ["ERP", "RMS"],
    "stage": ["CREATED", "UNFULFILLABLE", "FULFILLABLE", "PROCESSING", "PACKED", "READY_TO_DISPATCH", "COMPLETED", "CANCELLED"],
    "e_invoice": ["not posted", "posted", "generated", "pushed"],
}
PRACTISED = "as-practised"


def decisions(possible, reading):
    """Return the decision on each case that agrees with the facts; a fact left out may have any word."""
    words = ([word for word in WORDS[fact] if word in possible.get(fact, WORDS[fact])] for fact in WORDS)
    cases = (dict(zip(WORDS, case, strict=True)) for case in product(*words))
    return [{"case": facts, "reading": reading, **decide(facts, reading)} for facts in cases]


def result_of(order, event):
    """Return what became of an event."""
    try:
        decision = take(order, event)
    except NotTaken as why:
        return {"taken": False, "obstacles": list(why.obstacles), "reason": str(why)}
    return {"taken": True, "decision": decision}


def live(life):
    """Return an order after its events, with the result of each."""
    order = new_order(life)
    results = [result_of(order, event) for event in life.get("events", [])]
    return {"order": order, "results": results}


def orders_of(body):
    """Return the orders of a report after their events."""
    return [live(life)["order"] for life in body["orders"]]


def returned(body):
    """Return the answer to a returned unit."""
    check, reading = body["quality_check"], body.get("reading", PRACTISED)
    return {"quality_check": check, "reading": reading, **receive(check, reading)}


def all_decisions(body):
    """Return the answers to all requests of a call."""
    return {"answers": [{"decisions": decisions(one["possible"], one.get("reading", PRACTISED))} for one in body["requests"]]}


def table(reading=PRACTISED):
    """Return the decisions on all cases."""
    return {"reading": reading, "decisions": decisions({}, reading)}


GET = {
    "/v1": (None, lambda _: {"contract": "1.0", "name": NAME, "version": VERSION, "offers": OFFERS, "readings": READINGS}),
    "/v1/table": ("table", lambda query: table(*query.get("reading", []))),
    "/v1/questions": ("questions", lambda _: {"questions": questions()}),
}
POST = {
    "/v1/decisions": ("decisions", all_decisions),
    "/v1/returns": ("returns", returned),
    "/v1/orders": ("orders", live),
    "/v1/reports/cancelled-after-posting": (
        "vms-reports",
        lambda body: {"rows": cancelled_after_posting(orders_of(body), body["from"], body["to"])},
    ),
    "/v1/reports/rsi": ("vms-reports", lambda body: {"rows": return_sales_invoices(orders_of(body))}),
    "/v1/reports/credit-note-ages": (
        "credit-note-ages",
        lambda body: {"ages": credit_note_ages(orders_of(body), body["on"], body.get("annual_returns", []))},
    ),
}


def parsed(raw):
    """Return the body of a request."""
    try:
        return json.loads(raw)
    except ValueError as why:
        raise Refused(400, "malformed", f"the body cannot be read: {why}") from None


class Handler(BaseHTTPRequestHandler):
    """Answers the calls of one connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer is sent at once, not in two parts

    def do_GET(self):
        """Answer a request without a body."""
        address = urlsplit(self.path)
        self.respond(GET, address.path, lambda: parse_qs(address.query))

    def do_POST(self):
        """Answer a request with a body."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.respond(POST, self.path, lambda: parsed(raw))

    def respond(self, operations, path, question):
        """Send the answer of the operation at the path, or why there is none."""
        try:
            self.allow()
            if path not in operations:
                raise Refused(404, "not-found", f"there is no {self.command} {path}")
            offer, operation = operations[path]
            if offer is not None and offer not in OFFERS:
                raise NotOffered
            self.send(200, "application/json", operation(question()))
        except NotOffered:
            self.refuse(501, "not-offered", f"{NAME} does not offer {path}")
        except Refused as why:
            self.refuse(*why.args)
        except Exception as why:
            traceback.print_exc()
            self.refuse(500, "internal", f"{type(why).__name__}: {why}")

    def allow(self):
        """Refuse a call without the token, if the environment variable OMS_TOKEN has one."""
        token = os.environ.get("OMS_TOKEN")
        if token and not hmac.compare_digest(self.headers.get("Authorization", ""), f"Bearer {token}"):
            raise Refused(401, "unauthorized", "the token is missing or wrong")

    def refuse(self, status, kind, detail):
        """Send problem details."""
        body = {"type": f"/v1/problems/{kind}", "title": kind, "status": status, "detail": detail}
        self.send(status, "application/problem+json", body)

    def send(self, status, media_type, body):
        """Send a body as JSON."""
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(raw)))
        if status == 401:
            self.send_header("WWW-Authenticate", "Bearer")
        self.end_headers()
        self.wfile.write(raw)

    def log_request(self, code="-", size="-"):
        """Print nothing about a call that was answered."""


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(130)
