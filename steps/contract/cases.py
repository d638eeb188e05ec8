"""Contract by which a server answers for an order-management system: cases, returned units, the table and the questions.

Every request carries all that its answer needs, so a server keeps nothing between two requests. A request refuses a key that the contract
does not have. An answer may have further keys only below `extra`. Closed lists of words are the engine's own; the words that a rulebook
may extend (tasks, actors, systems, clauses, gaps) are text.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from sop_engine import (
    EVERY_CASE,
    Canceller,
    EInvoice,
    Invoicing,
    Modality,
    Outcome,
    QualityCheck,
    Reading,
    Scope,
    Source,
    Stage,
    Timing,
    load_rulebook,
)

VERSION = "1.0"
"""Version of the contract. The first number is in the path; the second one counts additions that older clients can ignore."""
PREFIX = "/v1"
MOST_REQUESTS, MOST_DECISIONS = 1_000, 20_000
"""Requests in one call for decisions, and decisions in its answer."""
MOST_BYTES = 64_000_000
"""Bytes of an answer, except to a request for a simulation."""
MOST_ENTRIES = 1_000
"""Entries of each other list of such an answer."""
MEANING_OF_SOURCES = (
    "`stated` by clauses alone; `follows`, if no statement names a task but the outcome, or a section without steps, leaves none; `assumed`,"
    " if our reading of a gap has a part in it, or `decided`, if the owner has answered all of these gaps; `silent`, if it is open"
)
"""The meaning of each source."""

_KNOWN_TASKS = [task.id for task in load_rulebook().tasks]
_KNOWN_ACTORS, _KNOWN_SYSTEMS = list(load_rulebook().actors), list(load_rulebook().systems)
"""Words of the rulebook in force; others are not wrong."""

BY_CITATIONS = "A server that offers `citations` states it, and what another one states is not read."
"""When a part of an answer is left out that says on what the answer rests."""

TaskId = Annotated[str, Meta(description="Key of a task in the rulebook.", examples=_KNOWN_TASKS, max_length=100)]
Id = Annotated[str, Meta(description="Id of a clause or of a gap.", examples=["SC-ERP-FULL-1a", "GAP-02"])]
ClauseId = Annotated[str, Meta(description="Id of a clause of the SOP.", examples=["SC-ERP-FULL-1a"])]
GapId = Annotated[str, Meta(description="Id of a question that the SOP leaves open.", examples=["GAP-02"])]


class Capability(StrEnum):
    """Groups of operations that a server may offer; `GET /v1` says which of them it does.

    `citations` is no operation: a server that offers it says in each answer on which clauses and gaps the answer rests, and what the source
    of each part is. One that does not know the ids of clauses leaves them out.
    """

    DECISIONS = "decisions"
    RETURNS = "returns"
    ORDERS = "orders"
    VMS_REPORTS = "vms-reports"
    CREDIT_NOTE_AGES = "credit-note-ages"
    SIMULATIONS = "simulations"
    TABLE = "table"
    QUESTIONS = "questions"
    CITATIONS = "citations"


class RequestPart(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Part of a request, without keys of others."""


class AnswerPart(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Part of an answer; what a server says besides the contract is below `extra`."""

    extra: Annotated[dict[str, Any], Meta(description="What this server says besides the contract; clients ignore it.")] | UnsetType = UNSET


class ServerInfo(AnswerPart):
    """What the server is, and what it offers. The rest of the contract is not supported by it, which is no error."""

    contract: Annotated[str, Meta(description="Version of the contract.", examples=[VERSION], pattern=r"^[0-9]{1,4}\.[0-9]{1,4}$")]
    name: Annotated[
        str, Meta(description="Name of the system, as reports should call it.", examples=["Our OMS"], min_length=1, max_length=100)
    ]
    version: Annotated[str, Meta(description="Version of the system.", examples=["4.7.1"], min_length=1, max_length=100)]
    offers: Annotated[
        list[Capability],
        Meta(
            description="The groups of operations that it offers, and `citations` if its answers say on what they rest; in any order. A newer version"
            " of the contract may have further words, which older clients ignore."
        ),
    ]
    readings: Annotated[
        list[Reading],
        Meta(
            description="The readings in which it can answer: the clauses alone (as-written), or with our readings of the gaps (as-practised)."
        ),
    ]


# Cases and decisions


class CaseFacts(AnswerPart):
    """The five facts of a case."""

    canceller: Canceller
    scope: Scope
    invoicing: Invoicing
    stage: Stage
    e_invoice: EInvoice


class PossibleFacts(RequestPart):
    """For each of the five facts the words that it may have; a fact left out may have any."""

    canceller: Annotated[list[Canceller], Meta(min_length=1)] | UnsetType = UNSET
    scope: Annotated[list[Scope], Meta(min_length=1)] | UnsetType = UNSET
    invoicing: Annotated[list[Invoicing], Meta(min_length=1)] | UnsetType = UNSET
    stage: Annotated[list[Stage], Meta(min_length=1)] | UnsetType = UNSET
    e_invoice: Annotated[list[EInvoice], Meta(min_length=1)] | UnsetType = UNSET


class DecisionRequest(RequestPart):
    """Question about every case that agrees with the facts."""

    possible: PossibleFacts
    reading: Reading = Reading.AS_PRACTISED


class DecisionsRequest(RequestPart):
    """One question or many."""

    requests: Annotated[
        list[DecisionRequest],
        Meta(
            description=f"Answered together. One answer has at most {MOST_DECISIONS:,} decisions, and a request with no known fact has one for every case: {len(EVERY_CASE)}.",
            min_length=1,
            max_length=MOST_REQUESTS,
        ),
    ]
    why: Annotated[bool, Meta(description="Whether each decision also has its explanation, if the server has one.")] = False


class TaskOfAnswer(AnswerPart):
    """A task that must, may or need not be done."""

    modality: Modality
    task: TaskId
    actor: Annotated[str, Meta(description="Who does it.", examples=_KNOWN_ACTORS)]
    system: Annotated[str, Meta(description="The system in which it is done.", examples=_KNOWN_SYSTEMS)]
    when: Annotated[Timing, Meta(description="When it falls due.")] = Timing.NOW
    instead_of: Annotated[TaskId | None, Meta(description="The task to which this one is the alternative.")] = None
    by: Annotated[tuple[Id, ...], Meta(description="The clauses or gaps that require it; may be empty.", max_length=MOST_ENTRIES)] = ()


TasksOfAnswer = (
    Annotated[
        list[TaskOfAnswer],
        Meta(description="In the order of the SOP. An empty list: there is nothing to do. Null: that is open.", max_length=MOST_ENTRIES),
    ]
    | None
)
TasksSource = Annotated[Source, Meta(description=f"Where the tasks come from: {MEANING_OF_SOURCES}. {BY_CITATIONS}")]
CitedClauses = Annotated[
    list[ClauseId],
    Meta(description=f"The clauses that give the answer, in the order of the SOP. {BY_CITATIONS}", max_length=MOST_ENTRIES),
]
CitedGaps = Annotated[
    list[GapId],
    Meta(description=f"The gaps that have a part in the answer, in the order of their register. {BY_CITATIONS}", max_length=MOST_ENTRIES),
]
GapsBeside = Annotated[
    list[GapId],
    Meta(
        description=f"The gaps that are shown beside the answer and do not change it, in the same order. {BY_CITATIONS}",
        max_length=MOST_ENTRIES,
    ),
]


class CitedClause(AnswerPart):
    """A clause that gives the answer, in our words."""

    id: ClauseId
    text: str


class CitedGap(AnswerPart):
    """A question that the SOP leaves open, with the chosen reading."""

    id: GapId
    question: str
    chosen: str
    basis: Annotated[str, Meta(description="Who chose the reading.", examples=["we assume"])]
    watch: Annotated[str | None, Meta(description="What to observe while the question is open.")] = None


class OtherClause(AnswerPart):
    """A clause of the same section that does not apply, and what it requires of the facts that differ."""

    id: ClauseId
    text: str
    needs: dict[str, list[str]]


class AllowedCase(AnswerPart):
    """An allowed case, and the facts in which it differs."""

    case: CaseFacts
    changes: dict[str, str]


class Why(AnswerPart):
    """Explanation of a decision."""

    because: list[CitedClause]
    open_questions: list[CitedGap]
    beside: Annotated[list[CitedGap], Meta(description="Questions that do not change the answer.")]
    why_not: list[OtherClause]
    nearest_allowed: Annotated[list[AllowedCase], Meta(description="With the fewest facts changed; empty for an allowed case.")]


class DecisionOfCase(AnswerPart, kw_only=True):
    """The answer to one case."""

    case: CaseFacts
    reading: Reading
    outcome: Annotated[Outcome, Meta(description="Result of the request to cancel; `unspecified` if nothing decides it.")]
    outcome_source: (
        Annotated[Source, Meta(description=f"Where the outcome comes from: {MEANING_OF_SOURCES}. {BY_CITATIONS}")] | UnsetType
    ) = UNSET
    tasks: TasksOfAnswer
    tasks_source: TasksSource | UnsetType = UNSET
    clauses: CitedClauses | UnsetType = UNSET
    gaps: CitedGaps | UnsetType = UNSET
    notes: GapsBeside | UnsetType = UNSET
    why: Annotated[Why | None, Meta(description="The explanation, if it was asked for and the server has one.")] = None


class AnswerToRequest(AnswerPart):
    """The answer to one request of a call."""

    decisions: Annotated[
        list[DecisionOfCase],
        Meta(
            description="One decision for each case that agrees with the facts, sorted by canceller, scope, invoicing, stage and e-invoice,"
            " each in the order of its list of words.",
            max_length=MOST_DECISIONS,
        ),
    ]


class DecisionsAnswer(AnswerPart):
    """The answers, in the order of the requests."""

    answers: Annotated[list[AnswerToRequest], Meta(max_length=MOST_REQUESTS)]


class TableParameters(RequestPart):
    """Question for the decision table."""

    reading: Reading = Reading.AS_PRACTISED


class TableAnswer(AnswerPart):
    """The decision table: the answer to each case under one reading."""

    reading: Reading
    decisions: Annotated[
        list[DecisionOfCase],
        Meta(description="All cases, in the same order as in an answer to a request without facts.", max_length=MOST_DECISIONS),
    ]


# Returned units


class ReturnRequest(RequestPart):
    """Question about a unit that came back with item-level RSI."""

    quality_check: QualityCheck
    reading: Reading = Reading.AS_PRACTISED


class ReturnAnswer(AnswerPart, kw_only=True):
    """The answer to one returned unit."""

    quality_check: QualityCheck
    reading: Reading
    tasks: TasksOfAnswer
    tasks_source: TasksSource | UnsetType = UNSET
    clauses: CitedClauses | UnsetType = UNSET
    gaps: CitedGaps | UnsetType = UNSET
    notes: GapsBeside | UnsetType = UNSET
    by_hand: Annotated[bool, Meta(description="Whether the tasks are done by hand.")]
    stock: Annotated[
        Literal["saleable", "quarantine"] | None, Meta(description="Where the unit is kept; null if nowhere, or if that is open.")
    ]
    offline_claim: Annotated[bool, Meta(description="Whether the unit is settled with Ajio outside the systems.")]


# Questions


class OpenQuestion(AnswerPart):
    """A question that the SOP leaves open."""

    id: GapId
    question: str
    readings: Annotated[list[str], Meta(description="The possible readings.")]
    ours: Annotated[str, Meta(description="What the reading in force decides.")]
    status: Annotated[str, Meta(description="`open`, or who decided it and when.", examples=["open"])]


class QuestionsAnswer(AnswerPart):
    """The register of the questions that the SOP leaves open."""

    questions: Annotated[list[OpenQuestion], Meta(max_length=MOST_ENTRIES)]
