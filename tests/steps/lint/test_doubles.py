"""Examples that say the same in another order, in other words or in another file; and names that only look the same over two files."""

import unicodedata
from pathlib import Path

import pytest

from sop_runs.problem import Problem
from steps.lint.linter import lint
from tests.steps.lint.test_facts import CASE, DOWNLOAD, LIFE, OTHER_CASE, REGISTRY, SIMULATE, TAGS, findings, scenario

RETURNS = "Given these orders, each with the units that came back"
RSI = "When the client gets the RSI report\nThen the report lists"
ORDERS = "Given these orders, invoiced through the client's ERP"
WEEKS = "Given the experiment sale days\nAnd these settings"
EMPTY = f"{DOWNLOAD}\nThen the report is empty"
SWEEP = "Given the experiment sla squeeze\nAnd these settings\n| run.days | 2 |"
EACH = "When the weeks are simulated in each variant\nThen fewer packers never mean fewer SLA breaches"
CANCEL = "When the seller cancels the order\nThen the request is allowed"
MISSING = "Given a returned unit whose quality check is missing\nWhen the client handles the returned unit"
TASKS = f"{MISSING}\nThen the client's follow-up is"

SAME = {
    "another order of the columns of a Given": (
        f"{RETURNS}\n| order | units | quality checks |\n| A | 1 | pass |\n{RSI}\n| order | unit |\n| A | 1 |",
        f"{RETURNS}\n| units | order | quality checks |\n| 1 | A | pass |\n{RSI}\n| order | unit |\n| A | 1 |",
    ),
    "another order of the columns of a Then": (
        f"{RETURNS}\n| order | units | quality checks |\n| A | 1 | pass |\n{RSI}\n| order | unit |\n| A | 1 |",
        f"{RETURNS}\n| order | units | quality checks |\n| A | 1 | pass |\n{RSI}\n| unit | order |\n| 1 | A |",
    ),
    "another order of the rows of a Given": (
        f"{ORDERS}\n| order | posted |\n| A | 2026-05-04 09:00 |\n| B | 2026-05-03 09:00 |\n{EMPTY}",
        f"{ORDERS}\n| order | posted |\n| B | 2026-05-03 09:00 |\n| A | 2026-05-04 09:00 |\n{EMPTY}",
    ),
    "another order of the rows of a Then": (
        f"{TASKS}\n| may | get the RSI report |\n| may | keep the report as a reference only |",
        f"{TASKS}\n| may | keep the report as a reference only |\n| may | get the RSI report |",
    ),
    "another order of the settings": (
        f"{WEEKS}\n| run.days | 2 |\n| run.warm_up_days | 0 |\n{SIMULATE}",
        f"{WEEKS}\n| run.warm_up_days | 0 |\n| run.days | 2 |\n{SIMULATE}",
    ),
    "a setting in other digits": (
        f"{WEEKS}\n| oms.seller_cancellation_share | 0.3 |\n{SIMULATE}", f"{WEEKS}\n| oms.seller_cancellation_share | 0.30 |\n{SIMULATE}",
    ),
    **{
        f"a list in other digits: {other}": (f"{SWEEP}\n| sweep.values | {value} |\n{EACH}", f"{SWEEP}\n| sweep.values | {other} |\n{EACH}")
        for value, other in (("[6]", "[ 6.0 ]"), ("[6, 7]", "[6,7]"), ("[6, 7]", "[6.0, 7]"), ("[6]", "[6,]"), ("[6, 7]", "[ 6e0,  7 ]"))
    },
    "a column without a value": (
        f"{ORDERS}\n| order | posted |\n| A | 2026-05-04 09:00 |\n{EMPTY}",
        f"{ORDERS}\n| order | posted | e-invoiced |\n| A | 2026-05-04 09:00 | - |\n{EMPTY}",
    ),
    "another order of ids": (f"{CASE}\nAnd the answer rests on SC-ERP-FULL-3, GAP-1".replace(", GAP-1", ", SC-RMS-FULL-2"), f"{CASE}\nAnd the answer rests on SC-RMS-FULL-2, SC-ERP-FULL-3"),
    "the reading as practised": (CASE, f"Given the SOP is taken as practised\nAnd {CASE[6:]}"),
    "the reading as practised, below the other Givens": (CASE, CASE.replace("When", "And the SOP is taken as practised\nWhen", 1)),
    "the reading as practised, of a returned unit": (
        f"{MISSING}\nThen the unit goes to no stock", f"Given the SOP is taken as practised\nAnd {MISSING[6:]}\nThen the unit goes to no stock",
    ),
    "allocated, in other words": (f"{LIFE}\nAnd the order has been allocated\n{CANCEL}", f"{LIFE}\nAnd it has since been allocated\n{CANCEL}"),
    "allocated and posted": (
        f"{LIFE}\nAnd the order has been allocated\nAnd it has since been posted\n{CANCEL}", f"{LIFE}\nAnd the order has been posted\n{CANCEL}",
    ),
    "gone on until": (
        f"{LIFE}\nAnd the order has gone on until it was released\n{CANCEL}", f"{LIFE}\nAnd the order has been released\n{CANCEL}",
    ),
    "packed in other words": (
        f"{LIFE}\nAnd the order has been released\nWhen packing is tried\nThen the order is PACKED",
        f"{LIFE}\nAnd the order has been released\nWhen the order is packed\nThen the order is PACKED",
    ),
    "packing is tried, in other words": (
        f"{LIFE}\nAnd the order has been packed\nWhen someone tries to pack the order again\nThen that is impossible, because it is cancelled",
        f"{LIFE}\nAnd the order has been packed\nWhen someone tries to get the order packed\nThen that is impossible, because it is cancelled",
    ),
}  # fmt: skip
OTHER = {
    "another step that is tried": (
        f"{LIFE}\nAnd the order has been packed\nWhen someone tries to pack the order again\nThen that is impossible, because it is cancelled",
        f"{LIFE}\nAnd the order has been packed\nWhen someone tries to get the order released\nThen that is impossible, because it is cancelled",
    ),
    "another fact": (CASE, OTHER_CASE),
    "as written": (CASE, f"Given the SOP is taken as written\nAnd {CASE[6:]}"),
    "another state": (f"{LIFE}\nAnd the order has been allocated\n{CANCEL}", f"{LIFE}\nAnd the order has been posted\n{CANCEL}"),
    "on hold": (
        f"{LIFE}\nAnd the order has been allocated\n{CANCEL}", f"{LIFE}\nAnd the order has been allocated\nAnd it has since been put on hold\n{CANCEL}",
    ),
    "other units": (f"{LIFE}\n{CANCEL}", f"{LIFE.replace('2 units', '3 units')}\n{CANCEL}"),
    "all units as a part": (f"{LIFE}\n{CANCEL}", f"{LIFE}\n{CANCEL.replace('the order', '2 units of the order')}"),
    "another cell": (
        f"{ORDERS}\n| order | posted |\n| A | 2026-05-04 09:00 |\n{EMPTY}", f"{ORDERS}\n| order | posted |\n| A | 2026-05-04 09:01 |\n{EMPTY}",
    ),
    "an order of another number": (
        f"{ORDERS}\n| order | posted |\n| 1 | 2026-05-04 09:00 |\n{EMPTY}", f"{ORDERS}\n| order | posted |\n| 01 | 2026-05-04 09:00 |\n{EMPTY}",
    ),
    "another order of the quality checks": (
        f"{RETURNS}\n| order | units | quality checks |\n| A | 2 | pass, fail |\n{RSI}\n| order | unit |\n| A | 1 |\n| A | 2 |",
        f"{RETURNS}\n| order | units | quality checks |\n| A | 2 | fail, pass |\n{RSI}\n| order | unit |\n| A | 1 |\n| A | 2 |",
    ),
}  # fmt: skip


def lines_of(steps: str) -> str:
    return steps.replace("\n|", "\n  |")


def linted(folder: Path, texts: dict[str, str]) -> list[Problem]:
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return list(lint(sorted(folder.iterdir()), folder, REGISTRY, TAGS).findings)


@pytest.mark.parametrize("about", SAME)
def test_two_examples_of_a_file_say_the_same(about: str) -> None:
    first, second = map(lines_of, SAME[about])
    text = scenario(first) + scenario(second, name="T").partition("\n\n")[2]

    assert findings(text) == [("doubled-example", text.splitlines().index("  Scenario: T") + 1, 3)]


@pytest.mark.parametrize("about", SAME)
def test_two_examples_of_two_files_say_the_same(about: str, tmp_path: Path) -> None:
    first, second = map(lines_of, SAME[about])

    [finding] = linted(
        tmp_path, {"a.feature": scenario(first), "b.feature": scenario(second, name="T").replace("Feature: F", "Feature: G")}
    )

    assert (finding.path, finding.rule, finding.line) == ("b.feature", "doubled-example", 3)
    assert finding.message == "this says the same as the scenario in line 3 of a.feature, `S`"


@pytest.mark.parametrize("about", OTHER)
def test_two_examples_that_differ_are_none(about: str, tmp_path: Path) -> None:
    first, second = map(lines_of, OTHER[about])

    assert findings(scenario(first) + scenario(second, name="T").partition("\n\n")[2]) == []
    assert (
        linted(tmp_path, {"a.feature": scenario(first), "b.feature": scenario(second, name="T").replace("Feature: F", "Feature: G")}) == []
    )


def test_a_row_that_is_in_two_files_is_named_by_its_line(tmp_path: Path) -> None:
    rows = scenario(CASE.replace("PACKED", "<stage>"), examples="| stage |\n| COMPLETED |\n| PACKED |")

    [finding] = linted(tmp_path, {"a.feature": scenario(CASE, name="One"), "b.feature": rows.replace("Feature: F", "Feature: G")})

    assert (finding.path, finding.line) == ("b.feature", rows.splitlines().index("      | PACKED |") + 1)


NAMES = {
    "composed and decomposed": (unicodedata.normalize("NFC", "Caf\u00e9"), unicodedata.normalize("NFD", "Caf\u00e9")),
    "Hangul": (unicodedata.normalize("NFC", "\ud55c"), unicodedata.normalize("NFD", "\ud55c")),
    "a ligature": ("The \ufb01le", "The file"),
    "wide letters": ("\uff21jio", "Ajio"),
    "another letter for ohm": ("One \u2126", "One \u03a9"),
    "a Roman number": ("Part \u2163", "Part IV"),
    "a superscript": ("m\u00b2", "m2"),
}
TEXT = {
    "Feature": "Feature: {}\n\n  Scenario: {other}\n",
    "Rule": "Feature: {other}\n\n  Rule: {}\n\n  Scenario: {other}\n",
    "Scenario": "Feature: {other}\n\n  Scenario: {}\n",
}


@pytest.mark.parametrize("kind", TEXT)
@pytest.mark.parametrize("about", NAMES)
def test_names_of_two_files_that_look_the_same(about: str, kind: str, tmp_path: Path) -> None:
    steps = [case.replace("\n", "\n    ") for case in (CASE, OTHER_CASE)]
    first, second = (
        TEXT[kind].format(name, other=other) + f"    {case}\n" for name, other, case in zip(NAMES[about], ("A", "B"), steps, strict=True)
    )

    found = [finding for finding in linted(tmp_path, {"a.feature": first, "b.feature": second}) if finding.rule == "duplicate-name"]

    assert [(finding.path, second.splitlines()[finding.line - 1].split(":")[0].strip()) for finding in found] == [("b.feature", kind)]
    assert found[0].message.endswith("only its Unicode form differs")


PACKED = "The order is packed"
PLAIN = scenario(OTHER_CASE, name=PACKED)
EQUAL = {
    "plain": PLAIN,
    "with other spaces": scenario(OTHER_CASE, name="The order  is packed"),
    "below a Rule": PLAIN.replace("  Scenario", "  Rule: R\n\n  Scenario"),
    "of an outline": scenario(OTHER_CASE.replace("COMPLETED", "<stage>"), name=PACKED, examples="| stage |\n| COMPLETED |"),
    "as an Example": PLAIN.replace("Scenario:", "Example:"),
    "in another Feature": PLAIN.replace("Feature: F", "Feature: Other orders"),
}


@pytest.mark.parametrize("about", EQUAL)
def test_a_scenario_of_two_files_with_the_same_name(about: str, tmp_path: Path) -> None:
    first, second = scenario(CASE, name=PACKED), EQUAL[about]

    [found] = linted(tmp_path, {"a.feature": first, "b.feature": second})

    lines = second.splitlines()
    assert (found.path, lines[found.line - 1].split(":")[1].split(), found.rule) == ("b.feature", PACKED.split(), "duplicate-name")
    assert found.message == f"line 3 of a.feature already has a scenario named `{lines[found.line - 1].split(': ')[1]}`"
    assert linted(tmp_path, {"a.feature": first, "b.feature": second.replace("packed", "complete")}) == []


@pytest.mark.parametrize("kind", TEXT)
def test_equal_and_different_names_of_two_files_are_none(kind: str, tmp_path: Path) -> None:
    steps = [case.replace("\n", "\n    ") for case in (CASE, OTHER_CASE)]
    for name, other in (("Caf\u00e9", "Caf\u00e9"), ("Caf\u00e9", "Cafe"))[kind == "Scenario" :]:
        texts = [
            TEXT[kind].format(title, other=letter) + f"    {case}\n" for title, letter, case in zip((name, other), "AB", steps, strict=True)
        ]

        assert linted(tmp_path, dict(zip(("a.feature", "b.feature"), texts, strict=True))) == []
