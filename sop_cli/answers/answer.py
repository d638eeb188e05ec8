"""`sop answer`: record the answer of the document's owner to a gap, and bring the features in line with it."""

from pathlib import Path

import click

from sop_cli.answers.announcement import announcement, changes_by, question_in_words
from sop_cli.answers.places import Places, places
from sop_cli.answers.trial import trial
from sop_cli.answers.writing import write_or_ask
from sop_cli.called_as import as_called
from sop_cli.exit_status import SUCCESS
from sop_cli.paths import steps_option
from sop_engine.engine import ENGINE
from sop_engine.register.answers import answer_from
from sop_engine.register.readings import effect_of, gap_of
from sop_engine.statement import OwnersAnswer
from steps.definitions.settings import binding_modules


@click.command(short_help="Record the owner's answer to a gap, and bring the features in line with it.")
@click.argument("gap_id", metavar="GAP")
@click.option(
    "--reading", type=click.IntRange(1), metavar="N", help="The reading that the owner has decided for, as the register numbers them."
)
@click.option("--by", metavar="NAME", help="Who decided it.")
@click.option("--on", "day", metavar="DAY", help="When, such as 2026-12-01.")
@click.option("--evidence", metavar="TEXT", default="", help="Where the decision is written down.")
@click.option("--remark", metavar="TEXT", default="", help="Anything else that the owner said.")
@click.option("--withdraw", is_flag=True, help="Take the answer out again; the reading that we assume is in force then.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option(
    "--patch",
    "patch_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a patch to the new file FILE instead.",
)
@steps_option
def answer(  # noqa: PLR0913 (the parts of an answer, each its own option)
    gap_id: str,
    reading: int | None,
    by: str | None,
    day: str | None,
    evidence: str,
    remark: str,
    patch_file: Path | None,
    step_modules: tuple[str, ...],
    *,
    withdraw: bool,
    yes: bool,
) -> int:
    """Record the answer of the document's owner to the question of GAP.

    First it shows what would change: answers, examples, and texts that rest on this gap. Then it asks, and writes the register of
    gaps and the features together. The features are run in a copy until every example passes; the approved answers stay as
    they are, so `sop gate` lists the same changes until you run `sop approve`.

    Without options it shows the question, its status, and what each reading would change. An answer can be changed by another
    one, and taken out with --withdraw. As written, no answer changes.

    Exit status: 0 written or shown, 1 not confirmed, 2 invalid input or option, 70 internal error, 130 interrupted.

    \b
      sop answer GAP-04
      sop answer GAP-04 --reading 3 --by "A. Owner" --on 2026-12-01 --evidence "mail of 1 December"
    """
    gap = gap_of(ENGINE.rulebook, gap_id)
    parts = {"--reading": reading, "--by": by, "--on": day}
    if withdraw:
        given = [name for name, value in {**parts, "--evidence": evidence, "--remark": remark}.items() if value]
        if given:
            raise click.UsageError(f"{given[0]} cannot be used with --withdraw; leave one of them out")
        if gap.answer is None:
            raise click.UsageError(f"`{gap.id}` has no answer that could be withdrawn")
        return put_in_force(places(), {gap.id: None}, step_modules, yes=yes, patch_file=patch_file)
    missing = [name for name, value in parts.items() if value is None]
    if len(missing) == len(parts) and not (evidence or remark or yes or patch_file):
        sizes = {ruling.number: sum(region.size for region in effect_of(ENGINE, gap.id, ruling.number)) for ruling in gap.rulings}
        click.echo(as_called("\n".join(question_in_words(gap, sizes))))
        return SUCCESS
    if reading is None or by is None or day is None:
        raise click.UsageError(f"an answer needs {' and '.join(missing)}; the readings are listed by `sop answer {gap.id}`")
    new = answer_from(ENGINE.rulebook, gap.id, reading, by, day, evidence, remark)
    if new == gap.answer:
        click.echo(f"`{gap.id}` has this answer already; nothing was written")
        return SUCCESS
    return put_in_force(places(), {gap.id: new}, step_modules, yes=yes, patch_file=patch_file)


def put_in_force(
    where: Places, answers: dict[str, OwnersAnswer | None], step_modules: tuple[str, ...], *, yes: bool, patch_file: Path | None
) -> int:
    """Announce *answers*, ask, and write them into register and features, or into a patch."""
    tried = trial(where.rulebook, where.features, answers, binding_modules(where.features, step_modules))
    click.echo("\n".join(announcement(tried, changes_by(tried, where.features), where.features)))
    changed = {where.register: tried.register, **{where.features / path: contents for path, contents in tried.features.items()}}
    return write_or_ask(changed, yes=yes, patch_file=patch_file)
