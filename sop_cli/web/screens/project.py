"""Data that several screens need: the catalogue of step sentences, and the last run."""

from collections.abc import Callable, Mapping
from typing import Any

from sop_cli.web import last_run
from sop_cli.web.context import registry
from steps.definitions.catalogue import catalogue


def sentences() -> dict[str, Any]:
    """Return the catalogue of step sentences, with the values of their parameters and the columns of their tables."""
    return catalogue(registry())


METHODS: Mapping[str, Callable[..., Any]] = {"project.catalogue": sentences, "project.run": last_run.summary}
