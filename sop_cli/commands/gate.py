"""`sop gate`: check whether a change of the specification may be merged."""

from contextlib import ExitStack
from pathlib import Path

import click

from reports.site.newer_run import announce_newer_run, run_announced
from sop_cli.decision_text import OneOf
from sop_cli.exit_status import FAILURE, INTERRUPTED, SUCCESS
from sop_cli.gate_formats import FORMATS, GateFormat, GateResult
from sop_cli.other_code import allow_other_code_option, other_code
from sop_cli.paths import FolderType, near, specification, steps_option
from sop_cli.runs.gate_checks import approved_baseline, checks_of_run
from sop_engine import load_rulebook
from sop_runs.record.folder import folder_of, refuse_other_system
from sop_runs.record.reader import RECORD, read
from sop_runs.record.verdict import judge
from steps.definitions.settings import binding_modules
from steps.language.feature_set import feature_set_of, root_of, snapshot
from steps.run.judge import compared, present_files
from steps.run.runner import MOST_WORKERS, run, with_outside_code


@click.command(short_help="Check whether a change of the specification may be merged.")
@click.option("--run", "folder", type=FolderType(), help="Check this run instead of a new one.")
@click.option(
    "--approved",
    type=FolderType(),
    help="Folder that `sop approve` wrote (default: approved; of another version than the first, approved/VERSION).",
)
@click.option(
    "-n",
    "--workers",
    type=click.IntRange(0, MOST_WORKERS),
    metavar="N",
    default=0,
    help="Number of parallel processes (default: 0, everything in this process).",
)
@steps_option
@allow_other_code_option
@click.option("--out", type=FolderType(), default=Path("build"), help="Folder for the run (default: build).")
@click.option("--format", "form", type=OneOf(GateFormat), default=GateFormat.TEXT, help="Output format (default: text).")
def gate(  # noqa: PLR0913 - one for each option
    folder: Path | None,
    approved: Path | None,
    workers: int,
    step_modules: tuple[str, ...],
    out: Path,
    form: GateFormat,
    *,
    allow_other_code: bool,
) -> int:
    """Run the specification and every check that a reviewer would make.

    The checks are: lint, completeness, failures, coverage of clauses, gaps and cases, comparison of answers, wording and
    examples with the approved ones, and whether every change of the rulebook is detected. A run given with --run must be a
    complete run of the current features, the current rulebook and the current code, and its claims must agree with the engine.

    Exit status: 0 every check passed, 1 a check failed, 2 invalid input or option, 70 internal error, 130 interrupted.
    """
    baseline = approved_baseline(approved)
    note = ""
    with ExitStack() as unpacked:
        chosen = specification(unpacked)
        (home,) = chosen.paths
        bindings = binding_modules(root_of([home]), step_modules)
        if folder is None:
            with run_announced(out / "site"):
                result = run([home], workers=workers, out=out / "runs", bindings=bindings, installed=chosen.installed)
            if result.verdict.state == "interrupted":
                counts = result.verdict.counts
                click.echo(
                    f"interrupted: {counts.executed:,} of {counts.expected:,} examples ran; their record is in {near(result.folder)}",
                    err=True,
                )
                return INTERRUPTED
            announce_newer_run(out / "site", result.run_id)
            record, verdict, note = result.lines or read(result.record), result.verdict, result.note
        else:
            folder = folder_of(folder)
            record = read(folder / RECORD)
            refuse_other_system(record, f"the run `{folder.name}`")
            note = other_code(folder, record, allow=allow_other_code) if record.manifest is not None else ""
            contents = snapshot(feature_set_of([home]), [home])
            verdict = compared(judge(record, present_files(contents, load_rulebook().sha256)), record, contents)
            verdict, outside = with_outside_code(verdict, folder)
            note = "; ".join(filter(None, (note, outside)))
    checks = checks_of_run(record, verdict, baseline, note, approved)
    first = min(record.head.features, default="")
    click.echo(FORMATS[form](GateResult(checks, near(home), bindings, first)))
    return SUCCESS if all(check.holds for check in checks) else FAILURE
