"""Messages for analysts about claims that do not hold.

A step makes the same claim about every possible case of its scenario. If the answers differ between the cases, the message names
the facts on which they depend, in the words of the features, and two cases; otherwise it gives the expected and the actual value
once.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from sop_engine import load_rulebook
from sop_engine.case import FACTS
from sop_engine.loading.words import FACTS_OF
from sop_engine.possible_cases import deciding_facts, witnesses
from sop_engine.statement import CASE, RETURN
from sop_engine.text import counted
from sop_runs.change.answers import situation_of
from sop_runs.claim_advice import FACT_CONDITIONS, advice
from sop_runs.claim_words import PLACES, TASK, TASKS, value_in_words
from sop_runs.record.schema import Claim

Plain = object
"""Any JSON value."""
ClaimedRow = tuple[str, int | None, int]
"""A row of a report, or of a table of tasks, in claims: subject, step and number."""
FACT_NAMES = {
    "canceller": "who cancels",
    "scope": "how much is cancelled",
    "invoicing": "the invoicing",
    "stage": "the stage",
    "e_invoice": "the e-invoice",
}
"""The name of each fact in messages."""
PARTS_OF_PLACES = ("actor", "system")
NO_NAMES: Mapping[ClaimedRow, str] = MappingProxyType({})

PLURAL_FACETS = frozenset({"tasks", "places", "alternatives", "clauses", "gaps"})
"""The parts of an answer whose names are plural."""


def differences(checked: Sequence[Claim]) -> Iterator[str]:
    """Yield a message for each part of an answer that differs from its claim, and advice; of parts that depend on a fact, only the first."""
    names = _names_of_rows(checked)
    wrong = [claims for claims in _by_check(without_repetitions(checked)) if not all(claim.holds for claim in claims)]
    dependent = [sentence for claims in wrong if (sentence := _dependence_sentence(claims, names))]
    yield from dependent[:1]
    for claims in wrong:
        if not _dependence_sentence(claims, names):
            yield _difference_sentence(claims, names)
            yield from advice(next(claim for claim in claims if not claim.holds))


def failure_lines(checked: Sequence[Claim]) -> list[str]:
    """Return a line for each check that does not hold and each of its values, so that no difference hides another."""
    names = _names_of_rows(checked)
    groups: list[dict[str, list[Claim]]] = []
    for claims in _by_check(without_repetitions(checked)):
        groups.append({})
        for claim in claims:
            if not claim.holds:
                groups[-1].setdefault(json.dumps([claim.expected, claim.actual]), []).append(claim)
    return [" ".join(_difference_sentence(claims, names).split()) for group in groups for claims in group.values()]


def difference(claim: Claim) -> str:
    """Return a message with the expected and the actual value of a claim."""
    return _difference_sentence([claim])


def _row_of(claim: Claim) -> ClaimedRow | None:
    """Return the row of a report that *claim* is about: subject, step and number; None if it is about no cell of a report."""
    return _place_of(claim, claim.cell[0]) if claim.cell is not None and claim.subject.get("kind") == "report" else None


def _place_of(claim: Claim, row: int) -> ClaimedRow:
    return json.dumps(claim.subject, sort_keys=True), claim.step, row


def _names_of_tasks_in(checked: Sequence[Claim]) -> dict[ClaimedRow, str]:
    """Return the task of each row of a table of places."""
    tables = [claim for claim in checked if claim.facet == PLACES and isinstance(claim.expected, list)]
    return {
        _place_of(claim, number): value_in_words(row[0], PLACES)
        for claim in tables
        for number, row in enumerate(claim.expected)
        if isinstance(row, list) and row
    }


def _names_of_rows(checked: Sequence[Claim]) -> dict[ClaimedRow, str]:
    """Return the name of each row of a table: its task; of a report its order, with the number of the row where another has the same order."""
    orders = {row: str(claim.expected) for claim in checked if claim.facet == "order" and claim.holds and (row := _row_of(claim))}
    counts = Counter(orders.values())
    reports = {row: f"order {name}" if counts[name] == 1 else f"row {row[2]}, order {name}" for row, name in orders.items()}
    return {**_names_of_tasks_in(checked), **reports}


def without_repetitions(checked: Sequence[Claim]) -> list[Claim]:
    """Leave out claims of a table that say nothing more than those of its cells, and claims of cells that it says already.

    Of a report, its cells say everything if it has as many rows as expected; of a table of tasks, if these are the same tasks in the
    same order, and otherwise the table does.
    """
    return _without_reported_tasks(_without_reported_rows(checked))


def _without_reported_tasks(checked: Sequence[Claim]) -> list[Claim]:
    parts = {TASKS: {TASK}, PLACES: {"actor", "system"}}
    left_out: set[tuple[str, int | None, str]] = set()
    for claim in checked:
        if claim.facet not in parts or claim.holds or claim.cell is not None:
            continue
        about = json.dumps(claim.subject, sort_keys=True), claim.step
        cells = [
            other
            for other in checked
            if other.facet in parts[claim.facet] and (json.dumps(other.subject, sort_keys=True), other.step) == about
        ]
        by_cells = any(not cell.holds for cell in cells) and _names_of_tasks(claim.expected) == _names_of_tasks(claim.actual)
        left_out |= {(*about, facet) for facet in ({claim.facet} if by_cells else parts[claim.facet])}
    return [claim for claim in checked if (json.dumps(claim.subject, sort_keys=True), claim.step, claim.facet) not in left_out]


def _names_of_tasks(rows: Plain) -> list[Plain]:
    """Return the tasks of rows such as ``["must", "credit-note"]`` or ``["credit-note", "seller", "client's ERP"]``."""
    tasks = {task.id for task in load_rulebook().tasks}
    return [next((word for word in row if word in tasks), None) for row in rows or () if isinstance(row, list)]  # type: ignore[attr-defined]


def _without_reported_rows(checked: Sequence[Claim]) -> list[Claim]:
    reported = {row[:2] for claim in checked if not claim.holds and (row := _row_of(claim))}
    return [
        claim
        for claim in checked
        if claim.cell is not None
        or claim.facet != "rows"
        or (json.dumps(claim.subject, sort_keys=True), claim.step) not in reported
        or not (isinstance(claim.expected, list) and isinstance(claim.actual, list))
        or len(claim.expected) != len(claim.actual)
    ]


def _by_check(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Group *claims* by check: the claims of one check about all situations; a claim about anything else is a group of its own."""
    claims_by_check: dict[tuple[str, int], list[Claim]] = {}
    repetitions: Counter[str] = Counter()
    for claim in claims:
        check = json.dumps([claim.facet, claim.cell])
        check_of_subject = f"{check} {json.dumps(claim.subject, sort_keys=True)}"
        claims_by_check.setdefault((check_of_subject if situation_of(claim) is None else check, repetitions[check_of_subject]), []).append(
            claim
        )
        repetitions[check_of_subject] += 1
    return list(claims_by_check.values())


def _difference_sentence(claims: Sequence[Claim], names: Mapping[ClaimedRow, str] = NO_NAMES) -> str:
    first, *rest = wrong = [claim for claim in claims if not claim.holds]
    about = f"{_situations_in_words(wrong)} ({counted(len(wrong), 'case')})" if rest else subject_in_words(first.subject)
    part, joint = _part_of(first, names), "for" if _task_of(first, names) else "of"
    if row := _row_of(first):
        part, about = f"the column `{first.facet}`", f"{names.get(row, f'row {row[2]}')} in {about}"
    expected, actual = (value_in_words(value, first.facet) for value in (first.expected, first.actual))
    return f"{part} {joint} {about}: expected {expected}, got {actual}"


def _task_of(claim: Claim, names: Mapping[ClaimedRow, str]) -> str:
    """Return the task of the row that *claim* is about, if it is about a part of a table of places; otherwise an empty text."""
    is_part = claim.facet in PARTS_OF_PLACES and claim.cell is not None
    return names.get(_place_of(claim, claim.cell[0]), "") if is_part and claim.cell else ""


def _part_of(claim: Claim, names: Mapping[ClaimedRow, str]) -> str:
    """Return what a claim is about: ``the outcome``, ``the actor of the task `make a credit note` ``."""
    task = _task_of(claim, names)
    return f"the {claim.facet} of the task `{task}`" if task else f"the {claim.facet}"


def _situations_in_words(claims: Sequence[Claim]) -> str:
    """Return the situations of *claims* in one line, fact by fact."""
    subjects = [claim.subject for claim in claims]
    fact_types = FACTS_OF.get(str(subjects[0].get("kind")), {})
    words_by_fact = {name: dict.fromkeys(str(subject["facts"][name]) for subject in subjects) for name in fact_types}
    return " / ".join(
        f"any {name.replace('_', '-')}" if len(words) == len(list(fact_types[name])) else " or ".join(words)
        for name, words in words_by_fact.items()
    )


def _dependence_sentence(claims: Sequence[Claim], names: Mapping[ClaimedRow, str]) -> str:
    """Return the message that possible cases of one scenario have different answers; empty if they have not."""
    actual = {key[2]: claim.actual for claim in claims if (key := situation_of(claim)) is not None and key[0] == CASE}
    if len({json.dumps(claim.expected) for claim in claims}) > 1 or len(actual) < len(claims):
        return ""
    answers = {words: json.dumps(value) for words, value in actual.items()}
    facts = deciding_facts(answers) if len(answers) > 1 else ()
    pair = witnesses(answers, facts[0]) if facts else None
    if pair is None:
        return ""
    facet, fact_noun = claims[0].facet, "the fact" if len(facts) == 1 else "the facts"
    verb = "depend" if facet in PLURAL_FACETS else "depends"
    cases = [f"{value_in_words(actual[words], facet)} when {_facts_in_words(words, facts)}" for words in pair]
    example = "" if len(facts) == 1 else "for example "
    fact_names = " and ".join(FACT_NAMES[name] for name in facts)
    return f"{_part_of(claims[0], names)} {verb} on {fact_names}: {example}{', '.join(cases)}; state {fact_noun}, or split the scenario"


def _facts_in_words(words: Sequence[str], facts: Sequence[str]) -> str:
    return " and ".join(FACT_CONDITIONS[name][word] for name, word in zip(FACTS, words, strict=True) if name in facts)


def subject_in_words(subject: Mapping[str, Plain]) -> str:
    """Return the subject of a claim in words: the facts of a case in their order, which a record does not keep; else with its kind first."""
    kind = str(subject.get("kind", "case"))
    facts = subject.get("facts")
    if kind == RETURN and isinstance(facts, Mapping) and facts.keys() == FACTS_OF[RETURN].keys():
        return f"a returned unit whose quality check is {facts['quality_check']}"
    if isinstance(facts, Mapping) and facts:
        fact_names = [name for name in FACTS_OF.get(kind, ()) if name in facts]
        fact_words = " / ".join(str(facts[name]) for name in dict.fromkeys((*fact_names, *facts)))
        return fact_words if kind == "case" else f"{kind} {fact_words}"
    name = subject.get("name") or subject.get("id")
    return f"{kind} {name}" if name else f"the {kind}"
