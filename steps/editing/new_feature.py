"""The first text of a new feature file: what the other files of its folder have in common, and lines to fill in."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from gherkin.dialect import DIALECTS

from sop_runs.record.schema import FeatureDocument, WrittenRule
from steps.language.document import FeatureSource

FEWEST_FOR_TAGS = 2
"""Files of a folder from which on a tag that all of them have is a tag of the folder."""
_SOURCE, _TO_FILL_IN = "Source:", "  "
Model = TypeVar("Model")
Trait = TypeVar("Trait")


def first_text(title: str, models: Sequence[FeatureSource], *, are_of_folder: bool) -> tuple[str, int]:
    """Return the text of a new feature called *title*, and the number of the line in which it is continued.

    Language, line ends, Rules and the line for the source are as in most of *models*, other feature files. If these are the files of its
    folder, the tags that all of them have are its tags.
    """
    documents = [source.document.recorded for source in models if source.document]
    language = _of_most(documents, lambda model: model.language, "en")
    words = DIALECTS[language]
    tags = _common_tags(documents) if are_of_folder and len(documents) >= FEWEST_FOR_TAGS else []
    lines = [f"# language: {language}"] if language != "en" else []
    lines += [" ".join(tags)] if tags else []
    lines += [f"{words['feature'][0]}: {' '.join(title.split())}".rstrip(), "", _TO_FILL_IN, ""]
    if _of_most(documents, lambda model: _SOURCE in model.description, default=False):
        lines += [f"  {_SOURCE} ", ""]
    indent = "  "
    if _of_most(documents, _has_rules, default=False):
        lines += [f"  {words['rule'][0]}: ", ""]
        indent = "    "
    lines += [f"{indent}{words['scenario'][-1]}: ", *(f"{indent}  {_first(words[kind])}" for kind in ("given", "when", "then"))]
    end = "\r\n" if _of_most(models, lambda source: "\r\n" in source.text, default=False) else "\n"
    return end.join([*lines, ""]), lines.index(_TO_FILL_IN) + 1


def _of_most(values: Iterable[Model], key: Callable[[Model], Trait], default: Trait) -> Trait:
    """Return what *key* gives for most of *values*; *default* if there are none."""
    return next((value for value, _ in Counter(map(key, values)).most_common(1)), default)


def _common_tags(documents: Sequence[FeatureDocument]) -> list[str]:
    return [tag for tag in documents[0].tags if all(tag in document.tags for document in documents)]


def _has_rules(document: FeatureDocument) -> bool:
    return any(isinstance(child, WrittenRule) for child in document.children)


def _first(keywords: Sequence[str]) -> str:
    return next(keyword for keyword in keywords if keyword != "* ")
