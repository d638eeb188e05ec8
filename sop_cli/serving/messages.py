"""Messages between a server and a client: a body that must arrive in time, and the end of a connection after a refusal."""

import asyncio
from contextlib import suppress

from starlette.types import Message, Receive, Send

BODY_S = 10.0
"""Seconds in which the body of a request must arrive."""
DISCARD_S = 2.0
"""Seconds for which the body of a refused request is read: a client that still sends when the connection ends does not see the refusal."""


def in_time(receive: Receive) -> Receive:
    """Return *receive*, which ends the request as if the client had gone when its whole body takes longer than `BODY_S`."""
    complete, end = False, asyncio.get_running_loop().time() + BODY_S

    async def receive_in_time() -> Message:
        nonlocal complete
        if complete:
            return await receive()
        try:
            async with asyncio.timeout_at(end):
                message = await receive()
        except TimeoutError:
            complete = True
            return {"type": "http.disconnect"}
        complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return receive_in_time


def discarding_body(receive: Receive, send: Send) -> Send:
    """Return *send*, which reads and discards the body of the request for `DISCARD_S` before the response and with it the connection ends."""

    async def send_before_end(message: Message) -> None:
        if message["type"] == "http.response.body":
            await send({**message, "more_body": True})
            with suppress(TimeoutError):
                async with asyncio.timeout(DISCARD_S):
                    while (await receive()).get("more_body", False):
                        pass
            message = {"type": "http.response.body", "body": b""}
        await send(message)

    return send_before_end
