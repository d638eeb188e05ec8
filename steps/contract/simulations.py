"""Contract of simulated weeks: an experiment of this program with changed settings, and the event log of each run.

Few servers offer it; it is there so that all features run over HTTP against the reference server.
"""

from typing import Annotated

from msgspec import Meta

from steps.contract.cases import AnswerPart, RequestPart

MOST_SETTINGS = 100
MOST_BYTES_OF_SIMULATION = 200_000_000
"""Bytes of an answer."""
MOST_RUNS, MOST_COLUMNS, MOST_EVENTS_OF_RUN = 1_000, 100, 5_000_000
"""Runs of an answer, and columns and rows of each event log."""


class Setting(RequestPart):
    """A changed setting of the experiment."""

    key: Annotated[str, Meta(min_length=1, max_length=100, examples=["wms.packers"])]
    value: Annotated[str, Meta(max_length=1_000, examples=["3"])]


class SimulationRequest(RequestPart):
    """Question for one replication of an experiment, with its own random seed."""

    experiment: Annotated[str, Meta(min_length=1, max_length=100, examples=["ordinary_week_erp"])]
    settings: Annotated[tuple[Setting, ...], Meta(max_length=MOST_SETTINGS)] = ()
    each_variant: Annotated[
        bool, Meta(description="Whether each variant of the experiment is simulated, instead of the experiment alone.")
    ] = False


class RunOfSimulation(AnswerPart):
    """One simulated variant."""

    variant: Annotated[str, Meta(description="Its name; empty for the experiment itself.")]
    rows: Annotated[int, Meta(description="Number of events.", ge=0)]
    columns: Annotated[
        dict[str, Annotated[list[str | int | None], Meta(max_length=MOST_EVENTS_OF_RUN)]],
        Meta(
            max_length=MOST_COLUMNS,
            description="The event log by column, in words, as in event-log.schema.json: each list has `rows` cells."
            " Of a column left out, every cell is empty (or has the default of its column).",
        ),
    ]


class SimulationAnswer(AnswerPart):
    """The runs, in the order of the variants."""

    runs: Annotated[list[RunOfSimulation], Meta(max_length=MOST_RUNS)]
