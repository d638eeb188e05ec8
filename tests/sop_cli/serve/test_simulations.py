"""Simulations over HTTP: the same event log as in process, and no process that outlives its client or its limit."""

import json
import os
import socket
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from simulator.experiment.experiment import load, shipped_experiments
from simulator.study.simulate import simulate
from sop_cli.serve.simulations import check_request
from steps.contract.answers_of_simulations import log_in, run_in_contract
from steps.contract.simulations import RunOfSimulation, SimulationAnswer, SimulationRequest
from steps.driver.http_driver import HttpDriver
from steps.driver.server import ServerUnderTest
from tests.support.contract_server import ServedContract

SMALL = {"run.days": "2", "run.warm_up_days": "0", "ajio.orders_per_day": "20"}
LONG = {"run.days": "60", "ajio.orders_per_day": "2400"}


def asked(experiment: str, settings: dict[str, str], *, each_variant: bool = False) -> dict[str, Any]:
    listed = [{"key": key, "value": value} for key, value in settings.items()]
    return {"experiment": experiment, "settings": listed, "each_variant": each_variant}


def children() -> set[int]:
    """The processes that simulate for this one."""
    return {
        int(process.name)
        for process in Path("/proc").iterdir()
        if process.name.isdigit() and b"sop_cli.serve.simulation" in read(process / "cmdline") and f"\nPPid:\t{os.getpid()}\n".encode() in read(process / "status")
    }  # fmt: skip


def read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def until(condition: Any) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_the_event_log_is_the_one_in_process(served: ServedContract) -> None:
    status, answer = served.post("/v1/simulations", asked("ordinary_week_erp", SMALL))
    wanted = simulate(load("ordinary_week_erp", [f"{key}={value}" for key, value in SMALL.items()]))
    [run] = msgspec.convert(answer, SimulationAnswer).runs

    assert status == 200
    assert run.variant == ""
    assert run.rows == len(wanted) > 100
    assert log_in(run).digest() == wanted.digest()


def test_of_a_setting_that_a_scenario_changes_twice_the_driver_sends_the_last(served: ServedContract) -> None:
    settings = [f"{key}={value}" for key, value in SMALL.items()]
    with closing(ServerUnderTest(f"http://127.0.0.1:{served.port}")) as server:
        [(_, log)] = HttpDriver(server).simulate("ordinary_week_erp", [*settings, "run.seed=2", "run.seed = 3"], each_variant=False)

    assert log.digest() == simulate(load("ordinary_week_erp", [*settings, "run.seed=3"])).digest()


@pytest.mark.slow
def test_each_variant_has_a_run(served: ServedContract) -> None:
    status, answer = served.post("/v1/simulations", asked("sla_squeeze", SMALL, each_variant=True))
    variants = load("sla_squeeze", [f"{key}={value}" for key, value in SMALL.items()]).variants

    assert status == 200
    assert [run.variant for run in msgspec.convert(answer, SimulationAnswer).runs] == [variation.name for variation, _ in variants]
    assert [log_in(run).digest() for run in msgspec.convert(answer, SimulationAnswer).runs] == [
        simulate(variant).digest() for _, variant in variants
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (asked("no_such_week", {}), "there is no experiment `no_such_week`"),
        (asked("pyproject.toml", {}), "there is no experiment `pyproject.toml`"),
        (asked("../../etc/passwd", {}), "there is no experiment `../../etc/passwd`"),
        (asked("sale_days", {"run.days": "many"}), "`run.days`: must be a whole number"),
        (asked("sale_days", {"run.dayz": "2"}), "run.dayz"),
        (asked("sale_days", {"a=b": "2"}), "a"),
        (asked("returns_rsi", {}, each_variant=True), "has no variants"),
        (asked("sale_days", {"run.days": "2", "run.days ": "3"}), "/settings/1/key: the setting `run.days` is there twice; give it once"),
    ],
)
def test_what_cannot_be_simulated_is_said(served: ServedContract, body: dict[str, Any], words: str) -> None:
    status, problem = served.post("/v1/simulations", body)

    assert (status, problem["type"]) == (422, "/v1/problems/impossible")
    assert words in problem["detail"]
    assert "path of a .toml file" not in problem["detail"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks for processes in /proc")
@pytest.mark.slow
def test_a_client_that_goes_ends_its_simulation(served: ServedContract) -> None:
    body = json.dumps(asked("sale_days", LONG)).encode()
    head = f"POST /v1/simulations HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(head.encode() + body)
        assert until(children)

    assert until(lambda: not children())
    assert served.post("/v1/simulations", asked("ordinary_week_erp", SMALL))[0] == 200


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks for processes in /proc")
@pytest.mark.slow
def test_a_simulation_that_takes_too_long_is_ended(served: ServedContract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sop_cli.serve.simulations.LIMIT_S", 1.0)
    status, problem = served.post("/v1/simulations", asked("sale_days", LONG))

    assert (status, problem["type"]) == (504, "/v1/problems/time-limit")
    assert "longer than 1 s" in problem["detail"]
    assert children() == set()


@pytest.mark.slow
def test_an_event_log_that_is_too_long_is_not_sent(served: ServedContract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sop_cli.serve.simulations.MOST_BYTES_OF_SIMULATION", 10_000)
    status, problem = served.post("/v1/simulations", asked("ordinary_week_erp", SMALL))

    assert (status, problem["type"]) == (413, "/v1/problems/too-large")


HUGE = {"run.days": "366", "ajio.orders_per_day": "1000000"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (asked("ordinary_week_erp", HUGE), "the simulation has about 366,000,000 orders; at most 200,000 are simulated"),
        (asked("sla_squeeze", {"ajio.orders_per_day": "5100"}, each_variant=True), "all variants together have about 204,000 orders"),
        (asked("sale_days", {"ajio.orders_per_day": "9000", "ajio.sale_factor": "20"}), "orders; at most 200,000"),
        (asked("ordinary_week_erp", {"ajio.weekday_weights": "[1, 1, 1, 1e6, 1, 1, 1]"}), "about 2,000,014,000 orders"),
        (
            asked("ordinary_week_erp", {"sweep.key": "wms.packers", "sweep.values": str([*range(1, 15)])}, each_variant=True),
            "about 224,000",
        ),
    ],
)
def test_more_orders_than_an_answer_can_have_are_refused_before_the_start(
    served: ServedContract, monkeypatch: pytest.MonkeyPatch, body: dict[str, Any], words: str
) -> None:
    monkeypatch.setattr("sop_cli.serve.simulations.COMMAND", ("no-such-program",))
    status, problem = served.post("/v1/simulations", body)

    assert (status, problem["type"]) == (413, "/v1/problems/too-large")
    assert words in problem["detail"]


@pytest.mark.parametrize("experiment", shipped_experiments())
def test_each_experiment_may_be_simulated_twice_as_long(experiment: str) -> None:
    changes = {"run.days": "16"}
    check_request(msgspec.convert(asked(experiment, changes), SimulationRequest))
    if load(experiment).variants:
        check_request(msgspec.convert(asked(experiment, changes, each_variant=True), SimulationRequest))


@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory of a process")
@pytest.mark.slow
def test_a_simulation_without_enough_memory_is_ended(served: ServedContract, monkeypatch: pytest.MonkeyPatch) -> None:
    started = "import sop_cli.serve.simulation as one; one.MOST_MEMORY = 120_000_000; one.run_simulation()"
    monkeypatch.setattr("sop_cli.serve.simulations.COMMAND", (sys.executable, "-P", "-c", started))
    status, problem = served.post("/v1/simulations", asked("ordinary_week_erp", {}))

    assert (status, problem["type"]) == (413, "/v1/problems/too-large")
    assert "bytes of memory; choose fewer days or orders" in problem["detail"]


def test_too_many_simulations_are_refused_until_later(served: ServedContract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sop_cli.serve.simulations.MOST_WAITING", -2)
    status, problem = served.post("/v1/simulations", asked("ordinary_week_erp", SMALL))

    assert (status, problem["type"]) == (503, "/v1/problems/busy")


@pytest.mark.parametrize(
    "run",
    [
        RunOfSimulation(variant="", rows=1, columns={}),
        RunOfSimulation(variant="", rows=0, columns={"colour": []}),
        RunOfSimulation(
            variant="", rows=2, columns={"time_ms": [1], "order": [1], "event": ["created"], "system": ["Ajio"], "actor": ["Ajio"]}
        ),
    ],
)
def test_columns_that_are_no_event_log_are_refused(run: RunOfSimulation) -> None:
    with pytest.raises(ValueError, match="column"):
        log_in(run)


def test_a_log_without_events_is_one() -> None:
    wanted = simulate(load("ordinary_week_erp", ["run.days=1", "run.warm_up_days=0", "ajio.orders_per_day=2"]))
    run = run_in_contract("", wanted.take(slice(0, 0)))

    assert (run.rows, run.columns) == (0, {})
    assert len(log_in(run)) == 0
