"""The tag of a clause or gap fits every example that carries it, or is a finding."""

from types import ModuleType
from typing import NamedTuple

import pytest

from sop_engine import load_rulebook
from steps.definitions.registry import Registry
from steps.lint.linter import lint_text
from steps.lint.tags import means_skipped
from tests.support.lint_inputs import (
    CANCEL,
    CASE,
    DOWNLOAD,
    ERP,
    INVOICED,
    LIFE,
    ORDERS,
    REGISTRY,
    RELEASED,
    SIMULATE,
    TAGS,
    WEEKS,
    WRITTEN,
    Input,
    check,
    findings,
    id_of,
    scenario,
)

RMS = "Given an order of 2 units, invoiced through RMS"
BY_SELLER = "When the seller cancels the order\nThen the request is allowed"
BY_AJIO = "When Ajio cancels the order\nThen the request is allowed"
PART_ON_SCREEN = "When the seller cancels 1 unit of the order\nThen the request fails on screen"
POST_AGAIN = "When someone tries to get the order posted\nThen that is impossible"
PACK = "When packing is tried\nThen the order is PACKED"
RSI = "Given these orders, each with the units that came back\n  | order | units | quality checks |\n  | A | 1 | pass |\nWhen the client gets the RSI report\nThen the report lists\n  | order | unit | quality check |\n  | A | 1 | pass |"


def in_a_life(about: str, steps: str, wrong: str, right: str) -> Input:
    """A tag that does not fit *steps*, although their text names it, and one that fits without a text."""
    return Input("idle-tag", about, scenario(steps, head=f"▲@{wrong}", text=f"Of {wrong} and {right}."), scenario(steps, head=f"@{right}"))


def by_text(about: str, steps: str, wrong: str, right: str) -> Input:
    """Two tags that the text names, of which one does not fit *steps*; *right* is empty if none fits."""
    text = f"We show {wrong} here, and {right}."
    return Input(
        "idle-tag", about, scenario(steps, head=f"▲@{wrong}", text=text), scenario(steps, head=f"@{right}" if right else "", text=text)
    )


class Rows(NamedTuple):
    """Steps of an outline, the head of its Examples, a row that the tag fits, and one that it does not fit."""

    about: str
    steps: str
    head: str
    fitting: str
    unfit: str
    tag: str


def about(case: Rows) -> str:
    return case.about


UNIT = "Given a returned unit whose quality check is missing\nWhen the client handles the returned unit\nThen the unit goes to no stock"
CITING = f"{CASE}\nAnd the SOP says so in SC-ERP-FULL-3"
OPEN_QUESTION = (
    f"Given the SOP is taken as written\nAnd the order is CANCELLED\n{CANCEL}\nThen the outcome of the cancellation is an open question"
)
BOTH = WRITTEN.replace("written", "<reading>")
AS_WRITTEN_ROW = "\n    @as-written\n    Examples: As written\n      | reading |\n      | written |\n"
TAGGED_STAGES = "\n    @as-written\n    Examples: Later\n      | stage |\n      | COMPLETED |\n"
IN_BACKGROUND = f"Feature: F\n\n  Background:\n    Given the SOP is taken as written\n\n  Scenario: S\n    Given the order is PACKED\n    {CANCEL}\n    Then the cancellation is refused\n"
TAGGED = [
    Input("wrong-reading", "no reading", scenario(CASE, head="▲@as-written"), scenario(WRITTEN, head="@as-written")),
    Input("wrong-reading", "as practised", scenario(WRITTEN.replace("written", "practised"), head="▲@as-written"), scenario(WRITTEN.replace("written", "practised"))),
    Input("wrong-reading", "on the Feature", "▲@as-written\n" + scenario(CASE), "@as-written\n" + scenario(WRITTEN)),
    Input("wrong-reading", "one row of two", scenario(BOTH, head="▲@as-written", examples="| reading |\n| written |\n| practised |"), scenario(BOTH, examples="| reading |\n| practised |") + AS_WRITTEN_ROW),
    Input("wrong-reading", "no tag", "Feature: F\n\n  ▲Scenario: S\n" + scenario(WRITTEN).split("\n", 3)[3], scenario(WRITTEN, head="@as-written")),
    Input("wrong-reading", "no tag on an open question", scenario(OPEN_QUESTION).replace("Scenario", "▲Scenario"), scenario(OPEN_QUESTION, head="@as-written")),
    Input("wrong-reading", "no tag on a returned unit", scenario(f"Given the SOP is taken as written\nAnd {UNIT[6:]}").replace("Scenario", "▲Scenario"), scenario(f"Given the SOP is taken as written\nAnd {UNIT[6:]}", head="@as-written")),
    Input("wrong-reading", "no tag, and the reading in the Background", IN_BACKGROUND.replace("  Scenario", "  ▲Scenario"), "@as-written\n" + IN_BACKGROUND),
    Input("wrong-reading", "no tag, in a Rule", scenario(WRITTEN).replace("  Scenario", "  Rule: R\n\n  ▲Scenario"), scenario(WRITTEN).replace("  Scenario", "  @as-written\n  Rule: R\n\n  Scenario")),
    Input("wrong-reading", "no tag on an outline", scenario(WRITTEN.replace("PACKED", "<stage>"), examples="| stage |\n| PACKED |").replace("Scenario", "▲Scenario"), scenario(WRITTEN.replace("PACKED", "<stage>"), head="@as-written", examples="| stage |\n| PACKED |")),
    Input("wrong-reading", "a row of both readings", scenario(BOTH, examples="| reading |\n| practised |\n▲| written |"), scenario(BOTH, examples="| reading |\n| practised |") + AS_WRITTEN_ROW),
    Input("wrong-reading", "a table of its own, without the tag", scenario(BOTH, examples="| reading |\n| practised |") + AS_WRITTEN_ROW.replace("    @as-written\n", "").replace("      | written", "      ▲| written"), scenario(BOTH, examples="| reading |\n| practised |") + AS_WRITTEN_ROW),
    Input("wrong-reading", "one table of two with the tag", scenario(WRITTEN.replace("PACKED", "<stage>"), examples="| stage |\n▲| PACKED |") + TAGGED_STAGES, scenario(WRITTEN.replace("PACKED", "<stage>"), examples="| stage |\n| PACKED |").replace("    Examples", "    @as-written\n    Examples") + TAGGED_STAGES),
    Input("wrong-reading", "on Examples", scenario(WRITTEN.replace("written", "<reading>"), examples="| reading |\n| practised |").replace("    Examples", "    ▲@as-written\n    Examples"), scenario(WRITTEN.replace("written", "<reading>"), examples="| reading |\n| written |").replace("    Examples", "    @as-written\n    Examples")),
    Input("wrong-reading", "in an order's life", scenario(f"{RELEASED}\nWhen packing is tried\nThen the order is PACKED", head="▲@as-written"), scenario(f"{RELEASED}\nWhen packing is tried\nThen the order is PACKED")),
    Input("idle-tag", "@simulation on a case", scenario(CASE, head="▲@simulation"), scenario(f"{WEEKS}\n{SIMULATE}", head="@simulation")),
    Input("idle-tag", "@simulation on a case of RMS", scenario(CASE.replace("the client's ERP", "RMS"), head="▲@simulation"), scenario(UNIT, head="@simulation")),
    Input("idle-tag", "@simulation on a case as written", scenario(WRITTEN, head="@as-written ▲@simulation"), scenario(f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", head="@simulation")),
    Input("idle-tag", "@simulation on a Feature with a case", "▲@simulation\n" + scenario(CASE), "@simulation\n" + scenario(f"{WEEKS}\n{SIMULATE}")),
    Input("idle-tag", "@simulation on Examples of a case", scenario(CASE.replace("PACKED", "<stage>"), examples="| stage |\n| PACKED |").replace("    Examples", "    ▲@simulation\n    Examples"), scenario(CASE.replace("PACKED", "<stage>"), examples="| stage |\n| PACKED |")),
    Input("idle-tag", "twice on a scenario", scenario(CITING, head="@SC-ERP-FULL-3 ▲@SC-ERP-FULL-3"), scenario(CITING, head="@SC-ERP-FULL-3")),
    Input("idle-tag", "twice in two lines", scenario(CITING, head="@SC-ERP-FULL-3\n  ▲@SC-ERP-FULL-3"), scenario(CITING, head="@SC-ERP-FULL-3")),
    Input("idle-tag", "on Feature and scenario", "@SC-ERP-FULL-3\n" + scenario(CITING, head="▲@SC-ERP-FULL-3"), "@SC-ERP-FULL-3\n" + scenario(CITING)),
    Input("idle-tag", "twice on a Feature", "@SC-ERP-FULL-3 ▲@SC-ERP-FULL-3\n" + scenario(CITING), "@SC-ERP-FULL-3\n" + scenario(CITING)),
    Input("idle-tag", "on Rule and scenario", scenario(CITING, head="▲@SC-ERP-FULL-3").replace("\n\n", "\n\n  @SC-ERP-FULL-3\n  Rule: R\n\n", 1), scenario(CITING).replace("\n\n", "\n\n  @SC-ERP-FULL-3\n  Rule: R\n\n", 1)),
    Input("idle-tag", "on scenario and Examples", scenario(CITING.replace("PACKED", "<stage>"), head="@SC-ERP-FULL-3", examples="| stage |\n| PACKED |").replace("    Examples", "    ▲@SC-ERP-FULL-3\n    Examples"), scenario(CITING.replace("PACKED", "<stage>"), head="@SC-ERP-FULL-3", examples="| stage |\n| PACKED |")),
    Input("idle-tag", "@as-written twice", scenario(WRITTEN, head="@as-written ▲@as-written"), scenario(WRITTEN, head="@as-written")),
    Input("idle-tag", "a clause of RMS on a case under ERP", scenario(CITING, head="@SC-ERP-FULL-3 ▲@SC-RMS-FULL-2"), scenario(CITING, head="@SC-ERP-FULL-3")),
    Input("idle-tag", "a clause of another stage", scenario(CASE, head="▲@SC-ERP-FULL-1a"), scenario(CASE, head="@SC-ERP-FULL-3")),
    Input("idle-tag", "a gap without cases on a case", scenario(CASE, head="▲@GAP-22", text="See GAP-22."), scenario(CASE, text="See GAP-22.")),
    Input("idle-tag", "a gap of Ajio on a case of the seller", scenario(CASE, head="▲@GAP-14"), scenario(f"{CASE.replace('the seller', 'Ajio').replace(ERP[6:], 'an order invoiced through RMS')}\nAnd it is our reading of GAP-14", head="@GAP-14")),
    Input("idle-tag", "a clause of Ajio in the life of an order that the seller cancels", scenario(f"{RELEASED}\nWhen the seller cancels the order\nThen the request is allowed", head="▲@AC-ERP-FULL-2a"), scenario(f"{RELEASED}\nWhen Ajio cancels the order\nThen the request is allowed", head="@AC-ERP-FULL-2a")),
    Input("idle-tag", "a gap that no text names in a report", scenario(f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", head="▲@GAP-41"), scenario(f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", head="@GAP-41", name="The range of GAP-41")),
    Input("idle-tag", "an id that is only the beginning of another", scenario(f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", head="▲@SC-ERP-FULL-1.1.1", name="Of SC-ERP-FULL-1.1.1.2"), scenario(f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", head="@SC-ERP-FULL-1.1.1", name="Of SC-ERP-FULL-1.1.1.")),
    Input("idle-tag", "on a Rule, for one of its scenarios", "Feature: F\n\n  ▲@SC-ERP-FULL-3\n  Rule: R\n" + scenario(CASE).partition("\n\n")[2] + scenario(f"{RELEASED}\nWhen packing is tried\nThen the order is PACKED", name="T").partition("\n\n")[2], "Feature: F\n\n  @SC-ERP-FULL-3\n  Rule: R\n" + scenario(CASE).partition("\n\n")[2]),
    Input("idle-tag", "a gap that is not cited", scenario(f"{LIFE}\nWhen the seller cancels 2 units of the order\nThen the request is allowed", head="▲@GAP-39"), scenario(f"{LIFE}\nWhen the seller cancels 2 units of the order\nThen the request is answered by our reading of GAP-39", head="@GAP-39")),
    Input("idle-tag", "a clause on a returned unit", scenario("Given a returned unit whose quality check is pass\nWhen the client handles the returned unit\nThen all tasks are done by hand", head="▲@SC-ERP-FULL-3"), scenario("Given a returned unit whose quality check is pass\nWhen the client handles the returned unit\nThen all tasks are done by hand", head="@RT-RSI-0")),
]  # fmt: skip


@pytest.mark.parametrize("case", TAGGED, ids=id_of)
def test_a_tag_that_does_not_fit_is_reported(case: Input) -> None:
    check(case)


AGES = (
    "When the client looks at its credit notes on 2026-05-05\nThen the ages of the credit notes are\n  | order | standing |\n  | A | due |"
)
LIVES = [
    in_a_life("a clause of another stage", f"{LIFE}\nAnd the order has been released\n{BY_SELLER}", "SC-ERP-FULL-1a", "SC-ERP-FULL-2a"),
    in_a_life("a clause of a later stage", f"{LIFE}\nAnd the order has been allocated\n{BY_SELLER}", "SC-ERP-FULL-3", "SC-ERP-FULL-1.2.1"),
    in_a_life("a clause of another e-invoice", f"{LIFE}\nAnd the order has been posted\n{BY_SELLER}", "SC-ERP-FULL-1.1.1", "SC-ERP-FULL-1.2.1"),
    in_a_life("a clause on a part", f"{LIFE}\nAnd the order has been released\n{BY_SELLER}", "SC-ERP-PART-2", "SC-ERP-FULL-2.1.1"),
    in_a_life("a clause on the full order", f"{LIFE}\nAnd the order has been posted\n{PART_ON_SCREEN}", "SC-ERP-FULL-1a", "SC-ERP-PART-1.1.1"),
    in_a_life("a gap of another stage", f"{LIFE}\nAnd the order has been released\n{BY_SELLER}", "GAP-02", "SC-ERP-FULL-2.1.2a"),
    in_a_life("a gap on a part", f"{RMS}\nAnd the order has been released\n{BY_AJIO}", "GAP-52", "GAP-45"),
    in_a_life("a section of the other canceller", f"{RMS}\nAnd the order has been released\n{BY_AJIO}", "SC-RMS-FULL", "AC-RMS-FULL"),
    in_a_life("a section on a part", f"{LIFE}\nAnd the order has been allocated\n{BY_SELLER}", "SC-ERP-PART", "SC-ERP-FULL"),
    in_a_life("an earlier request", f"{LIFE}\nAnd the order has been released\nAnd Ajio has cancelled 1 unit of the order\n{BY_SELLER}", "AC-ERP-FULL-2a", "AC-ERP-PART-1c"),
    in_a_life("a request after other steps", f"{LIFE}\nAnd the order has been allocated\nAnd it has since been posted\n{BY_SELLER}", "SC-ERP-FULL-1.1.1", "SC-ERP-FULL-1.2.1"),
    in_a_life("a request that is not allowed", f"{LIFE}\nAnd the order has been packed\nWhen the seller cancels the order\nThen the request is refused", "SC-ERP-FULL-2a", "SC-ERP-FULL-3"),
]  # fmt: skip


@pytest.mark.parametrize("case", LIVES, ids=id_of)
def test_in_an_orders_life_a_tag_fits_the_case_of_a_request(case: Input) -> None:
    check(case)


PROSE_ALONE = [
    by_text("a clause on a stage, in a report", f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", "SC-ERP-FULL-3", "GAP-41"),
    by_text("a gap of the life, in a report", f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", "GAP-38", "SC-ERP-FULL-1.1.1"),
    by_text("a gap of the other report", RSI, "GAP-41", "GAP-42"),
    by_text("a clause of the other report", f"{ORDERS}\n{DOWNLOAD}\nThen the report is empty", "RT-RSI-2", "GAP-26"),
    by_text("a clause on a refusal, in weeks", f"{WEEKS}\n{SIMULATE}\nAnd no order is cancelled after it was packed", "SC-ERP-FULL-1a", "SC-ERP-FULL-3"),
    by_text("a section, in weeks", f"{WEEKS}\n{SIMULATE}", "RT-RSI", ""),
    by_text("a section, in weeks under RMS", f"{WEEKS}\nWhen the weeks are simulated\nThen the client has no duty in these weeks", "SC-ERP-FULL", "SC-RMS-FULL"),
    by_text("holds, in a life without one", f"{LIFE}\nAnd the order has been released\n{PACK}", "GAP-38", "AC-ERP-PART-1c"),
    by_text("the customer, in a life without one", f"{LIFE}\nAnd the order has been released\n{PACK}", "GAP-33", "AC-ERP-PART-1c"),
    by_text("a late push, of an order that is not cancelled", f"{LIFE}\nAnd the order has been e-invoiced\nWhen the order is pushed\nThen its e-invoice is pushed", "GAP-55", "GAP-22"),
    by_text("a late push, and RMS", f"{LIFE}\nAnd the order has been e-invoiced\nAnd the seller has cancelled the order\nWhen the order is pushed\nThen the order is CANCELLED", "GAP-15", "GAP-55"),
    by_text("a push without a push", f"{LIFE}\nAnd the order has been e-invoiced\n{BY_SELLER}", "GAP-55", "SC-ERP-FULL-1.1.2a"),
    by_text("RMS, in an order of the ERP", f"{LIFE}\nAnd the order has been released\nWhen the order is packed\nThen the order is PACKED", "GAP-15", "GAP-22"),
    by_text("RMS, in an impossible step of the ERP", f"{LIFE}\nAnd the order has been released\n{POST_AGAIN}, because it is posted already", "GAP-15", "GAP-22"),
    by_text("a late posting, in an impossible step of RMS", f"{RMS}\nAnd the order has been released\n{POST_AGAIN}, because it is e-invoiced by RMS", "GAP-46", "GAP-15"),
    by_text("a late posting, where nothing is posted", f"{LIFE}\nAnd the order has been allocated\n{BY_SELLER}", "GAP-46", "SC-ERP-FULL-1.2.1"),
    by_text("a late posting", f"{LIFE}\nAnd the order has been allocated\nAnd the seller has cancelled the order\n{POST_AGAIN}, because it is cancelled", "GAP-55", "GAP-46"),
    by_text("the packing error, where packing succeeds", f"{LIFE}\nAnd the order has been released\n{PACK}", "AC-ERP-PART-1d", "AC-ERP-PART-1c"),
    by_text("the packing error, under RMS", f"{RMS}\nAnd the order has been released\n{PACK}", "AC-ERP-PART-1c", ""),
    by_text("the stage after the error, where packing succeeds", f"{LIFE}\nAnd the order has been released\n{PACK}", "GAP-29", "AC-ERP-PART-1c"),
    by_text("the packing error", f"{LIFE}\nAnd the order has been released\nAnd Ajio has cancelled 1 unit of the order\nWhen packing is tried\nThen an error stops the packing", "GAP-30", "AC-ERP-PART-1d"),
    by_text("missing units before packing", f"{LIFE}\nAnd the order has been allocated\n{BY_SELLER}", "GAP-40", "SC-ERP-FULL-1.2.1"),
    by_text("missing units, by Ajio", f"{LIFE}\nAnd the order has been released\n{BY_AJIO}", "GAP-40", "AC-ERP-FULL-2a"),
    by_text("missing units, of which no step says anything", f"{LIFE}\nAnd the order has been released\n{BY_SELLER}", "GAP-40", "SC-ERP-FULL-2a"),
    by_text("missing units, in a part of an order of RMS", f"{RMS}\nAnd the order has been released\n{BY_SELLER.replace('the order', '1 unit of the order')}", "GAP-40", "GAP-24"),
    by_text("missing units, as an earlier event", f"{RMS}\nAnd the order has been released\nAnd the seller has cancelled 1 unit of the order\n{PACK}", "GAP-40", "GAP-54"),
    by_text("missing units, in a refusal", f"{LIFE}\nAnd the order has been released\nWhen the seller cancels 1 unit of the order\nThen the request is refused", "GAP-40", "SC-ERP-PART-2"),
    by_text("missing units, of a packed order", f"{LIFE}\nAnd the order has been packed\nWhen the seller cancels the order\nThen the request is refused", "GAP-40", "SC-ERP-FULL-3"),
    by_text("missing units", f"{LIFE}\nAnd the order has been released\n{BY_SELLER.replace('order', 'order, because units are missing at packing')}", "GAP-24", "GAP-40"),
    by_text("a missing unit", f"{RMS}\nAnd the order has been released\n{BY_SELLER.replace('the order', '1 unit of the order, because units are missing at packing')}", "GAP-38", "GAP-40"),
    by_text("both sides, of which none is cancelled after the error", f"{LIFE}\nAnd the order has been released\nAnd Ajio has cancelled 1 unit of the order\nAnd its packing has failed\nWhen someone tries to pack the order again\nThen that is impossible, because its packing has failed", "GAP-30", "GAP-29"),
    by_text("both sides, before the error", f"{LIFE}\nAnd the order has been released\nAnd Ajio has cancelled 1 unit of the order\n{BY_SELLER}", "GAP-30", "GAP-24"),
    by_text("the second side", f"{LIFE}\nAnd the order has been released\nAnd Ajio has cancelled 1 unit of the order\nAnd its packing has failed\n{BY_SELLER}", "GAP-54", "GAP-30"),
    by_text("the life cycle, in a hold", f"{LIFE}\nWhen the order is put on hold\nThen the order is CREATED", "GAP-22", "GAP-38"),
    by_text("a late e-invoice, in ages without one", f"{INVOICED}\n{AGES}", "GAP-17", "GAP-43"),
    by_text("a late e-invoice, of an order without one", f"{INVOICED.replace('2026-05-04 10:00', '-')}\nWhen the client looks at its credit notes on 2026-05-05\nThen the report is empty", "GAP-17", "GAP-26"),
    by_text("a late e-invoice", f"{INVOICED.replace('2026-05-04 10:00', '2026-05-04 15:00')}\n{AGES}", "GAP-41", "GAP-17"),
    by_text("a late e-invoice, of a second request before it", f"{LIFE}\nAnd the order has been posted\nAnd the seller has cancelled the order\nWhen the seller cancels the order\nThen the request is without effect", "GAP-17", ""),
    by_text("a late e-invoice, behind a second request", f"{LIFE}\nAnd the order has been posted\nAnd the seller has cancelled the order\nAnd the seller has tried without success to cancel the order\nWhen the order is e-invoiced\nThen the order is CANCELLED", "GAP-55", "GAP-17"),
    by_text("a part that is everything", f"{LIFE}\nAnd the order has been allocated\nWhen the seller cancels 2 units of the order\nThen the request is allowed", "GAP-24", "SC-ERP-FULL-1.2.1"),
    by_text("a part that Ajio may take", f"{RMS}\nAnd the order has been released\nWhen Ajio cancels 1 unit of the order\nThen the request is allowed", "AC-ERP-PART-1b", "GAP-24"),
    by_text("a rest that is everything", f"{LIFE}\nAnd the order has been released\nAnd Ajio has cancelled 1 unit of the order\n{BY_SELLER}", "GAP-54", "GAP-24"),
    by_text("a step of the life, in another part of it", f"{LIFE}\nAnd the order has been allocated\nAnd it has since been put on hold\n{BY_SELLER}", "GAP-22", "GAP-38"),
    by_text("a gap about the document", f"{LIFE}\nAnd the order has been released\n{PACK}", "GAP-21", ""),
]  # fmt: skip


@pytest.mark.parametrize("case", PROSE_ALONE, ids=id_of)
def test_an_id_in_the_text_is_not_enough(case: Input) -> None:
    check(case)


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
        *[
            "@DoNotRun",
            "@do-not-run",
            "@dont_run",
            "@never-run",
            "@skipp",
            "@skiped",
            "@ignorred",
            "@ingore",
            "@paused",
            "@hold",
            "@on-hold",
            "@never",
            "@known-defect",
        ],
        *[
            "@xdescribe",
            "@xtest",
            "@mayfail",
            "@may-fail",
            "@shouldfail",
            "@CanFail",
            "@will_fail",
            "@expected_failure",
            "@allowed-to-fail",
            "@wontfix",
            "@wont-fix",
        ],
        *[
            "@manual-only",
            "@not-implemented-yet",
            "@notWorking",
            "@no-ci",
            "@cannot-run",
            "@not_supported",
            "@should-be-broken",
            "@notyet",
            "@knownIssue",
        ],
    ],
)
def test_a_tag_with_a_word_for_leaving_out_is_recognised(tag: str) -> None:
    assert means_skipped(tag)
    assert not any(map(means_skipped, ["@GAP-14", "@smoke", "@regression", "@debug", "@failover-x".replace("fail", "fall"), "@laterally"]))
    assert not any(
        map(
            means_skipped,
            [
                "@shipped",
                "@ship",
                "@locked",
                "@filed",
                "@alter",
                "@stable",
                "@notice",
                "@note",
                "@notify",
                "@nothing",
                "@known",
                "@can",
                "@maybe",
                "@issue-7",
            ],
        )
    )
