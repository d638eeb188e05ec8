"""Tables of settings of an experiment: a key and a value in each row.

The simulator is imported when the first such table is checked, because most features have none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from sop_engine import SopError
from sop_engine.text import quoted
from steps.definitions.stated_steps import IdlePart, StatedStep
from steps.definitions.tables import Column, Kind, RowFaults, Table, TableRow, unknown_word
from steps.support.cell_kinds import TEXT

SWEEP = "sweep.values"
"""The setting of an experiment that compares several values of another one; checked with the whole experiment when it runs."""
EACH_VARIANT = "the weeks are simulated in each variant"
NO_VARIANTS = "the experiment {} has no variants, so this When simulates nothing"
VARIANTS_REMEDY = "write `the weeks are simulated`, or use an experiment that compares variants, such as `erp against rms` or `sla squeeze`"
SAME_AGAIN = "the weeks are the same when they are simulated again"
CREDIT_NOTES_MADE = "every credit note that is due is made"
SHOWN_BY: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("returns", "ajio.cash_on_delivery_share", "wms.checkers", "wms.check_seconds_per_unit_median"), (SAME_AGAIN,)),
    **dict.fromkeys(
        ("erp.clerks", "erp.office_opens_at_hour", "erp.office_closes_at_hour", "erp.credit_note_minutes_median"),
        (CREDIT_NOTES_MADE, SAME_AGAIN),
    ),
    "ajio.target_hours": (),
    "prices": (),
}
"""The Thens that depend on a setting or on a section of settings, where not all do."""


def sections() -> Mapping[str, type[Any]]:
    """Import the settings of the simulator and return them by section."""
    return import_module("simulator.experiment.experiment").SECTIONS  # type: ignore[no-any-return]


@cache
def _keys() -> tuple[str, ...]:
    return (SWEEP, *(f"{section}.{entry.name}" for section, kind in sections().items() for entry in fields(kind)))


def key_in(text: str) -> str:
    """Return *text*, the key of a setting.

    Raises:
        CellError: there is no such setting.
    """
    if text not in _keys():
        error = unknown_word("setting", text, _keys())
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
def _read_experiment(name: str) -> tuple[str, bytes]:
    """Return where the experiment *name* is, and its text."""
    return import_module("simulator.experiment.experiment").read_experiment(name)  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def _experiment(name: str, changes: tuple[str, ...]) -> object:
    """Return the experiment with *changes*, the number of replications left out: a scenario simulates one."""
    where, raw = _read_experiment(name)
    experiment = import_module("simulator.experiment.experiment").parse(raw, where, changes)
    return replace(experiment, run=replace(experiment.run, replications=1))


def idle_settings(step: StatedStep, steps: Sequence[StatedStep]) -> Iterator[IdlePart]:
    """Yield the values that the experiment has without them, or that have no effect: another setting or a Then is missing for that."""
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
        else:
            yield from _without_effect(name, row, steps)


def _without_effect(name: str, row: TableRow, steps: Sequence[StatedStep]) -> Iterator[IdlePart]:
    """Yield a setting that changes nothing, given all settings of the example and its Thens; not one that the others need to be valid."""
    settings = _settings_of(steps)
    try:
        experiment: Any = _experiment(name, tuple(f"{key}={value}" for key, value in settings))
        _experiment(name, tuple(f"{key}={value}" for key, value in settings if key != row["key"]))
    except SopError:
        return
    variants = [variant for _, variant in experiment.variants] if any(step.sentence == EACH_VARIANT for step in steps) else []
    need = import_module("simulator.experiment.effects").unmet_precondition(row["key"], variants or [experiment])
    if need is not None:
        yield IdlePart(f"`{row['key']}` changes nothing, because {need.problem}", f"{need.remedy}, or delete the row", (row.number, 0))
        return
    shown_by = SHOWN_BY.get(row["key"], SHOWN_BY.get(row["key"].partition(".")[0]))
    thens = [step for step in steps if step.kind == "then"]
    own_module = next(step.module for step in steps if step.declaration is SETTINGS)
    if shown_by is None or any(step.sentence in shown_by or step.module != own_module for step in thens):
        return
    add = f", or add the Then {' or '.join(map(quoted, shown_by))}" if shown_by else ""
    yield IdlePart(f"no Then depends on `{row['key']}`, so it changes nothing", f"delete the row{add}", (row.number, 0))


def idle_sweep(_: StatedStep, steps: Sequence[StatedStep]) -> Iterator[IdlePart]:
    """Yield the When that simulates no variant, where a setting compares several values."""
    if any(key == SWEEP for key, _ in _settings_of(steps)):
        message = f"this When simulates no variant, so the setting `{SWEEP}` changes nothing"
        yield IdlePart(message, "write `the weeks are simulated in each variant`, or delete the setting")


def idle_variants(_: StatedStep, steps: Sequence[StatedStep]) -> Iterator[IdlePart]:
    """Yield the When that simulates each variant, where the experiment has none."""
    name = next((other.arguments["experiment"] for other in steps if "experiment" in other.arguments), None)
    if name is None:
        return
    try:
        experiment: Any = _experiment(name, tuple(f"{key}={value}" for key, value in _settings_of(steps)))
    except SopError:
        return  # the run reports it
    if not experiment.variants:
        yield IdlePart(NO_VARIANTS.format(quoted(name.replace("_", " "))), VARIANTS_REMEDY)


def _settings_of(steps: Sequence[StatedStep]) -> list[tuple[str, str]]:
    tables = [step.table for step in steps if step.declaration is SETTINGS and step.table is not None]
    return [(row["key"], row["value"]) for table in tables for row in table.rows]


SETTINGS = Table(
    (Column("key", Kind("setting", key_in, sample="wms.packers"), unique=True), Column("value", TEXT)),
    heading=False,
    check_row=_faults_of_setting,
)
"""Settings of an experiment that a scenario changes."""
