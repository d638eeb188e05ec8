"""The Simulate screen: experiments that are listed, settings as a form, findings at their fields, results that are whole or absent."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from simulator.experiment.experiment import SECTIONS, load, setting_fields, shipped_experiments
from sop_cli.web.methods import BACKGROUND, LANES
from sop_cli.web.screens import experiments, simulate
from sop_cli.web.screens.simulation import simulated
from sop_cli.web.screens.studies import studies
from sop_engine import SopError
from tests.support.browsing import WIDE, axe_core, violations_here
from tests.support.workbench import RunningWorkbench, copy_project, running_workbench
from tests.support.workbench_page import until, workbench_page

HOSTILE = "<img src=x onerror=alert(1)>"
OWN = f'description = "A sale {HOSTILE}"\n[wms]\npackers = 9\n'
TINY = {"run.days": "2", "run.warm_up_days": "0", "run.replications": "2", "ajio.orders_per_day": "40"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_projects_own_experiments_are_listed_and_nothing_else(home: Path) -> None:
    (home / "experiments").mkdir()
    (home / "pyproject.toml").write_text('[project]\nname = "x"\ndescription = "y"\n')
    (home / "mine.toml").write_text(OWN)
    (home / "torn.toml").write_text("description = [")
    (home / "experiments" / "a b [x].toml").write_text(OWN)
    (home / "experiments" / "wrong.toml").write_text("description = 3\n")
    (home / "experiments" / "link.toml").symlink_to("/etc/passwd")
    (home / "experiments" / "dir.toml").mkdir()

    listed = {entry["name"]: entry for entry in experiments.experiments()}

    own = ["experiments/a b [x].toml", "experiments/wrong.toml", "mine.toml"]
    assert [*listed] == [*shipped_experiments(), *own]
    assert listed["mine.toml"]["description"] == f"A sale {HOSTILE}"
    assert "`description`: needed" in listed["experiments/wrong.toml"]["trouble"]
    assert not any(listed[name]["trouble"] for name in shipped_experiments())
    assert experiments.loaded("experiments/a b [x].toml", {}).wms.packers == 9


@pytest.mark.parametrize("name", ["../mine.toml", "/etc/passwd", "features", "", "mine.toml\0", 3, None, "-x"])
def test_what_is_not_listed_is_not_an_experiment(name: Any, home: Path) -> None:
    (home / "features").mkdir()
    (home.parent / "mine.toml").write_text(OWN)

    with pytest.raises(SopError, match="choose one from the list"):
        experiments.loaded(name, {})


@pytest.mark.parametrize("name", shipped_experiments())
def test_every_setting_is_in_the_form_and_read_back_as_it_is_shown(name: str) -> None:
    form = experiments.form(name)
    settings = {setting["key"]: setting for section in form["sections"] for setting in section["settings"]}

    assert settings.keys() == setting_fields().keys()
    assert [section["name"] for section in form["sections"]] == [*SECTIONS]
    typed = {key: setting["value"] for key, setting in settings.items() if not setting["fixed"]}
    assert experiments.findings(name, typed) == []
    assert experiments.loaded(name, typed) == load(name)
    assert all(setting["says"] and setting["source"] for setting in settings.values())
    assert all(setting["range"] or setting["words"] for setting in settings.values())
    assert json.dumps(form)


@pytest.mark.parametrize("text", ["", HOSTILE, "-1e999", '"', "[[]]", "1979-05-27"])
def test_a_value_that_the_reader_refuses_is_reported_at_its_field(text: str) -> None:
    for key in setting_fields():
        (finding,) = experiments.findings("ordinary_week_erp", {key: text})

        assert finding["key"] == key
        assert f"`{key}`: must " in finding["message"]


def test_a_value_has_one_line() -> None:
    assert experiments.loaded("ordinary_week_erp", {"wms.packers": "8\npickers = 99"}).wms.pickers != 99


@pytest.mark.parametrize(
    ("name", "changes", "key", "message"),
    [
        ("ordinary_week_erp", {"run.warm_up_days": "30"}, "run.warm_up_days", "must be less than run.days"),
        ("ordinary_week_erp", {"ajio.target_hours": "700"}, "ajio.breach_hours", "must not be less than ajio.target_hours"),
        ("ordinary_week_erp", {"wms.pakers": "7"}, "", "unknown; did you mean `packers`"),
        (
            "erp_against_rms",
            {"oms.invoicing_erp_share": "0.5"},
            "oms.invoicing_erp_share",
            "every variant sets oms.invoicing_erp_share itself",
        ),
        ("sla_squeeze", {"sweep.values": "[1]"}, "sweep.values", "must be a list of 2 to 50 values"),
    ],
)
def test_a_contradiction_is_reported_at_the_field_that_the_reader_names(name: str, changes: dict[str, str], key: str, message: str) -> None:
    (finding,) = experiments.findings(name, changes)

    assert finding["key"] == key
    assert message in finding["message"]


@pytest.mark.parametrize(
    "changes", [{"run.days": 3}, ["run.days=3"], None, {"run.days": "1" * 20_001}, {f"run.a{number}": "1" for number in range(201)}]
)
def test_changes_of_another_form_are_refused(changes: Any) -> None:
    with pytest.raises(SopError, match=r"reload the page|a file of its own"):
        simulate.check_settings("ordinary_week_erp", changes)


@pytest.mark.parametrize("result", ["", "../x", "A", "a/b", "a" * 65, ".x", "-x", "x\n", None, "x.toml"])
def test_the_name_of_a_result_leads_nowhere_else(result: Any, home: Path) -> None:
    with pytest.raises(SopError, match="small letters"):
        simulated("ordinary_week_erp", TINY, result)
    assert list(home.iterdir()) == []


@pytest.mark.slow
def test_a_simulation_writes_what_the_command_writes(home: Path) -> None:
    from sop_cli.main import main  # noqa: PLC0415 - as a user would compare

    done = simulated("ordinary_week_erp", TINY, "small")
    assert (
        main(
            [
                "simulate",
                "ordinary_week_erp",
                "--out",
                "by-command",
                *[part for key, text in TINY.items() for part in ("--set", f"{key}={text}")],
            ]
        )
        == 0
    )

    for name in ("study.json", "report.html"):
        assert (home / "build/simulations/small" / name).read_bytes() == (home / "by-command" / name).read_bytes()
    assert [study["name"] for study in studies()] == ["small"]
    assert done["result"]["has_report"]
    assert done["words"].startswith("ordinary_week_erp: ")


@pytest.mark.slow
def test_a_failed_simulation_leaves_the_earlier_result(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    simulated("ordinary_week_erp", TINY, "small")
    folder = home / "build" / "simulations" / "small"
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}

    def fails(*_: object) -> None:
        raise SopError("no report")

    monkeypatch.setattr("sop_cli.web.screens.simulation.write_study_report", fails)
    with pytest.raises(SopError, match="no report"):
        simulated("ordinary_week_erp", {**TINY, "run.seed": "2"}, "small")

    assert {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()} == before
    (folder / "report.html").write_text("mine")
    with pytest.raises(SopError, match="was changed after this program wrote it"):
        simulated("ordinary_week_erp", TINY, "small")
    assert (folder / "report.html").read_text() == "mine"


@contextmanager
def simulation_begun(workbench: RunningWorkbench, params: dict[str, Any]) -> Iterator[None]:
    """Ask for a simulation, wait for its first replication, and at the end close the connection, as a page that is closed does."""
    body = json.dumps({"method": "simulate.run", "params": params}).encode()
    headers = {
        "Host": f"127.0.0.1:{workbench.port}",
        "X-Sop-Token": workbench.token,
        "Content-Type": "application/json",
        "Content-Length": len(body),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", workbench.port)) as connection:
        connection.sendall(f"POST /api/call HTTP/1.1\r\n{head}\r\n".encode() + body)
        received = b""
        while b'"finished": 1,' not in received:
            part = connection.recv(65536)
            assert part, received
            received += part
        yield


@pytest.mark.slow
def test_a_cancelled_simulation_leaves_no_result_and_holds_up_no_other_lane(tmp_path: Path) -> None:
    with running_workbench(copy_project(tmp_path / "project")) as workbench:
        endless = {"name": "ordinary_week_erp", "changes": {**TINY, "run.replications": "100000"}, "result": "small"}
        with simulation_begun(workbench, endless):
            assert workbench.call("project.catalogue")["result"]["sentences"]
            assert workbench.call("simulate.check", name="ordinary_week_erp", changes={})["result"] == {"findings": []}
            assert workbench.call("gate.check")["result"]["open"]
            assert workbench.call("simulate.overview")["result"]["results"] == []

        done = workbench.call("simulate.run", name="ordinary_week_erp", changes=TINY, result="small")["result"]
        assert done["result"]["has_report"]
        folder = workbench.home / "build" / "simulations" / "small"
        before = {file.name: file.read_bytes() for file in folder.glob("[a-z]*") if file.is_file()}
        with simulation_begun(workbench, endless):
            pass
        assert workbench.call("simulate.overview")["result"]["results"] == [done["result"]]
        assert {file.name: file.read_bytes() for file in folder.glob("[a-z]*") if file.is_file()} == before


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="counts processes as Linux lists them")
@pytest.mark.slow
def test_no_worker_for_simulations_is_started_before_it_is_needed(tmp_path: Path) -> None:
    with running_workbench(copy_project(tmp_path / "project")) as workbench:
        workbench.call("project.catalogue")
        workers = [file for file in Path("/proc").glob("[0-9]*/stat") if parent_of(file) == workbench.process.pid]

        assert len(workers) == len(LANES.keys() - BACKGROUND)


def parent_of(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@pytest.mark.slow
def test_an_experiment_is_changed_simulated_and_its_report_opened(tmp_path: Path, browser: Any) -> None:
    home = copy_project(tmp_path / "project")
    (home / "experiments").mkdir()
    (home / "experiments" / "my_sale.toml").write_text(OWN)
    with running_workbench(home) as workbench:
        page = browser.new_page(viewport=WIDE)
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(workbench.link)
        page.goto(f"{workbench.url}/#/simulate")
        page.get_by_label("Experiment").select_option("experiments/my_sale.toml")
        page.get_by_text(f"A sale {HOSTILE}").wait_for()
        page.get_by_text("All settings (").click()
        assert page.get_by_label("packers at work wms.packers", exact=True).input_value() == "9"
        page.get_by_label("Find a setting").fill("order day ordinary")
        assert page.get_by_label("orders on an ordinary day").is_visible()
        assert not page.get_by_label("packers at work wms.packers", exact=True).is_visible()

        page.get_by_label("orders on an ordinary day").fill(HOSTILE)
        page.locator(".field-error", has_text="`ajio.orders_per_day`: must be a number").wait_for()
        assert page.get_by_label("orders on an ordinary day").get_attribute("aria-invalid") == "true"
        assert page.get_by_role("button", name="Simulate", exact=True).is_disabled()
        assert violations_here(page, axe_core()) == []
        page.set_viewport_size(WIDE)
        page.get_by_role("button", name="Go to it").click()
        assert page.evaluate("document.activeElement.id") == "set-ajio-orders_per_day"
        page.keyboard.press("Control+A")
        page.keyboard.type("40")
        page.get_by_label("Find a setting").fill("")
        page.get_by_label("days on which orders arrive").fill("3")
        page.get_by_label("Replications").fill("100000")
        page.get_by_label("Replications").press("Enter")
        page.get_by_text(re.compile(r"^[1-9][0-9,]* of 100,000 replications")).wait_for(timeout=180_000)
        page.get_by_role("link", name="Gate").first.click()
        page.get_by_role("heading", name="Gate").wait_for()
        page.get_by_role("link", name="Simulate").first.click()
        page.get_by_role("button", name="Cancel").click()
        page.get_by_text("Cancelled; nothing was written.").wait_for()
        page.get_by_text("Nothing has been simulated here yet.").wait_for()
        assert page.get_by_label("Replications").input_value() == "100000"

        page.get_by_label("Replications").fill("2")
        page.get_by_label("Replications").press("Enter")
        page.get_by_role("link", name="Open the report").wait_for(timeout=180_000)
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Open the report").click()
        opened.value.get_by_role("heading").first.wait_for()
        assert opened.value.url == f"{workbench.url}/site/simulations/my_sale/report.html"
        assert page.locator(".results > li").count() == 1
        assert dialogs == []
        page.close()


def test_an_experiment_that_changed_after_it_was_shown_is_not_simulated(home: Path) -> None:
    (home / "mine.toml").write_text(OWN)
    digest = experiments.form("mine.toml")["digest"]
    (home / "mine.toml").write_text(OWN.replace("9", "8"))

    with pytest.raises(SopError, match=r"mine\.toml changed on disk after this page showed it; look at its settings"):
        simulated("mine.toml", TINY, "small", digest)
    assert experiments.form("mine.toml")["digest"] != digest
    assert experiments.form("ordinary_week_erp")["digest"] == ""
    assert not (home / "build").exists()


VALUE = "document.getElementById('set-wms-packers')?.value === '{}'"


@pytest.mark.slow
def test_an_experiment_that_changes_on_disk_is_shown_as_it_is_and_what_was_set_is_kept(tmp_path: Path, browser: Any) -> None:
    home = copy_project(tmp_path / "project")
    own = home / "experiments" / "my_sale.toml"
    own.parent.mkdir()
    own.write_text(OWN)
    with running_workbench(home) as workbench, workbench_page(browser, workbench, "#/simulate") as page:
        page.get_by_label("Experiment").select_option("experiments/my_sale.toml")
        page.get_by_text(f"A sale {HOSTILE}").wait_for()
        page.get_by_text("All settings (").click()
        page.get_by_label("Find a setting").fill("wms")
        page.locator("#set-wms-pickers").fill("12")
        page.evaluate("document.getElementById('set-wms-pickers').setSelectionRange(1, 1)")

        own.write_text(OWN.replace("9", "8").replace("A sale", "Another sale"))
        until(page, VALUE.format(8))
        page.get_by_text("The file of this experiment changed on disk. It is shown as it is now. What you have set is kept.").wait_for()
        page.get_by_text(f"Another sale {HOSTILE}").wait_for()
        assert page.evaluate("[document.activeElement.id, document.activeElement.value, document.activeElement.selectionStart]") == [
            "set-wms-pickers",
            "12",
            1,
        ]
        assert page.get_by_label("Find a setting").input_value() == "wms"
        assert not page.locator("#set-ajio-orders_per_day").is_visible()

        page.get_by_role("link", name="Gate").first.click()
        page.get_by_role("heading", name="Gate").wait_for()
        own.write_text(OWN.replace("9", "7"))
        page.get_by_role("link", name="Simulate").first.click()
        until(page, VALUE.format(7))
        assert page.locator("#set-wms-pickers").input_value() == "12"
        page.get_by_text("1 setting changed: ").wait_for()

        own.write_text("description = [")
        page.get_by_text("What you have set is kept until the file can be read again: wms.pickers = 12").wait_for()
        own.unlink()
        page.get_by_text("is not there any more: its file was deleted or renamed").wait_for()
        assert page.get_by_label("Experiment").input_value() == "experiments/my_sale.toml"
        own.write_text(OWN.replace("packers = 9", "pickers = 12"))
        page.get_by_text("No setting is changed.").wait_for()
        assert page.locator("#set-wms-pickers").input_value() == "12"
        assert violations_here(page, axe_core()) == []


@pytest.mark.slow
def test_what_was_set_where_the_file_has_no_field_any_more_is_said_and_can_be_taken_back(tmp_path: Path, browser: Any) -> None:
    home = copy_project(tmp_path / "project")
    own = home / "mine.toml"
    own.write_text(OWN + '[sweep]\nkey = "wms.pickers"\nvalues = [3, 4]\n')
    with running_workbench(home) as workbench, workbench_page(browser, workbench, "#/simulate/mine.toml") as page:
        page.locator("#set-sweep-values").fill("[3, 5]")
        own.write_text(OWN)
        page.get_by_text("sweep.values: [3, 5] cannot be set in the file as it is now.").wait_for()
        assert page.get_by_role("button", name="Simulate", exact=True).is_disabled()
        page.get_by_role("button", name="Take sweep.values back").click()
        page.get_by_text("No setting is changed.").wait_for()
        until(page, "!document.querySelector('button.main').disabled")


@pytest.mark.slow
def test_only_reports_are_served_below_the_simulations(workbench: RunningWorkbench) -> None:
    workbench.call("simulate.run", name="ordinary_week_erp", changes=TINY, result="small")
    cookie = {"Cookie": f"sop_workbench_{workbench.port}={workbench.token}"}
    (workbench.home / "report.html").write_text("outside")
    (workbench.home / "build" / "simulations" / "linked").symlink_to(workbench.home)

    assert workbench.ask("GET", "/site/simulations/small/report.html", headers=cookie)[0] == 200
    for path in (
        "small/study.json",
        "../../report.html",
        "%2e%2e/report.html",
        "..%2f../report.html",
        "linked/report.html",
        "nothing/report.html",
    ):
        assert workbench.ask("GET", f"/site/simulations/{path}", headers=cookie)[0] == 404
    assert workbench.ask("GET", "/site/simulations/small/report.html")[0] == 401
