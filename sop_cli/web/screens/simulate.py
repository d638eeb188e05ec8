"""The Simulate screen: experiments with their settings, simulations of them, and past results."""

from collections.abc import Callable, Mapping
from typing import Any

from sop_cli.web.screens.experiments import experiments, findings, form
from sop_cli.web.screens.simulation import simulated
from sop_cli.web.screens.studies import studies


def overview() -> dict[str, Any]:
    """Return the experiments that there are, and the past results."""
    return {"experiments": list(experiments()), "results": list(studies())}


def check_settings(name: str, changes: dict[str, str]) -> dict[str, Any]:
    """Return what is wrong with the experiment *name* with *changes*."""
    return {"findings": findings(name, changes)}


METHODS: Mapping[str, Callable[..., Any]] = {
    "simulate.overview": overview, "simulate.form": form, "simulate.check": check_settings, "simulate.run": simulated,
}  # fmt: skip
