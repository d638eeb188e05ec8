"""Identities: made-up names, addresses, GSTINs and document numbers of the orders, valid in form.

The number of a tax document has at most 16 characters of A-Z, 0-9 and -, begins with a letter, and is unique in a financial
year of one replication (rule 53 of the CGST rules, and what the e-invoice portal takes). Names come from pools that Faker fills
once for a seed, so the same people order in every replication, and names have no effect on other random draws. All are
made up.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from orders.log.arrays import IntArray, NumberedTexts, Texts, texts
from orders.log.columns import NONE, WORD_CODES, Actor, CarriedOut, Event, Lifecycle, System
from orders.log.event_log import Log
from orders.log.order_blocks import OrderBlock
from orders.log.orders_table import OrdersTable
from orders.log.stations import STATIONS
from simulator.model.draws.random_streams import RandomStreams
from simulator.study.staff import Team
from sop_engine import Outcome

POOL_SIZE = 1000
ORDER_DIGITS = 8
"""Digits in the number of an order; more if they do not suffice."""
SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STATES = ("07", "19", "24", "27", "29", "33", "36")
"""State codes of Delhi, West Bengal, Gujarat, Maharashtra, Karnataka, Tamil Nadu and Telangana."""

Person = tuple[str, str]


def check_character(body: str) -> str:
    """Compute the last character of a GSTIN from the fourteen before it (Luhn modulo 36).

    Source: the published algorithm, as in the GSTIN validator of Devil7-Softwares.
    """
    total = 0
    for place, symbol in enumerate(body):
        product = SYMBOLS.index(symbol) * (1 + place % 2)
        total += product // 36 + product % 36
    return SYMBOLS[-total % 36]


def gstin(number: int) -> str:
    """Make a GSTIN that is valid in form: state, PAN, entity, Z, check character."""
    state = STATES[number % len(STATES)]
    letters = ""
    rest = number
    for _ in range(5):
        rest, letter = divmod(rest, 26)
        letters += SYMBOLS[10 + letter]
    body = f"{state}{letters}{number % 10_000:04}{SYMBOLS[10 + number % 26]}1Z"
    return body + check_character(body)


def order_id(order: int, replication: int) -> str:
    """Return the number of an order at Ajio."""
    return f"{order_prefix(replication)}{order:0{ORDER_DIGITS}}"


def order_prefix(replication: int) -> str:
    """Return the prefix of the order numbers of a replication; eight digits follow."""
    return f"AJ{replication:04}"


def purchase_order(order: int) -> str:
    """Return the number of Ajio's purchase order for the goods of an order."""
    return f"PO{order:09}"


def invoice_number(order: int, replication: int) -> str:
    """Return the number of the tax invoice of an order."""
    return f"I{replication:06}-{order:08}"


def credit_note_number(order: int, replication: int) -> str:
    """Return the number of the credit note for the invoice of an order; there is at most one."""
    return f"C{replication:06}-{order:08}"


def customer_number(person: int) -> str:
    """Return the number of a customer; *person* is a place in the pool."""
    return f"CU{person:06}"


def draw_customers(orders: IntArray, seed: int, replication: int) -> IntArray:
    """Draw the customers who placed *orders*, as places in the pool."""
    return RandomStreams(seed, replication).below("person", orders, np.full_like(orders, POOL_SIZE))


@lru_cache(maxsize=4)
def people(seed: int) -> tuple[Person, ...]:
    """Make the names and addresses of the customers of a seed."""
    from faker import Faker  # noqa: PLC0415 (its import takes a quarter of a second)

    fake = Faker("en_IN")
    fake.seed_instance(seed)
    return tuple((fake.name(), fake.address().replace("\n", ", ")) for _ in range(POOL_SIZE))


class Identities:
    """Identities of the orders, customers and documents of a replication; a pure function of seed and replication.

    With *teams*, pickers and packers are numbered; without, they have no names.
    """

    def __init__(self, seed: int, replication: int, teams: Sequence[Team] = ()) -> None:
        self.seed, self.replication, self.teams = seed, replication, teams

    def block(self, log: Log) -> OrderBlock:
        """Return a block of whole orders with their table."""
        return OrderBlock(self.with_ids(log), self.orders(log))

    def orders(self, log: Log) -> OrdersTable:
        """Make the table of the orders in a log of whole orders."""
        created = log.where(Event.CREATED)
        numbers, first = np.unique(created.columns["order"], return_index=True)
        created = created.take(first)
        numbers_as_list = numbers.tolist()
        count = len(numbers_as_list)
        persons = draw_customers(numbers, self.seed, self.replication)
        customers, names, addresses = _customer_pool(self.seed) if count else (texts([]),) * 3
        return OrdersTable(
            {
                "order": numbers,
                "order_id": texts([order_id(number, self.replication) for number in numbers_as_list]),
                "customer_id": customers[persons],
                "customer": names[persons],
                "address": addresses[persons],
                "units": created.columns["units"],
                "invoicing": created.words("invoicing"),
                "seller_gstin": texts([gstin(self.seed)] * count),
                "purchase_order": texts([purchase_order(number) for number in numbers_as_list]),
                "invoice_number": self._papers(log, numbers, Event.INVOICED, invoice_number),
                "credit_note_number": self._papers(log, numbers, Event.CREDIT_NOTE_DUE, credit_note_number),
            }
        )

    def with_ids(self, log: Log) -> Log:
        """Add the columns that follow from the facts: order id, document, resource, lifecycle, and whether it was carried out."""
        columns, words = derived_columns(log)
        for team in self.teams:
            rows = np.isin(log.columns["event"], [WORD_CODES["event"][event] for event in team.events])
            columns["resource"][rows] = len(words["resource"]) + team.by_order[log.columns["order"][rows] - 1]
            words["resource"] = (*words["resource"], *(f"{team.actor} {person + 1}" for person in range(team.people)))
        orders, places = np.unique(log.columns["order"], return_inverse=True)
        named = orders[orders > 0]
        columns["order_id"] = places - (len(orders) - len(named))  # -1 (no name) for a row about no order
        words["order_id"] = NumberedTexts(order_prefix(self.replication), named, ORDER_DIGITS)
        columns["document"], words["document"] = self._documents(log)
        return log.with_columns(columns, words)

    def _documents(self, log: Log) -> tuple[IntArray, tuple[str, ...]]:
        codes = np.full(len(log), NONE, dtype=np.int64)
        documents: list[str] = []
        for events, number in ((INVOICES, invoice_number), (CREDIT_NOTES, credit_note_number)):
            rows = np.flatnonzero(np.isin(log.columns["event"], [WORD_CODES["event"][event] for event in events]))
            orders, places = np.unique(log.columns["order"][rows], return_inverse=True)
            codes[rows] = places + len(documents)
            documents += [number(order, self.replication) for order in orders.tolist()]
        return codes, tuple(documents)

    def _papers(self, log: Log, numbers: IntArray, event: Event, name: Callable[[int, int], str]) -> Texts:
        """Return for each order the number of its document, or an empty text."""
        having = np.unique(log.where(event).columns["order"])
        papers = texts([""] * len(numbers))
        papers[np.searchsorted(numbers, having)] = [name(number, self.replication) for number in having.tolist()]
        return papers


INVOICES = (Event.INVOICED, Event.PUSHED)
CREDIT_NOTES = (Event.CREDIT_NOTE_DUE, Event.CREDIT_NOTE_MADE)
BEGINNINGS = tuple(Event(station.started) for station in STATIONS)
RESOURCES = {Actor.AJIO: "Ajio", Actor.SELLER: "seller", Actor.CLIENT: "client"}
"""Resources of actors with a name; a system that acts by itself is its own resource, and the people of stations have the numbers of their `Team`."""


def derived_columns(log: Log) -> tuple[dict[str, IntArray], dict[str, Sequence[str]]]:
    """Derive from the facts of a simulation: resource, lifecycle, and whether a cancellation was carried out."""
    columns = log.columns
    resources = (*map(str, System), *RESOURCES.values())
    by_actor = np.array([resources.index(RESOURCES[actor]) if actor in RESOURCES else NONE for actor in Actor], dtype=np.int64)
    itself = columns["actor"] == WORD_CODES["actor"][Actor.SYSTEM]
    begins = np.isin(columns["event"], [WORD_CODES["event"][event] for event in BEGINNINGS])
    by_request, by_customer = (
        columns["event"] == WORD_CODES["event"][event] for event in (Event.CANCELLATION, Event.CANCELLED_BY_CUSTOMER)
    )
    carried_out = by_customer | (columns["outcome"] == WORD_CODES["outcome"][Outcome.ALLOWED])
    yes, no = (WORD_CODES["carried_out"][word] for word in (CarriedOut.YES, CarriedOut.NO))
    start, complete = (WORD_CODES["lifecycle"][word] for word in (Lifecycle.START, Lifecycle.COMPLETE))
    return {
        "resource": np.where(itself, columns["system"], by_actor[columns["actor"]]),
        "lifecycle": np.where(begins, start, complete),
        "carried_out": np.where(by_request | by_customer, np.where(carried_out, yes, no), NONE),
    }, {"resource": resources}


@lru_cache(maxsize=4)
def _customer_pool(seed: int) -> tuple[Texts, Texts, Texts]:
    """Return number, name and address of every customer, by place in the pool."""
    names, addresses = zip(*people(seed), strict=True)
    return texts([customer_number(person) for person in range(POOL_SIZE)]), texts(names), texts(addresses)
