"""Assumptions of an audit that no file states, one sentence each, with the remedy for the terminal or for the page."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orders.audit.audit import AuditTables
from orders.audit.client_duties import Status
from orders.audit.coverage import DOCUMENT_SYSTEMS
from orders.audit.rules.context import SELLER_SYSTEMS
from orders.audit.tables import Claim, System
from orders.day_bounds import DayBounds
from orders.intake.event_logs import PROFILE as EVENT_LOG
from orders.intake.mapping.source_mapping import AuditMapping
from orders.intake.mapping.targets import UNKNOWN_MEANING
from orders.intake.reading import Intake
from orders.intake.unread import UnreadSheet
from orders.intake.values.day_readings import DayReading, Order
from orders.row_places import RowPlaces
from reports.audit.material import records
from reports.audit.wording import CLAIMED, day_text, source_name
from sop_engine import Reading
from sop_engine.text import counted

MOST_LATER_ROWS = 10
TO_CANCELLATION = ("days_from_order_to_first_time", "days_from_first_time_to_cancellation")


@dataclass(frozen=True, slots=True)
class Remedies:
    """What to do about something that was assumed, where the audit was asked for.

    Attributes:
        as_of: names another day of the audit.
        invoicing: says where e-invoices are made.
        complete: says what a file holds completely.
        sheet: says which sheet of a file is complete.
        unread: why a sheet is not read.
    """

    as_of: str
    invoicing: str
    complete: str
    sheet: str
    unread: str


ON_THE_PAGE = Remedies(
    as_of="choose another one in “Day of the audit”",
    invoicing="choose it in “Where e-invoices are made”",
    complete="tick “It holds everything of some days” at the file",
    sheet="remove the sheets that are no part of it from the file",
    unread="its header is not that of a sheet that is read",
)


def remedies_in(mapping: str) -> Remedies:
    """Return the remedies of the command, whose mapping file has the name *mapping*."""
    return Remedies(
        as_of="--as-of names another one",
        invoicing=f"set invoicing in {mapping}",
        complete=f"set `complete` in {mapping}",
        sheet=f"name the sheet that is with `sheet` in {mapping}",
        unread="no [[source]] names it and has its header",
    )


def assumed_in(result: AuditTables, mapping: AuditMapping, accepted: tuple[str, ...], intake: Intake, remedies: Remedies) -> Iterator[str]:
    """Yield what was taken for granted and is not in a file; *accepted* is what the user has accepted without confirming it."""
    if not result.as_of_given:
        yield f"the day of the audit is {day_text(result.as_of)}, the latest day in the files; {remedies.as_of}"
    yield from _later_rows(result, intake)
    yield from accepted
    says_invoicing = all("invoicing" in source.columns or source.has_documents or source.profile == EVENT_LOG for source in mapping.sources)
    if mapping.invoicing.value in (None, UNKNOWN_MEANING) and not says_invoicing:
        yield f"where e-invoices are made is unknown, so ERP and RMS are both possible; {remedies.invoicing}"
    yield from (unread_text(sheet, remedies) for sheet in intake.unread)
    yield from _missing_kinds(result, mapping)
    claims = {source.file.name for source in mapping.sources if source.complete_of}
    sources = list(records(intake.sources))
    for source in sources:
        if is_empty(source):
            yield empty_text(source, remedies)
    partly = [source_name(source) for source in sources if not source["complete_of"] and source["name"] in claims]
    if partly:
        yield f"{', '.join(partly)}: not taken as complete while a sheet is not read; {remedies.sheet}"
    silent = [
        source_name(source) for source in sources if not source["complete_of"] and source["name"] not in claims and not is_empty(source)
    ]
    if silent:
        yield f"{', '.join(silent)}: may be incomplete, so nothing is called missing from it; {remedies.complete}"
    yield from _days_after_the_documents(result, sources, remedies)
    for source in sources:
        if source["source"] < len(intake.columns):
            yield from days_left_open(source_name(source), intake.columns[source["source"]].days)
    yield from _bounds(sources, mapping.bounds)
    if result.reading is Reading.AS_WRITTEN:
        yield "our readings of the gaps are left out; what the SOP does not say is open"


def days_left_open(name: str, columns: Sequence[DayReading]) -> Iterator[str]:
    """Yield of which *columns* of the source *name* nothing shows in which order day and month are, and how they are read."""
    proved = {reading.form for reading in columns if reading.texts is Order.SHOWN}
    is_stored_proved = any(reading.stored is Order.SHOWN for reading in columns)
    compare = "compare some with the program that wrote the file"
    for form in dict.fromkeys(reading.form for reading in columns):
        of_form = [reading for reading in columns if reading.form == form]
        is_open = [reading for reading in of_form if reading.texts is Order.OPEN and not reading.stored and form not in proved]
        if is_open:
            order = "day" if is_open[0].is_day_first else "month"
            yield (
                f"{name}: all dates of {_columns_text(is_open)} could be read both ways; they are read {order} first, because `{form}` is declared; "
                f"{compare}"
            )
        mixed = [reading for reading in of_form if reading.texts and reading.stored and not is_stored_proved]
        if mixed:
            yield (
                f"{name}: {_columns_text(mixed)} {'have' if mixed[1:] else 'has'} dates of a spreadsheet beside texts; the dates are taken as they are "
                f"stored, and the texts as `{form}`; if the program has swapped day and month of some, it does not show; {compare}"
            )
        early = [reading for reading in of_form if reading.stored is Order.OPEN and not reading.texts and not is_stored_proved]
        if early:
            yield (
                f"{name}: all dates of {_columns_text(early)} are stored by a spreadsheet and have days up to the 12th; if the program has swapped day "
                f"and month, it does not show; {compare}"
            )


def _columns_text(readings: Sequence[DayReading]) -> str:
    """Return the names of columns as text."""
    names = [f"“{reading.column}”" for reading in readings]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _bounds(sources: Sequence[Mapping[str, Any]], bounds: DayBounds) -> Iterator[str]:
    """Yield our bounds of days, on which it rests that something is called missing, where *sources* can lack something."""
    lists_documents = any(source["system"] in DOCUMENT_SYSTEMS for source in sources)
    claims = {source["complete_of"] for source in sources if source["system"] in (*SELLER_SYSTEMS, System.AJIO, *DOCUMENT_SYSTEMS)}
    of_both = {source["system"] == System.AJIO for source in sources if source["system"] in (*SELLER_SYSTEMS, System.AJIO)}
    ours = "ours, not the SOP's"
    if Claim.ORDERS in claims and lists_documents:
        days = counted(bounds.days_from_order_to_invoice, "day")
        yield f"an e-invoice is made at most {days} after its order: {ours}; days_from_order_to_invoice sets another number"
    if of_both == {True, False} and claims & {Claim.ORDERS, Claim.CANCELLATIONS}:
        first, last = (counted(getattr(bounds, name), "day") for name in TO_CANCELLATION)
        yield (
            f"the first day that the rows of an order name is at most {first} after the order, and its cancellation at most {last} after that "
            f"day: {ours}; {' and '.join(TO_CANCELLATION)} set other numbers"
        )
    if Claim.DOCUMENTS in claims and lists_documents:
        days = counted(bounds.days_from_invoice_to_note, "day")
        yield (
            f"a credit note of an unknown order is of the financial year of its invoice, or made at most {days} after it: {ours}; "
            "days_from_invoice_to_note sets another number"
        )


def _missing_kinds(result: AuditTables, mapping: AuditMapping) -> Iterator[str]:
    """Yield which kind of file there is none of, although what is due rests on it."""
    logs = any(source.profile == EVENT_LOG for source in mapping.sources)
    if not logs and all(source.has_documents for source in mapping.sources):
        yield "no file says which orders were cancelled, so no credit note can be called due; add the cancellations, such as those of Assure OMS"
    elif not logs and not any(source.has_documents for source in mapping.sources) and result.duties.num_rows:
        yield "no file has credit notes, so those that are made are listed as due too; add the documents, such as the day book of the ERP"


def _days_after_the_documents(result: AuditTables, sources: Sequence[Mapping[str, Any]], remedies: Remedies) -> Iterator[str]:
    """Yield that credit notes are uncertain because the documents are complete to a day before that of the audit only."""
    last = max((source["complete_to"] for source in sources if source["complete_of"] == Claim.DOCUMENTS), default=result.as_of)
    if last < result.as_of and Status.UNCERTAIN in result.duties["status"].to_pylist():
        yield (
            f"the invoices and credit notes are complete to {day_text(last)}, before the day of the audit, so a credit note made since then is in no "
            f"file, and those that are due can be uncertain for it; {remedies.as_of}"
        )


def is_empty(source: Mapping[str, Any]) -> bool:
    """Return whether a source has a header and no row of data below it."""
    return source["profile"] != EVENT_LOG and not (source["used"] or source["repeated"] or source["set_aside"])


def is_without_evidence(source: Mapping[str, Any]) -> bool:
    """Return whether a source has no rows and does not say either that there was nothing."""
    return is_empty(source) and not source["complete_of"]


def empty_text(source: Mapping[str, Any], remedies: Remedies) -> str:
    """Return what a source without rows means: that there was nothing, if it holds everything of some days; otherwise nothing."""
    name = source_name(source)
    if source["complete_of"]:
        days = f"from {day_text(source['complete_from'])} to {day_text(source['complete_to'])}"
        return (
            f"{name} has a header and no rows: it says that it holds everything, so there were no {CLAIMED[source['complete_of']]} {days}"
        )
    return f"{name} has a header and no rows, and nothing is concluded from that: export it again, or, if there was nothing, {remedies.complete}"


def unread_text(sheet: UnreadSheet, remedies: Remedies) -> str:
    """Return that a sheet is not read, and why."""
    return f"{sheet.file}, sheet {sheet.sheet} with {counted(sheet.rows, 'row')} is not read: {remedies.unread}"


def _later_rows(result: AuditTables, intake: Intake) -> Iterator[str]:
    """Yield which rows have a time after the day of the audit."""
    names = RowPlaces(records(intake.sources))
    places: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for row in records(result.dated_later):
        places[row["source"], row["left_out"]].append(row["row"])
    for (source, is_left_out), rows in sorted(places.items()):
        numbers = ", ".join(_row_text(names, source, row) for row in rows[:MOST_LATER_ROWS]) + (
            ", …" if len(rows) > MOST_LATER_ROWS else ""
        )
        what = "dated after the day of the audit and left out" if is_left_out else "with a time after the day of the audit"
        yield f"{names[source]}: {counted(len(rows), 'row')} {what}: {numbers}"


def _row_text(names: RowPlaces, source: int, row: int) -> str:
    """Return the number of a row, in a folder with its part."""
    file, number = names.place(source, row)
    return str(number) if file == names[source] else f"{file.rpartition('/')[2]} {number}"
