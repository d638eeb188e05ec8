"""The SOP in motion: orders that move through Ajio, Assure OMS, the warehouse, the client's ERP and RMS.

This package knows *when* things happen. Whether a cancellation is allowed, and what is then to be done, it asks the engine
on the case of that moment; what is shown of it, it leaves to whoever reads its log.
"""
