"""No name or description of a feature changes without the gate noticing."""

from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Literal, get_args, get_origin, get_type_hints

import pytest
from msgspec import Struct

from sop_runs.change.baseline import Baseline
from sop_runs.record.schema import FeatureDocument
from tests.support.in_process import record_of
from tests.support.wording import FEATURE, OTHER, gate_of, write

TEXTS: dict[str, tuple[str, str]] = {
    "FeatureDocument.name": ("Cancelling in full", "Cancelling all"),
    "FeatureDocument.description": ("Until it is packed.", "Until it is shipped."),
    "Background.name": ("Who invoices", "Who bills"),
    "Background.description": ("It is the ERP", "It is not the ERP"),
    "WrittenRule.name": ("The seller may cancel", "The seller may not cancel"),
    "WrittenRule.description": ("At these stages.", "At those stages."),
    "Background.name of a Rule": ("No e-invoice", "No invoice"),
    "Background.description of a Rule": ("It comes later.", "It never comes."),
    "WrittenScenario.name": ("At a stage", "At any stage"),
    "WrittenScenario.description": ("Why it is here.", "Why it was here."),
    "ExamplesTable.name": ("Before packing", "After packing"),
    "ExamplesTable.description": ("The usual ones.", "The unusual ones."),
    "ExamplesTable.name of a second table": ("Examples:\n", "Examples: Without stock\n"),
    "a description with the name": ("At a stage\n      Why it is here.", "Anywhere\n      Why it was here."),
    "a description of a Rule with its name": ("The seller may cancel\n    At these stages.", "It may be cancelled\n    At those stages."),
    "a description that goes with the name": ("At a stage\n      Why it is here.\n", "Anywhere\n"),
    "a description that goes": ("  Until it is packed.\n", ""),
}


def types_of(kind: object) -> Iterator[type[Struct]]:
    """The structs that a type holds, itself first."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield kind
        for name, hint in get_type_hints(kind).items():
            if name in kind.__struct_fields__:
                yield from types_of(hint)
    elif get_origin(kind) not in (None, Literal) or isinstance(kind, UnionType):
        for part in get_args(kind):
            yield from types_of(part)


def test_every_name_and_description_of_a_feature_is_tried() -> None:
    named = {
        (kind.__name__, name) for kind in types_of(FeatureDocument) for name in ("name", "description") if name in kind.__struct_fields__
    }

    assert named == {tuple(key.split(" ")[0].split(".")) for key in TEXTS if "." in key}
    assert {kind for kind, name in named if name == "name"} == {kind for kind, name in named if name == "description"}


@pytest.mark.parametrize("name", TEXTS)
def test_a_name_or_description_that_changes_closes_the_gate(name: str, baseline: Baseline, tmp_path: Path) -> None:
    old, new = TEXTS[name]
    assert old in FEATURE
    gate = gate_of(write(tmp_path / "features", FEATURE[: FEATURE.rindex(old)] + new + FEATURE[FEATURE.rindex(old) + len(old) :]), baseline)

    wording, examples = gate.wording(), gate.examples()

    assert wording.problems or examples.problems
    if "description" in name or "Examples" in name:
        (problem,) = wording.problems
        assert (problem.path, "description" in problem.message) == ("one.feature", True)


def test_the_same_features_open_the_gate_also_with_a_new_example(baseline: Baseline, tmp_path: Path) -> None:
    same = gate_of(write(tmp_path / "same", FEATURE), baseline)
    more = gate_of(
        write(tmp_path / "more", FEATURE, OTHER + OTHER.partition("\n")[2].replace("With RMS", "RMS\n    Said again.\n")), baseline
    )
    table = gate_of(
        write(tmp_path / "table", FEATURE + "\n      Examples: Before stock\n        | stage   |\n        | CREATED |\n"), baseline
    )

    assert [gate.wording().problems for gate in (same, more, table)] == [(), (), ()]
    assert [gate.examples().problems for gate in (same, more, table)] == [(), (), ()]


def test_features_that_have_no_file_in_common_are_not_passed_over(baseline: Baseline, tmp_path: Path) -> None:
    folder = tmp_path / "features"
    folder.mkdir()
    (folder / "three.feature").write_text(OTHER, encoding="utf-8")

    check = gate_of(record_of(folder), baseline).examples()

    assert [problem.message for problem in check.problems] == ["no approved feature file is left"]
