"""What a study is written as: study.json, a report to look at, and a feature file of telling orders."""

import json
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from simulator.lives import OrderLife, choose
from simulator.study import Study, Variant
from simulator.week import happened
from sop_engine import SopError

LIVES = 6
"""Orders whose lives the report shows."""


def as_text(plain: dict[str, Any]) -> str:
    """The study as JSON, for people who read it too."""
    return json.dumps(plain, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def write_files(
    study: Study, plain: dict[str, Any], out: Path, *, examples: int | None, report: bool
) -> tuple[list[tuple[str, Path]], str]:
    """Write what is asked for beside study.json: what each file is and where, and what stood in the way of the others."""
    variants = [result.variant for result in study.results]
    base = variants[0]
    written = [("study", out / "study.json")]
    try:
        if examples is not None:
            write_feature: Callable[..., Path] = import_module("steps.emit").write_feature
            file = out / f"{study.experiment.name}.feature"
            written.append(("feature file", write_feature(_lives([base], examples), base.experiment, file)))
        if report:
            write_report: Callable[..., Path] = import_module("reports.scenario").write_report
            written.append(("report", write_report(plain, _lives(variants[:2] if study.kind == "paired" else [base], LIVES), out)))
    except SopError as error:
        return written, str(error)
    return written, ""


def _lives(variants: Sequence[Variant], count: int) -> list[OrderLife]:
    """*count* telling orders of the first replication, shared out among *variants*."""
    each = -(-count // len(variants))
    return [life for variant in variants for life in choose(happened(variant.experiment, 0).by_order(), each)][:count]
