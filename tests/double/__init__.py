"""A second implementation of the contract, in another language, and how it is tested with the specification.

`oms` is a small order-management system in Node.js, written from the published contract and the features alone. It stands for any
other system: without a fault it passes everything that it offers, and each fault that is planted in it is found. It simulates nothing: where
simulations are tested, it answers with recordings of those of this project, so only the faults in them are its own.
"""
