"""Executor: runs the steps of one example in order and returns the result of each.

A step passes only if its step definition returns. If it raises, skips or exits, that breaks this example and never ends the
run, except for the user's own Ctrl-C.
"""

import inspect
import traceback
from collections import Counter
from collections.abc import Callable
from time import perf_counter_ns
from types import AsyncGeneratorType, GeneratorType, UnionType
from typing import Any

import pytest
from msgspec import Struct

from sop_engine import SopError
from sop_engine.text import quoted
from sop_runs.claim_messages import failure_lines
from sop_runs.record.schema import Claim, StepError
from sop_runs.record.status import AMBIGUOUS, BROKEN, FAILED, KNOWN_FAILURE, NOT_SUPPORTED, PASSED, SKIPPED, UNDEFINED, status_of_steps
from steps.definitions.decorators import OWN_FIXTURES, StepDefinition
from steps.definitions.redaction import redact
from steps.definitions.registry import Match, Registry
from steps.definitions.tables import FilledTable, Table
from steps.driver.in_process import EngineDriver
from steps.driver.protocol import Driver, NotSupportedError
from steps.language.examples import FAILS, Example, StepLine
from steps.run.time_limit import Limit, Unlimited
from steps.support.claims import NO_CLAIM, WITHDRAWN, Attempt, ClaimError, Claims, Seal

UNSAID = "a known failure must say exactly what fails; below its reason, add"
IDLE = "nothing fails like this; delete from the reason of the known failure"
HIDDEN = "after this known failure line {line} fails too, {step}, and the tag would hide it; make a scenario of its own for one of them"
UNREAD = "no later step used what this step gave, so it changed nothing; delete it, or use a step that depends on it"
UNREAD_COLUMN = (
    "no step definition read the column `{}` of this table, so its values changed nothing; delete the column, or have a developer use it"
)
NO_FALSE_CLAIM = "every claim of this step holds, but its step definition raised a ClaimError; it must compare with `claims.check(…)`"
AFTER_FALSE_CLAIM = (
    "after a claim that does not hold, the step definition raised an error, which the tag would hide; check the claims together, "
    "with `claims.check_all(…)`, or mend the error"
)
_OWN_FILES = frozenset({__file__, Limit.watch.__code__.co_filename})

Fixture = Callable[[str], object]
"""Returns the value of a fixture that no step has set."""


class BindingError(Exception):
    """A step definition did something that is not allowed, or needs a fixture that does not exist."""


class StepResult(Struct):
    """Result of one step; *error* goes into the record, *trace* only to the terminal, *nanoseconds* into a file beside the record."""

    status: str = SKIPPED
    error: StepError | None = None
    claims: list[int] = []
    trace: str = ""
    nanoseconds: int = 0


class Result(Struct):
    """Result of one example; *assigned* is the number of claims that the steps have so far."""

    steps: list[StepResult]
    seal: Seal
    assigned: int = 0

    @property
    def claims(self) -> Claims:
        """The claims of the example, as its step definitions have them."""
        return self.seal.claims

    @property
    def status(self) -> str:
        """The status of the first step that did not pass, of those that are supported if there is one; without steps, it has not run."""
        return status_of_steps([step.status for step in self.steps])

    def recorded(self) -> "ExampleResult":
        """Return the result in the form that the recorder takes."""
        steps = [StepOutcome(step.status, step.error, step.claims, step.nanoseconds) for step in self.steps]
        return ExampleResult(self.status, steps, list(self.seal.entries))


class StepOutcome(Struct):
    """Result of one step, for the record; `claims` has indexes into the claims of the example."""

    status: str
    error: StepError | None
    claims: list[int]
    nanoseconds: int = 0


class ExampleResult(Struct):
    """Result of one example, in a form that a worker can send to the recorder.

    `steps` is None if the process ended before it reported the example; `message` then gives the reason. `calls` and `retries` are those to
    a server that is tested, `given_up` its operations that the process does not call again.
    """

    status: str
    steps: list[StepOutcome] | None
    claims: list[Claim]
    message: str = ""
    calls: int = 0
    retries: int = 0
    given_up: tuple[str, ...] = ()


def execute(example: Example, registry: Registry, fixture: Fixture, driver: Driver | None = None, limit: Limit | None = None) -> Result:
    """Run the steps of *example* until one does not pass or *limit* is exceeded."""
    seal = Seal(collects=KNOWN_FAILURE in example.tags)
    values: dict[str, object] = dict(zip(OWN_FIXTURES, (seal.claims, driver or EngineDriver()), strict=True))
    run = _Run(registry, fixture, values, limit or Unlimited())
    result = Result([StepResult() for _ in example.steps], seal)
    with run.limit:
        _run_steps(run, example, result)
        _check_attempts(example, result)
        _break_unread(run, example, result)
        _finish_generators(run, result)
    if result.steps:
        _add_claims(result, seal.step)  # those of generators
        if seal.is_broken() and all(step.status != BROKEN for step in result.steps):
            result.steps[seal.step].status, result.steps[seal.step].error = BROKEN, _step_error(f"after the last step: {WITHDRAWN}")
    return result


def _run_steps(run: "_Run", example: Example, result: Result) -> None:
    for number, (step, step_result) in enumerate(zip(example.steps, result.steps, strict=True)):
        run.number = number
        result.seal.begin(number)
        began = perf_counter_ns()
        _run_step(run, step, step_result, result.seal)
        step_result.nanoseconds = perf_counter_ns() - began
        _add_claims(result, number)
        if step_result.status == PASSED and step.kind == "then" and not step_result.claims:
            step_result.status, step_result.error = BROKEN, _step_error(NO_CLAIM)
        if step_result.status == NOT_SUPPORTED and step.kind == "then":
            continue  # the rest of the answer is judged
        if step_result.status != PASSED:
            if step_result.status == FAILED and KNOWN_FAILURE in example.tags:
                _run_hidden_steps(run, example, result)
                _check_failures(example, result, step_result)
            break


def _check_failures(example: Example, result: Result, failed: StepResult) -> None:
    """Break a known failure whose description does not say exactly what fails."""
    actual = Counter(map(redact, failure_lines([result.seal.entries[index] for index in failed.claims])))
    stated = Counter(example.failures)
    if failed.status == FAILED and actual != stated:
        parts = ((UNSAID, actual - stated), (IDLE, stated - actual))
        messages = ["\n".join([head, *(f"{FAILS} {line}" for line in lines.elements())]) for head, lines in parts if lines]
        failed.status, failed.error = BROKEN, _step_error("\n".join(messages))


def _run_hidden_steps(run: "_Run", example: Example, result: Result) -> None:
    """Run the steps behind a known failure and break it if one of them fails, because the tag would hide that; record none of them."""
    first, failed = run.number, result.steps[run.number]
    tried = Seal(collects=True, earlier=result.seal)
    run.values["claims"] = tried.claims
    for number in range(first + 1, len(example.steps)):
        step, hidden = example.steps[number], StepResult()
        run.number = number
        tried.begin(number)
        before = len(tried.entries)
        _run_step(run, step, hidden, tried)
        claims = tried.entries[before:]
        if hidden.status == PASSED and not all(claim.holds for claim in claims):
            hidden.status, hidden.error = FAILED, _claims_error(ClaimError(claims))
        if hidden.status == PASSED and step.kind == "then" and not claims:
            hidden.status, hidden.error = BROKEN, _step_error(NO_CLAIM)
        if hidden.status != PASSED:
            message = HIDDEN.format(line=step.line, step=quoted(step.words))
            details = [error.message for error in (failed.error, hidden.error) if error is not None]
            failed.status, failed.error = BROKEN, _step_error("\n".join([message, *details]))
            break
    _check_hidden_attempts(example, tried, failed)
    run.values["claims"] = result.claims
    run.number = first


def _check_hidden_attempts(example: Example, tried: Seal, failed: StepResult) -> None:
    """Break a known failure if no Then, before or behind the failed step, claims the result of an attempt, because the tag would hide that."""
    for attempt in tried.claims.unclaimed_attempts() if failed.status == FAILED else ():
        details = f"\n{failed.error.message}" if failed.error else ""
        failed.status, failed.error = BROKEN, _step_error(f"{_attempt_message(example, attempt)}{details}")


def _break_unread(run: "_Run", example: Example, result: Result) -> None:
    """Break an example that passed although a Given or When gave a value that no later step took, or a column that none read."""
    if (run.unread or run.tables) and result.status == PASSED:
        for number, table in run.tables:
            for column in table.unread[:1]:
                result.steps[number].status, result.steps[number].error = BROKEN, _step_error(UNREAD_COLUMN.format(column))
        for number, (step, step_result) in enumerate(zip(example.steps, result.steps, strict=True)):
            if step.kind != "then" and number in run.unread:
                step_result.status, step_result.error = BROKEN, _step_error(UNREAD)


def _add_claims(result: Result, number: int) -> None:
    """Add the new claims to a step, which has failed if and only if a claim of it does not hold."""
    entries, step = result.seal.entries, result.steps[number]
    if len(entries) == result.assigned and step.status == PASSED:
        return
    step.claims += range(result.assigned, len(entries))
    result.assigned = len(entries)
    claims = [entries[index] for index in step.claims]
    all_hold = all(claim.holds for claim in claims)
    if step.status == PASSED and not all_hold:
        step.status, step.error = FAILED, _claims_error(ClaimError(claims))
    if step.status == FAILED and all_hold:
        step.status, step.error = BROKEN, _step_error(NO_FALSE_CLAIM)


class _Run(Struct):
    registry: Registry
    fixture: Fixture
    values: dict[str, object]
    limit: Unlimited
    number: int = 0
    """The number of the current step."""
    opened: list["GeneratorType[object, None, object]"] = []
    producers: dict[str, int] = {}
    """The step that produced each value last."""
    unread: set[int] = set()
    """The steps whose values no later step has taken."""
    tables: list[tuple[int, FilledTable]] = []
    """The declared tables of the steps, with the number of their step."""

    def call(self, match: Match, step: StepLine) -> None:
        definition = match.definition
        fixtures = {name: self._value(name, step, definition.table) for name in definition.fixtures}
        value = definition.function(*match.values, **fixtures)
        if isinstance(value, GeneratorType):
            self.opened.append(value)
            value = next(value)
        elif getattr(type(value), "__await__", None) is not None or isinstance(value, AsyncGeneratorType):
            raise BindingError("the step definition is asynchronous, so nothing ran; define it with `def`, not `async def`")
        if definition.target_fixture is not None:
            self.values[definition.target_fixture] = value
            self.producers[definition.target_fixture] = self.number
            self.unread.add(self.number)

    def value_of_another_kind(self, definition: StepDefinition) -> str:
        """Return what is wrong if a step takes a result of another kind than its step definition declares, else an empty text."""
        kinds = inspect.get_annotations(inspect.unwrap(definition.function))
        for name in definition.fixtures:
            if name in self.producers and not _may_be(self.values.get(name), kinds.get(name)):
                return f"this step is not about the result of step {self.producers[name] + 1}; put it after the step that it is about"
        return ""

    def _value(self, name: str, step: StepLine, table: Table | None) -> object:
        if name == "datatable":
            cells = [list(row) for row in step.table or ()]
            if table is None or not cells:
                return cells
            self.tables.append((self.number, table.filled(cells)))
            return self.tables[-1][1]
        if name == "docstring":
            return step.docstring
        self.unread.discard(self.producers.get(name, -1))
        return self.values[name] if name in self.values else self.fixture(name)


def _may_be(value: object, kind: object) -> bool:
    """Return whether *value* is of the type hint *kind*, also where that cannot be tested, as of most protocols and generic types."""
    if not isinstance(kind, type | UnionType) or kind is Any:
        return True
    try:
        return isinstance(value, kind)
    except Exception:  # noqa: BLE001 (a hint may have a test of its own)
        return True


def _run_step(run: _Run, step: StepLine, step_result: StepResult, seal: Seal) -> None:
    matches = run.registry.match(step.kind, step.text)
    if len(matches) != 1:
        step_result.status = AMBIGUOUS if matches else UNDEFINED
        sentences = " and ".join(f"`{match.definition}`" for match in matches)
        step_result.error = _step_error(f"the step matches {sentences}" if matches else "no step sentence matches this step")
        return
    definition, before = matches[0].definition, len(seal.entries)
    try:
        run.limit.watch(lambda: run.call(matches[0], step))
    except KeyboardInterrupt:
        raise
    except ClaimError as error:
        step_result.status, step_result.error = FAILED, _claims_error(error) if error.claims else None
    except NotSupportedError as error:
        step_result.status, step_result.error = NOT_SUPPORTED, _step_error(str(error))
    except BaseException as error:  # noqa: BLE001 - also pytest.skip, sys.exit and the like
        step_result.status, step_result.error = (
            BROKEN,
            _step_error(run.value_of_another_kind(definition) or explain(error, definition.file)),
        )
        step_result.trace = "" if isinstance(error, BindingError) else _trace(error)
    else:
        step_result.status = PASSED
    if seal.claims.collects and step_result.status == BROKEN and not all(claim.holds for claim in seal.entries[before:]):
        details = step_result.error.message if step_result.error else ""
        step_result.error = _step_error(f"{AFTER_FALSE_CLAIM}: {details}")
    if seal.is_broken(thorough=False):
        step_result.status, step_result.error = BROKEN, _step_error(f"{WITHDRAWN} ({definition.place})")
    if run.limit.is_exceeded:
        step_result.status, step_result.error = BROKEN, _step_error(run.limit.sentence(definition.place))


def _check_attempts(example: Example, result: Result) -> None:
    """Break an example that passed although no Then claims the result of one of its attempts; name the When."""
    for attempt in result.claims.unclaimed_attempts() if result.claims.has_attempts and result.status == PASSED else ():
        _break_last_step(result, _attempt_message(example, attempt))


def _attempt_message(example: Example, attempt: Attempt) -> str:
    step = example.steps[attempt.step]
    return f"line {step.line}, `{step.keyword} {step.text}`: {attempt.advice}"


def _finish_generators(run: _Run, result: Result) -> None:
    """Finish the step definitions that yielded, in reverse order; their time is added to that of the last step."""
    began = perf_counter_ns()
    for generator in reversed(run.opened):
        code = generator.gi_code
        try:
            run.limit.watch(generator.__next__)
        except StopIteration:
            message, trace = "", ""
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - as above
            message, trace = explain(error, code.co_filename), _trace(error)
        else:
            message, trace = "the step definition yields twice; let it yield once", ""
        if run.limit.is_exceeded:
            message = run.limit.sentence(f"{code.co_filename}:{code.co_firstlineno}")
        if message:
            _break_last_step(result, message, trace)
    if run.opened:
        result.steps[-1].nanoseconds += perf_counter_ns() - began


def _break_last_step(result: Result, message: str, trace: str = "") -> None:
    last = result.steps[-1]
    if result.status == PASSED:
        last.status, last.error, last.trace = BROKEN, _step_error(f"after the last step: {message}"), trace


def _claims_error(error: ClaimError) -> StepError:
    first = error.claims[0]
    return StepError(redact(str(error)), first.expected, first.actual)


def _step_error(message: str) -> StepError:
    return StepError(redact(message))


def explain(error: BaseException, file: str) -> str:
    """Return what a step definition raised, in one sentence, with the last executed line of *file*."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    where = f" ({file}:{lines[-1]})" if lines else ""
    if isinstance(error, (pytest.skip.Exception, pytest.xfail.Exception)):
        return f"the step definition tried to skip, but an example cannot be skipped: {error}{where}"
    if isinstance(error, (SystemExit, pytest.exit.Exception)):
        return f"the step definition tried to end the run: {type(error).__name__}: {error}{where}"
    message = str(error)
    if isinstance(error, (BindingError, SopError)) and message:  # about what the feature says; the trace has the place in the code
        return message
    return f"{type(error).__name__}{f': {message}' if message else ''}{where}"


def _trace(error: BaseException) -> str:
    """Return the traceback without the frames of this program at its beginning."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename in _OWN_FILES:
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames))
