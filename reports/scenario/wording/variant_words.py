"""Names of variants for sentences and headings."""

from collections.abc import Sequence

from simulator.experiment.variants import PEOPLE, value_in_words
from simulator.study_data import Study, Variant

A_FEW_LETTERS = 20


def variant_phrase(study: Study, variant: Variant) -> str:
    """Format a variant for the middle of a sentence: "7 packers", "an outage of 4 hours", "ERP"."""
    name, sweep = variant.name, study.sweep
    if sweep is None or sweep.key in PEOPLE or not isinstance(variant.changes[sweep.key], (int, float)):
        return name
    return f"{'an' if name[0] in 'aeio' or name.startswith('unf') else 'a'} {name}"


def variants_in_words(study: Study, variants: Sequence[Variant]) -> str:
    """Join variants for the middle of a sentence; people are named once: "5, 4 and 3 packers"."""
    names = [variant_phrase(study, variant) for variant in variants]
    if study.sweep is not None and study.sweep.key in PEOPLE and len(variants) > 1:
        names = [value_in_words("", variant.changes[study.sweep.key]) for variant in variants]
        return f"{joined(names, 'and')} {PEOPLE[study.sweep.key]}"
    return joined(names, "and")


def variant_heading(study: Study, variant: Variant) -> str:
    """Return the heading of a variant's column; of a sweep, its value with its unit."""
    return variant.name if study.sweep is None else value_in_words(study.sweep.key, variant.changes[study.sweep.key])


def joined(words: Sequence[str], last: str) -> str:
    """Join *words* with commas, and with *last* before the last of them."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def with_no_break_spaces(words: str) -> str:
    """Return *words* with spaces that do not break, if they are few."""
    return words.replace(" ", "\N{NO-BREAK SPACE}") if len(words) < A_FEW_LETTERS else words
