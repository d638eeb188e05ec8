"""Experiments: TOML files of settings and, for a comparison, of variants; read strictly.

All mistakes are reported together, each with file, key, reason and accepted values; nothing is guessed.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import Field, asdict, dataclass, field, fields, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from orders.log.calendar import DAY_ZERO
from simulator.errors import ExperimentError, UnknownExperimentError
from simulator.experiment.consistency import contradictions
from simulator.experiment.dates import number_dates
from simulator.experiment.own_orders import OwnOrders
from simulator.experiment.settings import Ajio, Erp, Oms, Prices, RandomOutages, Returns, Run, SettingSpec, Wms
from simulator.experiment.values import read_section, short_json, value_in
from simulator.experiment.variants import VariantSpec, flattened, read_sweep, read_variants, variants_of_sweep
from simulator.study_data import Sweep
from sop_engine.errors import did_you_mean
from sop_engine.input_files import parse_toml, read_bytes
from sop_engine.text import path_shown


@dataclass(frozen=True, slots=True)
class Experiment:
    """A named set of settings; equal settings give equal logs. *variants* and *sweep* define what a study compares.

    Attributes:
        sources: where values come from, by key, if the experiment says so.
        own_orders: real orders, whose arrivals replace those of the settings.
    """

    name: str
    description: str
    run: Run = field(default_factory=Run)
    ajio: Ajio = field(default_factory=Ajio)
    oms: Oms = field(default_factory=Oms)
    erp: Erp = field(default_factory=Erp)
    wms: Wms = field(default_factory=Wms)
    returns: Returns = field(default_factory=Returns)
    outages: RandomOutages = field(default_factory=RandomOutages)
    prices: Prices = field(default_factory=Prices)
    variants: tuple[tuple[VariantSpec, "Experiment"], ...] = ()
    sweep: Sweep | None = None
    sources: Mapping[str, str] = field(default_factory=dict, hash=False)
    own_orders: OwnOrders | None = None

    @property
    def has_random_outages(self) -> bool:
        """Whether some system has random outages."""
        return any(getattr(self.outages, entry.name) for entry in fields(self.outages) if entry.name.endswith("days_between_mean"))

    @property
    def sha256(self) -> str:
        """Hash of the settings that decide the logs: all but name, number of replications, warm-up, prices and variants."""
        plain = {section: asdict(getattr(self, section)) for section in SECTIONS}
        del plain["run"]["replications"], plain["run"]["warm_up_days"], plain["prices"]
        if self.own_orders is not None:
            plain["own_orders"] = {"sha256": self.own_orders.sha256}
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


SECTIONS: dict[str, type[Any]] = {
    "run": Run,
    "ajio": Ajio,
    "oms": Oms,
    "erp": Erp,
    "wms": Wms,
    "returns": Returns,
    "outages": RandomOutages,
    "prices": Prices,
}
TEXT_KEYS = ("description",)
COMPARISON_KEYS = ("variant", "sweep")
SOURCES = "sources"
"""Table of an experiment that says where values come from, for example the log to which they were fitted."""


def shipped_experiments() -> list[str]:
    """Return the names of the experiments shipped with the program."""
    return sorted(
        entry.name.removesuffix(".toml")
        for entry in files("simulator").joinpath("shipped_experiments").iterdir()
        if entry.name.endswith(".toml")
    )


def load(name: str, changes: Sequence[str] = (), monday: date = DAY_ZERO) -> Experiment:
    """Load the experiment *name*, a shipped one or the path of a file, with *changes* such as ``wms.packers=9``; day 0 is *monday*.

    Raises:
        UnknownExperimentError: neither a shipped experiment nor a file.
        ExperimentError: the experiment is invalid; it has every finding.
        UnreadableFileError: the file cannot be read.
    """
    where, raw = read_experiment(name)
    return parse(raw, where, changes, monday)


def read_experiment(name: str) -> tuple[str, bytes]:
    """Read the experiment *name*, a shipped one or the path of a file; return its name in findings, and its text.

    Raises:
        UnknownExperimentError: neither a shipped experiment nor a file.
        UnreadableFileError: the file cannot be read.
    """
    if name in shipped_experiments():
        return f"{name}.toml", files("simulator").joinpath("shipped_experiments", f"{name}.toml").read_bytes()
    if os.path.lexists(name):
        return path_shown(name), read_bytes(Path(name), "name a file with an experiment")
    raise UnknownExperimentError(name, did_you_mean(name, shipped_experiments()))


def parse(raw: bytes, where: str, changes: Sequence[str] = (), monday: date = DAY_ZERO) -> Experiment:
    """Parse the TOML text *raw* as an experiment; *where* is its name in findings, and its dates are counted from *monday*."""
    document = _parse_toml(raw, where)
    findings = [finding for change in changes for finding in _apply(document, change)]
    findings += [f"{where}: {finding}" for finding in number_dates(document, SECTIONS, monday)]
    tables = (*TEXT_KEYS, *SECTIONS, *COMPARISON_KEYS, SOURCES)
    findings += [f"{where}: `{key}`: unknown; {did_you_mean(key, tables)}" for key in document if key not in tables]
    description = document.get("description")
    if not isinstance(description, str) or not description.strip():
        findings.append(f"{where}: `description`: needed, one sentence in quotes, got {short_json(description)}")
    values, refusals = _read_settings(document)
    variations, sweep, wrong_variants = _read_comparison(document)
    sources, wrong_sources = _read_sources(document.get(SOURCES, {}))
    findings += [f"{where}: {finding}" for finding in (*refusals, *wrong_variants, *wrong_sources)]
    name = Path(where).stem
    variants: list[tuple[VariantSpec, Experiment]] = []
    if not findings:
        findings += [f"{where}: {finding}" for finding in _ineffective_changes(variations, changes)]
    if not findings:
        for variation in variations:
            changed, refusals = _read_settings(_with_changes(document, variation.changes))
            place = f"sweep.values, {sweep.key}" if sweep else f'variant "{variation.name}"'
            findings += [f"{where}: {place}: {finding}" for finding in refusals]
            if not refusals:
                of_variant = {key: source for key, source in sources.items() if key not in variation.changes}
                variants.append((variation, Experiment(name, str(description), **changed, sources=of_variant)))
        findings += [f"{where}: {finding}" for finding in _equal_variants(variants)]
    if findings:
        raise ExperimentError(findings)
    return Experiment(name, str(description), **values, variants=tuple(variants), sweep=sweep, sources=sources)


def setting_of(experiment: Experiment, key: str) -> Any:
    """Return the value of the setting *key*."""
    section, _, name = key.partition(".")
    return getattr(getattr(experiment, section), name)


def describe(experiment: Experiment) -> Iterator[tuple[str, object, SettingSpec]]:
    """Yield every key with its value and its setting spec (meaning and source)."""
    for key, entry in setting_fields().items():
        spec: SettingSpec = entry.metadata["meaning"]
        source = experiment.sources.get(key)
        yield key, setting_of(experiment, key), spec if source is None else replace(spec, source=source)


def setting_fields() -> dict[str, Field[Any]]:
    """Return the declaration of every setting, by key."""
    return {f"{section}.{entry.name}": entry for section, kind in SECTIONS.items() for entry in fields(kind)}


def with_setting(experiment: Experiment, key: str, value: object) -> Experiment:
    """Return *experiment* with another *value* of *key*, as TOML has it, and without its variants.

    Raises:
        ExperimentError: the value is not accepted, or contradicts another setting.
    """
    section, _, name = key.partition(".")
    chosen, findings = read_section(SECTIONS[section], section, {name: value})
    changed = {section: replace(getattr(experiment, section), **chosen)}
    findings = findings or list(contradictions({other: getattr(experiment, other) for other in SECTIONS} | changed))
    if findings:
        raise ExperimentError(findings)
    sources = {other: source for other, source in experiment.sources.items() if other != key}
    return replace(experiment, **changed, variants=(), sweep=None, sources=sources)


def with_replications(experiment: Experiment, count: int) -> Experiment:
    """Return *experiment* with *count* replications of each variant."""
    run = replace(experiment.run, replications=count)
    variants = tuple((spec, replace(changed, run=run)) for spec, changed in experiment.variants)
    return replace(experiment, run=run, variants=variants)


def _parse_toml(raw: bytes, where: str) -> dict[str, Any]:
    try:
        return parse_toml(raw)
    except ValueError as error:
        raise ExperimentError([f"{where}: {error}; write it as TOML in UTF-8"]) from None


def _apply(document: dict[str, Any], change: str) -> list[str]:
    """Apply one ``--set`` to *document* and return findings; a section that is no table stays, since it gives its own finding."""
    key, sign, text = change.partition("=")
    section, dot, name = key.strip().partition(".")
    if not sign or not dot or section in TEXT_KEYS or section == "variant":
        return [f"--set `{change}`: expected section.key=value, for example wms.packers=9"]
    table = document.setdefault(section, {})
    if isinstance(table, dict):
        table[name] = value_in(text)
    return []


def _read_settings(document: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Read the sections of *document*; return them and the findings, about single settings or their combination."""
    values: dict[str, Any] = {}
    findings: list[str] = []
    for section, kind in SECTIONS.items():
        table = document.get(section, {})
        if not isinstance(table, Mapping):
            findings.append(f"`{section}`: must be a table, got {short_json(table)}; write [{section}]")
            continue
        chosen, refusals = read_section(kind, section, table)
        findings += refusals
        values[section] = kind(**chosen)
    return values, findings or list(contradictions(values))


def _read_comparison(document: Mapping[str, Any]) -> tuple[tuple[VariantSpec, ...], Sweep | None, list[str]]:
    """Read the variants of *document*, named or from a sweep; return them and the findings."""
    if all(key in document for key in COMPARISON_KEYS):
        return (), None, ["`sweep`: cannot be used together with [[variant]]; keep one of them"]
    if "variant" in document:
        variations, findings = read_variants(document["variant"])
        return variations, None, findings
    if "sweep" in document:
        sweep, findings = read_sweep(document["sweep"])
        return variants_of_sweep(sweep) if sweep else (), sweep, findings
    return (), None, []


def _read_sources(table: object) -> tuple[dict[str, str], list[str]]:
    """Read ``[sources]``, a sentence for each key; return them and the findings."""
    if not isinstance(table, dict):
        return {}, [f"`{SOURCES}`: must be a table, got {short_json(table)}; write [{SOURCES}]"]
    sources, repeated = flattened(table)
    findings = [f"`{SOURCES}`: {reason}" for reason in repeated]
    for key, source in sources.items():
        if key not in setting_fields():
            findings.append(f"`{SOURCES}`: `{key}`: unknown; {did_you_mean(key, sorted(setting_fields()))}")
        elif not isinstance(source, str) or not source.strip() or not source.isprintable():
            findings.append(f"`{SOURCES}`: `{key}`: must be a sentence in quotes, got {short_json(source)}")
    return ({} if findings else sources), findings


def _with_changes(document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    changed = {section: deepcopy(dict(document.get(section, {}))) for section in SECTIONS}
    for key, value in changes.items():
        section, _, name = key.partition(".")
        changed.setdefault(section, {})[name] = value
    return changed


def _ineffective_changes(variations: Sequence[VariantSpec], changes: Sequence[str]) -> Iterator[str]:
    """Yield findings: keys that do not exist, each once, and changes that every variant overwrites."""
    keys = setting_fields()
    for key in dict.fromkeys(key for variation in variations for key in variation.changes):
        if key not in keys:
            yield f"`{key}`: unknown; {did_you_mean(key, sorted(keys))}"
    for change in changes:
        key = change.partition("=")[0].strip()
        if variations and all(key in variation.changes for variation in variations):
            yield f"--set `{change}`: every variant sets {key} itself; change the file, or for a sweep set sweep.values"


def _equal_variants(variants: Sequence[tuple[VariantSpec, Experiment]]) -> Iterator[str]:
    names: dict[tuple[str, Prices], str] = {}
    for variation, experiment in variants:
        settings = experiment.sha256, experiment.prices
        if settings in names:
            yield f'variant "{variation.name}": has the settings of "{names[settings]}"; change or remove one of them'
        names.setdefault(settings, variation.name)
