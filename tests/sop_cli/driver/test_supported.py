"""`sop verify --driver`: the reference server, what a server does not offer, and commands that refuse such a run."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sop_runs.record.folder import latest_of
from sop_runs.record.reader import RECORD, RunRecord
from tests.support.contract_server import ServedContract, served_contract
from tests.support.driver_commands import ROOT, bytes_of, record_in, sop
from tests.support.hostile_oms import INFO, Call, Respond, hostile_oms, response

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reference() -> Iterator[ServedContract]:
    """The reference server."""
    with served_contract() as served:
        yield served


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
