"""Driver of a server over HTTP; the only state is the connection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs

from orders.duties import Age
from orders.vms_reports import CancelledAfterPosting, ReturnSalesInvoiceLine
from sop_engine import Invoicing, PossibleCase, PossibleDecision, QualityCheck, Reading, ReturnDecision
from sop_engine.case import FACT_TYPES
from steps.contract import orders as contract
from steps.contract.cases import AnswerPart, Capability, DecisionRequest, DecisionsAnswer, DecisionsRequest, PossibleFacts, ReturnRequest
from steps.contract.operations import CANCELLED_AFTER_POSTING, CREDIT_NOTE_AGES, DECISIONS, RETURNS, RSI, SIMULATIONS
from steps.contract.simulations import RunOfSimulation, Setting, SimulationAnswer, SimulationRequest
from steps.driver.errors import quote, shortened
from steps.driver.mismatches import MismatchError
from steps.driver.order_life import LifeStep, OrderLife
from steps.driver.protocol import AuditAnswer, NotSupportedError
from steps.driver.remote_answers import decisions_on, return_in
from steps.driver.remote_order import RemoteOrder, lives_of
from steps.driver.server import ServerUnderTest

if TYPE_CHECKING:
    from orders.log.event_log import Log


@dataclass(frozen=True, slots=True)
class RemoteAge(Age):
    """A server's answer on the age of one duty, with the basis that the server gives."""

    given_basis: str = ""

    @property
    def basis(self) -> str:
        """Basis of the duty's status."""
        return self.given_basis


class HttpDriver:
    """Driver of *server*. Two drivers are never equal, so what one has simulated is not taken for the other's."""

    def __init__(self, server: ServerUnderTest) -> None:
        self.server = server

    def decide_possible(self, possible: PossibleCase, reading: Reading) -> PossibleDecision:
        """Ask for the decision on every case of *possible*."""
        words = {name: list(getattr(possible, name)) for name in FACT_TYPES}
        facts = PossibleFacts(
            **{name: possible_words for name, possible_words in words.items() if len(possible_words) < len(FACT_TYPES[name])}
        )

        def converted(answer: DecisionsAnswer) -> PossibleDecision:
            if len(answer.answers) != 1:
                raise MismatchError(f"`answers` has {len(answer.answers):,} entries, expected 1, as one request was sent")
            return PossibleDecision(
                possible,
                reading,
                decisions_on(possible, reading, answer.answers[0].decisions, "answers[0].decisions", self.server.missing_citations),
            )

        return self.server.ask(DECISIONS, DecisionsRequest(requests=[DecisionRequest(possible=facts, reading=reading)]), converted, reading)

    def decide_return(self, quality_check: QualityCheck, reading: Reading) -> ReturnDecision:
        """Ask for the answer to a returned unit."""
        request = ReturnRequest(quality_check=quality_check, reading=reading)
        return self.server.ask(
            RETURNS, request, lambda answer: return_in(answer, quality_check, reading, self.server.missing_citations), reading
        )

    def new_order(self, order_id: str, invoicing: Invoicing, units: int, at: datetime | None = None) -> OrderLife:
        """Ask for an order without events."""
        return RemoteOrder.created(self.server, contract.Life(order_id=order_id, invoicing=invoicing, units=units, created_at=at))

    def replayed(self, order_id: str, invoicing: Invoicing, units: int, at: datetime | None, life: Sequence[LifeStep]) -> OrderLife:
        """Ask for an order with all events."""
        new = contract.Life(order_id=order_id, invoicing=invoicing, units=units, created_at=at)
        return RemoteOrder.replayed(self.server, new, life)

    def cancelled_after_posting(self, orders: Sequence[OrderLife], start: date, end: date) -> Sequence[CancelledAfterPosting]:
        """Ask for the rows."""
        request = contract.CancelledAfterPostingRequest(orders=lives_of(orders), start=start, end=end)

        def converted(answer: contract.CancelledAfterPostingAnswer) -> list[CancelledAfterPosting]:
            _refuse_others([row.channel_order_id for row in answer.rows], orders, "rows", "channel_order_id")
            return [CancelledAfterPosting(**_fields(row)) for row in answer.rows]

        return self.server.ask(CANCELLED_AFTER_POSTING, request, converted, Reading.AS_PRACTISED)

    def rsi_report(self, orders: Sequence[OrderLife]) -> Sequence[ReturnSalesInvoiceLine]:
        """Ask for the rows."""

        def converted(answer: contract.RsiAnswer) -> list[ReturnSalesInvoiceLine]:
            _refuse_others([row.forward_order_code for row in answer.rows], orders, "rows", "forward_order_code")
            return [ReturnSalesInvoiceLine(**_fields(row)) for row in answer.rows]

        return self.server.ask(RSI, contract.RsiRequest(orders=lives_of(orders)), converted, Reading.AS_PRACTISED)

    def credit_note_ages(self, orders: Sequence[OrderLife], today: date, annual_returns: Mapping[int, date]) -> Sequence[Age]:
        """Ask for the ages."""
        returns = tuple(contract.AnnualReturn(year_to_march=year, furnished_on=day) for year, day in annual_returns.items())
        request = contract.CreditNoteAgesRequest(orders=lives_of(orders), on=today, annual_returns=returns)

        def converted(answer: contract.CreditNoteAgesAnswer) -> list[Age]:
            _refuse_others([age.order_id for age in answer.ages], orders, "ages", "order_id")
            return [RemoteAge(given_basis=age.basis, **_fields(age, "basis")) for age in answer.ages]

        return self.server.ask(CREDIT_NOTE_AGES, request, converted, Reading.AS_PRACTISED)

    def simulate(self, experiment: str, settings: Sequence[str], *, each_variant: bool) -> Sequence[tuple[str, "Log"]]:
        """Ask for the event logs; their variants must be those of the experiment as this program has it.

        Raises:
            NotSupportedError: also if the server does not cite, because a log has the clauses and gaps of each decision.
        """
        if self.server.missing_citations is not None and Capability.SIMULATIONS in self.server.record.offers:
            raise NotSupportedError(self.server.missing_citations.message)
        last = {key.strip(): value for key, _, value in (text.partition("=") for text in settings)}
        changed = tuple(Setting(key=key, value=value) for key, value in last.items())
        loaded = import_module("simulator.experiment.experiment").load(experiment, settings)
        variants = [variation.name for variation, _ in loaded.variants] if each_variant else [""]

        def converted(answer: SimulationAnswer) -> list[tuple[str, "Log"]]:
            names = [run.variant for run in answer.runs]
            if names != variants:
                raise MismatchError(f"the variants of `runs` are {quote(names)}, expected {quote(variants)}")
            return [(run.variant, _log_in(run, f"runs[{number}]")) for number, run in enumerate(answer.runs)]

        request = SimulationRequest(experiment=experiment, settings=changed, each_variant=each_variant)
        return self.server.ask(SIMULATIONS, request, converted)

    def audit(self, mapping: Path, as_of: date, reading: Reading) -> AuditAnswer:  # noqa: ARG002 (of the protocol)
        """Refuse: an audit reads a client's own files, so the contract has no operation for it.

        Raises:
            NotSupportedError: always.
        """
        raise NotSupportedError(
            f"not supported by {shortened(self.server.record.title)}: the contract has no operation for audits of files"
        )


def _fields(part: AnswerPart, *without: str) -> dict[str, Any]:
    """Return the fields of a row that the contract names, except those in *without*."""
    return {name: value for name, value in structs.asdict(part).items() if name not in {"extra", *without}}


def _refuse_others(ids: Sequence[str], orders: Sequence[OrderLife], place: str, field: str) -> None:
    """Refuse a row about an order that was not sent.

    Raises:
        MismatchError: there is one.
    """
    sent = {order.order_id for order in orders}
    for number, order_id in enumerate(ids):
        if order_id not in sent:
            raise MismatchError(f"{place}[{number}].{field} is {quote(order_id)}, which is none of the orders that were sent")


def _log_in(run: RunOfSimulation, place: str) -> "Log":
    """Return the event log of a run.

    Raises:
        MismatchError: it is no event log.
    """
    try:
        return import_module("steps.contract.answers_of_simulations").log_in(run)  # type: ignore[no-any-return]
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise MismatchError(f"{place}.columns is no event log: {shortened(str(error))}") from None
