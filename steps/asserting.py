"""Which examples of a run assert a region of behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass

from sop_engine.difference import Region
from steps.green import Record


@dataclass(frozen=True, slots=True)
class Place:
    """Where an example is written, and its name."""

    path: str
    line: int
    name: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.name}"


def asserting(record: Record, region: Region, most: int) -> list[Place]:
    """The first examples, *most* of them, whose claims speak of a changed part of a situation of *region*."""
    found: dict[Place, None] = {}
    for scenario in record.scenarios:
        if any(_speaks_of(claim, region) for claim in scenario["claims"]):
            found[Place(scenario["feature"], scenario["row"] or scenario["line"], scenario["name"])] = None
        if len(found) == most:
            break
    return list(found)


def _speaks_of(claim: Mapping[str, object], region: Region) -> bool:
    subject = claim["subject"]
    if claim["reading"] != region.reading or not isinstance(subject, Mapping) or subject.get("kind") != region.subject:
        return False
    facts = subject["facts"]
    facet = {"task": "tasks", "by hand": "manner", "offline claim": "offline_claim"}.get(str(claim["facet"]), str(claim["facet"]))
    return facet.partition(",")[0] in region.parts and all(facts[name] in values for name, values in region.facts.items())
