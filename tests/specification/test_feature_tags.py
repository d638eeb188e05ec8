"""Tags fit what a scenario claims, and what it claims is tagged; names are unique and plain, and no step quotes a program."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from sop_engine import load_rulebook
from sop_engine.statement import CASE, RETURN, Gap, Section, Statement
from sop_runs.record.schema import Claim
from steps.language.examples import Example
from tests.support.feature_runs import FILES, read, rules, run, scenarios

BOOK = load_rulebook()
SOURCES: Mapping[str, Statement | Gap | Section] = {source.id: source for source in (*BOOK.sections, *BOOK.clauses, *BOOK.gaps)}
CITING = ("clauses", "gaps", "because", "question beside it")
"""The facets of claims that name sentences and gaps."""
IN_TABLES = ("rests on", "question")
"""Columns of what an audit finds that do the same. They have more ids than an example has tags: all on which a finding rests."""

BY_THE_STORY: dict[str, dict[str, str]] = {
    "audit/returns": {"GAP-42": "which units are listed follows from its choice", "RT-RSI-2": "the list is at item level"},
    "audit/two_systems": {"GAP-41": "the list is by day of cancellation, which is its choice"},
    "order_life/credit_note_age": {"GAP-43": "the reminder and the deadline are its choice"},
    "order_life/customer": {"GAP-33": "the customer cancels, whom the SOP does not mention"},
    "order_life/hold": {"GAP-38": "the order is on hold"},
    "order_life/late_e_invoice": {
        "GAP-17": "the e-invoice is made after the cancellation",
        "GAP-46": "an attempt is made to post the order after its cancellation",
        "GAP-55": "the e-invoice is pushed after the cancellation",
    },
    "order_life/missing_units": {"GAP-40": "the unit that is cancelled is missing"},
    "order_life/packing_error": {
        "AC-ERP-PART-1b": "the part that Ajio cancelled has come in",
        "AC-ERP-PART-1c": "packing is tried after Ajio cancelled a part, or without",
        "AC-ERP-PART-1d": "the duties on both sides are those that the error names",
        "GAP-29": "where the order stands after the error",
        "GAP-30": "the two sides are cancelled one after the other",
        "GAP-52": "the part was cancelled by Ajio under RMS, before packing",
    },
    "order_life/regular_way": {"GAP-15": "when RMS makes the e-invoice is its question", "GAP-22": "the life cycle is its choice"},
    "order_life/units": {"GAP-24": "what is cancelled is less than all", "GAP-54": "something is cancelled after a part"},
    "simulated_weeks/cancellations": {
        "SC-ERP-FULL-3": "a request after packing, from the seller, in full",
        "SC-ERP-PART-2": "a request after packing, from the seller, in part",
        "AC-ERP-FULL-2b": "a request after packing, from Ajio, in full",
        "AC-ERP-PART-1a": "a request after packing, from Ajio, in part",
        **dict.fromkeys(("SC-ERP-FULL-1.1.1", "SC-ERP-FULL-2.1.1", "AC-ERP-FULL-1.1.1", "AC-ERP-PART-1.3"), "names the report"),
    },
    "simulated_weeks/credit_notes": {
        **dict.fromkeys(("SC-ERP-FULL-1.1.2a", "SC-ERP-FULL-2.1.2a", "AC-ERP-FULL-1.1.2a"), "asks for the credit note"),
        "GAP-17": "late e-invoices are counted",
        **dict.fromkeys(("SC-RMS-FULL", "SC-RMS-PART", "AC-RMS-FULL", "AC-RMS-PART"), "the heading lists no step for the client"),
        "GAP-15": "that RMS makes no e-invoice before packing is its question",
    },
    "vms_reports/cancelled_after_posting": {
        **dict.fromkeys(("SC-ERP-FULL-1.1.1", "SC-ERP-FULL-2.1.1", "AC-ERP-FULL-1.1.1", "AC-ERP-PART-1.3"), "names the report"),
        "GAP-26": "which orders of the report need a credit note is its choice",
        "GAP-41": "which date the range means is its choice",
        "GAP-54": "the rest is cancelled after a part",
    },
    "vms_reports/rsi": {
        "RT-RSI": "the report is that of its heading",
        "RT-RSI-2": "the report is at item level",
        "GAP-42": "which units are listed follows from its choice",
    },
}
"""Why a tag fits where no claim cites it or is about one of its cases: in the stories of orders, reports and weeks."""

RIDDLES = re.compile(r"\b(door|ramp|shelf|table|nobody|somebody|anybody|luck|fate|too late|goes? on|door)\b", re.IGNORECASE)


def test_every_tag_fits_its_example() -> None:
    """A claim cites the id or is about one of its cases, or the story gives the reason."""
    unfit = [
        f"{instance.path}:{instance.row or instance.line} @{source}"
        for instance, claims in examples()
        for source in tagged(instance.tags)
        if source not in cited(claims, *IN_TABLES) and not covered(claims, source) and source not in story(instance.path)
    ]

    assert not unfit, "\n".join(unfit)


def test_what_an_example_cites_is_tagged_on_it() -> None:
    """On its table of Examples, the scenario, its Rule or its Feature."""
    missing = [
        f"{instance.path}:{instance.row or instance.line} {', '.join(sorted(absent))}"
        for instance, claims in examples()
        if (absent := cited(claims) - tagged(instance.tags))
    ]

    assert not missing, "\n".join(missing)


def test_every_reason_is_needed() -> None:
    """By a scenario of its file whose claims do not show that the tag fits; and the features of cancellations have none."""
    needed = {
        (instance.path.removesuffix(".feature"), source)
        for instance, claims in examples()
        for source in tagged(instance.tags)
        if source not in cited(claims, *IN_TABLES) and not covered(claims, source)
    }

    assert {(file, source) for file, reasons in BY_THE_STORY.items() for source in reasons} == needed


def test_every_scenario_has_a_name_of_its_own() -> None:
    """Over all files, so that a name is enough to find it."""
    names = [scenario.name for file in FILES for scenario in read(file).recorded.scenarios]

    assert sorted(names) == sorted(set(names))


def test_names_are_plain() -> None:
    """No figure of speech, and no more than one line."""
    for file in FILES:
        written = read(file).recorded
        names = [written.name, *(rule.name for rule in rules(file)), *(scenario.name for scenario in written.scenarios)]
        for name in names:
            assert not RIDDLES.search(name), name
        for scenario in written.scenarios:
            assert len(scenario.name) <= 110, scenario.name
            assert scenario.name[0].isupper(), scenario.name
            assert not scenario.name.endswith("."), scenario.name


def test_no_step_quotes_a_program() -> None:
    """A reason is said in an analyst's words."""
    quoted = [
        f"{instance.path}:{step.line} {step.text}" for instance, _ in scenarios().values() for step in instance.steps if '"' in step.text
    ]

    assert not quoted


def examples() -> Iterator[tuple[Example, Sequence[Claim]]]:
    """Every example with its claims."""
    return ((instance, result.claims.entries) for instance, result in run())


def tagged(tags: Iterable[str]) -> set[str]:
    """The ids among *tags*."""
    return {tag[1:] for tag in tags} & SOURCES.keys()


def cited(claims: Iterable[Claim], *columns: str) -> set[str]:
    """The ids that *claims* expect to be named, also in *columns* of tables."""
    result: set[str] = set()
    for claim in claims:
        if claim.facet in columns:
            result.update(claim.expected.split(", "))
        if claim.facet in CITING:
            values = [claim.expected] if isinstance(claim.expected, str) else claim.expected
            result.update(chain.from_iterable([value] if isinstance(value, str) else value for value in values))
    return result


def covered(claims: Iterable[Claim], identifier: str) -> bool:
    """Whether one of *claims* is about a case or a returned unit that the sentence, gap or heading covers."""
    source = SOURCES[identifier]
    where = source.facts if isinstance(source, Section) else source.when
    subject = (RETURN if identifier.startswith("RT") else CASE) if isinstance(source, Section) else source.subject
    return where is not None and any(
        claim.subject["kind"] == subject and subject in (CASE, RETURN) and where.covers(claim.subject["facts"]) for claim in claims
    )


def story(path: str) -> Mapping[str, str]:
    """The reasons of a file."""
    return BY_THE_STORY.get(path.removesuffix(".feature"), {})
