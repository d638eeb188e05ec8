"""Stated steps: the steps of an example with their values, before it runs; and the parts of a step that change nothing.

A step definition may have a check, `idle=…`, that finds such parts by what the other steps of the example state. The lint reports a
part that is idle in every example of its step, so that a row of an outline may be there for contrast, and a part that cannot be true.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sop_runs.record.schema import StepKind
from steps.definitions.tables import FilledTable, Table

AboutCheck = Callable[[str, Any], bool]
"""Returns whether a step is about an id, by the text of the step, and its table or the order after it."""


@dataclass(frozen=True, slots=True)
class StatedStep:
    """A step with its values.

    Attributes:
        module: the name of the module that defines its sentence.
        arguments: the values in its sentence, by the names of the function's parameters.
        declaration: the declaration of its table; None if it has no table.
        table: its table.
        sentence: its step sentence.
    """

    kind: StepKind
    module: str
    arguments: Mapping[str, Any]
    declaration: Table | None = None
    table: FilledTable | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class IdlePart:
    """A part of a step that changes nothing, and what to do; *cell* is its row and column in the table, None for the whole step.

    One that *cannot_be* true is reported in any example, one that only changes nothing may be there for contrast.
    """

    message: str
    remedy: str
    cell: tuple[int, int] | None = None
    cannot_be: bool = False


IdleCheck = Callable[[StatedStep, Sequence[StatedStep]], Iterable[IdlePart]]
"""Returns the idle parts of a step, by all steps of its example."""


def no_idle_parts(_: StatedStep, __: Sequence[StatedStep]) -> Iterable[IdlePart]:
    """Return no part: the check of a sentence that declares none."""
    return ()
