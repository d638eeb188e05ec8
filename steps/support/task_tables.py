"""Tables of tasks: the follow-up, the place of each task, alternatives and open duties, and the checks of their rows."""

from collections.abc import Sequence

from sop_engine import Task, Timing
from steps.definitions.tables import Column, FilledTable, Table
from steps.support.cell_kinds import TEXT
from steps.support.claims import Check
from steps.support.vocabulary import MODALITIES, TASKS, tasks_of, words_of

TASK = words_of(TASKS)
FOLLOW_UP = Table((Column("modality", words_of(MODALITIES)), Column("task", TASK, unique=True)), heading=False)
PLACES = Table((Column("task", TASK, unique=True), Column("who", TEXT), Column("where", TEXT, nothing="")), heading=False)
ALTERNATIVES = Table((Column("task", TASK), Column("task instead of it", TASK)), heading=False)
DUTIES = Table((Column("task", TASK),), heading=False)


def tasks_in(table: FilledTable, when: Timing = Timing.NOW) -> list[list[str]]:
    """Return the rows of a follow-up table that is due *when* as `Task.as_words`, in the order of the table."""
    return [Task(row["modality"], row["task"], "", "", when).as_words for row in table.rows]


def task_checks(table: FilledTable, tasks: Sequence[Task] | None, when: Timing = Timing.NOW) -> list[Check]:
    """Return checks of the whole follow-up and of each row of the table, at its cell; all of it is due *when*."""
    expected, actual = tasks_in(table, when), tasks_of(tasks)
    tasks_by_name = {task[1]: task for task in actual or []}
    rows: list[Check] = [("task", pair, tasks_by_name.get(pair[1]), (row, 1)) for row, pair in enumerate(expected)]
    return [("tasks", expected, actual), *rows]


def place_checks(table: FilledTable, tasks: Sequence[Task] | None) -> list[Check]:
    """Return checks of actor and system of each task: of the whole table and of each cell."""
    expected = [[str(row["task"]), row.texts["who"], row.texts["where"]] for row in table.rows]
    actual = [[str(task.task), task.actor, task.system] for task in tasks or ()]
    cells: list[Check] = [
        (facet, expected_row[column], actual_row[column], (line, column))
        for line, (expected_row, actual_row) in enumerate(zip(expected, actual, strict=False))
        for column, facet in ((1, "actor"), (2, "system"))
    ]
    return [("places", expected, actual), *cells]
