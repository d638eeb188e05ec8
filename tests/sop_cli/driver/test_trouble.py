"""`sop verify --driver` with a server that dies, hangs or is refused."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from sop_runs.record.folder import latest_of
from sop_runs.record.reader import RunRecord
from tests.support.driver_commands import FEATURE, ROOT, bytes_of, record_in, sop
from tests.support.hostile_oms import INFO, Call, HostileOms, Respond, hostile_oms, response

pytestmark = pytest.mark.slow
TOKEN = "s3cret-t0ken-of-a-test"


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_server_that_dies_in_the_middle_fails_what_is_left(place: Path, workers: str) -> None:
    def dying(_: Call) -> bytes | None:
        if len(server.calls) > 2:
            server.close()
            return b""
        return None

    server: HostileOms
    with hostile_oms(dying) as server:
        done = sop(place, "verify", "--driver", server.url, "--no-docs", "-n", workers)
    record = record_in(place)

    assert done.returncode == 1
    assert record.state == "complete"
    broken = [scenario for scenario in record.scenarios if scenario.status == "broken"]
    assert broken
    assert {scenario.status for scenario in record.scenarios} <= {"passed", "broken"}
    messages = [step.error.message for scenario in broken for step in scenario.steps if step.error]
    assert all("Hostile OMS 6.6 (127.0.0.1:" in message or "GET /v1" in message for message in messages)
    assert any("cannot be reached (connection refused)" in message or "the connection was lost" in message for message in messages)


def test_retries_are_counted_and_reported(place: Path) -> None:
    lost: list[Call] = []

    def once(call: Call) -> bytes | None:
        if call.path.endswith("decisions") and not lost:
            lost.append(call)
            return b""
        return None

    with hostile_oms(once) as server:
        done = sop(place, "verify", "--driver", server.url, "--no-docs")

    assert done.returncode == 0
    assert re.search(r"^server .*, 1 sent again$", done.stdout, re.MULTILINE)
    calls = json.loads((place / "build/runs" / latest_of(place / "build/runs") / "driver.json").read_text(encoding="utf-8"))
    assert (calls["address"], calls["retries"]) == (server.url.removeprefix("http://"), 1)


def test_a_token_is_sent_and_nowhere_written(place: Path) -> None:
    with hostile_oms() as server:
        done = sop(
            place,
            "verify",
            "--driver",
            server.url,
            SOP_DRIVER_TOKEN=TOKEN,
            http_proxy="http://127.0.0.1:9",
            HTTP_PROXY="http://127.0.0.1:9",
        )

    assert done.returncode == 0, "the proxy is not used"
    assert all(f"Authorization: Bearer {TOKEN}" in call.head for call in server.calls)
    files = [file for file in (place / "build").rglob("*") if file.is_file()]
    assert len(files) > 20
    assert [file.name for file in files if TOKEN.encode() in file.read_bytes()] == []
    assert TOKEN not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--driver", "http://user:word@127.0.0.1/"], "has a user name or a password"),
        (["--driver", "ftp://127.0.0.1"], "does not begin with `http://` or `https://`"),
        (["--driver", "127.0.0.1:8000"], "does not begin with `http://` or `https://`"),
        (["--driver", "http://"], "names no host"),
        (["--driver", "http://127.0.0.1:99999"], "cannot be read"),
        (["--driver", "http://127.0.0.1:1?token=1"], "has a query or a fragment"),
        (["--driver", "http://127.0.0.1:1"], "GET /v1: the server cannot be reached"),
        (["--driver", "http://127.0.0.1:1", "--driver-timeout", "0"], "--driver-timeout"),
        (["--driver-timeout", "3"], "--driver-timeout is about a server; add --driver URL"),
        (["--allow-unsupported"], "--allow-unsupported is about a server; add --driver URL"),
    ],
)
def test_what_cannot_be_tested_is_refused_before_anything_is_written(place: Path, options: list[str], reason: str) -> None:
    done = sop(place, "verify", *options)

    assert done.returncode == 2
    assert reason in done.stderr
    assert "word" not in done.stderr.replace("password", "")
    assert not (place / "build").exists()


def test_a_server_of_another_contract_is_refused(place: Path) -> None:
    with hostile_oms(lambda _: response(INFO | {"contract": "2.0"})) as server:
        done = sop(place, "verify", "--driver", server.url)

    assert done.returncode == 2
    assert "GET /v1: `contract` is `2.0`, expected 1.0 or another version 1.N; " in done.stderr
    assert not (place / "build").exists()


def hanging(server: HostileOms) -> Respond:
    """Answer what the server is, and nothing else."""

    def silence() -> Iterator[bytes]:
        server.wait(5)
        yield b""

    return lambda call: None if call.path == "/v1" else silence()


def test_a_server_that_hangs_is_called_a_few_times_and_reported_once(place: Path) -> None:
    """Serially and with two workers the record is the same, although each of them finds out for itself."""
    rows = "".join(f"      | {units} units |\n" for units in range(3, 30))
    with (place / "features/two.feature").open("a", encoding="utf-8") as file:
        file.write(rows)
    records, calls = [], []
    for workers in ("0", "2"):
        with hostile_oms() as server:
            server.respond = hanging(server)
            done = sop(place, "verify", "--driver", server.url, "--driver-timeout", "0.3", "--no-docs", "-n", workers)
        records.append(record_in(place))
        calls.append([call.path for call in server.calls if call.path != "/v1"])
        assert done.returncode == 1

    serial, parallel = ([line.replace(b"%d" % port_of(record), b"") for line in bytes_of(record, with_driver=True)] for record in records)
    assert serial == parallel
    assert {scenario.status for scenario in records[0].scenarios} == {"broken"}
    assert calls[0] == ["/v1/decisions", *["/v1/orders"] * 3]
    assert 4 <= len(calls[1]) <= 8
    assert done.stdout.count("POST /v1/orders: no whole answer within 0.3 s; ") == 1
    assert "  and 28 more of its rows: features/two.feature:17 " in done.stdout
    assert "  30 examples failed\n" in done.stdout
    assert " not answered in time several times in a row, and then not called again: POST /v1/orders\n" in done.stdout


def port_of(record: RunRecord) -> int:
    """Return the port of the server, which its errors name."""
    [port] = {re.findall(r"127\.0\.0\.1:(\d+)", step.error.message)[0] for one in record.scenarios for step in one.steps if step.error}
    return int(port)


def test_examples_that_break_for_one_reason_are_listed_together(place: Path) -> None:
    more = (
        FEATURE.replace("Two", "More")
        .replace("A case", "One more")
        .replace("An order\n", "More orders\n")
        .replace("is PACKED", "is COMPLETED")
        .replace("1 unit ", "3 units")
        .replace("2 units", "4 units")
    )
    (place / "features/more.feature").write_text(more, encoding="utf-8")
    with hostile_oms(lambda call: response(b"", "500 Oh", "") if call.path != "/v1" else None) as server:
        done = sop(place, "verify", "--driver", server.url, "--no-docs")

    assert done.stdout.count("POST /v1/orders: the status is 500") == 1
    assert (
        "  and 3 more examples for the same reason: features/more.feature:17 features/two.feature:16 features/two.feature:17\n"
        in done.stdout
    )
    assert "  6 examples failed\n" in done.stdout


@pytest.mark.parametrize("options", [["--limit", "10"], ["--limit", "5"], ["--driver-timeout", "60"]])
def test_a_call_may_not_take_as_long_as_its_example(place: Path, options: list[str]) -> None:
    done = sop(place, "verify", "--driver", "http://127.0.0.1:1", *options)

    assert done.returncode == 2
    assert "is not below that of an example" in done.stderr
    assert "; give a longer --limit or a shorter --driver-timeout" in done.stderr
    assert not (place / "build").exists()


def test_watching_asks_the_server_again_also_if_it_was_away(place: Path) -> None:
    feature = place / "features/two.feature"
    with hostile_oms() as server:
        port = server.url.rpartition(":")[2]
        command = [sys.executable, "-P", "-m", "sop_cli", "verify", "--driver", server.url, "--watch", "--no-docs"]
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}
        watching = subprocess.Popen(command, cwd=place, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert watching.stdout is not None
        try:
            first = output_until(watching.stdout, "watching 1 feature file")
            feature.write_text(FEATURE.replace("A case", "Another case"), encoding="utf-8")
            second = output_until(watching.stdout, "watching 1 feature file")
            server.close()
            feature.write_text(FEATURE.replace("A case", "A third case"), encoding="utf-8")
            away = output_until(watching.stdout, "watching 1 feature file")
            with hostile_oms(port=int(port)):
                feature.write_text(FEATURE.replace("A case", "A fourth case"), encoding="utf-8")
                back = output_until(watching.stdout, "watching 1 feature file")
        finally:
            watching.send_signal(signal.SIGINT)
            rest = watching.communicate()[0]

    assert "✓ 3 of 3 examples passed; these are the answers of the server Hostile OMS, version 6.6, at 127.0.0.1:" in first
    assert "features/two.feature changed" in second
    assert "✓ 3 of 3 " in second
    assert "error: 127.0.0.1:" in away
    assert "GET /v1: the server cannot be reached (connection refused); start it, or correct the address" in away
    assert "✓ 3 of 3 " in back
    assert watching.returncode == 130
    assert "Traceback" not in rest


def output_until(output: IO[str], words: str) -> str:
    """Return the lines up to the first one with *words*."""
    lines = []
    for line in output:
        lines.append(line)
        if words in line:
            break
    return "".join(lines)
