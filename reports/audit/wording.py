"""Words for values of an audit: places in files, money, days, statuses and rules."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from orders.audit.client_duties import Status
from orders.audit.rules.registry import RULES as AUDIT_RULES
from orders.audit.tables import Claim
from orders.intake.mapping.profiles import CONFIDENCES, profiles
from orders.intake.source_columns import SourceColumns
from orders.row_places import RowPlaces
from sop_engine import TaskKey
from sop_engine.text import MONTHS, counted

SHOWN_AS_DUTIES: Final = ("D-1", "D-2")
"""Rules whose findings are the open credit notes, which are listed as duties."""
CREDIT_NOTE: Final = "credit-note"
"""The key of the task that has an age."""
OPEN: Final = (str(Status.OPEN), str(Status.PARTLY_DONE))
"""Statuses of duties of which something is certainly left to do."""
DONE: Final = str(Status.DONE)
UNDECIDED: Final = (str(Status.UNCERTAIN), str(Status.QUESTION))
RULES: Final = {name: rule.finds for name, rule in AUDIT_RULES.items()}
"""What each rule finds, in a few words: those of the feature files."""
BASES: Final = {"law": "the law, not the SOP", "ours": "our rule", "our reading": "our reading of the SOP", "flow": "the flow of an order",
                "silent": "the SOP does not say"}  # fmt: skip
"""What a finding rests on, besides clauses and gaps."""
URGENCIES: Final = {
    "overdue": "overdue (law)",
    "reminder": "older than 30 days (our reminder)",
    "due": "due",
}


CLAIMED: Final = {
    str(Claim.ORDERS): "orders placed",
    str(Claim.CANCELLATIONS): "requests to cancel",
    str(Claim.DOCUMENTS): "invoices and credit notes",
    str(Claim.RETURNS): "returns",
}
"""What a file can hold completely, in words."""


def day_text(day: date | None) -> str:
    """Return *day* as ``4 Jun 2026``; an empty text for none."""
    return "" if day is None else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def source_name(source: Mapping[str, Any]) -> str:
    """Return the name of a source: its file, and its sheet where it has one."""
    return f"{source['name']}, sheet {source['sheet']}" if source["sheet"] else str(source["name"])


def source_kind_text(source: Mapping[str, Any]) -> str:
    """Return as what a file was read: the title of its profile with its name and how sure it is, or that its columns were chosen."""
    profile = profiles().get(source["profile"] or "")
    if profile is None:
        return str(source["profile"] or "a table that follows no profile: a person chose its columns")
    return f"{profile.title} (profile {profile.name}: {CONFIDENCES[profile.confidence]})"


def completeness_text(source: Mapping[str, Any]) -> str:
    """Return what a source claims to hold completely, in words."""
    if not source["complete_of"]:
        return "nothing: absence from it proves nothing"
    return f"{CLAIMED[source['complete_of']]}, from {day_text(source['complete_from'])} to {day_text(source['complete_to'])}"


def channels_text(source: Mapping[str, Any]) -> str:
    """Return how many rows of a source are of other sales channels, and of which; an empty text for none."""
    channels = source["other_channels"] or ()
    if not channels:
        return ""
    names = ", ".join(f"{channel['rows']:,} {channel['name']}" for channel in channels)
    return f"{counted(sum(channel['rows'] for channel in channels), 'row')} of other sales channels, left out: {names}"


def unread_texts(columns: SourceColumns) -> tuple[tuple[str, str], ...]:
    """Return, with a heading each, the columns of a file that are not read, and what it has no column or no value for."""
    names = [f"{letter} “{name}”" for letter, name in columns.not_read]
    entries = (
        ("Not read", ", ".join(names)),
        ("No column for", ", ".join(columns.missing)),
        ("Empty in every row", ", ".join(columns.empty_beside_others)),
    )
    return tuple((heading, text) for heading, text in entries if text)


def row_location(seen: Mapping[str, Any], names: RowPlaces) -> str:
    """Return where something was seen: the file and its row."""
    return names.text(seen["source"], seen["row"])


def places_text(seen: Sequence[Mapping[str, Any]], names: RowPlaces) -> str:
    """Return what was seen, each with its place, a line for each."""
    return "\n".join(f"{row_location(item, names)}: {item['text']}" if item["text"] else row_location(item, names) for item in seen)


def grounds(finding: Mapping[str, Any]) -> str:
    """Return the clauses and gaps of a finding or duty, and its basis where it has one."""
    basis = finding.get("basis")
    return ", ".join([*finding["clauses"], *finding["gaps"], *([BASES.get(basis, basis)] if basis else [])])


def grounds_sentence(finding: Mapping[str, Any]) -> str:
    """Return what a finding rests on as a sentence without its full stop."""
    ids = ", ".join([*finding["clauses"], *finding["gaps"]])
    if finding.get("basis") == "silent":
        return f"rests on {ids}; the SOP says no more" if ids else "the SOP does not say"
    return f"rests on {text}" if (text := grounds(finding)) else ""


def task_words(key: str) -> str:
    """Return a task in the words of the SOP's register."""
    return TaskKey(key).words


def is_question(finding: Mapping[str, Any]) -> bool:
    """Return whether a finding asks for something to be found out first."""
    return bool(finding["cannot_tell"]) or finding["strength"] == "ask"


def is_open_duty(duty: Mapping[str, Any]) -> bool:
    """Return whether something has to be done, or found out, for a duty."""
    return duty["modality"] == "must" and duty["status"] in (*OPEN, *UNDECIDED)


def duty_state(duty: Mapping[str, Any]) -> str:
    """Return the status of a duty in words."""
    status, urgency = duty["status"], duty["urgency"]
    if status in OPEN and urgency:
        return URGENCIES[urgency] + (", partly done" if status == "partly done" else "")
    return str(status)


def worklist_heading(as_of: date, assumed: Sequence[str], sheets: Sequence[tuple[str, str]]) -> list[str]:
    """Return the lines of the first sheet of a worklist."""
    return [
        f"Worklist of the audit as of {day_text(as_of)}",
        "Each sheet is a list of work. Sort, filter and hide rows and columns as you like.",
        "Write into the column “Your note”. The next audit keeps your notes when it is called with --since and this folder.",
        "Leave the column “Reference” as it is: it connects a note with its order.",
        "",
        *(f"{title}: {about}" for title, about in sheets),
        "",
        "Numbers of orders and documents are texts. A text that could be a formula begins with an apostrophe.",
        *(f"Assumed: {sentence}" for sentence in assumed),
    ]
