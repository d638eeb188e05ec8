"""Files of a study: study.json, report.html, and a feature file of different order histories."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from orders.log.order_histories import OrderHistory, select_diverse
from simulator.experiment.experiment import Experiment
from simulator.study.simulate import record_replication
from simulator.study.study import variants_of
from simulator.study_data import FILE, Study
from sop_engine import SopError

LIVES = 6
"""Number of orders whose histories the report shows."""


def write_files(
    study: Study, experiment: Experiment, out: Path, *, examples: int | None, report: bool
) -> tuple[list[tuple[str, Path]], str]:
    """Write the requested files beside study.json; return the kind and path of each file, and an error text for the rest."""
    variants = [variant for _, variant in variants_of(experiment)]
    base = variants[0]
    written = [("study", out / FILE)]
    try:
        if examples is not None:
            write_feature: Callable[..., Path] = import_module("steps.generation.feature_writer").write_feature
            file = out / f"{study.name}.feature"
            written.append(("feature file", write_feature(_lives([base], examples), base, file)))
        if report:
            write_report: Callable[..., Path] = import_module("reports.scenario.report").write_report
            written.append(("report", write_report(study, _lives(variants[:2] if study.kind == "paired" else [base], LIVES), out)))
    except SopError as error:
        return written, str(error)
    return written, ""


def _lives(variants: Sequence[Experiment], count: int) -> list[OrderHistory]:
    """Return *count* different order histories of the first replication, divided evenly among *variants*."""
    lives_per_variant = -(-count // len(variants))
    return [life for variant in variants for life in select_diverse(record_replication(variant, 0).by_order(), lives_per_variant)][:count]
