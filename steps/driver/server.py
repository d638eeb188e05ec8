"""A server that speaks the contract: what it is and offers, and its answers, decoded strictly."""

import math
from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from sop_engine import Reading
from sop_runs.record.schema import DriverRecord
from steps.contract.cases import PREFIX, VERSION, Capability, RequestPart, ServerInfo
from steps.contract.operations import SERVER, Operation
from steps.driver.errors import DriverError, DriverOptionError, quote, shortened
from steps.driver.http_address import address_of, token
from steps.driver.http_calls import ServerConnection
from steps.driver.mismatches import MismatchError, decoded
from steps.driver.protocol import CALL_LIMIT_S, LONGEST_CALL_S, NotSupportedError
from steps.driver.remote_answers import MissingCitations

_encode = msgspec.json.Encoder().encode
_Value = TypeVar("_Value")


class _InfoOfAnyVersion(ServerInfo):
    """What a server is, perhaps by a newer contract with further capabilities."""

    offers: list[str]  # type: ignore[assignment] # wider on purpose


class ServerUnderTest:
    """The server at a URL. `connected` asks what it is; a process that knows that already takes it as *record*.

    Raises:
        DriverOptionError: URL, time limit or token cannot be used.
    """

    def __init__(self, url: str, limit: float = CALL_LIMIT_S, record: DriverRecord | None = None) -> None:
        if not (math.isfinite(limit) and 0 < limit <= LONGEST_CALL_S):
            raise DriverOptionError(
                f"a time limit of {limit:g} s is not allowed for a call; expected more than 0 and at most {LONGEST_CALL_S:g} s"
            )
        self._calls = ServerConnection(address_of(url), limit, token())
        self._record = record
        self._is_checked = False
        self.unknown_offers: tuple[str, ...] = ()
        """What it offers by a newer contract, and this program does not know; known with the record."""

    @property
    def address(self) -> str:
        """Host and port."""
        return self._calls.address.netloc

    @property
    def counts(self) -> tuple[int, int]:
        """Numbers of calls and of retries so far."""
        return self._calls.calls, self._calls.retries

    @property
    def given_up(self) -> tuple[str, ...]:
        """The operations that are not called again in this process, because they were not answered in time."""
        return self._calls.unanswered.given_up

    @property
    def record(self) -> DriverRecord:
        """What the server is and offers; asked once in each process, so that no other server has taken its place.

        Raises:
            DriverError: there is no server that speaks the contract, or it is another one than at the beginning of the run.
        """
        if self._record is None or not self._is_checked:
            self._check()
        if self._record is None:  # pragma: no cover - it is set above
            raise AssertionError
        return self._record

    @cached_property
    def missing_citations(self) -> MissingCitations | None:
        """What stands for the citations of its answers; None if it offers them."""
        if str(Capability.CITATIONS) in self.record.offers:
            return None
        return MissingCitations(f"not supported by {shortened(self.record.title)}: it does not offer `{Capability.CITATIONS}`")

    def ask(self, operation: Operation, request: RequestPart, converted: Callable[[Any], _Value], reading: Reading | None = None) -> _Value:
        """Return the answer to *request*, checked and *converted* by a function that raises MismatchError.

        Raises:
            NotSupportedError: the server does not offer the operation, or not in this *reading*.
            DriverError: it gives no answer of the contract.
        """
        record = self.record
        if operation.offered_as is not None and str(operation.offered_as) not in record.offers:
            raise NotSupportedError(f"not supported by {shortened(record.title)}: it does not offer `{operation.offered_as}`")
        if reading is not None and str(reading) not in record.readings:
            raise NotSupportedError(f"not supported by {shortened(record.title)}: it does not answer with the reading `{reading}`")
        raw = self._calls.post(operation.path.removeprefix(PREFIX), _encode(request))
        try:
            return converted(decoded(raw, operation.answer))
        except MismatchError as error:
            raise self.error(operation, str(error)) from None

    def error(self, operation: Operation, message: str) -> DriverError:
        """Return an error that names the server and the call."""
        return self._calls.error(operation.method, operation.path.removeprefix(PREFIX), message)

    def close(self) -> None:
        """Close the connection."""
        self._calls.close()

    def _check(self) -> None:
        try:
            raw = self._calls.get("")
            info: ServerInfo = decoded(raw, _InfoOfAnyVersion)
            if not _is_newer(info.contract):
                info = decoded(raw, ServerInfo)
        except MismatchError as error:
            raise self.error(SERVER, f"this is no server that speaks the contract: {error}") from None
        record = self._record_of(info)
        if self._record is not None and record != self._record:
            before, now = self._record, record
            names = [name for name in DriverRecord.__struct_fields__ if getattr(before, name) != getattr(now, name)]
            message = (
                f"this is another server than at the beginning of the run: `{names[0]}` is {quote(_in_one_text(getattr(now, names[0])))}"
            )
            raise self.error(SERVER, f"{message}, expected {quote(_in_one_text(getattr(before, names[0])))}; run everything again")
        self._record, self._is_checked = record, True
        self._calls.title = f"{shortened(record.title)} ({self.address})"

    def _record_of(self, info: ServerInfo) -> DriverRecord:
        if info.contract.partition(".")[0] != VERSION.partition(".")[0]:
            message = f"`contract` is {quote(info.contract)}, expected {VERSION} or another version {VERSION.partition('.')[0]}.N"
            raise self.error(SERVER, f"{message}; run a server, or a version of this program, that speaks the same contract")
        for name, words in (("offers", info.offers), ("readings", info.readings)):
            twice = next((word for word, number in Counter(map(str, words)).items() if number > 1), None)
            if twice is not None:
                raise self.error(SERVER, f"`{name}` has {quote(twice)} twice, expected each word once")
            if not words:
                raise self.error(SERVER, f"`{name}` is empty, expected at least one word; a server that offers nothing cannot be tested")
        offers = tuple(str(word) for word in Capability if word in info.offers)
        self.unknown_offers = tuple(str(word) for word in info.offers if word not in offers)
        if not offers:
            raise self.error(SERVER, f"`offers` has no word that this program knows, only {quote(', '.join(self.unknown_offers))}")
        for name in ("name", "version"):
            if not getattr(info, name).isprintable() or not getattr(info, name).strip():
                raise self.error(SERVER, f"`{name}` is {quote(getattr(info, name))}, expected printable text")
        readings = tuple(str(word) for word in Reading if word in info.readings)
        return DriverRecord(info.name, info.version, info.contract, offers, readings)


def _is_newer(contract: str) -> bool:
    """Return whether a version of the contract may have words that this program does not know."""
    asked, own = (tuple(map(int, text.split("."))) for text in (contract, VERSION))
    return asked > own


def _in_one_text(value: object) -> object:
    return ", ".join(value) if isinstance(value, tuple) else value
