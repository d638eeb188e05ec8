"""The pause of the collection of garbage ends, and changes nothing that was off."""

import gc
from collections.abc import Iterator

import pytest

from sop_engine.garbage_collection import collection_paused


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The collection is afterwards as it was before."""
    was_enabled = gc.isenabled()
    yield
    (gc.enable if was_enabled else gc.disable)()


@pytest.mark.parametrize("enabled", [True, False])
def test_collection_is_off_within_and_afterwards_as_before_also_after_an_error(enabled: bool) -> None:  # noqa: FBT001
    (gc.enable if enabled else gc.disable)()
    with collection_paused():
        assert not gc.isenabled()
        with collection_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled() is enabled
    with pytest.raises(ValueError, match="wrong"), collection_paused():
        raise ValueError("wrong")
    assert gc.isenabled() is enabled
