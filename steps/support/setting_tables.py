"""Tables of settings of an experiment: a key and a value in each row.

The simulator is imported when the first such table is checked, because most features have none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from importlib import import_module
from typing import Any

from sop_engine import SopError
from sop_engine.text import quoted
from steps.definitions.stated_steps import IdlePart, StatedStep
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


@lru_cache(maxsize=64)
def _experiment(name: str, changes: tuple[str, ...]) -> object:
    """Return the experiment with *changes*, the number of replications left out: a scenario simulates one."""
    experiment = import_module("simulator.experiment.experiment").load(name, changes)
    return replace(experiment, run=replace(experiment.run, replications=1))


def idle_settings(step: StatedStep, steps: Sequence[StatedStep]) -> Iterator[IdlePart]:
    """Yield the values that the experiment has without them."""
    name = next((other.arguments["experiment"] for other in steps if "experiment" in other.arguments), None)
    if name is None or step.table is None:
        return
    for row in step.table.rows:
        try:
            is_idle = _experiment(name, (f"{row['key']}={row['value']}",)) == _experiment(name, ())
        except SopError:
            continue  # another value, which is valid only together with other settings or not at all
        if is_idle and row["key"] == "run.replications":
            yield IdlePart("a scenario simulates one replication, so this setting changes nothing", "delete this row", (row.number, 0))
        elif is_idle:
            message = (
                f"the experiment {quoted(name.replace('_', ' '))} has this value of `{row['key']}` itself, so this row changes nothing"
            )
            yield IdlePart(message, "write another value, or delete the row", (row.number, 1))


def idle_sweep(_: StatedStep, steps: Sequence[StatedStep]) -> Iterator[IdlePart]:
    """Yield the When that simulates no variant, where a setting compares several values."""
    if any(key == SWEEP for key, _ in _settings_of(steps)):
        message = f"this When simulates no variant, so the setting `{SWEEP}` changes nothing"
        yield IdlePart(message, "write `the weeks are simulated in each variant`, or delete the setting")


def _settings_of(steps: Sequence[StatedStep]) -> list[tuple[str, str]]:
    tables = [step.table for step in steps if step.declaration is SETTINGS and step.table is not None]
    return [(row["key"], row["value"]) for table in tables for row in table.rows]


SETTINGS = Table(
    (Column("key", Kind("setting", key_in, sample="wms.packers"), unique=True), Column("value", TEXT)),
    heading=False,
    check_row=_faults_of_setting,
)
"""Settings of an experiment that a scenario changes."""
