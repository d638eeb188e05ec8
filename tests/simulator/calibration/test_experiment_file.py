"""The file of a calibrated experiment: fitted values with their sources, and everything else unchanged."""

import pytest

from simulator.calibration import experiment_file
from simulator.calibration.calibrate import fit_settings
from simulator.calibration.experiment_file import calibrated_experiment
from simulator.errors import ExperimentError
from simulator.experiment.experiment import describe, load, parse
from simulator.study.study import source_of
from tests.support.calibration_logs import NORMALISED, log_of, setting


def test_the_file_has_the_fitted_values_with_their_sources_and_the_rest_as_it_was(changed):
    _, log = changed
    base = load("sla_squeeze")
    calibration = fit_settings(log, base)
    fitted = calibration.values()
    del fitted["wms.packers"]  # swept in this experiment, but fitted too
    experiment = parse(calibrated_experiment("sla_squeeze", calibration, "log.csv").encode(), "fitted.toml")

    assert experiment.sweep == base.sweep
    assert experiment.description == base.description
    assert experiment.run == base.run
    for (key, value, spec), (_, before, plain) in zip(describe(experiment), describe(base), strict=True):
        if key in calibration.values():
            assert source_of(key, value, spec).startswith("fitted to log.csv: ")
        else:
            assert (value, spec) == (before, plain)
    assert {key: setting(experiment, key) for key in fitted if key not in NORMALISED} == {
        key: tuple(value) if isinstance(value, list) else value for key, value in fitted.items() if key not in NORMALISED
    }


def test_a_fitted_experiment_can_be_simulated_and_fitted_again(changed, tmp_path):
    _, log = changed
    text = calibrated_experiment("ordinary_week_erp", fit_settings(log, load("ordinary_week_erp")), "log.csv")
    file = tmp_path / "fitted.toml"
    file.write_text(text, encoding="utf-8")
    again = calibrated_experiment(str(file), fit_settings(log, load(str(file))), "log.csv")

    assert again == text
    assert len(log_of(load(str(file), ["run.days=2", "run.warm_up_days=0"]))) > 1000


COMMENTED = """# our week
description = "a week"  # of May

# the people
[wms]
packers = 3  # counted on Monday
manifest_closes_at_hours = [
    12.0,  # noon
    16.0,
]

[sources]
# who measured
"wms.packers" = "counted"  # by hand

[[variant]]
name = "one"  # the base
[[variant]]
name = "two"
set = { "wms.pickers" = 6 }  # two more
"""
FORMS = {
    "tables": COMMENTED,
    "dotted keys": COMMENTED.replace("[wms]\npackers", "wms.packers").replace("\nmanifest", "\nwms.manifest"),
    "an inline table": 'description = "x"  # one\nwms = { packers = 3 }  # two\n',
    "nested sources": 'description = "x"  # one\n[wms]  # two\n[sources]\nwms.packers = "counted"\n',
    "lines of Windows": COMMENTED.replace("\n", "\r\n"),
    "a mark of the byte order": "\ufeff" + COMMENTED,
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_comments_blank_lines_and_order_stay(changed, tmp_path, text):
    _, log = changed
    file = tmp_path / "commented.toml"
    file.write_bytes(text.encode())
    calibration = fit_settings(log, load(str(file)))
    after = calibrated_experiment(str(file), calibration, "log.csv")

    comments = [line.partition("#")[2].strip() for line in text.splitlines() if "#" in line]
    assert [line.partition("#")[2].strip() for line in after.splitlines() if "#" in line] == comments
    assert parse(after.encode(), "commented.toml").wms.packers == calibration.values()["wms.packers"]
    file.write_bytes(after.encode())
    assert calibrated_experiment(str(file), calibration, "log.csv") == after


def test_a_file_whose_text_would_not_have_the_fitted_values_is_refused(changed, tmp_path, monkeypatch):
    _, log = changed
    file = tmp_path / "week.toml"
    file.write_text(COMMENTED, encoding="utf-8")
    monkeypatch.setattr(experiment_file, "_set", lambda *_: None)

    with pytest.raises(ExperimentError, match=r"week\.toml: cannot be changed without loss"):
        calibrated_experiment(str(file), fit_settings(log, load(str(file))), "log.csv")


def test_an_awkward_experiment_is_written_as_it_is_read(changed, tmp_path):
    _, log = changed
    text = """
description = 'a "quoted" text \\ with a backslash and ünï 😀'
wms.packers = 3 # dotted
[sources]
erp.outage_hours = "measured"
"run.days" = "two weeks"
[[variant]]
name = "one"
set.wms.pickers = 3
[[variant]]
name = "two"
says = "more"
set = { "wms.pickers" = 4, "wms.work_order" = "earliest-due" }
"""
    file = tmp_path / "awkward.toml"
    file.write_text(text, encoding="utf-8")
    before = load(str(file))
    after = parse(calibrated_experiment(str(file), fit_settings(log, before), "log.csv").encode(), "awkward.toml")

    assert after.description == before.description
    assert [(spec.name, spec.says, spec.changes) for spec, _ in after.variants] == [
        (spec.name, spec.says, spec.changes) for spec, _ in before.variants
    ]
    assert after.sources["erp.outage_hours"] == "measured"
    assert after.sources["run.days"] == "two weeks"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('sources = "x"', "`sources`: must be a table"),
        ('[sources]\n"wms.packer" = "x"', "`wms.packer`: unknown; did you mean `wms.packers`?"),
        ('[sources]\n"wms.packers" = 3', "`wms.packers`: must be a sentence in quotes, got 3"),
        ('[sources]\n"wms.packers" = " "', "must be a sentence in quotes"),
        ('[sources]\n"wms.packers" = "a\\nb"', "must be a sentence in quotes"),
        ('[sources]\nwms.packers = "x"\n"wms.packers" = "y"', "wms.packers is set twice"),
        ('[source]\nwms.packers = "x"', "`source`: unknown; did you mean `sources`?"),
    ],
)
def test_a_wrong_source_is_refused(text, reason):
    with pytest.raises(ExperimentError) as error:
        parse(f'description = "x"\n{text}\n'.encode(), "x.toml")

    assert reason in str(error.value)
