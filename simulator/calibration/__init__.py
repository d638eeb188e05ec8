"""Calibration: settings of an experiment fitted to an event log, with their confidence intervals and how well they fit.

Knows estimators and goodness of fit. It leaves reading the log to `orders.log`, and what a setting means and accepts to
`simulator.experiment`.
"""

__all__ = ["calibrate", "experiment_file", "fits", "observations"]
