"""Costs in rupees: hours, overtime, lost orders, penalties and credit notes, by day and by order.

People are paid for their shift, busy or not; a team without a price of its own is paid as packers are. Orders are those of the measured days, and their later costs belong to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.experiment.settings import Prices
from simulator.study_data import COST


@dataclass(frozen=True, slots=True)
class CostDrivers:
    """What is paid for on the measured *days*: hours and overtime by team, and numbers of orders and credit notes."""

    days: float
    hours: Mapping[str, float]
    overtime_hours: Mapping[str, float]
    orders: int
    lost: int
    breached: int
    credit_notes: int


def cost_measures(drivers: CostDrivers, prices: Prices) -> dict[str, float]:
    """Compute the cost a day, in all and by kind, and the cost of an order; by name of measure."""
    pay = {
        "pickers": prices.picker_rupees_an_hour,
        "packers": prices.packer_rupees_an_hour,
        "checkers": prices.checker_rupees_an_hour,
        "clerks": prices.clerk_rupees_an_hour,
    }
    parts = {
        "hours": sum(pay.get(team, prices.packer_rupees_an_hour) * hours for team, hours in drivers.hours.items()),
        "overtime": prices.overtime_factor
        * sum(pay.get(team, prices.packer_rupees_an_hour) * hours for team, hours in drivers.overtime_hours.items()),
        "lost orders": drivers.lost * prices.lost_order_rupees,
        "SLA penalties": drivers.breached * prices.breach_penalty_rupees,
        "credit notes": drivers.credit_notes * prices.credit_note_rupees,
    }
    total = sum(parts.values())
    by_kind = {f"cost of {kind}, rupees a day": rupees / drivers.days for kind, rupees in parts.items()}
    return {COST: total / drivers.days, "cost of an order, rupees": total / drivers.orders, **by_kind}
