"""Parts of a stream of Cucumber Messages: those of one kind, and the results of steps by example."""

from collections.abc import Iterator


def of(messages, kind):
    return [message[kind] for message in messages if kind in message]


def steps_of_cases(messages) -> Iterator[tuple[str, list[dict]]]:
    """Name of the example, and the results of its steps in order."""
    pickles = {pickle["id"]: pickle for pickle in of(messages, "pickle")}
    cases = {case["id"]: case for case in of(messages, "testCase")}
    results: dict[str, list] = {}
    for finished in of(messages, "testStepFinished"):
        results.setdefault(finished["testCaseStartedId"], []).append(finished)
    for started in of(messages, "testCaseStarted"):
        case = cases[started["testCaseId"]]
        results_of_case = results.get(started["id"], [])
        assert [message["testStepId"] for message in results_of_case] == [step["id"] for step in case["testSteps"]]
        yield pickles[case["pickleId"]]["name"], [message["testStepResult"] for message in results_of_case]
