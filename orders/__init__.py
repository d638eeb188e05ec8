"""Orders as a business meets them: the VMS reports over them, and the age of the duties they leave.

This package knows orders in numbers and dates. What may be cancelled, and what is then to be done, it asks the engine;
how it is shown, it leaves to whoever asks.
"""
