"""Records of two small features, and changes that make their verdict bad."""

from tests.support.run_samples import Line

A = """Feature: A

  Rule: R
    Scenario: First
      Given a start
      Then it is so

  Scenario Outline: Of <n>
    Then it is <n>

    Examples:
      | n |
      | 1 |
      | 2 |
"""
B = """Feature: B

  @expected-to-fail
  Scenario: Known
    It is known why.
    Given a start
    Then it is so
"""
KNOWN = {("Known",): {"status": "failed", "step": 1, "expected": "x", "actual": "y", "message": "it is y, expected x"}}
NOW = {"a.feature": A.encode(), "b.feature": B.encode()}


def scenario(lines: list[Line], place: int = 0) -> Line:
    return [line for line in lines if line["type"] == "scenario"][place]


def counted(lines: list[Line], **counts: int) -> None:
    lines[-1]["counts"] |= counts


def without_claims(line: Line) -> None:
    line["claims"], line["steps"][-1]["claims"] = [], []
