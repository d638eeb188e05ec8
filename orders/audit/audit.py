"""The whole audit as one function: canonical tables in, answers, findings and duties out."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from orders.audit.answers import UNDECIDED, possible_answers
from orders.audit.cancellations import Cancellations, cancellations_of
from orders.audit.client_duties import ClientDuty, DutyBook
from orders.audit.coverage import Coverage
from orders.audit.facts import order_times
from orders.audit.findings import findings_table
from orders.audit.ledger import Ledger
from orders.audit.owed import arisen_duties
from orders.audit.result_tables import ANSWERS
from orders.audit.rows.columns import Flags
from orders.audit.rows.evidence import Evidence, evidence_of
from orders.audit.rows.later import dated_later, later_documents, latest_day, without_later
from orders.audit.rules.context import Context, Options
from orders.audit.rules.duty_remarks import duties_table
from orders.audit.rules.registry import RULES
from orders.audit.rules.returning import returned_units
from orders.audit.rules.vms_report import cancelled_after_posting
from orders.audit.tables import Tables
from orders.memory import release_freed_memory
from orders.run_facts import RunFacts
from sop_engine import Reading, SopError
from sop_engine.garbage_collection import collection_paused

AGAINST_THE_SOP: Final = ("C-1", "C-2", "C-4")
"""The rules whose findings are breaches of the SOP."""


class NoTimeError(SopError):
    """An audit without a day: none is given, and no file has a time."""

    def __init__(self) -> None:
        super().__init__("no file has a time, so the day of the audit is unknown; give it, for example --as-of 2026-07-15")


@dataclass(frozen=True)
class AuditTables:
    """What an audit found, in memory or in parts.

    Attributes:
        as_of: the day of the audit; `as_of_given` whether it was given, otherwise the latest day in the files.
        dated_later: rows with a time after `as_of`: source, row, and whether the row is left out for it.
        answers, findings, duties, cancelled_after_posting, returned_units: tables with the schemas of `orders.audit.result_tables`.
    """

    as_of: date
    as_of_given: bool
    reading: Reading
    dated_later: pa.Table
    answers: pa.Table
    findings: pa.Table
    duties: pa.Table
    cancelled_after_posting: pa.Table
    returned_units: pa.Table


@dataclass(frozen=True)
class AuditResult(AuditTables):
    """What an audit of all rows at once found; *context* is the evidence and everything computed from it, for explanations."""

    context: Context

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of findings of each rule that has some, in the order of rules; the uncertain ones are included."""
        rules = self.findings.column("rule").to_pylist()
        return {rule: rules.count(rule) for rule in RULES if rule in rules}

    @property
    def against_the_sop(self) -> int:
        """Return the number of breaches of the SOP."""
        return sum(count for rule, count in self.counts.items() if rule in AGAINST_THE_SOP)

    @property
    def open_credit_notes(self) -> tuple[ClientDuty, ...]:
        """Return the credit notes that are certainly due and not made whole."""
        return tuple(duty for duty in self.context.credit_notes() if duty.is_open)


def audit(
    tables: Tables,
    as_of: date | None = None,
    reading: Reading = Reading.AS_PRACTISED,
    options: Options | None = None,
    facts: RunFacts | None = None,
) -> AuditResult:
    """Audit the canonical *tables*.

    What is dated after the end of *as_of* in India is left out; without it the latest day in the tables is taken. If they are a part of a
    run, *facts* are those of the whole run.

    Raises:
        NoTimeError: there is no *as_of* and no time in the tables.
        ValueError: a table has a column that its schema does not have.
    """
    day = as_of or latest_day(tables)
    if day is None:
        raise NoTimeError
    with collection_paused():
        return _audit(tables, day, reading, options or Options(), facts, given=as_of is not None)


def _audit(  # noqa: PLR0913 (what to audit, and how)
    tables: Tables, day: date, reading: Reading, options: Options, facts: RunFacts | None, *, given: bool
) -> AuditResult:
    evidence = evidence_of(without_later(tables, day), day, later_documents(tables, day), facts)
    release_freed_memory()
    context = _context(evidence, day, reading, options)
    findings = [finding for rule in RULES.values() for finding in rule.check(context)]
    return AuditResult(
        as_of=day,
        as_of_given=given,
        reading=reading,
        dated_later=dated_later(tables, day),
        answers=_answers_table(context.evidence, context.cancellations),
        findings=findings_table(findings, context.evidence),
        duties=duties_table(context.duties, context.evidence),
        cancelled_after_posting=cancelled_after_posting(context),
        returned_units=returned_units(context),
        context=context,
    )


def _context(evidence: Evidence, as_of: date, reading: Reading, options: Options) -> Context:
    """Return the evidence of a run, and what follows from it before any rule."""
    times, outside = order_times(evidence), _outside(evidence)
    cancellations = cancellations_of(evidence, times, possible_answers(reading), outside)
    ledger, coverage = Ledger(evidence), Coverage(evidence)
    book = DutyBook(evidence, times, cancellations, ledger, coverage, as_of, options.annual_returns)
    duties = tuple(book.state_of(arisen) for arisen in arisen_duties(evidence, times, cancellations))
    return Context(evidence, times, cancellations, ledger, coverage, duties, as_of, options, outside)


def _outside(evidence: Evidence) -> Flags:
    """Return the requests that the SOP does not apply to, by their own column or by that of another source that has their order.

    A row without such a column is outside if all rows of its order that have one are.
    """
    table = evidence.texts.requests
    if "outside" not in table.column_names:
        return np.zeros(table.num_rows, dtype=bool)
    own = np.asarray(table.column("outside").is_valid().to_numpy(), dtype=bool)
    orders, sources, size = evidence.requests["order"], evidence.requests["source"], len(evidence.orders)
    tells = np.isin(sources, list(evidence.facts.naming_outside))
    outside, inside = (np.bincount(orders[rows], minlength=size) > 0 for rows in (own, tells & ~own))
    return np.asarray(own | (~tells & (outside & ~inside)[orders]))


def _answers_table(evidence: Evidence, cancellations: Cancellations) -> pa.Table:
    """Return the answer to each request, in the order of order and time."""
    requests, answers = evidence.requests, cancellations.answers
    outcome = answers["outcome"]
    note = answers["credit_note"]
    codes = note.of(cancellations.key)
    columns: dict[str, Any] = {
        "request": cancellations.rows,
        "source": requests["source"][cancellations.rows],
        "row": requests["row"][cancellations.rows],
        "order_key": evidence.orders.keys.array.take(pa.array(cancellations.order)),
        "key": cancellations.key,
        "outcome": _words_of_codes(outcome.values, cancellations.outcome),
        "credit_note": _words_of_codes(note.values, codes),
    }
    table = pa.table(columns, schema=ANSWERS)
    return table.sort_by([("source", "ascending"), ("row", "ascending")])


def _words_of_codes(values: tuple[Any, ...], codes: np.ndarray) -> pa.Array:
    """Return the words of *codes*, null where undecided."""
    words = pa.array([str(value) for value in values], pa.string())
    places = pa.array(np.where(codes == UNDECIDED, 0, codes).astype(np.int32), mask=codes == UNDECIDED)
    return words.take(places)
