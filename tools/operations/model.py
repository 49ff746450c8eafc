"""A model's server that speaks OpenAI's chat completions by a script: it mends two words of a draft, and takes its time. Knows no service."""

import http.server
import json
import re
import threading
import time

MENDED = {"recieved": "received", "shiped": "shipped"}
READER = "Compare a draft and its rewrite"


class Model:
    """Answers after `pause` seconds whoever has one of its keys; of a stream each word by itself. By default on a free port of loopback."""

    def __init__(self, key, pause=0.3, address=("127.0.0.1", 0)):
        self.keys, self.pause, self.answers, self.readings = [key], pause, 0, 0
        model = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if self.headers.get("authorization", "").removeprefix("Bearer ") not in model.keys:
                    return self.reply(401, {"error": {"message": "who are you?"}})
                text = model.text(request["messages"])
                if request.get("stream"):
                    return self.stream(text)
                time.sleep(model.pause)
                choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
                return self.reply(200, {"id": "1", "object": "chat.completion", "choices": [choice]})

            def reply(self, status, answer):
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def stream(self, text):
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                pieces = re.findall(r"\S+\s*", text)
                for number, piece in enumerate([*pieces, ""]):
                    time.sleep(model.pause * 5 / len(pieces))
                    end = "stop" if number == len(pieces) else None
                    choice = {"index": 0, "delta": {"content": piece}, "finish_reason": end}
                    self.chunk(json.dumps({"id": "1", "object": "chat.completion.chunk", "choices": [choice]}))
                self.chunk("[DONE]")
                self.wfile.write(b"0\r\n\r\n")

            def chunk(self, data):
                event = f"data: {data}\n\n".encode()
                self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
                self.wfile.flush()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128

        self.server = Server(address, Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://{address[0]}:{self.server.server_port}/v1"

    def text(self, messages):
        if messages[0]["content"].startswith(READER):
            self.readings += 1
            return "[]"
        self.answers += 1
        draft = re.search(r"<draft_(\w+)>\n(.*)\n</draft_\1>", messages[1]["content"], re.DOTALL).group(2)
        for wrong, right in MENDED.items():
            draft = draft.replace(wrong, right)
        return draft
