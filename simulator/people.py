"""The people and papers behind the orders: names, addresses, GSTINs, and the numbers of every paper, valid in form.

The number of a tax document has at most 16 characters of A-Z, 0-9 and -, begins with a letter, and is unique in a financial
year of one replication (rule 53 of the CGST rules, and what the e-invoice portal takes). Names come from pools that Faker fills once for a seed, so the same people order in every replication, and nobody's name
moves anybody's luck. Nothing here is real.
"""

from functools import lru_cache

import numpy as np

from orders.log.arrays import IntArray
from orders.log.event_log import Event, Log
from simulator.chance import Chance

POOL = 1000
SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STATES = ("07", "19", "24", "27", "29", "33", "36")
"""State codes of Delhi, West Bengal, Gujarat, Maharashtra, Karnataka, Tamil Nadu and Telangana."""

ORDER_COLUMNS = ("order", "order_id", "customer", "address", "units", "invoicing", "seller_gstin", "purchase_order", "invoice_number")
Person = tuple[str, str]


def check_character(body: str) -> str:
    """The last character of a GSTIN, from the fourteen before it (Luhn modulo 36).

    Source: the published algorithm, as in the GSTIN validator of Devil7-Softwares.
    """
    total = 0
    for place, symbol in enumerate(body):
        product = SYMBOLS.index(symbol) * (1 + place % 2)
        total += product // 36 + product % 36
    return SYMBOLS[-total % 36]


def gstin(number: int) -> str:
    """A GSTIN that is valid in form: state, PAN, entity, Z, check character."""
    state = STATES[number % len(STATES)]
    letters = ""
    rest = number
    for _ in range(5):
        rest, letter = divmod(rest, 26)
        letters += SYMBOLS[10 + letter]
    body = f"{state}{letters}{number % 10_000:04}{SYMBOLS[10 + number % 26]}1Z"
    return body + check_character(body)


def order_id(order: int, replication: int) -> str:
    """The number of an order at Ajio."""
    return f"{order_prefix(replication)}{order:08}"


def order_prefix(replication: int) -> str:
    """What the numbers of all orders of a replication begin with; eight digits follow."""
    return f"AJ{replication:04}"


def purchase_order(order: int) -> str:
    """The number of Ajio's purchase order for the goods of an order."""
    return f"PO{order:09}"


def invoice_number(order: int, replication: int) -> str:
    """The number of the tax invoice of an order."""
    return f"I{replication:06}-{order:08}"


def credit_note_number(order: int, replication: int) -> str:
    """The number of the credit note for the invoice of an order; there is at most one."""
    return f"C{replication:06}-{order:08}"


def return_number(order: int, place: int, replication: int) -> str:
    """The number of a return: the *place*-th of its order, counting from 1."""
    return f"RT{replication:04}{order:08}{place:02}"


def customer_number(person: int) -> str:
    """The number of a customer; *person* is a place in the pool."""
    return f"CU{person:06}"


def persons_of(orders: IntArray, seed: int, replication: int) -> IntArray:
    """The places in the pool of the customers who placed *orders*."""
    return Chance(seed, replication).below("person", orders, np.full_like(orders, POOL))


@lru_cache(maxsize=4)
def people(seed: int) -> tuple[Person, ...]:
    """Names and addresses of the customers of a seed."""
    from faker import Faker  # noqa: PLC0415 (its import takes a quarter of a second)

    fake = Faker("en_IN")
    fake.seed_instance(seed)
    return tuple((fake.name(), fake.address().replace("\n", ", ")) for _ in range(POOL))


def orders_table(log: Log, seed: int, replication: int) -> list[tuple[int | str, ...]]:
    """The orders of a log as objects, one row each, in order of number."""
    created = log.where(Event.CREATED).columns
    invoiced = set(log.where(Event.INVOICED).columns["order"].tolist())
    orders = created["order"]
    pool = people(seed)
    person = persons_of(orders, seed, replication).tolist()
    by_number = np.argsort(orders, kind="stable").tolist()
    units, models = created["units"].tolist(), created["invoicing"].tolist()
    rows: list[tuple[int | str, ...]] = []
    seller = gstin(seed)
    for k in by_number:
        number = int(orders[k])
        name, address = pool[person[k]]
        invoice = invoice_number(number, replication) if number in invoiced else ""
        model = ("ERP", "RMS")[models[k]]
        ordered = order_id(number, replication)
        rows.append((number, ordered, name, address, units[k], model, seller, purchase_order(number), invoice))
    return rows
