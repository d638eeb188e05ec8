"""`sop decide`: what the SOP says of one case, or of many given as JSON lines."""

import json
from collections.abc import Iterator
from itertools import chain
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

BATCH_LINE_BYTES = 1_000_000


@click.command(short_help="What the SOP says of one case, or of many.")
@click.option("--canceller", type=OneOf(Canceller), help="Who cancels.")
@click.option("--scope", type=OneOf(Scope), help="The whole order, or a part of it.")
@click.option("--invoicing", type=OneOf(Invoicing), help="Where the e-invoice is made.")
@click.option("--stage", type=OneOf(Stage), help="How far the order has come.")
@click.option("--e-invoice", type=OneOf(EInvoice), help="How far the e-invoice has come.")
@click.option(
    "--reading",
    type=OneOf(Reading),
    default=Reading.AS_PRACTISED,
    help="The SOP alone, or with our reading of its gaps (as-practised, the default).",
)
@click.option("--why", is_flag=True, help="Add the sentences behind the answer and the nearest allowed cases.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option(
    "--batch",
    type=click.File("rb"),
    metavar="FILE|-",
    help="JSON lines in, JSON lines out: one answer or one error for each line, in order.",
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
    """What the SOP says of one case. A fact left out is unknown: what is certain, what is undecided, and which fact would settle it.

    Exit status: 0 the cancellation is allowed for certain, 1 it is not, or that depends on a fact left out, 2 the case cannot
    be read. With --batch: 0 every line was answered, 2 a line was not.

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
            raise click.UsageError(f"{option} does not go with --batch; the facts come from its lines")
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
            answer = decide_possible(possible_case_from(_parsed(line)), reading).to_plain()
        except (SopError, ValueError, RecursionError) as error:
            status = 2
            answer = {"error": {"line": number, "message": _error_text(error)}}
        click.echo(json.dumps(answer, ensure_ascii=False))
    return status


def _batch_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of *stream*; one that is too long is cut, so that it is no JSON, and the rest of it skipped."""
    while line := stream.readline(BATCH_LINE_BYTES):
        chunk = line
        while not chunk.endswith(b"\n") and (chunk := stream.readline(BATCH_LINE_BYTES)):
            pass
        yield line.removesuffix(b"\n")


def _parsed(line: bytes) -> object:
    return json.loads(line.decode("utf-8-sig"), parse_constant=_reject_constant, object_pairs_hook=_facts_without_repetition)


def _facts_without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    facts = dict(pairs)
    if len(facts) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"`{twice}` is said twice; say it once")
    return facts


def _reject_constant(word: str) -> object:
    raise ValueError(f"`{word}` is no JSON; use a word of the vocabulary")


def _error_text(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON at column {error.colno}: {error.msg}; write one object of facts a line"
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 at byte {error.start}; save the file as UTF-8"
    if isinstance(error, RecursionError):
        return "nested too deeply; write one object of facts a line"
    return str(error)
