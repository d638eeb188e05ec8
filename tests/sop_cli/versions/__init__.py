"""Tests of the option `--rulebook` and of the commands for versions."""
