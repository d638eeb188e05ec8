"""Orders as a business meets them: the log of what happened to them, the VMS reports over them, the age of the duties they leave.

Knows orders in numbers and dates, real and simulated ones alike. What may be cancelled, and what is then to be done, it leaves to
`sop_engine`; how orders are made up to `simulator`; how they are shown to `reports`.
"""

__all__ = ["duties", "vms_reports"]
