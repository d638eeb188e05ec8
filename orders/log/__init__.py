"""The event log: what happened to orders, real or simulated, as rows with one published schema.

Columns and their words, times, the history of single orders, and (in `export`) the files it is written to and read from. It
knows neither the simulator that makes such logs nor the intake of real orders; both import it.
"""
