"""Attempts: a request to cancel, of a case or of an order, packing that may fail, and a step that the order refuses; each needs a Then.

A request that cancels nothing, and packing that fails, leave an order that looks almost as before. So only a Then of the outcome, or
of the packing, counts. A step that someone *tries* must be impossible, and a Then must name the obstacle. The words of
the obstacles are in `steps.contract.obstacles`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sop_engine import Canceller, Decision, Outcome, PossibleDecision, Scope, SopError, Stage
from sop_engine.errors import ImpossibleStepError, UnitsError
from steps.contract.obstacles import TOO_MANY_UNITS, obstacles
from steps.definitions.decorators import parameter
from steps.driver.order_life import EventRejectedError, OrderLife
from steps.support.claims import Claims
from steps.support.order_steps import check_missing_units, in_words

if TYPE_CHECKING:
    from sop_engine.order import Order

RefusalError = ImpossibleStepError | UnitsError | EventRejectedError
"""How an order refuses an event: the first two if this project's engine keeps it, the last one if a server does."""

parameter(
    name="obstacle",
    regexp="its stock is reserved already|it is posted already|it is not posted yet|it is e-invoiced by RMS|its e-invoice is not made yet|its e-invoice is not pushed yet|it is on hold|it is not released yet|it is released already|its packing has failed|it is not packed yet|it is not made ready yet|it is not dispatched yet|it is cancelled",
)

OPEN_OUTCOME = "the outcome is an open question, and no Then says so; add `the outcome of the cancellation is an open question`"
POSSIBLE = "the order can do that, and the attempt changes nothing; write the When as a step that is taken, such as `the order is packed`"


class NoRequestError(SopError):
    """A Then about the request, where the latest When is not a request to cancel."""

    def __init__(self) -> None:
        super().__init__(
            "the When before this Then is not a request to cancel, and a request in a Given is an earlier one; "
            "let a When such as `the seller cancels the order` be followed by this Then"
        )


class EarlierAttemptError(SopError):
    """A Then about an impossible step, where another When has followed the attempt."""

    def __init__(self) -> None:
        super().__init__("another When has followed the attempt; put this Then after the When that it is about")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An attempt of a step that the *order* should refuse, and the *error* with which it did; None if the step was possible."""

    order: OrderLife
    error: RefusalError | None

    @property
    def reasons(self) -> list[str]:
        """Return the obstacles, in the words of the feature files; what a server says itself, if none of them applies."""
        if isinstance(self.error, EventRejectedError):
            return [*self.error.obstacles] or [self.error.reason]
        return obstacles(self.error, cast("Order", self.order))

    @property
    def units_left(self) -> int | list[str]:
        """Return how many units are left, if the request named more; otherwise the obstacles."""
        if isinstance(self.error, EventRejectedError):
            too_many = self.error.obstacles == (TOO_MANY_UNITS,)
        else:
            too_many = isinstance(self.error, UnitsError) and isinstance(self.error.units, int) and self.error.units > self.order.units
        return self.order.units if too_many else self.reasons

    def check_latest(self, claims: Claims) -> None:
        """Raise if another When has followed the attempt.

        Raises:
            EarlierAttemptError: this is not the latest attempt.
        """
        if claims.latest_result() is not self:
            raise EarlierAttemptError


def refusal_of(order: OrderLife, act: Callable[[], object], claims: Claims) -> Refusal:
    """Try *act* on *order* and return how it is refused; a Then must claim why."""
    error: RefusalError | None = None
    try:
        act()
    except (ImpossibleStepError, UnitsError, EventRejectedError) as refused:
        error = refused
    refusal = Refusal(order, error)
    advice = POSSIBLE if error is None else f"no Then says why it is impossible: {error.reason}; add `that is impossible, because …`"
    claims.attempt("refusal", result=refusal, advice=advice)
    return refusal


def cancel_by_request(order: OrderLife, canceller: Canceller, scope: Scope, units: int | None, claims: Claims) -> OrderLife:
    """Return *order* after a request to cancel; a Then must claim the outcome, unless the request is allowed."""
    answered, decision = order.cancel(canceller, scope, units)
    if decision.outcome is Outcome.ALLOWED:
        claims.attempt(result=decision)
    else:
        answer = in_words(decision.outcome)
        claims.attempt("outcome", result=decision, advice=f"the request {answer}, and no Then says so; add `the request {answer}`")
    return answered


def cancel_missing_units(order: OrderLife, scope: Scope, units: int | None, claims: Claims) -> OrderLife:
    """Return *order* after a request of the seller to cancel, because units are missing at packing.

    Raises:
        UntrueStepError: the order is not about to be packed.
    """
    check_missing_units(order)
    return cancel_by_request(order, Canceller.SELLER, scope, units, claims)


def attempt_of_case(decision: PossibleDecision, claims: Claims) -> None:
    """Record a cancellation of a case as an attempt: a Then must claim the outcome, unless one of the possible cases is allowed.

    The tasks of a cancellation that fails at packing fall due at packing, so a claim of them, or of their places, says so too.
    """
    outcomes = [outcome for outcome in Outcome if any(answer.outcome is outcome for answer in decision.decisions)]
    if Outcome.UNSPECIFIED in outcomes:
        claims.attempt("outcome", advice=OPEN_OUTCOME)
    elif Outcome.ALLOWED in outcomes:
        claims.attempt()
    else:
        facets = ["outcome", *(f"outcome, as for {stage}" for stage in Stage)]
        facets += ["tasks", "places"] if outcomes == [Outcome.FAILS_AT_PACKING] else []
        words = [in_words(outcome) for outcome in outcomes]
        remedy = f"add `the cancellation {words[0]}`" if len(words) == 1 else "state the fact on which it depends, or split the scenario"
        claims.attempt(*facets, advice=f"the cancellation {' or '.join(words)}, and no Then says so; {remedy}")


def request_in(order: OrderLife, claims: Claims) -> Decision:
    """Return the answer to the request in the latest When, which is the latest of *order*.

    Raises:
        NoRequestError: the latest When is not a request.
    """
    decision = claims.latest_result()
    if not isinstance(decision, Decision) or not order.cancellations or decision != order.cancellations[-1].decision:
        raise NoRequestError
    return decision


def try_to_pack(order: OrderLife, claims: Claims) -> OrderLife:
    """Return *order* after packing was tried; if it fails, a Then must claim the error or the stage."""
    packed = order.pack()
    if packed.packing_error:
        advice = "an error stops the packing, and no Then says so; add `an error stops the packing`"
        claims.attempt("packing error", "stage", advice=advice)
    else:
        claims.attempt()
    return packed
