"""Studies: their content, and the same bytes wherever they are computed."""

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from msgspec import structs

from simulator.analysis.checks import CheckResult
from simulator.analysis.intervals import half_width
from simulator.experiment.experiment import load
from simulator.study.replication import Job, replicate, serial_executor
from simulator.study.study import run_study
from simulator.study_data import to_json
from sop_cli.main import main
from tests.support.study_commands import PATIENCE, command

SMALL = ("run.days=3", "run.warm_up_days=1", "run.replications=3", "ajio.orders_per_day=60")


@pytest.mark.parametrize("name", ["ordinary_week_erp", "erp_against_rms", "sla_squeeze"])
def test_a_study_is_what_its_schema_says(name):
    schema = json.loads(files("sop_engine").joinpath("schemas", "study.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    for count in (1, 2):
        plain = json.loads(to_json(run_study(load(name, [*SMALL, f"run.replications={count}"]))))
        Draft202012Validator(schema).validate(plain)


def test_differences_are_of_pairs_with_the_same_random_draws():
    erp, rms = run_study(load("erp_against_rms", SMALL)).variants
    name = "time to dispatch, hours"
    pairs = [b.measures[name] - a.measures[name] for a, b in zip(erp.replications, rms.replications, strict=True)]

    assert rms.differences[name].mean == pytest.approx(sum(pairs) / 3)
    assert rms.differences[name].half_width == pytest.approx(half_width(pairs))
    assert rms.differences[name].half_width < rms.estimates[name].half_width
    assert erp.replications[0].measures["orders"] == rms.replications[0].measures["orders"]


def test_the_variants_of_a_pair_are_the_experiments_of_their_settings():
    erp, rms = run_study(load("erp_against_rms", SMALL)).variants
    failing = ("outages.erp_days_between_mean=30", "outages.rms_days_between_mean=30", "outages.irp_days_between_mean=15")
    (alone,) = run_study(load("ordinary_week_rms", [*SMALL, *failing])).variants

    assert [replication.digest for replication in rms.replications] == [replication.digest for replication in alone.replications]
    assert [replication.digest for replication in erp.replications] != [replication.digest for replication in alone.replications]


def test_every_check_of_every_replication_is_counted():
    checks = run_study(load("erp_against_rms", SMALL)).checks

    assert checks
    assert all(check.of == check.held == 6 for check in checks)
    assert not any(check.failed or check.is_broken for check in checks)


def test_the_settings_that_vary_are_marked():
    varied = {
        name: {setting.key for setting in run_study(load(name, [*SMALL, "run.replications=1"])).settings if setting.varied}
        for name in ("ordinary_week_erp", "erp_against_rms", "sla_squeeze")
    }

    assert varied == {"ordinary_week_erp": set(), "erp_against_rms": {"oms.invoicing_erp_share"}, "sla_squeeze": {"wms.packers"}}


def test_figures_are_kept_of_checks_that_do_not_hold_alone(monkeypatch):
    good, bad = (CheckResult(f"{holds}", "Nothing is lost.", holds, "0", "7 lost", "lost") for holds in (True, False))
    monkeypatch.setattr("simulator.study.replication.check", lambda *_: (good, bad))

    assert replicate(Job("base", load("ordinary_week_erp", SMALL), 0)).checks == (structs.replace(good, expected="", found=""), bad)


def test_a_failed_check_is_reported_and_gives_exit_status_1(monkeypatch, capsys, tmp_path):
    def gloomy(jobs):
        for job in jobs:
            broken = CheckResult("units", "Units are conserved.", holds=False, expected="0", found="7 lost", things="lost")
            yield job, structs.replace(replicate(job), checks=(broken,) if job.number else (structs.replace(broken, holds=True),))

    monkeypatch.setattr("sop_cli.commands.simulate.serial_executor", gloomy)
    arguments = (part for change in SMALL for part in ("--set", change))
    assert main(["simulate", "--no-report", "erp_against_rms", *arguments, "--out", str(tmp_path)]) == 1
    output = capsys.readouterr().out

    assert "✗ Units are conserved: passed in 2 of 6 replications" in output
    assert "ERP, replication 1: expected 0 lost, found 7 lost" in output


@pytest.mark.slow
def test_the_squeeze_has_a_cliff():
    variants = run_study(load("sla_squeeze", ["run.replications=1", "sweep.values=[5, 3]"])).variants
    breached = [variant.estimates["SLA breached, share of orders"].mean for variant in variants]

    assert breached[0] < 0.01
    assert breached[1] > 0.2


@pytest.mark.slow
def test_workers_hash_seeds_and_resuming_change_no_byte(tmp_path):
    arguments = ("erp_against_rms", *(part for change in SMALL for part in ("--set", change)))
    for k, (workers, seed) in enumerate((("1", "0"), ("2", "4711"))):
        process = command(*arguments, "--workers", workers, "--out", str(tmp_path / f"{k}"), "--json", PYTHONHASHSEED=seed)
        output, wrong = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, wrong
        assert output == (tmp_path / f"{k}" / "study.json").read_text(encoding="utf-8")
    for name in ("0", "2"):
        (tmp_path / "1" / "parts" / f"erp-000{name}.json").unlink()
    assert main(["simulate", "--no-report", *arguments, "--resume", "--out", str(tmp_path / "1")]) == 0

    for name in ("study.json", "parts/erp-0000.json", "parts/rms-0002.json"):
        assert len({(tmp_path / f"{k}" / name).read_bytes() for k in range(2)}) == 1, name


def test_replications_may_come_in_any_order(tmp_path):
    def backwards(jobs):
        return serial_executor(jobs[::-1])

    experiment = load("erp_against_rms", SMALL)
    assert to_json(run_study(experiment, executor=backwards, out=tmp_path)) == to_json(run_study(experiment))
