"""`sop mutate`: whether the features would notice a change of the rulebook."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from sop_engine.engine import ENGINE
from sop_engine.mutants import Mutant, mutants, second_order
from steps.accepted import Accepted, read_accepted
from steps.green import Record
from steps.last_run import folder_of, whole_run
from steps.mutation import Assertions, Score, suggestion

GOOD, BAD_NEWS = 0, 1
MOST_SHOWN = 20


@click.command(short_help="Change the rulebook in every way and see whether the features notice.")
@click.option("--run", type=click.Path(path_type=Path, file_okay=False), help="Folder of the run whose claims judge (the last one).")
@click.option("--second-order", "pairs", type=click.IntRange(0, 1_000_000), default=0, help="Also so many samples of two changes at once.")
@click.option("--seed", type=int, default=1, help="Which samples (1).")
@click.option(
    "--accepted", type=click.Path(path_type=Path, dir_okay=False), default=Path("approved/survivors.toml"), help="The accepted survivors."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def mutate(run: Path | None, pairs: int, seed: int, accepted: Path, *, as_json: bool) -> int:
    """Judge every first-order change of the rulebook by what the last complete run claimed.

    A change that alters no answer is proved equivalent and does not count; one that makes sentences contradict each other
    is refused by the engine itself. Every other must turn at least one scenario red; one that does not is printed with
    the example that would catch it. Exit status: 0 all are caught, 1 some survive, 2 there is nothing to judge by.
    """
    known = read_accepted(accepted, date.today())  # noqa: DTZ011 (a day on the reader's calendar)
    record = whole_run(folder_of(run))
    assertions = Assertions(record, ENGINE.proof.answers)
    first = assertions.judge(mutants(ENGINE.proof))
    second = assertions.judge(second_order(ENGINE.proof, pairs, seed))
    open_ones, unneeded = sift(first, known)
    open_pairs, _ = sift(second, known)
    survivors = open_ones + open_pairs
    if as_json:
        told = {
            "first_order": first.to_plain(),
            "second_order": second.to_plain(),
            "accepted": len(first.survived) - len(open_ones),
            "survivors": [
                {"mutant": mutant.says, "place": _place(mutant), "add": str(suggestion(record, mutant, ENGINE.proof.answers))}
                for mutant in survivors
            ],
            "unneeded": [each.mutant for each in unneeded],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        lines = [*_survivors(record, survivors), *_unneeded(unneeded), *_counts("changes of one sentence", first)]
        lines += _counts("samples of two changes", second) if pairs else []
        click.echo("\n".join([*lines, _verdict(survivors)]))
    return BAD_NEWS if survivors or unneeded else GOOD


def sift(score: Score, known: tuple[Accepted, ...]) -> tuple[list[Mutant], list[Accepted]]:
    """The survivors that nobody accepted, and what was accepted and does not survive."""
    names = {each.mutant for each in known}
    surviving = {mutant.says for mutant in score.survived}
    return [mutant for mutant in score.survived if mutant.says not in names], [each for each in known if each.mutant not in surviving]


def _place(mutant: Mutant) -> str:
    return mutant.changes[0].place


def _survivors(record: Record, survivors: list[Mutant]) -> Iterator[str]:
    for mutant in survivors[:MOST_SHOWN]:
        yield f"{_place(mutant)}: if {mutant.says}, every example would still pass; add"
        yield from (f"    {line}" for line in str(suggestion(record, mutant, ENGINE.proof.answers)).splitlines())
    if len(survivors) > MOST_SHOWN:
        yield f"… and {len(survivors) - MOST_SHOWN:,} more"


def _unneeded(unneeded: list[Accepted]) -> Iterator[str]:
    for each in unneeded:
        yield f"accepted, but caught by now or unknown: {each.mutant}; take it off the list"


def _verdict(survivors: list[Mutant]) -> str:
    if not survivors:
        return click.style("✓ the features notice every change", fg="green", bold=True)
    return click.style(f"✗ {len(survivors):,} change{'' if len(survivors) == 1 else 's'} would go unnoticed", fg="red", bold=True)


def _counts(what: str, score: Score) -> Iterator[str]:
    told = score.to_plain()
    yield (
        f"{told['mutants']:>6,} {what}: {told['killed']:,} caught by the features, {told['refused']:,} refused as contradictions, "
        f"{told['equivalent']:,} change no answer, {told['survived']:,} survive"
    )
