"""The parts of a study must agree with each other; every kind of disagreement is refused."""

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from simulator.study_data import Study
from simulator.typed_json import decode
from tests.support.changed_studies import changed, reason, sample
from tests.support.study_samples import hashed, study

SCHEMA = Draft202012Validator(json.loads(files("sop_engine").joinpath("schemas", "study.schema.json").read_text(encoding="utf-8")))


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
