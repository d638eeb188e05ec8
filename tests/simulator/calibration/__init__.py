"""Tests of the calibration: fits, estimators and the file of a calibrated experiment."""
