"""What a list of scenarios can be narrowed to: results, and headings of the SOP."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.document.content import Tally
from reports.document.heading_titles import heading_title, part_of, part_title
from reports.examples.status_marks import tally
from reports.examples.views import ScenarioView
from sop_runs.record.schema import RulebookRecord

LONG = 5
"""From so many scenarios on a list is worth a filter."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the SOP that some of the scenarios belong to: its id, its whole title, and how many they are."""

    id: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader may choose from; ``results`` counts scenarios, an outline as one."""

    results: Tally
    headings: tuple[Heading, ...]


def filter_of(scenarios: Sequence[ScenarioView], rulebook: RulebookRecord | None) -> Filter | None:
    """The choices that tell *scenarios* apart; None where they are too few to need any."""
    if len(scenarios) < LONG:
        return None
    return Filter(tally(view.status for view in scenarios), tuple(_filter_headings(scenarios, rulebook)))


def _filter_headings(scenarios: Sequence[ScenarioView], rulebook: RulebookRecord | None) -> Iterable[Heading]:
    sections = rulebook.sections if rulebook else []
    section_texts = {section.id: section.text for section in sections}
    parts = dict.fromkeys(part_of(identifier) for identifier in section_texts)
    for part in parts:
        for identifier in (part, *(section_id for section_id in section_texts if part_of(section_id) == part)):
            count = sum(belongs(view.tags, identifier) for view in scenarios)
            if 0 < count < len(scenarios):
                yield Heading(identifier, _whole_title(identifier, section_texts), count)


def belongs(tags: Iterable[str], heading: str) -> bool:
    """Whether one of *tags* is *heading* or the id of something below it: ids are made so."""
    return any(tag == f"@{heading}" or tag.startswith(f"@{heading}-") for tag in tags)


def _whole_title(identifier: str, section_texts: dict[str, str]) -> str:
    """``Cancelled by the seller, e-invoice by RMS, the whole order``: with the headings that it stands under."""
    words = identifier.split("-")
    above = ["-".join(words[:length]) for length in range(2, len(words) + 1)]
    titles = [heading_title(section_id, section_texts[section_id]) for section_id in above if section_id in section_texts]
    return ", ".join([part_title(words[0]), *(section_title[:1].lower() + section_title[1:] for section_title in titles)])
