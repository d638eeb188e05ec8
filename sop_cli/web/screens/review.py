"""The Review screen: what changed since the last approval, piece by piece; approval of exactly what was shown, and its commit to git."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sop_cli.answers.change_listing import MOST_EXAMPLE_PLACES, changes_as_markdown
from sop_cli.called_as import as_called
from sop_cli.runs.approval import approval_obstacle, changes_since_approval, present_state
from sop_cli.web.context import FEATURES_ROOT
from sop_cli.web.screens import commits
from sop_cli.web.screens.gate import place_of_entry
from sop_cli.web.screens.whole_run import inputs, run_everything
from sop_engine import SopError
from sop_engine.ids import is_gap
from sop_engine.text import counted
from sop_runs.change.baseline import approve as keep
from sop_runs.change.baseline import approved_folder
from sop_runs.change.change_text import answer_line, causes, example_line, part_text, reference_line, summary, text_line
from sop_runs.change.references import Reference
from sop_runs.change.snapshot import Snapshot
from sop_runs.change.snapshot_changes import AnswerChange, Changes, ExampleChange
from sop_runs.change.text_changes import TextChange
from sop_runs.record.reader import RunRecord, read
from steps.run.runner import RunResult

ANSWERS, OWNER, WORDING, EXAMPLES = "answers", "owner", "wording", "examples"
"""Kinds of change: the engine's answers, answers of the document's owner, texts, examples."""
ChangeItem = dict[str, Any]
"""A change for the page: id, kind, title, parts with before and after, place, and further examples that changed in the same way.

What else a tick is about, and the page does not list, is in ``beside`` until the id is made of it.
"""


def show() -> dict[str, Any]:
    """Run everything in a temporary folder, and return what changed since the last approval."""
    with TemporaryDirectory(prefix="sop-review-") as folder:
        before = inputs()
        result = run_everything(Path(folder))
        return _review(result, before)


def approve_shown(digest: str, ticked: list[str]) -> dict[str, Any]:
    """Run everything again, and save it as approved if it is what the page showed, *digest*, and all of it is *ticked*.

    Otherwise nothing is saved, and the present review is returned with the reason as ``refused``.
    """
    if not isinstance(ticked, list) or not all(isinstance(name, str) for name in ticked):
        raise SopError("the list of ticked changes cannot be read; reload the page")
    with TemporaryDirectory(prefix="sop-review-") as folder:
        before = inputs()
        result = run_everything(Path(folder))
        review = _review(result, before)
        if refused := _approval_refusal(review, digest, ticked):
            return {**review, "refused": refused}
        saved = keep(_record(result), approved_folder())
        return {**_review(result, inputs()), "saved": [file.as_posix() for file in saved]}


def commit_plan(message: str) -> dict[str, Any]:
    """Return the git commands that commit the specification with *message*."""
    return commits.plan(message)


def commit(message: str, digest: str) -> dict[str, Any]:
    """Run the git commands that `plan` returned with *digest*."""
    return commits.commit(message, digest)


METHODS: Mapping[str, Callable[..., Any]] = {
    "review.show": show, "review.approve": approve_shown, "review.plan": commit_plan, "review.commit": commit,
}  # fmt: skip


def _review(result: RunResult, before: Mapping[str, Any]) -> dict[str, Any]:
    present = present_state(_record(result))
    since = changes_since_approval(present, approved_folder())
    items = _with_ids([*_change_items(since)] if isinstance(since, Changes) else [_first_approval(present, since)])
    content = json.dumps([before["approved"], sorted(item["id"] for item in items)])
    return {
        **before,
        "digest": hashlib.sha256(content.encode()).hexdigest(),
        "items": items,
        "summary": summary(since) if isinstance(since, Changes) else items[0]["title"],
        "obstacle": as_called(approval_obstacle(result.verdict)),
        "folder": approved_folder().as_posix(),
        "markdown": "\n".join(changes_as_markdown(since)) if isinstance(since, Changes) else f"### Changes\n\n{items[0]['title']}",
    }


def _record(result: RunResult) -> RunRecord:
    record = result.lines or read(result.record)
    if record.manifest is None:
        raise SopError("the run broke off before it recorded anything; run `sop verify` in a terminal to see why")
    return record


def _approval_refusal(review: Mapping[str, Any], digest: str, ticked: list[str]) -> str:
    """Return why the present state is not approved; empty if it is what was shown, all of it ticked, and passes."""
    missing = [item for item in review["items"] if item["id"] not in ticked]
    if review["obstacle"]:
        return f"only what passes can be approved: {review['obstacle']}"
    if not review["items"]:
        return "nothing has changed since the last approval, so there is nothing to approve"
    if review["digest"] != digest:
        new = f"; {counted(len(missing), 'change')} not ticked" if missing else ""
        return f"the specification has changed since this page showed it{new}. Nothing was approved; look at the changes again"
    return f"{counted(len(missing), 'change')} not ticked. Nothing was approved; look at each change and tick it" if missing else ""


def _first_approval(present: Snapshot, trouble: str | None) -> ChangeItem:
    answers = len(present.behaviour.rows) if present.behaviour is not None else 0
    size = f"{counted(answers, 'answer')} and {counted(len(present.examples or ()), 'example')}"
    if trouble is None:
        return {"kind": ANSWERS, "title": f"approved for the first time: {size}", "parts": [], "place": None, "same": []}
    return {"kind": ANSWERS, "title": f"the last approval cannot be compared, and is replaced: {size}", "parts": [_part("reason", trouble, "")],
            "place": None, "same": []}  # fmt: skip


def _change_items(since: Changes) -> Iterator[ChangeItem]:
    for answers in since.answers:
        yield _answer_item(answers, since)
    for text in since.texts:
        yield _text_item(text)
    for reference in since.references:
        yield _reference_item(reference, since)
    for _, rows in groupby(since.examples, key=lambda change: (change.path, example_line(change))):
        yield _example_item(*rows)


def _answer_item(change: AnswerChange, since: Changes) -> ChangeItem:
    region = change.region
    parts = [_part(part.replace("_", " "), part_text(region.before, part), part_text(region.after, part)) for part in region.parts]
    examples = [_feature_place(key[0], since.after.lines.get(key, 1)) for key in change.examples[:MOST_EXAMPLE_PLACES]]
    because = [place for name in causes(since, change) if (place := place_of_entry(name))]
    return {
        "kind": ANSWERS,
        "title": answer_line(change),
        "parts": parts,
        "place": None,
        "because": because,
        "examples": examples,
        "same": [],
    }


def _text_item(change: TextChange) -> ChangeItem:
    parts = [_part(name.replace("_", " "), before, after) for name, before, after in change.parts]
    if not parts:
        parts = [_part("text", change.text if change.kind == "gone" else "", "" if change.kind == "gone" else change.text)]
    is_owner = not change.path and is_gap(change.id) and any(name == "answer" for name, *_ in change.parts)
    place = _feature_place(change.path, change.line) if change.path else place_of_entry(change.id)
    return {"kind": OWNER if is_owner else WORDING, "title": text_line(change), "parts": parts, "place": place, "same": []}


def _reference_item(reference: Reference, since: Changes) -> ChangeItem:
    place = _feature_place(reference.path, reference.line) if reference.path else place_of_entry(reference.id)
    text = since.sentences.get(reference.id, "")
    return {
        "kind": WORDING,
        "title": reference_line(reference),
        "parts": [_part("text", text, text)] if text else [],
        "place": place,
        "same": [],
        "beside": [[change.id, change.parts] for change in since.texts if change.id in reference.names],
    }


def _example_item(change: ExampleChange, *others: ExampleChange) -> ChangeItem:
    before, after = ("\n".join((side.lines or ()) if side is not None else ()) for side in (change.before, change.after))
    parts = [_part(name, old, new) for name, old, new in _headings(change) if old != new]
    parts += [_part("example", before, after)] if before or after else []
    place = _feature_place(change.path, change.line) if change.path else None
    same = [_feature_place(other.path, other.line) for other in others]
    beside = [[side and [side.name, side.says] for side in (other.before, other.after)] for other in others]
    return {"kind": EXAMPLES, "title": example_line(change), "parts": parts, "place": place, "same": same, "beside": beside}


def _headings(change: ExampleChange) -> Iterator[tuple[str, str, str]]:
    """Yield what is around an example that exists on both sides: name, before, after."""
    if change.before is not None and change.after is not None:
        for name, attribute in (("file", "feature"), ("Rule", "rule"), ("name", "name")):
            yield name, getattr(change.before, attribute) or "", getattr(change.after, attribute) or ""


def _part(name: str, before: str, after: str) -> dict[str, str]:
    return {"name": name, "before": before, "after": after}


def _feature_place(path: str, line: int) -> dict[str, Any]:
    return {"path": f"{FEATURES_ROOT.name}/{path}", "line": line}


def _with_ids(items: list[ChangeItem]) -> list[ChangeItem]:
    """Return *items* with an id of the content of each, which does not depend on lines; equal ones are numbered."""
    counts: dict[str, int] = {}
    for item in items:
        path = item["place"]["path"] if item["place"] else ""
        content = json.dumps([item["kind"], item["title"], item["parts"], path, len(item["same"]), item.pop("beside", [])])
        counts[content] = counts.get(content, 0) + 1
        item["id"] = hashlib.sha256(f"{counts[content]} {content}".encode(errors="surrogatepass")).hexdigest()[:20]
    return items
