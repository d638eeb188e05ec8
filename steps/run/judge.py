"""Computes the verdict on a run from its record and the feature files as they are now.

The line counter counts the examples of the files again; it is independent of the parser with which they ran.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from sop_runs.record.reader import read
from sop_runs.record.schema import CodeRecord
from sop_runs.record.verdict import PresentFiles, Verdict, judge
from steps.language.line_counter import count_examples
from steps.language.source import decode


def present_files(contents: Mapping[str, bytes], rulebook: str, code: CodeRecord | None = None) -> PresentFiles:
    """Return hashes and number of examples of the feature files in *contents* (path to bytes), with *rulebook* (sha256) and *code*."""
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in contents.items()}
    return PresentFiles(hashes, sum(count_examples(decode(data, path)[0]) for path, data in contents.items()), rulebook, code)


def judge_run(file: Path, contents: Mapping[str, bytes], rulebook: str, code: CodeRecord | None = None) -> Verdict:
    """Compute the verdict on the record in *file*.

    Args:
        file: the run record.
        contents: path to bytes of every feature file of the run's specification, read after the run.
        rulebook: sha256 of the rulebook as it is now.
        code: the code as it is now; None accepts any.
    """
    return judge(read(file), present_files(contents, rulebook, code))
