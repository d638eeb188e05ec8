"""What changed between two rulebooks is reported completely, in readable regions, with its causes."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert

from sop_cli.main import main
from sop_engine.comparison import regions
from sop_engine.decision import Reading
from sop_engine.decision_table import Behaviour, BehaviourError, TableRow, situation_keys
from sop_engine.engine import ENGINE, Engine
from sop_engine.reader import Rulebook, read_rulebook
from sop_runs.change.snapshot import Snapshot
from sop_runs.change.snapshot_changes import changes
from sop_runs.change.text_changes import ChangeKind
from sop_runs.record.schema import RulebookRecord

ROOT = Path(__file__).parents[2]
RULEBOOK = ROOT / "sop_engine" / "rulebook" / "clients_v1"
NOW = Behaviour.of(ENGINE)
NO_REFUSAL = (
    ("SC-RMS-FULL-2", 'modality = "must-not"', 'modality = "outcome"'),
    ("SC-RMS-FULL-2", 'outcome = "refused"', 'outcome = "without effect"'),
)
"""A refusal made an outcome without effect, with the force that fits it."""


def other(tmp_path: Path, *changes: tuple[str, str, str]) -> Path:
    """A copy of the rulebook in which, after each *id*, a text is replaced once."""
    folder = tmp_path / "rulebook"
    shutil.copytree(RULEBOOK, folder)
    for identifier, old, new in changes:
        file = folder / ("gaps.toml" if identifier.startswith("GAP") else "clauses.toml")
        text = file.read_text(encoding="utf-8")
        at = text.index(f'id = "{identifier}"')
        assert old in text[at:]
        file.write_text(text[:at] + text[at:].replace(old, new, 1), encoding="utf-8")
    return folder


def test_a_behaviour_is_read_as_it_was_written() -> None:
    text = NOW.to_text()

    assert Behaviour.from_text(text, "x") == NOW
    assert text.count("\n") == len(NOW.rows) + 2
    assert len(NOW.rows) == 2 * (256 + 4)


def test_nothing_changed_is_no_region() -> None:
    assert regions(NOW, NOW) == ()


outcomes = st.sampled_from(["allowed", "refused", "without effect"])


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([*situation_keys()]), outcomes, max_size=40))
def test_regions_cover_what_changed_and_nothing_else(changed: dict) -> None:  # type: ignore[type-arg]
    rows = dict(NOW.rows)
    for key, outcome in changed.items():
        old = rows[key]
        rows[key] = TableRow(
            outcome, old.tasks, old.clauses, old.gaps, old.manner, old.stock, old.offline_claim, old.outcome_by, old.tasks_by
        )
    after = Behaviour("x", "0", rows)

    differences = regions(NOW, after)

    result = [(region.subject, region.reading, values) for region in differences for values in region.values()]
    assert len(result) == len(set(result)), "no situation is counted twice"
    assert set(result) == {key for key, row in rows.items() if row.outcome != NOW.rows[key].outcome}
    for region in differences:
        for values in region.values():
            key = (region.subject, region.reading, values)
            assert (region.before.outcome, region.after.outcome) == (NOW.rows[key].outcome, rows[key].outcome)
            assert region.parts == ("outcome",)


def test_a_refusal_taken_back_is_one_region_with_its_clause(tmp_path: Path) -> None:
    folder = other(tmp_path, *NO_REFUSAL)
    changed = Engine.of(read_rulebook(folder))

    differences = [region for region in regions(NOW, Behaviour.of(changed)) if region.reading is Reading.AS_WRITTEN]

    assert [(dict(region.facts), region.size, region.causes) for region in differences] == [
        (
            {
                "canceller": ("seller",),
                "scope": ("full",),
                "invoicing": ("RMS",),
                "stage": ("PACKED", "READY_TO_DISPATCH", "COMPLETED"),
                "e_invoice": ("not posted", "posted", "generated", "pushed"),
            },
            12,
            ("SC-RMS-FULL-2",),
        )
    ]


def test_texts_count_as_reworded_and_not_as_behaviour(tmp_path: Path) -> None:
    folder = other(tmp_path, ("SC-RMS-FULL-2", 'text = "', 'text = "In other words: '))
    changed = Engine.of(read_rulebook(folder))

    assert regions(NOW, Behaviour.of(changed)) == ()
    (text,) = changes(of_rulebook(ENGINE.rulebook), of_rulebook(changed.rulebook)).texts
    assert (text.id, text.kind, [name for name, *_ in text.parts]) == ("SC-RMS-FULL-2", ChangeKind.EDITED, ["text"])
    assert text.parts[0][2] == f"In other words: {text.parts[0][1]}"


def of_rulebook(rulebook: Rulebook) -> Snapshot:
    """Its sentences alone."""
    return Snapshot("a rulebook", sentences=convert(rulebook.to_plain(), RulebookRecord))


def test_changed_clauses_and_questions_are_listed_with_their_changed_parts() -> None:
    book = ENGINE.rulebook
    first, second, *others = book.clauses
    gap = book.gaps[0]
    edited, new = replace(first, text="Other words.", line="1", location="x:1"), replace(second, id="NEW-1")
    other = replace(book, clauses=(edited, new, *others), gaps=(replace(gap, why="So.", location="x:1"), *book.gaps[1:]))
    moved = replace(book, clauses=tuple(replace(clause, location="elsewhere:1") for clause in book.clauses))

    assert changes(of_rulebook(book), of_rulebook(book)).texts == ()
    assert changes(of_rulebook(book), of_rulebook(moved)).texts == ()
    assert [
        (text.id, text.kind, [name for name, *_ in text.parts], text.text) for text in changes(of_rulebook(book), of_rulebook(other)).texts
    ] == [
        (first.id, ChangeKind.EDITED, ["line", "text"], "Other words."),
        ("NEW-1", ChangeKind.NEW, [], second.text),
        (second.id, ChangeKind.GONE, [], second.text),
        (gap.id, ChangeKind.EDITED, ["why"], gap.title),
    ]


def diff(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = main(["diff", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_a_folder_a_table_and_a_revision_can_be_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "behaviour.json"
    table.write_text(NOW.to_text(), encoding="utf-8")
    changed = other(tmp_path, *NO_REFUSAL)
    repository = tmp_path / "repository"
    inside = repository / "sop_engine" / "rulebook" / "clients_v1"
    shutil.copytree(changed, inside)
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=x", "-c", "user.email=x@example.invalid", "commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=repository, check=True)
    monkeypatch.chdir(repository / "sop_engine")

    assert diff(str(table), capsys=capsys) == (0, f"no difference between the table {table} and the current rulebook\n", "")
    result = [diff(base, str(table), capsys=capsys) for base in (str(changed), "HEAD")]
    assert [status for status, _, _ in result] == [1, 1]
    assert result[0][1].replace(f"the rulebook in {changed}", "the revision HEAD") == result[1][1]
    assert "seller / full / RMS / PACKED or READY_TO_DISPATCH or COMPLETED (12 cases, as written and as practised)" in result[0][1]
    assert "without effect  →  refused" in result[0][1]


def test_the_forms_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    changed = str(other(tmp_path, ("SC-ERP-FULL-1.1.1", 'modality = "may"', 'modality = "must"')))

    _, plain, _ = diff(changed, "--format", "json", capsys=capsys)
    _, page, _ = diff(changed, "--format", "markdown", capsys=capsys)

    document = json.loads(plain)
    assert document["changed"] == sum(answer["situations"] * len(answer["readings"]) for answer in document["answers"]) > 0
    assert {part for answer in document["answers"] for part in answer["parts"]} == {"tasks"}
    task = "download the report of orders cancelled after posting (seller, Ajio VMS Reports UI)"
    parts = [
        {"name": "modality", "before": "must", "after": "may"},
        {"name": "tasks", "before": f"must {task}", "after": f"may {task}"},
    ]
    assert document["texts"] == [{"id": "SC-ERP-FULL-1.1.1", "kind": "edited", "file": None, "line": None, "parts": parts}]
    assert document["examples"] == []
    assert page.count("\n| ") == len(document["answers"]) + 2
    assert "\n- edited: SC-ERP-FULL-1.1.1 (modality, tasks)\n" in page
    assert "must download the report of orders cancelled after posting" in page


@pytest.mark.parametrize("base", ["no-such-revision", "--output=x", "-x", "HEAD:README.md", "\n"])
def test_an_unknown_base_is_one_error(
    base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    status, out, err = diff("--", base, capsys=capsys)

    assert (status, out) == (2, "")
    assert err.count("error:") == 1
    assert (
        "; name a run (its id, folder or file), a folder that `sop approve` wrote, a table, a version of the document (`sop rulebook`), a folder with a rulebook, or a git revision"
        in err
    )


def bad(text: str) -> str:
    return NOW.to_text().replace(*text.split(" => "), 1) if " => " in text else text


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "null", '{"version": 2, "rows": []}', '{"version": 1, "rulebook": {"name": "x", "sha256": "0"}, "rows": []}',
        '"outcome": "allowed" => "outcome": "perhaps"', '"reading": "as-written" => "reading": "as-told"', '"FULFILLABLE" => "SHIPPED"',
        '"subject": "case" => "subject": "order"', '"clauses": => "clause":', '"case" => "return"', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_bad_table_is_one_error(text: str) -> None:
    with pytest.raises(BehaviourError, match="sop approve"):
        Behaviour.from_text(bad(text), "kept.json")


def test_a_folder_without_a_rulebook_is_one_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = diff(str(tmp_path), capsys=capsys)

    assert status == 2
    assert "contains no run, no rulebook and no baseline; name a run" in err


def test_another_citation_is_caused_by_what_is_cited_on_one_side_only() -> None:
    key = next(
        key
        for key in situation_keys()
        if key[1] is Reading.AS_PRACTISED and key[2] == ("seller", "full", "ERP", "FULFILLABLE", "generated")
    )
    old = NOW.rows[key]
    new = TableRow(old.outcome, old.tasks, (*old.clauses[1:], "SC-NEW"), old.gaps, outcome_by=old.outcome_by, tasks_by=old.tasks_by)

    (region,) = regions(NOW, Behaviour("x", "0", dict(NOW.rows) | {key: new}))

    assert (region.parts, region.size) == (("clauses",), 1)
    assert region.causes == (old.clauses[0], "SC-NEW")


def test_of_two_lists_the_text_says_what_came_and_went_and_which_sentence_did_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "behaviour.json"
    table.write_text(NOW.to_text(), encoding="utf-8")
    changed = str(other(tmp_path, ("AC-ERP-FULL-1.1.2c", 'modality = "need-not"', 'modality = "must"')))
    now = str(RULEBOOK)

    _, result, _ = diff(now, changed, capsys=capsys)

    assert "\n  tasks     - need not share the credit note with Ajio, + must share the credit note with Ajio\n" in result
    assert "\n  because   AC-ERP-FULL-1.1.2c\n" in result
    assert "AC-ERP-FULL-1.1.2a" in diff(str(table), changed, capsys=capsys)[1]  # a table does not say what its sentences were
