"""Wanted precision of `--until`: whether it was reached, as sentences."""

from collections.abc import Iterator

from reports.scenario.wording.measure_catalogue import measure_info
from reports.scenario.wording.study_questions import Phrase, Phrases
from reports.svg.numbers import decimal_places, number_text
from simulator.study_data import Study
from sop_engine.text import counted


def precision_sentences(study: Study) -> Iterator[Phrases]:
    """Yield whether each wanted half-width was reached."""
    for wanted in study.precision or ():
        info = measure_info(wanted.measure, study.period)
        width = wanted.half_width * (100 if "%" in wanted.wanted else info.factor)
        reached = f"± {number_text(width, decimal_places(width))}{' %' if '%' in wanted.wanted else ''}"
        where = " in every variant" if len(study.variants) > 1 else ""
        if wanted.reached:
            yield (
                Phrase(f"{wanted.wanted} is reached", strong=True),
                Phrase(f"{where} after {counted(study.replications, 'replication')} ({reached})."),
            )
        else:
            yield (
                Phrase(f"{wanted.wanted} is not reached", strong=True),
                Phrase(f" after {counted(study.replications, 'replication')}, the most that may be run ({reached}); raise -r."),
            )
