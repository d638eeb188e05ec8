"""Reading and writing ``study.json``: every wrong value is refused at its place, and what is written is read as it was."""

import json
import os
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from msgspec import Struct, structs

from simulator import search_data, study_data
from simulator.experiment.experiment import load
from simulator.study.study import run_study
from simulator.study_data import Estimate, Study, read_study, to_json
from simulator.typed_json import decode
from sop_engine import SopError
from sop_engine.input_files import UnreadableFileError
from tests.support.study_samples import estimate, hashed, precision, queue, searched, sensitive, stability, study

SCHEMA = Draft202012Validator(json.loads(files("sop_engine").joinpath("schemas", "study.schema.json").read_text(encoding="utf-8")))
SMALL = ("run.days=3", "run.warm_up_days=1", "run.replications=2", "ajio.orders_per_day=40")

TEXT = [None, 5, 1.5, True, [], {}]
COUNT = [None, "8", 1.5, 8.0, True, [], {}, -1, 10**30]
TRUTH = [None, "no", 0, 1, 1.0, [], {}]
HASH = [*TEXT, "", "0" * 63, "0" * 65, "G" * 64, "0" * 64 + "\n"]
OBJECT = [5, "x", True, [], [1]]
LIST = [None, 5, "x", True, {}, [5], ["x"], [None], [[]]]
VALUE = [None, True, {}, [True], [None], ["x"], [[1]], 10**30, [10**30]]
FRACTION = [None, "1", True, [], {}]

WRONG = {
    "version": [None, "1", 1.0, True, 0, 2, [], {}],
    "name": TEXT,
    "description": TEXT,
    "sha256": HASH,
    "seed": COUNT,
    "days": [*COUNT, 0],
    "warm_up_days": COUNT,
    "replications": [*COUNT, 0],
    "confidence": [*FRACTION, 0, 1, -0.5, 95],
    "kind": [*TEXT, "guess", ""],
    "sweep": OBJECT,
    "sweep.key": TEXT,
    "sweep.says": TEXT,
    "sweep.values": LIST[:5],
    "sweep.values.0": VALUE,
    "settings": LIST,
    "settings.0.key": TEXT,
    "settings.0.value": VALUE,
    "settings.0.says": TEXT,
    "settings.0.source": TEXT,
    "settings.0.assumed": TRUTH,
    "settings.0.varied": TRUTH,
    "variants": LIST,
    "variants.0.name": TEXT,
    "variants.0.says": TEXT,
    "variants.0.changes": [None, *OBJECT],
    "variants.0.changes.wms.packers": VALUE,
    "variants.0.sha256": HASH,
    "variants.0.replications": LIST,
    "variants.0.replications.1.number": COUNT,
    "variants.0.replications.1.digest": HASH,
    "variants.0.replications.1.rows": COUNT,
    "variants.0.replications.1.measures": [None, *OBJECT, {"a": None}, {"a": "1"}, {"a": True}, {"a": []}],
    "variants.0.estimates": [None, *OBJECT, {"a": None}, {"a": 5}],
    "variants.1.against_base": [*OBJECT, {"a": None}, {"a": 5}],
    "variants.0.estimates.orders.mean": FRACTION,
    "variants.0.estimates.orders.half_width": [*FRACTION[1:], -0.1],
    "variants.0.estimates.orders.replications": [*COUNT, 0],
    "variants.1.against_base.orders.mean": FRACTION,
    "variants.1.against_base.orders.half_width": [*FRACTION[1:], -0.1],
    "variants.1.against_base.orders.replications": [*COUNT, 0],
    "variants.0.estimates.orders.interval": ["x", 5, True, {}, [], [1], [1, 2, 3], [None, 1]],
    "variants.0.estimates.orders.events": [*COUNT[1:]],
    "variants.0.estimates.orders.of": [*COUNT[1:], 0],
    "variants.1.against_base.orders.p": [*FRACTION[1:], -0.1, 1.1],
    "variants.0.stability": OBJECT,
    "variants.0.stability.queues": LIST,
    "variants.0.stability.queues.0.station": TEXT,
    "variants.0.stability.queues.0.load": FRACTION,
    "variants.0.stability.queues.0.start": FRACTION,
    "variants.0.stability.queues.0.end": FRACTION,
    "variants.0.stability.queues.0.growth": [None, *OBJECT],
    "variants.0.stability.queues.0.waiting": [None, 5, "x", True, {}, ["x"], [None]],
    "variants.0.stability.queues.0.closed_hours": [None, 5, "x", True, {}, ["x"], [None]],
    "variants.0.stability.queues.0.queue_hours": [None, 5, "x", True, {}, ["x"], [None]],
    "variants.0.stability.queues.0.verdict": [*TEXT, "well"],
    "variants.0.stability.warm_up": [None, *OBJECT],
    "variants.0.stability.warm_up.hours": [None, 5, "x", True, {}, ["x"]],
    "variants.0.stability.warm_up.days": COUNT,
    "variants.0.stability.warm_up.excess": OBJECT,
    "variants.0.stability.warm_up.verdict": [*TEXT, "well"],
    "checks": LIST,
    "checks.0.name": TEXT,
    "checks.0.says": TEXT,
    "checks.0.held": COUNT,
    "checks.0.of": [*COUNT, 0],
    "checks.0.failed": LIST,
    "checks.0.failed.0.variant": TEXT,
    "checks.0.failed.0.number": COUNT,
    "checks.0.failed.0.expected": TEXT,
    "checks.0.failed.0.found": TEXT,
    "search": OBJECT,
    "search.key": TEXT,
    "search.says": TEXT,
    "search.goal": TEXT,
    "search.is_best": TRUTH,
    "search.measure": TEXT,
    "search.candidates": LIST[:5],
    "search.candidates.0": VALUE,
    "search.confidence": [*FRACTION, 0, 1],
    "search.limit": [*COUNT, 0],
    "search.answer": VALUE[1:],
    "search.is_clear": TRUTH,
    "search.replications": [*COUNT, 0],
    "search.trials": LIST,
    "search.trials.0.value": VALUE,
    "search.trials.0.replications": [*COUNT, 0],
    "search.trials.0.verdict": [*TEXT, "well"],
    "search.trials.0.sure": [*FRACTION[1:], -0.1, 1.1],
    "search.trials.0.reason": TEXT,
    "search.trials.0.queue_at": TEXT,
    "precision": LIST[1:],
    "precision.0.measure": TEXT,
    "precision.0.wanted": TEXT,
    "precision.0.half_width": [*FRACTION, -0.1],
    "precision.0.reached": TRUTH,
    "precision.0.limit": [*COUNT, 0],
    "sensitivity": OBJECT,
    "sensitivity.replications": [*COUNT, 0],
    "sensitivity.bases": [None, *OBJECT, {"a": None}],
    "sensitivity.assumptions": LIST,
    "sensitivity.assumptions.0.key": TEXT,
    "sensitivity.assumptions.0.says": TEXT,
    "sensitivity.assumptions.0.value": VALUE,
    "sensitivity.assumptions.0.swings": [None, *OBJECT, {"a": 5}],
    "sensitivity.assumptions.0.swings.orders.0.value": VALUE,
    "sensitivity.assumptions.0.swings.orders.0.mean": FRACTION,
    "sensitivity.assumptions.0.swings.orders.0.low": FRACTION,
    "sensitivity.assumptions.0.swings.orders.0.high": FRACTION,
    "sensitivity.assumptions.0.turns": [*LIST[:5], [5]],
    "sensitivity.left_out": [None, *OBJECT, {"a": 5}],
    "sensitivity.failed_checks": COUNT,
}
"""Values of another kind or out of range, by place."""


def sample():
    """A sweep with everything that a study can have."""
    plain = json.loads(json.dumps(study("sweep", {"orders": [(10, 1), (11, 1), (12, 1), (13, 1)]})))
    failed = {"variant": "6 packers", "number": 2, "expected": "none", "found": "one"}
    plain["checks"][0] |= {"held": 4, "failed": [failed]}
    for variant in plain["variants"]:
        variant["replications"][0]["measures"] = {"orders": 10.0}
    plain["variants"][0]["stability"] = stability(queue("packers", "steady"))
    return plain | {"search": searched(), "precision": [precision()], "sensitivity": sensitive()}


def steps_of(place):
    """The way to *place*: names and places in lists."""
    words = place.replace("wms.packers", "wms packers").split(".")
    return [int(word) if word.isdigit() else word.replace(" ", ".") for word in words]


def changed(plain, place, change):
    """*plain*, after *change* was made at *place* with the object that holds it and its name there."""
    *way, last = steps_of(place)
    inner = plain
    for step in way:
        inner = inner[step]
    change(inner, last)
    return plain


def with_value(place, value):
    return changed(sample(), place, lambda inner, last: inner.__setitem__(last, value))


def reason(plain):
    """Why *plain* is refused."""
    with pytest.raises(ValueError, match=r".") as refused:
        decode(json.dumps(plain).encode(), Study)
    return str(refused.value)


def named(place):
    """*place* in words, as far as a message must name it."""
    return ", ".join(f"item {step + 1}" if isinstance(step, int) else f"`{step}`" for step in steps_of(place))


# Wrong kinds


@pytest.mark.parametrize(("place", "value"), [(place, value) for place, values in WRONG.items() for value in values])
def test_a_value_of_another_kind_is_refused_at_its_place(place, value):
    plain = with_value(place, value)

    assert reason(plain).startswith(named(place))
    integral = value in (1.0, 8.0) and isinstance(value, float)  # which JSON Schema takes for whole numbers
    big = value in (10**30, [10**30])  # as large as a person can write it
    assert integral or big or not SCHEMA.is_valid(plain) or value == "0" * 64 + "\n"


def test_the_wrong_values_are_of_every_field():
    kinds = typed_objects()
    fields = {(kind, field.name) for kind in kinds for field in structs.fields(kind)}
    tried = {(type(holder), last) for holder, last in map(typed_holder, WRONG) if isinstance(holder, Struct)}

    assert len(kinds) == 17
    assert fields == tried


def typed_objects():
    """All types of objects in ``study.json``."""
    kinds = [kind for module in (study_data, search_data) for kind in vars(module).values() if isinstance(kind, type)]
    return [kind for kind in dict.fromkeys(kinds) if issubclass(kind, Struct) and kind is not Struct]


def typed_holder(place):
    """The typed object that holds *place* in a study, and its name there."""
    *way, last = steps_of(place)
    inner = decode(json.dumps(sample()).encode(), Study)
    for step in way:
        inner = getattr(inner, step) if isinstance(inner, Struct) else inner[step]
    return inner, last


OPTIONAL = ("interval", "events", "of", "p", "stability", "search", "precision", "sensitivity")


@pytest.mark.parametrize(
    "place",
    [place for place in WRONG if not isinstance(steps_of(place)[-1], int) and "wms" not in place and steps_of(place)[-1] not in OPTIONAL],
)
def test_a_field_that_is_missing_is_refused(place):
    plain = changed(sample(), place, lambda inner, last: inner.pop(last))

    assert f"Object missing required field `{steps_of(place)[-1]}`" in reason(plain)
    assert reason(plain).startswith(named(place).rpartition(", ")[0])


@pytest.mark.parametrize("place", ["sweep.key", "settings.0.key", "variants.0.replications.0.number", "checks.0.failed.0.found", "name"])
def test_a_field_that_nobody_knows_is_refused(place):
    plain = changed(sample(), place, lambda inner, _: inner.update(more=1))

    assert "unknown field `more`" in reason(plain)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("days", "8", "`days`: Expected a whole number, got text"),
        ("seed", 1.9, "`seed`: Expected a whole number, got a number"),
        ("settings.0.assumed", "no", "`settings`, item 1, `assumed`: Expected true or false, got text"),
        ("checks.0.held", True, "`checks`, item 1, `held`: Expected a whole number, got true or false"),
        ("variants.0.replications.1.digest", 5, "`variants`, item 1, `replications`, item 2, `digest`: Expected text, got a whole number"),
        ("variants.0.estimates.orders.mean", None, "`variants`, item 1, `estimates`, `orders`, `mean`: Expected a number, got null"),
    ],
)
def test_place_and_kind_are_said_in_words(place, value, words):
    assert reason(with_value(place, value)) == words


# Values that do not agree


def test_the_sample_and_its_kinds_are_accepted():
    for plain in (sample(), study("single", {"orders": [(1, 1)]}), study("paired", {"orders": [(1, None), (2, None)]}, runs=1)):
        SCHEMA.validate(plain)
        assert decode(json.dumps(plain).encode(), Study).name == "a_sample"


def drop(place):
    return lambda plain: changed(plain, place, lambda inner, last: inner.pop(last))


def put(place, value):
    return lambda plain: changed(plain, place, lambda inner, last: inner.__setitem__(last, value))


def copied(place):
    return lambda plain: changed(plain, place, lambda inner, last: inner.append(inner[last]))


DISAGREEING = [
    (put("variants", []), "a sweep study cannot have 0 variants"),
    (put("kind", "single"), "a single study cannot have 4 variants"),
    (put("kind", "paired"), "`sweep` is given, which a paired study cannot have"),
    (put("sweep", None), "`sweep` is null, which a sweep study cannot have"),
    (drop("sweep.values.3"), "`sweep` has 3 values for 4 variants"),
    (put("sweep.values.3", 9), "`changes` of the variant `4 packers` are not the value of the sweep"),
    (put("sweep.key", "wms.pickers"), "`changes` of the variant `7 packers` are not"),
    (put("variants.1.name", "7 packers"), "`variants` has `7 packers` twice"),
    (copied("settings.0"), "`settings` has `ajio.breach_hours` twice"),
    (copied("checks.0"), "`checks` has `life cycle` twice"),
    (put("warm_up_days", 8), "`warm_up_days` is 8, expected fewer than `days`, 8"),
    (put("settings.0.key", "run.days"), "`days` is 8, and the setting `run.days` is 48"),
    (put("settings.0.key", "run.seed"), "`seed` is 1, and the setting `run.seed` is 48"),
    (put("replications", 4), "the variant `7 packers` has 5 replications, expected 4"),
    (drop("variants.2.replications.4"), "`orders` is an estimate over 5 of 4 replications"),
    (put("variants.2.replications.4.number", 3), "item 5 of `replications` has the number 3, expected 4"),
    (put("variants.2.replications", []), "a variant needs at least one replication"),
    (put("variants.0.estimates.orders.replications", 6), "`orders` is an estimate over 6 of 5 replications"),
    (put("variants.1.against_base.orders.replications", 6), "`orders` is an estimate over 6 of 5 replications"),
    (put("variants.0.estimates.orders.half_width", None), "`half_width` is None, which an estimate over 5 replications cannot have"),
    (put("variants.0.estimates.orders.replications", 1), "which an estimate over 1 replications cannot have"),
    (put("variants.1.against_base", None), "`against_base` of the variant `6 packers` must be an object"),
    (put("variants.0.against_base", {}), "`against_base` of the variant `7 packers` must be null"),
    (put("checks.0.held", 6), "`held` is 6, more than `of`, 5"),
    (put("checks.0.held", 5), "`failed` has 1 replications, more than the 0"),
    (put("checks.0.of", 21), "`of` of the check `life cycle` is 21, more than the 20 logs"),
    (put("checks.0.failed.0.variant", "8 packers"), "names an unknown replication, `8 packers` 2"),
    (put("checks.0.failed.0.number", 5), "names an unknown replication, `6 packers` 5"),
    (put("variants.1.sha256", "a" * 64), "`sha256` is not the hash of the variants"),
    (put("sha256", "0" * 64), "`sha256` is not the hash of the variants"),
]


@pytest.mark.parametrize(("change", "words"), DISAGREEING, ids=[words for _, words in DISAGREEING])
def test_values_that_do_not_agree_are_refused(change, words):
    plain = change(sample())

    assert words in reason(plain if "`sha256`" in words else hashed(plain) if plain["variants"] else plain)


# Files


@pytest.fixture(scope="module")
def written():
    """Studies of the three kinds, as `sop simulate` makes them."""
    return [run_study(load(name, SMALL)) for name in ("ordinary_week_erp", "erp_against_rms", "sla_squeeze")]


def test_what_is_written_is_read_as_it_was(written, tmp_path):
    for made in written:
        (tmp_path / "study.json").write_text(to_json(made), encoding="utf-8")
        assert read_study(tmp_path / "study.json") == made
        assert to_json(read_study(tmp_path / "study.json")) == to_json(made)


def test_a_study_names_its_fields_as_the_schema_does():
    published = SCHEMA.schema["$defs"] | {"study": SCHEMA.schema, "sweep": SCHEMA.schema["properties"]["sweep"]["oneOf"][1]}
    published["failed"] = published["check"]["properties"]["failed"]["items"]
    names = {"CheckSummary": "check", "FailedCheck": "failed", "WarmUp": "warm_up"}

    for kind in typed_objects():
        schema = published[names.get(kind.__name__, kind.__name__.lower())]
        fields = [field.name for field in structs.fields(kind)]
        assert list(schema["properties"]) == fields
        assert schema["required"] == [field.name for field in structs.fields(kind) if field.required]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"{", "it is not JSON: expecting property name"),
        (b"[]", "Expected an object, got a list"),
        (b"null", "Expected an object, got null"),
        (b"NaN", "it is not JSON: "),
        (b"\xff\xfe", "it is not UTF-8 text (byte 1)"),
        (b'{"version": 1, "name": "\xff"}', "it is not UTF-8 text"),
        (b'{"version": 1, "name": "\\ud800"}', "it has half a surrogate pair"),
        (b"\xef\xbb\xbf{}", "missing required field `version`"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"version": 1, "settings": [{"value": ' + b"[" * 100_000, "it is nested too deeply"),
        (b'{"version": 1, "more": ' + b'{"a":' * 100_000, "it is nested too deeply"),
        (b'{"version": 1, "more": 1', "it is not JSON: expecting ',' delimiter (line 1, column 25)"),
        (b'{"version": 1, "more": 1}', "unknown field `more`"),
        (b'{"version": 1, "\\u001b[2J": 1}', "unknown field `\\x1b[2J`"),
    ],
)
def test_what_is_no_study_is_refused_with_file_reason_and_remedy(content, words, tmp_path):
    file = tmp_path / "study.json"
    file.write_bytes(content)

    with pytest.raises(SopError) as refused:
        read_study(file)
    assert str(refused.value).startswith(f"{file.as_posix()}: ")
    assert words in str(refused.value)
    assert str(refused.value).endswith("; run the experiment again with `sop simulate`")
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "1e", "0x1", "+1", "01", "--1"])
@pytest.mark.parametrize("place", ["variants.0.estimates.orders.mean", "settings.0.value", "variants.0.replications.1.measures.orders"])
def test_what_is_no_finite_number_is_refused(number, place):
    text = json.dumps(changed(sample(), place, lambda inner, last: inner.__setitem__(last, "HERE"))).replace('"HERE"', number)

    with pytest.raises(ValueError, match=r"it is not JSON|the number `1e999` is too large|a number has 400 digits"):
        decode(text.encode(), Study)


@pytest.mark.parametrize("end", [b"x", b"{}", b",", b"\0", b"\x1a"])
def test_what_follows_the_end_is_refused(end, tmp_path):
    (tmp_path / "study.json").write_bytes(json.dumps(sample()).encode() + b"\n" + end)

    with pytest.raises(UnreadableFileError, match="it is not JSON: extra data"):
        read_study(tmp_path / "study.json")


@pytest.mark.skipif(os.name != "posix", reason="pipes are made as POSIX has them")
def test_neither_a_folder_nor_a_pipe_nor_nothing_is_a_study(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")

    for name in ("pipe", ".", "/dev/null"):
        with pytest.raises(UnreadableFileError, match=r"(is a directory|it is not a regular file); run the experiment again"):
            read_study(tmp_path / name)
    for name in ("nothing", "loop"):
        with pytest.raises(UnreadableFileError, match=f"{name}: .*; run the experiment again"):
            read_study(tmp_path / name)


def test_an_interval_leaves_out_0_where_it_is_clear():
    assert [Estimate(mean, 2.0, 5).is_clear for mean in (-3.0, -2.0, 0.0, 2.0, 2.1)] == [True, False, False, False, True]
    assert not Estimate(9.0, None, 1).is_clear
    assert (Estimate(9.0, 2.0, 5).low, Estimate(9.0, 2.0, 5).high) == (7.0, 11.0)
    assert (Estimate(9.0, None, 1).low, Estimate(9.0, None, 1).high) == (9.0, 9.0)


def test_estimates_of_samples_are_what_a_study_has():
    assert set(estimate(1, 1)) == {field.name for field in structs.fields(Estimate)}
