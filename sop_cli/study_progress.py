"""Progress of a study on stderr: a bar on a terminal, otherwise lines; nothing if it takes less than a second."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

MOMENT = 1.0
"""Seconds before the first line, and between two lines."""


@contextmanager
def progress_of() -> Iterator[Callable[[int, int], None]]:
    """Yield the function to call with the number of finished replications and their total."""
    if sys.stderr.isatty():
        with Progress(
            TextColumn("simulating"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("replications"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        ) as bar:
            task = bar.add_task("simulating", total=None)
            yield lambda finished, of: bar.update(task, completed=finished, total=of)
        return
    yield _line_progress(monotonic)


def _line_progress(clock: Callable[[], float]) -> Callable[[int, int], None]:
    start = last_output = clock()

    def report(finished: int, of: int) -> None:
        nonlocal last_output
        now = clock()
        if finished and now - last_output >= MOMENT:
            last_output = now
            click.echo(f"replication {finished:,} of {of:,}, {now - start:.0f} s", err=True)

    return report
