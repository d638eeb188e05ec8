"""What changed between a run and what it is compared with is shown completely, each thing once and in its own words."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.site.builder import site_files
from reports.site.context import Context, context_of
from reports.site.pages.changes import changes_page
from reports.site.run_history import PastRun, history
from reports.site.text_diff import Wording, line_diff, word_diff
from reports.site.trend_chart import trend_chart
from sop_cli.snapshots import approved_snapshot
from sop_engine.decision import Reading
from sop_engine.decision_table import Behaviour, TableRow
from sop_engine.engine import ENGINE, Engine
from sop_engine.reader import read_rulebook
from sop_runs.change import baseline
from sop_runs.change.example_text import StepText, examples_of
from sop_runs.change.snapshot import Snapshot, snapshot_of_run
from sop_runs.change.snapshot_changes import Changes, changes
from sop_runs.record.reader import RunRecord, read_record
from sop_runs.record.schema import RulebookRecord, SelectionRecord
from sop_runs.record.verdict import judge
from steps.run.runner import run
from tests.support.browsing import OVERFLOW, PHONE, follow, opened
from tests.support.in_process import child_replaced
from tests.support.run_samples import Line, count, end, write

ROOT = Path(__file__).parents[3]
FEATURES = ROOT / "features" / "seller_cancellation"
RULEBOOK = ROOT / "sop_engine" / "rulebook" / "clients_v1"
NOW = Behaviour.of(ENGINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("changed")
    shutil.copytree(FEATURES, home / "features")
    with child_replaced():
        return run([home / "features"], out=home / "runs").folder


@pytest.fixture(scope="module")
def now(folder: Path) -> RunRecord:
    return read_record(folder)


@pytest.fixture(scope="module")
def approved(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("kept")
    baseline.approve(read_record(folder), place)
    return place


@pytest.fixture
def lines(folder: Path) -> list[Line]:
    return [json.loads(line) for line in (folder / "run.ndjson").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A rulebook that refused a cancellation otherwise, and said one thing in other words."""
    place = tmp_path_factory.mktemp("older") / "rulebook"
    shutil.copytree(RULEBOOK, place)
    text = (place / "clauses.toml").read_text(encoding="utf-8")
    at = text.index('id = "SC-RMS-FULL-2"')
    (place / "clauses.toml").write_text(
        text[:at] + text[at:].replace('"refused"', '"without effect"', 1).replace('"must-not"', '"outcome"', 1), encoding="utf-8"
    )
    engine = Engine.of(read_rulebook(place))
    book = msgspec.convert(engine.rulebook.to_plain(), RulebookRecord)
    return Snapshot("the older rulebook", Behaviour.of(engine), book)


def side(record: RunRecord) -> Snapshot:
    """A run as the present side of a comparison."""
    return snapshot_of_run(record, with_table=True)


def since(lines: list[Line], now: RunRecord, tmp_path: Path) -> Changes:
    """What changed from the run in *lines* to *now*."""
    return changes(snapshot_of_run(read_record(write(count(lines), tmp_path))), side(now))


def asked(record: RunRecord) -> int:
    """How many situations the examples of a run ask about."""
    claims = [
        claim for each in record.scenarios for claim in each.claims if claim.facet in ("outcome", "tasks", "clauses", "gaps", "stock")
    ]
    told = {(claim.reading, *claim.subject["facts"].values()) for claim in claims if claim.subject["kind"] in ("case", "return")}
    return len(told)


def scenarios(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line["type"] == "scenario"]


def ended(line: Line, status: str) -> Line:
    """*line* with another end."""
    copy: Line = json.loads(json.dumps(line))
    end(copy, status)
    return copy


# Answers.


def test_nothing_changed_is_said_of_everything_that_was_compared(now: RunRecord, approved: Path) -> None:
    against = approved_snapshot(approved)
    assert isinstance(against, Snapshot)

    for base, answers in ((against, 520), (snapshot_of_run(now), asked(now))):
        found = changes(base, side(now))
        page = changes_page(context_of(now, base=base))

        assert not found
        assert (found.answers_known, found.texts_known, found.examples_known) == (
            answers,
            135 + len(ENGINE.rulebook.tasks) + len(ENGINE.rulebook.stages),
            len(now.scenarios),
        )
        assert (page.same, page.verdict) == (True, "nothing changed")
        assert {count.number for count in page.counts} == {0}
    assert changes_page(context_of(now)).against == ""
    assert changes_page(context_of(now, base="it is torn")).problem == "it is torn"


def test_a_reason_that_rests_on_a_changed_ruling_is_on_the_page(now: RunRecord, older: Snapshot) -> None:
    notes = changes_page(context_of(now, base=older)).notes

    assert "GAP-14 (nearest) rests on SC-RMS-FULL-2, whose answer changed: check that it still holds." in notes


def test_a_refusal_told_otherwise_is_one_region_with_its_clause_and_its_examples(now: RunRecord, older: Snapshot) -> None:
    context = context_of(now, base=older)
    found = context.changes
    assert found is not None

    ((section,), texts) = changes_page(context).sections, changes_page(context).texts

    (region,) = section.regions
    assert (section.id, section.href) == ("SC-RMS-FULL", "the-sop.html#SC-RMS-FULL")
    assert section.title == "Cancelled by the seller, the whole order, e-invoice by RMS"
    assert (region.situation, region.size) == ("PACKED or READY_TO_DISPATCH or COMPLETED, any state of the e-invoice", "12 cases")
    assert region.readings == "as written and as practised"
    assert [(part.name, part.before[0].text, part.after[0].text) for part in region.parts] == [("Outcome", "without effect", "refused")]
    assert [(cause.short, cause.href) for cause in region.causes] == [("SC-RMS-FULL-2", "the-sop.html#SC-RMS-FULL-2")]
    assert [(text.id, [name for name, _ in text.parts]) for text in texts] == [("SC-RMS-FULL-2", ["modality", "outcome"])]
    told = {
        scenario.key
        for scenario in now.scenarios
        for claim in scenario.claims
        if claim.facet == "outcome" and claim.actual == "refused" and "RMS" in str(claim.subject) and "'full'" in str(claim.subject)
    }
    assert {key for each in found.answers for key in each.examples} >= told > set()
    assert region.causes[0].text == next(clause.text for clause in ENGINE.rulebook.clauses if clause.id == "SC-RMS-FULL-2")
    assert len({link.text for link, _ in region.examples}) == len(region.examples)
    assert sum(rows for _, rows in region.examples) == len(found.answers[-1].examples) == 1
    for link, _ in region.examples:
        assert link.href.partition("#")[0] in site_files(context)
    assert found.situations == sum(NOW.rows[key].outcome != row.outcome for key, row in older.behaviour.rows.items())  # type: ignore[union-attr]


def test_of_a_run_only_what_its_examples_ask_is_compared(now: RunRecord, lines: list[Line], tmp_path: Path) -> None:
    facts = next(claim["subject"]["facts"] for line in scenarios(lines) for claim in line["claims"] if claim["facet"] == "outcome")
    for line in scenarios(lines):
        for each in line["claims"]:
            if each["subject"].get("facts") == facts and each["facet"] == "outcome":
                each["expected"] = each["actual"] = "without effect"

    found = since(lines, now, tmp_path)
    (change,) = found.answers

    assert {name: (value,) for name, value in facts.items()} == change.region.facts
    assert (change.region.before.outcome, change.region.after.outcome) == ("without effect", "allowed")
    assert found.situations == 1
    assert f"{asked(now)} of 520 answers are compared" in " ".join(changes_page(context_of(now, base=found.before)).notes)


def test_another_order_of_tasks_and_another_actor_are_seen(now: RunRecord) -> None:
    key = next(key for key, row in NOW.rows.items() if row.tasks and len(row.tasks) > 2)
    row = NOW.rows[key]
    force, task, _, where = row.tasks[0]  # type: ignore[index]
    for tasks in (tuple(reversed(row.tasks or ())), ((force, task, "somebody", where), *(row.tasks or ())[1:])):
        rows = dict(NOW.rows) | {key: replace(row, tasks=tasks)}

        page = changes_page(context_of(now, base=Snapshot("x", Behaviour("x", "0", rows))))

        ((region,),) = (section.regions for section in page.sections)
        (part,) = region.parts
        assert part.name == "Tasks"
        assert part.before != part.after
        assert any(item.differs for item in part.before)


facets = st.sampled_from(["outcome", "manner"])


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from([*NOW.rows]), facets, max_size=30))
def test_every_changed_answer_is_counted_once(now: RunRecord, moved: dict) -> None:  # type: ignore[type-arg]
    rows: dict[Any, TableRow] = dict(NOW.rows)
    for key, facet in moved.items():
        rows[key] = replace(rows[key], outcome="otherwise") if facet == "outcome" else replace(rows[key], manner="otherwise")

    found = changes(Snapshot("x", Behaviour("x", "0", rows)), side(now))

    assert found.situations == len(moved)
    told = [
        (each.region.subject, Reading(reading), values)
        for each in found.answers
        for reading in each.readings
        for values in each.region.values()
    ]
    assert sorted(told) == sorted(moved)


# Examples.


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (lambda each: each | {"id": "elsewhere", "name": "Elsewhere"}, ["renamed"]),
        (lambda each: each | {"tags": [*each["tags"], "@GAP-01"]}, ["edited"]),
        (lambda each: each | {"id": "elsewhere", "tags": []}, ["edited"]),  # a row of the same outline
        (lambda each: ended(each, "failed"), ["newly passing"]),
        (lambda each: ended(each, "undefined") | {"tags": []}, ["edited", "newly passing"]),
        (lambda each: ended(each, "not-run"), []),
        (lambda each: each | {"id": "elsewhere", "name": "Elsewhere", "tags": []}, ["edited"]),  # most of its words are the same
        (
            lambda each: (
                each
                | {
                    "id": "elsewhere",
                    "name": "Elsewhere",
                    "steps": [each["steps"][0] | {"status": "broken"}],
                    "claims": [],
                    "status": "broken",
                }
            ),
            ["gone", "new"],
        ),
    ],
)
def test_examples_are_told_apart(
    change: Callable[[Line], Line], kinds: list[str], now: RunRecord, lines: list[Line], tmp_path: Path
) -> None:
    place = next(place for place, line in enumerate(lines) if line["type"] == "scenario")
    lines[place] = change(lines[place])

    assert [each.kind for each in since(lines, now, tmp_path).examples] == kinds


def test_what_fails_now_is_news_and_a_known_failure_is_none(now: RunRecord, approved: Path, lines: list[Line], tmp_path: Path) -> None:
    broken, known, idle = scenarios(lines)[:3]
    end(broken, "failed")
    end(known, "failed")
    known["tags"] = [*known["tags"], "@expected-to-fail"]
    end(idle, "not-run")

    record = read_record(write(count(lines), tmp_path))
    kept = approved_snapshot(approved)
    assert isinstance(kept, Snapshot)
    for base in (snapshot_of_run(now), kept):
        found = changes(base, side(record))

        assert [(each.kind, each.key) for each in found.examples] == [
            ("newly failing", (broken["feature"], broken["id"])),
            ("edited", (known["feature"], known["id"])),
        ]
        page = changes_page(context_of(record, base=base))
        assert page.verdict == "1 scenario changed; 1 scenario fails now but not before"
        assert page.examples[0].views[0].notes != ()


@pytest.mark.parametrize(("before", "after"), [("not-run", "failed"), ("failed", "not-run"), ("not-run", "passed")])
def test_what_did_not_run_on_one_side_is_no_news(before: str, after: str, lines: list[Line], tmp_path: Path) -> None:
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
    few[0]["features"] = {path: each for path, each in few[0]["features"].items() if path not in left}
    unparsed = [line | ({"document": None} if line.get("path") == "full_erp.feature" else {}) for line in lines]
    unparsed = [line for line in unparsed if line.get("feature") != "full_erp.feature"]

    for number, part in enumerate((torn, few, unparsed)):
        record = read_record(write(count(part) if part[-1]["type"] == "closing" else part, tmp_path / str(number)))
        assert changes(snapshot_of_run(now), side(record)).examples == ()
        assert changes(snapshot_of_run(record), side(now)).examples == ()


def test_other_features_are_not_all_vanished(now: RunRecord, lines: list[Line], tmp_path: Path) -> None:
    moved = json.loads(json.dumps(lines).replace("_erp.feature", "_elsewhere.feature").replace("_rms.feature", "_nowhere.feature"))

    found = since(moved, now, tmp_path)

    assert (found.examples, found.examples_known) == ((), None)
    assert [count.number for count in changes_page(context_of(now, base=found.before)).counts] == [0, 0, *[None] * 6]


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
    known = next(iter(base.examples.values()))
    steps = (StepText("given", "an order that is no more", (("a",), ("b",)), None),)
    lost = msgspec.structs.replace(known, id="gone", name="Gone for good", says="0" * 16, steps=steps)
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
def test_what_was_approved_and_cannot_be_read_is_told_on_the_page(name: str, text: str, approved: Path, tmp_path: Path) -> None:
    shutil.copytree(approved, tmp_path / "bad")
    (tmp_path / "bad" / name).write_text(text)

    base = approved_snapshot(tmp_path / "bad")

    assert isinstance(base, str)
    assert name in base
    assert "sop approve" in base


# Sentences.


def test_sentences_and_questions_are_compared_word_by_word(now: RunRecord, lines: list[Line], tmp_path: Path) -> None:
    rulebook = next(line for line in lines if line["type"] == "rulebook")
    rulebook["clauses"][3]["text"] += " So it was."
    removed = rulebook["gaps"].pop()
    rulebook["gaps"][0]["chosen"] = "Something else."

    found = since(lines, now, tmp_path)

    assert {(each.id, each.kind, tuple(name for name, _, _ in each.parts)) for each in found.texts} == {
        (rulebook["clauses"][3]["id"], "edited", ("text",)),
        (rulebook["gaps"][0]["id"], "edited", ("chosen",)),
        (removed["id"], "new", ()),
    }
    page = changes_page(context_of(now, base=found.before))
    view = next(each for each in page.texts if each.id == rulebook["clauses"][3]["id"])
    assert [piece.text.strip() for piece in view.parts[0][1] if piece.kind == "old"] == ["So it was."]
    assert page.verdict == "3 texts changed"


def struck(wording: Wording) -> list[str]:
    return ["".join(piece.text for piece in line if piece.kind == "old") for line in wording if any(piece.kind == "old" for piece in line)]


texts = st.text(st.sampled_from("ab  \n"), max_size=30) | st.text(max_size=40)


@settings(max_examples=150, deadline=None)
@example("on 30 May it was so at last", "on 1 June it was so at last")
@given(texts, texts)
def test_of_two_texts_each_can_be_read_out_of_their_comparison(before: str, after: str) -> None:
    pieces = word_diff(before, after)

    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "old") == after
    assert (before == after) == all(piece.kind == "same" for piece in pieces)


@settings(max_examples=100, deadline=None)
@given(st.lists(texts, max_size=6), st.lists(texts, max_size=6))
def test_of_two_wordings_no_word_is_lost(before: list[str], after: list[str]) -> None:
    told = line_diff(before, after)

    for mine, other in ((before, "new"), (after, "old")):
        assert "".join(piece.text for line in told for piece in line if piece.kind != other) == "".join(mine)


# Runs, and the page as it is seen.


def test_the_runs_at_hand_are_told_oldest_first_and_bad_ones_break_nothing(folder: Path, tmp_path: Path) -> None:
    raw = (folder / "run.ndjson").read_bytes()
    for name, content in (("1", raw), ("2", raw[:-300]), ("3", b"rubbish\n"), ("4", b""), ("6", raw), ("9", raw)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.ndjson").write_bytes(content)
    (tmp_path / "5").mkdir()
    chosen = raw.replace(b'"selection":null', b'"selection":{"keyword":"x","paths":null,"tags":null}', 1)
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "run.ndjson").write_bytes(chosen)

    (tmp_path / "20260101T000000Z-000000").mkdir()

    recent = history(tmp_path / "6")
    runs = recent.runs

    assert [(each.run_id, each.state) for each in runs] == [("1", "complete"), ("2", "incomplete"), ("6", "complete")]
    assert recent.unreadable == ("3", "4")
    assert history(None).runs == ()
    drawn = ET.fromstring(trend_chart(runs))  # noqa: S314
    assert len(drawn) == 3
    assert trend_chart(runs[:1]) == ""


def test_the_page_names_the_earlier_runs_that_are_left_out(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "6")
    assert left_out(tmp_path / "6") == []
    for name in ("3", "4"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.ndjson").write_bytes(b"rubbish\n")

        names = ", ".join(file.name for file in sorted(tmp_path.iterdir()) if file.name != "6")
        [note] = left_out(tmp_path / "6")
        assert note.endswith(f"cannot be read: {names}. Delete what you do not need.")


def left_out(run: Path) -> list[str]:
    return [note for note in changes_page(context_of(read_record(run), folder=run)).notes if "left out" in note]


def test_of_the_run_that_is_shown_the_verdict_counts_and_not_its_closing_line(lines: list[Line], tmp_path: Path) -> None:
    write(lines, tmp_path / "1")
    end(scenarios(lines)[0], "failed")
    write(count(lines), tmp_path / "2")
    verdict, total = judge(read_record(tmp_path / "2")), len(scenarios(lines))

    assert [(run.run_id, run.says) for run in history(tmp_path / "2", verdict).runs] == [
        ("1", f"{total} of {total} passed"),
        ("2", f"{total - 1} of {total} passed, 1 failed"),
    ]
    chosen = replace(verdict, selection=SelectionRecord(None, "x", None))
    assert [run.run_id for run in history(tmp_path / "2", chosen).runs] == ["1"]


def test_a_run_is_told_by_its_day_and_by_what_did_not_pass() -> None:
    past = PastRun("20261123T040143Z-cb94b4", "interrupted", 390, 300, 20, 0)

    assert (past.when, past.not_run) == ("23 Nov 2026, 04:01", 70)
    assert past.says == "300 of 390 passed, 20 failed, 70 did not run, interrupted"
    assert msgspec.structs.replace(past, run_id="20261323T040143Z").when == "20261323T040143Z"
    assert msgspec.structs.replace(past, run_id="mine", passed=390, failed=0, state="complete").says == "390 of 390 passed"


def shown(now: RunRecord, lines: list[Line], older: Snapshot, tmp_path: Path) -> Context:
    """A run with a failure, a reworded and a new scenario, beside an older rulebook and an earlier run."""
    outline = scenarios(lines)[0]
    outline["steps"][0]["text"] += " long ago"
    base = snapshot_of_run(read_record(write(lines, tmp_path)), "v1")
    return context_of(now, base=replace(base, behaviour=older.behaviour, record=None))


def test_the_page_is_the_same_bytes_each_time(now: RunRecord, lines: list[Line], older: Snapshot, tmp_path: Path) -> None:
    context = shown(now, lines, older, tmp_path)

    assert site_files(context) == site_files(context)


def test_in_a_browser_the_old_stands_beside_the_new_and_links_lead_to_what_asserts_it(
    browser: Any, now: RunRecord, lines: list[Line], older: Snapshot, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    for name, content in site_files(shown(now, lines, older, tmp_path)).items():
        (site / name).write_bytes(content)

    page = opened(browser, site, "changes.html")

    assert page.inner_text(".lead").startswith("Compared with v1, ")
    assert "answers and 1 scenario changed." in page.inner_text(".lead")
    region = page.locator(".region").first
    assert region.locator("del").all_inner_texts() == ["without effect"]
    assert region.locator("ins").all_inner_texts() == ["refused"]
    assert [text.split() for text in page.locator(".wording del").all_inner_texts()] == [["before:", "long", "ago"]]
    follow(page, region.locator(".because a").last)
    target = page.locator(":target")
    assert target.count() == 1
    assert target.is_visible()
    small = opened(browser, site, "changes.html", viewport=PHONE)
    assert small.evaluate(OVERFLOW) == 0
