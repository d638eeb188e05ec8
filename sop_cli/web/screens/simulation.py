"""Simulation of an experiment for the Simulate screen: study and report are written together when they are complete, or not at all."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from simulator.study.checkpoints import PARTS, Checkpoints
from simulator.study.study import run_study, variants_of
from simulator.study_data import FILE, to_json
from sop_cli.study_folder import OUT, REPORT, STUDY, is_file_of_study, write_study_report
from sop_cli.study_text import study_in_words
from sop_cli.web.progress import progress_counter
from sop_cli.web.screens.experiments import digest_of_file, loaded
from sop_cli.web.screens.studies import study_for_page
from sop_engine import SopError
from sop_engine.files import write_together
from sop_engine.input_files import read_bytes
from sop_runs.output_folder import output_folder, refuse_link

_RESULT = re.compile("[a-z0-9][a-z0-9_-]{0,63}")


def simulated(name: str, changes: dict[str, str], result: str, digest: str | None = None) -> dict[str, Any]:
    """Simulate the experiment *name* with *changes*, and write study and report into the folder of *result*, both or none.

    *digest* is that of its file as the page has shown it; None if it has shown none.

    Raises:
        SopError: the experiment or the name of the result is invalid, its file has another content by now, or the folder is in use or has
            files of others.
    """
    experiment = loaded(name, changes)
    if digest is not None and digest_of_file(name) != digest:
        raise SopError(f"{name} changed on disk after this page showed it; look at its settings, then simulate again")
    if not isinstance(result, str) or not _RESULT.fullmatch(result):
        raise SopError("the name of the result must be of small letters, digits, - and _, and at most 64 of them")
    folder, count = OUT / result, progress_counter()
    with output_folder(folder, STUDY, wait_s=0) as own:
        refuse_link(folder, PARTS)
        own.begin_files(is_file_of_study)
        own.end_files(is_file_of_study)
        study = run_study(experiment, progress=count)
        with TemporaryDirectory(prefix="sop-simulate-") as draft:
            file = write_study_report(study, [variant for _, variant in variants_of(experiment)], Path(draft))
            report = read_bytes(file, "simulate fewer variants")
        own.begin_files(is_file_of_study)
        Checkpoints(folder).begin((), resume=False)
        write_together({folder / FILE: to_json(study).encode(), folder / REPORT: report})
        own.end_files(is_file_of_study)
    words = click.unstyle("\n".join(study_in_words(study, everything=False)))
    return {"result": study_for_page(folder, study), "words": words, "broken": [check.says for check in study.checks if check.is_broken]}
