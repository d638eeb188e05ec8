"""`sop simulate`: run an experiment and say what came of it."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from simulator.experiment import Experiment, describe, load, shipped
from simulator.files import Form
from simulator.measures import Estimate, estimates
from simulator.replicate import Replication, replications
from simulator.settings import ASSUMED
from sop_cli.words import OneOf

MOST_WORKERS = 256


@click.command(short_help="Run an experiment: weeks of orders, set in motion.")
@click.argument("experiment", required=False)
@click.option("--replications", "-r", type=click.IntRange(1, 100_000), help="How often (as the experiment says).")
@click.option("--seed", "-s", type=click.IntRange(0, 2**63 - 1), help="Where all chance comes from (as the experiment says).")
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change a setting, such as `wms.packers=9`; may be repeated.")
@click.option("--workers", "-n", type=click.IntRange(1, MOST_WORKERS), default=1, help="Replicate in so many processes (1).")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for logs and orders (none are written without it).")
@click.option("--format", "form", type=OneOf(Form), default=Form.CSV, help="How they are written (csv).")
@click.option("--json", "as_json", is_flag=True, help="Print the measures as JSON.")
@click.option("--list", "listing", is_flag=True, help="List the experiments that come with the program.")
@click.option("--describe", "describing", is_flag=True, help="Show every setting of the experiment with its meaning and source.")
def simulate(  # noqa: PLR0913 - one for each option
    experiment: str | None,
    replications: int | None,
    seed: int | None,
    changes: tuple[str, ...],
    workers: int,
    out: Path | None,
    form: Form,
    *,
    as_json: bool,
    listing: bool,
    describing: bool,
) -> int:
    """Run EXPERIMENT, one that comes with the program or the path of a .toml file, and print its measures.

    Each measure is a mean over replications with the half-width of its 95 % confidence interval.
    """
    if listing:
        for name in shipped():
            click.echo(f"{name:20} {load(name).description}")
        return 0
    if experiment is None:
        raise click.UsageError("name an experiment; `sop simulate --list` shows those that come with the program")
    given = [f"run.{key}={value}" for key, value in (("replications", replications), ("seed", seed)) if value is not None]
    chosen = load(experiment, [*changes, *given])
    if describing:
        click.echo("\n".join(_description(chosen)))
        return 0
    done = _run(chosen, workers, out, form)
    click.echo(_json(chosen, done) if as_json else "\n".join(_text(chosen, done)))
    return 0


def _run(experiment: Experiment, workers: int, out: Path | None, form: Form) -> list[Replication]:
    with _progress(experiment.run.replications) as progress:
        return replications(experiment, workers, out, form, progress)


@contextmanager
def _progress(count: int) -> Iterator[Callable[[int], None] | None]:
    """A bar on stderr while the replications go on, for people only."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("simulating"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("run", total=count)
        yield lambda done: bar.update(task, completed=done)


def _text(experiment: Experiment, done: list[Replication]) -> Iterator[str]:
    yield f"{experiment.name}: {experiment.description}"
    yield f"{len(done)} replication{'' if len(done) == 1 else 's'} of {experiment.run.days} days, {experiment.run.warm_up_days} of them not measured, seed {experiment.run.seed}"
    yield ""
    told = estimates([replication.measures for replication in done])
    width = max(map(len, told), default=0)
    for name, estimate in told.items():
        yield f"{name:{width}}  {_figure(estimate)}"


def _figure(estimate: Estimate) -> str:
    half = "" if estimate.half_width is None else f"  ± {_number(estimate.half_width)}"
    return f"{_number(estimate.mean):>12}{half}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"  # noqa: PLR2004 (whole from a thousand on)


def _description(experiment: Experiment) -> Iterator[str]:
    yield f"{experiment.name}: {experiment.description}"
    for key, value, meaning in describe(experiment):
        shown = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
        basis = "assumed" if meaning.source == ASSUMED else f"default from: {meaning.source}"
        yield f"{key} = {shown or 'none'}"
        yield f"    {meaning.says} [{basis}]"


def _json(experiment: Experiment, done: list[Replication]) -> str:
    told = {
        "experiment": experiment.name,
        "description": experiment.description,
        "sha256": experiment.sha256,
        "seed": experiment.run.seed,
        "replications": [{"number": each.number, "digest": each.digest, "rows": each.rows} for each in done],
        "measures": {
            name: {"mean": estimate.mean, "half_width": estimate.half_width, "replications": estimate.replications}
            for name, estimate in estimates([each.measures for each in done]).items()
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=1)
