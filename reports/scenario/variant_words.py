"""Names of variants for sentences and headings."""

import re
from collections.abc import Sequence

from simulator.study_data import Study, Variant

A_FEW_LETTERS = 20
_LENGTH = re.compile(r"(.+)_(hours|minutes|seconds)")
_NOUNS = {"wms.packers": "packers", "wms.pickers": "pickers", "erp.clerks": "clerks"}


def variant_phrase(study: Study, variant: Variant) -> str:
    """Format a variant for the middle of a sentence: "7 packers", "ERP"."""
    if study.sweep is not None:
        key = study.sweep.key
        value = variant.changes[key]
        length = _LENGTH.fullmatch(key.rpartition(".")[2])
        if length and isinstance(value, (int, float)):
            words = length[1].replace("_", " ")
            return f"{'an' if words[0] in 'aeiou' else 'a'} {words} of {value:g} {length[2]}"
        if key in _NOUNS and isinstance(value, int):
            noun = _NOUNS[key]
            return f"{value} {noun.removesuffix('s') if value == 1 else noun}"
    return variant.name


def variant_heading(study: Study, variant: Variant) -> str:
    """Return the heading of a variant's column; of a sweep, its value."""
    if study.sweep is not None and study.sweep.key not in _NOUNS:
        return str(variant.changes[study.sweep.key])
    return variant_phrase(study, variant)


def joined(words: Sequence[str], last: str) -> str:
    """Join *words* with commas, and with *last* before the last of them."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def unbroken(words: str) -> str:
    """Return *words* with spaces that do not break, if they are few."""
    return words.replace(" ", "\N{NO-BREAK SPACE}") if len(words) < A_FEW_LETTERS else words
