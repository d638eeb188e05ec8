"""Charts as SVG text: elements, scales, and one module for each form of chart.

Knows numbers and places on a picture. Which measure is drawn it leaves to `reports.scenario`.
"""

__all__ = ["daily_hours", "elements", "interval_chart", "numbers", "tipping_point"]
