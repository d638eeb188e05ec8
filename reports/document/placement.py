"""Placement of scenarios: each is shown in full under one clause or gap and linked from others."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from re import split

from reports.document.content import Group, Link, LinkedText
from reports.examples.status_marks import Status
from reports.examples.views import ScenarioView
from reports.html.links import Links
from sop_engine.ids import ID
from sop_runs.record.schema import GapRecord

MOST_FAILED = 6
"""Failed scenarios shown in full under one id.

Of passed scenarios one is shown and the others are linked, to keep the page short; each scenario is shown in full on the page of
its feature.
"""


class Placement:
    """The one clause or gap of each scenario, and the other places that refer to it."""

    def __init__(self, scenarios: Sequence[ScenarioView], identifiers: Iterable[str]) -> None:
        ids = set(identifiers)
        self.home: dict[str, list[ScenarioView]] = {}
        self.tagged: dict[str, list[ScenarioView]] = {}
        self.cited: dict[str, list[ScenarioView]] = {}
        self.unlinked: list[ScenarioView] = []
        for scenario in scenarios:
            ids_by_level = [[tag[1:] for tag in level if tag[1:] in ids] for level in scenario.levels]
            # The author's nearest tag decides: examples, scenario, Rule, feature; the first of several.
            home = next((level[0] for level in (*ids_by_level[1:], ids_by_level[0]) if level), None)
            if home is None:
                self.unlinked.append(scenario)
            else:
                self.home.setdefault(home, []).append(scenario)
            tags = {tag for level in ids_by_level for tag in level}
            for tag in tags:
                self.tagged.setdefault(tag, []).append(scenario)
            for identifier in set(scenario.cited) & ids - tags:
                self.cited.setdefault(identifier, []).append(scenario)

    def statuses(self, identifier: str) -> list[Status]:
        """Statuses of all examples tagged with the id; without one, of those whose claims name it as a citation."""
        scenarios = self.tagged.get(identifier) or self.cited.get(identifier, [])
        return [status for scenario in scenarios for status in scenario.statuses]

    def groups(self, identifier: str) -> tuple[Group, ...]:
        """Scenarios placed here and shown in full, by Rule: those that failed, otherwise the first if no other place has one nearer to the id."""
        return groups_of(self._in_full(identifier))

    def also_shown_by(self, identifier: str) -> tuple[Link, ...]:
        """Scenarios that show this too and are linked: placed under another id, or further ones of the same id. Failures first."""
        shown_anchors = {scenario.anchor for scenario in self._in_full(identifier)}
        scenarios = (*self.tagged.get(identifier, ()), *self.cited.get(identifier, ()))
        links = (Link(scenario.href, scenario.name, scenario.status) for scenario in scenarios if scenario.anchor not in shown_anchors)
        return tuple(sorted(links, key=lambda link: link.status is Status.PASSED))

    def _in_full(self, identifier: str) -> list[ScenarioView]:
        scenarios = self.home.get(identifier, [])
        nearest = min((_distance_from(scenario, identifier) for scenario in self.tagged.get(identifier, ())), default=0)
        near = [scenario for scenario in scenarios if _distance_from(scenario, identifier) == nearest]
        return [scenario for scenario in scenarios if scenario.status is Status.FAILED][:MOST_FAILED] or near[:1]


def _distance_from(scenario: ScenarioView, identifier: str) -> int:
    """Return how far *scenario* is from being about *identifier*: 0 in a feature about its heading, 1 if it claims the id, 2 otherwise."""
    if any(identifier.startswith(f"{tag[1:]}-") for tag in scenario.levels[-1]):
        return 0
    return 1 if identifier in scenario.cited else 2


def groups_of(scenarios: Iterable[ScenarioView]) -> tuple[Group, ...]:
    """Group neighbouring scenarios of one Rule."""

    def heading(scenario: ScenarioView) -> tuple[str, str, str]:
        return scenario.rule, scenario.rule_description, scenario.place.rpartition(":")[0]

    return tuple(Group(*key, tuple(same)) for key, same in groupby(scenarios, heading))


def mentions_of(gaps: Iterable[GapRecord], links: Links) -> dict[str, list[Link]]:
    """Map each clause id to the gaps whose note on the nearest text names it."""
    mentions: dict[str, list[Link]] = {}
    for gap in gaps:
        link = Link(links.gap(gap.id) or "", gap.title, short=gap.id)
        for identifier, href in linked_text(gap.nearest, links):
            if href and link not in mentions.setdefault(identifier, []):
                mentions[identifier].append(link)
    return mentions


def linked_text(text: str, links: Links) -> LinkedText:
    """Split *text* into pieces: the ids that have a place, with their address, and the text between them."""
    pieces = split(f"({ID.pattern})", text)
    return tuple((piece, links.id(piece)) for piece in pieces if piece)


def plain_text_of(pieces: LinkedText) -> str:
    """Return the text of *pieces*, without their addresses."""
    return "".join(text for text, _ in pieces)
