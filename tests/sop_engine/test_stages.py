"""A register lists its stages in order; one without a stage of an order's life, or with a name that cannot be one, is one clear error."""

import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from sop_engine import ENGINE, EVERY_CASE, Stage
from sop_engine.case import FACT_TYPES, FURTHER_STAGES, LIFE_CASES, LIFE_STAGES, cases_with
from sop_engine.comparison import NO_CASE, RegionKind, regions
from sop_engine.decision import Reading
from sop_engine.decision_table import Behaviour, BehaviourError
from sop_engine.engine import Engine
from sop_engine.errors import RulebookError
from sop_engine.reader import read_rulebook
from sop_engine.stages import _WORDS_OF_OTHER_FACTS, LIFE_NAMES, MOST_STAGES, name_findings, stage_names
from sop_engine.verification import situations_of
from sop_engine.versions import CLAUSES, GAPS, parse_register
from tests.support.on_hold import AFTER_PROCESSING, CLAUSE, NAME, NEXT_RECORD, STAGE, WORDS, changed, with_on_hold

NOW = Behaviour.of(ENGINE)


def refusal(folder: Path) -> tuple[str, ...]:
    with pytest.raises(RulebookError) as caught:
        Engine.of(read_rulebook(folder))
    return caught.value.findings


# The first version


def test_the_first_version_has_the_eight_stages_of_an_order_with_their_words() -> None:
    stages = ENGINE.rulebook.stages

    assert tuple(stage.id for stage in stages) == tuple(map(str, Stage)) == LIFE_NAMES == tuple(map(str, LIFE_STAGES))
    assert len({stage.words for stage in stages}) == 8
    assert FURTHER_STAGES == ()
    assert (len(EVERY_CASE), LIFE_CASES) == (256, EVERY_CASE)
    assert cases_with(LIFE_NAMES) is EVERY_CASE


def test_a_register_without_stages_has_those_of_every_order(folder: Path) -> None:
    text = (folder / CLAUSES).read_text(encoding="utf-8")
    start, end = text.index("[[stage]]"), text.index("# Who acts")
    (folder / CLAUSES).write_text(text[:start] + text[end:], encoding="utf-8")
    book = read_rulebook(folder)

    assert (book.stages, book.stage_names) == ((), LIFE_NAMES)
    assert "stages" not in book.to_plain()
    assert regions(NOW, Behaviour.of(Engine.of(book))) == ()


def test_the_words_that_no_stage_may_have_are_those_of_the_other_facts() -> None:
    others = {str(word).casefold() for fact, words in FACT_TYPES.items() if fact != "stage" for word in words}

    assert {word for word in others if " " not in word} == _WORDS_OF_OTHER_FACTS


# A ninth stage, in a process of the first version


@pytest.mark.slow
def test_a_ninth_stage_is_proved_in_all_its_cases(folder: Path) -> None:
    engine = Engine.of(read_rulebook(with_on_hold(folder)))
    names = engine.rulebook.stage_names
    held = [key for key in engine.proof.answers if NAME in key[2]]

    assert names.index(NAME) == names.index("PROCESSING") + 1 == names.index("PACKED") - 1
    assert (len(situations_of(engine.rulebook)["case"]), len(held)) == (288, 2 * 32)
    assert engine.answers["case", Reading.AS_PRACTISED, ("seller", "full", "RMS", NAME, "pushed")].clauses == ("SC-RMS-FULL-3",)
    assert engine.rulebook.stages[4].words == WORDS


def test_cases_of_the_new_stage_that_nothing_decides_are_refused(folder: Path) -> None:
    (finding,) = refusal(changed(folder, (AFTER_PROCESSING, STAGE + AFTER_PROCESSING)))
    assert f"no clause and no gap covers any of the 32 cases of the stage {NAME}; add some, or a gap" in finding

    with_some = changed(
        folder, (NEXT_RECORD["SC-RMS-FULL-3"][1], CLAUSE.format(id="SC-RMS-FULL-3", line=65) + NEXT_RECORD["SC-RMS-FULL-3"][1])
    )
    listed = refusal(with_some)
    assert any(f"no clause covers seller / full / ERP / {NAME} / not posted" in finding for finding in listed)
    assert {"RMS / full" for finding in listed if f"seller / full / RMS / {NAME}" in finding} == set()


@pytest.mark.slow
def test_common_cases_are_compared_one_by_one_and_the_others_are_new_or_gone(folder: Path) -> None:
    with_on_hold(folder)
    changed(folder, ('id = "SC-RMS-FULL-1"', 'id = "SC-RMS-FULL-1"\nmanner = "by hand"'))
    then = Behaviour.of(Engine.of(read_rulebook(folder)))
    forth, back = regions(NOW, then), regions(then, NOW)

    assert {region.kind for region in forth} == {RegionKind.CHANGED, RegionKind.NEW}
    new = {(region.reading, values) for region in forth if region.kind is RegionKind.NEW for values in region.values()}
    assert new == {(reading, values) for _, reading, values in then.rows if NAME in values}
    altered = {values for region in forth if region.kind is RegionKind.CHANGED for values in region.values()}
    assert altered == {values for subject, _, values in NOW.rows if values[:3] == ("seller", "full", "RMS") and values[3] in LIFE_NAMES[:4]}
    assert [(region.facts, region.after) for region in forth if region.before == NO_CASE] == [
        (region.facts, region.before) for region in back if region.after == NO_CASE
    ]
    assert sum(region.size for region in back if region.kind is RegionKind.GONE) == 64
    assert {region.parts for region in forth if region.kind is RegionKind.NEW} == {("outcome", "tasks", "clauses", "gaps")}


@pytest.mark.slow
def test_a_saved_table_has_the_stages_of_its_rulebook(folder: Path) -> None:
    then = Behaviour.of(Engine.of(read_rulebook(with_on_hold(folder))))
    text = then.to_text()

    assert Behaviour.from_text(text, "x") == then
    lines = text.splitlines(keepends=True)
    row = next(number for number, line in enumerate(lines) if NAME in line)
    for spoilt in (
        "".join(lines[:row] + lines[row + 1 :]),
        text.replace(NAME, "on hold"),
        text.replace(NAME, "PACKED"),
        text.replace("PACKED", "PAKED"),
    ):
        with pytest.raises(BehaviourError, match="is not a table of every situation"):
            Behaviour.from_text(spoilt, "x")


def test_the_recipe_of_the_guide_gives_a_rulebook_that_holds(folder: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "editing.md").read_text(encoding="utf-8")
    stage, gap = (dedent(block) for block in re.findall(r"```toml\n(.*?)```", guide[guide.index("### A new stage") :], re.DOTALL)[:2])
    changed(folder, (AFTER_PROCESSING, f"{stage}\n{AFTER_PROCESSING}"))
    (folder / GAPS).write_text((folder / GAPS).read_text(encoding="utf-8") + "\n" + gap, encoding="utf-8")
    engine = Engine.of(read_rulebook(folder))

    for key, answer in engine.answers.items():
        if key[1] is Reading.AS_PRACTISED and NAME in key[2]:
            like = engine.answers[key[0], key[1], tuple("PROCESSING" if word == NAME else word for word in key[2])]
            assert (answer.outcome, answer.tasks, "GAP-58" in answer.gaps) == (like.outcome, like.tasks, True)


# Wrong stages

NEVER_NAMES = [
    "on hold", "on_hold", "ON-HOLD", "ON__HOLD", "_ON_HOLD", "ON_HOLD_", "0N_HOLD", "", " ", "ON_HOLD ", "\u041eN_HOLD", "ON_HÖLD", "ON_HOLD\\n",
    "<b>ON_HOLD</b>", "'; DROP TABLE", "ON|HOLD", "X" * 41, "X" * 200, "mro", "__class__", "ON\\u202eHOLD",
]  # fmt: skip


@pytest.mark.parametrize("name", NEVER_NAMES)
def test_a_name_that_cannot_be_a_word_of_a_sentence_is_refused(folder: Path, name: str) -> None:
    (finding,) = refusal(changed(folder, (AFTER_PROCESSING, STAGE.replace(NAME, name) + AFTER_PROCESSING)))

    assert "must be capitals, digits and single _ between them, at most 40 characters, such as ON_HOLD" in finding
    assert len(finding) < 200
    assert finding.isprintable()
    assert stage_names(parse_register((folder / CLAUSES).read_bytes())) == LIFE_NAMES


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("ERP", "the stage `ERP` has the name of a value of another fact; choose another name"),
        ("POSTED", "the stage `POSTED` has the name of a value of another fact; choose another name"),
        ("CREATED", "`CREATED` is defined twice"),
        ("READYTODISPATCH", "the stages `READYTODISPATCH` and `READY_TO_DISPATCH` look the same; choose another name"),
        ("READY_T0_DISPATCH", "the stages `READY_T0_DISPATCH` and `READY_TO_DISPATCH` look the same; choose another name"),
        ("FULF1LLABLE", "the stages `FULFILLABLE` and `FULF1LLABLE` look the same; choose another name"),
    ],
)
def test_a_name_that_is_taken_or_looks_like_another_is_refused(folder: Path, name: str, reason: str) -> None:
    (finding,) = refusal(changed(folder, (AFTER_PROCESSING, STAGE.replace(NAME, name) + AFTER_PROCESSING)))

    assert finding.startswith("clauses.toml:")
    assert reason in finding


def removed(folder: Path, name: str) -> Path:
    words = next(stage.words for stage in ENGINE.rulebook.stages if stage.id == name)
    return changed(folder, (f'[[stage]]\nid = "{name}"\nwords = "{words}"\n\n', ""))


@pytest.mark.parametrize("name", LIFE_NAMES)
def test_a_stage_of_an_orders_life_cannot_be_left_out(folder: Path, name: str) -> None:
    assert refusal(removed(folder, name)) == (
        f"clauses.toml:1: there is no stage `{name}`, which the life of an order needs; add it again",
    )


def test_a_stage_of_an_orders_life_cannot_be_renamed(folder: Path) -> None:
    (finding,) = refusal(changed(folder, ('[[stage]]\nid = "PACKED"', '[[stage]]\nid = "PACKT"')))

    assert "there is no stage `PACKED`, which the life of an order needs; `PACKT` must have this name" in finding


def test_the_stages_of_an_orders_life_keep_their_order(folder: Path) -> None:
    changed(
        folder,
        (AFTER_PROCESSING, '[[stage]]\nid = "PKD"'),
        ('[[stage]]\nid = "COMPLETED"', AFTER_PROCESSING),
        ('[[stage]]\nid = "PKD"', '[[stage]]\nid = "COMPLETED"'),
    )

    (finding,) = refusal(folder)
    assert "the stage `COMPLETED` is before `READY_TO_DISPATCH`, but follows it in the life of an order; exchange them" in finding


@pytest.mark.slow
@pytest.mark.parametrize("before", [f'[[stage]]\nid = "{LIFE_NAMES[0]}"', '[[stage]]\nid = "CANCELLED"', "# Who acts, and in which"])
def test_a_further_stage_may_be_anywhere(folder: Path, before: str) -> None:
    names = Engine.of(read_rulebook(with_on_hold(folder, before))).rulebook.stage_names

    assert tuple(name for name in names if name != NAME) == LIFE_NAMES
    assert names.index(NAME) == {"# Who acts, and in which": 8}.get(before, 0 if LIFE_NAMES[0] in before else 7)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda text: text.replace(f'words = "{WORDS}"', 'words = ""'), "`words` of the stage `ON_HOLD` must say in one line of 1 to 200 characters what it means"),
        (lambda text: text.replace(f'words = "{WORDS}"', f'words = "{"x" * 201}"'), "must say in one line"),
        (lambda text: text.replace(f'words = "{WORDS}"', 'words = "a\\nb"'), "must say in one line"),
        (lambda text: text.replace(f'words = "{WORDS}"', "words = 3"), "`words` must be a text"),
        (lambda text: text.replace(f'words = "{WORDS}"', f'words = "{WORDS}"\nafter = "PACKED"'), "unknown key `after` in `ON_HOLD`"),
        (lambda text: text.replace('id = "ON_HOLD"', "id = 3"), "a [[stage]] record has no id"),
        (lambda text: text.replace('id = "ON_HOLD"\n', ""), "a [[stage]] record has no id"),
    ],
)  # fmt: skip
def test_a_record_that_says_nothing_is_refused(folder: Path, spoil: Callable[[str], str], reason: str) -> None:
    changed(folder, (AFTER_PROCESSING, STAGE + AFTER_PROCESSING))
    text = (folder / CLAUSES).read_text(encoding="utf-8")
    assert spoil(text) != text
    (folder / CLAUSES).write_text(spoil(text), encoding="utf-8")

    assert any(reason in finding for finding in refusal(folder))


@pytest.mark.parametrize("value", ['"ON_HOLD"', '["ON_HOLD"]', "[]", "{ id = 1 }", "1"])
def test_stages_that_are_not_records_are_refused(folder: Path, value: str) -> None:
    text = (folder / CLAUSES).read_text(encoding="utf-8")
    start, end = text.index("[[stage]]"), text.index("# Who acts")
    (folder / CLAUSES).write_text(f"stage = {value}\n{text[:start]}{text[end:]}", encoding="utf-8")

    assert any("[[stage]] record" in finding for finding in refusal(folder))


def test_too_many_stages_are_refused() -> None:
    names = [*LIFE_NAMES, *(f"MORE_{chr(65 + number)}" for number in range(MOST_STAGES - 8))]

    assert [*name_findings(names)] == []
    assert [reason for _, reason in name_findings([*names, "ONE_MORE"])] == ["there are 25 stages, at most 24 are possible; remove some"]


def test_an_unknown_stage_of_a_clause_names_the_nearest(folder: Path) -> None:
    with_on_hold(folder)
    (finding, *_) = refusal(changed(folder, ('when = { stage = "ON_HOLD" }', 'when = { stage = "ON_HOLDS" }')))

    assert "unknown stage `ON_HOLDS`; did you mean `ON_HOLD`?" in finding
