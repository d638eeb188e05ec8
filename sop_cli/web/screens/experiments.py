"""Experiments for the Simulate screen: the shipped ones and the project's own, the form of their settings, and what is wrong with values."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reports.scenario.wording.study_questions import study_title
from simulator.errors import ExperimentError
from simulator.experiment.experiment import SECTIONS, Experiment, describe, load, setting_fields, shipped_experiments
from simulator.experiment.plausible import plausible_text
from simulator.experiment.settings import SettingSpec
from simulator.experiment.sources import ASSUMED
from simulator.experiment.variants import value_in_words
from simulator.study.study import as_json, kind_of, source_of
from sop_cli.web.experiment_files import OWN_FOLDER, experiment_files
from sop_cli.web.project import digest_of
from sop_engine import SopError
from sop_engine.input_files import UnreadableFileError, parse_toml, read_bytes

LARGEST_FILE = 1_000_000
"""Bytes of a file that is looked at as an experiment."""
MOST_CHANGES, LONGEST_VALUE = 200, 20_000
SWEEP = ("sweep.key", "sweep.values")
"""Keys of a sweep, which a form can change too."""
_KEY = re.compile(r"`([a-z_]+\.[a-z_0-9]+)[`=]")


def experiments() -> Iterator[dict[str, Any]]:
    """Yield the shipped experiments and those in the files of the project; one that is invalid has its ``trouble``."""
    for name in [*shipped_experiments(), *own_experiments()]:
        is_own = name.endswith(".toml")
        entry = {
            "name": name,
            "title": study_title(Path(name).stem),
            "own": is_own,
            "description": "",
            "kind": "",
            "variants": 0,
            "trouble": "",
        }
        try:
            experiment = load(name)
        except SopError as error:
            yield {**entry, "trouble": str(error)}
        else:
            yield {**entry, "description": experiment.description, "kind": kind_of(experiment), "variants": len(experiment.variants)}


def own_experiments() -> list[str]:
    """Return the paths of the project's own experiments: TOML files in its folder and in `OWN_FOLDER` that have a section of an experiment."""
    return sorted(file.as_posix() for file in experiment_files(Path()) if file.is_file() and not file.is_symlink() and _is_experiment(file))


def loaded(name: str, changes: Mapping[str, str]) -> Experiment:
    """Load the experiment *name* of the list with *changes*, texts as they were typed, by key.

    Raises:
        ExperimentError: the experiment is invalid with these changes; it has every finding.
        SopError: there is no such experiment, or the changes are no texts.
    """
    if not isinstance(name, str) or name not in [*shipped_experiments(), *own_experiments()]:
        raise SopError(f"there is no experiment `{str(name)[:80]}`; choose one from the list")
    if not isinstance(changes, dict) or len(changes) > MOST_CHANGES or not all(isinstance(text, str) for text in changes.values()):
        raise SopError("the settings cannot be read; reload the page")
    if any(len(text) > LONGEST_VALUE for text in changes.values()):
        raise SopError(f"a value has more than {LONGEST_VALUE:,} characters; write it into a file of its own")
    return load(name, [f"{key}={text}" for key, text in changes.items()])


def digest_of_file(name: str) -> str:
    """Return the digest of the file of the experiment *name*; empty if it is a shipped one or cannot be read."""
    try:
        return digest_of(read_bytes(Path(name), "choose another file", LARGEST_FILE)) if name in own_experiments() else ""
    except UnreadableFileError:
        return ""


def findings(name: str, changes: Mapping[str, str]) -> list[dict[str, str]]:
    """Return what is wrong with the experiment *name* with *changes*: the key of the setting, empty if it is of none, and the message."""
    try:
        loaded(name, changes)
    except ExperimentError as error:
        return [{"key": _key_of(finding), "message": finding} for finding in error.findings]
    return []


def form(name: str) -> dict[str, Any]:
    """Return the settings of the experiment *name*, section by section, its variants or its sweep, and the digest of its file."""
    digest = digest_of_file(name)
    experiment = loaded(name, {})
    sections: dict[str, list[dict[str, Any]]] = {section: [] for section in SECTIONS}
    for key, value, spec in describe(experiment):
        sections[key.partition(".")[0]].append(_field(key, value, spec, experiment))
    return {
        "name": name,
        "digest": digest,
        "title": study_title(experiment.name),
        "result": experiment.name,
        "description": experiment.description,
        "kind": kind_of(experiment),
        "variants": [{"name": spec.name, "says": spec.says, "changes": _changes_as_text(spec.changes)} for spec, _ in experiment.variants],
        "sweep": {"key": experiment.sweep.key, "values": json.dumps(list(experiment.sweep.values))} if experiment.sweep else None,
        "sections": [
            {"name": section, "title": (kind.__doc__ or section).strip().splitlines()[0], "settings": sections[section]}
            for section, kind in SECTIONS.items()
        ],
    }


def _field(key: str, value: object, spec: SettingSpec, experiment: Experiment) -> dict[str, Any]:
    source = source_of(key, value, spec)
    is_list = isinstance(setting_fields()[key].default, tuple)
    return {
        "key": key,
        "says": spec.says,
        "value": _as_typed(value),
        "in_words": "" if is_list or spec.words else value_in_words(key, value),
        "words": list(spec.words),
        "range": _range(spec, is_list=is_list),
        "source": source,
        "plausible": plausible_text(key) if source.startswith(ASSUMED) else "",
        "fixed": bool(experiment.variants) and all(key in variation.changes for variation, _ in experiment.variants),
    }


def _range(spec: SettingSpec, *, is_list: bool) -> str:
    if spec.words:
        return ""
    size = (f"{spec.length} numbers " if spec.length else "a list of numbers ") if is_list else ""
    return f"{size}from {spec.low:,} to {spec.high:,}"


def _as_typed(value: object) -> str:
    """Return *value* as one types it: a word without quotes, anything else as in the file of an experiment."""
    return value if isinstance(value, str) else json.dumps(as_json(value))


def _changes_as_text(changes: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} = {_as_typed(value)}" for key, value in changes.items())


def _key_of(finding: str) -> str:
    keys = setting_fields().keys() | set(SWEEP)
    return next((match[1] for match in _KEY.finditer(finding) if match[1] in keys), "")


def _is_experiment(file: Path) -> bool:
    """Return whether *file* has a section of an experiment; in its own folder, whatever it has."""
    if file.parent.name == OWN_FOLDER:
        return True
    try:
        document = parse_toml(read_bytes(file, "choose another file", LARGEST_FILE))
    except (UnreadableFileError, ValueError):
        return False
    return "description" in document and bool(document.keys() & {*SECTIONS, "variant", "sweep"})
