"""Orders as a business meets them: the log of what happened to them, the VMS reports over them, the age of the duties they leave.

This package knows orders in numbers and dates, real and simulated ones alike. What may be cancelled, and what is then to be done,
it asks the engine; how it is shown, it leaves to whoever asks.
"""
