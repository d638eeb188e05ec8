"""Orders, real and simulated: their event log, the VMS reports on them, and the age of their duties.

`sop_engine` decides what may be cancelled and what is then to be done; `simulator` makes simulated orders; `reports` shows them.
"""

__all__ = ["duties", "vms_reports"]
