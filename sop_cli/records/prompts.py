"""Prompts in a terminal: a choice by number or word, several choices, and a text; a wrong input is asked for again."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

import click

from sop_engine.errors import SopError, did_you_mean
from sop_engine.register.entries import plain_text
from sop_engine.text import quoted, visible

NONE = "-"
"""What stands for no word in a choice that may be left out."""


def can_ask() -> bool:
    """Return whether there is a terminal in which a question can be answered."""
    return sys.stdin is not None and sys.stdin.isatty()


def choose(label: str, words: Sequence[str], *, notes: Sequence[str] = (), optional: bool = False) -> str:
    """Return the word that is chosen by its number or by itself; empty if *optional* and none is."""
    click.echo(f"{label}:")
    for number, word in enumerate(words, 1):
        note = f"  {visible(notes[number - 1])}" if notes else ""
        click.echo(f"  {number:2} {visible(word)}{note}")

    def word_of(text: str) -> str:
        if optional and text == NONE:
            return ""
        return _word_of(text, words)

    default = NONE if optional else None
    return str(click.prompt("number or word" + (f" ({NONE} for none)" if optional else ""), default=default, value_proc=word_of))


def choose_several(label: str, words: Sequence[str]) -> list[str]:
    """Return the words that are chosen, separated by commas; none for all of them."""
    click.echo(f"{label}: " + ", ".join(f"{number} {visible(word)}" for number, word in enumerate(words, 1)))

    def words_of(text: str) -> list[str]:
        return [] if text == "any" else [_word_of(part.strip(), words) for part in text.split(",")]

    return list(click.prompt("numbers or words, separated by commas", default="any", value_proc=words_of))


def ask_text(label: str, *, present: str = "", optional: bool = False) -> str:
    """Return a text on one line; *present* is what is there and can be edited, empty if *optional* and nothing is typed."""

    def text_of(text: str) -> str:
        if optional and text == NONE:
            return ""
        try:
            return plain_text("the text", text)
        except SopError as error:
            raise click.UsageError(str(error)) from None

    with _prefilled(present):
        return str(click.prompt(label, default=NONE if optional else None, value_proc=text_of))


def _word_of(text: str, words: Sequence[str]) -> str:
    if text in words:
        return text
    if text.isdecimal() and text.isascii() and 1 <= int(text[:9]) <= len(words):
        return words[int(text[:9]) - 1]
    raise click.UsageError(f"{quoted(text)} is not one of them; {did_you_mean(text, words)}")


@contextmanager
def _prefilled(text: str) -> Iterator[None]:
    """Begin the prompts inside the context with *text*, which can be edited, where the terminal can do that."""
    try:
        readline = import_module("readline")
    except ImportError:  # Windows
        yield
        return
    readline.set_startup_hook(lambda: readline.insert_text(text if text.isprintable() else ""))
    try:
        yield
    finally:
        readline.set_startup_hook()
