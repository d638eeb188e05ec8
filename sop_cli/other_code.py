"""The option ``--allow-other-code``: whether a run that was made by other code than the present code may be used."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sop_runs.record.code import ALLOW_OTHER_CODE, refuse_other_code
from sop_runs.record.reader import RunRecord
from steps.definitions.source_digest import code_of
from steps.run.plan import bindings_of_run


def allow_other_code_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option ``--allow-other-code`` to *command*, as its argument *allow_other_code*."""
    option = click.option(
        ALLOW_OTHER_CODE, "allow_other_code", is_flag=True,
        help="Use the run even if the step definitions, the engine or a library have changed since it was made; the changes are listed.",
    )  # fmt: skip
    return option(command)


def other_code(folder: Path, record: RunRecord, *, allow: bool) -> str:
    """Return a sentence on the differences of the run in *folder* from the present code, empty if there are none.

    Raises:
        OtherCodeError: there are differences, and they are not allowed.
        PlanError: the run has no plan, which lists its modules with step definitions.
    """
    return refuse_other_code(folder.name, record.head.code, code_of(bindings_of_run(folder)), allow=allow)
