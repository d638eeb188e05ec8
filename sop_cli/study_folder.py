"""Folder of a study: its name, the files that a study writes there, and its report with the orders that it shows."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from orders.log.order_histories import OrderHistory, select_diverse
from simulator.analysis.day_replay import DayReplay, replay_busiest_day
from simulator.experiment.experiment import Experiment
from simulator.study.checkpoints import LOG_NAME
from simulator.study.simulate import record_replication
from simulator.study_data import FILE, Study
from sop_cli.paths import BUILD

OUT = BUILD / "simulations"
REPORT = "report.html"
STUDY = "study"
"""What the folder of a study holds, in its marker."""
MOST_HISTORIES = 6
"""Number of orders whose histories the report shows."""


def is_file_of_study(name: str, feature: str = "") -> bool:
    """Return whether a study writes or removes files called *name*; *feature* is the name of its feature file."""
    return name in {FILE, REPORT, feature} or LOG_NAME.fullmatch(name) is not None


def write_study_report(study: Study, variants: Sequence[Experiment], out: Path) -> Path:
    """Write the report on *study*, of the experiments *variants*, into the folder *out*, and return the file.

    Raises:
        ReportError: the file cannot be written.
    """
    lives = histories(variants[:2] if study.kind == "paired" else variants[:1], MOST_HISTORIES)
    file: Path = import_module("reports.scenario.report").write_report(study, lives, out, _replay(study, variants))
    return file


def histories(variants: Sequence[Experiment], count: int) -> list[OrderHistory]:
    """Return *count* different order histories of the first replication, divided evenly among *variants*."""
    lives_per_variant = -(-count // len(variants))
    return [life for variant in variants for life in select_diverse(record_replication(variant, 0).by_order(), lives_per_variant)][:count]


def _replay(study: Study, variants: Sequence[Experiment]) -> DayReplay:
    """Return the replay of a day of the first replication of one variant; a search has the one experiment that its report shows."""
    variant = variants[import_module("reports.scenario.day_replay").replayed_variant(study) if study.search is None else 0]
    return replay_busiest_day(record_replication(variant, 0).by_order(), variant)
