"""A study: the variants of an experiment, replicated on the same luck, and what they say of each other.

The plain form is ``study.json``, version 1; its schema is `sop_engine/schemas/study.schema.json`.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from simulator.experiment import SECTIONS, Experiment, describe
from simulator.files import Form
from simulator.measures import CONFIDENCE, Estimate, estimates, paired
from simulator.parts import Parts
from simulator.replicate import Engine, Job, Replication, here
from simulator.settings import Meaning
from simulator.sources import ASSUMED
from simulator.variation import BASE, slug

VERSION = 1
MOST_FAILED = 20
"""Checks that did not hold that are told in full; the rest is counted."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Variant:
    """One side of a comparison: settings with a name, and what they change."""

    name: str
    says: str
    changes: Mapping[str, Any]
    experiment: Experiment

    @property
    def slug(self) -> str:
        """The name as part of a file's name."""
        return slug(self.name)


@dataclass(frozen=True, slots=True)
class Result:
    """A variant and its replications, in order of number."""

    variant: Variant
    replications: tuple[Replication, ...]

    @property
    def estimates(self) -> dict[str, Estimate]:
        """Mean and half-width of each measure."""
        return estimates([each.measures for each in self.replications])

    def against(self, base: "Result") -> dict[str, Estimate]:
        """Mean and half-width of what this one has more than *base*, replication by replication."""
        return paired([each.measures for each in base.replications], [each.measures for each in self.replications])


@dataclass(frozen=True, slots=True)
class Study:
    """The results of all variants of *experiment*; the first is the base of comparison."""

    experiment: Experiment
    results: tuple[Result, ...]

    @property
    def kind(self) -> str:
        """``single``, ``paired`` or ``sweep``."""
        return kind_of(self.experiment)

    @property
    def sha256(self) -> str:
        """The hash of what decides all logs: that of the settings, or of the variants and theirs."""
        each = [[result.variant.name, result.variant.experiment.sha256] for result in self.results]
        return each[0][1] if self.kind == "single" else hashlib.sha256(json.dumps(each).encode()).hexdigest()

    def to_plain(self) -> dict[str, Any]:
        """Everything, as numbers, texts, lists and objects; the same for the same experiment on every machine."""
        run = self.results[0].variant.experiment.run
        return {
            "version": VERSION,
            "name": self.experiment.name,
            "description": self.experiment.description,
            "sha256": self.sha256,
            "seed": run.seed,
            "days": run.days,
            "warm_up_days": run.warm_up_days,
            "replications": run.replications,
            "confidence": CONFIDENCE,
            "kind": self.kind,
            "sweep": self._sweep(),
            "settings": list(self._settings()),
            "variants": [self._variant(result) for result in self.results],
            "checks": self._checks(),
        }

    def _sweep(self) -> dict[str, Any] | None:
        sweep = self.experiment.sweep
        if sweep is None:
            return None
        says = sweep.says or next(meaning.says for key, _, meaning in describe(self.experiment) if key == sweep.key)
        return {"key": sweep.key, "says": says, "values": [_plain(value) for value in sweep.values]}

    def _settings(self) -> Iterator[dict[str, Any]]:
        sides = [[_plain(value) for _, value, _ in describe(result.variant.experiment)] for result in self.results]
        for (key, _, meaning), values in zip(describe(self.results[0].variant.experiment), zip(*sides, strict=True), strict=True):
            source = source_of(key, values[0], meaning)
            yield {
                "key": key,
                "value": values[0],
                "says": meaning.says,
                "source": source,
                "assumed": source.startswith(ASSUMED),
                "varied": any(value != values[0] for value in values),
            }

    def _variant(self, result: Result) -> dict[str, Any]:
        variant, base = result.variant, self.results[0]
        return {
            "name": variant.name,
            "says": variant.says,
            "changes": {key: _plain(value) for key, value in variant.changes.items()},
            "sha256": variant.experiment.sha256,
            "replications": [
                {"number": each.number, "digest": each.digest, "rows": each.rows, "measures": each.measures} for each in result.replications
            ],
            "estimates": {name: asdict(estimate) for name, estimate in result.estimates.items()},
            "against_base": None if result is base else {name: asdict(estimate) for name, estimate in result.against(base).items()},
        }

    def _checks(self) -> list[dict[str, Any]]:
        told: dict[str, dict[str, Any]] = {}
        for result in self.results:
            for replication in result.replications:
                for check in replication.checks:
                    row = told.setdefault(check.name, {"name": check.name, "says": check.says, "held": 0, "of": 0, "failed": []})
                    row["of"] += 1
                    row["held"] += check.holds
                    if not check.holds and len(row["failed"]) < MOST_FAILED:
                        place = {"variant": result.variant.name, "number": replication.number}
                        row["failed"].append(place | {"expected": check.expected, "found": check.found})
        return list(told.values())


def source_of(key: str, value: object, meaning: Meaning) -> str:
    """Where *value* comes from: where the default comes from, if it is that."""
    section, _, name = key.partition(".")
    default = next(entry.default for entry in fields(SECTIONS[section]) if entry.name == name)
    return meaning.source if _plain(value) == _plain(default) else f"set by the experiment; the default is {json.dumps(_plain(default))}"


def kind_of(experiment: Experiment) -> str:
    """``single``, ``paired`` or ``sweep``."""
    if experiment.sweep is not None:
        return "sweep"
    return "paired" if experiment.variants else "single"


def variants_of(experiment: Experiment) -> tuple[Variant, ...]:
    """The variants of *experiment*; the one called ``base`` where it compares nothing."""
    if not experiment.variants:
        return (Variant(BASE, "", {}, experiment),)
    return tuple(Variant(each.name, each.says, each.changes, changed) for each, changed in experiment.variants)


def jobs_of(experiment: Experiment, out: Path | None = None, forms: Sequence[Form] = ()) -> list[Job]:
    """What is to be done: every replication of every variant."""
    folder = out.resolve() if out is not None else None  # workers may stand elsewhere
    numbers = range(experiment.run.replications)
    return [Job(each.slug, each.experiment, number, folder, tuple(forms)) for each in variants_of(experiment) for number in numbers]


def conduct(  # noqa: PLR0913 (one for each thing that can be wished for)
    experiment: Experiment,
    engine: Engine = here,
    out: Path | None = None,
    *,
    forms: Sequence[Form] = (),
    resume: bool = False,
    progress: Progress | None = None,
) -> Study:
    """All replications of all variants; *progress* is told how many are done, and of how many.

    With *out*, each replication is kept there as soon as it is complete; with *resume*, those that are there are not done again.

    Raises:
        PartsError: what is there is of another experiment.
        StrayLogError: a log was written on another machine.
        WorkersLostError, ClusterError: the engine failed; what is complete is kept.
        OSError: *out* cannot be written.
    """
    jobs = jobs_of(experiment, out, forms)
    parts = Parts(out) if out is not None else None
    done = parts.begin(jobs, resume=resume) if parts is not None else {}
    if progress is not None:
        progress(len(done), len(jobs))
    try:
        with closing(engine([job for job in jobs if job.stem not in done])) as complete:  # type: ignore[type-var]
            for job, replication in complete:
                if parts is not None:
                    parts.keep(job, replication)
                done[job.stem] = replication
                if progress is not None:
                    progress(len(done), len(jobs))
    finally:
        if parts is not None:
            parts.sweep()
    results = [Result(each, tuple(done[job.stem] for job in jobs if job.variant == each.slug)) for each in variants_of(experiment)]
    return Study(experiment, tuple(results))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
