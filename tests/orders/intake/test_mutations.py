"""Twenty thousand mutated exports: rows are conserved, and nothing crashes; a million with NIGHTLY=1."""

import os

import pytest

from tests.support.intake_mutations import run

PARTS = 10
FILES = 1_000_000 if os.environ.get("NIGHTLY") else 20_000


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_rows_of_mutated_files_are_conserved(part):
    size = FILES // PARTS

    counts = run(part * size, size)

    assert sum(counts.values()) == size
    assert counts["read"] > counts["refused"]
