"""`sop verify --watch`: a command that runs what changes, as it changes, and says from which run the rest is."""

__all__ = ["loop"]
