"""Charts as SVG text: elements, scales, and one module for each form of chart.

Has numbers and positions only. `reports.scenario` selects the measures.
"""

__all__ = ["daily_hours", "days_chart", "elements", "hour_chart", "interval_chart", "numbers", "tipping_point", "tornado"]
