"""How to make a study again: the command that gives the same digests, worked out from what the study says of itself."""

import json
import shlex
from dataclasses import dataclass
from typing import Any

from reports.scenario.study import Study
from simulator.experiment import Experiment, describe, load, shipped
from simulator.study import Result, variants_of
from simulator.study import Study as Made
from sop_engine import SopError

_OPTIONS = {"run.replications": "--replications", "run.seed": "--seed"}


@dataclass(frozen=True, slots=True)
class Again:
    """The *command*; *exact* is whether this program is known to come to the same settings with it."""

    command: str
    exact: bool


def again(study: Study) -> Again:
    """The command for *study*; where its experiment does not come with the program, one for the reader's own file."""
    if study.name not in shipped():
        return Again(
            f"sop simulate {shlex.quote(study.name + '.toml')} --replications {study.replications} --seed {study.seed}", exact=False
        )
    changes = [] if study.kind != "sweep" else _sweep(study, load(study.name))
    try:
        as_shipped = variants_of(load(study.name, changes))[0].experiment
        differing = _differing(study, as_shipped)
        made = load(study.name, [*changes, *(f"{key}={_toml(value)}" for key, value in differing.items())])
    except SopError:
        return Again(_command(study, {}, changes), exact=False)
    return Again(_command(study, differing, changes), exact=_hash(made) == study.sha256 and made.run.replications == study.replications)


def defaults() -> dict[str, Any]:
    """What each key is where nobody sets it."""
    return {key: _plain(value) for key, value, _ in describe(Experiment("", ""))}


def _differing(study: Study, other: Experiment) -> dict[str, Any]:
    there = {key: _plain(value) for key, value, _ in describe(other)}
    return {each.key: each.value for each in study.settings if there.get(each.key) != each.value}


def _sweep(study: Study, as_shipped: Experiment) -> list[str]:
    sweep = as_shipped.sweep
    if sweep is not None and sweep.key == study.sweep_key and [*map(_plain, sweep.values)] == [*study.sweep_values]:
        return []
    return [f"sweep.key={study.sweep_key}", f"sweep.values={_toml(list(study.sweep_values))}"]


def _command(study: Study, differing: dict[str, Any], changes: list[str]) -> str:
    words = ["sop", "simulate", study.name, "--replications", str(study.replications), "--seed", str(study.seed)]
    for key, value in differing.items():
        words += [] if key in _OPTIONS else ["--set", f"{key}={_toml(value)}"]
    for change in changes:
        words += ["--set", change]
    return shlex.join(words)


def _hash(made: Experiment) -> str:
    """The hash of a study of *made*, without its results."""
    return Made(made, tuple(Result(variant, ()) for variant in variants_of(made))).sha256


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _toml(value: Any) -> str:
    """*value* as ``--set`` takes it."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value, ensure_ascii=False)
