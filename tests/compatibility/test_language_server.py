"""Cucumber's own language server, which the stock editor extension uses, recognises every step sentence of the project."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.language.document import find_features, read_document
from tests.support.npm_tools import package

ROOT = Path(__file__).parents[2]
SETTINGS = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
PATIENCE = 60
START = """
const {{startStandaloneServer}} = require({server} + '/dist/cjs/src/wasm/startStandaloneServer')
const {{NodeFiles}} = require({server} + '/dist/cjs/src/node/NodeFiles')
startStandaloneServer({service} + '/dist', root => new NodeFiles(root))
"""


class Server:
    """The language server as a child process, spoken to as an editor does."""

    def __init__(self, folder: Path) -> None:
        server = package("@cucumber/language-server")
        service = package("@cucumber/language-service")
        script = folder / "server.cjs"
        script.write_text(START.format(server=json.dumps(str(server)), service=json.dumps(str(service))), encoding="utf-8")
        self.process = subprocess.Popen(
            ["node", script, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.inbox: Queue[dict[str, Any]] = Queue()
        self.number = 0
        self.log: list[str] = []
        self.listener = Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while line := stream.readline():
            length = 0
            while line.strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
                line = stream.readline()
            self.inbox.put(json.loads(stream.read(length)))

    def send(self, method: str, params: object, **more: object) -> None:
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self._write(body)

    def _write(self, body: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def ask(self, method: str, params: object) -> Any:
        self.number += 1
        self.send(method, params, id=self.number)
        return self.wait(lambda message: message.get("id") == self.number and "method" not in message)["result"]

    def wait(self, wanted: Any) -> dict[str, Any]:
        while True:
            message = self.inbox.get(timeout=PATIENCE)
            if message.get("method") == "workspace/configuration":
                self._write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": [self.settings()]}).encode())
            elif "method" in message and "id" in message:
                self._write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": None}).encode())
            if message.get("method") == "window/logMessage":
                self.log.append(message["params"]["message"])
            if wanted(message):
                return message

    @staticmethod
    def settings() -> dict[str, object]:
        """The settings that the project ships for the stock extension."""
        return {name.removeprefix("cucumber."): value for name, value in SETTINGS.items() if name.startswith("cucumber.")}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("server"))
    capabilities = {"workspace": {"configuration": True}, "textDocument": {"completion": {"completionItem": {"snippetSupport": True}}}}
    running.ask("initialize", {"processId": None, "rootPath": str(ROOT), "rootUri": ROOT.as_uri(), "capabilities": capabilities})
    running.send("initialized", {})
    running.wait(lambda message: "step definitions" in str(message.get("params", {}).get("message", "")))
    yield running
    running.process.kill()
    running.process.wait()
    running.listener.join()
    for stream in (running.process.stdin, running.process.stdout):
        assert stream is not None
        stream.close()


def diagnostics(server: Server, name: str, text: str) -> list[dict[str, Any]]:
    uri = (ROOT / "features" / name).as_uri()
    server.send("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "cucumber", "version": 1, "text": text}})
    result = server.wait(lambda message: message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri)
    return result["params"]["diagnostics"]


def test_it_finds_every_step_sentence_of_the_project(server: Server) -> None:
    count = len(Registry.from_modules(built_in_modules()).definitions)

    assert any(f"Found {count} step definitions" in line for line in server.log), "\n".join(server.log[-30:])


@pytest.mark.parametrize("file", find_features([ROOT / "features"]), ids=lambda file: file.stem)
def test_it_recognises_every_step_of_the_features(server: Server, file: Path) -> None:
    document = read_document(file, ROOT / "features")[0]
    assert document is not None
    lines = ["Feature: Every step", "", "  Scenario: Every step"]
    lines += dict.fromkeys(f"    {step.kind.capitalize()} {step.text}" for instance in document.examples for step in instance.steps)

    actual = diagnostics(server, f"every_step_of_{file.parent.name}_{file.stem}.feature", "\n".join(lines) + "\n")

    assert [lines[diagnostic["range"]["start"]["line"]] for diagnostic in actual] == []


def test_it_warns_of_an_unknown_step(server: Server) -> None:
    actual = diagnostics(
        server, "unknown.feature", "Feature: x\n\n  Scenario: y\n    Given the order is SHIPPED\n    Then the order is PACKED\n"
    )

    assert [diagnostic["range"]["start"]["line"] for diagnostic in actual] == [3]


def test_it_completes_a_step_from_its_first_words(server: Server) -> None:
    text = "Feature: x\n\n  Scenario: y\n    Then the client has\n"
    diagnostics(server, "completed.feature", text)
    uri = (ROOT / "features" / "completed.feature").as_uri()

    items = server.ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": 3, "character": 23}})

    assert {"the client has nothing to do", "the client has no open duty"} <= {item["label"] for item in items}
