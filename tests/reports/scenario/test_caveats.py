"""Caveats of the scenario report: growing queues, warm-up and worst results."""

import json

from reports.scenario.wording.caveats import warm_up_text
from tests.support.scenario_sentences import sentences, unsteady
from tests.support.study_samples import queue, stability, study, typed


def test_a_queue_that_grows_is_said_first_and_its_variant_has_no_steady_rate() -> None:
    grows = {"5packers": [queue("packers", "growing", 1.07, 35, 831)], "4packers": [queue("packers", "growing", 1.42, 181, 3346)]}
    values = {"time to dispatch, hours": [(11.7, 0.1), (11.8, 0.1), (19, 1), (44, 1)]}
    texts = sentences(unsteady("sweep", values, **grows))

    assert texts[0].startswith("With 5 and 4 packers the queue for the packers grows day by day: work for 107 to 142 %")
    assert "831 to 3,346 orders wait at the close of day 8, against 35 to 181" in texts[0]
    assert "there is no steady rate" in texts[0]
    assert texts[1].count("in these 8 days, no steady rate") == 2
    assert "with 6 packers 11.80 ± 0.10 hours; with 5 packers 19.0 ± 1.0 hours in these 8 days, no steady rate" in texts[1]


def test_the_figures_of_a_single_study_with_a_growing_queue_are_limited_to_its_days() -> None:
    values = {"SLA breached, share of orders": [(0.3, 0.01)], "age of a credit note when made, hours": [(48, 1)]}
    texts = sentences(unsteady("single", values, base=[queue("packers", "left", 0.9, 0, 500)]))

    assert texts[0].startswith("The queue for the packers is not worked off at the end: 500 orders wait at the close of day 8")
    assert texts[1] == "In these 8 days, about 3 in 10 orders breach the SLA of 48 hours."
    assert texts[2] == "A credit note is made 2.00 ± 0.04 days after it becomes due, on average."


def test_a_queue_of_the_clerks_limits_the_age_of_credit_notes_only() -> None:
    values = {"SLA breached, share of orders": [(0.3, 0.01)], "age of a credit note when made, hours": [(48, 1)]}
    texts = sentences(unsteady("single", values, base=[queue("credit-note clerks", "growing", 1.14, 5, 59)]))

    assert "The age of credit notes holds for 8 simulated days only" in texts[0]
    assert texts[1:] == [
        "About 3 in 10 orders breach the SLA of 48 hours.",
        "In these 8 days, a credit note is made 2.00 ± 0.04 days after it becomes due, on average.",
    ]


def test_a_steady_study_has_no_caveat() -> None:
    texts = sentences(unsteady("single", {"SLA breached, share of orders": [(0.002, 0.001)]}))

    assert texts == ["About 2 in 1,000 orders breach the SLA of 48 hours."]


def test_the_worst_result_is_named_with_the_age_of_credit_notes() -> None:
    values = {
        "SLA breached, share of orders": [(0.001, 0.0001), (0.3, 0.01)],
        "age of a credit note when made, hours": [(24, 1), (1407, 97)],
        "credit notes made after 30 days, share": [(0, 0), (0.72, 0.01)],
        "oldest credit note when made, hours": [(60, 1), (3096, 200)],
    }
    texts = sentences(study("paired", values))

    assert texts[0] == (
        "The worst result: under RMS about 7 in 10 credit notes are made more than 30 days after becoming due, "
        "on average after 59 ± 4 days, the oldest after 129 days."
    )


def test_a_warm_up_is_not_judged_by_variants_whose_queue_grows() -> None:
    plain = json.loads(json.dumps(study("paired", {"orders": [(10, 1), (10, 1)]})))
    for variant, verdict, warm_up in zip(plain["variants"], ("steady", "growing"), ("enough", "short"), strict=True):
        variant["stability"] = stability(queue("packers", verdict), warm_up=warm_up)

    assert "1 day left out, which is enough" in warm_up_text(typed(plain))
    plain["variants"][0]["stability"] = plain["variants"][1]["stability"]
    assert "not checked, because queues grow or are not worked off" in warm_up_text(typed(plain))


def test_a_warm_up_that_is_too_short_is_said() -> None:
    plain = json.loads(json.dumps(study("single", {"orders": [(10, 1)]})))
    plain["variants"][0]["stability"] = stability(queue("packers", "steady"), warm_up="short")

    assert sentences(plain)[-1].startswith("The first days differ from the later ones")
