"""The simulator against the theory of queues."""
