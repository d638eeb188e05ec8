"""Headline sentences of the scenario report: no more than the figures carry."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.scenario.content import report_of
from reports.scenario.headlines import answer_sentences, headlines_of, tipping_point_of
from reports.scenario.wording.study_questions import STUDY_QUESTIONS
from simulator.study_data import Estimate
from sop_engine import load_rulebook
from tests.support.scenario_sentences import sentences, unsteady
from tests.support.study_samples import queue, study, typed

RULEBOOK = load_rulebook()
few = settings(deadline=None, max_examples=30)
ANY = st.floats(-8e307, 8e307)  # differences are finite too
ANY_ESTIMATE = st.one_of(
    st.builds(Estimate, ANY, st.none(), st.just(1)), st.builds(Estimate, ANY, st.floats(min_value=0, max_value=1e308), st.integers(2, 9))
)


def test_a_clear_difference_is_said_side_by_side() -> None:
    texts = sentences(study("paired", {"credit notes due": [(41, 3), (0, 0)]}))

    assert texts[0] == "Under ERP the client has 41 ± 3 credit notes to make for a week's orders; under RMS none."


def test_a_difference_whose_interval_includes_zero_could_be_chance() -> None:
    texts = sentences(study("paired", {"SLA breached, share of orders": [(0.002, 0.001), (0.003, 0.001)]}, spread=2.0))

    assert texts[0].startswith("Under ERP about 2 in 1,000 orders breach the SLA of 48 hours")
    assert texts[0].endswith("; that could be chance.")


def test_what_is_the_same_is_said_once() -> None:
    texts = sentences(study("paired", {"SLA breached, share of orders": [(0.002, 0.001), (0.002, 0.001)]}, spread=0))

    assert texts == ["In all variants about 2 in 1,000 orders breach the SLA of 48 hours."]


def test_a_measure_that_only_one_side_has_is_said_of_that_side() -> None:
    breached = "SLA breached, share of orders"
    plain = json.loads(json.dumps(study("paired", {breached: [(0.002, 0.001), (0.002, 0.001)]})))
    del plain["variants"][0]["estimates"][breached], plain["variants"][1]["against_base"][breached]

    assert sentences(plain)[0] == "Under RMS about 2 in 1,000 orders breach the SLA of 48 hours; that could be chance."


def test_a_clear_difference_that_rounds_to_the_same_words_is_not_called_chance() -> None:
    shares = {"orders cancelled in full, share": [(0.0625, 0.003), (0.0551, 0.003)]}
    ages = {"age of a credit note when made, hours": [(19, 3), (19, 3)], "packing errors": [(1, 1), (2, 1)]}
    plain = json.loads(json.dumps(study("paired", shares | ages, spread=0.1)))
    plain["variants"][1]["against_base"]["packing errors"]["half_width"] = 5
    del plain["variants"][1]["estimates"]["age of a credit note when made, hours"]
    del plain["variants"][1]["against_base"]["age of a credit note when made, hours"]

    assert sentences(plain) == [
        "A clear but small difference in cancelled orders.",
        "No clear difference in packing errors: any difference could be chance.",
    ], "and nothing is said of an age that one side does not have"


def test_small_clear_changes_of_a_sweep_are_not_called_chance() -> None:
    texts = sentences(
        study("sweep", {"orders cancelled in full, share": [(0.0625, 0.003), (0.062, 0.003), (0.061, 0.003), (0.0601, 0.003)]})
    )

    assert texts == ["From 7 packers to 4 packers the clear changes are small."]


def test_one_replication_claims_nothing_about_chance() -> None:
    result = " ".join(
        sentences(study("paired", {"credit notes due": [(41, None), (12, None)], "packing errors": [(1, None), (1, None)]}, runs=1))
    )

    assert "41 credit notes" in result
    assert "chance" not in result
    assert "±" not in result


def test_of_many_variants_a_sentence_names_the_one_that_differs_most() -> None:
    plain = study("sweep", {"credit notes due": [(41, 3), (30, 3), (2, 1), (20, 3)]}) | {"kind": "paired", "sweep": None}
    texts = sentences(plain)

    assert (
        texts[0]
        == "Under 7 packers the client has 41 ± 3 credit notes to make for a week's orders; under 5 packers 2.0 ± 1.0 credit notes."
    )


def test_a_sweep_says_where_it_breaks() -> None:
    cliff_edge = [(0.00001, 0.00002), (0.002, 0.0005), (0.1, 0.02), (0.9, 0.02)]
    plain = study("sweep", {"SLA breached, share of orders": cliff_edge})
    breaks = tipping_point_of(typed(plain))

    assert breaks is not None
    assert breaks.before == 2
    assert sentences(plain)[0] == (
        "With 7 packers hardly any order breaches the SLA of 48 hours (at most about 3 in 100,000); "
        "with 5 packers about 1 in 10; with 4 packers about 9 in 10."
    )


def test_a_change_that_is_not_printed_is_no_arrow() -> None:
    headlines = headlines_of(typed(study("paired", {"credit notes due": [(41.1, 3), (41.4, 4)]}, spread=0.01)))

    assert [headline.value for headline in headlines] == ["41"]


def test_the_tipping_point_is_where_the_queue_begins_to_grow() -> None:
    grows = {name: [queue("packers", "growing", 1.1, 0, 900)] for name in ("5packers", "4packers")}
    breached = {"SLA breached, share of orders": [(0.0001, 0.0001), (0.0001, 0.0001), (0.0002, 0.0001), (0.5, 0.1)]}
    breaks = tipping_point_of(typed(unsteady("sweep", breached, **grows)))

    assert breaks is not None
    assert breaks.before == 1, "and not between 5 and 4, where the breaches show within these days"


def test_a_sweep_that_goes_bit_by_bit_has_no_edge() -> None:
    plain = study("sweep", {"time to dispatch, hours": [(10, 0.1), (12, 0.1), (14, 0.1), (16, 0.1)]})

    assert tipping_point_of(typed(plain)) is None
    assert "gradual" in sentences(plain)[-1]


def test_a_step_is_no_edge_because_its_values_are_far_apart() -> None:
    plain = study("sweep", {"time to dispatch, hours": [(1, 0.1), (2, 0.1), (3, 0.1), (20, 0.1)]})
    far = json.loads(json.dumps(plain)) | {"sweep": plain["sweep"] | {"values": [1, 2, 3, 20]}}
    for variant, value in zip(far["variants"], [1, 2, 3, 20], strict=True):
        variant["changes"] = {"wms.packers": value}

    assert tipping_point_of(typed(plain)) is not None
    assert tipping_point_of(typed(far)) is None


def test_a_jump_of_next_to_nothing_is_no_edge() -> None:
    assert tipping_point_of(typed(study("sweep", {"time to dispatch, hours": [(10, 0), (10, 0), (10, 0), (10.2, 0)]}))) is None


def test_a_sweep_in_which_nothing_happens_says_so() -> None:
    plain = study("sweep", {"time to dispatch, hours": [(10, 0.1)] * 4}, spread=0)

    assert sentences(plain) == ["From 7 packers to 4 packers there is no clear change: any difference could be chance."]


def test_the_headlines_of_a_single_study_are_its_figures_and_of_a_comparison_how_they_go() -> None:
    single = headlines_of(typed(study("single", {"credit notes due": [(41.4, 3.2)], "SLA breached, share of orders": [(0.0021, 0.0002)]})))
    paired = headlines_of(typed(study("paired", {"credit notes due": [(41.4, 3.2), (0, 0)]})))

    assert [(headline.value, headline.spread) for headline in single] == [("2 in 1,000", "0.210 ± 0.020 %"), ("41", "± 3")]
    assert [(headline.value, headline.note) for headline in paired] == [("41 → none", "credit notes a week; ERP → RMS")]


@few
@given(
    st.dictionaries(
        st.sampled_from([theme.measure for theme in STUDY_QUESTIONS]), st.lists(ANY_ESTIMATE, min_size=4, max_size=4), min_size=1
    )
)
def test_any_numbers_make_sentences(values: dict[str, list[Estimate]]) -> None:
    for kind, count, runs in (("single", 1, 1), ("paired", 2, 5), ("paired", 2, 1), ("sweep", 4, 5)):
        intervals_of = {
            name: [(estimate.mean, None if runs == 1 else estimate.half_width or 0) for estimate in of[:count]]
            for name, of in values.items()
        }
        sample = typed(study(kind, intervals_of, runs=runs))
        assert all(part.text for sentence in answer_sentences(sample) for part in sentence if part.strong)
        assert all(headline.value for headline in headlines_of(sample))


@few
@given(
    st.sampled_from(["single", "paired", "sweep"]),
    st.dictionaries(st.sampled_from([theme.measure for theme in STUDY_QUESTIONS]), st.lists(ANY, min_size=4, max_size=4), min_size=1),
    st.data(),
)
def test_a_measure_may_be_missing_in_any_variant(kind: str, means: dict[str, list[float]], data: st.DataObject) -> None:
    plain = study(kind, {name: [(mean, 1) for mean in of] for name, of in means.items()})
    for variant in plain["variants"]:
        for estimates in filter(None, (variant["estimates"], variant["against_base"])):
            for name in data.draw(st.sets(st.sampled_from(sorted(means)))):
                del estimates[name]
    assert report_of(typed(plain), (), RULEBOOK).title == "A sample"
