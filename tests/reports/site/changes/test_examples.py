"""Changed examples between a run and what it is compared with: complete, each once, with both wordings."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from reports.site.context import context_of
from reports.site.pages.changes import changes_page
from reports.site.text_diff import Wording
from sop_cli.snapshots import approved_snapshot
from sop_runs.change import baseline
from sop_runs.change.example_text import StepText, examples_of
from sop_runs.change.snapshot import Snapshot, snapshot_of_run
from sop_runs.change.snapshot_changes import changes
from sop_runs.record.reader import RunRecord, read_record
from tests.support.run_changes import scenarios, side, since
from tests.support.run_samples import Line, count, end, write


def ended(line: Line, status: str) -> Line:
    """*line* with another end."""
    copy: Line = json.loads(json.dumps(line))
    end(copy, status)
    return copy


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (lambda scenario: scenario | {"id": "elsewhere", "name": "Elsewhere"}, ["renamed"]),
        (lambda scenario: scenario | {"tags": [*scenario["tags"], "@GAP-01"]}, ["edited"]),
        (lambda scenario: scenario | {"id": "elsewhere", "tags": []}, ["edited"]),  # a row of the same outline
        (lambda scenario: ended(scenario, "failed"), ["newly passing"]),
        (lambda scenario: ended(scenario, "undefined") | {"tags": []}, ["edited", "newly passing"]),
        (lambda scenario: ended(scenario, "not-run"), []),
        (lambda scenario: scenario | {"id": "elsewhere", "name": "Elsewhere", "tags": []}, ["edited"]),  # most of its words are the same
        (
            lambda scenario: (
                scenario
                | {
                    "id": "elsewhere",
                    "name": "Elsewhere",
                    "steps": [scenario["steps"][0] | {"status": "broken"}],
                    "claims": [],
                    "status": "broken",
                }
            ),
            ["gone", "new"],
        ),
    ],
)
def test_a_changed_example_has_the_kinds_of_its_change(
    change: Callable[[Line], Line], kinds: list[str], now: RunRecord, lines: list[Line], tmp_path: Path
) -> None:
    place = next(place for place, line in enumerate(lines) if line["type"] == "scenario")
    lines[place] = change(lines[place])

    assert [example.kind for example in since(lines, now, tmp_path).examples] == kinds


def test_a_new_failure_is_a_change_and_a_known_failure_is_none(now: RunRecord, approved: Path, lines: list[Line], tmp_path: Path) -> None:
    broken, known_failure, idle = scenarios(lines)[:3]
    end(broken, "failed")
    end(known_failure, "failed")
    known_failure["tags"] = [*known_failure["tags"], "@expected-to-fail"]
    end(idle, "not-run")

    record = read_record(write(count(lines), tmp_path))
    kept = approved_snapshot(approved)
    assert isinstance(kept, Snapshot)
    for base in (snapshot_of_run(now), kept):
        difference = changes(base, side(record))

        assert [(example.kind, example.key) for example in difference.examples] == [
            ("newly failing", (broken["feature"], broken["id"])),
            ("edited", (known_failure["feature"], known_failure["id"])),
        ]
        page = changes_page(context_of(record, base=base))
        assert page.verdict == "1 scenario changed; 1 scenario fails now but not before"
        assert page.examples[0].views[0].notes != ()


@pytest.mark.parametrize(("before", "after"), [("not-run", "failed"), ("failed", "not-run"), ("not-run", "passed")])
def test_an_example_that_did_not_run_on_one_side_is_no_change(before: str, after: str, lines: list[Line], tmp_path: Path) -> None:
    sides = []
    for status in (before, after):
        copy = json.loads(json.dumps(lines))
        if status != "passed":
            end(scenarios(copy)[0], status)
        sides.append(read_record(write(count(copy), tmp_path / f"{status}-{len(sides)}")))

    assert changes(snapshot_of_run(sides[0]), side(sides[1])).examples == ()


def test_what_was_not_reached_or_not_chosen_did_not_vanish(now: RunRecord, lines: list[Line], tmp_path: Path) -> None:
    torn = lines[:-20]
    chosen = json.loads(json.dumps(lines))
    chosen[0]["selection"] = {"keyword": None, "paths": ["full_erp.feature"], "tags": None}
    left = {line["path"] for line in lines if line["type"] == "feature"} - {"full_erp.feature"}
    few = [line for line in chosen if line.get("path") not in left and line.get("feature") not in left]
    few[0]["features"] = {path: digest for path, digest in few[0]["features"].items() if path not in left}
    unparsed = [line | ({"document": None} if line.get("path") == "full_erp.feature" else {}) for line in lines]
    unparsed = [line for line in unparsed if line.get("feature") != "full_erp.feature"]

    for number, part in enumerate((torn, few, unparsed)):
        record = read_record(write(count(part) if part[-1]["type"] == "closing" else part, tmp_path / str(number)))
        assert changes(snapshot_of_run(now), side(record)).examples == ()
        assert changes(snapshot_of_run(record), side(now)).examples == ()


def test_other_features_are_not_all_vanished(now: RunRecord, lines: list[Line], tmp_path: Path) -> None:
    moved = json.loads(json.dumps(lines).replace("_erp.feature", "_elsewhere.feature").replace("_rms.feature", "_nowhere.feature"))

    difference = since(moved, now, tmp_path)

    assert (difference.examples, difference.examples_known) == ((), None)
    assert [count.number for count in changes_page(context_of(now, base=difference.before)).counts] == [0, 0, *[None] * 6]


def test_rows_of_one_scenario_are_one_entry_with_both_wordings(now: RunRecord, lines: list[Line], tmp_path: Path) -> None:
    outline = next(line["outline"] for line in scenarios(lines) if line["outline"])
    rows = [line for line in scenarios(lines) if line["outline"] == outline]
    for line in rows:
        line["steps"][0]["text"] = f"{line['steps'][0]['text']} long ago"

    page = changes_page(context_of(now, base=snapshot_of_run(read_record(write(lines, tmp_path)))))

    ((group,), (view,)) = page.examples, page.examples[0].views
    assert (group.kind, view.name, view.rows) == ("edited", outline, len(rows))
    assert struck(view.wording) == ["long ago"] or "long ago" in " ".join(struck(view.wording))
    assert page.verdict == "1 scenario changed"


def test_what_vanished_is_kept_in_its_words(now: RunRecord, approved: Path) -> None:
    base = approved_snapshot(approved)
    assert isinstance(base, Snapshot)
    assert base.examples is not None
    example = next(iter(base.examples.values()))
    steps = (StepText("given", "an order that is no more", (("a",), ("b",)), None),)
    lost = msgspec.structs.replace(example, id="gone", name="Gone for good", says="0" * 16, steps=steps)
    silent = msgspec.structs.replace(lost, id="old", name="Long ago", says="1" * 16, tags=(), steps=None)
    examples = {**base.examples, ("full_erp.feature", "gone"): lost, ("full_erp.feature", "old"): silent}

    (group,) = changes_page(context_of(now, base=replace(base, examples=examples))).examples

    assert [(view.name, view.link, view.silent) for view in group.views] == [("Gone for good", None, False), ("Long ago", None, True)]
    assert ["".join(piece.text for piece in line) for line in group.views[0].wording][1:] == [
        "Given an order that is no more",
        "  | a |",
        "  | b |",
    ]


def test_what_is_approved_and_what_a_run_says_are_known_by_one_digest(now: RunRecord, approved: Path) -> None:
    kept = baseline.read_baseline(approved).examples

    assert {key: example.says for key, example in examples_of(now).items()} == {key: example.says for key, example in kept.items()}


def test_an_older_list_of_what_was_approved_is_refused_and_the_page_says_so(approved: Path, tmp_path: Path, now: RunRecord) -> None:
    shutil.copytree(approved, tmp_path / "old")
    given_ = json.loads((approved / baseline.EXAMPLES).read_text())
    (tmp_path / "old" / baseline.EXAMPLES).write_text(json.dumps({"version": 1, "examples": given_["examples"]}))

    base = approved_snapshot(tmp_path / "old")

    assert isinstance(base, str)
    assert "has version 1, this program reads 2" in base
    assert changes_page(context_of(now, base=base)).problem == base


@pytest.mark.parametrize("name", [baseline.BEHAVIOUR, baseline.EXAMPLES, baseline.SENTENCES])
@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 9}', '{"version": 2, "clauses": [1], "examples": [1]}', "\ufffd[" * 5000])
def test_the_page_reports_an_approved_baseline_that_cannot_be_read(name: str, text: str, approved: Path, tmp_path: Path) -> None:
    shutil.copytree(approved, tmp_path / "bad")
    (tmp_path / "bad" / name).write_text(text)

    base = approved_snapshot(tmp_path / "bad")

    assert isinstance(base, str)
    assert name in base
    assert "sop approve" in base


def struck(wording: Wording) -> list[str]:
    return ["".join(piece.text for piece in line if piece.kind == "old") for line in wording if any(piece.kind == "old" for piece in line)]
