"""Tests of `steps.run.judge`: a record is compared with what its writer writes for the present features."""
