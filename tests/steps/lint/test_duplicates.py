"""Examples that say the same in another order, in other words or in another file; and names that only look the same over two files."""

import unicodedata
from pathlib import Path

import pytest

from sop_engine.text import quoted
from sop_runs.problem import Problem
from steps.lint.linter import lint
from tests.support.lint_inputs import (
    CANCEL,
    CASE,
    DOWNLOAD,
    ERP,
    LIFE,
    OTHER_CASE,
    REGISTRY,
    ROWS,
    SIMULATE,
    TAGS,
    Input,
    check,
    findings,
    id_of,
    scenario,
)

RETURNS = "Given these orders, each with the units that came back"
RSI = "When the client gets the RSI report\nThen the report lists"
ORDERS = "Given these orders, invoiced through the client's ERP"
WEEKS = "Given the experiment sale days\nAnd these settings"
EMPTY = f"{DOWNLOAD}\nThen the report is empty"
SWEEP = "Given the experiment sla squeeze\nAnd these settings\n| run.days | 2 |"
WEEKS_IN_VARIANTS = "When the weeks are simulated in each variant\nThen fewer packers never mean fewer SLA breaches"
REQUEST = "When the seller cancels the order\nThen the request is allowed"
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
        f"a list in other digits: {other}": (f"{SWEEP}\n| sweep.values | {value} |\n{WEEKS_IN_VARIANTS}", f"{SWEEP}\n| sweep.values | {other} |\n{WEEKS_IN_VARIANTS}")
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
    "allocated, in other words": (f"{LIFE}\nAnd the order has been allocated\n{REQUEST}", f"{LIFE}\nAnd it has since been allocated\n{REQUEST}"),
    "allocated and posted": (
        f"{LIFE}\nAnd the order has been allocated\nAnd it has since been posted\n{REQUEST}", f"{LIFE}\nAnd the order has been posted\n{REQUEST}",
    ),
    "gone on until": (
        f"{LIFE}\nAnd the order has gone on until it was released\n{REQUEST}", f"{LIFE}\nAnd the order has been released\n{REQUEST}",
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
    "another state": (f"{LIFE}\nAnd the order has been allocated\n{REQUEST}", f"{LIFE}\nAnd the order has been posted\n{REQUEST}"),
    "on hold": (
        f"{LIFE}\nAnd the order has been allocated\n{REQUEST}", f"{LIFE}\nAnd the order has been allocated\nAnd it has since been put on hold\n{REQUEST}",
    ),
    "other units": (f"{LIFE}\n{REQUEST}", f"{LIFE.replace('2 units', '3 units')}\n{REQUEST}"),
    "all units as a part": (f"{LIFE}\n{REQUEST}", f"{LIFE}\n{REQUEST.replace('the order', '2 units of the order')}"),
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


def test_a_case_as_written_is_another_than_as_practised() -> None:
    written = scenario(f"Given the SOP is taken as written\nAnd {CASE[6:]}", name="T", head="@as-written")

    assert findings(scenario(CASE) + written.partition("\n\n")[2]) == []


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
    "a dotted capital": ("\u0130zmir", "I\u0307zmir"),
    "an i with a second dot": ("i\u0307zmir", "izmir"),
    "two accents in another order": ("a\u0323\u0302", "a\u0302\u0323"),
    "an emoji with a selector": ("I \u2764\ufe0f it", "I \u2764 it"),
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

    problems = [finding for finding in linted(tmp_path, {"a.feature": first, "b.feature": second}) if finding.rule == "duplicate-name"]

    assert [(finding.path, second.splitlines()[finding.line - 1].split(":")[0].strip()) for finding in problems] == [("b.feature", kind)]
    assert problems[0].message.endswith("only its Unicode form differs")


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

    [problem] = linted(tmp_path, {"a.feature": first, "b.feature": second})

    lines = second.splitlines()
    assert (problem.path, lines[problem.line - 1].split(":")[1].split(), problem.rule) == ("b.feature", PACKED.split(), "duplicate-name")
    assert problem.message == f"line 3 of a.feature already has a scenario named `{lines[problem.line - 1].split(': ')[1]}`"
    assert linted(tmp_path, {"a.feature": first, "b.feature": second.replace("packed", "complete")}) == []


@pytest.mark.parametrize("kind", TEXT)
def test_equal_and_different_names_of_two_files_are_none(kind: str, tmp_path: Path) -> None:
    steps = [case.replace("\n", "\n    ") for case in (CASE, OTHER_CASE)]
    for name, other in (("Caf\u00e9", "Caf\u00e9"), ("Caf\u00e9", "Cafe"))[kind == "Scenario" :]:
        texts = [
            TEXT[kind].format(title, other=letter) + f"    {case}\n" for title, letter, case in zip((name, other), "AB", steps, strict=True)
        ]

        assert linted(tmp_path, dict(zip(("a.feature", "b.feature"), texts, strict=True))) == []


DOUBLES = [
    Input("doubled-example", "two scenarios under two names", scenario(CASE) + scenario(CASE, name="T").partition("\n\n")[2].replace("  Scenario", "  ▲Scenario"), scenario(CASE) + scenario(OTHER_CASE, name="T").partition("\n\n")[2]),
    Input("doubled-example", "Givens in another order", scenario(CASE) + scenario(f"Given the order is PACKED\nAnd {ERP[6:]}\n{CANCEL}\nThen the cancellation is refused", name="T").partition("\n\n")[2].replace("  Scenario", "  ▲Scenario"), scenario(CASE) + scenario(f"Given the order is COMPLETED\nAnd {ERP[6:]}\n{CANCEL}\nThen the cancellation is refused", name="T").partition("\n\n")[2]),
    Input("doubled-example", "Thens in another order", scenario(f"{CASE}\nAnd the client has nothing to do") + scenario(CASE.replace("Then the cancellation is refused", "Then the client has nothing to do\nAnd the cancellation is refused"), name="T").partition("\n\n")[2].replace("  Scenario", "  ▲Scenario"), scenario(f"{CASE}\nAnd the client has nothing to do") + scenario(OTHER_CASE, name="T").partition("\n\n")[2]),
    Input("doubled-example", "rows of two tables", scenario(ROWS, examples="| stage |\n| PACKED |") + "\n    Examples: more\n      | stage |\n      ▲| PACKED |\n", scenario(ROWS, examples="| stage |\n| PACKED |") + "\n    Examples: more\n      | stage |\n      | COMPLETED |\n"),
    Input("doubled-example", "a row and a scenario", scenario(CASE) + scenario(ROWS, name="T", examples="| stage |\n| COMPLETED |\n| PACKED |").partition("\n\n")[2].replace("| PACKED", "▲| PACKED"), scenario(CASE) + scenario(ROWS, name="T", examples="| stage |\n| COMPLETED |\n| CANCELLED |").partition("\n\n")[2].replace("| CANCELLED", "| READY_TO_DISPATCH")),
    Input("doubled-example", "a Background and its steps written out",
          f"Feature: F\n\n  Rule: A\n    Background:\n      {ERP}\n    Scenario: S\n      Given the order is PACKED\n      {CANCEL}\n      Then the cancellation is refused\n  Rule: B\n    ▲Scenario: T\n" + "".join(f"      {line}\n" for line in CASE.splitlines()),
          f"Feature: F\n\n  Rule: A\n    Background:\n      {ERP}\n    Scenario: S\n      Given the order is PACKED\n      {CANCEL}\n      Then the cancellation is refused\n  Rule: B\n    Scenario: T\n" + "".join(f"      {line}\n" for line in OTHER_CASE.splitlines())),
]  # fmt: skip

NFC, NFD = (unicodedata.normalize(form, "Café Zoë") for form in ("NFC", "NFD"))
NAMED = [
    Input("duplicate-name", "of scenarios", scenario(CASE, name=NFC) + scenario(OTHER_CASE, name=NFD).partition("\n\n")[2].replace("  Scenario", "  ▲Scenario"), scenario(CASE, name=NFD) + scenario(OTHER_CASE, name="Cafe Zoe").partition("\n\n")[2]),
    Input("duplicate-name", "of outlines", scenario(ROWS, name=NFD, examples="| stage |\n| PACKED |") + scenario(OTHER_CASE, name=NFC).partition("\n\n")[2].replace("  Scenario", "  ▲Scenario"), scenario(ROWS, name=NFC, examples="| stage |\n| PACKED |") + scenario(OTHER_CASE, name=f"{NFC} too").partition("\n\n")[2]),
    Input("duplicate-name", "with other spaces", scenario(CASE, name=f"a {NFC}") + scenario(OTHER_CASE, name=f"a   {NFD}").partition("\n\n")[2].replace("  Scenario", "  ▲Scenario"), scenario(CASE, name=f"a {NFC}") + scenario(OTHER_CASE, name=f"b {NFD}").partition("\n\n")[2]),
    Input("duplicate-name", "of Rules", f"Feature: F\n\n  Rule: {NFC}\n" + scenario(CASE).partition("\n\n")[2] + f"\n  ▲Rule: {NFD}\n" + scenario(OTHER_CASE, name="T").partition("\n\n")[2], f"Feature: F\n\n  Rule: {NFC}\n" + scenario(CASE).partition("\n\n")[2] + "\n  Rule: Cafe Zoe\n" + scenario(OTHER_CASE, name="T").partition("\n\n")[2]),
    Input("duplicate-name", "of tables of Examples", scenario(ROWS, examples="| stage |\n| PACKED |").replace("Examples:", f"Examples: {NFC}") + f"\n    ▲Examples: {NFD}\n      | stage |\n      | COMPLETED |\n", scenario(ROWS, examples="| stage |\n| PACKED |").replace("Examples:", f"Examples: {NFC}") + f"\n    Examples: {NFC} 2\n      | stage |\n      | COMPLETED |\n"),
    Input("no-name", "a Feature", "▲Feature:\n\n" + scenario(CASE).partition("\n\n")[2], scenario(CASE)),
    Input("no-name", "a Scenario", scenario(CASE, name="").replace("Scenario", "▲Scenario"), scenario(CASE)),
    Input("no-name", "an outline", scenario(ROWS, name="", examples="| stage |\n| PACKED |").replace("Scenario", "▲Scenario"), scenario(ROWS, examples="| stage |\n| PACKED |")),
    Input("no-name", "a name of emoji", scenario(CASE, name="\U0001f680").replace("Scenario", "▲Scenario"), scenario(CASE, name="\U0001f680 1")),
    Input("no-name", "a name of dots", scenario(CASE, name="...").replace("Scenario", "▲Scenario"), scenario(CASE, name="1 ...")),
    Input("no-name", "a Rule", "Feature: F\n\n  ▲Rule:\n" + scenario(CASE).partition("\n\n")[2], "Feature: F\n\n  Rule: R\n" + scenario(CASE).partition("\n\n")[2]),
]  # fmt: skip


@pytest.mark.parametrize("case", [*DOUBLES, *NAMED], ids=id_of)
def test_what_is_said_or_named_twice_is_reported(case: Input) -> None:
    check(case)


def test_files_whose_names_look_the_same_are_reported(tmp_path: Path) -> None:
    features = ((NFC, "One"), (NFD, "Two"), ("x", NFC), ("y", NFD), ("z", "Cafe Zoe"))
    for (name, feature), stage in zip(features, ("PACKED", "COMPLETED", "READY_TO_DISPATCH", "CANCELLED", "PROCESSING"), strict=True):
        text = scenario(CASE.replace("PACKED", stage), name=stage).replace("Feature: F", f"Feature: {feature}")
        (tmp_path / f"{name}.feature").write_text(text, encoding="utf-8")

    result = lint(sorted(tmp_path.iterdir()), tmp_path, REGISTRY, TAGS)

    assert {(finding.path, finding.rule) for finding in result.findings} <= {
        (f"{name}.feature", "duplicate-name") for name in (NFC, NFD, "x", "y")
    }
    assert len(result.findings) == 2


@pytest.mark.parametrize("name", ["\U0001f680", "\U0001f468\u200d\U0001f4bb", "...", "\u2014", "\u2764\ufe0f \u2764\ufe0f"])
def test_a_name_without_a_letter_is_shown(name: str, tmp_path: Path) -> None:
    [problem] = [finding for finding in linted(tmp_path, {"a.feature": scenario(CASE, name=name)}) if finding.rule == "no-name"]

    assert problem.message == f"the name {quoted(name)} of this Scenario has no letter or digit, so a reader cannot know what it is about"
    assert linted(tmp_path, {"a.feature": scenario(CASE, name=f"{name} 1")}) == []


UNTIL, SINCE, LATER = "@until-clients_v1", "@since-clients_v2", "@since-clients_v3"
NAMED_ALIKE = {
    "in one version and the next": ((UNTIL, SINCE), 0),
    "in three versions": ((UNTIL, f"{SINCE} @until-clients_v2", LATER), 0),
    "in all versions and in one": (("", SINCE), 1),
    "twice in the next version": ((UNTIL, SINCE, SINCE), 1),
    "twice in one version": ((UNTIL, UNTIL, SINCE), 1),
}
"""The tags of scenarios of the same name, and the number of findings."""


@pytest.mark.parametrize("files", [1, 2], ids=["one file", "two files"])
@pytest.mark.parametrize(("tags", "number"), NAMED_ALIKE.values(), ids=NAMED_ALIKE)
def test_scenarios_of_different_versions_may_have_one_name(tags: tuple[str, ...], number: int, files: int, tmp_path: Path) -> None:
    scenarios = [f"\n  {tag}\n  Scenario: S\n    {CASE}\n" for tag in tags]
    if files == 1:
        texts = {"a.feature": "Feature: F\n" + "".join(scenarios)}
    else:
        texts = {f"{place}.feature": f"Feature: F{place}\n{text}" for place, text in enumerate(scenarios)}

    assert [finding.rule for finding in linted(tmp_path, texts)].count("duplicate-name") == number
