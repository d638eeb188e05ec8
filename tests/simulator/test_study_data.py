"""Each field of `study.json` is refused at its place if it is missing, unknown or of another kind."""

import json

import pytest
from msgspec import Struct, structs

from simulator import search_data, study_data
from simulator.study_data import Study
from simulator.typed_json import decode
from tests.simulator.test_study_agreement import SCHEMA
from tests.support.changed_studies import changed, named, reason, sample, steps_of, with_value

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
def test_an_unknown_field_is_refused(place):
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


def test_a_study_names_its_fields_as_the_schema_does():
    published = SCHEMA.schema["$defs"] | {"study": SCHEMA.schema, "sweep": SCHEMA.schema["properties"]["sweep"]["oneOf"][1]}
    published["failed"] = published["check"]["properties"]["failed"]["items"]
    names = {"CheckSummary": "check", "FailedCheck": "failed", "WarmUp": "warm_up"}

    for kind in typed_objects():
        schema = published[names.get(kind.__name__, kind.__name__.lower())]
        fields = [field.name for field in structs.fields(kind)]
        assert list(schema["properties"]) == fields
        assert schema["required"] == [field.name for field in structs.fields(kind) if field.required]
