"""Past simulations: the studies in the folder of simulations, for the list of the Simulate screen."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reports.scenario.wording.study_questions import study_title
from simulator.study_data import FILE, Study, read_study
from sop_cli.study_folder import OUT, REPORT
from sop_engine.input_files import UnreadableFileError
from sop_engine.text import counted


def studies() -> Iterator[dict[str, Any]]:
    """Yield the studies in the folder of simulations, the last one first; a folder without a study is none."""
    files = [file for file in OUT.glob(f"*/{FILE}") if file.is_file() and not file.is_symlink()]
    for file in sorted(files, key=lambda file: (-file.stat().st_mtime_ns, file.parent.name)):
        try:
            study = read_study(file)
        except UnreadableFileError as error:
            yield {"name": file.parent.name, "title": study_title(file.parent.name), "trouble": f"{error.reason}; {error.remedy}"}
        else:
            yield study_for_page(file.parent, study)


def study_for_page(folder: Path, study: Study) -> dict[str, Any]:
    """Return *study*, which is in *folder*, for the list."""
    broken = sum(check.is_broken for check in study.checks)
    written = datetime.fromtimestamp((folder / FILE).stat().st_mtime, UTC)
    return {
        "name": folder.name,
        "title": study_title(study.name),
        "description": study.description,
        "size": f"{counted(len(study.variants), 'variant')}, {counted(study.replications, 'replication')} of {counted(study.days, 'day')}",
        "seed": study.seed,
        "written": f"{written:%Y-%m-%d %H:%M} UTC",
        "checks": f"{broken} of {counted(len(study.checks), 'check')} failed"
        if broken
        else f"{counted(len(study.checks), 'check')} passed",
        "has_report": (folder / REPORT).is_file() and not (folder / REPORT).is_symlink(),
        "trouble": "",
    }
