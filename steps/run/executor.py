"""Execution: the steps of one instance, one after the other, and what came of each.

Only a step whose binding returned is passed. Anything a binding raises, skips or exits with is an answer about that
scenario and never ends the run, except the user's own Ctrl-C.
"""

import inspect
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from types import GeneratorType

import pytest
from msgspec import Struct

from sop_runs.record.schema import Claim, StepError
from sop_runs.record.status import AMBIGUOUS, BROKEN, FAILED, NOT_RUN, PASSED, SKIPPED, UNDEFINED
from steps.definitions.decorators import StepDefinition
from steps.definitions.registry import Registry
from steps.language.examples import Example, StepLine
from steps.run.redaction import redact
from steps.run.time_limit import Limit, Unlimited
from steps.support.claims import ClaimError, Claims
from steps.support.driver import Driver, EngineDriver

NO_CLAIM = "this Then claimed nothing, so nothing was checked; its binding must compare with `claims.check(…)`"
_OWN_FILES = frozenset({__file__, Limit.watch.__code__.co_filename})

Fixture = Callable[[str], object]
"""Gives the value of a fixture that no step has set."""


class BindingError(Exception):
    """A binding did something that no binding may do."""


@dataclass(slots=True)
class StepResult:
    """What came of one step; *error* is what the record says, *trace* what only the terminal shows."""

    status: str = SKIPPED
    error: StepError | None = None
    claims: list[int] = field(default_factory=list)
    trace: str = ""


@dataclass(slots=True)
class Result:
    """What came of one instance."""

    steps: list[StepResult]
    claims: Claims

    @property
    def status(self) -> str:
        """That of the first step which did not pass; an instance without steps has not run."""
        return next((step.status for step in self.steps if step.status != PASSED), PASSED if self.steps else NOT_RUN)

    def recorded(self) -> "ExampleResult":
        """The result as the recorder takes it."""
        steps = [StepOutcome(step.status, step.error, step.claims) for step in self.steps]
        return ExampleResult(self.status, steps, list(self.claims.entries))


class StepOutcome(Struct):
    """What came of one step, for the record; `claims` count into those of the example."""

    status: str
    error: StepError | None
    claims: list[int]


class ExampleResult(Struct):
    """What came of one example, in a form that can go from a worker to the recorder.

    `steps` is None where the process that ran it ended before it could say, and `message` says how.
    """

    status: str
    steps: list[StepOutcome] | None
    claims: list[Claim]
    message: str = ""


def execute(example: Example, registry: Registry, fixture: Fixture, driver: Driver | None = None, limit: Limit | None = None) -> Result:
    """Run the steps of *instance* until one does not pass, or the time of *limit* is over."""
    claims = Claims()
    values: dict[str, object] = {"driver": driver or EngineDriver(), "claims": claims}
    run = _Run(registry, fixture, values, limit or Unlimited())
    result = Result([StepResult() for _ in example.steps], claims)
    with run.limit:
        _run_steps(run, example, result)
        _finish_generators(run, result)
    return result


def _run_steps(run: "_Run", example: Example, result: Result) -> None:
    claims = result.claims
    for number, (step, step_result) in enumerate(zip(example.steps, result.steps, strict=True)):
        claims.step, first = number, len(claims.entries)
        _run_step(run, step, step_result)
        step_result.claims = list(range(first, len(claims.entries)))
        if step_result.status == PASSED and not all(claim.holds for claim in claims.entries[first:]):
            step_result.status, step_result.error = FAILED, _claims_error(ClaimError(claims.entries[first:]))
        if step_result.status == PASSED and step.kind == "then" and not step_result.claims:
            step_result.status, step_result.error = BROKEN, _step_error(NO_CLAIM)
        if step_result.status != PASSED:
            break


@dataclass(slots=True)
class _Run:
    registry: Registry
    fixture: Fixture
    values: dict[str, object]
    limit: Unlimited
    opened: list["GeneratorType[object, None, object]"] = field(default_factory=list)

    def call(self, definition: StepDefinition, step: StepLine) -> None:
        arguments = definition.sentence.arguments(step.text)
        fixtures = {name: self._value(name, step) for name in definition.fixtures}
        value = definition.function(*arguments, **fixtures)
        if isinstance(value, GeneratorType):
            self.opened.append(value)
            value = next(value)
        elif inspect.isawaitable(value):
            raise BindingError("the binding is asynchronous, so nothing ran")
        if definition.target_fixture is not None:
            self.values[definition.target_fixture] = value

    def _value(self, name: str, step: StepLine) -> object:
        if name == "datatable":
            return [list(row) for row in step.table or ()]
        if name == "docstring":
            return step.docstring
        return self.values[name] if name in self.values else self.fixture(name)


def _run_step(run: _Run, step: StepLine, step_result: StepResult) -> None:
    matches = run.registry.match(step.kind, step.text)
    if len(matches) != 1:
        step_result.status = AMBIGUOUS if matches else UNDEFINED
        sentences = " and ".join(f"`{match.definition}`" for match in matches)
        step_result.error = _step_error(f"the step fits {sentences}" if matches else "no sentence is known for this step")
        return
    definition = matches[0].definition
    try:
        run.limit.watch(lambda: run.call(definition, step))
    except KeyboardInterrupt:
        raise
    except ClaimError as error:
        step_result.status, step_result.error = FAILED, _claims_error(error)
    except BaseException as error:  # noqa: BLE001 - pytest.skip, sys.exit and the like must not get away
        step_result.status, step_result.error = BROKEN, _step_error(explain(error, definition.file))
        step_result.trace = "" if isinstance(error, BindingError) else _trace(error)
    else:
        step_result.status = PASSED
    if run.limit.over:
        step_result.status, step_result.error = BROKEN, _step_error(run.limit.sentence(definition.place))


def _finish_generators(run: _Run, result: Result) -> None:
    """Let the bindings that yielded finish, the last one first."""
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
            message, trace = "the binding yields twice", ""
        if run.limit.over:
            message = run.limit.sentence(f"{code.co_filename}:{code.co_firstlineno}")
        if message:
            _break_last_step(result, message, trace)


def _break_last_step(result: Result, message: str, trace: str) -> None:
    last = result.steps[-1]
    if result.status == PASSED:
        last.status, last.error, last.trace = BROKEN, _step_error(f"after the last step: {message}"), trace


def _claims_error(error: ClaimError) -> StepError:
    first = error.claims[0]
    return StepError(redact(str(error)), first.expected, first.actual)


def _step_error(message: str) -> StepError:
    return StepError(redact(message))


def explain(error: BaseException, file: str) -> str:
    """What a binding raised, in one sentence, with the last line of *file* that was at work."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    where = f" ({file}:{lines[-1]})" if lines else ""
    if isinstance(error, (pytest.skip.Exception, pytest.xfail.Exception)):
        return f"the binding wants to skip, and a scenario cannot be skipped: {error}{where}"
    if isinstance(error, (SystemExit, pytest.exit.Exception)):
        return f"the binding wants to end the run: {type(error).__name__}: {error}{where}"
    message = str(error)
    if isinstance(error, BindingError):
        return message
    return f"{type(error).__name__}{f': {message}' if message else ''}{where}"


def _trace(error: BaseException) -> str:
    """The traceback without our own frames at its beginning."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename in _OWN_FILES:
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames))
