"""The application of the reference server: one route for each operation of the contract, behind the guard."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import partial
from importlib.resources import files
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sop_cli import __version__
from sop_cli.serve.bodies import converted, decoded
from sop_cli.serve.problems import BY_STATUS, HANDLERS, BusyError, response_to
from sop_cli.serve.simulations import Simulations
from sop_cli.serving.guard import Guard, Refusal
from sop_cli.serving.listening import LOOPBACK
from sop_engine import Reading
from sop_engine.case import FURTHER_STAGES
from steps.contract.answers import answer_questions, answer_table
from steps.contract.answers_of_all import answer
from steps.contract.cases import PREFIX, VERSION, Capability, ServerInfo
from steps.contract.openapi import PUBLISHED_FILE, text
from steps.contract.operations import OPERATIONS, QUESTIONS, SERVER, SIMULATIONS, TABLE, Operation
from steps.contract.problems import ProblemType

NAME = "sop-spec"
DOCUMENT = f"{PREFIX}/openapi.json"
"""Path of the published contract, which is not an operation of it."""
MOST_BYTES, MOST_BYTES_AT_ONCE = 8_000_000, 64_000_000
"""Bytes of one body, and of all bodies that are worked on."""
QUICK_BYTES = 16_384
"""Bytes of a body that is answered at once; a longer one is answered beside, so that others need not wait for it."""
THREADS = 2
"""Long bodies that are worked on at the same time; the others wait."""

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


class ContractGuard(Guard):
    """Guard whose refusals are problems of the contract."""

    most_bytes = MOST_BYTES
    methods: Mapping[str, tuple[str, ...]] = {
        DOCUMENT: ("GET", "HEAD"),
        **{operation.path: ("GET", "HEAD") if operation.method == "GET" else (operation.method,) for operation in OPERATIONS},
    }
    """The methods of each path."""

    def check_method(self, method: str, path: str) -> None:
        """Check that the contract has *path*, and that *path* has *method*.

        Raises:
            Refusal: it does not.
        """
        if path not in self.methods and path.startswith("/"):
            raise Refusal(404, "Not found", f"there is nothing at this address; the contract begins at {PREFIX}")
        if method not in self.methods.get(path, ("GET",)):
            raise Refusal(405, "Wrong method", f"use {' or '.join(self.methods.get(path, ('GET',)))}")

    def response_to(self, refusal: Refusal, path: str) -> Response:
        """Return the problem; for a wrong method, with those that *path* has."""
        kind = BY_STATUS[refusal.status]
        return response_to(
            kind, refusal.detail, close=True, allow=", ".join(self.methods.get(path, ())) if kind is ProblemType.WRONG_METHOD else None
        )


class AnswerService:
    """The answers to requests with a body, and how much is worked on."""

    def __init__(self) -> None:
        self.bytes_at_once = 0
        self.turns = asyncio.Semaphore(THREADS)

    async def answered(self, operation: Operation, request: Request) -> Response:
        """Return the response to *request*.

        Raises:
            BusyError: too many bytes are worked on.
            SopError: there is no answer.
        """
        async with self.body_of(request) as body:
            work = partial(_encoded_answer, operation, body)
            if len(body) <= QUICK_BYTES:
                return _json(work())
            async with self.turns:
                return _json(await run_in_threadpool(work))

    @asynccontextmanager
    async def body_of(self, request: Request) -> AsyncIterator[bytes]:
        """Return the body of *request*, whose bytes count as worked on inside the context, and before it as they arrive.

        What is only announced does not count, nor does a body that is answered at once, so that some clients cannot keep out all others.

        Raises:
            BusyError: too many bytes are worked on.
        """
        counts = int(request.headers.get("content-length", "0")) > QUICK_BYTES
        parts: list[bytes] = []
        counted = 0
        try:
            async for part in request.stream():
                if counts:
                    if self.bytes_at_once + len(part) > MOST_BYTES_AT_ONCE:
                        raise BusyError("too many long requests are worked on; try again in a moment")
                    self.bytes_at_once += len(part)
                    counted += len(part)
                parts.append(part)
            yield b"".join(parts)
        finally:
            self.bytes_at_once -= counted


def contract_document() -> bytes:
    """Return the contract: as published, or with the words of a rulebook that has further stages."""
    return text().encode() if FURTHER_STAGES else files("sop_engine.schemas").joinpath(PUBLISHED_FILE).read_bytes()


def application(port: int | None, address: str = LOOPBACK) -> Guard:
    """Return the guarded application for *port* of this computer, also by its *address*; None: for any name."""
    answering, simulations = AnswerService(), Simulations()
    document = contract_document()
    info = msgspec.json.encode(server_info())

    async def server(request: Request) -> Response:
        converted(request.query_params.multi_items(), None)
        return _json(info)

    async def published(request: Request) -> Response:
        converted(request.query_params.multi_items(), None)
        return _json(document)

    async def table(request: Request) -> Response:
        asked = converted(request.query_params.multi_items(), TABLE.parameters)
        return _json(msgspec.json.encode(answer_table(asked.reading)))

    async def questions(request: Request) -> Response:
        converted(request.query_params.multi_items(), None)
        return _json(msgspec.json.encode(answer_questions()))

    async def simulated(request: Request) -> Response:
        converted(request.query_params.multi_items(), None)
        async with answering.body_of(request) as body:
            asked = decoded(body, SIMULATIONS.request or object)
        return _json(await simulations.answer(asked, request))

    def with_body(operation: Operation) -> Endpoint:
        async def respond(request: Request) -> Response:
            converted(request.query_params.multi_items(), None)
            return await answering.answered(operation, request)

        return respond

    endpoints: Mapping[str, Endpoint] = {SERVER.id: server, TABLE.id: table, QUESTIONS.id: questions, SIMULATIONS.id: simulated}
    routes = [
        Route(operation.path, endpoints.get(operation.id) or with_body(operation), methods=[operation.method]) for operation in OPERATIONS
    ]
    app = Starlette(routes=[*routes, Route(DOCUMENT, published)], exception_handlers=HANDLERS)
    app.router.redirect_slashes = False
    guard = ContractGuard(app, port)
    if port is not None:
        guard.hosts.add(f"[{address}]:{port}" if ":" in address else f"{address}:{port}")
    return guard


def server_info() -> ServerInfo:
    """Return what this server is: it offers the whole contract."""
    return ServerInfo(contract=VERSION, name=NAME, version=__version__, offers=list(Capability), readings=list(Reading))


def _encoded_answer(operation: Operation, body: bytes) -> bytes:
    return msgspec.json.encode(answer(operation, decoded(body, operation.request or object)))


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")
