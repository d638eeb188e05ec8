"""The choice between a plain study, a search, a wanted precision and a sensitivity analysis, from the options of the command."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, Unpack

from simulator.errors import SearchError
from simulator.experiment.experiment import Experiment, with_setting
from simulator.search import find, target_precision
from simulator.search.decisions import FIRST_LOOK
from simulator.search.goals import NamedMeasure, read_goal, read_precision
from simulator.search.sensitivity import run_with_sensitivity
from simulator.search_data import Search
from simulator.study.runner import RunOptions
from simulator.study.study import run_study
from simulator.study_data import Study


class StudyFunction(Protocol):
    """A function that runs a study."""

    def __call__(self, **options: Unpack[RunOptions]) -> Study: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """The options `--find`, `--among`, `--so-that`, `--until`, `--sensitivity` and `--replications` as they are given."""

    find: str | None = None
    among: str | None = None
    so_that: Sequence[str] = ()
    until: Sequence[str] = ()
    sensitivity: bool = False
    replications: int | None = None


def study_function(experiment: Experiment, options: SearchOptions, catalogue: Sequence[NamedMeasure]) -> StudyFunction:
    """Return the function that runs the study that *options* ask for; *catalogue* has the measures that they may name.

    Raises:
        SearchError: options that do not go together, or a search that is not possible.
        GoalError: a goal that cannot be read.
    """
    _refuse_combinations(options)
    if options.find is not None:
        _require_replications("--find", options, FIRST_LOOK)
        goal = read_goal("--so-that", options.so_that, catalogue)
        return partial(find.find, find.plan(experiment, options.find, goal, options.among, options.replications or find.MOST_OF_A_VALUE))
    if options.until:
        _require_replications("--until", options, 2)
        wanted = [read_precision("--until", text, catalogue) for text in options.until]
        return partial(target_precision.run_to_precision, experiment, wanted, options.replications or target_precision.MOST_OF_A_VARIANT)
    return partial(run_with_sensitivity if options.sensitivity else run_study, experiment)


def experiment_shown(experiment: Experiment, search: Search) -> Experiment:
    """Return the experiment whose orders the report of a search shows: that of the answer, or of the last value that was simulated."""
    return with_setting(experiment, search.key, search.displayed_value)


def _refuse_combinations(options: SearchOptions) -> None:
    given = [
        name for name, value in (("--find", options.find), ("--until", options.until), ("--sensitivity", options.sensitivity)) if value
    ]
    if len(given) > 1:
        raise SearchError(given[1], "", f"cannot be used together with {given[0]}; run one after the other")
    if options.find is not None and not options.so_that:
        raise SearchError("--find", options.find, 'expected also a goal: --so-that "SLA breached < 0.5 %", or --so-that "cost least"')
    for name, value in (("--so-that", " ".join(options.so_that)), ("--among", options.among)):
        if value and options.find is None:
            raise SearchError(name, value, "needs the setting to search: --find wms.packers")


def _require_replications(option: str, options: SearchOptions, fewest: int) -> None:
    if options.replications is not None and options.replications < fewest:
        raise SearchError(
            "--replications", str(options.replications), f"with {option} it is the most replications of a value, expected {fewest} or more"
        )
