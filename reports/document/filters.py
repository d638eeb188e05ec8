"""The filters of a list of scenarios: results, and headings of the SOP."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from reports.document.content import Tally
from reports.document.heading_titles import heading_title, part_of, part_title
from reports.examples.status_marks import tally
from reports.examples.views import ScenarioView
from sop_runs.record.schema import RulebookRecord

LONG = 5
"""Smallest number of scenarios for which a list gets a filter."""


class Heading(msgspec.Struct, frozen=True):
    """A heading of the SOP with scenarios in the list: its id, its full title, and their number."""

    id: str
    title: str
    count: int


class Filter(msgspec.Struct, frozen=True):
    """The choices of a reader; ``results`` counts scenarios, an outline as one."""

    results: Tally
    headings: tuple[Heading, ...]


def filter_of(scenarios: Sequence[ScenarioView], rulebook: RulebookRecord | None) -> Filter | None:
    """Return the choices that divide *scenarios*; None if the list is too short for a filter."""
    if len(scenarios) < LONG:
        return None
    return Filter(tally(view.status for view in scenarios), tuple(_filter_headings(scenarios, rulebook)))


def _filter_headings(scenarios: Sequence[ScenarioView], rulebook: RulebookRecord | None) -> Iterable[Heading]:
    sections = rulebook.sections if rulebook else []
    section_texts = {section.id: section.text for section in sections}
    numbers = Counter(view.tags for view in scenarios)
    parts = dict.fromkeys(part_of(identifier) for identifier in section_texts)
    for part in parts:
        for identifier in (part, *(section_id for section_id in section_texts if part_of(section_id) == part)):
            count = sum(number for tags, number in numbers.items() if belongs(tags, identifier))
            if 0 < count < len(scenarios):
                yield Heading(identifier, _whole_title(identifier, section_texts), count)


def belongs(tags: Iterable[str], heading: str) -> bool:
    """Return whether one of *tags* is *heading* or the id of something below it (such ids start with it)."""
    return any(tag == f"@{heading}" or tag.startswith(f"@{heading}-") for tag in tags)


def _whole_title(identifier: str, section_texts: dict[str, str]) -> str:
    """Return the title of a heading after those above it: ``Cancelled by the seller, e-invoice by RMS, the whole order``."""
    words = identifier.split("-")
    above = ["-".join(words[:length]) for length in range(2, len(words) + 1)]
    titles = [heading_title(section_id, section_texts[section_id]) for section_id in above if section_id in section_texts]
    return ", ".join([part_title(words[0]), *(section_title[:1].lower() + section_title[1:] for section_title in titles)])
