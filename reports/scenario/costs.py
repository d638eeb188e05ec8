"""Costs of the variants, as sentences."""

from collections.abc import Iterator

from reports.scenario.wording.number_format import figure
from reports.scenario.wording.study_questions import Phrase, Phrases
from reports.scenario.wording.variant_words import variant_phrase
from simulator.study_data import COST, Study


def cost_sentences(study: Study) -> Iterator[Phrases]:
    """Yield what the variants cost a day, with the number of assumed prices."""
    sides = [study.variants[0]] if study.kind == "single" else [study.variants[0], study.variants[-1]]
    priced = [side for side in sides if COST in side.estimates]
    if not priced or study.search is not None:
        return
    parts: list[Phrase] = [Phrase("cost: ")]
    for place, side in enumerate(priced):
        name = "" if study.kind == "single" else f" {'with' if study.kind == 'sweep' else 'under'} {variant_phrase(study, side)}"
        parts += [Phrase("; " if place else ""), Phrase(f"{figure(side.estimates[COST])} rupees a day", strong=True), Phrase(name)]
    yield (*parts, Phrase(f"{assumed_prices(study)}."))


def assumed_prices(study: Study) -> str:
    """Return the number of assumed prices, in brackets; empty if the study has no prices."""
    prices = [setting for setting in study.settings if setting.key.startswith("prices.")]
    return f" ({sum(price.assumed for price in prices)} of {len(prices)} prices are assumed)" if prices else ""
