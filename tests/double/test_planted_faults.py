"""Each fault that is planted in the second implementation is found where it is, and nothing else is red."""

import tomllib
from pathlib import Path

import pytest

from tests.support.double import Verified, double, names_of, verified

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("in_process")]
PLANTED: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "planted.toml").read_text(encoding="utf-8"))
SIMULATED = "experiment"


def batches() -> list[list[str]]:
    """Return the faults in as few lists as possible, so that no two of a list make the same example fail; each list is one whole run."""
    lists: list[list[str]] = []
    for name, red in PLANTED.items():
        free = (names for names in lists if all(PLANTED[other].keys().isdisjoint(red) for other in names))
        chosen = next(free, None)
        if chosen is None:
            lists.append(chosen := [])
        chosen.append(name)
    return lists


def test_every_fault_of_the_table_can_be_planted() -> None:
    assert names_of("FAULTS") == list(PLANTED)


def test_there_is_a_fault_for_each_kind_of_claim(without_fault: Verified) -> None:
    kinds = {claim.facet for example in without_fault.record.scenarios for claim in example.claims if claim.subject["kind"] != SIMULATED}
    found = {facet for red in PLANTED.values() for claims in red.values() for facet in facets(claims)}

    assert found - {"broken"} == kinds, "an answer that contradicts what was sent is broken, and makes no claim"
    assert len(kinds) > 30


def facets(claims: str) -> set[str]:
    """Return the facets of `rows, by 1.1, outcome, as for FULFILLABLE`."""
    parts = [part if not part[-1].isdigit() else part.rpartition(" ")[0] for part in claims.replace(", as for", "; as for").split(", ")]
    return {part.replace("; as for", ", as for") for part in parts}


@pytest.mark.parametrize("names", batches(), ids=lambda names: f"{names[0]} and {len(names) - 1} more")
def test_each_fault_is_found_where_it_is_and_nothing_else_is_red(names: list[str], tmp_path: Path) -> None:
    with double(*names) as address:
        run = verified(address, tmp_path)

    assert run.red == {example: claims for name in names for example, claims in PLANTED[name].items()}
    assert not run.result.verdict.good
