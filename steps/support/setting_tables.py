"""Tables of settings of an experiment: a key and a value in each row.

The simulator is imported when the first such table is checked, because most features have none.
"""

from collections.abc import Mapping
from dataclasses import fields
from importlib import import_module
from typing import Any

from steps.definitions.tables import Column, Kind, RowFaults, Table, TableRow, unknown_word
from steps.support.cell_kinds import TEXT

SWEEP = "sweep.values"
"""The setting of an experiment that compares several values of another one; checked with the whole experiment when it runs."""


def sections() -> Mapping[str, type[Any]]:
    """Import the settings of the simulator and return them by section."""
    return import_module("simulator.experiment.experiment").SECTIONS  # type: ignore[no-any-return]


def key_in(text: str) -> str:
    """Return *text*, the key of a setting.

    Raises:
        CellError: there is no such setting.
    """
    keys = [SWEEP, *(f"{section}.{entry.name}" for section, kind in sections().items() for entry in fields(kind))]
    if text not in keys:
        error = unknown_word("setting", text, keys)
        error.remedy = error.remedy if error.suggestion else "`sop simulate --describe` lists them"
        raise error
    return text


def _faults_of_setting(row: TableRow) -> RowFaults:
    """Yield the value of a row that its key does not accept."""
    if row["key"] == SWEEP:
        return
    section, _, name = row["key"].partition(".")
    values = import_module("simulator.experiment.values")
    _, refusals = values.read_section(sections()[section], section, {name: values.value_in(row["value"])})
    for refusal in refusals:
        yield "value", (refusal, "`sop simulate --describe` lists what each setting accepts")


SETTINGS = Table(
    (Column("key", Kind("setting", key_in, sample="wms.packers"), unique=True), Column("value", TEXT)),
    heading=False,
    check_row=_faults_of_setting,
)
"""Settings of an experiment that a scenario changes."""
