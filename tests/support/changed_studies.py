"""A study as plain data, changed at one place, and the reason why it is refused."""

import json

import pytest

from simulator.study_data import Study
from simulator.typed_json import decode
from tests.support.study_samples import precision, queue, searched, sensitive, stability, study

SMALL = ("run.days=3", "run.warm_up_days=1", "run.replications=2", "ajio.orders_per_day=40")


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
