"""A small project of feature files, and `sop verify` in it."""

import itertools
from pathlib import Path

import pytest

from sop_cli.main import main
from sop_runs.record.reader import read

BACKGROUND = """@{tag}
Feature: {name}

  Background:
    Given an order invoiced through {model}

"""
SCENARIO = """  Scenario: {name}
    Given the order is {stage}
    When the seller cancels the full order
    Then the cancellation is {outcome}

"""
MODELS = {"a": ("SC-ERP-FULL", "the client's ERP"), "b": ("SC-RMS-FULL", "RMS")}
"""By the name of the file, so that two files have no example twice."""
GOOD, BAD = {"stage": "PACKED", "outcome": "refused"}, {"stage": "FULFILLABLE", "outcome": "refused"}
MENDED = {"stage": "FULFILLABLE", "outcome": "allowed"}
KNOWN = """  @expected-to-fail
  Scenario: Known
    Because it is not mended.

    Fails: the outcome of seller / full / ERP / CREATED / any e-invoice (4 cases): expected refused, got allowed

    Given the order is CREATED
    When the seller cancels the full order
    Then the cancellation is refused

"""
NUMBERS = itertools.count()


class Project:
    """Features in the current folder, and what a command printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.out = self.err = ""

    def write(self, name: str, *, more: str = "", **outcomes: dict[str, str]) -> None:
        scenarios = "".join(SCENARIO.format(name=scenario, **outcome) for scenario, outcome in outcomes.items())
        (self.folder / "features").mkdir(exist_ok=True)
        tag, model = MODELS[name]
        (self.folder / "features" / f"{name}.feature").write_text(
            BACKGROUND.format(name=name, tag=tag, model=model) + scenarios + more, encoding="utf-8"
        )

    def __call__(self, *arguments: str) -> int:
        self.capsys.readouterr()
        status = main(list(arguments))
        self.out, self.err = self.capsys.readouterr()
        return status

    @property
    def last(self) -> list[str]:
        """The names of the examples that the last run executed."""
        runs = self.folder / "build" / "runs"
        record = read(runs / (runs / "latest").read_text().strip())
        return [scenario.name for scenario in record.scenarios if scenario.status != "not-run"]


def verify(sop: Project, *arguments: str) -> int:
    return sop("verify", "--no-docs", *arguments)


def latest_of(sop: Project) -> str:
    return (sop.folder / "build" / "runs" / "latest").read_text(encoding="utf-8").strip()
