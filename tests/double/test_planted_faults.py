"""Each fault that is planted in the second implementation is found where it is, and nothing else is red."""

import tomllib
from pathlib import Path

import pytest

from tests.support.double import SIMULATED, Verified, double, names_of, verified

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("in_process")]
Planted = dict[str, dict[str, str]]
PLANTED, IN_SIMULATIONS = (
    tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8")) for name in ("planted.toml", "planted_in_simulations.toml")
)
EXPERIMENT = "experiment"
"""The kind of what a claim about simulated weeks is about."""
ONLY_BROKEN = {"other variants"}
"""The claim that there is more than one variant: an answer without the others is none of the contract, so it breaks the step."""
WITHOUT_CITATIONS = {
    "tasks", "modality", "actor", "system", "tasks before stock is reserved", "modality of a return", "stock", "stage", "packing error", "duty",
    "step out of sequence", "request that changes nothing", "row left out", "by", "days",
}  # fmt: skip
"""Faults in what a system without citations answers too, of several kinds."""


def batches(planted: Planted) -> list[list[str]]:
    """Return the faults in as few lists as possible, so that no two of a list make the same example fail; each list is one run."""
    lists: list[list[str]] = []
    for name, red in planted.items():
        free = (names for names in lists if all(planted[other].keys().isdisjoint(red) for other in names))
        chosen = next(free, None)
        if chosen is None:
            lists.append(chosen := [])
        chosen.append(name)
    return lists


def red_of(planted: Planted, names: list[str]) -> dict[str, str]:
    """Return what is expected to be red with the faults of these names."""
    return {example: claims for name in names for example, claims in planted[name].items()}


def facets(claims: str) -> set[str]:
    """Return the facets of `rows, by 1.1, outcome, as for FULFILLABLE`."""
    marked = claims.replace(", as for", "; as for").replace(", from many", "; from many")
    parts = [part if not part[-1].isdigit() else part.rpartition(" ")[0] for part in marked.split(", ")]
    return {part.replace("; ", ", ") for part in parts}


@pytest.mark.parametrize(("name", "planted"), [("FAULTS", PLANTED), ("SIMULATION_FAULTS", IN_SIMULATIONS)])
def test_every_fault_of_the_table_can_be_planted(name: str, planted: Planted) -> None:
    assert names_of(name) == list(planted)


@pytest.mark.parametrize(("planted", "of_simulations"), [(PLANTED, False), (IN_SIMULATIONS, True)])
def test_there_is_a_fault_for_each_kind_of_claim(planted: Planted, of_simulations: bool, with_recordings: Verified) -> None:  # noqa: FBT001
    examples = with_recordings.record.scenarios
    kinds = {claim.facet for example in examples for claim in example.claims if (claim.subject["kind"] == EXPERIMENT) is of_simulations}
    actual = {facet for red in planted.values() for claims in red.values() for facet in facets(claims)}

    assert actual - {"broken"} == kinds - ONLY_BROKEN, "an answer that contradicts what was sent is broken, and makes no claim"
    assert len(kinds) > (25 if of_simulations else 30)


@pytest.mark.parametrize("names", batches(PLANTED), ids=lambda names: f"{names[0]} and {len(names) - 1} more")
def test_each_fault_is_found_where_it_is_and_nothing_else_is_red(names: list[str], tmp_path: Path) -> None:
    with double(*names) as address:
        run = verified(address, tmp_path)

    assert run.red == red_of(PLANTED, names)
    assert not run.result.verdict.good


@pytest.mark.parametrize("names", batches(IN_SIMULATIONS), ids=lambda names: f"{names[0]} and {len(names) - 1} more")
def test_each_fault_in_a_simulation_is_found_where_it_is(names: list[str], recordings: Path, tmp_path: Path) -> None:
    with double(*names, recordings=recordings) as address:
        run = verified(address, tmp_path, SIMULATED)

    assert run.red == red_of(IN_SIMULATIONS, names)
    assert not run.result.verdict.good


@pytest.mark.parametrize(
    "names", batches({name: PLANTED[name] for name in PLANTED if name in WITHOUT_CITATIONS}), ids=lambda names: names[0]
)
def test_faults_are_found_also_if_the_system_does_not_cite(names: list[str], tmp_path: Path) -> None:
    with double(*names, cites=False) as address:
        run = verified(address, tmp_path)

    assert run.red == red_of(PLANTED, names)
    assert not run.result.verdict.good
