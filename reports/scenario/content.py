"""The content of a scenario report as plain data; templates only place it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from orders.log.order_histories import OrderHistory
from reports.scenario.assumptions import decisive_assumptions_table
from reports.scenario.bars import Bars, bars_of
from reports.scenario.charts import Chart, daily_hours_of, pair_charts, queue_charts, sweep_charts
from reports.scenario.day_replay import ReplayPage, replay_page
from reports.scenario.headlines import Headline, answer_sentences, further_headlines, tipping_point_of
from reports.scenario.order_story import OrderStory, order_story, swim_lane_chart
from reports.scenario.reproduction import Reproduction, default_settings, reproduction_of
from reports.scenario.search_answer import trial_table
from reports.scenario.tornado_charts import Tornado, tornados
from reports.scenario.wording.caveats import warm_up_text
from reports.scenario.wording.study_questions import Phrases
from reports.scenario.wording.tables import FigureTable, comparison_table, measure_tables, queue_table
from reports.scenario.wording.variant_words import variant_phrase
from simulator.analysis.day_replay import DayReplay
from simulator.experiment.plausible import plausible_text
from simulator.study_data import CheckSummary, Study
from sop_engine import Rulebook
from sop_engine.text import counted

_SMALL = ("ERP", "RMS", "SLA", "RSI", "WMS", "OMS", "RTO")


@dataclass(frozen=True, slots=True)
class IllustratedStory:
    """The history of an order with its chart."""

    story: OrderStory
    picture: Markup


@dataclass(frozen=True, slots=True)
class SettingView:
    """A setting of the study: *source* of the default if there is one, otherwise its *plausible* range; *changed* from it; *varied* between variants."""

    key: str
    value: str
    meaning: str
    source: str
    plausible: str
    changed: str
    varied: bool


@dataclass(frozen=True, slots=True)
class ScenarioReport:
    """The content of a scenario report as plain data."""

    title: str
    question: str
    study: Study
    base: str
    sides: tuple[tuple[str, str], ...]
    answers: tuple[Phrases, ...]
    plus_minus: str
    broken: tuple[CheckSummary, ...]
    headlines: tuple[Headline, ...]
    queues: FigureTable
    queue_charts: tuple[Chart, ...]
    warm_up: str
    compared: FigureTable | None
    main_chart: Chart | None
    charts: tuple[Chart, ...]
    bars: tuple[Bars, ...]
    replay: ReplayPage | None
    lives: tuple[IllustratedStory, ...]
    measures: tuple[FigureTable, ...]
    settings: tuple[SettingView, ...]
    day: Chart | None
    trials: FigureTable
    tornados: tuple[Tornado, ...]
    assumptions: FigureTable
    reproduction: Reproduction
    logs: str
    rulebook: str


def report_of(study: Study, lives: Sequence[OrderHistory], rulebook: Rulebook, replay: DayReplay | None = None) -> ScenarioReport:
    """Build the content of the report on *study*, with the histories of a few orders and the replay of a day."""
    breaks = tipping_point_of(study)
    charts = list(
        sweep_charts(study, study.sweep, breaks) if study.sweep is not None else pair_charts(study) if study.kind == "paired" else ()
    )
    main_chart = charts.pop(0) if study.kind == "sweep" and charts else None
    rows = sum(variant.rows for variant in study.variants)
    return ScenarioReport(
        title=experiment_title(study.name),
        question=study.description,
        study=study,
        base=variant_phrase(study, study.variants[0]),
        sides=tuple((variant_phrase(study, variant), variant.says) for variant in study.variants) if study.kind == "paired" else (),
        answers=answer_sentences(study),
        plus_minus=_plus_minus(study),
        broken=tuple(check for check in study.checks if check.is_broken),
        headlines=further_headlines(study) if study.kind == "single" else (),
        queues=queue_table(study),
        queue_charts=tuple(queue_charts(study)),
        warm_up=warm_up_text(study),
        compared=comparison_table(study) if study.kind != "single" else None,
        main_chart=main_chart,
        charts=tuple(charts),
        bars=tuple(bars_of(study)),
        replay=replay_page(study, replay) if replay is not None else None,
        lives=tuple(
            IllustratedStory(story_of_life, swim_lane_chart(story_of_life))
            for story_of_life in (order_story(life, rulebook) for life in lives)
        ),
        measures=tuple(measure_tables(study)),
        settings=tuple(_setting_views(study)),
        day=daily_hours_of(study),
        trials=trial_table(study),
        tornados=tuple(tornados(study)),
        assumptions=decisive_assumptions_table(study),
        reproduction=reproduction_of(study),
        logs=f"{counted(len(study.variants) * study.replications, 'log')} with {counted(rows, 'event')} in all",
        rulebook=rulebook.sha256,
    )


def experiment_title(name: str) -> str:
    """Format the name of an experiment as a heading."""
    words = " ".join(word.upper() if word.upper() in _SMALL else word for word in name.replace("_", " ").split())
    return words[:1].upper() + words[1:]


def _plus_minus(study: Study) -> str:
    """Return the sentence that explains ±."""
    if study.replications < 2:  # noqa: PLR2004 (one replication has no interval)
        return (
            "This is a single replication: one possible course of events. Its figures have no confidence interval; run more replications."
        )
    sure = f"{study.confidence * 100:g} %"
    compare = " All variants had the same customers and the same random draws." if study.kind != "single" else ""
    return (
        f"Each figure is the mean of {study.replications} replications that differ only in their random draws. "
        f"± is the {sure} confidence interval of that mean; (a to b) is one that is not even, because events are few or it ends at 0.{compare}"
    )


def _setting_views(study: Study) -> Iterator[SettingView]:
    default_values = default_settings()
    for setting in study.settings:
        changed = setting.key in default_values and default_values[setting.key] != setting.value
        yield SettingView(
            setting.key,
            setting_text(setting.value),
            setting.says,
            "" if setting.assumed else setting.source,
            plausible_text(setting.key) if setting.assumed else "",
            setting_text(default_values[setting.key]) if changed else "",
            setting.varied,
        )


def setting_text(value: object) -> str:
    """Format the value of a setting for a reader."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(setting_text, value)) or "none"
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)  # noqa: PLR2004 (g turns larger ones into powers)
