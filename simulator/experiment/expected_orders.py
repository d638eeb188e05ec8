"""Expected number of orders of an experiment, hour by hour, from its settings alone; nothing is drawn."""

from simulator.experiment.experiment import Experiment
from simulator.experiment.settings import Ajio


def expected_orders(experiment: Experiment) -> float:
    """Compute the expected number of orders of one replication, without its variants."""
    return sum(expected_by_hour(experiment.ajio, experiment.run.days))


def expected_by_hour(ajio: Ajio, days: int) -> list[float]:
    """Compute the expected number of orders in every hour."""
    weights = [weight / sum(ajio.hourly_weights) for weight in ajio.hourly_weights]
    expected: list[float] = []
    for day in range(days):
        orders = ajio.orders_per_day * ajio.weekday_weights[day % 7]
        shape = weights
        if day in ajio.sale_days:
            orders *= 1 + (ajio.sale_factor - 1) * ajio.sale_decay ** day_of_sale(ajio, day)
            rest = sum(weights[1:])
            if day - 1 not in ajio.sale_days and rest > 0:
                first = ajio.sale_first_hour_share
                shape = [first, *(weight / rest * (1 - first) for weight in weights[1:])]
        expected += [orders * weight for weight in shape]
    return expected


def day_of_sale(ajio: Ajio, day: int) -> int:
    """Return the number of sale days without a break before *day*."""
    first = day
    while first - 1 in ajio.sale_days:
        first -= 1
    return day - first
