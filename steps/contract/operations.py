"""Operations of the contract: path, request, answer and meaning of each; servers, clients and the published document are made from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steps.contract import cases, orders, simulations
from steps.contract.cases import PREFIX, AnswerPart, Capability, RequestPart
from steps.contract.examples import EXAMPLES


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        id: its name in the published document.
        path: below the server's address.
        offered_as: the capability with which a server offers it; None for the one that every server has.
        request: type of the body of a POST request; None for a GET request.
        parameters: types of the query parameters of a GET request; each may be left out.
        examples: bodies of requests, by name.
    """

    id: str
    path: str
    offered_as: Capability | None
    request: type[RequestPart] | None
    answer: type[AnswerPart]
    summary: str
    description: str
    examples: Mapping[str, Mapping[str, Any]]
    parameters: type[RequestPart] | None = None

    @property
    def method(self) -> str:
        """GET or POST."""
        return "GET" if self.request is None else "POST"


SERVER = Operation(
    "server", PREFIX, None, None, cases.ServerInfo, "What the server is and offers",
    "Every server has this operation. A client asks it first, and takes what is not offered as not supported.", {},
)  # fmt: skip
DECISIONS = Operation(
    "decisions", f"{PREFIX}/decisions", Capability.DECISIONS, cases.DecisionsRequest, cases.DecisionsAnswer, "Decide cancellations",
    "The result of a request to cancel, what the client then does, and on what the answer rests: one decision for each case that agrees with"
    " the stated facts. A server may answer the facts without any order.", EXAMPLES["decisions"],
)  # fmt: skip
RETURNS = Operation(
    "returns", f"{PREFIX}/returns", Capability.RETURNS, cases.ReturnRequest, cases.ReturnAnswer, "Decide a returned unit",
    "What the client does with one returned unit, and where the unit is kept.", EXAMPLES["returns"],
)  # fmt: skip
ORDERS = Operation(
    "orders", f"{PREFIX}/orders", Capability.ORDERS, orders.Life, orders.OrderAnswer, "Let an order go through its events",
    "Create a fresh order, try each event on it in sequence, and return the order and the result of each event. An event that is not taken"
    " changes nothing, and later events go on. Nothing of the order is kept, so the same request has the same answer.", EXAMPLES["orders"],
)  # fmt: skip
CANCELLED_AFTER_POSTING = Operation(
    "cancelledAfterPosting", f"{PREFIX}/reports/cancelled-after-posting", Capability.VMS_REPORTS, orders.CancelledAfterPostingRequest,
    orders.CancelledAfterPostingAnswer, "VMS report of orders cancelled after posting",
    "The orders that were cancelled in full from one day to another, after they were posted to the client's ERP.",
    EXAMPLES["cancelledAfterPosting"],
)  # fmt: skip
RSI = Operation(
    "rsi", f"{PREFIX}/reports/rsi", Capability.VMS_REPORTS, orders.RsiRequest, orders.RsiAnswer, "VMS report of return sales invoices",
    "One row for each returned unit whose quality check is recorded.", EXAMPLES["rsi"],
)  # fmt: skip
CREDIT_NOTE_AGES = Operation(
    "creditNoteAges", f"{PREFIX}/reports/credit-note-ages", Capability.CREDIT_NOTE_AGES, orders.CreditNoteAgesRequest,
    orders.CreditNoteAgesAnswer, "Ages of credit-note duties",
    "The age on a day of each credit-note duty that an order had at the end of that day. A reminder is due 30 days after the cancellation; a"
    " duty is overdue after 30 November that follows the financial year of the supply, or after the annual return of that year if it was"
    " furnished earlier.", EXAMPLES["creditNoteAges"],
)  # fmt: skip
TABLE = Operation(
    "table", f"{PREFIX}/table", Capability.TABLE, None, cases.TableAnswer, "The decision table",
    "The decisions on all cases.", {}, cases.TableParameters,
)  # fmt: skip
QUESTIONS = Operation(
    "questions", f"{PREFIX}/questions", Capability.QUESTIONS, None, cases.QuestionsAnswer, "The questions that the SOP leaves open",
    "The register of gaps.", {},
)  # fmt: skip
SIMULATIONS = Operation(
    "simulations", f"{PREFIX}/simulations", Capability.SIMULATIONS, simulations.SimulationRequest, simulations.SimulationAnswer,
    "Simulate weeks of orders",
    "One replication of an experiment that comes with this program. Only the reference server is expected to offer it.", EXAMPLES["simulations"],
)  # fmt: skip

OPERATIONS = (
    SERVER, DECISIONS, RETURNS, ORDERS, CANCELLED_AFTER_POSTING, RSI, CREDIT_NOTE_AGES, TABLE, QUESTIONS, SIMULATIONS,
)  # fmt: skip
"""All operations, in the order of the published document."""
