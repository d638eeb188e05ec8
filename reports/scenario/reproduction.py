"""The command that repeats a study with the same digests, computed from the study's settings."""

import json
import shlex
from dataclasses import dataclass
from typing import Any

from simulator.experiment.experiment import Experiment, describe, load, shipped_experiments, with_setting
from simulator.experiment.own_orders import ORIGIN
from simulator.search_data import Search
from simulator.study.study import as_json, variants_of
from simulator.study_data import Study, Sweep, hash_of
from sop_engine import SopError

_OPTIONS = {"run.replications": "--replications", "run.seed": "--seed"}


@dataclass(frozen=True, slots=True)
class Reproduction:
    """The *command*; *exact* is whether this program computes the same settings from it.

    *changes* are the settings that differ from those of the shipped experiment, as ``key=value``; empty for an experiment of the reader's own.
    """

    command: str
    exact: bool
    changes: tuple[str, ...] = ()


def reproduction_of(study: Study) -> Reproduction:
    """Return the command for *study*; if its experiment does not come with the program, a command for the reader's own file."""
    if study.name not in shipped_experiments() or _has_own_orders(study):
        name = study.name if study.name in shipped_experiments() else f"{study.name}.toml"
        orders = ["--orders", "FILE"] if _has_own_orders(study) else []
        words = ["sop", "simulate", name, *orders, "--replications", str(_replications(study)), "--seed", str(study.seed)]
        return Reproduction(shlex.join([*words, *_search_options(study)]), exact=False)
    if study.search is not None:
        return _reproduced_search(study, study.search)
    changes = [] if study.sweep is None else _changes(study.sweep, load(study.name))
    try:
        as_shipped = variants_of(load(study.name, changes))[0][1]
        differing = _differing(study, as_shipped)
        reproduced = load(study.name, [*changes, *(f"{key}={_toml(value)}" for key, value in differing.items())])
    except SopError:
        return Reproduction(_command(study, {}, changes), exact=False)
    return Reproduction(
        _command(study, differing, changes),
        exact=hash_of((variant.name, changed.sha256) for variant, changed in variants_of(reproduced)) == study.sha256
        and reproduced.run.replications == study.replications,
        changes=(*_as_changes(differing), *changes),
    )


def _reproduced_search(study: Study, search: Search) -> Reproduction:
    """Return the command for a search; it is exact if each value that was simulated has the same settings."""
    differing = {key: value for key, value in _differing(study, load(study.name)).items() if key != search.key}
    try:
        base = load(study.name, [f"{key}={_toml(value)}" for key, value in differing.items()])
        made = [with_setting(base, search.key, variant.changes[search.key]).sha256 for variant in study.variants]
    except SopError:
        made = []
    exact = made == [variant.sha256 for variant in study.variants]
    return Reproduction(_command(study, differing, []), exact, tuple(_as_changes(differing)))


def _search_options(study: Study) -> list[str]:
    """Return the options of a search, of wanted half-widths, or of a sensitivity analysis."""
    words: list[str] = []
    if study.search is not None:
        among = ", ".join(_toml(value) for value in study.search.candidates)
        words += ["--find", study.search.key, "--so-that", study.search.goal, "--among", among]
    for wanted in study.precision or ():
        words += ["--until", wanted.wanted]
    return [*words, *(["--sensitivity"] if study.sensitivity is not None else [])]


def _replications(study: Study) -> int:
    """Return the number of replications to ask for: the limit, where the study decides how many it needs."""
    if study.search is not None:
        return study.search.limit
    return study.precision[0].limit if study.precision else study.replications


def _has_own_orders(study: Study) -> bool:
    """Return whether the orders of *study* are real ones, from a file."""
    return any(setting.key == "run.days" and setting.source.startswith(ORIGIN) for setting in study.settings)


def default_settings() -> dict[str, Any]:
    """Return the default of each key."""
    return {key: as_json(value) for key, value, _ in describe(Experiment("", ""))}


def _differing(study: Study, other: Experiment) -> dict[str, Any]:
    other_values = {key: as_json(value) for key, value, _ in describe(other)}
    return {setting.key: setting.value for setting in study.settings if other_values.get(setting.key) != setting.value}


def _changes(sweep: Sweep, as_shipped: Experiment) -> list[str]:
    """Return the ``--set`` arguments that change the shipped experiment's sweep to *sweep*."""
    shipped_sweep = as_shipped.sweep
    if shipped_sweep is not None and (shipped_sweep.key, shipped_sweep.values) == (sweep.key, sweep.values):
        return []
    return [f"sweep.key={sweep.key}", f"sweep.values={_toml(list(sweep.values))}"]


def _command(study: Study, differing: dict[str, Any], changes: list[str]) -> str:
    words = ["sop", "simulate", study.name, "--replications", str(_replications(study)), "--seed", str(study.seed)]
    for change in (*_as_changes(differing), *changes):
        words += ["--set", change]
    return shlex.join([*words, *_search_options(study)])


def _as_changes(differing: dict[str, Any]) -> list[str]:
    """Return *differing* settings as ``key=value``, without those that have an option of their own."""
    return [f"{key}={_toml(value)}" for key, value in differing.items() if key not in _OPTIONS]


def _toml(value: Any) -> str:
    """Format *value* for ``--set``."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value, ensure_ascii=False)
