"""The engine's answer to the request of any operation that has a body."""

from collections.abc import Callable, Mapping
from typing import Any

from steps.contract.answers import answer_decisions, answer_return
from steps.contract.answers_of_orders import answer_cancelled_after_posting, answer_credit_note_ages, answer_order, answer_rsi
from steps.contract.cases import AnswerPart
from steps.contract.operations import CANCELLED_AFTER_POSTING, CREDIT_NOTE_AGES, DECISIONS, ORDERS, RETURNS, RSI, SIMULATIONS, Operation

_ANSWERS: Mapping[str, Callable[[Any], AnswerPart]] = {
    DECISIONS.id: answer_decisions,
    RETURNS.id: answer_return,
    ORDERS.id: answer_order,
    CANCELLED_AFTER_POSTING.id: answer_cancelled_after_posting,
    RSI.id: answer_rsi,
    CREDIT_NOTE_AGES.id: answer_credit_note_ages,
}


def answer(operation: Operation, request: Any) -> AnswerPart:
    """Return the answer of the engine, or of the simulator, to *request*, which has the type that *operation* asks for.

    Raises:
        SopError: there is no answer.
    """
    if operation is SIMULATIONS:
        from steps.contract.answers_of_simulations import answer_simulation  # noqa: PLC0415 (imports the simulator)

        return answer_simulation(request)
    return _ANSWERS[operation.id](request)
