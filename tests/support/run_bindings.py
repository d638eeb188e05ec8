"""Step definitions for the tests of the runner: a few good ones, and one for every way in which one can misbehave."""

# ruff: noqa: ARG001 (every step takes the number, so that the step that gives it is used)

import asyncio
import atexit
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest

from steps.definitions import decorators
from steps.definitions.decorators import ANY_SENTENCE, given, parameter, when
from steps.definitions.tables import Column, FilledTable, Kind, Table
from steps.support.claims import ClaimError, Claims

then = partial(decorators.then, when_optional=True)
"""These tests need no event: the Thens look at the number itself."""
ABOUT = {"kind": "experiment", "name": "of the tests"}


@pytest.fixture
def dozen() -> int:
    return 12


@given("a number {int}", target_fixture="number")
def _(number: int) -> int:
    return number


@given("a dozen", target_fixture="number")
def _(dozen: int) -> int:
    return dozen


@given("an opened number {int}", target_fixture="number")
def _(number: int) -> Iterator[int]:
    yield number


@given("a number {int} that cannot be closed", target_fixture="number")
def _(number: int) -> Iterator[int]:
    yield number
    raise RuntimeError("it does not close")


parameter(name="remark", regexp=".+")


@given("a remark {remark}", target_fixture="number", follows=[ANY_SENTENCE])
def _(remark: str, number: int) -> int:
    """Whatever it says."""
    return number


@when("{int} is added", target_fixture="number")
def _(more: int, number: int) -> int:
    return number + more


@when("{int} ms go by")
def _(pause: int, number: int) -> None:
    time.sleep(pause / 1000)


@then("the number is {int}")
def _(expected: int, number: int, claims: Claims) -> None:
    claims.check(ABOUT, "number", expected, number)


@then("the number is {int}, and its double {int}")
def _(expected: int, double: int, number: int, claims: Claims) -> None:
    claims.check(ABOUT, "number", expected, number)
    claims.check(ABOUT, "double", double, number * 2)


@then("the numbers are", table=Table((Column("one", Kind("text")), Column("other", Kind("text"))), heading=False))
def _(datatable: FilledTable, number: int, claims: Claims) -> None:
    claims.check_all(
        ABOUT,
        [("cell", cell, str(number), (row, column)) for row, cells in enumerate(datatable.texts) for column, cell in enumerate(cells)],
    )


@then("the note is")
def _(docstring: str, number: int, claims: Claims) -> None:
    claims.check(ABOUT, "note", docstring, str(number))


@then("the process ends at once")
def _(number: int) -> None:
    os._exit(0)


@then("the process will end with {int}")
def _(status: int, claims: Claims, number: int) -> None:
    claims.check(ABOUT, "status", status, status)
    atexit.register(os._exit, status)


@then("the process is killed")
def _(number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@then("somebody presses Ctrl-C")
def _(number: int) -> None:
    raise KeyboardInterrupt


@then("the binding exits with {int}")
def _(status: int, number: int) -> None:
    sys.exit(status)


@then("pytest is told to exit")
def _(number: int) -> None:
    pytest.exit("enough", 0)


@then("the binding skips")
def _(number: int) -> None:
    pytest.skip("not today")


@then("the binding expects to fail")
def _(number: int) -> None:
    pytest.xfail("known")


@then("the binding raises")
def _(number: int) -> None:
    raise ValueError("units must be positive")


@then("the binding raises an object at an address")
def _(number: int) -> None:
    raise ValueError(f"{object()} in {Path.cwd()}")


@then("the binding asserts")
def _(number: int) -> None:
    _dream()


def _dream() -> None:
    """Assert where the lint does not look: not in the binding itself."""
    assert sys.platform == "a machine of dreams"


@then("the binding checks nothing")
def _(number: int) -> None:
    """It returns, and nothing was claimed."""


@then("the binding is asynchronous")
async def _(number: int) -> None:
    await asyncio.sleep(0)


@then("the binding is an asynchronous generator")
async def _(number: int) -> AsyncIterator[None]:
    yield None


@then("the binding swallows what it finds")
def _(claims: Claims, number: int) -> None:
    try:
        claims.check(ABOUT, "number", 1, 2)
    except ClaimError:
        return


@then("the binding claims what JSON cannot say")
def _(claims: Claims, number: int) -> None:
    claims.check(ABOUT, "number", float("nan"), float("nan"))


@then("the binding says half a character")
def _(claims: Claims, number: int) -> None:
    claims.check(ABOUT, "half", "\udc80", "\ud83d ü")


@then("the binding raises half a character")
def _(number: int) -> None:
    raise RuntimeError("\udc80")


@then("the file {string} is changed")
def _(name: str, claims: Claims, number: int) -> None:
    claims.check(ABOUT, "name", name, name)
    with Path(name).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")


@then("the file {string} appears")
def _(name: str, claims: Claims, number: int) -> None:
    claims.check(ABOUT, "name", name, name)
    Path(name).write_text("Feature: Late\n\n  Scenario: Late\n    Then the binding raises\n", encoding="utf-8")


@when("a loop of Python does not end")
def _(number: int) -> None:
    while True:
        pass


@when("a loop of Python does not end and swallows what it can")
def _(number: int) -> None:
    until = time.monotonic() + 0.7
    while time.monotonic() < until:
        try:
            while time.monotonic() < until:
                time.sleep(0.01)
        except BaseException:  # noqa: BLE001, S112 - it swallows the alarm
            continue


@when("a loop of C does not end")
def _(number: int) -> None:
    sum(range(1 << 62))


@given("an opened number {int} that takes for ever to close", target_fixture="number")
def _(number: int) -> Iterator[int]:
    yield number
    time.sleep(60)


@pytest.fixture
def lent() -> Iterator[int]:
    yield 7
    raise RuntimeError("it is not given back")


@pytest.fixture
def unready() -> int:
    raise RuntimeError("it is not ready")


@pytest.fixture(scope="session")
def counted() -> Iterator[list[int]]:
    asked: list[int] = []
    yield asked
    assert len(asked) != 3, "three is too many"


@given("a number that is lent", target_fixture="number")
def _(lent: int) -> int:
    return lent


@given("a number that is not ready", target_fixture="number")
def _(unready: int) -> int:
    return unready


@given("a number that is logged", target_fixture="number")
def _(caplog: pytest.LogCaptureFixture) -> int:
    logging.getLogger().warning("it is logged")
    return len(caplog.records)


@given("the number of times this was asked", target_fixture="number")
def _(counted: list[int]) -> int:
    counted.append(1)
    return len(counted)
