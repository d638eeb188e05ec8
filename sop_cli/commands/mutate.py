"""`sop mutate`: find changes of the rulebook that no example detects."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from sop_cli.exit_status import FAILURE, SUCCESS
from sop_cli.paths import FolderType
from sop_engine.engine import ENGINE
from sop_engine.mutation import Mutant, mutants
from sop_engine.text import counted
from sop_runs.mutation_score import Assertions, Score
from sop_runs.record.folder import complete_run, folder_of
from sop_runs.record.reader import RunRecord
from steps.generation.proposals import suggestion

MOST_SURVIVORS = 20


@click.command(short_help="Find changes of the rulebook that no example detects.")
@click.option("--run", type=FolderType(), help="Folder of the run whose examples are used (default: the last run).")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def mutate(run: Path | None, *, as_json: bool) -> int:
    """Test the examples: change one statement of the rulebook at a time, and find the changes that make no example fail.

    No example runs again: each changed answer is compared with what the examples of the last complete run expect. Each change
    that no example detects is printed, with an example to add that would detect it. Two kinds of change need no example and
    are only counted: *equivalent* changes, which alter no answer, and *refused* changes, after which two statements
    contradict each other, so that the engine refuses the rulebook.

    Exit status: 0 every other change is detected, 1 some are not, 2 invalid input or option, 70 internal error, 130 interrupted.
    """
    record = complete_run(folder_of(run))
    score = Assertions(record, ENGINE.answers).judge(mutants(ENGINE.proof))
    if as_json:
        result = {
            "first_order": score.to_plain(),
            "survivors": [
                {"mutant": mutant.description, "place": _mutant_place(mutant), "add": str(suggestion(record, mutant, ENGINE.answers))}
                for mutant in score.survived
            ],
        }
        click.echo(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join([*_survivors(record, score.survived), _score_text(score), _survival_verdict(score.survived)]))
    return FAILURE if score.survived else SUCCESS


def _mutant_place(mutant: Mutant) -> str:
    return mutant.changes[0].location


def _survivors(record: RunRecord, survivors: list[Mutant]) -> Iterator[str]:
    for mutant in survivors[:MOST_SURVIVORS]:
        yield f"{_mutant_place(mutant)}: if {mutant.description}, every example would still pass; add this example"
        yield from (f"    {line}" for line in str(suggestion(record, mutant, ENGINE.answers)).splitlines())
    if len(survivors) > MOST_SURVIVORS:
        yield f"… and {len(survivors) - MOST_SURVIVORS:,} more"


def _survival_verdict(survivors: list[Mutant]) -> str:
    if not survivors:
        return click.style("✓ the examples detect every change", fg="green", bold=True)
    return click.style(f"✗ {counted(len(survivors), 'change')} not detected", fg="red", bold=True)


def _score_text(score: Score) -> str:
    return (
        f"{score.total:,} changes of one statement: {len(score.killed):,} detected, "
        f"{len(score.refused):,} refused as contradictions, {len(score.equivalent):,} equivalent (no answer changes), {len(score.survived):,} not detected"
    )
