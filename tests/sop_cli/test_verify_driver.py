"""`sop verify --driver`: the same features against a server, what it does not offer, a server that dies, and who refuses such a run."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
import pytest

from sop_runs.record.folder import latest_of
from sop_runs.record.reader import RECORD, RunRecord, dump, read
from sop_runs.record.schema import Manifest
from tests.support.contract_server import ServedContract, served_contract
from tests.support.hostile_oms import INFO, Call, HostileOms, Respond, hostile_oms, response

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FEATURE = """Feature: Two things

  Scenario: A case
    Given an order invoiced through the client's ERP
    And the order is PACKED
    When the seller cancels the full order
    Then the cancellation is refused

  Scenario Outline: An order
    Given an order of <units>, invoiced through the client's ERP
    When someone tries to get the order packed
    Then that is impossible, because it is not released yet

    Examples:
      | units   |
      | 1 unit  |
      | 2 units |
"""
TOKEN = "s3cret-t0ken-of-a-test"


def sop(place: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in *place*."""
    command = [sys.executable, "-P", "-m", "sop_cli", *arguments]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **environment}
    return subprocess.run(command, cwd=place, env=variables, capture_output=True, text=True, check=False)


def record_in(place: Path) -> RunRecord:
    """Read the record of the last run in *place*."""
    runs = place / "build/runs"
    return read(runs / latest_of(runs))


def bytes_of(record: RunRecord, *, with_driver: bool) -> list[bytes]:
    """Return the lines of a record, without the system that answered if that is wanted."""
    lines = [line if with_driver or not isinstance(line, Manifest) else msgspec.structs.replace(line, driver=None) for line in record.lines]
    return list(map(dump, lines))


@pytest.fixture(scope="module")
def reference() -> Iterator[ServedContract]:
    """The reference server."""
    with served_contract() as served:
        yield served


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a small specification."""
    (tmp_path / "features").mkdir()
    (tmp_path / "features/two.feature").write_text(FEATURE, encoding="utf-8")
    return tmp_path


def offering(*capabilities: str) -> Respond:
    """Offer these capabilities only."""
    return lambda call: response(INFO | {"offers": list(capabilities)}) if call.path == "/v1" else None


def test_all_features_have_the_same_results_from_the_reference_server(reference: ServedContract, tmp_path: Path) -> None:
    """Verdict, claims and citations: serially and with two workers, the records are those of a run in process, but for the driver."""
    records: dict[str, RunRecord] = {}
    url = f"http://127.0.0.1:{reference.port}"
    for name, options in {"engine": [], "serial": ["--driver", url], "workers": ["--driver", url, "-n", "2"]}.items():
        place = tmp_path / name
        place.mkdir()
        done = sop(place, "verify", str(ROOT / "features"), "--no-docs", "-t", "not @audit", *options)
        assert done.returncode == 0, done.stdout + done.stderr
        records[name] = record_in(place)

    engine = records["engine"]
    assert len(engine.scenarios) > 300
    assert any(scenario.feature.startswith("simulated_weeks/") and scenario.status == "passed" for scenario in engine.scenarios)
    assert bytes_of(records["serial"], with_driver=False) == bytes_of(engine, with_driver=True)
    assert bytes_of(records["workers"], with_driver=True) == bytes_of(records["serial"], with_driver=True)
    driver = records["serial"].head.driver
    assert driver is not None
    assert (driver.name, driver.contract, len(driver.offers), driver.readings) == ("sop-spec", "1.0", 9, ("as-written", "as-practised"))


def test_what_is_not_supported_is_listed_and_never_green(place: Path) -> None:
    with hostile_oms(offering("decisions", "returns")) as server:
        done = sop(place, "verify", "--driver", server.url)
        accepted = sop(place, "verify", "--driver", server.url, "--allow-unsupported")
        as_json = json.loads(sop(place, "verify", "--driver", server.url, "--json").stdout)
    record = record_in(place)

    assert (done.returncode, accepted.returncode) == (1, 0)
    assert "features/two.feature:16: not supported: An order and 1 more of its rows\n" in done.stdout
    assert "  not supported by Hostile OMS 6.6: it does not offer `orders`\n" in done.stdout
    assert (
        f"✗ 1 of 3 examples passed; these are the answers of the server Hostile OMS, version 6.6, at {server.url.removeprefix('http://')}, not of this project's engine\n"
        in done.stdout
    )
    assert "  2 examples are not supported by the server Hostile OMS, version 6.6\n" in done.stdout
    assert re.search(rf"^server +Hostile OMS 6.6 at {server.url.removeprefix('http://')}, 2 calls$", done.stdout, re.MULTILINE)
    assert "○ 1 of 3 examples passed" in accepted.stdout
    assert (as_json["green"], as_json["counts"]["executed"], len(as_json["not_supported"]), as_json["failures"]) == (False, 1, 2, [])
    assert (as_json["driver"]["name"], as_json["driver"]["offers"], as_json["driver"]["retries"]) == (
        "Hostile OMS",
        ["decisions", "returns"],
        0,
    )
    assert [scenario.status for scenario in record.scenarios] == ["passed", "not-supported", "not-supported"]
    assert record.closing is not None
    assert (record.closing.counts.expected, record.closing.counts.executed, record.closing.counts.passed) == (3, 1, 1)
    page = (place / "build/site/index.html").read_text(encoding="utf-8")
    assert "2 examples not supported, answered by the server Hostile OMS, version 6.6" in page
    assert "it does not offer “orders”" in (place / "build/site/feature-two.html").read_text(encoding="utf-8")


def test_other_tools_see_that_it_is_not_green(place: Path) -> None:
    def exported(*options: str) -> tuple[str, dict[str, Any], str]:
        sop(place, "verify", "--driver", server.url, "--no-docs", "--messages", "--cucumber-json", *options)
        folder = place / "build/runs" / latest_of(place / "build/runs")
        messages = [json.loads(line) for line in (folder / "messages.ndjson").read_text(encoding="utf-8").splitlines()]
        return (
            (folder / "junit.xml").read_text(encoding="utf-8"),
            messages[-1]["testRunFinished"],
            (folder / "cucumber.json").read_text(encoding="utf-8"),
        )

    with hostile_oms(offering("decisions")) as server:
        junit, finished, cucumber = exported()
        accepted_junit, accepted, _ = exported("--allow-unsupported")

    reason = "not supported by Hostile OMS 6.6: it does not offer `orders`"
    assert junit.count(f'<skipped type="not-supported" message="{reason}">') == 2
    assert '<error type="run" message="2 examples are not supported by the server Hostile OMS, version 6.6">' in junit
    assert (finished["success"], accepted["success"]) == (False, True)
    assert '"status": "skipped"' in cucumber or '"status":"skipped"' in cucumber
    assert reason in cucumber
    assert "<error" not in accepted_junit
    assert accepted_junit.count("<skipped") == 2


@pytest.mark.parametrize(
    ("respond", "status"),
    [
        (offering("questions"), 1),  # nothing is supported, so nothing is accepted
        (lambda call: response(call.right | {"answers": []}) if call.path.endswith("decisions") else None, 1),
    ],
)
def test_only_what_is_not_supported_is_accepted(place: Path, respond: Respond, status: int) -> None:
    with hostile_oms(respond) as server:
        assert sop(place, "verify", "--driver", server.url, "--no-docs", "--allow-unsupported").returncode == status


def test_no_run_of_another_system_is_approved_or_compared(place: Path) -> None:
    with hostile_oms() as server:
        assert sop(place, "verify", "--driver", server.url).returncode == 0
    run = f"build/runs/{latest_of(place / 'build/runs')}"
    reason = (
        f"the run `{latest_of(place / 'build/runs')}` has the answers of the server Hostile OMS, version 6.6, not of this project's engine"
    )

    for arguments in (["approve", "--yes"], ["gate", "--run", run], ["diff", run, run], ["mutate", "--run", run], ["docs", "--base", run]):
        done = sop(place, *arguments)
        assert done.returncode == 2, arguments
        assert f"error: {reason}, so it is neither approved nor compared; " in done.stderr, arguments
    changes = (place / "build/site/changes.html").read_text(encoding="utf-8")
    assert "Not compared: these are the answers of the server Hostile OMS, version 6.6, not of this project" in changes
    assert "3 of 3 examples passed, answered by the server Hostile OMS, version 6.6" in changes
    assert not (place / "approved").exists()


def test_last_failed_looks_at_runs_of_the_same_system(place: Path) -> None:
    def wrong(call: Call) -> bytes | None:
        return response(call.right | {"answers": []}) if call.path.endswith("decisions") else None

    with hostile_oms() as server:
        server.respond = wrong
        assert sop(place, "verify", "--driver", server.url, "--no-docs").returncode == 1
        own = sop(place, "verify", "--last-failed", "--no-docs")
        server.respond = lambda _: None
        again = sop(place, "verify", "--last-failed", "--driver", server.url, "--no-docs")

    assert own.returncode == 2
    assert "there is no run of these features" in own.stderr
    assert "✓ 1 of 1 selected examples passed" in again.stdout


def test_shards_are_merged_into_the_run_that_one_machine_would_have_made(place: Path) -> None:
    with hostile_oms(offering("decisions")) as server:
        whole = sop(place, "verify", "--driver", server.url, "--no-docs")
        one = record_in(place)
        shards = []
        for shard in ("1/2", "2/2"):
            sop(place, "verify", "--driver", server.url, "--no-docs", "--shard", shard)
            shards.append(f"build/runs/{latest_of(place / 'build/runs')}")
        merged = sop(place, "merge", "--no-docs", *shards)

    assert (whole.returncode, merged.returncode) == (1, 1)
    assert bytes_of(record_in(place), with_driver=True) == bytes_of(one, with_driver=True)
    assert "1 of 3 examples passed" in merged.stdout
    assert re.search(r"^server +Hostile OMS 6.6 at 127.0.0.1:[0-9]+, [2-4] calls$", merged.stdout, re.MULTILINE)


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


def test_retries_are_counted_and_told(place: Path) -> None:
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


def test_pytest_alone_tests_a_server_too(place: Path) -> None:
    command = [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "steps.run.plugin", "features"]
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    with hostile_oms(offering("decisions")) as server:
        done = subprocess.run(
            [*command, f"--sop-driver={server.url}"], cwd=place, env=variables, capture_output=True, text=True, check=False
        )
    gone = subprocess.run([*command, f"--sop-driver={server.url}"], cwd=place, env=variables, capture_output=True, text=True, check=False)

    assert (done.returncode, gone.returncode) == (1, 4)
    assert "not-supported: When someone tries" in done.stdout or "not-supported: Given an order of" in done.stdout
    assert f"these are the answers of the server Hostile OMS, version 6.6, at {server.url}, not of" in done.stdout
    assert "2 failed, 1 passed" in done.stdout
    assert "GET /v1: the server cannot be reached" in gone.stderr + gone.stdout


def test_the_record_of_a_run_is_of_the_published_form(place: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    with hostile_oms(offering("decisions")) as server:
        sop(place, "verify", "--driver", server.url, "--no-docs")
    schema = json.loads((ROOT / "sop_engine/schemas/run-record.schema.json").read_text(encoding="utf-8"))
    lines = (place / "build/runs" / latest_of(place / "build/runs") / RECORD).read_text(encoding="utf-8").splitlines()

    for line in lines:
        jsonschema.validate(json.loads(line), schema)


def hanging(server: HostileOms) -> Respond:
    """Answer what the server is, and nothing else."""

    def silence() -> Iterator[bytes]:
        server.wait(5)
        yield b""

    return lambda call: None if call.path == "/v1" else silence()


def test_a_server_that_hangs_is_asked_a_few_times_and_told_once(place: Path) -> None:
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


def test_what_a_newer_server_offers_besides_is_listed(place: Path) -> None:
    with hostile_oms(
        lambda call: response(INFO | {"contract": "1.9", "offers": [*INFO["offers"], "coffee"]}) if call.path == "/v1" else None
    ) as server:
        done = sop(place, "verify", "--driver", f"{server.url}/v1", "--no-docs", "-n", "2")

    assert done.returncode == 0, done.stdout
    assert "offered by it and unknown to this program, so not tested: coffee\n" in done.stdout
    assert record_in(place).head.driver == msgspec.structs.replace(
        record_in(place).head.driver, contract="1.9", offers=tuple(INFO["offers"])
    )


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
            first = said_until(watching.stdout, "watching 1 feature file")
            feature.write_text(FEATURE.replace("A case", "Another case"), encoding="utf-8")
            second = said_until(watching.stdout, "watching 1 feature file")
            server.close()
            feature.write_text(FEATURE.replace("A case", "A third case"), encoding="utf-8")
            away = said_until(watching.stdout, "watching 1 feature file")
            with hostile_oms(port=int(port)):
                feature.write_text(FEATURE.replace("A case", "A fourth case"), encoding="utf-8")
                back = said_until(watching.stdout, "watching 1 feature file")
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


def said_until(output: IO[str], words: str) -> str:
    """Return the lines up to the first one with *words*."""
    lines = []
    for line in output:
        lines.append(line)
        if words in line:
            break
    return "".join(lines)
