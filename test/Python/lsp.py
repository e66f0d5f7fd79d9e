# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A client of the Language Server Protocol, for tests of servers."""

import json
import os
import queue
import subprocess
import threading
from pathlib import Path

BIN = Path(os.environ["MIND_BUILD_DIR"]) / "bin"
URI = "file:///folder/model.mind"

# A server that says nothing for so long hangs.
PATIENCE = 60


class Client:
    """A server and what it has said. `with` ends it."""

    def __init__(self, server="mind-lsp-server"):
        self.process = subprocess.Popen([BIN / server], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.messages = queue.Queue()
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()
        self.number = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.thread.join(PATIENCE)
        self.process.stdout.close()

    def listen(self):
        out = self.process.stdout
        while header := out.readline():
            length = int(header.split(b":")[1])
            assert out.readline() == b"\r\n"
            self.messages.put(json.loads(out.read(length)))
        self.messages.put(None)

    def send_bytes(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send_text(self, text):
        data = text.encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(data), data))

    def send(self, message):
        self.send_text(json.dumps({"jsonrpc": "2.0", **message}))

    def receive(self):
        return self.messages.get(timeout=PATIENCE)

    def notify(self, method, **params):
        self.send({"method": method, "params": params})

    def request(self, method, **params):
        """The whole answer to a request, which is the next message."""
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        answer = self.receive()
        assert answer["id"] == self.number, answer
        return answer

    def ask(self, method, **params):
        answer = self.request(method, **params)
        assert "result" in answer, answer
        return answer["result"]

    def initialize(self):
        return self.ask("initialize", processId=None, rootUri=None, capabilities={})

    def diagnostics(self):
        message = self.receive()
        assert message["method"] == "textDocument/publishDiagnostics", message
        return message["params"]

    def open(self, text, uri=URI, version=1, language="mind"):
        self.notify("textDocument/didOpen", textDocument={
            "uri": uri, "languageId": language, "version": version, "text": text})
        return self.diagnostics()

    def change(self, *changes, uri=URI, version=2):
        self.notify("textDocument/didChange", textDocument={"uri": uri, "version": version},
                    contentChanges=list(changes))
        return self.diagnostics()

    def at(self, method, line, character, uri=URI):
        """Asks about a place."""
        return self.ask(f"textDocument/{method}", textDocument={"uri": uri},
                        position={"line": line, "character": character})

    def leave(self):
        """Shuts the server down as the protocol asks; gives its exit code."""
        assert self.ask("shutdown") is None
        self.notify("exit")
        return self.process.wait(PATIENCE)
