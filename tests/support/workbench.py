"""A workbench in a copy of the project, as a process of its own: for tests through HTTP or in a browser."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RULEBOOK = Path("book", "clients_v1")
"""The registers in a copy of the project."""


@dataclass(frozen=True, slots=True)
class RunningWorkbench:
    """A workbench that serves the folder *home* at *url*; *link* has the token too."""

    home: Path
    link: str
    process: "subprocess.Popen[str]"

    @property
    def url(self) -> str:
        """The address without path and token."""
        return self.link.partition("/#")[0]

    @property
    def port(self) -> int:
        """The port."""
        return int(self.url.rpartition(":")[2])

    @property
    def token(self) -> str:
        """The token of this start."""
        return self.link.partition("token=")[2]

    def ask(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """Send a request as the page does, and return the status and the answer; of a call, the list of its messages."""
        sent = {"X-Sop-Token": self.token, **({} if body is None else {"Content-Type": "application/json"}), **(headers or {})}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, sent, method=method)  # noqa: S310 - of this computer
        try:
            with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310
                return response.status, _parsed(response.headers.get_content_type(), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _parsed(error.headers.get_content_type(), error.read())

    def call(self, method: str, **params: object) -> Any:
        """Call a method of a worker and return its last message."""
        return self.ask("POST", "/api/call", {"method": method, "params": params})[1][-1]


def copy_project(home: Path) -> Path:
    """Copy the features, the approved folder and the registers into *home*, and return it."""
    home.mkdir(parents=True, exist_ok=True)
    for folder in ("features", "approved"):
        shutil.copytree(ROOT / folder, home / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "sop_engine" / "rulebook" / "clients_v1", home / RULEBOOK)
    return home


@contextmanager
def running_workbench(home: Path, *options: str, search: Sequence[Path] = ()) -> Iterator[RunningWorkbench]:
    """Start a workbench in *home*, a copy of the project, and yield it; at the end it is interrupted as by Ctrl-C.

    *search* are folders in which Python looks for modules first.
    """
    errors = home.with_name(f"{home.name}-errors.txt")
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sop_cli", "workbench", "--no-open", "--port", "0", *options], cwd=home, text=True,
            stdout=subprocess.PIPE, stderr=stderr, env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (*search, ROOT))), "SOP_RULEBOOK": str(home / RULEBOOK)},
        )  # fmt: skip
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("workbench: "), first + errors.read_text()
        yield RunningWorkbench(home, first.removeprefix("workbench: ").strip(), process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()  # type: ignore[union-attr]


def _parsed(media_type: str, data: bytes) -> Any:
    text = data.decode()
    if media_type == "application/x-ndjson":
        return [json.loads(line) for line in text.splitlines()]
    return json.loads(text) if media_type.endswith("json") else text
