"""Candidates of a search: the values of a setting, the cheapest first."""

import re
from dataclasses import Field, dataclass, fields
from typing import Any

from simulator.errors import ExperimentError, SearchError
from simulator.experiment.experiment import SECTIONS, Experiment, with_setting
from simulator.experiment.settings import SettingSpec
from simulator.experiment.values import short_json, value_in
from simulator.experiment.variants import VariantSpec, variants_of_sweep
from simulator.field_types import Value
from simulator.study_data import Sweep
from sop_engine.errors import nearest_word

MOST_CANDIDATES = 1000
"""Most candidates."""
REACH = 4
"""Largest candidate of a whole number, as a multiple of its present value, where no values are given."""
_SPAN = re.compile(r"\s*(?P<first>-?[\d.]+?)\s*\.\.\s*(?P<last>-?\d+(?:\.\d+)?)(?:\s+step\s+(?P<step>\d+(?:\.\d+)?))?\s*")


@dataclass(frozen=True, slots=True)
class Candidates:
    """The *values* of *key*, and the variant and the experiment of each."""

    key: str
    says: str
    values: tuple[Value, ...]
    variants: tuple[tuple[VariantSpec, Experiment], ...]


def candidates_of(experiment: Experiment, key: str, among: str | None) -> Candidates:
    """Return the candidates for *key*: those of the text *among*, of the experiment's sweep of this key, or all up to a multiple.

    Raises:
        SearchError: there is no such setting, or it has no such values.
        ExperimentError: a value is not accepted.
    """
    entry = _entry_of(key)
    _refuse_variants(experiment, key)
    spec: SettingSpec = entry.metadata["meaning"]
    section, _, name = key.partition(".")
    present = getattr(getattr(experiment, section), name)
    if among is not None:
        values = _values_in(among)
    elif experiment.sweep is not None:
        values = (
            sorted(experiment.sweep.values)
            if all(isinstance(value, (int, float)) for value in experiment.sweep.values)
            else list(experiment.sweep.values)
        )
    elif spec.words:
        values = list(spec.words)
    elif isinstance(present, int) and spec.low is not None and spec.high is not None:
        values = list(range(int(spec.low), min(int(spec.high), REACH * max(present, 1)) + 1))[:MOST_CANDIDATES]
    else:
        raise SearchError(
            "--find",
            key,
            'has no whole numbers; name the values with --among, the cheapest first, such as "18..24 step 0.5" or "20, 22, 24"',
        )
    if len(values) < 2:  # noqa: PLR2004 (a search chooses)
        raise SearchError("--among", among or "", "expected at least 2 values")
    variants = []
    for variation in variants_of_sweep(Sweep(key, spec.says, tuple(values))):
        try:
            variants.append((variation, with_setting(experiment, key, variation.changes[key])))
        except ExperimentError as error:
            raise SearchError("--among" if among is not None else "--find", among or key, "; ".join(error.findings)) from None
    return Candidates(key, spec.says, tuple(values), tuple(variants))


def _entry_of(key: str) -> Field[Any]:
    entries = {f"{section}.{entry.name}": entry for section, kind in SECTIONS.items() for entry in fields(kind)}
    if key not in entries:
        raise SearchError("--find", key, f"there is no such setting; {_nearest(key, list(entries))}")
    if key.startswith("run."):
        raise SearchError(
            "--find", key, "is the same for all values that are compared; name a setting of another section, such as wms.packers"
        )
    if isinstance(entries[key].default, tuple):
        raise SearchError("--find", key, "is a list; name a setting with one value, such as wms.packers, or compare lists with [[variant]]")
    return entries[key]


def _nearest(key: str, keys: list[str]) -> str:
    """Return the hint after an unknown setting; a name without its section is near to the setting with this name."""
    same_name = [entry for entry in keys if entry.partition(".")[2] == key.rpartition(".")[2]]
    near = same_name[0] if same_name else nearest_word(key, keys)
    return f"did you mean `{near}`?" if near is not None else "`sop simulate NAME --describe` lists all settings"


def _refuse_variants(experiment: Experiment, key: str) -> None:
    if experiment.variants and (experiment.sweep is None or experiment.sweep.key != key):
        names = ", ".join(spec.name for spec, _ in experiment.variants)
        raise SearchError("--find", key, f"the experiment {experiment.name} compares variants ({names}); name one without variants")


def _values_in(among: str) -> list[Any]:
    if span := _SPAN.fullmatch(among):
        return _values_of_span(among, span)
    values = [value_in(part.strip()) for part in among.split(",") if part.strip()]
    repeated = next((value for place, value in enumerate(values) if value in values[:place]), None)
    if repeated is not None:
        raise SearchError("--among", among, f"{short_json(repeated)} is there twice; write each value once")
    if len(values) > MOST_CANDIDATES:
        raise SearchError("--among", among[:40], f"expected at most {MOST_CANDIDATES:,} values, got {len(values):,}")
    return values


def _values_of_span(among: str, span: re.Match[str]) -> list[Any]:
    try:
        first, last, step = (float(text) if "." in text else int(text) for text in (span["first"], span["last"], span["step"] or "1"))
    except ValueError:
        raise SearchError("--among", among, 'expected numbers, such as "4..12" or "18..24 step 0.5"') from None
    if not step:
        raise SearchError("--among", among, "expected a step above 0")
    count = int(abs(last - first) / step + 1e-9) + 1
    if count > MOST_CANDIDATES:
        raise SearchError(
            "--among",
            among,
            f"expected at most {MOST_CANDIDATES:,} values, got {count:,}; write a larger step, such as `step {count // 100 or 1}`",
        )
    way = 1 if last >= first else -1
    values = [first + way * place * step for place in range(count)]
    return [round(value, 9) if isinstance(value, float) else value for value in values]
