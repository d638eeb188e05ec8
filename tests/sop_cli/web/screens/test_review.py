"""The Review screen: changes piece by piece, and approval of exactly what was shown, all of it ticked, and only if it passes."""

import dataclasses
import re
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sop_cli.web.screens import review
from sop_runs.change.baseline import read_baseline
from sop_runs.change.snapshot import Snapshot, snapshot_of_baseline
from sop_runs.change.snapshot_changes import changes
from tests.support.browsing import WIDE, axe_core, violations_here
from tests.support.workbench import RULEBOOK, RunningWorkbench, copy_project, running_workbench
from tests.support.workbench_page import until

ROOT = Path(__file__).parents[4]
FEATURE = "features/ajio_cancellation/full_erp.feature"
APPROVED = ("behaviour.json", "examples.json", "sentences.json")
HOSTILE = "<img src=x onerror=alert(1)> "


@pytest.fixture(scope="module")
def approved() -> Snapshot:
    return snapshot_of_baseline(read_baseline(ROOT / "approved"))


def items(before: Snapshot, after: Snapshot) -> list[dict[str, Any]]:
    return review._with_ids([*review._change_items(changes(before, after))])


def with_gap(snapshot: Snapshot, **fields: object) -> Snapshot:
    gaps = [msgspec.structs.replace(gap, **fields) if gap.id == "GAP-04" else gap for gap in snapshot.sentences.gaps]
    return dataclasses.replace(snapshot, sentences=msgspec.structs.replace(snapshot.sentences, gaps=gaps))


def with_example(snapshot: Snapshot, number: int, **fields: object) -> Snapshot:
    examples = list(snapshot.examples.values())
    examples[number] = msgspec.structs.replace(examples[number], **fields)
    return dataclasses.replace(snapshot, examples={example.key: example for example in examples})


def test_what_did_not_change_is_not_listed(approved: Snapshot) -> None:
    assert items(approved, approved) == []


def test_an_answer_of_the_owner_is_not_mere_wording(approved: Snapshot) -> None:
    (owner,) = items(approved, with_gap(approved, answer={"reading": 1, "decided by": "A. Owner"}))
    (wording,) = items(approved, with_gap(approved, question="Another question?"))

    assert (owner["kind"], wording["kind"]) == (review.OWNER, review.WORDING)
    assert owner["parts"] == [{"name": "answer", "before": "nothing", "after": "reading: 1, decided by: A. Owner"}]
    assert owner["place"]["gap"] == "GAP-04"


def test_an_example_is_shown_before_and_after(approved: Snapshot) -> None:
    example = next(iter(approved.examples.values()))
    (renamed,) = items(approved, with_example(approved, 0, name="Another name", outline=None))
    gone = dataclasses.replace(approved, examples={key: other for key, other in approved.examples.items() if key != example.key})
    (lost,) = items(approved, gone)
    (new,) = items(gone, approved)

    assert renamed["kind"] == review.EXAMPLES
    assert {"name": "name", "before": example.name, "after": "Another name"} in renamed["parts"]
    assert lost["parts"] == [{"name": "example", "before": "\n".join(example.lines), "after": ""}]
    assert new["parts"] == [{"name": "example", "before": "", "after": "\n".join(example.lines)}]


def test_the_id_of_a_change_is_of_its_content_alone(approved: Snapshot) -> None:
    """So a tick is gone when the change is another one, and stays when only the line is."""
    after = with_example(approved, 0, name="Another name")
    moved = dataclasses.replace(after, lines=dict.fromkeys(after.examples, 77))

    ids = {kind: [item["id"] for item in items(approved, side)] for kind, side in (("a", after), ("b", moved))}
    assert ids["a"] == ids["b"]
    assert ids["a"] != [item["id"] for item in items(approved, with_example(approved, 0, name="A third name"))]


def rows_of_an_outline(snapshot: Snapshot, count: int) -> list[int]:
    """Return the positions of the first *count* examples of one outline."""
    groups: dict[tuple[str, str | None], list[int]] = {}
    for number, example in enumerate(snapshot.examples.values()):
        groups.setdefault((example.feature, example.outline), []).append(number)
    return next(rows for (_, outline), rows in groups.items() if outline and len(rows) >= count)[:count]


def test_a_tick_is_of_all_rows_that_changed_in_the_same_way_and_not_only_of_the_first(approved: Snapshot) -> None:
    rows = rows_of_an_outline(approved, 2)

    def items_after(*digests: str) -> list[dict[str, Any]]:
        after = approved
        for row, digest in zip(rows, digests, strict=True):
            after = with_example(after, row, says=digest, tags=("@GAP-01",))
        return items(approved, after)

    (one,), (same,), (other,) = items_after("a", "b"), items_after("a", "b"), items_after("a", "c")
    assert len(one["same"]) == 1
    assert "beside" not in one
    assert one["id"] == same["id"] != other["id"]


def test_a_tick_of_a_text_is_of_the_answer_on_which_it_rests_too(approved: Snapshot) -> None:
    """The text is as it was, and whether it still fits depends on what the answer became."""

    def of_texts(chosen: str) -> dict[str, str]:
        listed = items(approved, with_gap(approved, chosen=chosen))
        return {item["title"]: item["id"] for item in listed if "rests on GAP-04" in item["title"]}

    one, other = of_texts("refused; nothing to do"), of_texts("refused; report")
    assert one.keys() == other.keys() != set()
    assert all(one[title] != other[title] for title in one)


@pytest.mark.slow
def test_only_what_was_shown_and_ticked_is_approved(tmp_path: Path) -> None:
    with running_workbench(copy_project(tmp_path / "project")) as workbench:
        feature, folder = workbench.home / FEATURE, workbench.home / "approved"
        before = {name: (folder / name).read_bytes() for name in APPROVED}

        def unchanged() -> bool:
            return {name: (folder / name).read_bytes() for name in APPROVED} == before

        assert "nothing has changed" in workbench.call("review.approve", digest="", ticked=[])["result"]["refused"]
        feature.write_text(feature.read_text().replace("It can cancel a whole order", "It may cancel a whole order"))
        review = workbench.call("review.show")["result"]
        (seen,) = [item["id"] for item in review["items"]]
        assert "1 change not ticked" in workbench.call("review.approve", digest=review["digest"], ticked=[])["result"]["refused"]

        feature.write_text(feature.read_text().replace("Ajio cancels a full order before", "Ajio cancels a whole order before"))
        refused = workbench.call("review.approve", digest=review["digest"], ticked=[seen])["result"]
        assert "has changed since this page showed it; 1 change not ticked" in refused["refused"]
        (fresh,) = {item["id"] for item in refused["items"]} - {seen}
        assert unchanged()
        assert "has changed since" in workbench.call("review.approve", digest=review["digest"], ticked=[seen, fresh])["result"]["refused"]

        good = feature.read_text()
        feature.write_text(good.replace("Then the cancellation is allowed", "Then the cancellation is refused", 1))
        failing = workbench.call("review.show")["result"]
        ticked = [item["id"] for item in failing["items"]]
        answer = workbench.call("review.approve", digest=failing["digest"], ticked=ticked)["result"]
        assert failing["obstacle"]
        assert failing["obstacle"] in answer["refused"]
        assert "`sop" not in answer["refused"]
        assert unchanged()

        feature.write_text(good)
        approved = workbench.call("review.approve", digest=refused["digest"], ticked=[seen, fresh])["result"]
        assert approved["saved"] == [f"approved/{name}" for name in APPROVED]
        assert approved["items"] == []
        assert not unchanged()
        assert not (workbench.home / "build" / "runs").exists()
        checks = workbench.call("gate.check")["result"]["checks"]
        assert {check["state"] for check in checks if check["code"] in {"wording", "examples"}} == {"passed"}


@pytest.mark.slow
def test_changes_are_ticked_described_and_approved_by_keyboard(tmp_path: Path, browser: Any) -> None:
    home = copy_project(tmp_path / "project")
    feature, gaps = home / FEATURE, home / RULEBOOK / "gaps.toml"
    feature.write_text(feature.read_text().replace("Ajio cancels a full order before", "**Ajio** cancels | a full order before"))
    gaps.write_text(gaps.read_text().replace('title = "', f'title = "{HOSTILE}', 1))
    with running_workbench(home) as workbench:
        page = browser.new_page(viewport=WIDE, permissions=["clipboard-read", "clipboard-write"])
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(workbench.link)
        page.goto(f"{workbench.url}/#/review")
        page.get_by_text(re.compile("2 changes: 1 text and 1 scenario changed")).wait_for(timeout=180_000)
        boxes = page.locator(".changes input[type=checkbox]")
        approve = page.get_by_role("button", name="Approve")
        assert approve.is_disabled()
        assert violations_here(page, axe_core()) == []

        boxes.first.focus()
        page.keyboard.press("Space")
        assert approve.is_disabled()
        page.get_by_label("only those not ticked").check()
        assert boxes.count() == 1
        page.get_by_label("only those not ticked").uncheck()
        boxes.last.focus()
        page.keyboard.press("Space")
        page.get_by_label("Note").fill("Clearer words")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download as Markdown").click()
        text = Path(download.value.path()).read_text()
        assert text.startswith("Clearer words\n\n### Changes\n")
        assert text.count("\n- [x] ") == 2
        assert r"\*\*Ajio\*\* cancels \| a full order" in text
        assert HOSTILE not in text.partition("### Looked at")[2]

        page.get_by_role("button", name="Copy as Markdown").click()
        page.get_by_text("Copied as Markdown.").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == text

        approve.focus()
        page.keyboard.press("Enter")
        page.get_by_role("dialog").get_by_role("button", name="Approve").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Approved; written:").wait_for(timeout=180_000)
        page.get_by_text("Nothing has changed since the last approval.").wait_for()
        assert dialogs == []
        page.get_by_role("button", name="Commit to git").click()
        page.get_by_text(re.compile("in no git repository|has no changed file|nothing to commit")).first.wait_for()
        page.close()


@pytest.mark.slow
def test_ticks_are_kept_and_the_same_in_all_tabs_and_gone_with_what_they_were_of(tmp_path: Path, browser: Any) -> None:
    home = copy_project(tmp_path / "project")
    feature = home / FEATURE
    text = feature.read_text().replace("Ajio cancels a full order before", "Ajio cancels a whole order before")
    feature.write_text(text.replace("It can cancel a whole order", "It may cancel a whole order"))
    with running_workbench(home) as workbench:
        context = browser.new_context(viewport=WIDE)
        page = opened(context, workbench, "2 changes: ")
        page.locator(".changes input[type=checkbox]").first.check()
        page.reload()
        page.get_by_text("1 of 2 ticked").wait_for(timeout=180_000)
        assert [box.is_checked() for box in page.locator(".changes input[type=checkbox]").all()] == [True, False]

        other = opened(context, workbench, "2 changes: ")
        other.get_by_text("1 of 2 ticked").wait_for()
        other.locator(".changes input[type=checkbox]").last.check()
        page.get_by_text("2 of 2 ticked").wait_for()
        assert page.get_by_role("button", name="Approve").is_enabled()
        other.locator(".changes input[type=checkbox]").first.uncheck()
        page.get_by_text("1 of 2 ticked").wait_for()
        assert page.get_by_role("button", name="Approve").is_disabled()
        other.locator(".changes input[type=checkbox]").first.check()

        feature.write_text(feature.read_text().replace("It may cancel a whole order", "It might cancel a whole order"))
        page.get_by_text("Stale: ").wait_for()
        compared(page, "1 of 2 ticked")
        ticked = page.locator(".changes li.ticked").inner_text()
        assert "whole order before" in ticked
        assert "might" not in ticked
        context.close()


NOTE = "Why: «the owner said so»"
NOTES = "Object.keys(localStorage).filter(key => key.startsWith('sop-note'))"


def opened(context: Any, workbench: RunningWorkbench, changes: str) -> Any:
    """Open the screen in a new tab, and wait for its *changes*."""
    page = context.new_page()
    page.goto(workbench.link)
    page.wait_for_selector("#screens a")
    page.evaluate("location.hash = '#/review'")
    page.get_by_text(changes).wait_for(timeout=180_000)
    return page


def compared(page: Any, changes: str) -> None:
    page.get_by_role("button", name="Compare again").click()
    page.get_by_text(changes).wait_for(timeout=180_000)


@pytest.mark.slow
def test_a_note_outlives_its_tab_and_goes_to_no_other_changes_by_itself(tmp_path: Path, browser: Any) -> None:
    home = copy_project(tmp_path / "project")
    feature = home / FEATURE
    text = feature.read_text()
    feature.write_text(text.replace("It can cancel a whole order", "It may cancel a whole order"))
    with running_workbench(home) as workbench:
        context = browser.new_context(viewport=WIDE)
        page = opened(context, workbench, "1 change: ")
        note = page.get_by_label("Note", exact=True)
        note.fill(NOTE)
        page.close()

        page = opened(context, workbench, "1 change: ")
        note = page.get_by_label("Note", exact=True)
        page.get_by_text("This is what you typed before.").wait_for()
        assert note.input_value() == NOTE
        feature.write_text(feature.read_text().replace("Ajio cancels a full order before", "Ajio cancels a whole order before"))
        compared(page, "2 changes: ")
        page.get_by_text("You typed this note for other changes than those listed now.").wait_for()
        assert note.input_value() == NOTE
        assert violations_here(page, axe_core()) == []
        page.set_viewport_size(WIDE)
        page.close()

        page = opened(context, workbench, "2 changes: ")
        note = page.get_by_label("Note", exact=True)
        page.get_by_text("There is a note for other changes").wait_for()
        assert note.input_value() == ""
        note.fill("First.")
        page.get_by_role("button", name="Take it").focus()
        page.keyboard.press("Enter")
        assert note.input_value() == f"First.\n\n{NOTE}"
        other = opened(context, workbench, "2 changes: ")
        other.get_by_text("This is what you typed before.").wait_for()
        other.get_by_role("button", name="Discard it").click()
        assert other.evaluate(NOTES) == []
        context.close()


@pytest.mark.slow
def test_the_note_of_a_commit_stays_until_other_changes_are_listed(tmp_path: Path, browser: Any) -> None:
    home = copy_project(tmp_path / "project")
    for command in (
        ["init", "-q"],
        ["config", "user.name", "A"],
        ["config", "user.email", "a@b"],
        ["add", "."],
        ["commit", "-qm", "Begin"],
    ):
        subprocess.run(["git", *command], cwd=home, check=True)
    feature = home / FEATURE
    feature.write_text(feature.read_text().replace("It can cancel a whole order", "It may cancel a whole order"))
    with running_workbench(home) as workbench:
        context = browser.new_context(viewport=WIDE)
        page = opened(context, workbench, "1 change: ")
        note = page.get_by_label("Note", exact=True)
        note.fill(NOTE)
        page.locator(".changes input[type=checkbox]").check()
        page.get_by_role("button", name="Approve").click()
        page.get_by_role("dialog").get_by_role("button", name="Approve").click()
        page.get_by_text("Nothing has changed since the last approval.").wait_for(timeout=180_000)
        assert note.input_value() == NOTE
        assert page.get_by_text("You typed this note for other changes").count() == 0
        page.close()

        page = opened(context, workbench, "Nothing has changed since the last approval.")
        note = page.get_by_label("Note", exact=True)
        until(page, f"document.getElementById('review-note').value === {NOTE!r}")
        page.get_by_role("button", name="Commit to git").click()
        page.get_by_role("button", name="Run these commands").click()
        page.get_by_text("Nothing was pushed.").wait_for(timeout=60_000)
        assert note.input_value() == NOTE
        feature.write_text(feature.read_text().replace("Ajio cancels a full order before", "Ajio cancels a whole order before"))
        compared(page, "1 change: ")
        assert note.input_value() == ""
        assert page.evaluate(NOTES) == []
        context.close()
