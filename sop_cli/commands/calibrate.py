"""`sop calibrate`: fit the settings of an experiment to an event log."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import click

from orders.log.export.formats import LogFormat, format_of, read_log
from simulator.calibration.calibrate import Calibration, fit_settings
from simulator.calibration.experiment_file import calibrated_experiment, intervals_of
from simulator.calibration.fits import Fit
from simulator.calibration.observations import monday_of
from simulator.errors import CalibrationError
from simulator.experiment.experiment import Experiment, load, parse, setting_fields
from sop_cli.called_as import require
from sop_engine import SopError
from sop_engine.files import write_atomically
from sop_engine.input_files import read_text
from sop_engine.text import counted, path_shown, visible

BASE = "ordinary_week_erp"
MARK = "# Written by `sop calibrate`, which replaces this file when it is called with the same --out.\n"
"""First line of a written file."""


@click.command(short_help="Fit the settings of an experiment to an event log.")
@click.argument("log", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--experiment", "base", default=BASE, metavar="NAME", help=f"Experiment whose other settings are kept (default: {BASE}).")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="File to write, NAME.toml; only a file of an earlier calibration is replaced.",
)
def calibrate(log: Path, base: str, out: Path) -> int:
    """Fit arrivals, service times, lags and shares to LOG, an event log in any form, and write an experiment with them.

    Each fitted value is printed with its 95 % confidence interval and the value of the base experiment, and cites the log in the
    file. A setting that the log does not show keeps its value.

    Exit status: 0 done, 2 invalid input or option, 70 internal error, 130 interrupted.
    """
    _require_free(out)
    if format_of(log) in (LogFormat.CSV, LogFormat.PARQUET):
        require("pyarrow")
    events = read_log(log).log
    monday = monday_of(events)
    experiment = load(base, monday=monday)
    try:
        calibration = fit_settings(events, experiment)
    except CalibrationError as error:
        raise SopError(f"{path_shown(log)}: {error}") from None
    text = calibrated_experiment(base, calibration, f"{visible(log.name)} (SHA-256 {_hash(log)[:12]})", MARK, monday)
    parse(text.encode(), out.name)
    write_atomically(out, text.encode(), keep_link=True)
    click.echo("\n".join(_lines(calibration, experiment)))
    click.echo(f"\nexperiment   {path_shown(out)}")
    return 0


def _require_free(out: Path) -> None:
    """Refuse a file that this command did not write."""
    if out.suffix != ".toml":
        raise click.UsageError(f"--out `{path_shown(out)}`: expected the name of a .toml file")
    if out.is_symlink() or (out.exists() and not read_text(out, "choose another name for --out").startswith(MARK)):
        raise click.UsageError(
            f"--out `{path_shown(out)}`: the file exists and is not of an earlier calibration; choose another name, or remove it"
        )


def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _lines(calibration: Calibration, base: Experiment) -> Iterator[str]:
    fits, left = calibration.fits, calibration.unfitted
    yield f"{counted(len(fits), 'setting')} fitted; the others keep the value of {base.name}"
    values = calibration.values()
    for fit in fits:
        section, _, name = fit.key.partition(".")
        yield ""
        yield from _fit_lines(fit, values[fit.key], getattr(getattr(base, section), name))
    if left:
        yield f"\n{counted(len(left), 'setting')} not fitted"
    for unfitted in left:
        yield f"  {unfitted.key}: {unfitted.reason}"


def _fit_lines(fit: Fit, value: object, before: object) -> Iterator[str]:
    yield f"{fit.key} = {_value_text(value)}, was {_value_text(before)}"
    spec = setting_fields()[fit.key].metadata["meaning"]
    yield f"    {spec.says}"
    ends = "95 % intervals in the file" if isinstance(fit.value, tuple) else f"95 % interval {intervals_of(fit)}"
    yield f"    from {fit.sample}; {ends}" + (f"; {fit.goodness}" if fit.goodness else "")


def _value_text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value_text, value))}]"
    return f"{value:g}" if isinstance(value, float) else str(value)
