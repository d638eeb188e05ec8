"""A run with every way an example can end, and its exports; real bindings, real record."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reports.export.run_files import write_exports
from sop_runs.record.durations import DURATIONS
from steps.definitions.discovery import BindingModules
from steps.run.runner import run

BINDINGS = BindingModules(("tests.support.run_bindings",))
Line = dict[str, Any]

FEATURES: dict[str, str | bytes] = {
    "a/latin.feature": "Feature: Straße\n".encode("latin-1"),
    "a/unsound.feature": "Feature: Unsound\n\n  Background:\n    Given a number 1\n  Scenario: Sound\n    Then the number is 1\n\n  Scenario: Empty\n",
    "b.feature": """# language: en
@GAP-14
Feature: Every way it can end
  In *prose* & <b>more</b>, with GAP-14, GAP-35 and GAP-43.

  Background: First of all
    Given a number 1

  # a remark
  Rule: Adding

    Background:
      Given a remark "quoted" and 😀 more

    @GAP-43
    Scenario Outline: Adding <more>
      When <more> is added
      Then the number is <sum>

      @GAP-35 @simulation
      Examples: sums
        | more | sum |
        | 1    | 2   |
        | 2    | 4   |

      Examples: the rest
        | more | sum |
        | 3    | 4   |

  Rule: Arguments

    Scenario: In a table and a note ünï 😀
      Then the numbers are
        | 1 | 1 |
        | 1 | 7 |
      And the note is
        \"\"\"json
        1 <two> \\\\ | &
          three
        \"\"\"

    Scenario: Broken
      Given a remark 😀 before
      Then the binding raises an object at an address
""",
    "c.feature": "Feature: Fine\n\n  Scenario: Fine\n    Given a number 12\n    Then the number is 12\n",
    "c/known.feature": """Feature: Known

  @expected-to-fail
  Scenario: Known to fail
    Because nobody has mended it.
    Fails: the number of experiment of the tests: expected 13, got 12

    Given a dozen
    Then the number is 13
    And the number is 12

  @expected-to-fail
  Scenario: Known, and mended
    Because somebody has mended it.

    Given a dozen
    Then the number is 12
""",
    "d.feature": """Feature: Not bound

  Rule: Nobody knows

    Scenario Outline: A step nobody knows
      Given a number <x>
      When something "odd" happens
      Then the number is 3

      Examples:
        | x |
        | 3 |
        | x |
""",
    "e.feature": "Feature: Torn\n  Scenario: Torn\n    Given a dozen\n    Whenn it is torn\n      | a |\n      | a | b |\n",
}


def write_features(folder: Path, features: Mapping[str, str | bytes] = FEATURES) -> Path:
    """Write *features* into *folder*; return it."""
    for path, text in features.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def exported(place: Path, **more: Any) -> Path:
    """Run the features and write everything that is made from the record; return the folder of the run."""
    result = run([write_features(place / "features")], out=place / "runs", bindings=BINDINGS, **more)
    write_exports(result.folder)
    return result.folder


def copied(run_dir: Path, to: Path) -> Path:
    """Copy the record, the sentences and the durations of a run, to be corrupted."""
    to.mkdir(parents=True)
    for name in ("run.ndjson", "steps.json", DURATIONS):
        shutil.copy(run_dir / name, to / name)
    return to


def lines(file: Path) -> list[Line]:
    """Return the lines of an NDJSON file."""
    return [json.loads(line) for line in file.read_bytes().splitlines()]
