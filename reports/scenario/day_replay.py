"""The replay of a day on the page: a picture for each full hour, chosen with a slider of radio buttons, and the same as a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from orders.log.calendar import DAY
from orders.log.timestamps import START_MS
from reports.scenario.order_story import weekday_and_time
from reports.scenario.wording.caveats import queue_in_words
from reports.scenario.wording.tables import FigureCell, FigureRow, FigureTable
from reports.scenario.wording.variant_words import variant_phrase
from reports.svg.elements import box, picture
from reports.svg.hour_chart import QueueBar, hour_chart
from simulator.analysis.daily_flow import CLERKS
from simulator.analysis.day_replay import BEFORE_RELEASE, HAPPENINGS, HOURS, PACKED, DayReplay
from simulator.study_data import Queue, Study, Variant

STAGES = {BEFORE_RELEASE: "placed, not yet released", PACKED: "packed, manifest still open"}
"""Words for what waits at no station."""
COLUMN = 34.0
"""Height of the columns of the slider, in pixels."""


@dataclass(frozen=True, slots=True)
class ReplayHour:
    """One full hour: its *name*, the *column* of the slider, the *picture* of the queues, and what happens in the hour after it."""

    name: str
    column: Markup
    picture: Markup
    happens: tuple[str, ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """The replay of a day: the hour with most orders that wait is chosen at first."""

    title: str
    note: str
    hours: tuple[ReplayHour, ...]
    table: FigureTable


def replayed_variant(study: Study) -> int:
    """Return the place of the variant whose day is replayed: the one with the longest queue that grows or is left, else the first.

    Of a search it is the value whose orders the report shows: the answer, or the last value that was simulated.
    """
    if study.search is not None:
        return [trial.value for trial in study.search.trials].index(study.search.displayed_value)
    longest = [max((queue.end for queue in _unsteady(variant)), default=0.0) for variant in study.variants]
    return longest.index(max(longest))


def _unsteady(variant: Variant) -> Iterator[Queue]:
    return (queue for queue in (variant.stability.unsteady if variant.stability is not None else []) if queue.station != CLERKS)


def replay_page(study: Study, replay: DayReplay) -> ReplayPage:
    """Build the replay of a day of the variant that `replayed_variant` returns."""
    variant = study.variants[replayed_variant(study)]
    of_side = (
        f" with {variant_phrase(study, variant)}" if study.kind == "sweep" else f" under {variant.name}" if study.kind == "paired" else ""
    )
    waiting = {name: counts for name, counts in replay.waiting.items() if any(counts) or name in replay.busy}
    totals = [sum(counts[hour] for counts in waiting.values()) for hour in range(HOURS)]
    largest = max((max(counts) for counts in waiting.values()), default=0)
    chosen = totals.index(max(totals))
    day = weekday_and_time(START_MS + replay.day * DAY).rpartition(" ")[0]
    hours = tuple(
        ReplayHour(
            f"{hour:02}",
            _column(totals[hour], max(totals), f"{hour:02}:00"),
            hour_chart(f"{day} {hour:02}:00", _queue_bars(replay, waiting, hour), largest),
            tuple(f"{name} {counts[hour]:,}" for name, counts in replay.counts.items() if counts[hour]),
            hour == chosen,
        )
        for hour in range(HOURS)
    )
    return ReplayPage(
        f"One day, hour by hour: {day}, day {replay.day + 1}",
        f"The measured day of the first replication{of_side} on which most orders wait for the ERP or the warehouse. Choose an hour.",
        hours,
        _table(replay, waiting),
    )


def _queue_bars(replay: DayReplay, waiting: Mapping[str, Sequence[int]], hour: int) -> list[QueueBar]:
    return [
        QueueBar(
            _name_in_words(name),
            counts[hour],
            queue_in_words(name)[1],
            replay.at_work[name][hour] if name in replay.at_work else None,
            replay.busy[name][hour] if name in replay.busy else None,
        )
        for name, counts in waiting.items()
    ]


def _name_in_words(name: str) -> str:
    return STAGES.get(name) or queue_in_words(name)[0]


def _column(total: int, most: int, name: str) -> Markup:
    height = COLUMN * total / max(most, 1)
    return picture(f"{name}: {total:,} wait", "", COLUMN, [box(10, COLUMN - height, 80, height, "bar")], "column")


def _table(replay: DayReplay, waiting: Mapping[str, Sequence[int]]) -> FigureTable:
    """Return all hours as a table: what waits, who is at work, what happens."""
    columns: dict[str, Sequence[int]] = {f"waiting: {_name_in_words(name)}": counts for name, counts in waiting.items()}
    columns |= {f"at work: {team}": people for team, people in replay.at_work.items()}
    columns |= {f"busy: {team}": people for team, people in replay.busy.items()}
    columns |= {name: counts for name, counts in replay.counts.items() if name in HAPPENINGS or any(counts)}
    rows = tuple(
        FigureRow(f"{hour:02}:00", "", tuple(FigureCell(f"{counts[hour]:,}") for counts in columns.values())) for hour in range(HOURS)
    )
    return FigureTable("", tuple(columns), rows, "hour")
