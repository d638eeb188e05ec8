"""`sop mutate`: whether the features would notice a change of the rulebook."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from sop_engine.engine import ENGINE
from sop_engine.mutants import Mutant, mutants, second_order
from steps.green import Record
from steps.last_run import folder_of, whole_run
from steps.mutation import Assertions, Score, suggestion

GOOD, BAD_NEWS = 0, 1
MOST_SHOWN = 20


@click.command(short_help="Change the rulebook in every way and see whether the features notice.")
@click.option("--run", type=click.Path(path_type=Path, file_okay=False), help="Folder of the run whose claims judge (the last one).")
@click.option("--second-order", "pairs", type=click.IntRange(0, 1_000_000), default=0, help="Also so many samples of two changes at once.")
@click.option("--seed", type=int, default=1, help="Which samples (1).")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def mutate(run: Path | None, pairs: int, seed: int, *, as_json: bool) -> int:
    """Judge every first-order change of the rulebook by what the last complete run claimed.

    A change that alters no answer is proved equivalent and does not count; one that makes sentences contradict each other
    is refused by the engine itself. Every other must turn at least one scenario red; one that does not is printed with
    the example that would catch it. Exit status: 0 all are caught, 1 some survive, 2 there is nothing to judge by.
    """
    record = whole_run(folder_of(run))
    assertions = Assertions(record, ENGINE.proof.answers)
    first = assertions.judge(mutants(ENGINE.proof))
    second = assertions.judge(second_order(ENGINE.proof, pairs, seed))
    survivors = first.survived + second.survived
    if as_json:
        told = {
            "first_order": first.to_plain(),
            "second_order": second.to_plain(),
            "survivors": [
                {"mutant": mutant.says, "place": _place(mutant), "add": str(suggestion(record, mutant, ENGINE.proof.answers))}
                for mutant in survivors
            ],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        lines = [*_survivors(record, survivors), *_counts("changes of one sentence", first)]
        lines += _counts("samples of two changes", second) if pairs else []
        click.echo("\n".join([*lines, _verdict(survivors)]))
    return BAD_NEWS if survivors else GOOD


def _place(mutant: Mutant) -> str:
    return mutant.changes[0].place


def _survivors(record: Record, survivors: list[Mutant]) -> Iterator[str]:
    for mutant in survivors[:MOST_SHOWN]:
        yield f"{_place(mutant)}: if {mutant.says}, every example would still pass; add"
        yield from (f"    {line}" for line in str(suggestion(record, mutant, ENGINE.proof.answers)).splitlines())
    if len(survivors) > MOST_SHOWN:
        yield f"… and {len(survivors) - MOST_SHOWN:,} more"


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
