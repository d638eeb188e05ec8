"""pytest plugin for stock pytest-bdd: the step definitions and fixtures of this program, for ``scenarios("features")`` in a test module.

``pytest_plugins = ["steps.support.stock"]`` in a conftest.py is enough. Step definitions that ``[tool.sop]`` names are included. As in
`sop verify`, a Then without a claim fails, and so does a step that withdraws a claim or catches the error of a false one.
"""

from collections.abc import Callable, Iterator

import pytest
import pytest_bdd  # noqa: F401 - where it is loaded, step definitions are defined for it too

from sop_engine import SopError
from steps.definitions.own_fixtures import reserved_for_node
from steps.definitions.settings import binding_modules
from steps.driver.in_process import EngineDriver
from steps.driver.protocol import Driver
from steps.support.claims import NO_CLAIM, WITHDRAWN, ClaimError, Claims, Seal

_SEAL = pytest.StashKey[Seal]()
_STEP = pytest.StashKey[tuple[int, int]]()
"""Number of the current step, and number of claims before it."""


def pytest_configure(config: pytest.Config) -> None:
    """Register every module with step definitions as a plugin, so that pytest-bdd finds the steps."""
    try:
        modules = binding_modules(config.rootpath, ()).load()
    except SopError as error:
        raise pytest.UsageError(str(error)) from None
    for module in modules:
        if not config.pluginmanager.is_registered(module):
            config.pluginmanager.register(module, module.__name__)


@pytest.fixture
def claims(request: pytest.FixtureRequest) -> Iterator[Claims]:
    """The claims of one example; an attempt whose result no Then claims is an error, and so is a claim withdrawn after the last step."""
    seal = _seal_of(request.node)
    yield seal.claims
    assert not seal.is_broken(), WITHDRAWN
    advice = "; ".join(attempt.advice for attempt in seal.claims.unclaimed_attempts())
    assert not advice, advice


@pytest.fixture
def driver() -> Driver:
    """The engine in the same process."""
    return EngineDriver()


@pytest.hookimpl(optionalhook=True)
def pytest_bdd_before_scenario(request: pytest.FixtureRequest) -> None:
    """Fail a scenario to which pytest would give fixtures of a user instead of those above."""
    findings = [finding.at(str(file)) for file, finding in reserved_for_node(request.node)]
    if findings:
        pytest.fail("\n".join(dict.fromkeys(findings)), pytrace=False)


@pytest.hookimpl(optionalhook=True)
def pytest_bdd_before_step(request: pytest.FixtureRequest) -> None:
    """Begin a step."""
    seal = _seal_of(request.node)
    number, _ = request.node.stash.get(_STEP, (-1, 0))
    request.node.stash[_STEP] = number + 1, len(seal.entries)
    seal.begin(number + 1)


@pytest.hookimpl(optionalhook=True)
def pytest_bdd_after_step(request: pytest.FixtureRequest, step: object, step_func: Callable[..., object]) -> None:
    """Fail a step that returned, but withdrew a claim, made a false one, or made none although it is a Then."""
    seal = _seal_of(request.node)
    _, before = request.node.stash[_STEP]
    new = seal.entries[before:]
    kind, words = getattr(step, "type", ""), f"{getattr(step, 'keyword', '')} {getattr(step, 'name', '')}".strip()
    code = getattr(step_func, "__code__", None)
    place = f" ({code.co_filename}:{code.co_firstlineno})" if code is not None else ""
    if seal.is_broken():
        pytest.fail(f"{words}: {WITHDRAWN}{place}", pytrace=False)
    if not all(claim.holds for claim in new):
        raise ClaimError(new)
    if kind == "then" and not new:
        pytest.fail(f"{words}: {NO_CLAIM}{place}", pytrace=False)


def _seal_of(node: pytest.Item) -> Seal:
    """Return the seal of the claims of the scenario that *node* runs."""
    return node.stash.setdefault(_SEAL, Seal())
