"""The content of the page of an audit as plain data; the template only places it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reports.audit.earlier_audit import Comparison
from reports.audit.figures import Figures, SystemsGrid, figures_of, grid_of
from reports.audit.material import AuditMaterial, records
from reports.audit.order_life import OrderLife, order_life
from reports.audit.references import numbered_duties, numbered_findings, numbered_rows
from reports.audit.sheets import claim, credit_notes_by_age, source_names
from reports.audit.wording import (
    AGAINST_THE_SOP,
    CREDIT_NOTE,
    DONE,
    OPEN,
    RULES,
    SHOWN_AS_DUTIES,
    UNDECIDED,
    day_text,
    duty_state,
    grounds,
    is_open_duty,
    is_question,
    places_text,
    rupees,
    source_name,
    task_words,
    unread_texts,
)
from sop_engine import Rulebook
from sop_engine.ids import is_gap

SHOWN = 300
"""Entries of a list on the page; the rest is in the worklist and the CSV files."""
OLDEST = 5
LIVES = 60
"""Orders whose life is on the page."""


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
        self.findings = list(numbered_findings(material)) if material.findings.num_rows <= _MOST_GROUPED else self._first_findings()
        self.lives = self._lives()

    def _first_findings(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the findings that the page shows of very many: those that count, as far as they are shown."""
        kept: dict[str, int] = defaultdict(int)
        chosen = []
        for reference, finding in numbered_findings(self.material):
            kept[finding["rule"]] += 1
            if kept[finding["rule"]] <= SHOWN:
                chosen.append((reference, finding))
        return chosen

    def _lives(self) -> dict[str, OrderLife]:
        keys = dict.fromkeys(order.strip().removeprefix("'").strip().upper() for order in self.material.explained)
        if self.material.requests.num_rows <= _MOST_SEARCHED:
            keys |= dict.fromkeys(duty["order_key"] for _, duty in credit_notes_by_age(self.material))
            keys |= dict.fromkeys(
                finding["order_key"] for _, finding in self.findings if finding["strength"] != "info" and finding["order_key"]
            )
        chosen = list(keys)[: max(LIVES, len(self.material.explained))]
        return {key: order_life(key, self.material) for key in chosen}

    def page(self, comparison: Comparison | None) -> AuditPage:
        material, figures = self.material, figures_of(self.material)
        notes = credit_notes_by_age(material)
        oldest = sorted(
            (duty for duty in notes if duty[1]["status"] in OPEN),
            key=lambda numbered: (-(numbered[1]["days"] or 0), numbered[1]["order_key"]),
        )
        by_rule = self._by(lambda finding: finding["rule"][0] == "R" and finding["strength"] == "must" and not is_question(finding))
        return AuditPage(
            as_of=day_text(material.as_of),
            reading=str(material.reading).replace("-", " "),
            figures=figures,
            due_value=rupees(figures.due_paise),
            oldest_text=_oldest_text(figures.oldest),
            oldest=tuple(self._duty(*duty) for duty in oldest[:OLDEST]),
            duties=tuple(self._duty_groups(notes)),
            other_duties=self._other_duties(),
            against=tuple(self._against(lambda rule: rule in AGAINST_THE_SOP)),
            corrections=tuple(self._against(lambda rule: rule not in (*AGAINST_THE_SOP, *SHOWN_AS_DUTIES) and rule[0] in "CD")),
            grid=grid_of(material),
            reconciliation=tuple(by_rule),
            returns=self._group(
                "", [numbered for numbered in self.findings if numbered[1]["rule"][0] == "T" and not is_question(numbered[1])]
            ),
            questions=tuple(self._questions()),
            information=tuple(
                self._by(lambda finding: finding["rule"][0] in "CDR" and finding["strength"] == "info" and not is_question(finding))
            ),
            aside=tuple(self._aside()),
            sources=tuple(self._source(source) for source in records(material.sources)),
            lives=tuple(self.lives.values()),
            since=comparison,
            assumed=material.assumed,
            rules=tuple((rule, RULES.get(rule, ""), count) for rule, count in figures.rules.items()),
        )

    def _duty_groups(self, notes: list[tuple[str, dict[str, Any]]]) -> Iterable[Group]:
        done = [
            (reference, duty)
            for reference, duty in numbered_duties(self.material)
            if duty["task"] == CREDIT_NOTE and duty["status"] not in (*OPEN, *UNDECIDED)
        ]
        by_state: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        for reference, duty in notes:
            by_state[duty["urgency"] or "" if duty["status"] in OPEN else duty["status"]].append((reference, duty))
        for state, title, remark in _DUTY_STATES:
            if by_state.get(state):
                yield self._duties(title, by_state[state], remark)
        if done:
            yield self._duties("Done", done, "a credit note that names the e-invoice is in the files")

    def _duties(self, title: str, duties: list[tuple[str, dict[str, Any]]], remark: str = "") -> Group:
        return Group(title, "", remark, tuple(self._duty(*duty) for duty in duties[:SHOWN]), max(0, len(duties) - SHOWN))

    def _other_duties(self) -> Group:
        duties = [
            (reference, duty) for reference, duty in numbered_duties(self.material) if duty["task"] != CREDIT_NOTE and is_open_duty(duty)
        ]
        return self._duties("Other duties", duties)

    def _duty(self, reference: str, duty: Mapping[str, Any]) -> DutyView:
        done = f"{duty['done_by'] or 'the client'} {day_text(duty['done_on'])}".strip() if duty["status"] == DONE else ""
        return DutyView(
            duty["order_text"], self._life(duty), task_words(duty["task"]), duty["invoice"] or "", rupees(duty["value_paise"]),
            rupees(duty["rest_paise"]), duty_state(duty), duty["urgency"] or "", day_text(duty["since"]), duty["days"],
            day_text(duty["reminder_on"]), day_text(duty["overdue_on"]), grounds(duty), duty["remark"] or "",
            places_text(duty["seen"], self.names), self.material.notes.get(reference, ""), done,
        )  # fmt: skip

    def _against(self, is_of: Callable[[str], bool]) -> Iterable[Group]:
        """Yield the findings that count of some rules, by the clause or gap that comes first."""
        by_ground: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        for reference, finding in self.findings:
            if is_of(finding["rule"]) and finding["strength"] == "must" and not is_question(finding):
                by_ground[next(iter([*finding["clauses"], *finding["gaps"]]), "")].append((reference, finding))
        for ground in sorted(by_ground, key=lambda name: (name == "", is_gap(name), name)):
            yield self._group(ground, by_ground[ground])

    def _questions(self) -> Iterable[Group]:
        by_gap: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        for reference, finding in self.findings:
            if is_question(finding):
                by_gap[_UNCERTAIN if finding["cannot_tell"] else next(iter(finding["gaps"]), finding["rule"])].append((reference, finding))
        for ground in sorted(by_gap, key=lambda name: (name == _UNCERTAIN, not is_gap(name), name)):
            yield self._group(ground, by_gap[ground])

    def _by(self, is_shown: Callable[[dict[str, Any]], bool]) -> Iterable[Group]:
        by_rule: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        for reference, finding in self.findings:
            if is_shown(finding):
                by_rule[finding["rule"]].append((reference, finding))
        for rule in sorted(by_rule):
            yield self._group(rule, by_rule[rule])

    def _group(self, name: str, findings: list[tuple[str, dict[str, Any]]]) -> Group:
        """Return *findings* below a clause, a gap, a rule, or without a heading, with the text of what *name* is."""
        title, text, remark = name, self.clauses.get(name, ""), ""
        if name in self.gaps:
            gap = self.gaps[name]
            text, remark = gap.question, f"We assume: {gap.chosen}"
        elif name in RULES:
            title, text = name, RULES[name]
        views = tuple(self._finding(*finding) for finding in findings[:SHOWN])
        return Group(title, text, remark, views, max(0, len(findings) - SHOWN))

    def _finding(self, reference: str, finding: Mapping[str, Any]) -> FindingView:
        return FindingView(
            finding["rule"], RULES.get(finding["rule"], ""), finding["order_text"], self._life(finding), finding["document"] or "",
            finding["text"], finding["remedy"], "uncertain" if finding["cannot_tell"] else finding["strength"], day_text(finding["since"]),
            grounds(finding), places_text(finding["seen"], self.names), self.material.notes.get(reference, ""),
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
            yield AsideView(
                self.names[source], len(rows), row["row"], " ".join(filter(None, (letter, why["column"]))), why["text"] or "", why["message"],
                why["remedy"], reason, why["gap"] or "", ", ".join(orders) + (", …" if len(rows) > _NAMED else ""),
            )  # fmt: skip

    def _source(self, source: Mapping[str, Any]) -> SourceView:
        profile = " ".join(filter(None, (source["profile"], f"({source['confidence']})" if source["confidence"] else "")))
        counts = tuple((name.replace("_", " "), source[name]) for name in _COUNTED if source[name] or name == "used")
        totals = tuple(_total_text(total) for total in source["totals"] or ())
        columns = self.material.columns_of(source["source"])
        return SourceView(
            source_name(source),
            source["system"],
            profile,
            claim(dict(source)),
            counts,
            totals,
            columns.read,
            unread_texts(columns),
            source["sha256"],
        )


_MOST_GROUPED, _MOST_SEARCHED, _NAMED = 50_000, 100_000, 6
_UNCERTAIN = "Not certain from these files"
_COUNTED = ("used", "repeated", "set_aside", "total", "blank", "header_again")
_DUTY_STATES = (
    ("overdue", "Overdue", "by law, not by the SOP: after 30 November that follows the financial year of the supply"),
    ("reminder", "Older than 30 days", "our reminder; the SOP names no deadline (GAP-28)"),
    ("due", "Due", ""),
    ("", "Due, of unknown age", "a date is missing"),
    ("uncertain", "Uncertain", "a row that names it is set aside, or a file does not claim to be complete"),
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


def _total_text(total: Mapping[str, Any]) -> str:
    def amount(value: int) -> str:
        return rupees(value) if total["paise"] else f"{value:,}"

    sums = total["used"] + total["set_aside"] + total["repeated"]
    where = f"row {total['row']}, column {total['letter']} “{total['column']}”"
    if total["said"] == sums:
        parts = f"{amount(total['used'])} used" + (f", {amount(total['set_aside'])} set aside" if total["set_aside"] else "")
        return f"{where}: the total {amount(total['said'])} agrees ({parts})"
    return f"{where}: the total says {amount(total['said'])}, the rows add up to {amount(sums)}: the file may be cut off"
