"""A set-up is killed at random moments of download, unpacking and swap; the next start is good, and no process and no file is left over.

``NIGHTLY=1`` tries fifty moments.
"""

import hashlib
import os
import random
import signal
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.launcher_trees import BASE, environments, launch, make_tree, offline, processes_in

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")]
MOMENTS = 50 if os.environ.get("NIGHTLY") else 4
NAMES, FILES = ("alpha", "beta", "gamma"), 700
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)


def wheel(folder: Path, name: str) -> Path:
    """A wheel with many small files, so that unpacking it takes a while."""
    file = folder / f"{name}-1-py3-none-any.whl"
    about = f"{name}-1.dist-info"
    members = {f"{name}_{number}.py": f"'''{number}'''\n" for number in range(FILES)}
    members |= {
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(file, "w") as archive:
        for path, text in members.items():
            archive.writestr(path, text)
        archive.writestr(f"{about}/RECORD", "".join(f"{path},,\n" for path in (*members, f"{about}/RECORD")))
    return file


class Index(NamedTuple):
    """Environment variables for the use of an index, a lock of its packages, and the seconds that each download takes."""

    surroundings: dict[str, str]
    lock: str
    delay: list[float]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """A slow package index on this machine."""
    wheels = {name: wheel(tmp_path, name).read_bytes() for name in NAMES}

    delay = [0.15]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/").split("/")[1]
            page = f"<a href='/files/{name}/{name}-1-py3-none-any.whl'>{name}-1-py3-none-any.whl</a>".encode()
            content = wheels[name] if self.path.endswith(".whl") else page
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if content is page else "application/octet-stream")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(OSError):  # the reader was killed
                self.wfile.write(content[: len(content) // 2])
                self.wfile.flush()
                time.sleep(0.0 if content is page else delay[0])
                self.wfile.write(content[len(content) // 2 :])

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    lock = "".join(f"{name}==1 \\\n    --hash=sha256:{hashlib.sha256(content).hexdigest()}\n" for name, content in wheels.items())
    surroundings = {name: value for name, value in offline().items() if not name.startswith("PIP_")}
    surroundings |= {
        "PIP_INDEX_URL": f"http://127.0.0.1:{server.server_port}/simple",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
    }
    yield Index(surroundings, lock, delay)
    server.shutdown()
    server.server_close()


def test_killed_at_any_moment_the_next_start_is_good(index: Index, tmp_path: Path) -> None:
    surroundings, lock, _ = index
    tree = make_tree(tmp_path)
    draw = random.Random(11)  # noqa: S311 (not for security)
    began = time.monotonic()
    (tree / "requirements.lock").write_text(lock, encoding="utf-8")
    assert launch(tree, env=surroundings).returncode == 7
    duration = time.monotonic() - began

    for moment in range(MOMENTS):
        number, whole_group, former = SIGNALS[moment % 3], draw.random() < 0.5, draw.random() < 0.7
        if not former:
            for name in environments(tree):
                (tree / ".venv" / name / "installed.json").unlink()  # as after a kill
        (tree / "requirements.lock").write_text(f"{lock}# {moment}\n", encoding="utf-8")
        process = subprocess.Popen(
            [BASE, tree / "run.py"], env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        time.sleep(draw.uniform(0, duration))
        with suppress(ProcessLookupError):
            (os.killpg if whole_group else os.kill)(process.pid, number)
        _, messages = process.communicate(timeout=60)
        at = f"moment {moment}, {number.name}, group {whole_group}, an environment before {former}: {messages}"

        assert "Traceback" not in messages, at
        assert process.returncode in {7, -number, 128 + number}, at
        assert left_over(tree) == [], at
        if former and process.returncode != 7 and "set up in" not in messages:  # otherwise the new one was complete
            (tree / "requirements.lock").write_text(lock if moment == 0 else f"{lock}# {moment - 1}\n", encoding="utf-8")
            assert launch(tree, env={**surroundings, "PIP_INDEX_URL": "http://127.0.0.1:9"}).returncode == 7, f"the former is gone: {at}"
            (tree / "requirements.lock").write_text(f"{lock}# {moment}\n", encoding="utf-8")

        again = launch(tree, env=surroundings)
        assert again.returncode == 7, f"{at}; then {again.stderr}"
        (environment,) = environments(tree)
        (packages,) = (tree / ".venv" / environment).glob("lib/*/site-packages")
        assert len([*packages.glob("*_*.py")]) == len(NAMES) * FILES, at


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no list of processes")
@pytest.mark.parametrize("number", SIGNALS)
def test_pip_ends_with_the_launcher(index: Index, tmp_path: Path, number: signal.Signals) -> None:
    """Also when the signal is sent to the launcher alone, and pip waits for the network."""
    index.delay[0] = 30
    tree = make_tree(tmp_path)
    (tree / "requirements.lock").write_text(index.lock, encoding="utf-8")
    process = subprocess.Popen([BASE, tree / "run.py"], env=index.surroundings, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 30
    while not any(" install " in line for line in processes_in(tree)) and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(1)

    process.send_signal(number)

    messages = process.communicate(timeout=30)[1]
    assert left_over(tree) == [], messages
    assert process.returncode == (-number if number == signal.SIGKILL else 128 + number)
    assert messages.endswith("interrupted; nothing was installed, run the command again\n") == (number != signal.SIGKILL)


def left_over(tree: Path) -> list[str]:
    """The processes of *tree* that still run after two seconds."""
    until = time.monotonic() + 2
    while processes_in(tree) and time.monotonic() < until:
        time.sleep(0.05)
    return processes_in(tree)
