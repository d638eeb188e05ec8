"""Tags say in which versions an example stands; the earlier versions are those that a rulebook names."""

import pytest

from sop_runs.record.version_tags import applies, contradictory_tags, may_overlap, version_tags

V1, V2, V3 = ("a", ()), ("b", ("a",)), ("c", ("a", "b"))


@pytest.mark.parametrize(
    ("tags", "standing"),
    [
        ((), (True, True, True)),
        (("@GAP-14", "@as-written"), (True, True, True)),
        (("@since-a",), (True, True, True)),
        (("@since-b",), (False, True, True)),
        (("@since-c",), (False, False, True)),
        (("@since-d",), (False, False, False)),
        (("@until-a",), (True, False, False)),
        (("@until-b",), (True, True, False)),
        (("@until-d",), (True, True, True)),
        (("@since-b", "@until-b"), (False, True, False)),
        (("@since-b", "@until-a"), (False, False, False)),
        (("@since-b", "@since-c", "@GAP-1"), (False, False, True)),
    ],
)
def test_an_example_stands_from_a_version_on_and_up_to_one(tags: tuple[str, ...], standing: tuple[bool, ...]) -> None:
    assert tuple(applies(tags, *version) for version in (V1, V2, V3)) == standing


@pytest.mark.parametrize("version", [V1, V2, V3])
def test_tags_that_no_version_fulfils_contradict(version: tuple[str, tuple[str, ...]]) -> None:
    assert [*contradictory_tags(("@since-b", "@until-a", "@GAP-1"), *version)] == [("@since-b", "@until-a")]
    assert [*contradictory_tags(("@since-a", "@until-b"), *version)] == []
    assert [*contradictory_tags(("@since-b", "@until-b"), *version)] == []
    assert [*contradictory_tags(("@since-x", "@until-y"), *version)] == [], "versions that are not known here"


def test_each_version_has_two_tags() -> None:
    assert version_tags(["a", "b"]) == {"@since-a", "@since-b", "@until-a", "@until-b"}


@pytest.mark.parametrize(
    ("tags", "others", "meet"),
    [
        ((), (), True),
        (("@GAP-1",), ("@since-b",), True),
        (("@until-a",), ("@since-b",), False),
        (("@until-b",), ("@since-b",), True),
        (("@until-a",), ("@since-b", "@until-b"), False),
        (("@until-b",), ("@since-c",), False),
        (("@until-c",), ("@since-d",), False),
        (("@until-e",), ("@since-d",), True),
        (("@until-d",), ("@since-d",), True),
        (("@since-b", "@until-a"), (), False),
        (("@since-d",), ("@since-e",), True),
    ],
)
def test_two_examples_meet_if_a_version_may_have_both(tags: tuple[str, ...], others: tuple[str, ...], meet: bool) -> None:  # noqa: FBT001
    """The order of versions that are not known here is not known either, so they may meet."""
    assert may_overlap(tags, others, *V3) is may_overlap(others, tags, *V3) is meet
