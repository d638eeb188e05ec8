"""A register brings its tasks, actors and systems with their words; a wrong one is refused with its line, and the nearest right one is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sop_engine.engine import Engine
from sop_engine.errors import RulebookError
from sop_engine.mutation import changes_of
from sop_engine.reader import Rulebook, read_rulebook
from sop_engine.tasks import TaskKey
from sop_engine.versions import CLAUSES, DEFAULT, GAPS, shipped

TASK = '[[task]]\nid = "tell-courier"\nwords = "tell the courier"\nshort = "call the courier"\ncode = "CUR"\n'
CLAUSE = """[[clause]]
id = "AC-ERP-FULL-3"
line = "96"
modality = "must"
actor = "warehouse team"
system = "WMS / courier portal"
text = "Where the e-invoice was pushed while the order is still FULFILLABLE, the warehouse team calls the courier."
when = { stage = "FULFILLABLE", e_invoice = "pushed" }
task = "tell-courier"

"""
SECTION = '[[section]]\nid = "AC-ERP-PART"'
PARTIES = "# Who acts, and"


def changed(folder: Path, *changes: tuple[str, str], file: str = CLAUSES) -> Path:
    text = (folder / file).read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    (folder / file).write_text(text, encoding="utf-8")
    return folder


def with_courier(folder: Path) -> Path:
    return changed(
        folder,
        (SECTION, CLAUSE + SECTION),
        (PARTIES, f"{TASK}\n{PARTIES}"),
        ('actors = ["seller",', 'actors = ["seller", "warehouse team",'),
        ("systems = [", 'systems = [\n  "courier portal",'),
    )


def findings(folder: Path) -> Iterator[str]:
    with pytest.raises(RulebookError) as caught:
        Engine.of(read_rulebook(folder))
    yield from caught.value.findings


def tasks_after(book: Rulebook) -> list[str]:
    return [
        task.task.words
        for task in Engine.of(book).answers["case", "as-practised", ("Ajio", "full", "ERP", "FULFILLABLE", "pushed")].tasks or ()
    ]  # type: ignore[index]


def test_a_version_brings_a_task_an_actor_and_a_system(folder: Path) -> None:
    book = read_rulebook(with_courier(folder))

    assert tasks_after(book)[-1] == "tell the courier"
    assert (TaskKey("tell-courier").short, book.tasks[-1].code, book.tasks_of("case")[-1]) == ("call the courier", "CUR", "tell-courier")
    assert any("asked for tell-courier too" in change.description for changes in changes_of(book) for change in changes)


def test_a_gap_can_choose_a_new_task_in_its_own_words(folder: Path) -> None:
    with_courier(folder)
    task = 'task = "download-report"\nactor = "seller"\nsystem = "Ajio VMS Reports UI"\n'
    more = '\n[[gap.resolution]]\nmodality = "must"\ntask = "tell-courier"\nactor = "warehouse team"\n'
    changed(folder, (task, task + more), file=GAPS)

    assert any("does not name the task `tell the courier`" in finding for finding in findings(folder))
    changed(
        folder,
        ("the client may download the report and", "the team must call the courier; the client may download the report and"),
        file=GAPS,
    )
    assert Engine.of(read_rulebook(folder))


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('task = "tell-courier"', 'task = "tell-currier"', "unknown task `tell-currier`; did you mean `tell-courier`?"),
        ('id = "tell-courier"', 'id = "Tell courier"', "the id `Tell courier` of a task must be words in lower case with hyphens"),
        ('id = "tell-courier"', 'id = "credit-note"', "`credit-note` is defined twice"),
        ('words = "tell the courier"', 'words = ""', "`words` must be a text"),
        ('words = "tell the courier"', "words = 3", "`words` must be a text"),
        ('words = "tell the courier"', 'words = "tell | the courier"', "`words` of the task `tell-courier` must be words"),
        ('words = "tell the courier"', 'words = "tell  the courier"', "`words` of the task `tell-courier` must be words"),
        ('words = "tell the courier"', 'words = "<b>tell</b>"', "`words` of the task `tell-courier` must be words"),
        ('words = "tell the courier"', 'words = "get the RSI report"', "the tasks `tell-courier` and `rsi-report` have the same `words`"),
        ('code = "CUR"', 'code = "CN"', "the tasks `tell-courier` and `credit-note` have the same `code`"),
        ('code = "CUR"', 'code = "c u r"', "`code` of the task `tell-courier` must be at most 8 capitals and digits"),
        ('code = "CUR"', 'chosen = "("', "`chosen` of the task `tell-courier` is not a pattern"),
        ('code = "CUR"', 'on = "order"', "unknown `on` `order`; expected one of `case`, `return`"),
        ('code = "CUR"', 'colour = "red"', "unknown key `colour` in `tell-courier`"),
        ('actor = "warehouse team"', 'actor = "warehouse teem"', "unknown actor `warehouse teem`; did you mean `warehouse team`?"),
        ('"WMS / courier portal"', '"WMS / courier portla"', "unknown system `courier portla`; did you mean `courier portal`?"),
        ('actors = ["seller"', 'actorz = ["seller"', "unknown key `actorz` in `parties`; did you mean `actors`?"),
        (
            'actors = ["seller", "warehouse team", "Ajio business team", "Assure OMS", "Increff"]',
            "actors = 3",
            "`actors` must be a list of texts",
        ),
        ("[parties]", "[[parties]]", "`parties` must be written as [parties]"),
    ],
)
def test_wrong_words_are_refused_with_their_line(folder: Path, before: str, after: str, reason: str) -> None:
    listed = list(findings(changed(with_courier(folder), (before, after))))

    assert any(finding.startswith("clauses.toml:") and reason in finding for finding in listed), listed


def test_a_register_without_words_has_those_of_the_first_version(folder: Path) -> None:
    text = (folder / CLAUSES).read_text(encoding="utf-8")
    (folder / CLAUSES).write_text(text[: text.index("\n# The tasks.")], encoding="utf-8")
    book = read_rulebook(folder)

    assert (book.tasks, book.actors, book.systems) == (read_rulebook(shipped() / DEFAULT).tasks, (), ())
    assert Engine.of(book)


def test_equal_keys_are_one_object_and_stand_for_themselves_without_words() -> None:
    assert TaskKey("credit-note") is TaskKey.CREDIT_NOTE
    assert (TaskKey("no-such-task").words, TaskKey("no-such-task").short) == ("no such task", "no such task")
    with pytest.raises(ValueError, match="'A b' is not a valid TaskKey"):
        TaskKey("A b")


def test_the_words_of_a_key_are_those_of_the_own_rulebook(folder: Path) -> None:
    book = read_rulebook(changed(folder, ("make a credit note by hand and keep it in the ERP", "write a credit note")))

    assert book.tasks[3].words == "write a credit note"
    assert TaskKey.CREDIT_NOTE.words == "make a credit note by hand and keep it in the ERP"
