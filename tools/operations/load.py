"""Callers that do not stop: checks and polishes by gRPC and gRPC-Web, each answer looked at, each failure kept. None tries a call again
by itself; that is what is being counted."""

import http.client
import itertools
import ssl
import struct
import threading
import time
import uuid

import grpc
from vermilion.v1 import polishing_pb2, polishing_pb2_grpc, spelling_pb2, spelling_pb2_grpc

TEXT = "Hello Anna, we have recieved your order 4711 and it was shiped today."
MENDED = "Hello Anna, we have received your order 4711 and it was shipped today."
TIMEOUT = 20


def check_request():
    return spelling_pb2.CheckSpellingRequest(document=spelling_pb2.Document(content=TEXT), language_code="en")


def polish_request():
    name = str(uuid.uuid4())
    return polishing_pb2.PolishReplyRequest(
        document=spelling_pb2.Document(content=TEXT),
        operation=polishing_pb2.OPERATION_FIX_GRAMMAR,
        conversation_id=name,
        request_id=name,
    )


def is_checked(answer):
    words = [found.text for found in answer.misspellings]
    if words != ["recieved", "shiped"]:
        raise AssertionError(f"misspellings: {words}")


def is_polished(result):
    if (result.outcome, result.content) != (polishing_pb2.PolishResult.OUTCOME_POLISHED, MENDED):
        raise AssertionError(f"outcome {result.outcome}, findings {[found.code for found in result.findings]}")


class Grpc:
    """A client of gRPC with a connection of its own."""

    def __init__(self, address, authority, name, token):
        options = [
            ("grpc.ssl_target_name_override", name),
            ("grpc.use_local_subchannel_pool", 1),
            # Found again at once, where a replica is asked without a proxy.
            ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.max_reconnect_backoff_ms", 500),
        ]
        self.channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(authority.read_bytes()), options)
        self.spelling = spelling_pb2_grpc.SpellingServiceStub(self.channel)
        self.polishing = polishing_pb2_grpc.PolishingServiceStub(self.channel)
        self.token = token

    def metadata(self):
        return (("authorization", f"Bearer {self.token()}"),)

    def check(self):
        is_checked(self.spelling.CheckSpelling(check_request(), timeout=TIMEOUT, metadata=self.metadata()))

    def polish(self):
        answer = self.polishing.PolishReply(polish_request(), timeout=TIMEOUT, metadata=self.metadata())
        is_polished(answer.result)

    def stream(self):
        events = list(self.polishing.StreamPolishReply(polish_request(), timeout=TIMEOUT, metadata=self.metadata()))
        if len(events) < 3:
            raise AssertionError(f"{len(events)} events of a stream")
        is_polished(events[-1].result)


class Web:
    """A client of gRPC-Web, as a page is one, over HTTP/1.1.

    HTTP/1.1 has no way to tell a client that an idle connection is being closed; browsers therefore ask again on a new one where an old one
    broke before the first byte of an answer. `reopens` has this client do so, and counts.
    """

    reopened = 0

    def __init__(self, address, authority, name, token, reopens=False):
        self.reopens, self.used = reopens, False
        host, _, port = address.rpartition(":")
        context = ssl.create_default_context(cafile=authority)
        # The address is a loopback one, the certificate that of a name.
        context.check_hostname = False
        self.connection = http.client.HTTPSConnection(host, int(port), timeout=TIMEOUT, context=context)
        self.name, self.token = name, token

    def call(self, method, request):
        message = request.SerializeToString()
        headers = {
            "host": self.name,
            "content-type": "application/grpc-web+proto",
            "x-grpc-web": "1",
            "origin": "https://workbench.example.com",
            "authorization": f"Bearer {self.token()}",
            "grpc-timeout": f"{TIMEOUT}S",
        }
        answer = self.answer(f"/vermilion.v1.{method}", struct.pack(">BI", 0, len(message)) + message, headers)
        body = answer.read()
        if answer.status != 200:
            raise AssertionError(f"HTTP status {answer.status}")
        if answer.headers["access-control-allow-origin"] != "https://workbench.example.com":
            raise AssertionError("the page may not read the answer")
        messages, trailers = [], dict(answer.headers)
        while body:
            kind, length = struct.unpack(">BI", body[:5])
            piece, body = body[5 : 5 + length], body[5 + length :]
            if kind & 0x80:
                trailers |= dict(line.split(":", 1) for line in piece.decode().strip().split("\r\n"))
            else:
                messages.append(piece)
        if trailers.get("grpc-status", "").strip() != "0":
            raise AssertionError(f"grpc-status {trailers.get('grpc-status')}: {trailers.get('grpc-message')}")
        return messages

    def answer(self, path, body, headers):
        try:
            self.connection.request("POST", path, body, headers)
            answer = self.connection.getresponse()
        except (ssl.SSLEOFError, ConnectionError, http.client.RemoteDisconnected):
            if not (self.reopens and self.used):
                raise
            Web.reopened += 1
            self.used = False
            self.connection.close()
            return self.answer(path, body, headers)
        self.used = True
        return answer

    def check(self):
        is_checked(
            spelling_pb2.CheckSpellingResponse.FromString(
                self.call("SpellingService/CheckSpelling", check_request())[0]
            )
        )

    def polish(self):
        messages = self.call("PolishingService/PolishReply", polish_request())
        is_polished(polishing_pb2.PolishReplyResponse.FromString(messages[0]).result)

    def stream(self):
        messages = self.call("PolishingService/StreamPolishReply", polish_request())
        is_polished(polishing_pb2.StreamPolishReplyResponse.FromString(messages[-1]).result)


class Load:
    """Runs callers until it is left. `calls` counts what was answered rightly, by kind; `failures` what was not."""

    def __init__(self, callers):
        """Callers: (kind, a maker of clients, the name of its method, seconds between two calls)."""
        self.callers, self.calls, self.failures, self.slowest = callers, {}, [], 0.0
        self.lock, self.ending, self.threads = threading.Lock(), threading.Event(), []

    def __enter__(self):
        for caller in self.callers:
            self.threads.append(threading.Thread(target=self.run, args=caller, daemon=True))
            self.threads[-1].start()
        return self

    def run(self, kind, make, method, pause):
        client = make()
        for _ in itertools.count():
            if self.ending.wait(pause):
                return
            begun, failure = time.monotonic(), None
            try:
                getattr(client, method)()
            except grpc.RpcError as error:
                failure = f"{error.code().name}: {error.details()}"
            except Exception as error:
                failure = f"{type(error).__name__}: {error}"
                # A connection that broke is of no more use.
                client = make()
            with self.lock:
                self.slowest = max(self.slowest, time.monotonic() - begun)
                if failure is None:
                    self.calls[kind] = self.calls.get(kind, 0) + 1
                else:
                    self.failures.append((time.strftime("%H:%M:%S"), kind, failure))

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join(TIMEOUT + 5)

    def told(self):
        calls = ", ".join(f"{count} {kind}" for kind, count in sorted(self.calls.items()))
        return (
            f"{sum(self.calls.values())} calls ({calls}), {len(self.failures)} failed, the slowest {self.slowest:.1f} s"
        )
