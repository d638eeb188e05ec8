"""The baseline: what is approved is saved as text with a line for each entry, and read back the same; a spoilt file is one error."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from sop_engine import SopError
from sop_engine.decision_table import Behaviour
from sop_engine.engine import ENGINE
from sop_runs.change.baseline import BaselineError, ForeignFileError, approve, is_approved, read_baseline
from sop_runs.change.example_text import descriptions_of, documents_of, examples_of
from sop_runs.record.reader import RunRecord, read
from tests.support.run_samples import record as sample_lines

NAMES = ("behaviour.json", "examples.json", "sentences.json")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> RunRecord:
    file = tmp_path_factory.mktemp("run") / "run.ndjson"
    lines = sample_lines()
    lines[0]["rulebook"]["sha256"] = lines[1]["sha256"] = ENGINE.rulebook.sha256
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return read(file)


@pytest.fixture
def approved(record: RunRecord, tmp_path: Path) -> Path:
    approve(record, tmp_path / "new" / "approved")
    return tmp_path / "new" / "approved"


def test_what_is_approved_is_read_back_the_same(record: RunRecord, approved: Path) -> None:
    baseline = read_baseline(approved)

    assert record.rulebook is not None
    assert baseline.behaviour == Behaviour.of(ENGINE)
    assert baseline.examples == examples_of(record)
    assert len(baseline.examples) == len(record.scenarios) > 10
    for name in ("name", "sections", "clauses", "gaps"):
        assert getattr(baseline.sentences, name) == getattr(record.rulebook, name)
    assert baseline.descriptions == descriptions_of(documents_of(record))
    assert any(text.text for text in baseline.descriptions.values())


def test_files_of_two_approvals_are_refused(approved: Path) -> None:
    """As where a process was killed between two files."""
    file = approved / "sentences.json"
    file.write_text(file.read_text(encoding="utf-8").replace(ENGINE.rulebook.sha256, "0" * 64), encoding="utf-8")

    with pytest.raises(BaselineError, match=r"sentences\.json: is of another rulebook than behaviour\.json"):
        read_baseline(approved)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", [b"", b"minutes of a meeting", b"{}", b"[1]", b'{"version": "2"}', b"\xff", b"[" * 100_000])
def test_a_file_of_someone_else_is_not_overwritten(content: bytes, name: str, record: RunRecord, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ForeignFileError, match="is not a file of a baseline; rename it"):
        approve(record, tmp_path)

    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [(name, content)]


@pytest.mark.parametrize("name", NAMES)
def test_a_link_to_a_file_of_another_baseline_is_replaced_and_not_followed(
    name: str, record: RunRecord, approved: Path, tmp_path: Path
) -> None:
    (approved / name).rename(tmp_path / name)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b" ")
    before = (tmp_path / name).read_bytes()
    (approved / name).symlink_to(tmp_path / name)

    approve(record, approved)

    assert not (approved / name).is_symlink()
    assert (tmp_path / name).read_bytes() == before
    assert read_baseline(approved)


def test_the_files_are_named_and_each_entry_has_a_line(record: RunRecord, tmp_path: Path) -> None:
    assert approve(record, tmp_path) == tuple(tmp_path / name for name in NAMES)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(NAMES)

    lines = (tmp_path / "examples.json").read_text(encoding="utf-8").split("\n")
    first, last = lines.index(lines[1]), len(record.scenarios)
    assert (lines[0], lines[-1]) == ('{"version": 2, "examples": [', "")
    assert lines[last + 1] == '], "descriptions": ['
    assert lines[-2] == "]}"
    assert [json.loads(line.removesuffix(","))["id"] for line in lines[first : last + 1]] == [scenario.id for scenario in record.scenarios]
    assert all(line.endswith("},") for line in lines[first:last])
    sentences = (tmp_path / "sentences.json").read_text(encoding="utf-8").split("\n")
    assert sentences[0].startswith('{"version": 2, "type": "rulebook", "name": ')
    assert sentences[0].endswith(": [")
    assert [json.loads(line.removesuffix(","))["id"] for line in sentences if line.startswith('{"id": "GAP-')] == [
        gap["id"] for gap in json.loads("\n".join(sentences))["gaps"]
    ]


def test_a_text_is_saved_as_it_is_written(record: RunRecord, tmp_path: Path) -> None:
    name = "Größe — ½ \u2028 “x”"
    approve(structs_with_name(record, name), tmp_path)

    assert name in (tmp_path / "examples.json").read_bytes().decode("utf-8")
    assert next(iter(read_baseline(tmp_path).examples.values())).name == name


def structs_with_name(record: RunRecord, name: str) -> RunRecord:
    first, *others = record.scenarios
    return RunRecord(record.manifest, record.rulebook, record.features, [structs.replace(first, name=name), *others], record.closing)


def test_approving_again_replaces_what_was_approved(record: RunRecord, approved: Path) -> None:
    approve(structs_with_name(record, "Another name"), approved)

    assert next(iter(read_baseline(approved).examples.values())).name == "Another name"


@pytest.mark.parametrize(
    ("name", "spoil", "reason"),
    [
        ("behaviour.json", Path.unlink, "the file does not exist"),
        ("examples.json", Path.unlink, "the file does not exist"),
        ("examples.json", lambda file: file.write_bytes(b"\xff"), "cannot be read (it is not UTF-8 text (byte 1))"),
        ("behaviour.json", lambda file: file.write_bytes(b"\xff"), "cannot be read (it is not UTF-8 text (byte 1))"),
        ("sentences.json", lambda file: file.write_bytes(b"\xff"), "cannot be read (it is not UTF-8 text (byte 1))"),
        ("examples.json", lambda file: (file.unlink(), file.mkdir()), "cannot be read ("),
        ("examples.json", lambda file: file.write_text("{}", encoding="utf-8"), "cannot be used: the file has no `version`"),
        (
            "examples.json",
            lambda file: file.write_text('{"version": 1, "examples": []}', encoding="utf-8"),
            "has version 1, this program reads 2",
        ),
        ("examples.json", lambda file: file.write_text('{"version": 2, "examples": 3}', encoding="utf-8"), "cannot be used: examples is"),
        ("examples.json", lambda file: file.write_text("[" * 100_000, encoding="utf-8"), "cannot be read (it is nested too deeply)"),
        ("sentences.json", lambda file: file.write_text('{"version": 2}', encoding="utf-8"), "cannot be used: the file has no `"),
    ],
)
def test_a_spoilt_file_is_named_with_reason_and_remedy(name: str, spoil: Callable[[Path], object], reason: str, approved: Path) -> None:
    spoil(approved / name)

    with pytest.raises(BaselineError) as caught:
        read_baseline(approved)

    assert str(caught.value).startswith(f"{(approved / name).as_posix()}: {reason}")
    assert str(caught.value).endswith("; save a new baseline with `sop approve`")


def test_a_spoilt_table_of_answers_is_named(approved: Path) -> None:
    (approved / "behaviour.json").write_text("[]", encoding="utf-8")

    with pytest.raises(SopError) as caught:
        read_baseline(approved)

    assert str(caught.value).startswith(f"{(approved / 'behaviour.json').as_posix()}: is not a table")


def test_a_folder_with_any_file_of_a_baseline_is_approved(approved: Path, tmp_path: Path) -> None:
    assert is_approved(approved)
    assert not is_approved(tmp_path / "none")
    for name in NAMES:
        alone = tmp_path / name.removesuffix(".json")
        alone.mkdir()
        (alone / name).write_bytes((approved / name).read_bytes())
        assert is_approved(alone)


Entries = list[dict[str, Any]]


def first_again(entries: Entries) -> None:
    entries.append(entries[0])


def spoilt(approved: Path, name: str, lists: str, change: Callable[[Entries], object]) -> str:
    saved = json.loads((approved / name).read_text(encoding="utf-8"))
    change(saved[lists])
    (approved / name).write_text(json.dumps(saved), encoding="utf-8")
    with pytest.raises(BaselineError) as caught:
        read_baseline(approved)
    return str(caught.value).removeprefix(f"{(approved / name).as_posix()}: ").removesuffix("; save a new baseline with `sop approve`")


@pytest.mark.parametrize(
    ("name", "lists", "noun"),
    [
        ("examples.json", "examples", "example"),
        ("examples.json", "descriptions", "description"),
        ("sentences.json", "sections", "heading"),
        ("sentences.json", "clauses", "clause"),
        ("sentences.json", "gaps", "gap"),
    ],
)
def test_an_emptied_list_and_a_repeated_entry_are_refused(name: str, lists: str, noun: str, approved: Path) -> None:
    before = (approved / name).read_bytes()
    entry = json.loads(before)[lists][0]
    parts = {"example": ("feature", "id"), "description": ("feature", "owner", "rule")}.get(noun, ("id",))
    named = " / ".join(entry[part] for part in parts if entry.get(part))

    assert spoilt(approved, name, lists, list.clear) == f"has no {noun}"
    (approved / name).write_bytes(before)
    message = spoilt(approved, name, lists, first_again)
    assert message.startswith(f"has the {noun} ")
    assert message.endswith(" twice")
    assert message.removeprefix(f"has the {noun} ").removesuffix(" twice") == named


def test_an_entry_without_a_part_is_refused(approved: Path) -> None:
    identifier = json.loads((approved / "sentences.json").read_text(encoding="utf-8"))["clauses"][0]["id"]

    message = spoilt(approved, "sentences.json", "clauses", lambda entries: entries[0].pop("outcome", None))
    assert message == f"has no `outcome` of the clause {identifier}"


def test_a_baseline_without_what_other_readings_decide_is_refused(approved: Path) -> None:
    """As it was saved before these words were compared: they are not approved."""
    message = spoilt(approved, "sentences.json", "gaps", lambda entries: entries[0].pop("alternatives"))
    assert message == "has no `alternatives` of the gap GAP-02"


def test_examples_without_a_description_of_their_feature_and_the_reverse_are_refused(approved: Path) -> None:
    before = (approved / "examples.json").read_bytes()
    path = json.loads(before)["examples"][0]["feature"]

    def without(entries: Entries) -> None:
        entries[:] = [entry for entry in entries if entry["feature"] != path]

    assert spoilt(approved, "examples.json", "descriptions", without) == f"has no description of {path}"
    (approved / "examples.json").write_bytes(before)
    assert spoilt(approved, "examples.json", "examples", without) == f"has no example of {path}"


def test_other_steps_than_were_approved_are_refused(approved: Path) -> None:
    example = json.loads((approved / "examples.json").read_text(encoding="utf-8"))["examples"][0]

    def change(entries: Entries) -> None:
        entries[0]["steps"][0][1] = "something else"

    message = spoilt(approved, "examples.json", "examples", change)
    assert message == f"has other steps of {example['feature']} / {example['id']} than were approved"
