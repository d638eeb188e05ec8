"""A log with every type of event and object, written as OCEL 2.0 in JSON and SQLite."""

import sqlite3
from contextlib import closing

import pytest

from tests.support.log_files import (
    WRITERS,
    everything,
    from_json,
    write,
)


@pytest.fixture(scope="session")
def case():
    return everything()


@pytest.fixture(scope="session")
def written(case, tmp_path_factory):
    experiment, log = case
    folder = tmp_path_factory.mktemp("ocel")
    for form in WRITERS:
        write(form, [log], experiment, 0, folder / f"log.{form}")
    return folder


@pytest.fixture(scope="session")
def content(written):
    return from_json(written / "log.json")


@pytest.fixture
def database(written):
    with closing(sqlite3.connect(written / "log.sqlite")) as database:
        yield database
