"""The screen of questions: the register as a table, each question with its readings, and answers tried before they are saved."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from reports.html.links import case_anchor
from reports.site.reading_rows import box_in_words, reading_rows
from sop_cli.answers.announcement import changes_by
from sop_cli.answers.audited import rows_with_orders
from sop_cli.answers.change_listing import listed_answers, listed_lines
from sop_cli.answers.places import Places, places
from sop_cli.answers.question_files import LARGEST_TABLE, rows_in, table_of
from sop_cli.answers.trial import Trial, trial_by_rounds
from sop_cli.called_as import missing_package
from sop_cli.web.context import FEATURES_ROOT, bindings
from sop_engine import Case, Reading, SopError, case_from
from sop_engine.boxes import boxes
from sop_engine.engine import ENGINE
from sop_engine.loading.words import FACTS_OF
from sop_engine.register.answers import answer_from
from sop_engine.register.question_rows import RowResult, results_of
from sop_engine.register.readings import gap_of
from sop_engine.statement import CASE, Gap, OwnersAnswer
from sop_runs.change.change_text import summary

Trying = Generator[dict[str, Any], None, dict[str, Any]]
FORMS = ("csv", "xlsx")


class QuestionError(SopError):
    """A request about questions that cannot be answered."""


def listed() -> list[dict[str, Any]]:
    """Return each question as the columns of its row in the table for the owner, and whether answers to cases depend on it."""
    heading, *rows = rows_with_orders(ENGINE.rulebook)
    by_id = {gap.id: gap for gap in ENGINE.rulebook.gaps}
    return [
        {
            **dict(zip(heading, row, strict=True)),
            "title": by_id[row[0]].title,
            "decides": bool(by_id[row[0]].decides and by_id[row[0]].cases),
        }
        for row in rows
    ]


def question(gap: str) -> dict[str, Any]:
    """Return a question: its texts, its readings with what each changes, the cases that it decides, and its answer."""
    entry = gap_of(ENGINE.rulebook, gap)
    readings = [
        {**to_builtins(row), "executable": row.number in {ruling.number for ruling in entry.rulings}} for row in reading_rows(entry)
    ]
    texts = {
        name: getattr(entry, name) for name in ("id", "title", "question", "kind", "nearest", "chosen", "basis", "why", "watch", "status")
    }
    answer = entry.answer
    return {
        **texts,
        "readings": readings,
        "cases": list(_cases_of(entry)),
        "answer": None if answer is None else {**asdict(answer), "on": answer.on.isoformat()},
    }


def tried(  # noqa: PLR0913 - the parts of an answer
    gap: str, reading: int = 0, by: str = "", on: str = "", evidence: str = "", remark: str = "", *, withdraw: bool = False
) -> Trying:
    """Return what the answer to a question would change, and the changed files; nothing is written."""
    entry = gap_of(ENGINE.rulebook, gap)
    if withdraw:
        if entry.answer is None:
            raise QuestionError(f"`{entry.id}` has no answer that could be withdrawn")
        return (yield from _changes_by_answers({entry.id: None}))
    if not on.strip():
        raise QuestionError("the answer does not say when it was decided; add a day such as 2026-12-01")
    answer = answer_from(ENGINE.rulebook, entry.id, reading, by, on, evidence, remark)
    if answer == entry.answer:
        raise QuestionError(f"`{entry.id}` has this answer already")
    return (yield from _changes_by_answers({entry.id: answer}))


def exported(form: str) -> dict[str, str]:
    """Return the table of questions for the owner as a file: its name, and its content in base64."""
    if form not in FORMS:
        raise QuestionError(f"questions are exported as {' or '.join(FORMS)}")
    content = _with_extra(lambda: table_of(rows_with_orders(ENGINE.rulebook), is_workbook=form == "xlsx"))
    return {"name": f"questions.{form}", "content": base64.b64encode(content).decode()}


def imported(name: str, content: str) -> Trying:
    """Yield what each row of a table with answers is, then return what its answers would change; nothing is written.

    *name* is that of the file, *content* its bytes in base64.
    """
    if len(content) > LARGEST_TABLE * 4 // 3 + 4:
        raise QuestionError(f"the file has more than {LARGEST_TABLE:,} bytes; import it in parts")
    try:
        data = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise QuestionError("the file did not arrive whole; choose it again") from None
    results = results_of(_with_extra(lambda: rows_in(data, name)), ENGINE.rulebook)
    yield {"rows": [_row(result) for result in results]}
    answers = {result.gap_id: result.answer for result in results if result.answer is not None}
    return (yield from _changes_by_answers(dict(answers))) if answers else {"changes": []}


def _changes_by_answers(answers: Mapping[str, OwnersAnswer | None]) -> Trying:
    where = places()
    rounds = trial_by_rounds(where.rulebook, where.features, answers, bindings())
    while True:
        try:
            number = next(rounds)
        except StopIteration as end:
            trial: Trial = end.value
            break
        yield {
            "step": "running the examples with the answer"
            if number == 1
            else f"running them again with what changed in them (run {number})"
        }
    comparison = changes_by(trial, where.features)
    return {
        "summary": summary(comparison),
        "answers": [asdict(answer) for answer in listed_answers(comparison)],
        "lines": [asdict(line) for line in listed_lines(comparison)],
        "notes": [{"path": f"{FEATURES_ROOT.as_posix()}/{path}", "notes": list(notes)} for path, notes in trial.notes.items()],
        "changes": list(_changed_files(trial, where)),
    }


def _changed_files(trial: Trial, where: Places) -> Iterator[dict[str, str]]:
    """Yield the changed files for the page: the content that was read, its digest, and the new text."""
    contents = {where.register: trial.register, **{where.features / path: pair for path, pair in trial.features.items()}}
    for file, (old, new) in contents.items():
        name = file.resolve().relative_to(Path.cwd().resolve()).as_posix()
        yield {"path": name, "digest": hashlib.sha256(old).hexdigest(), "before": old.decode(), "text": new.decode()}


def _row(result: RowResult) -> dict[str, Any]:
    """Return a row of an imported table: its number, its gap, what it is in one word, and why or which answer."""
    if result.reason:
        kind, text = "refused", result.reason
    elif result.answer is not None:
        kind, text = "accepted", f"reading {result.answer.reading}, {result.answer.status}"
    else:
        kind, text = ("unchanged", "the register has this answer") if result.is_known else ("empty", "no answer")
    return {"line": result.line, "id": result.gap_id, "kind": kind, "text": text}


def _cases_of(gap: Gap) -> Iterator[dict[str, Any]]:
    """Yield the cases whose answer depends on *gap* as practised: in words, their number, and the address of the first one."""
    for subject, facts in FACTS_OF.items():
        values = [
            tuple(map(str, key))
            for (about, reading, key), answer in ENGINE.answers.items()
            if about == subject and reading is Reading.AS_PRACTISED and gap.id in answer.gaps
        ]
        for box in boxes(values, facts):
            size = 1
            for words in box.values():
                size *= len(words)
            first = f"#/case#{case_anchor(_first_case(box))}" if subject == CASE else None
            yield {"words": box_in_words(box, subject), "size": size, "href": first}


def _first_case(box: Mapping[str, Sequence[str]]) -> Case:
    return case_from({name: words[0] for name, words in box.items()})


def _with_extra(work: Callable[[], Any]) -> Any:
    """Return the result of *work*, which may need a package of an extra.

    Raises:
        QuestionError: the package is not installed.
    """
    try:
        return work()
    except ModuleNotFoundError as error:
        raise QuestionError(str(missing_package(error, None))) from None


METHODS: Mapping[str, Callable[..., Any]] = {
    "questions.list": listed,
    "questions.show": question,
    "questions.try": tried,
    "questions.export": exported,
    "questions.import": imported,
}
