"""`sop mutate`: whether the features would notice a change of the rulebook."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from sop_cli.exit_status import BAD_NEWS, GOOD
from sop_engine.engine import ENGINE
from sop_engine.mutation import Mutant, mutants
from sop_engine.text import counted
from sop_runs.mutation_score import Assertions, Score
from sop_runs.record.folder import complete_run, folder_of
from sop_runs.record.reader import RunRecord
from steps.generation.proposals import suggestion

MOST_SURVIVORS = 20


@click.command(short_help="Change the rulebook in every way and see whether the features notice.")
@click.option("--run", type=click.Path(path_type=Path, file_okay=False), help="Folder of the run whose claims judge (the last one).")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def mutate(run: Path | None, *, as_json: bool) -> int:
    """Judge every first-order change of the rulebook by what the last complete run claimed.

    A change that alters no answer is proved equivalent and does not count; one that makes sentences contradict each other
    is refused by the engine itself. Every other must turn at least one scenario red; one that does not is printed with
    the example that would catch it. Exit status: 0 all are caught, 1 some survive, 2 there is nothing to judge by.
    """
    record = complete_run(folder_of(run))
    score = Assertions(record, ENGINE.proof.answers).judge(mutants(ENGINE.proof))
    if as_json:
        result = {
            "first_order": score.to_plain(),
            "survivors": [
                {"mutant": mutant.says, "place": _mutant_place(mutant), "add": str(suggestion(record, mutant, ENGINE.proof.answers))}
                for mutant in score.survived
            ],
        }
        click.echo(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join([*_survivors(record, score.survived), _score_text(score), _survival_verdict(score.survived)]))
    return BAD_NEWS if score.survived else GOOD


def _mutant_place(mutant: Mutant) -> str:
    return mutant.changes[0].place


def _survivors(record: RunRecord, survivors: list[Mutant]) -> Iterator[str]:
    for mutant in survivors[:MOST_SURVIVORS]:
        yield f"{_mutant_place(mutant)}: if {mutant.says}, every example would still pass; add"
        yield from (f"    {line}" for line in str(suggestion(record, mutant, ENGINE.proof.answers)).splitlines())
    if len(survivors) > MOST_SURVIVORS:
        yield f"… and {len(survivors) - MOST_SURVIVORS:,} more"


def _survival_verdict(survivors: list[Mutant]) -> str:
    if not survivors:
        return click.style("✓ the features notice every change", fg="green", bold=True)
    return click.style(f"✗ {counted(len(survivors), 'change')} would go unnoticed", fg="red", bold=True)


def _score_text(score: Score) -> str:
    return (
        f"{score.total:>6,} changes of one sentence: {len(score.killed):,} caught by the features, "
        f"{len(score.refused):,} refused as contradictions, {len(score.equivalent):,} change no answer, {len(score.survived):,} survive"
    )
