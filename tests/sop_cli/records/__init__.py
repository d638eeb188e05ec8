"""Tests of the commands about records of the registers."""
