"""Trend of the recent runs: a bar chart as SVG."""

from collections.abc import Sequence

from markupsafe import Markup

from reports.site.run_history import PastRun

WIDTH, HEIGHT, GAP, WIDEST = 640, 96, 3, 24.0
LEAST = 5.0
"""Least height of a part, so that a few examples that did not pass are visible."""


def trend_chart(runs: Sequence[PastRun]) -> Markup:
    """Draw a bar for each run: passed examples, above them the failed ones, then those that did not run; empty for a single run."""
    if len(runs) < 2:  # noqa: PLR2004 (one bar is no trend)
        return Markup("")
    most = max(1, *(run.written for run in runs))
    width = min(WIDEST, (WIDTH - GAP * (len(runs) - 1)) / len(runs))
    bars = Markup("").join(_run_bar(run, place * (width + GAP), width, HEIGHT / most) for place, run in enumerate(runs))
    total_width = len(runs) * (width + GAP) - GAP
    return Markup(
        '<svg class="trend" width="{0}" viewBox="0 0 {0} {1}" preserveAspectRatio="none" role="img" aria-label="Examples of the recent runs, oldest first; the table below has the same figures">{2}</svg>'
    ).format(f"{total_width:.1f}", HEIGHT, bars)


def _run_bar(run: PastRun, x: float, width: float, scale: float) -> Markup:
    bad = {kind: max(number * scale, LEAST) for kind, number in (("not", run.failed), ("idle", run.not_run)) if number}
    tall = max(0.0, min(run.passed * scale, HEIGHT - sum(bad.values())))
    y, parts = float(HEIGHT), []
    for kind, high in {"ran": tall, **bad}.items():
        y -= high
        place = (f"{number:.1f}" for number in (x, y, width, high))
        parts.append(Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(kind, *place))
    return Markup("<g><title>{}</title>{}</g>").format(f"{run.when}: {run.result}", Markup("").join(parts))
