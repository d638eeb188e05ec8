"""`sop decide`: print the SOP's answer to one case, or to many given as JSON lines."""

import json
from collections.abc import Iterator
from itertools import chain, count
from typing import BinaryIO

import click

from sop_cli.decision_text import OneOf, answer_in_words, why_in_words
from sop_engine import (
    Canceller,
    EInvoice,
    Invoicing,
    Outcome,
    PossibleCase,
    Reading,
    Scope,
    SopError,
    Stage,
    decide_possible,
    explain_possible,
    possible_case_from,
)
from sop_engine.input_files import whole_number

LONGEST_LINE = 1_000_000
"""Bytes of a line of --batch that are read; a longer line is answered with an error."""
MOST_SKIPPED = 64
"""How many times `LONGEST_LINE` a line may have; nothing is read after a longer one, which may have no end."""
ONE_OBJECT = "write one object of facts on each line"


class EndlessLineError(SopError):
    """A line that is too long to find its end."""


@click.command(short_help="Print the SOP's answer to one case, or to many.")
@click.option("--canceller", type=OneOf(Canceller), help="Who cancels.")
@click.option("--scope", type=OneOf(Scope), help="How much is cancelled: the full order, or part of it.")
@click.option("--invoicing", type=OneOf(Invoicing), help="Where the e-invoice is made.")
@click.option("--stage", type=OneOf(Stage), help="How far fulfilment has come.")
@click.option("--e-invoice", type=OneOf(EInvoice), help="How far invoicing has come.")
@click.option(
    "--reading",
    type=OneOf(Reading),
    default=Reading.AS_PRACTISED,
    help="The clauses alone, or with our resolution of the gaps (default: as-practised).",
)
@click.option("--why", is_flag=True, help="Also print the clauses and gaps behind the answer, and the nearest allowed cases.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON object.")
@click.option(
    "--batch",
    type=click.File("rb"),
    metavar="FILE|-",
    help="Read cases as JSON lines and print an answer or an error for each line, in order.",
)
def decide(  # noqa: PLR0913 (the facts, each its own option)
    canceller: Canceller | None,
    scope: Scope | None,
    invoicing: Invoicing | None,
    stage: Stage | None,
    e_invoice: EInvoice | None,
    reading: Reading,
    why: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    batch: BinaryIO | None,
) -> int:
    """Print the SOP's answer to one case.

    A fact that you leave out may have any value: the answer then says what is certain, what is undecided, and which facts
    would decide it.

    Exit status: 0 the cancellation is allowed in every possible case, 1 it is not, 2 invalid input or option, 70 internal error,
    130 interrupted. With --batch: 0 every line was answered, 2 a line was not.

    \b
      sop decide --canceller seller --scope full --invoicing ERP --stage FULFILLABLE --e-invoice pushed --why
      sop decide --canceller seller --scope partial --invoicing ERP
      echo '{"canceller":"Ajio","scope":"full","invoicing":"RMS","stage":"PACKED","e_invoice":"pushed"}' | sop decide --batch -
    """
    facts = {"canceller": canceller, "scope": scope, "invoicing": invoicing, "stage": stage, "e_invoice": e_invoice}
    if batch is not None:
        stated = [name for name, value in facts.items() if value is not None]
        if stated or why:
            option = "--why" if why else f"--{stated[0].replace('_', '-')}"
            raise click.UsageError(f"{option} cannot be used with --batch; leave it out, and write the facts in the lines of the file")
        return _answer_lines(batch, reading)
    possible_case = possible_case_from({name: value for name, value in facts.items() if value is not None})
    return _answer_one(possible_case, reading, why=why, as_json=as_json)


def _answer_one(possible_case: PossibleCase, reading: Reading, *, why: bool, as_json: bool) -> int:
    explanation = explain_possible(possible_case, reading)
    decided = explanation.decision
    if as_json:
        answer = {**decided.to_plain(), "why": explanation.to_plain()} if why else decided.to_plain()
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        for line in chain(answer_in_words(decided), why_in_words(explanation) if why else ()):
            click.echo(line)
    return 0 if decided.parts["outcome"].distinct == (Outcome.ALLOWED,) else 1


def _answer_lines(lines: BinaryIO, reading: Reading) -> int:
    status = 0
    for number, line in enumerate(_batch_lines(lines), start=1):
        try:
            answer = decide_possible(possible_case_from(_parsed(_checked_length(line))), reading).to_plain()
        except (SopError, ValueError, RecursionError) as error:
            status = 2
            answer = {"error": {"line": number, "message": _error_text(error)}}
        click.echo(json.dumps(answer, ensure_ascii=False))
    return status


def _batch_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of *stream*, each cut one byte above `LONGEST_LINE`.

    Raises:
        EndlessLineError: a line is so long that the rest of it is not read.
    """
    for number in count(1):
        line = chunk = stream.readline(LONGEST_LINE + 1)
        if not line:
            return
        for _ in range(MOST_SKIPPED):
            if chunk.endswith(b"\n") or not chunk:
                break
            chunk = stream.readline(LONGEST_LINE)
        yield line.removesuffix(b"\n")
        if chunk and not chunk.endswith(b"\n"):
            raise EndlessLineError(
                f"line {number:,} has more than {LONGEST_LINE * MOST_SKIPPED:,} bytes, and nothing after it is read; {ONE_OBJECT}"
            )


def _checked_length(line: bytes) -> bytes:
    """Return *line*.

    Raises:
        ValueError: it is longer than `LONGEST_LINE`.
    """
    if len(line) > LONGEST_LINE:
        raise ValueError(f"the line has more than {LONGEST_LINE:,} bytes; {ONE_OBJECT}")
    return line


def _parsed(line: bytes) -> object:
    return json.loads(
        line.decode("utf-8-sig"), parse_constant=_reject_constant, parse_int=whole_number, object_pairs_hook=_facts_without_repetition
    )


def _facts_without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    facts = dict(pairs)
    if len(facts) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"`{twice}` is given twice; give it once")
    return facts


def _reject_constant(word: str) -> object:
    raise ValueError(f"`{word}` is not JSON; use a word of the vocabulary")


def _error_text(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON at column {error.colno}: {error.msg}; {ONE_OBJECT}"
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 at byte {error.start}; save the file as UTF-8"
    if isinstance(error, RecursionError):
        return f"nested too deeply; {ONE_OBJECT}"
    return str(error)
