"""Sentences about vms_reports."""
