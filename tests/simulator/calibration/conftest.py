"""A log with settings other than the defaults, and the fits to it."""

import pytest

from simulator.calibration.calibrate import fit_settings, with_values
from simulator.experiment.experiment import load
from tests.support.calibration_logs import CHANGED, ONE_CLERK, log_of


@pytest.fixture(scope="session")
def changed():
    experiment = with_values(load("ordinary_week_erp", ONE_CLERK), CHANGED)
    return experiment, log_of(experiment)


@pytest.fixture(scope="session")
def fits(changed):
    """Fits with wide intervals, by key."""
    return {fit.key: fit for fit in fit_settings(changed[1], load("ordinary_week_erp", ONE_CLERK), 0.9999).fits}
