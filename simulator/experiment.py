"""An experiment: a TOML file of settings, read strictly.

Whatever is wrong is said at once, each finding with file, key, reason and what is accepted; nothing is guessed.
"""

import hashlib
import json
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import Field, asdict, dataclass, field, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from simulator.errors import ExperimentError, UnknownExperimentError
from simulator.settings import LONGEST_TABLE, Ajio, Erp, Meaning, Oms, Returns, Run, Wms
from sop_engine.errors import did_you_mean

SHOWN = 40


@dataclass(frozen=True, slots=True)
class Experiment:
    """A named set of settings; equal settings give equal logs."""

    name: str
    description: str
    run: Run = field(default_factory=Run)
    ajio: Ajio = field(default_factory=Ajio)
    oms: Oms = field(default_factory=Oms)
    erp: Erp = field(default_factory=Erp)
    wms: Wms = field(default_factory=Wms)
    returns: Returns = field(default_factory=Returns)

    @property
    def sha256(self) -> str:
        """The hash of what decides the logs: every setting, and no name, number of replications or warm-up."""
        plain = {section: asdict(getattr(self, section)) for section in SECTIONS}
        del plain["run"]["replications"], plain["run"]["warm_up_days"]
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


SECTIONS: dict[str, type[Any]] = {"run": Run, "ajio": Ajio, "oms": Oms, "erp": Erp, "wms": Wms, "returns": Returns}
TEXTS = ("description",)


def shipped() -> list[str]:
    """The names of the experiments that come with the program."""
    return sorted(
        entry.name.removesuffix(".toml") for entry in files("simulator").joinpath("experiments").iterdir() if entry.name.endswith(".toml")
    )


def load(name: str, changes: Sequence[str] = ()) -> Experiment:
    """The experiment *name*, one that is shipped or the path of a file, with *changes* such as ``wms.packers=9``.

    Raises:
        UnknownExperimentError: neither a shipped experiment nor a file.
        ExperimentError: with every finding.
        OSError: the file cannot be read.
    """
    if name in shipped():
        where, raw = f"{name}.toml", files("simulator").joinpath("experiments", f"{name}.toml").read_bytes()
    elif Path(name).is_file():
        where, raw = name, Path(name).read_bytes()
    else:
        raise UnknownExperimentError(name, did_you_mean(name, shipped()))
    return parse(raw, where, changes)


def parse(raw: bytes, where: str, changes: Sequence[str] = ()) -> Experiment:
    """The experiment that the TOML text *raw* describes; *where* names it in findings."""
    given = _toml(raw, where)
    findings = [finding for change in changes for finding in _apply(given, change)]
    values: dict[str, Any] = {}
    strange = [key for key in given if key not in SECTIONS and key not in TEXTS]
    findings += [f"{where}: `{key}`: unknown; {did_you_mean(key, [*TEXTS, *SECTIONS])}" for key in strange]
    description = given.get("description")
    if not isinstance(description, str) or not description.strip():
        findings.append(f"{where}: `description`: needed, one sentence in quotes, got {_shown(description)}")
    for section, kind in SECTIONS.items():
        table = given.get(section, {})
        if not isinstance(table, Mapping):
            findings.append(f"{where}: `{section}`: must be a table, got {_shown(table)}; write [{section}]")
            continue
        chosen, wrong = _read(kind, section, table)
        findings += [f"{where}: {finding}" for finding in wrong]
        values[section] = kind(**chosen)
    if not findings:
        findings = [f"{where}: {finding}" for finding in _contradictions(values)]
    if findings:
        raise ExperimentError(findings)
    return Experiment(Path(where).stem, str(description), **values)


def _toml(raw: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ExperimentError([f"{where}: not UTF-8 at byte {error.start}; save it as UTF-8"]) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ExperimentError([f"{where}: not TOML: {error}"]) from None


def describe(experiment: Experiment) -> Iterator[tuple[str, object, Meaning]]:
    """Every key with its value, meaning and source."""
    for section, kind in SECTIONS.items():
        for entry in fields(kind):
            yield f"{section}.{entry.name}", getattr(getattr(experiment, section), entry.name), entry.metadata["meaning"]


def _apply(given: dict[str, Any], change: str) -> list[str]:
    key, sign, text = change.partition("=")
    section, dot, name = key.strip().partition(".")
    if not sign or not dot:
        return [f"--set `{change}`: expected section.key=value, for example wms.packers=9"]
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        value = text.strip()
    table = given.setdefault(section, {})
    if isinstance(table, dict):
        table[name] = value
    return []


def _read(kind: type[Any], section: str, table: Mapping[str, object]) -> tuple[dict[str, Any], list[str]]:
    known = {entry.name: entry for entry in fields(kind)}
    chosen: dict[str, Any] = {}
    findings = []
    for name, value in table.items():
        if name not in known:
            findings.append(f"`{section}.{name}`: unknown; {did_you_mean(name, known)}")
            continue
        reason = _wrong(known[name], value)
        if reason:
            findings.append(f"`{section}.{name}`: {reason}, got {_shown(value)}")
        else:
            chosen[name] = _as(known[name], value)
    return chosen, findings


def _wrong(entry: Field[Any], value: object) -> str:
    """Why *value* is not accepted; empty when it is."""
    meaning: Meaning = entry.metadata["meaning"]
    if meaning.words:
        return "" if value in meaning.words else "must be one of " + ", ".join(f'"{word}"' for word in meaning.words)
    span = f"from {meaning.low:,} to {meaning.high:,}"
    if isinstance(entry.default, tuple):
        length = f"{meaning.length} " if meaning.length else ""
        good = isinstance(value, list) and (len(value) == meaning.length if meaning.length else len(value) <= LONGEST_TABLE)
        whole = entry.type == tuple[int, ...]
        if not good or not all(_fits(each, meaning, whole=whole) for each in value):  # type: ignore[attr-defined]
            return f"must be a list of {length}{'whole ' if whole else ''}numbers {span}"
        return ""
    whole = isinstance(entry.default, int)
    return "" if _fits(value, meaning, whole=whole) else f"must be a {'whole ' if whole else ''}number {span}"


def _fits(value: object, meaning: Meaning, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        return False
    return math.isfinite(value) and meaning.low <= value <= meaning.high  # type: ignore[operator]


def _as(entry: Field[Any], value: Any) -> object:
    if isinstance(entry.default, tuple):
        return tuple(value) if entry.type == tuple[int, ...] else tuple(map(float, value))
    return float(value) if isinstance(entry.default, float) else value


def _contradictions(values: Mapping[str, Any]) -> Iterator[str]:
    """What no single key shows."""
    yield from _of_orders(values["run"], values["ajio"])
    yield from _of_work(values["erp"], values["wms"])
    yield from _of_returns(values["returns"])


def _of_orders(run: Run, ajio: Ajio) -> Iterator[str]:
    if run.warm_up_days >= run.days:
        yield f"`run.warm_up_days`: must be less than run.days, {run.days}, got {run.warm_up_days}"
    for name in ("hourly_weights", "weekday_weights", "units_weights"):
        if not sum(getattr(ajio, name)) > 0:
            yield f"`ajio.{name}`: must not all be 0"
    if any(day >= run.days for day in ajio.sale_days):
        yield f"`ajio.sale_days`: must be days before run.days, {run.days}, got {max(ajio.sale_days)}"
    if ajio.breach_hours < ajio.target_hours:
        yield f"`ajio.breach_hours`: must not be less than ajio.target_hours, {ajio.target_hours}, got {ajio.breach_hours}"


def _of_work(erp: Erp, wms: Wms) -> Iterator[str]:
    if erp.office_closes_at_hour <= erp.office_opens_at_hour:
        yield f"`erp.office_closes_at_hour`: must be after the office opens, {erp.office_opens_at_hour}, got {erp.office_closes_at_hour}"
    if wms.shift_ends_at_hour <= wms.shift_starts_at_hour:
        yield f"`wms.shift_ends_at_hour`: must be after the shift starts, {wms.shift_starts_at_hour}, got {wms.shift_ends_at_hour}"
    if not wms.manifest_closes_at_hours:
        yield "`wms.manifest_closes_at_hours`: must name at least one hour"


def _of_returns(returns: Returns) -> Iterator[str]:
    if returns.fail_share + returns.missing_share > 1:
        yield "`returns.fail_share`: must not exceed 1 together with returns.missing_share"
    for entry in fields(returns):
        days = getattr(returns, entry.name)
        if isinstance(days, tuple) and not days[0] <= days[1] <= days[2]:
            yield f"`returns.{entry.name}`: must be least, likeliest and most, got {_shown(list(days))}"


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
