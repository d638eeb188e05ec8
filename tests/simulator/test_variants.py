"""Experiments with variants and sweeps: what is accepted, and that nothing else is."""

import json
import math
import re
from dataclasses import fields, replace
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.errors import ExperimentError
from simulator.experiment.experiment import SECTIONS, describe, load, parse, shipped_experiments
from simulator.experiment.settings import RandomOutages
from simulator.experiment.variants import MOST_VARIANTS
from simulator.study.study import kind_of, variants_of
from sop_cli.commands.simulate import simulate
from sop_cli.main import main
from sop_engine.text import visible

LISTED = (
    "ordinary_week_erp",
    "ordinary_week_rms",
    "erp_against_rms",
    "sale_days",
    "erp_outage",
    "sla_squeeze",
    "partial_cancels",
    "returns_rsi",
)
KEYS = {f"{section}.{entry.name}": entry for section, kind in SECTIONS.items() for entry in fields(kind)}
HERE = 'description = "one"\n'

BAD = [
    ("[[variant]]\nname = 'a'", "must be 2 to 50 tables"),
    ("variant = 1", "write [[variant]] above each"),
    ("variant = [1, 2]", "write [[variant]] above each"),
    ("[variant]\nname = 'a'", "write [[variant]] above each"),
    ("[[variant]]\nname = 'a'\n" * (MOST_VARIANTS + 1), "got 51"),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'", 'has the settings of "a"'),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = 'A'\nset = {'wms.packers' = 9}", "used twice"),
    ("[[variant]]\nname = 'a'\n[[variant]]\nset = {'wms.packers' = 9}", "in variant 2, got nothing"),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = ''\nset = {'wms.packers' = 9}", "`variant.name`: must be 1 to 40"),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = '///'\nset = {'wms.packers' = 9}", "`variant.name`"),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = 7\nset = {'wms.packers' = 9}", "got 7"),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nsays = 1\nset = {'wms.packers' = 9}", "`variant.says`"),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nset = 9", "`variant.set`: must be a table"),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nsett = {'wms.packers' = 9}", "did you mean `set`"),
    (
        "[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nset = {'wms.packers' = 0}",
        'variant "b": `wms.packers`: must be a whole number from 1',
    ),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nset = {'wms.paker' = 9}", "did you mean `wms.packers`"),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nset = {wms.packers.x = 9}", "`wms.packers`: must be a whole number"),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nset = {'wms.packers' = 8, wms.packers = 9}", "wms.packers is set twice"),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nset = {wms = {}}", "expected section.key"),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nset = {packers = 9}", "expected section.key"),
    ("[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nset = {'run.seed' = 9}", "run.seed must not differ"),
    (
        "[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nset = {'wms.shift_starts_at_hour' = 22.0}",
        'variant "b": `wms.shift_ends_at_hour`',
    ),
    ("sweep = 1", "write [sweep]"),
    ("[[sweep]]\nkey = 'wms.packers'", "write [sweep]"),
    ("[sweep]\nvalues = [1, 2]", "`sweep.key`: must be a key in quotes"),
    ("[sweep]\nkey = 'wms.packers'", "`sweep.values`: must be a list"),
    ("[sweep]\nkey = 'wms.packers'\nvalues = []", "got 0 of them"),
    ("[sweep]\nkey = 'wms.packers'\nvalues = [5]", "got 1 of them"),
    ("[sweep]\nkey = 'wms.packers'\nvalues = 5", "`sweep.values`"),
    ("[sweep]\nkey = 'wms.packers'\nvalues = [5, 6, 5]", "got 5 twice"),
    (
        "[sweep]\nkey = 'wms.packers'\nvalues = [5, 0]",
        "sweep.values, wms.packers: `wms.packers`: must be a whole number from 1 to 100,000, got 0",
    ),
    ("[sweep]\nkey = 'wms.packers'\nvalues = [5, 6.5]", "got 6.5"),
    ("[sweep]\nkey = 'wms.packers'\nvalues = [5, {}]", "got {}"),
    ("[sweep]\nkey = 'wms.paker'\nvalues = [5, 6]", "did you mean `wms.packers`"),
    ("[sweep]\nkey = 'run.days'\nvalues = [5, 6]", "run.days must not differ"),
    ("[sweep]\nkey = 'description'\nvalues = ['a', 'b']", "expected section.key"),
    ("[sweep]\nkey = 'wms.packers'\nvalues = [5, 6]\nstep = 1", "`sweep.step`: unknown"),
    ("[sweep]\nkey = 'wms.packers'\nvalues = [5, 6]\nsays = []", "`sweep.says`"),
    (f"[sweep]\nkey = 'wms.packers'\nvalues = {list(range(1, 52))}", "got 51 of them"),
    ("[sweep]\nkey = 'wms.packers'\nvalues = [5, 6]\n[[variant]]\nname = 'a'", "cannot be used together with [[variant]]"),
    ("[sweep]\nkey = 'ajio.sale_days'\nvalues = [[1], [9]]", "before run.days"),
    ("[sweeps]\nkey = 'wms.packers'", "did you mean `sweep`"),
    ("[run]\nwarm_up_days = 9\n[sweep]\nkey = 'wms.packers'\nvalues = [5, 6]", "less than run.days"),
]


@pytest.mark.parametrize(("text", "reason"), BAD, ids=[f"{k:02}" for k in range(len(BAD))])
def test_a_bad_comparison_gets_one_clear_error(text, reason):
    with pytest.raises(ExperimentError) as caught:
        parse(f"{HERE}{text}\n".encode(), "bad.toml")

    (finding,) = caught.value.findings
    assert finding.startswith("bad.toml: ")
    assert reason in finding


# Anything that is wrong, wherever it is put


def _outside(entry):
    """Values that the key of *entry* does not accept, as TOML has them."""
    meaning = entry.metadata["meaning"]
    strange = [st.booleans(), st.just("nan"), st.text("xyz", min_size=1, max_size=4).map(json.dumps), st.just("{}"), st.just("1979-05-27")]
    if meaning.words:
        return st.one_of(*strange[1:4], st.integers(-9, 9).map(str))
    beyond = st.one_of(
        st.floats(max_value=meaning.low - 1e-3, allow_nan=False, allow_infinity=False),
        st.floats(min_value=meaning.high + abs(meaning.high) * 1e-6 + 1e-3, allow_nan=False, allow_infinity=False),
    ).map(lambda x: repr(float(x)))
    if isinstance(entry.default, tuple):
        length = meaning.length or 2
        ok = repr(entry.default[0] if entry.default else meaning.low)
        return st.one_of(
            *strange[1:],
            st.integers(0, 5).map(str),
            beyond.map(lambda bad: "[" + ", ".join([ok] * (length - 1) + [bad]) + "]"),
            st.just("[" + ", ".join([ok] * (1001 if meaning.length is None else length + 1)) + "]"),
        )
    fraction = [st.just(repr(math.floor(meaning.low) + 0.5))] if isinstance(entry.default, int) else []
    return st.one_of(*[s.map(lambda b: str(b).lower()) if k == 0 else s for k, s in enumerate(strange)], beyond, *fraction, st.just("[1]"))


KEY_AND_BAD = st.sampled_from(sorted(KEYS)).flatmap(lambda key: st.tuples(st.just(key), _outside(KEYS[key])))
MISSPELT = st.sampled_from(sorted(KEYS)).map(lambda key: key + "x")


@st.composite
def bad_experiments(draw):
    """An experiment with one thing wrong with it, and the key that must be named."""
    how = draw(st.sampled_from(("plain", "variant", "sweep", "misspelt", "misspelt variant", "misspelt sweep", "run", "set")))
    key, bad = draw(KEY_AND_BAD.filter(lambda pair: how in ("plain", "set") or not pair[0].startswith("run.")))
    section, _, name = key.partition(".")
    pair = "[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nset = "
    wrong = draw(MISSPELT)
    run = draw(st.sampled_from([run_key for run_key in sorted(KEYS) if run_key.startswith("run.")]))
    default = KEYS[key].default
    values = draw(st.permutations([json.dumps(list(default) if isinstance(default, tuple) else default), bad]))
    refused = "run." if wrong.startswith("run.") else wrong
    return {
        "plain": (f"[{section}]\n{name} = {bad}", key, ()),
        "set": ("", key, (f"{key}={bad}",)),
        "variant": (f"{pair}{{ '{key}' = {bad} }}", key, ()),
        "sweep": (f"[sweep]\nkey = '{key}'\nvalues = [{', '.join(values)}]", key, ()),
        "misspelt": (f"[{wrong.partition('.')[0]}]\n{wrong.partition('.')[2]} = 1", wrong, ()),
        "misspelt variant": (f"{pair}{{ '{wrong}' = 1 }}", refused, ()),
        "misspelt sweep": (f"[sweep]\nkey = '{wrong}'\nvalues = [1, 2]", refused, ()),
        "run": (f"{pair}{{ '{run}' = 3 }}", run, ()),
    }[how]


@given(bad_experiments())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
def test_whatever_is_wrong_and_wherever_it_gets_one_finding_that_names_its_key(bad):
    text, key, changes = bad
    with pytest.raises(ExperimentError) as caught:
        parse(f"{HERE}{text}\n".encode(), "bad.toml", changes)

    (finding,) = caught.value.findings
    assert finding.startswith("bad.toml: ")
    assert key in finding
    assert finding == visible(finding)


@pytest.mark.parametrize("text", [text for text, _ in BAD[::4]])
def test_none_of_them_runs(text, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.toml").write_text(HERE + text, encoding="utf-8")

    assert main(["simulate", "bad.toml"]) == 2
    assert capsys.readouterr().err.startswith("error: bad.toml: ")
    assert [file.name for file in tmp_path.iterdir()] == ["bad.toml"]


# What is accepted


def test_all_experiments_that_were_asked_for_are_shipped():
    assert sorted(LISTED) == shipped_experiments()
    assert {name: kind_of(load(name)) for name in LISTED if kind_of(load(name)) != "single"} == {
        "erp_against_rms": "paired",
        "sla_squeeze": "sweep",
    }


def test_an_experiment_without_variants_is_its_own_and_only_one():
    ((only, experiment),) = variants_of(load("sale_days"))

    assert (only.name, only.slug, only.changes, experiment) == ("base", "base", {}, load("sale_days"))


def test_variants_change_what_they_say_and_nothing_else():
    (_, erp), (second, rms) = variants_of(load("erp_against_rms"))

    assert replace(erp, outages=RandomOutages()).sha256 == load("ordinary_week_erp").sha256
    assert replace(rms, outages=RandomOutages()).sha256 == load("ordinary_week_rms").sha256
    assert erp.outages == rms.outages != RandomOutages()
    assert second.says


def test_a_change_holds_for_every_variant():
    for _, experiment in variants_of(load("erp_against_rms", ["wms.packers=9", "run.seed=5"])):
        assert experiment.wms.packers == 9
        assert experiment.run.seed == 5


@pytest.mark.parametrize(
    ("key", "values", "names"),
    [
        ("wms.packers", "[2, 1]", ["2 packers", "1 packer"]),
        ("erp.clerks", "[1, 4]", ["1 clerk", "4 clerks"]),
        ("erp.outage_hours", "[1.5, 6]", ["outage of 1.5 hours", "outage of 6 hours"]),
        ("returns.unit_return_share", "[0.3, 0.255]", ["unit return share of 30 %", "unit return share of 25.5 %"]),
        ("ajio.sale_factor", "[2, 4.5]", ["sale factor of 2", "sale factor of 4.5"]),
        ("wms.pack_seconds_median", "[90, 100]", ["pack median of 90 seconds", "pack median of 100 seconds"]),
    ],
)
def test_the_variants_of_a_sweep_are_named_in_words(key, values, names):
    actual = variants_of(load("ordinary_week_erp", [f"sweep.key={key}", f"sweep.values={values}"]))

    assert [variant.name for variant, _ in actual] == names


def test_a_sweep_may_be_over_words_and_lists():
    words = 'sweep.values=["first-come", "earliest-due"]'
    names = [variant.name for variant, _ in variants_of(load("sale_days", ["sweep.key=wms.work_order", words]))]
    days = [
        experiment.ajio.sale_days
        for _, experiment in variants_of(load("sale_days", ["sweep.key=ajio.sale_days", "sweep.values=[[], [2]]"]))
    ]

    assert names == ["work order first-come", "work order earliest-due"]
    assert days == [(), (2,)]


def test_keys_of_a_variant_may_be_written_without_quotes():
    text = "[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nset = { wms.packers = 9, erp.clerks = 2 }"
    changed = variants_of(parse(f"{HERE}{text}".encode(), "x.toml"))[1][0]

    assert changed.changes == {"wms.packers": 9, "erp.clerks": 2}


def test_what_every_variant_sets_cannot_be_changed_beside_it():
    with pytest.raises(ExperimentError, match=r"every variant sets wms\.packers itself"):
        load("sla_squeeze", ["wms.packers=4"])
    assert load("sla_squeeze", ["sweep.values=[4, 5]"]).sweep.values == (4, 5)


def test_an_experiment_in_a_file_is_named_after_it(tmp_path):
    (tmp_path / "mine.toml").write_text(HERE, encoding="utf-8")

    assert load(str(tmp_path / "mine.toml")).name == "mine"


def test_the_examples_of_the_documentation_are_good_and_are_of_every_kind():
    page = (Path(__file__).parents[2] / "docs" / "experiments.md").read_text(encoding="utf-8")
    examples = [parse(block.encode(), "docs.toml") for block in re.findall(r"```toml\n(.*?)```", page, re.DOTALL)]

    assert [kind_of(example) for example in examples][:3] == ["single", "paired", "sweep"]
    for option in re.findall(r"^\| `(-[-a-z]+)", page, re.MULTILINE):
        assert any(option in param.opts for param in simulate.params), option


# Sources


def test_every_default_has_a_source_that_can_be_looked_up_or_is_called_assumed():
    for key, _, meaning in describe(load("ordinary_week_erp")):
        assert (
            meaning.source == "assumed" or meaning.source.startswith("assumed: ") or "https://" in meaning.source or "SOP" in meaning.source
        ), key


def test_the_shipped_files_set_nothing_that_they_need_not():
    for name in shipped_experiments():
        text = files("simulator").joinpath("shipped_experiments", f"{name}.toml").read_text(encoding="utf-8")
        assert text.startswith("description = "), name
        assert load(name).description.endswith("."), name
