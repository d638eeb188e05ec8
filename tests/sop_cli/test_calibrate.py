"""`sop calibrate` and `sop simulate --orders`: the recipe of the guide as it stands there, and one error for bad input."""

import re
import shlex
from pathlib import Path

import pytest

from simulator.experiment.experiment import load
from sop_cli.main import main

GUIDE = (Path(__file__).parents[2] / "docs" / "experiments.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def log(folder):
    small = ["--set", "run.days=2", "--set", "run.warm_up_days=0", "--set", "ajio.orders_per_day=40", "-r", "1", "--no-report"]
    assert main(["simulate", "ordinary_week_erp", *small, "--format", "csv", "--out", "logs"]) == 0
    return folder / "logs" / "log-base-0000.csv"


def recipe() -> tuple[str, list[list[str]]]:
    """The file of orders and the commands of the section about own data."""
    section = GUIDE.partition("\n## Your own data\n")[2].partition("\n## ")[0]
    (orders,) = re.findall(r"```csv\n(.*?)```", section, re.DOTALL)
    commands = [line for block in re.findall(r"```console\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]
    return orders, [shlex.split(line)[1:] for line in commands]


@pytest.mark.slow
def test_the_recipe_of_the_guide_can_be_followed_word_for_word(folder, capsys):
    orders, commands = recipe()
    (folder / "orders.csv").write_text(orders, encoding="utf-8")

    assert [command[0] for command in commands] == ["simulate", "simulate", "calibrate", "simulate"]
    for command in commands:
        assert main(command) == 0, command
    printed = capsys.readouterr().out
    assert "wms.pick_seconds_per_unit_median = " in printed
    assert "Kolmogorov-Smirnov" in printed
    assert load("my_week.toml").sources["wms.pick_seconds_per_unit_median"].startswith("fitted to log-base-0000.parquet (SHA-256 ")


def test_the_file_cites_the_log_and_describe_prints_it(log, capsys):
    assert main(["calibrate", log.as_posix(), "--out", "fitted.toml"]) == 0
    printed = capsys.readouterr().out
    assert main(["simulate", "fitted.toml", "--describe"]) == 0

    assert re.search(r"^wms\.packers = 7, was 7\n    packers at work\n    from 7 names; 95 % interval 7 to 7$", printed, re.MULTILINE)
    assert "not fitted\n  ajio.weekday_weights: the log does not have whole, ordinary days" in printed
    assert re.search(r"\[fitted to log-base-0000\.csv \(SHA-256 [0-9a-f]{12}\): 7 names, 95 % interval 7 to 7\]", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["logs/log-base-0000.csv"], "Missing option '--out'"),
        (["nothing.csv", "--out", "x.toml"], "nothing.csv"),
        (["logs", "--out", "x.toml"], "logs"),
        (["logs/log-base-0000.csv", "--out", "x.csv"], "expected the name of a .toml file"),
        (["logs/log-base-0000.csv", "--out", "there.toml"], "the file exists and is not of an earlier calibration"),
        (["logs/log-base-0000.csv", "--out", "no/folder/x.toml"], "no/folder"),
        (["logs/log-base-0000.csv", "--out", "x.toml", "--experiment", "ordinary"], "there is no experiment and no .toml file `ordinary`"),
        (["logs/orders-base-0000.csv", "--out", "x.toml"], "has no column `at`"),
        (["logs/study.json", "--out", "x.toml"], "its name does not say which form of the event log it has"),
        (["empty.csv", "--out", "x.toml"], "empty.csv"),
        (["empty.xes", "--out", "x.toml"], "empty.xes"),
        (["empty.parquet", "--out", "x.toml"], "empty.parquet"),
        (["half.csv", "--out", "x.toml"], "half.csv"),
    ],
)
def test_bad_input_is_one_error_and_writes_nothing(log, folder, capsys, arguments, reason):
    (folder / "there.toml").write_text("mine", encoding="utf-8")
    for name in ("empty.csv", "empty.xes", "empty.parquet"):
        (folder / name).touch()
    lines = log.read_text(encoding="utf-8").splitlines()
    (folder / "half.csv").write_text("\n".join([*lines[:20], lines[20][:10]]), encoding="utf-8")
    capsys.readouterr()

    assert main(["calibrate", *arguments]) == 2
    errors = capsys.readouterr().err
    assert errors.startswith("error: ")
    assert reason in errors
    assert "Traceback" not in errors
    assert not (folder / "x.toml").exists()
    assert (folder / "there.toml").read_text(encoding="utf-8") == "mine"


def test_a_log_without_orders_is_one_error_with_its_name(log, folder, capsys):
    header, *lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "staff.csv").write_text(header + "".join(line for line in lines if "at work" in line), encoding="utf-8")

    assert main(["calibrate", "staff.csv", "--out", "x.toml"]) == 2
    assert capsys.readouterr().err.startswith("error: staff.csv: it has no event `created`")


def test_the_orders_of_a_log_and_of_a_list_of_its_times_give_the_same_study(log, folder, capsys):
    times = [cells.split(",")[15] for cells in log.read_text(encoding="utf-8").splitlines()[1:] if ",created,Ajio," in cells]
    units = [cells.split(",")[11] for cells in log.read_text(encoding="utf-8").splitlines()[1:] if ",created,Ajio," in cells]
    rows = [f"{at},{number}" for at, number in zip(times, units, strict=True)]
    (folder / "times.csv").write_text("\n".join(["time,units", *rows]), encoding="utf-8")
    outputs = []
    for file in (log.as_posix(), "times.csv"):
        capsys.readouterr()
        assert (
            main(["simulate", "ordinary_week_erp", "--set", "run.warm_up_days=0", "-r", "2", "--orders", file, "--json", "--no-report"])
            == 0
        )
        outputs.append(capsys.readouterr().out)

    assert outputs[0].replace("log-base-0000.csv", "times.csv") == outputs[1]
    assert len(times) > 50


@pytest.mark.parametrize(
    ("content", "arguments", "reason"),
    [
        ("time\n2026-11-23T09:15:00+05:30\nyesterday\n", [], "own.csv: row 3, `time`: expected a time with its zone"),
        ("time\n2026-11-23T09:15:00+05:30\n2026-11-24T09:15:00+05:30\n", ["--set", "ajio.orders_per_day=3"], "has no effect with --orders"),
        ("time\n2026-11-23T09:15:00+05:30\n", [], "`run.warm_up_days`: must be less than the days of its orders, 1, got 1"),
    ],
)
def test_bad_orders_are_one_error(folder, capsys, content, arguments, reason):
    (folder / "own.csv").write_text(content, encoding="utf-8")

    assert main(["simulate", "ordinary_week_erp", "--orders", "own.csv", *arguments]) == 2
    errors = capsys.readouterr().err
    assert reason in errors
    assert len(errors.splitlines()) == 1
    assert not (folder / "build").exists()


@pytest.mark.slow
def test_the_report_of_own_orders_names_the_option(folder):
    (folder / "own.csv").write_text(
        "\n".join(["time", *(f"2026-11-2{day}T{hour:02}:30:00Z" for day in (3, 4) for hour in range(24))]), encoding="utf-8"
    )

    assert main(["simulate", "ordinary_week_erp", "-r", "2", "--orders", "own.csv", "--out", "study"]) == 0
    page = (folder / "study" / "report.html").read_text(encoding="utf-8")
    assert "sop simulate ordinary_week_erp --orders FILE --replications 2" in page
    assert "the orders in own.csv (SHA-256 " in page


def test_a_file_of_an_earlier_calibration_is_replaced(log, folder):
    (folder / "other.xes").write_bytes(b"")
    assert main(["calibrate", log.as_posix(), "--out", "fitted.toml"]) == 0
    first = (folder / "fitted.toml").read_bytes()
    assert main(["calibrate", "other.xes", "--out", "fitted.toml"]) == 2
    assert (folder / "fitted.toml").read_bytes() == first
    assert main(["calibrate", log.as_posix(), "--out", "fitted.toml"]) == 0
    assert (folder / "fitted.toml").read_bytes() == first
