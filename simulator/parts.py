"""The replications of a study as files: each is complete or absent, and says what it belongs to."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from simulator.errors import PartsError
from simulator.program import fingerprint
from simulator.replicate import Held, Job, Replication
from simulator.whole import whole

VERSION = 1
PART = re.compile(r"[\w-]+-\d{4,}\.json")
LOG = re.compile(r"(log|orders)-[\w-]+-\d{4,}\.[\w.-]+")


class Parts:
    """The folder ``parts`` in the folder *out* of a study."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out / "parts"

    def begin(self, jobs: Sequence[Job], *, resume: bool) -> dict[str, Replication]:
        """What is complete already, by the stem of its job; without *resume* nothing is, and the folder is emptied.

        Raises:
            PartsError: with *resume*, a part is of something else, or unreadable.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sweep()
        if not resume:
            self._empty()
            return {}
        belongs = {(job.variant, _belongs(job)) for job in jobs}
        known = {job.stem: job for job in jobs}
        done = {}
        for file, part in self._read():
            if part["program"] != fingerprint():
                raise PartsError(file, "was made by another version of this program")
            if (part["variant"], part["of"]) not in belongs:
                raise PartsError(file, "is a part of another experiment")
            job = known.get(file.stem)
            if job is not None and self._written(job, part["files"]):
                done[job.stem] = _replication(part)
        return done

    def keep(self, job: Job, replication: Replication) -> None:
        """Write a replication that is complete."""
        of = {"version": VERSION, "program": fingerprint(), "variant": job.variant, "of": _belongs(job)}
        write(self.folder / f"{job.stem}.json", json.dumps(of | asdict(replication), ensure_ascii=False) + "\n")

    def sweep(self) -> None:
        """Remove what was half written by a process that was killed."""
        for folder in (self.out, self.folder):
            for file in folder.glob(".*.part"):
                file.unlink(missing_ok=True)

    def _written(self, job: Job, files: dict[str, list[str]]) -> bool:
        return all(form in files and all((self.out / name).exists() for name in files[form]) for form in job.forms)

    def _empty(self) -> None:
        """Remove the results of an earlier study, and nothing that is not one of its files."""
        for file in self._files():
            try:
                names = [str(name) for names in json.loads(file.read_bytes())["files"].values() for name in names]
            except (ValueError, TypeError, LookupError, AttributeError):
                names = []
            for name in filter(LOG.fullmatch, names):
                (self.out / name).unlink(missing_ok=True)
            file.unlink()
        for name in ("study.json", "report.html"):
            (self.out / name).unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return sorted(file for file in self.folder.iterdir() if PART.fullmatch(file.name))

    def _read(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        for file in self._files():
            try:
                part = json.loads(file.read_bytes())
            except ValueError:
                part = None
            if not isinstance(part, dict) or part.get("version") != VERSION:
                raise PartsError(file, "is not a part of a study")
            yield file, part


def write(file: Path, text: str) -> None:
    """Write *text* to *file*, complete or not at all."""
    with whole(file) as (part,):
        part.write_text(text, encoding="utf-8", newline="\n")


def _belongs(job: Job) -> str:
    """What decides the measures of a replication besides its number: the settings and the warm-up."""
    return f"{job.experiment.sha256}, {job.experiment.run.warm_up_days} days not measured"


def _replication(part: dict[str, Any]) -> Replication:
    checks = tuple(Held(**check) for check in part["checks"])
    return Replication(part["number"], part["digest"], part["rows"], part["measures"], checks, part["files"])
