"""Tests of studies: their content, checkpoints, interruptions and workers."""
