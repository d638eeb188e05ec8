"""Progress of an audit on stderr: a line that changes on a terminal, otherwise a line now and then; nothing if it is quick."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

PAUSE_S = 5.0
"""Seconds between two lines where stderr is no terminal."""


@contextmanager
def progress_of_audit() -> Iterator[Callable[[str], None]]:
    """Yield the function to call with what is done next, such as ``reading orders.csv``."""
    if sys.stderr.isatty():
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("starting", total=None)
            yield lambda work: bar.update(task, description=work)
        return
    ended, current, began = Event(), ["starting"], monotonic()

    def report() -> None:
        while not ended.wait(PAUSE_S):
            click.echo(f"{monotonic() - began:.0f} s: {current[0]}", err=True)

    reporter = Thread(target=report, daemon=True)
    reporter.start()
    try:
        yield lambda work: current.__setitem__(0, work)
    finally:
        ended.set()
        reporter.join()
