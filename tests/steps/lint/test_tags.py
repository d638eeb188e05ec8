"""The tag of a clause or gap fits every example that carries it, or is a finding."""

from types import ModuleType
from typing import NamedTuple

import pytest

from sop_engine import load_rulebook
from steps.definitions.registry import Registry
from steps.lint.linter import lint_text
from steps.lint.tags import leaves_out
from tests.steps.lint.test_facts import CASE, DOWNLOAD, LIFE, ORDERS, REGISTRY, SIMULATE, TAGS, WEEKS, findings, scenario

RMS = "Given an order of 2 units, invoiced through RMS"
BY_SELLER = "When the seller cancels the order\nThen the request is allowed"
BY_AJIO = "When Ajio cancels the order\nThen the request is allowed"
PART_ON_SCREEN = "When the seller cancels 1 unit of the order\nThen the request fails on screen"
POST_AGAIN = "When someone tries to get the order posted\nThen that is impossible"
PACK = "When packing is tried\nThen the order is PACKED"
RSI = "Given these orders, each with the units that came back\n  | order | units | quality checks |\n  | A | 1 | pass |\nWhen the client gets the RSI report\nThen the report lists\n  | order | unit | quality check |\n  | A | 1 | pass |"


class Tagged(NamedTuple):
    """Steps, a tag that does not fit them, and one that does."""

    about: str
    steps: str
    wrong: str
    right: str


class Rows(NamedTuple):
    """Steps of an outline, the head of its Examples, a row that the tag fits, and one that it does not fit."""

    about: str
    steps: str
    head: str
    fitting: str
    unfit: str
    tag: str


def about(case: Tagged | Rows) -> str:
    return case.about


LIVES = [
    Tagged("a clause of another stage", f"{LIFE}\nAnd the order has been released\n{BY_SELLER}", "SC-ERP-FULL-1a", "SC-ERP-FULL-2a"),
    Tagged("a clause of a later stage", f"{LIFE}\nAnd the order has been allocated\n{BY_SELLER}", "SC-ERP-FULL-3", "SC-ERP-FULL-1.2.1"),
    Tagged("a clause of another e-invoice", f"{LIFE}\nAnd the order has been posted\n{BY_SELLER}", "SC-ERP-FULL-1.1.1", "SC-ERP-FULL-1.2.1"),
    Tagged("a clause on a part", f"{LIFE}\nAnd the order has been released\n{BY_SELLER}", "SC-ERP-PART-2", "SC-ERP-FULL-2.1.1"),
    Tagged("a clause on the full order", f"{LIFE}\nAnd the order has been posted\n{PART_ON_SCREEN}", "SC-ERP-FULL-1a", "SC-ERP-PART-1.1.1"),
    Tagged("a gap of another stage", f"{LIFE}\nAnd the order has been released\n{BY_SELLER}", "GAP-02", "SC-ERP-FULL-2.1.2a"),
    Tagged("a gap on a part", f"{RMS}\nAnd the order has been released\n{BY_AJIO}", "GAP-52", "GAP-45"),
    Tagged("a section of the other canceller", f"{RMS}\nAnd the order has been released\n{BY_AJIO}", "SC-RMS-FULL", "AC-RMS-FULL"),
    Tagged("a section on a part", f"{LIFE}\nAnd the order has been allocated\n{BY_SELLER}", "SC-ERP-PART", "SC-ERP-FULL"),
    Tagged("an earlier request", f"{LIFE}\nAnd the order has been released\nAnd Ajio has cancelled 1 unit of the order\n{BY_SELLER}", "AC-ERP-FULL-2a", "AC-ERP-PART-1c"),
    Tagged("a request after other steps", f"{LIFE}\nAnd the order has been allocated\nAnd it has since been posted\n{BY_SELLER}", "SC-ERP-FULL-1.1.1", "SC-ERP-FULL-1.2.1"),
    Tagged("a request that is not allowed", f"{LIFE}\nAnd the order has been packed\nWhen the seller cancels the order\nThen the request is refused", "SC-ERP-FULL-2a", "SC-ERP-FULL-3"),
]  # fmt: skip


@pytest.mark.parametrize("case", LIVES, ids=about)
def test_in_an_orders_life_a_tag_fits_the_case_of_a_request(case: Tagged) -> None:
    named = f"Of {case.wrong} and {case.right}."

    assert findings(scenario(case.steps, head=f"@{case.wrong}", text=named)) == [("idle-tag", 3, 3)]
    assert findings(scenario(case.steps, head=f"@{case.right}")) == []


PROSE_ALONE = [
    Tagged("a clause on a stage, in a report", f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", "SC-ERP-FULL-3", "GAP-41"),
    Tagged("a gap of the life, in a report", f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", "GAP-38", "SC-ERP-FULL-1.1.1"),
    Tagged("a gap of the other report", RSI, "GAP-41", "GAP-42"),
    Tagged("a clause of the other report", f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", "RT-RSI-2", "GAP-26"),
    Tagged("a clause on a refusal, in weeks", f"{WEEKS}\n{SIMULATE}\nAnd no order is cancelled after it was packed", "SC-ERP-FULL-1a", "SC-ERP-FULL-3"),
    Tagged("a section, in weeks", f"{WEEKS}\n{SIMULATE}", "RT-RSI", ""),
    Tagged("a section, in weeks under RMS", f"{WEEKS}\nWhen the weeks are simulated\nThen the client has no duty in these weeks", "SC-ERP-FULL", "SC-RMS-FULL"),
    Tagged("holds, in a life without one", f"{LIFE}\nAnd the order has been released\n{PACK}", "GAP-38", "AC-ERP-PART-1c"),
    Tagged("the customer, in a life without one", f"{LIFE}\nAnd the order has been released\n{PACK}", "GAP-33", "AC-ERP-PART-1c"),
    Tagged("a late push, of an order that is not cancelled", f"{LIFE}\nAnd the order has been e-invoiced\nWhen the order is pushed\nThen its e-invoice is pushed", "GAP-55", "GAP-22"),
    Tagged("a late push, and RMS", f"{LIFE}\nAnd the order has been e-invoiced\nAnd the seller has cancelled the order\nWhen the order is pushed\nThen the order is CANCELLED", "GAP-15", "GAP-55"),
    Tagged("a push without a push", f"{LIFE}\nAnd the order has been e-invoiced\n{BY_SELLER}", "GAP-55", "SC-ERP-FULL-1.1.2a"),
    Tagged("RMS, in an order of the ERP", f"{LIFE}\nAnd the order has been released\nWhen the order is packed\nThen the order is PACKED", "GAP-15", "GAP-22"),
    Tagged("RMS, in an impossible step of the ERP", f"{LIFE}\nAnd the order has been released\n{POST_AGAIN}, because it is posted already", "GAP-15", "GAP-22"),
    Tagged("a late posting, in an impossible step of RMS", f"{RMS}\nAnd the order has been released\n{POST_AGAIN}, because it is e-invoiced by RMS", "GAP-46", "GAP-15"),
    Tagged("a late posting, where nothing is posted", f"{LIFE}\nAnd the order has been allocated\n{BY_SELLER}", "GAP-46", "SC-ERP-FULL-1.2.1"),
    Tagged("a late posting", f"{LIFE}\nAnd the order has been allocated\nAnd the seller has cancelled the order\n{POST_AGAIN}, because it is cancelled", "GAP-55", "GAP-46"),
    Tagged("the packing error, where packing succeeds", f"{LIFE}\nAnd the order has been released\n{PACK}", "AC-ERP-PART-1d", "AC-ERP-PART-1c"),
    Tagged("the packing error, under RMS", f"{RMS}\nAnd the order has been released\n{PACK}", "AC-ERP-PART-1c", ""),
    Tagged("the stage after the error, where packing succeeds", f"{LIFE}\nAnd the order has been released\n{PACK}", "GAP-29", "AC-ERP-PART-1c"),
    Tagged("the packing error", f"{LIFE}\nAnd the order has been released\nAnd Ajio has cancelled 1 unit of the order\nWhen packing is tried\nThen an error stops the packing", "GAP-30", "AC-ERP-PART-1d"),
    Tagged("missing units before packing", f"{LIFE}\nAnd the order has been allocated\n{BY_SELLER}", "GAP-40", "SC-ERP-FULL-1.2.1"),
    Tagged("missing units, by Ajio", f"{LIFE}\nAnd the order has been released\n{BY_AJIO}", "GAP-40", "AC-ERP-FULL-2a"),
    Tagged("missing units", f"{LIFE}\nAnd the order has been released\n{BY_SELLER}", "GAP-24", "GAP-40"),
    Tagged("a part that is everything", f"{LIFE}\nAnd the order has been allocated\nWhen the seller cancels 2 units of the order\nThen the request is allowed", "GAP-24", "SC-ERP-FULL-1.2.1"),
    Tagged("a part that Ajio may take", f"{RMS}\nAnd the order has been released\nWhen Ajio cancels 1 unit of the order\nThen the request is allowed", "AC-ERP-PART-1b", "GAP-24"),
    Tagged("a rest that is everything", f"{LIFE}\nAnd the order has been released\nAnd Ajio has cancelled 1 unit of the order\n{BY_SELLER}", "GAP-54", "GAP-24"),
    Tagged("a step of the life, in another part of it", f"{LIFE}\nAnd the order has been allocated\nAnd it has since been put on hold\n{BY_SELLER}", "GAP-22", "GAP-38"),
    Tagged("a gap about the document", f"{LIFE}\nAnd the order has been released\n{PACK}", "GAP-21", ""),
]  # fmt: skip


@pytest.mark.parametrize("case", PROSE_ALONE, ids=about)
def test_an_id_in_the_text_is_not_enough(case: Tagged) -> None:
    named = f"We show {case.wrong} here, and {case.right}."

    assert findings(scenario(case.steps, head=f"@{case.wrong}", text=named)) == [("idle-tag", 3, 3)]
    assert findings(scenario(case.steps, head=f"@{case.right}" if case.right else "", text=named)) == []


@pytest.mark.parametrize("tag", ["GAP-41", "SC-ERP-FULL-1.1.1"])
def test_an_id_that_the_text_does_not_name_is_not_explained(tag: str) -> None:
    [finding] = lint_text(scenario(f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", head=f"@{tag}").encode(), "x.feature", REGISTRY, TAGS)

    assert finding.message == f"the tag @{tag} is not explained by `S`: no text there names it"


STAGES, SCOPES = CASE.replace("PACKED", "<stage>"), CASE.replace("the full order", "<scope>")
ROWS = [
    Rows("a stage", STAGES, "| stage |", "| PACKED |", "| CREATED |", "SC-ERP-FULL-3"),
    Rows("a scope", SCOPES, "| scope |", "| the full order |", "| part of the order |", "SC-ERP-FULL-3"),
    Rows("two scopes", SCOPES, "| scope |", "| the full order or part of the order |", "| part of the order |", "SC-ERP-FULL-3"),
    Rows("a canceller", CASE.replace("the seller", "<who>"), "| who |", "| Ajio |", "| the seller |", "AC-ERP-FULL-2b"),
    Rows("a model", CASE.replace("the client's ERP", "<model>"), "| model |", "| RMS |", "| the client's ERP |", "SC-RMS-FULL-2"),
    Rows("a section", CASE.replace("the client's ERP", "<model>"), "| model |", "| RMS |", "| the client's ERP |", "SC-RMS"),
    Rows("a citation", f"{CASE}\nAnd the answer rests on <ids>", "| ids |", "| SC-RMS-FULL-2 |", "| SC-ERP-FULL-3 |", "SC-RMS-FULL-2"),
    Rows("a history", f"{LIFE}\nAnd the order has been <so far>\n{BY_SELLER}", "| so far |", "| allocated |", "| released |", "SC-ERP-FULL-1a"),
    Rows("units", f"{LIFE}\nAnd the order has been allocated\nWhen the seller cancels <units> of the order\nThen the request is allowed", "| units |", "| 1 unit |", "| 2 units |", "SC-ERP-PART-1.2.1"),
    Rows("a step", f"{LIFE}\nAnd the order has been allocated\nAnd it has since been <step>\n{BY_SELLER}", "| step |", "| put on hold |", "| posted |", "GAP-38"),
]  # fmt: skip


@pytest.mark.parametrize("case", ROWS, ids=about)
def test_a_tag_must_fit_every_row(case: Rows) -> None:
    examples = f"{case.head}\n{case.unfit}\n{case.fitting}"
    text = scenario(case.steps, head=f"@{case.tag}", examples=examples, text="About GAP-38.")
    row = text.splitlines().index(f"      {case.unfit}") + 1

    [finding] = lint_text(text.encode(), "x.feature", REGISTRY, TAGS)

    assert (finding.rule, finding.line) == ("idle-tag", 3)
    assert finding.message.startswith(f"the tag @{case.tag} does not fit the row in line {row} of `S`")


@pytest.mark.parametrize("case", ROWS, ids=about)
def test_the_table_that_a_tag_fits_may_have_it(case: Rows) -> None:
    text = scenario(case.steps, examples=f"{case.head}\n{case.unfit}", text="About GAP-38.")

    assert findings(f"{text}\n    @{case.tag}\n    Examples:\n      {case.head}\n      {case.fitting}\n") == []


def test_the_lint_calls_no_step_of_an_order_that_is_not_the_engines() -> None:
    """Such a step may have an effect; nothing is known of its case then, and the tag needs a citation."""
    shop = ModuleType("web_shop_of_the_tests")
    source = """
from steps.definitions.decorators import given, then, when
CALLS = []
@given("an order in the web shop", target_fixture="order")
def _(): CALLS.append("given")
@when("it is cancelled there", target_fixture="order")
def _(order) -> int: CALLS.append("when")
@then("it is gone")
def _(order): CALLS.append("then")
"""
    exec(source, shop.__dict__)  # noqa: S102 - our own text
    text = scenario("Given an order in the web shop\nWhen it is cancelled there\nThen it is gone", head="@SC-ERP-FULL-1a")

    [finding] = lint_text(text.encode(), "x.feature", Registry.from_modules([shop]), TAGS)

    assert finding.rule == "idle-tag"
    assert shop.__dict__["CALLS"] == []


def test_every_sentence_is_about_ids_of_the_rulebook() -> None:
    book = load_rulebook()
    ids = {source.id for source in (*book.clauses, *book.gaps, *book.sections)}
    declared = [(definition, identifier) for definition in REGISTRY.definitions for identifier in definition.about]

    assert len(declared) > 50
    assert [f"{definition} is about {identifier}" for definition, identifier in declared if identifier not in ids] == []


@pytest.mark.parametrize(
    "step", ["it has since been packed", "its packing has failed", "Ajio has tried without success to cancel the order"]
)
def test_a_life_that_is_impossible_has_no_case_that_a_tag_could_miss(step: str) -> None:
    """The run reports the step; a finding of the tag would hide it."""
    steps = f"{LIFE}\nAnd the order has been allocated\nAnd {step}\n{BY_SELLER}"

    assert findings(scenario(steps, head="@SC-ERP-FULL-3")) == []


@pytest.mark.parametrize(
    "tag",
    [
        "@known-bug",
        "@fails",
        "@should-fail",
        "@allow-failure",
        "@inactive",
        "@pending-review",
        "@skipif",
        "@skip:jira-123",
        "@skip(reason)",
        "@Skip=now",
        "@wip-asha",
        "@blocked",
        "@later",
        "@unstable",
        "@obsolete",
        "@deprecated",
        "@tbd",
        "@xscenario",
        "@KnownBug",
        "@skip_on_ci",
        "@WIP",
    ],
)
def test_a_tag_with_a_word_for_leaving_out_is_recognised(tag: str) -> None:
    assert leaves_out(tag)
    assert not any(map(leaves_out, ["@GAP-14", "@smoke", "@regression", "@debug", "@failover-x".replace("fail", "fall"), "@laterally"]))
