"""`sop simulate`: what it prints, what it writes, and how it says no."""

import errno
import json
import os
import re
from pathlib import Path

import pytest

from reports.html.errors import ReportError
from simulator.experiment.experiment import shipped_experiments
from sop_cli.main import main

TINY = ("--no-report", "-r", "2", "--set", "run.days=2", "--set", "ajio.orders_per_day=50")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_command_prints_headlines_with_half_widths_and_all_when_asked(capsys):
    assert main(["simulate", "ordinary_week_rms", *TINY]) == 0
    short = capsys.readouterr().out
    assert main(["simulate", "ordinary_week_rms", *TINY, "--all"]) == 0
    long = capsys.readouterr().out

    assert "SLA breached, %" in short
    assert "±" in short
    assert "wait for a packer, minutes" in long
    assert len(short.splitlines()) < 26 < len(long.splitlines())


def test_a_description_stands_beside_the_settings_that_were_changed(tmp_path, capsys):
    """The description of the experiment says what its own settings show: five packers keep up, four do not."""
    few = ["-r", "1", "--set", "run.days=2", "--set", "ajio.orders_per_day=50"]
    assert main(["simulate", "sla_squeeze", *few]) == 0
    output = capsys.readouterr().out.splitlines()
    report = (tmp_path / "build" / "simulations" / "sla_squeeze" / "report.html").read_text(encoding="utf-8")

    assert output[1:3] == [
        "with other settings than this experiment has: run.days=2, ajio.orders_per_day=50",
        "5 variants, each 1 replication of 2 days, the first day not measured; seed 1",
    ]
    assert "With other settings than this experiment has: run.days=2, ajio.orders_per_day=50." in report
    assert main(["simulate", "ordinary_week_erp", "-r", "1", "--no-report", "--seed", "3"]) == 0
    assert "other settings" not in capsys.readouterr().out


def test_weeks_without_an_order_show_nothing(capsys):
    none = ["--set", "run.days=1", "--set", "run.warm_up_days=0", "--set", "ajio.orders_per_day=1"]
    assert main(["simulate", "ordinary_week_erp", "-r", "1", *none, "--out", "x"]) == 0
    output = capsys.readouterr().out

    assert "no order arrived on the measured days, so nothing was measured; simulate more orders or days" in output
    assert "passed" not in output
    assert "so the checks say nothing" in Path("x/report.html").read_text(encoding="utf-8")


def test_everything_is_written_below_build(tmp_path, capsys):
    assert main(["simulate", "ordinary_week_erp", *TINY, "--json"]) == 0
    out = tmp_path / "build" / "simulations" / "ordinary_week_erp"

    assert json.loads(capsys.readouterr().out) == json.loads((out / "study.json").read_bytes())
    assert sorted(file.name for file in (out / "parts").iterdir()) == ["base-0000.json", "base-0001.json"]


@pytest.mark.slow
def test_logs_are_written_when_a_format_is_named(tmp_path):
    assert main(["simulate", "erp_against_rms", *TINY, "--out", "x", "--format", "csv", "--format", "parquet"]) == 0
    logs = sorted(file.name for file in (tmp_path / "x").glob("log-*"))
    assert logs == [f"log-{side}-000{k}.{form}" for side in ("erp", "rms") for k in (0, 1) for form in ("csv", "parquet")]

    assert main(["simulate", "erp_against_rms", *TINY, "--out", "x"]) == 0
    assert not list((tmp_path / "x").glob("log-*"))


OF_STUDY = ["study.json", "report.html", "ordinary_week_erp.feature", "log-base-0000.csv", "orders-base-0001.csv"]


@pytest.mark.slow
@pytest.mark.parametrize("content", ["foreign", "edited", "link"])
@pytest.mark.parametrize("name", [*OF_STUDY, "parts"])
def test_a_file_in_the_folder_that_the_study_did_not_write_is_refused_and_kept(name, content, tmp_path, capsys):
    again = ["simulate", "ordinary_week_erp", *TINY[name == "report.html" and content == "edited" :], "--out", "x", "--emit-feature", "1"]
    again += ["--format", "csv"]
    assert main(again if content == "edited" else [*again[:-4]]) == 0
    out, precious = tmp_path / "x", tmp_path / "precious"
    if name == "parts" and content != "link":
        pytest.skip("a folder")
    if content == "foreign" and name == "study.json":
        pytest.skip("every study has one")
    if name != "parts":
        precious.write_bytes((out / name).read_bytes() + b"\n" if content == "edited" else b"mine")
    if name == "parts":
        (out / name).rename(precious)
    else:
        (out / name).unlink(missing_ok=True)
    if content == "link":
        (out / name).symlink_to(precious)
    else:
        (out / name).write_bytes(precious.read_bytes())
    before = {str(file): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and file.name != ".sop-folder.json"}
    capsys.readouterr()

    assert main(again) == 2
    error = capsys.readouterr().err
    assert f"has a file `{name}` that " in error
    assert error.endswith("remove this link\n" if content == "link" else "move this file elsewhere, or remove it\n")
    assert {str(file): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and file.name != ".sop-folder.json"} == before

    if name == "parts":
        (out / name).unlink()
    else:
        (out / name).rename(tmp_path / "moved")
    assert main(again) == 0
    assert main(again) == 0
    assert main([*again, "--resume"]) == 0


def test_telling_orders_become_a_feature_file(tmp_path, capsys):
    assert main(["simulate", "partial_cancels", *TINY, "--emit-feature", "2"]) == 0
    file = Path("build", "simulations", "partial_cancels", "partial_cancels.feature")

    assert f"feature file {file.as_posix()}" in capsys.readouterr().out
    assert (tmp_path / file).read_text(encoding="utf-8").count("Rule: Order ") == 2


def test_the_report_is_written_beside_the_study(capsys):
    assert main(["simulate", "erp_against_rms", *TINY[1:]]) == 0
    last = capsys.readouterr().out.splitlines()[-2:]

    assert [line.split()[0] for line in last] == ["study", "report"]
    assert Path(last[1].split()[1]).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_what_stands_in_the_way_of_the_report_is_said_after_the_figures(monkeypatch, capsys):
    def refuse(*_):
        raise ReportError("report.html", "the disk is full", "free it")

    monkeypatch.setattr("reports.scenario.report.write_report", refuse)
    assert main(["simulate", "erp_against_rms", *TINY[1:]]) == 2
    captured = capsys.readouterr()

    assert "SLA breached, %" in captured.out
    assert captured.err.splitlines()[-1] == "error: report.html: the disk is full; free it"
    assert Path("build", "simulations", "erp_against_rms", "study.json").exists()


def test_variants_stand_side_by_side_and_what_is_clear_is_marked(capsys):
    assert main(["simulate", "--no-report", "erp_against_rms", "-r", "5", "--set", "run.days=3", "--set", "ajio.orders_per_day=400"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split("  ")[0]: line for line in lines}

    assert any(line.split() == ["ERP", "RMS", "RMS", "minus", "ERP"] for line in lines)
    assert re.search(r" 0 \(at most [\d.]+\) \* +-\d", rows["credit notes due in 2 days"])
    assert "*" not in rows["SLA breached, % of orders"]
    assert not re.search(r"± 0(\.0+)?(?![\d.])", "\n".join(lines)), "no figure is certain"
    assert max(map(len, rows.values())) <= 120


def test_what_does_not_fit_side_by_side_is_set_in_blocks(capsys):
    sweep = ("--set", "sweep.key=wms.packers", "--set", "sweep.values=[1, 2, 3, 4, 5, 6, 7, 8, 9]")
    assert main(["simulate", "ordinary_week_erp", *TINY, *sweep]) == 0
    lines = capsys.readouterr().out.splitlines()

    assert max(map(len, lines[3:])) < 90
    assert sum(line.startswith("  9 packers  ") for line in lines) >= 8


def test_the_command_lists_and_describes(capsys):
    assert main(["simulate", "--list"]) == 0
    assert main(["simulate", "sale_days", "--describe"]) == 0
    assert main(["simulate", "sla_squeeze", "--describe"]) == 0
    output = capsys.readouterr().out

    assert all(name in output for name in shipped_experiments())
    assert "[assumed; plausible: 0.02 to 0.08]" in output
    assert "variant 5 packers: wms.packers = 5" in output


def test_any_key_can_be_swept_from_the_command_line(capsys):
    sweep = ("--set", 'sweep.key="wms.packers"', "--set", "sweep.values=[1, 2]")
    assert main(["simulate", "ordinary_week_erp", *TINY, *sweep, "--json"]) == 0
    output = json.loads(capsys.readouterr().out)

    assert [variant["changes"] for variant in output["variants"]] == [{"wms.packers": 1}, {"wms.packers": 2}]


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        [],
        ["sale_days", "--set", "wms.packers=0"],
        ["sale_days", "--set", "packers"],
        ["sale_days", "--set", "description.x=1"],
        ["erp_against_rms", "--set", "variant.name=1"],
        ["sla_squeeze", "--set", "wms.packers=4"],
        ["sale_days", "--workers", "0"],
        ["sale_days", "--workers", "2", "--cluster", "x"],
        ["sale_days", "--format", "xml"],
    ],
)
def test_misuse_is_one_line_and_exit_status_2(arguments, capsys, tmp_path):
    assert main(["simulate", "--no-report", *arguments]) == 2
    captured = capsys.readouterr()

    assert captured.err.startswith("error: ")
    assert len(captured.err.splitlines()) <= 2
    assert not captured.out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("out", "remedy"),
    [
        ("/proc/nope", "check the path; nothing is there, and nothing can be made there"),
        ("file/folder", "a part of the path is a file; name a folder in its place"),
        ("x" * 300, "choose a shorter name"),
        ("loop/folder", "a link in the path leads back to itself; name the folder itself"),
    ],
    ids=["in /proc", "below a file", "too long", "a loop"],
)
def test_a_folder_that_cannot_be_made_gets_the_advice_for_its_reason(tmp_path, capsys, out, remedy):
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")

    assert main(["simulate", "ordinary_week_erp", *TINY, "--out", out]) == 2
    error = capsys.readouterr().err
    assert error.endswith(f"; {remedy}\n")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space or choose another disk"),
        (errno.EACCES, "choose a place that you may read and write"),
        (errno.EPERM, "choose a place that you may read and write"),
        (errno.EROFS, "choose a disk that can be written"),
        (errno.EISDIR, "name a file, not a folder"),
        (errno.EFBIG, "raise the limit of the size of a file (ulimit -f), or choose another place"),
        (errno.EIO, "choose a place that can be read and written"),
    ],
)
def test_an_error_of_the_operating_system_gets_the_advice_for_its_number(monkeypatch, capsys, number, remedy):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "out")

    monkeypatch.setattr(Path, "mkdir", refuse)

    assert main(["simulate", "ordinary_week_erp", *TINY]) == 2
    assert capsys.readouterr().err == f"error: `out`: {os.strerror(number)}; {remedy}\n"
