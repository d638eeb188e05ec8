"""The published document of the contract: OpenAPI 3.1, made from the types and the operations."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, get_args

import msgspec

from orders.duties import Urgency
from sop_engine import Canceller, EInvoice, Invoicing, Modality, Outcome, QualityCheck, Reading, Scope, Source, Stage, Timing
from steps.contract.answers import answer_questions, answer_table
from steps.contract.answers_of_all import answer
from steps.contract.cases import MOST_BYTES, VERSION, Capability, ServerInfo
from steps.contract.obstacles import Obstruction
from steps.contract.operations import (
    OPERATIONS,
    QUESTIONS,
    SERVER,
    SIMULATIONS,
    TABLE,
    Operation,
)
from steps.contract.problems import KINDS, MEDIA_TYPE, Problem, ProblemType
from steps.contract.simulations import MOST_BYTES_OF_SIMULATION

PUBLISHED_FILE = "oms-contract-1.openapi.json"
"""Name of the published file in `sop_engine/schemas`."""
SHORTENED = 2
"""Entries of the example answers of the operations that list everything: the first ones."""
VOCABULARIES: tuple[type[StrEnum], ...] = (
    Canceller, Scope, Invoicing, Stage, EInvoice, Reading, Outcome, Source, Modality, Timing, QualityCheck, Urgency, Capability, ProblemType,
)  # fmt: skip
"""Closed lists of words, whose order has a meaning."""
TAGS = {
    Capability.DECISIONS: "Answers to cases.",
    Capability.RETURNS: "Answers to returned units.",
    Capability.ORDERS: "Orders and their events.",
    Capability.VMS_REPORTS: "The two reports of VMS over orders.",
    Capability.CREDIT_NOTE_AGES: "The age of credit-note duties.",
    Capability.TABLE: "All cases at once.",
    Capability.QUESTIONS: "What the SOP leaves open.",
    Capability.SIMULATIONS: "Simulated weeks of orders.",
}
"""The capabilities that are operations, and what each is."""
DESCRIPTION = f"""\
By this contract an order-management system (OMS) answers what the document "SOPs For Clients, version 1" rules on: cancellations and returns
of Ajio orders. The feature files of sop-spec can then be run against the system: `sop verify --driver http://HOST:PORT`.

**Stateless.** A request carries all that its answer needs, and nothing of it is kept. So requests can be repeated, and sent to any of several
workers. An OMS with real orders takes the events of a life on a fresh test order, inside one request.

**What a server offers.** `GET {SERVER.path}` lists the groups of operations. An operation that is not offered answers 501, or 404.

**Citations.** A server that offers `citations` says in each answer on which clauses and gaps it rests, and what the source of each part is. A
system that does not know the ids of clauses leaves these keys out. Its outcomes, tasks and orders are judged, and what features say about
clauses, gaps and sources is not supported by it.

**Sizes.** An answer has at most {MOST_BYTES:,} bytes, that to `POST {SIMULATIONS.path}` at most {MOST_BYTES_OF_SIMULATION:,}, and each list at
most the entries stated with it. A whole number may be written 3 or 3.0: JSON has one kind of number.

**Versions.** A newer version with the same first number has more operations, words of `offers` and keys of requests. Its answers have further
keys only if the request asked for them, so that older clients can read them.

**Words.** Closed lists of words are enumerations here. Tasks, actors, systems, clauses and gaps are text: the document's registers have them,
and another version may have others.

**Strict.** A request with an unknown key is refused with 400. An answer has no other keys than those here; what a server says besides is
below `extra`. Times are of RFC 3339 with an offset, days are YYYY-MM-DD. Absent and null mean the same where null is allowed.

**Errors** are problem details (RFC 9457) with one of the types in `ProblemType`:

{{problems}}
"""
_REFERENCE = "#/components/schemas/{name}"


def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    problems = "\n".join(f"- `{kind}` ({KINDS[kind].status}): {KINDS[kind].meaning}" for kind in ProblemType)
    types = [part for operation in OPERATIONS for part in (operation.request, operation.answer, operation.parameters) if part is not None]
    _, schemas = msgspec.json.schema_components([*types, Problem], ref_template=_REFERENCE)
    for words in VOCABULARIES:
        schemas[words.__name__] |= {"type": "string", "enum": [str(word) for word in words]}
    schemas["EventResult"]["properties"]["obstacles"]["items"] = {"type": "string", "enum": list(get_args(Obstruction))}
    del schemas["TableParameters"]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Contract of an order-management system with the SOP for clients",
            "version": VERSION,
            "summary": "Cancellations and returns of Ajio orders: decisions, orders' lives and reports.",
            "description": DESCRIPTION.format(problems=problems),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "http://127.0.0.1:8322", "description": "The reference server, started with `sop serve`."}],
        "tags": [{"name": str(capability), "description": text} for capability, text in TAGS.items()],
        "paths": {operation.path: {operation.method.lower(): _operation(operation)} for operation in OPERATIONS},
        "components": {"schemas": dict(sorted(schemas.items())), "responses": {"Problem": _problem_response()}},
    }


def text() -> str:
    """Return the document as it is published."""
    return msgspec.json.format(msgspec.json.encode(document()), indent=1).decode() + "\n"


def answers_to_examples(operation: Operation) -> Iterator[tuple[str, Any]]:
    """Yield the answer to each example of *operation*, by its name; of an operation that lists everything, the beginning of its answer."""
    match operation:
        case op if op is SERVER:
            offered: list[Capability] = [capability for capability in Capability if capability is not Capability.SIMULATIONS]
            info = ServerInfo(contract=VERSION, name="Our OMS", version="4.7.1", offers=offered, readings=[Reading.AS_PRACTISED])
            yield "an OMS", msgspec.to_builtins(info)
        case op if op is TABLE:
            table = msgspec.to_builtins(answer_table(Reading.AS_PRACTISED))
            yield f"the first {SHORTENED} cases", {**table, "decisions": table["decisions"][:SHORTENED]}
        case op if op is QUESTIONS:
            yield f"the first {SHORTENED} questions", {"questions": msgspec.to_builtins(answer_questions())["questions"][:SHORTENED]}
        case _:
            for name, body in operation.examples.items():
                yield name, msgspec.to_builtins(answer(operation, msgspec.convert(body, operation.request)))


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [str(operation.offered_as)] if operation.offered_as else [],
        "summary": operation.summary,
        "description": operation.description,
    }
    if operation.parameters is not None:
        described["parameters"] = [
            {
                "name": field.encode_name,
                "in": "query",
                "required": False,
                "description": f"Without it: {field.default}.",
                "schema": {"$ref": _REFERENCE.format(name=field.type.__name__)},
            }
            for field in msgspec.structs.fields(operation.parameters)
        ]
    if operation.request is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": _content(operation.request, operation.examples)}}
    answers = _content(operation.answer, dict(answers_to_examples(operation)))
    problem = {"$ref": "#/components/responses/Problem"}
    described["responses"] = {
        "200": {"description": "The answer.", "content": {"application/json": answers}},
        "4XX": problem,
        "5XX": problem,
    }
    return described


def _content(kind: type[Any], examples: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: {"value": value} for name, value in examples.items()}
    return {"schema": {"$ref": _REFERENCE.format(name=kind.__name__)}} | ({"examples": named} if named else {})


def _problem_response() -> dict[str, Any]:
    example = Problem(
        type=ProblemType.INVALID,
        title=KINDS[ProblemType.INVALID].title,
        status=KINDS[ProblemType.INVALID].status,
        detail="invalid value 'PACKD'; write a word of the contract",
        place="/requests/0/possible/stage/0",
    )
    content = _content(Problem, {"an unknown word": msgspec.to_builtins(example)})
    return {"description": "Why there is no answer.", "content": {MEDIA_TYPE: content}}
