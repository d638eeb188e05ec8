"""`sop simulate`: run an experiment, print its results and write them to files."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

import click

from orders.arrivals import read_arrivals
from orders.log.export.formats import LogFormat
from simulator.experiment.experiment import Experiment, describe, load, shipped_experiments
from simulator.experiment.orders_file import load_with_orders
from simulator.experiment.plausible import plausible_text
from simulator.experiment.sources import ASSUMED
from simulator.search.plan import SearchOptions, StudyFunction, experiment_shown, study_function
from simulator.study.checkpoints import PARTS, Checkpoints
from simulator.study.replication import Executor, serial_executor
from simulator.study.study import kind_of, source_of, variants_of
from simulator.study_data import FILE, Study, to_json
from sop_cli.called_as import require
from sop_cli.decision_text import OneOf
from sop_cli.exit_status import FAILURE, INTERRUPTED, MISUSE, SUCCESS
from sop_cli.paths import FolderType
from sop_cli.study_folder import OUT, STUDY, histories, is_file_of_study, write_study_report
from sop_cli.study_progress import progress_of
from sop_cli.study_text import study_in_words
from sop_engine import SopError
from sop_engine.files import write_atomically
from sop_runs.output_folder import output_folder, refuse_link

MOST_WORKERS = 256
MOST_EXAMPLES = 100


@click.command(short_help="Simulate weeks of orders and measure them.")
@click.argument("experiment", required=False)
@click.option(
    "--replications",
    "-r",
    type=click.IntRange(1, 100_000),
    metavar="N",
    help="Number of replications of each variant (default: from the experiment).",
)
@click.option("--seed", "-s", type=click.IntRange(0, 2**63 - 1), metavar="N", help="Random seed (default: from the experiment).")
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change a setting, such as `wms.packers=9`; can be repeated.")
@click.option(
    "--orders",
    "orders_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Take the arrivals from FILE: a CSV file with the column `time`, or an event log.",
)
@click.option("--workers", "-n", type=click.IntRange(1, MOST_WORKERS), metavar="N", help="Number of parallel processes (default: 1).")
@click.option("--cluster", metavar="ADDRESS", help="Run on the Dask cluster whose scheduler is at ADDRESS, such as tcp://host:8786.")
@click.option("--out", type=FolderType(), help="Folder for all files (default: build/simulations/NAME).")
@click.option("--format", "forms", type=OneOf(LogFormat), multiple=True, help="Also write every event log in this format; can be repeated.")
@click.option("--no-report", is_flag=True, help="Do not write report.html.")
@click.option("--resume", is_flag=True, help="Resume an interrupted run from the replications in the folder.")
@click.option(
    "--emit-feature", type=click.IntRange(1, MOST_EXAMPLES), metavar="N", help="Write N different order histories as a feature file."
)
@click.option("--find", metavar="KEY", help="Search the least value of this setting, such as wms.packers, that meets --so-that.")
@click.option(
    "--so-that",
    "so_that",
    multiple=True,
    metavar="GOAL",
    help='Goal of --find, such as "SLA breached < 0.5 %" or "cost least"; can be repeated.',
)
@click.option("--among", metavar="VALUES", help='Values of --find, the cheapest first, such as "4..12", "18..24 step 0.5" or "20, 22, 24".')
@click.option(
    "--until",
    multiple=True,
    metavar="GOAL",
    help='Run replications until half-widths are small enough, such as "time to dispatch ± 0.1"; can be repeated.',
)
@click.option("--sensitivity", is_flag=True, help="Vary every assumed setting over its plausible range, and show which of them matter.")
@click.option("--all", "everything", is_flag=True, help="Print every measure, not only the most important ones.")
@click.option("--json", "as_json", is_flag=True, help="Print the study as JSON.")
@click.option("--list", "listing", is_flag=True, help="List the installed experiments.")
@click.option("--describe", "describing", is_flag=True, help="Print every setting of the experiment with its meaning and source.")
def simulate(  # noqa: PLR0913 - one for each option
    experiment: str | None,
    replications: int | None,
    seed: int | None,
    changes: tuple[str, ...],
    orders_file: Path | None,
    workers: int | None,
    cluster: str | None,
    out: Path | None,
    forms: tuple[LogFormat, ...],
    emit_feature: int | None,
    find: str | None,
    so_that: tuple[str, ...],
    among: str | None,
    until: tuple[str, ...],
    *,
    sensitivity: bool,
    no_report: bool,
    resume: bool,
    everything: bool,
    as_json: bool,
    listing: bool,
    describing: bool,
) -> int:
    """Run EXPERIMENT and print its measures. EXPERIMENT is the name of an installed experiment or the path of a .toml file.

    Each figure is the mean over the replications ± half of its 95 % confidence interval. The folder then contains study.json
    with all results, report.html to read, and parts/ with each replication.

    To compare several values of one setting, sweep it: the experiment is simulated once for each value, with the same random
    draws. For example 5, 6 and 7 packers: --set sweep.key=wms.packers --set sweep.values=[5,6,7].

    To search the least value that is enough: --find wms.packers --so-that "SLA breached < 0.5 %". It stops when the answer is
    clear with 95 % confidence; -r is the largest number of replications of a value.

    Exit status: 0 done, 1 a check of the event logs failed, 2 invalid experiment or option, 70 internal error, 130 interrupted.
    """
    if listing:
        click.echo("\n".join(_experiment_lines()))
        return 0
    if experiment is None:
        raise click.UsageError("no experiment named; name one, `sop simulate --list` lists the installed experiments")
    if workers is not None and cluster is not None:
        raise click.UsageError("--workers and --cluster cannot be used together; leave out one of them")
    run_changes = [f"run.{key}={value}" for key, value in (("replications", replications), ("seed", seed)) if value is not None]
    chosen = _load(experiment, [*changes, *run_changes], orders_file)
    if describing:
        click.echo("\n".join(_setting_lines(chosen)))
        return 0
    options = SearchOptions(find, among, so_that, until, sensitivity, replications)
    run_study = study_function(chosen, options, import_module("reports.scenario.wording.measure_catalogue").TABLE)
    if LogFormat.PARQUET in forms:
        require("pyarrow")
    if cluster is not None:
        require("distributed")
    folder = out if out is not None else OUT / chosen.name
    is_of_study = partial(is_file_of_study, feature=f"{chosen.name}.feature" if emit_feature is not None else "")
    with output_folder(folder, STUDY, wait_s=0) as own:
        refuse_link(folder, PARTS)
        own.begin_files(is_of_study)
        study = _run_with_progress(run_study, _executor(workers, cluster), folder, forms=tuple(dict.fromkeys(forms)), resume=resume)
        if study is None:
            return INTERRUPTED
        write_atomically(folder / FILE, to_json(study).encode())
        if not as_json:
            click.echo("\n".join([*study_in_words(study, everything=everything), ""]))
        whose_orders = chosen if study.search is None else experiment_shown(chosen, study.search)
        written, trouble = _write_files(study, whose_orders, folder, examples=emit_feature, report=not no_report)
        own.end_files(is_of_study)
    click.echo(to_json(study) if as_json else "\n".join(f"{name:12} {file.as_posix()}" for name, file in written), nl=not as_json)
    if trouble:
        click.echo(f"error: {trouble}", err=True)
        return MISUSE
    failed_elsewhere = study.sensitivity is not None and study.sensitivity.failed_checks > 0
    return FAILURE if failed_elsewhere or any(check.is_broken for check in study.checks) else SUCCESS


def _load(name: str, changes: Sequence[str], orders_file: Path | None) -> Experiment:
    """Load the experiment, with the orders of a file if one is given."""
    return load(name, changes) if orders_file is None else load_with_orders(name, read_arrivals(orders_file), changes)


def _executor(workers: int | None, cluster: str | None) -> Executor:
    """Return the executor of the replications; its module is imported only if an option needs it."""
    executor: Executor = serial_executor
    if cluster is not None:
        executor = import_module("simulator.study.dask_cluster").cluster_executor(cluster)
    elif workers is not None and workers > 1:
        executor = import_module("simulator.study.process_pool").process_executor(workers)
    return executor


def _run_with_progress(
    run_study: StudyFunction, executor: Executor, out: Path, *, forms: Sequence[LogFormat], resume: bool
) -> Study | None:
    """Run the study and return it; None if it was interrupted."""
    wanted = 0

    def report(finished: int, of: int) -> None:
        nonlocal wanted
        wanted = of
        show_progress(finished, of)

    try:
        with progress_of() as show_progress:
            return run_study(executor=executor, out=out, forms=forms, resume=resume, progress=report)
    except KeyboardInterrupt:
        count = Checkpoints(out).count
        click.echo(f"interrupted: {count:,} of {max(wanted, count):,} replications are complete in {out.as_posix()}", err=True)
        click.echo("to resume, run the same command with --resume", err=True)
        return None


def _write_files(
    study: Study, experiment: Experiment, out: Path, *, examples: int | None, report: bool
) -> tuple[list[tuple[str, Path]], str]:
    """Write the requested files beside study.json; return the kind and path of each file, and an error text for the rest."""
    variants = [variant for _, variant in variants_of(experiment)]
    base = variants[0]
    written = [("study", out / FILE)]
    try:
        if examples is not None:
            write_feature: Callable[..., Path] = import_module("steps.generation.feature_writer").write_feature
            file = out / f"{study.name}.feature"
            written.append(("feature file", write_feature(histories([base], examples), base, file)))
        if report:
            written.append(("report", write_study_report(study, variants, out)))
    except SopError as error:
        return written, str(error)
    return written, ""


def _experiment_lines() -> Iterator[str]:
    for name in shipped_experiments():
        experiment = load(name)
        count = len(experiment.variants)
        kind = f" ({count} variants)" if kind_of(experiment) == "paired" else f" ({count} values)" if count else ""
        yield f"{name:20} {experiment.description}{kind}"


def _setting_lines(experiment: Experiment) -> Iterator[str]:
    yield f"{experiment.name}: {experiment.description}"
    for variant, _ in variants_of(experiment) if experiment.variants else ():
        changes = ", ".join(f"{key} = {_setting_text(value)}" for key, value in variant.changes.items())
        yield f"variant {variant.name}: {changes or 'as below'}"
    for key, value, meaning in describe(experiment):
        yield f"{key} = {_setting_text(value)}"
        source = source_of(key, value, meaning)
        plausible = plausible_text(key) if source.startswith(ASSUMED) else ""
        yield f"    {meaning.says} [{source}{f'; plausible: {plausible}' if plausible else ''}]"


def _setting_text(value: object) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, (tuple, list)) else str(value)
