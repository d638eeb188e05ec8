"""The runs at hand as bars, drawn without a script."""

from collections.abc import Sequence

from markupsafe import Markup

from reports.site.run_history import PastRun

WIDTH, HEIGHT, GAP, WIDEST = 640, 96, 3, 24.0
LEAST = 5.0
"""What did not pass is seen, however little of the run it is."""


def trend_chart(runs: Sequence[PastRun]) -> Markup:
    """A bar for each run: what passed, above it what failed, above that what did not run; nothing for a single run."""
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
    return Markup("<g><title>{}</title>{}</g>").format(f"{run.when}: {run.says}", Markup("").join(parts))
