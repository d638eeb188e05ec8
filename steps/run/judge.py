"""Judges a run by its record and by the feature files as they are now.

The scenarios of the files are counted again by the line counter, which shares nothing with the parser that ran them.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from sop_runs.record.reader import read
from sop_runs.record.verdict import PresentFiles, Verdict, judge
from steps.language.line_counter import count_examples
from steps.language.source import decode


def present_files(contents: Mapping[str, bytes], rulebook: str) -> PresentFiles:
    """What the feature files in *contents* (path to bytes) and the rulebook (sha256) are at this moment."""
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in contents.items()}
    return PresentFiles(hashes, sum(count_examples(decode(data, path)[0]) for path, data in contents.items()), rulebook)


def judge_run(file: Path, contents: Mapping[str, bytes], rulebook: str) -> Verdict:
    """Judge the record in *file*.

    Args:
        file: the record.
        contents: path to bytes of every feature file the run was about, read after the run.
        rulebook: sha256 of the rulebook as it is now.
    """
    return judge(read(file), present_files(contents, rulebook))
