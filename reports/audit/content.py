"""The page of an audit: its content as plain data, and one self-contained file without a script, whose style sheet is allowed by its hash."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.amounts import rupees
from orders.audit.audit import AGAINST_THE_SOP
from reports.audit.earlier_audit import Comparison
from reports.audit.figures import ROW_STATES, Figures, SystemsGrid, VmsList, figures_of, grid_of, vms_lists
from reports.audit.material import AuditMaterial, records
from reports.audit.order_life import OrderLife, order_key, order_life
from reports.audit.references import numbered_duties, numbered_findings, numbered_rows
from reports.audit.sheets import source_names
from reports.audit.wording import (
    DONE,
    OPEN,
    RULES,
    SHOWN_AS_DUTIES,
    channels_text,
    completeness_text,
    day_text,
    duty_state,
    grounds,
    grounds_sentence,
    places_text,
    source_kind_text,
    source_name,
    task_words,
    unread_texts,
)
from reports.audit.work import (
    Places,
    are_questions,
    credit_notes_by_age,
    finished_credit_notes,
    first_grounds,
    first_of,
    is_one_of,
    oldest_credit_notes,
    other_duties,
    places_by_word,
)
from reports.html.single_file import single_file_page
from sop_engine import Rulebook, load_rulebook
from sop_engine.ids import is_gap

SHOWN = 300
"""Entries of a list on the page; the rest is in the worklist and the CSV files."""
OLDEST = 5
LIVES = 60
"""Orders whose life is on the page."""

PAGE_FILE = "audit.html"
STYLE = ("style/10-base.css", "style/99-print.css", "scenario_report.css", "audit.css")


@dataclass(frozen=True, slots=True)
class DutyView:
    """A duty as the page shows it."""

    order: str
    life: str
    task: str
    invoice: str
    value: str
    rest: str
    state: str
    urgency: str
    since: str
    days: int | None
    reminder_on: str
    overdue_on: str
    grounds: str
    remark: str
    seen: str
    note: str
    done: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as the page shows it."""

    rule: str
    finds: str
    order: str
    life: str
    document: str
    text: str
    remedy: str
    kind: str
    since: str
    grounds: str
    seen: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; *more* are left out. *text* is the clause's or the gap's, *remark* what we assume."""

    title: str
    text: str
    remark: str
    entries: tuple[Any, ...]
    more: int = 0

    @property
    def count(self) -> int:
        """Return the number of entries, also of those left out."""
        return len(self.entries) + self.more


@dataclass(frozen=True, slots=True)
class AsideView:
    """Equal reasons of rows of one file: their number, and the first row with its order and cell."""

    file: str
    count: int
    first: int
    column: str
    cell: str
    message: str
    remedy: str
    reason: str
    gap: str
    orders: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """A file of the audit."""

    name: str
    system: str
    profile: str
    claim: str
    counts: tuple[tuple[str, int], ...]
    totals: tuple[str, ...]
    channels: str
    columns: tuple[tuple[str, str], ...]
    unread: tuple[tuple[str, str], ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The content of the page."""

    as_of: str
    reading: str
    figures: Figures
    due_value: str
    oldest_text: str
    oldest: tuple[DutyView, ...]
    duties: tuple[Group, ...]
    other_duties: Group
    against: tuple[Group, ...]
    corrections: tuple[Group, ...]
    grid: SystemsGrid
    reconciliation: tuple[Group, ...]
    returns: Group
    vms_lists: tuple[VmsList, ...]
    questions: tuple[Group, ...]
    information: tuple[Group, ...]
    aside: tuple[AsideView, ...]
    sources: tuple[SourceView, ...]
    lives: tuple[OrderLife, ...]
    since: Comparison | None
    assumed: tuple[str, ...]
    rules: tuple[tuple[str, str, int], ...]


def page_of(material: AuditMaterial, comparison: Comparison | None, rulebook: Rulebook) -> AuditPage:
    """Return the content of the page."""
    return _Pages(material, rulebook).page(comparison)


class _Pages:
    """Maker of the content: the material, the texts of clauses and gaps, and the orders whose life is on the page."""

    def __init__(self, material: AuditMaterial, rulebook: Rulebook) -> None:
        self.material = material
        self.names = source_names(material)
        self.clauses = {clause.id: clause.text for clause in rulebook.clauses}
        self.gaps = {gap.id: gap for gap in rulebook.gaps}
        self.findings = material.findings
        self.is_question = are_questions(self.findings)
        self.lives = self._lives()

    def _lives(self) -> dict[str, OrderLife]:
        keys = dict.fromkeys(order_key(order) for order in self.material.explained)
        if self.material.requests.num_rows <= _MOST_SEARCHED:
            notes = self.material.duties["order_key"].take(pa.array(credit_notes_by_age(self.material)))
            others = self.findings.filter(pa.array(~is_one_of(self.findings, "strength", ("info",))))["order_key"]
            with_work = pa.chunked_array([*notes.chunks, *others.chunks], pa.string()).unique()
            keys |= dict.fromkeys(key for key in with_work.slice(0, LIVES + 1).to_pylist() if key)
        chosen = list(keys)[: max(LIVES, len(self.material.explained))]
        return {key: order_life(key, self.material) for key in chosen}

    def page(self, comparison: Comparison | None) -> AuditPage:
        material, figures = self.material, figures_of(self.material)
        return AuditPage(
            as_of=day_text(material.as_of),
            reading=str(material.reading).replace("-", " "),
            figures=figures,
            due_value=figures.due_value,
            oldest_text=_oldest_text(figures.oldest),
            oldest=self._duty_views(oldest_credit_notes(material, OLDEST)),
            duties=tuple(self._duty_groups()),
            other_duties=self._duties("Other duties", other_duties(material)),
            against=tuple(self._by_ground(self._of(lambda rule: rule in AGAINST_THE_SOP, "must"))),
            corrections=tuple(
                self._by_ground(self._of(lambda rule: rule not in (*AGAINST_THE_SOP, *SHOWN_AS_DUTIES) and rule[0] in "CD", "must"))
            ),
            grid=grid_of(material),
            reconciliation=tuple(self._by_rule(self._of(lambda rule: rule[0] == "R", "must"))),
            returns=self._group("", self._of(lambda rule: rule[0] == "T")),
            vms_lists=vms_lists(material),
            questions=tuple(self._questions()),
            information=tuple(self._by_rule(self._of(lambda rule: rule[0] in "CDR", "info"))),
            aside=tuple(self._aside()),
            sources=tuple(self._source(source) for source in records(material.sources)),
            lives=tuple(self.lives.values()),
            since=comparison,
            assumed=material.assumed,
            rules=tuple((rule, RULES.get(rule, ""), count) for rule, count in figures.rules.items()),
        )

    def _duty_groups(self) -> Iterable[Group]:
        notes, duties = credit_notes_by_age(self.material), self.material.duties
        states = pc.if_else(pc.is_in(duties["status"], pa.array(OPEN)), pc.fill_null(duties["urgency"], ""), duties["status"])
        by_state = places_by_word(states.take(pa.array(notes)), notes)
        for state, title, remark in _DUTY_STATES:
            if state in by_state:
                yield self._duties(title, by_state[state], remark)
        done = finished_credit_notes(self.material)
        if len(done):
            yield self._duties("Done", done, "a credit note that names the e-invoice is in the files")

    def _duties(self, title: str, places: Places, remark: str = "") -> Group:
        return Group(title, "", remark, self._duty_views(places[:SHOWN]), max(0, len(places) - SHOWN))

    def _duty_views(self, places: Places) -> tuple[DutyView, ...]:
        return tuple(self._duty(*duty) for duty in numbered_duties(self.material, places))

    def _duty(self, reference: str, duty: Mapping[str, Any]) -> DutyView:
        done = f"{duty['done_by'] or 'the client'} {day_text(duty['done_on'])}".strip() if duty["status"] == DONE else ""
        return DutyView(
            duty["order_text"], self._life(duty), task_words(duty["task"]), duty["invoice"] or "", rupees(duty["value_paise"]),
            rupees(duty["rest_paise"]), duty_state(duty), duty["urgency"] or "", day_text(duty["since"]), duty["days"],
            day_text(duty["reminder_on"]), day_text(duty["overdue_on"]), grounds(duty), duty["remark"] or "",
            places_text(duty["seen"], self.names), self.material.notes.get(reference, ""), done,
        )  # fmt: skip

    def _of(self, is_of: Callable[[str], bool], strength: str = "") -> Places:
        """Return the findings, other than questions, of some rules, and of one strength if it is given."""
        wanted = ~self.is_question & is_one_of(self.findings, "rule", filter(is_of, self.findings["rule"].unique().to_pylist()))
        if strength:
            wanted &= is_one_of(self.findings, "strength", (strength,))
        return np.flatnonzero(wanted)

    def _by_ground(self, places: Places) -> Iterable[Group]:
        """Yield findings by the clause or gap that comes first."""
        by_ground = places_by_word(first_grounds(self.findings.take(pa.array(places))), places)
        for ground in sorted(by_ground, key=lambda name: (name == "", is_gap(name), name)):
            yield self._group(ground, by_ground[ground])

    def _questions(self) -> Iterable[Group]:
        places = np.flatnonzero(self.is_question)
        asked = self.findings.take(pa.array(places))
        grounds = pc.if_else(asked["cannot_tell"], _UNCERTAIN, pc.coalesce(first_of(asked["gaps"]), asked["rule"]))
        by_gap = places_by_word(grounds, places)
        for ground in sorted(by_gap, key=lambda name: (name == _UNCERTAIN, not is_gap(name), name)):
            yield self._group(ground, by_gap[ground])

    def _by_rule(self, places: Places) -> Iterable[Group]:
        by_rule = places_by_word(self.findings["rule"].take(pa.array(places)), places)
        for rule in sorted(by_rule):
            yield self._group(rule, by_rule[rule])

    def _group(self, name: str, places: Places) -> Group:
        """Return the findings at *places* below a clause, a gap, a rule, or without a heading, with the text of what *name* is."""
        title, text, remark = name, self.clauses.get(name, ""), ""
        if name in self.gaps:
            gap = self.gaps[name]
            text, remark = gap.question, f"We assume: {gap.chosen}"
        elif name in RULES:
            title, text = name, RULES[name]
        views = tuple(self._finding(*finding) for finding in numbered_findings(self.material, places[:SHOWN]))
        return Group(title, text, remark, views, max(0, len(places) - SHOWN))

    def _finding(self, reference: str, finding: Mapping[str, Any]) -> FindingView:
        return FindingView(
            finding["rule"], RULES.get(finding["rule"], ""), finding["order_text"], self._life(finding), finding["document"] or "",
            finding["text"], finding["remedy"], "uncertain" if finding["cannot_tell"] else finding["strength"], day_text(finding["since"]),
            grounds_sentence(finding), places_text(finding["seen"], self.names), self.material.notes.get(reference, ""),
        )  # fmt: skip

    def _life(self, record: Mapping[str, Any]) -> str:
        """Return the anchor of the order's life, if it is on the page."""
        return life_anchor(list(self.lives).index(record["order_key"])) if record["order_key"] in self.lives else ""

    def _aside(self) -> Iterable[AsideView]:
        """Yield the reasons of rows set aside, equal ones together."""
        together: dict[tuple[Any, ...], list[tuple[dict[str, Any], dict[str, Any]]]] = defaultdict(list)
        for _, row in numbered_rows(self.material):
            for why in row["reasons"] or ():
                message = why["message"] if not why["text"] else why["message"].replace(why["text"], "…")
                together[(row["source"], why["id"], why["letter"], message)].append((row, why))
        for (source, reason, letter, _), rows in together.items():
            row, why = rows[0]
            orders = [numbered["order_text"] for numbered, _ in rows[:_NAMED] if numbered["order_text"]]
            file, first = self.names.place(source, row["row"])
            yield AsideView(
                file, len(rows), first, " ".join(filter(None, (letter, why["column"]))), why["text"] or "", why["message"],
                why["remedy"], reason, why["gap"] or "", ", ".join(orders) + (", …" if len(rows) > _NAMED else ""),
            )  # fmt: skip

    def _row_of_total(self, source: Mapping[str, Any], row: int) -> str:
        return self.names.text(source["source"], row) if source["parts"] else f"row {row}"

    def _source(self, source: Mapping[str, Any]) -> SourceView:
        counts = tuple((name.replace("_", " "), source[name]) for name in ROW_STATES if source[name] or name == "used")
        totals = tuple(_total_text(total, self._row_of_total(source, total["row"])) for total in source["totals"] or ())
        columns = self.material.columns_of(source["source"])
        return SourceView(
            source_name(source),
            source["system"],
            source_kind_text(source),
            completeness_text(dict(source)),
            counts,
            totals,
            channels_text(source),
            columns.read,
            unread_texts(columns),
            source["sha256"],
        )


_MOST_SEARCHED, _NAMED = 100_000, 6
_UNCERTAIN = "Not certain from these files"
_DUTY_STATES = (
    ("overdue", "Overdue", "by law, not by the SOP: after 30 November that follows the financial year of the supply"),
    ("reminder", "Older than 30 days", "our reminder; the SOP names no deadline (GAP-28)"),
    ("due", "Due", ""),
    ("", "Due, of unknown age", "a date is missing"),
    ("uncertain", "Uncertain", "the files leave open whether it is due or made; its order says why"),
    ("question", "The SOP does not say", ""),
)
"""States of credit notes in the order of the page, with title and remark."""


def life_anchor(place: int) -> str:
    """Return the id of the life of an order on the page."""
    return f"order-{place + 1}"


def _oldest_text(duty: Mapping[str, Any] | None) -> str:
    if duty is None or duty["days"] is None:
        return ""
    return f"oldest: {duty['days']:,} days, order {duty['order_text']}"


def _total_text(total: Mapping[str, Any], row: str) -> str:
    def amount(value: int) -> str:
        return rupees(value) if total["paise"] else f"{value:,}"

    sums = total["used"] + total["set_aside"] + total["repeated"]
    where = f"{row}, column {total['letter']} “{total['column']}”"
    if total["said"] == sums:
        parts = f"{amount(total['used'])} used" + (f", {amount(total['set_aside'])} set aside" if total["set_aside"] else "")
        return f"{where}: the total {amount(total['said'])} agrees ({parts})"
    return f"{where}: the total says {amount(total['said'])}, the rows add up to {amount(sums)}: the file may be cut off"


def audit_page(material: AuditMaterial, comparison: Comparison | None = None) -> bytes:
    """Return the page of *material*; the same audit gives the same bytes."""
    rulebook = load_rulebook()
    return render(page_of(material, comparison, rulebook), rulebook.sha256).encode("utf-8", "replace")


def render(page: AuditPage, rulebook: str) -> str:
    """Render *page* as HTML; *rulebook* is the digest of the rulebook that gave the answers."""
    return single_file_page("audit.html.j2", STYLE, page=page, rulebook=rulebook)
