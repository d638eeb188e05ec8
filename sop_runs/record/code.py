"""Comparison of the code of a run with other code, such as the present code."""

from collections.abc import Iterator

from sop_engine import SopError
from sop_runs.record.schema import CodeRecord

ALLOW_OTHER_CODE = "--allow-other-code"


class OtherCodeError(SopError):
    """A run of other code than the present code."""


def code_differences(then: CodeRecord, now: CodeRecord) -> str:
    """Return what differs between two states of the code, in words; empty if they are the same."""
    return ", ".join([*_differences_of_packages(then.packages, now.packages), *_differences_of_libraries(then.libraries, now.libraries)])


def _differences_of_packages(then: dict[str, str], now: dict[str, str]) -> Iterator[str]:
    for name in sorted(then.keys() | now.keys()):
        if name not in now:
            yield f"`{name}` is missing"
        elif name not in then:
            yield f"`{name}` was added"
        elif then[name] != now[name]:
            yield f"`{name}` changed"


def _differences_of_libraries(then: dict[str, str], now: dict[str, str]) -> Iterator[str]:
    for name in sorted(then.keys() | now.keys()):
        if then.get(name) != now.get(name):
            yield f"{name} is {now.get(name, 'missing')} instead of {then.get(name, 'missing')}"


def refuse_other_code(name: str, then: CodeRecord, now: CodeRecord, *, allow: bool) -> str:
    """Return a sentence on the differences of a run with *name* from the present code, empty if there are none.

    Raises:
        OtherCodeError: there are differences, and they are not allowed.
    """
    differences = code_differences(then, now)
    if not differences:
        return ""
    sentence = f"the run `{name}` was made by other code: {differences}"
    if not allow:
        raise OtherCodeError(f"{sentence}; run `sop verify` again, or accept this run with {ALLOW_OTHER_CODE}")
    return sentence
