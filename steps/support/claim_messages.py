"""Claims that do not hold, in sentences for an analyst.

A step claims the same of every case that its scenario may be about. Where the answers differ, the message names the facts
that decide, in the words of the features, and two cases; otherwise it says once what was expected and what came.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sop_engine.case import FACT_TYPES, FACTS
from sop_engine.possible_cases import deciding_facts, witnesses
from sop_engine.reader import FACTS_OF
from sop_engine.statement import CASE
from sop_engine.text import counted
from sop_runs.change.answers import situation_of
from sop_runs.record.schema import Claim

Plain = object
"""Anything JSON can say."""
NAMES = {
    "canceller": "who cancels",
    "scope": "how much is cancelled",
    "invoicing": "the invoicing",
    "stage": "the stage",
    "e_invoice": "the e-invoice",
}
"""What each fact is called in a message."""
CONDITIONS = {
    "canceller": {"seller": "the seller cancels", "Ajio": "Ajio cancels"},
    "scope": {"full": "the full order is cancelled", "partial": "part of the order is cancelled"},
    "invoicing": {"ERP": "the order is invoiced through the client's ERP", "RMS": "the order is invoiced through RMS"},
    "stage": {str(word): f"the order is {word}" for word in FACT_TYPES["stage"]},
    "e_invoice": {str(word): f"its e-invoice is {word}" for word in FACT_TYPES["e_invoice"]},
}
"""Each word of a case as a condition, in the words of the features."""

PLURAL = frozenset({"tasks", "places", "alternatives", "clauses", "gaps"})
"""The parts of an answer that are several things."""


def differences(checked: Sequence[Claim]) -> Iterator[str]:
    """A sentence for each part of an answer that is not as claimed; of the parts that depend on a fact, for the first alone."""
    wrong = [claims for claims in _by_check(checked) if not all(claim.holds for claim in claims)]
    dependent = [sentence for claims in wrong if (sentence := _dependence(claims))]
    yield from dependent[:1]
    yield from (_difference(claims) for claims in wrong if not _dependence(claims))


def difference(claim: Claim) -> str:
    """What was expected of a claim and what came."""
    return _difference([claim])


def _by_check(claims: Sequence[Claim]) -> list[list[Claim]]:
    """*claims*, situation by situation, as the claims that one check makes of every situation; of anything else one by one."""
    found: dict[tuple[str, int], list[Claim]] = {}
    made: Counter[str] = Counter()
    for claim in claims:
        check = json.dumps([claim.facet, claim.cell])
        here = f"{check} {json.dumps(claim.subject, sort_keys=True)}"
        found.setdefault((here if situation_of(claim) is None else check, made[here]), []).append(claim)
        made[here] += 1
    return list(found.values())


def _difference(claims: Sequence[Claim]) -> str:
    first, *others = wrong = [claim for claim in claims if not claim.holds]
    about = f"{_in_common(wrong)} ({counted(len(wrong), 'case')})" if others else in_words(first.subject)
    return f"the {first.facet} of {about}: expected {shown(first.expected)}, got {shown(first.actual)}"


def _in_common(claims: Sequence[Claim]) -> str:
    """The situations of *claims* in one line, fact by fact."""
    subjects = [claim.subject for claim in claims]
    known = FACTS_OF.get(str(subjects[0].get("kind")), {})
    found = {name: dict.fromkeys(str(subject["facts"][name]) for subject in subjects) for name in known}
    return " / ".join(
        f"any {name.replace('_', '-')}" if len(words) == len(list(known[name])) else " or ".join(words) for name, words in found.items()
    )


def _dependence(claims: Sequence[Claim]) -> str:
    """That cases which a scenario does not tell apart are answered differently; empty where they are not."""
    actual = {key[2]: claim.actual for claim in claims if (key := situation_of(claim)) is not None and key[0] == CASE}
    if len({json.dumps(claim.expected) for claim in claims}) > 1 or len(actual) < len(claims):
        return ""
    answers = {words: json.dumps(value) for words, value in actual.items()}
    facts = deciding_facts(answers) if len(answers) > 1 else ()
    pair = witnesses(answers, facts[0]) if facts else None
    if pair is None:
        return ""
    facet, what = claims[0].facet, "the fact" if len(facts) == 1 else "the facts"
    verb = "depend" if facet in PLURAL else "depends"
    cases = [f"{shown(actual[words])} when {_conditions(words, facts)}" for words in pair]
    example = "" if len(facts) == 1 else "for example "
    names = " and ".join(NAMES[name] for name in facts)
    return f"the {facet} {verb} on {names}: {example}{', '.join(cases)}; state {what}, or split the scenario"


def _conditions(words: Sequence[str], facts: Sequence[str]) -> str:
    return " and ".join(CONDITIONS[name][word] for name, word in zip(FACTS, words, strict=True) if name in facts)


def in_words(subject: Mapping[str, Plain]) -> str:
    """What a claim speaks of: the facts of a case in their order, which a record does not keep; anything else with its kind in front."""
    kind = str(subject.get("kind", "case"))
    facts = subject.get("facts")
    if isinstance(facts, Mapping) and facts:
        known = [name for name in FACTS_OF.get(kind, ()) if name in facts]
        told = " / ".join(str(facts[name]) for name in dict.fromkeys((*known, *facts)))
        return told if kind == "case" else f"{kind} {told}"
    named = subject.get("name") or subject.get("id")
    return f"{kind} {named}" if named else f"the {kind}"


def shown(value: Plain) -> str:
    """A plain value as an analyst would write it."""
    if value is None:
        return "an open question"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {shown(entry)}" for key, entry in value.items()) or "nothing"
    if isinstance(value, (list, tuple)):
        return "; ".join(" ".join(map(str, entry)) if isinstance(entry, (list, tuple)) else shown(entry) for entry in value) or "nothing"
    return str(value) if value != "" else "nothing"
