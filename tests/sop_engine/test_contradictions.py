"""Statements that contradict each other are refused with both ids and the remedy."""

from sop_engine import Modality, Outcome, Task, TaskKey, Timing
from tests.support.small_statements import GRN, HINT, MAY_NOTE, NOTE, answer, clash, statement


def test_tasks_that_fall_due_at_another_time_contradict_each_other() -> None:
    later = Task(Modality.MUST, TaskKey.CREDIT_NOTE, "client", "ERP", Timing.WHEN_PACKING_FAILS)

    words, ids = clash(statement("C-1", tasks=(NOTE,)), statement("C-2", tasks=(later,)))

    assert ids == ("C-1", "C-2")
    assert words.startswith("C-1, C-2 contradict each other on PACKED / full: must credit-note / must credit-note (when packing fails);")


def test_two_outcomes_contradict_each_other() -> None:
    words, ids = clash(statement("C-1", outcome=Outcome.ALLOWED), statement("C-3"), statement("C-2", outcome=Outcome.REFUSED))

    assert words == "C-1, C-2 contradict each other on PACKED / full: allowed / refused" + HINT
    assert ids == ("C-1", "C-2")


def test_a_task_with_two_forces_contradicts_itself() -> None:
    words, ids = clash(statement("C-1", tasks=(GRN, NOTE)), statement("C-2", tasks=(GRN,)), statement("C-3", tasks=(MAY_NOTE,)))

    assert words == "C-1, C-3 contradict each other on PACKED / full: must credit-note / may credit-note" + HINT
    assert ids == ("C-1", "C-3")
    assert clash(statement("C-1", tasks=(NOTE,)), statement("C-2", tasks=()), statement("C-3", tasks=(MAY_NOTE,)))[1] == ("C-1", "C-3")


def test_nothing_to_do_contradicts_a_task() -> None:
    words, ids = clash(statement("C-1", tasks=()), statement("C-2", tasks=(NOTE, GRN)))

    assert words == "C-1, C-2 contradict each other on PACKED / full: nothing to do / credit-note, grn" + HINT
    assert ids == ("C-1", "C-2")
    assert answer(statement("C-1", tasks=()), statement("C-2", tasks=())).tasks == ()
