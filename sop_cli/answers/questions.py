"""`sop questions`: the questions for the document's owner as a table, and the answers back into the registers."""

from collections.abc import Iterator
from pathlib import Path

import click

from sop_cli.answers.answer import put_in_force
from sop_cli.answers.audited import rows_with_orders
from sop_cli.answers.places import places
from sop_cli.answers.question_files import read_questions, write_questions
from sop_cli.called_as import as_called
from sop_cli.exit_status import FAILURE, SUCCESS
from sop_cli.paths import FolderType, near, steps_option
from sop_engine.engine import ENGINE
from sop_engine.register.question_rows import RowResult, results_of
from sop_engine.text import counted, quoted, visible

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(short_help="Write the questions for the SOP's owner as a table, or read the answers back.")
@click.option("--out", "out_file", type=_FILE, metavar="FILE", help="Write all questions to the new file FILE: a workbook (.xlsx) or CSV.")
@click.option("--in", "in_file", type=_FILE, metavar="FILE", help="Read the answers in FILE, a workbook (.xlsx) or CSV.")
@click.option(
    "--audit",
    "audit_dir",
    type=FolderType(),
    metavar="DIRECTORY",
    help="With --out: folder of the audit whose orders are counted (default: the latest one in build/audits).",
)
@click.option("--yes", is_flag=True, help="With --in: write without asking.")
@click.option("--patch", "patch_file", type=_FILE, metavar="FILE", help="With --in: write a patch to the new file FILE instead.")
@steps_option
def questions(  # noqa: PLR0913 - the options of a command
    out_file: Path | None,
    in_file: Path | None,
    audit_dir: Path | None,
    patch_file: Path | None,
    step_modules: tuple[str, ...],
    *,
    yes: bool,
) -> int:
    """List the questions that the SOP leaves open, with their status.

    With --out, write them as a table for the owner of the SOP, with columns for the answer (the number of a reading), who decided
    it, the day, evidence and a remark. Where there is an audit of real orders, it says how many of them each question concerns. With --in, read such a table: each row is taken, or listed with the reason why it is not. Then
    it shows what the answers would change, asks, and writes registers and features together, as `sop answer` does.

    Exit status: 0 done, 1 a row was not taken or nothing was confirmed, 2 invalid input or option, 70 internal error,
    130 interrupted.

    \b
      sop questions --out questions.xlsx
      sop questions --in questions.xlsx
    """
    if out_file is not None and in_file is not None:
        raise click.UsageError("--out and --in cannot be used together; leave one out")
    if in_file is None and (yes or patch_file is not None):
        raise click.UsageError("--yes and --patch are about answers; add --in FILE")
    if out_file is None and audit_dir is not None:
        raise click.UsageError("--audit is about the table for the owner; add --out FILE")
    if out_file is not None:
        write_questions(out_file, rows_with_orders(ENGINE.rulebook, audit_dir))
        click.echo(
            as_called(
                f"{counted(len(ENGINE.rulebook.gaps), 'question')} written: {near(out_file)}; read the answers with `sop questions --in`"
            )
        )
        return SUCCESS
    if in_file is None:
        for gap in ENGINE.rulebook.gaps:
            click.echo(f"{gap.id}  {gap.status}: {gap.question}")
        return SUCCESS
    where = places()
    results = results_of(read_questions(in_file), ENGINE.rulebook)
    for line in _results_as_text(results):
        click.echo(as_called(line))
    answers = {result.gap_id: result.answer for result in results if result.answer is not None}
    refused = any(result.reason for result in results)
    if not answers:
        click.echo("there is no new answer; nothing was written")
        return FAILURE if refused else SUCCESS
    status = put_in_force(where, dict(answers), step_modules, yes=yes, patch_file=patch_file)
    return FAILURE if refused else status


def _results_as_text(results: list[RowResult]) -> Iterator[str]:
    """Yield a line for each row that is an answer or is refused, and the number of the others."""
    for result in results:
        if result.reason:
            name = f" {quoted(result.gap_id)}" if result.gap_id else ""
            yield f"✗ row {result.line}{name}: not taken: {result.reason}"
        elif result.answer is not None:
            yield f"✓ row {result.line} {result.gap_id}: reading {result.answer.reading}, {result.answer.status}"
    unchanged_rows, blank_rows = sum(result.is_known for result in results), sum(result.is_blank for result in results)
    yield visible(f"{counted(unchanged_rows, 'row')} with the answer that the register has; {counted(blank_rows, 'row')} without an answer")
