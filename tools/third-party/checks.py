"""The checks of tools/third-party.sh, which starts the service and installs what is asked for here.

    checks.py ADDRESS POLISHING_ADDRESS CONNECT_SCRIPT DESCRIPTORS

The service at POLISHING_ADDRESS has a model, played by aimock; the other has none. Runs in the root of the repository. One line a check; exit status 1 if one failed.
"""

import gzip as gzip_format
import http.client
import json
import pathlib
import re
import shlex
import shutil
import struct
import subprocess
import sys

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

from checklist import Checklist, equal, true

SPELLING = "vermilion.v1.SpellingService"
POLISHING = "vermilion.v1.PolishingService"
HEALTH = "grpc.health.v1.Health"
REFLECTION = "grpc.reflection.v1alpha.ServerReflection"
PRINTED_ADDRESS = "127.0.0.1:50051"
# A letter of two units in UTF-16 and four in UTF-8, one of one and two, then typos.
MIXED = "\U0001f600 caf\u00e9 \U0001f468\u200d\U0001f469\u200d\U0001f467, we recieve it tomorow"


def command(line):
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"exit status {done.returncode}: {(done.stdout + done.stderr).strip()[:400]}")
    return done.stdout


# --- the printed lines -------------------------------------------------------------------------------------------------


def printed_lines(address):
    """The commands of docs/examples/README.md, sent to the service under test."""
    page = pathlib.Path("docs/examples/README.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        yield block.strip().replace(PRINTED_ADDRESS, address)


def polishes(line):
    return "PolishReply" in line


def is_refused_without_model(line):
    """The command fails, and says what is missing."""
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60)
    told = done.stdout + done.stderr
    true(done.returncode != 0, f"it was answered: {told}")
    # grpcurl writes FailedPrecondition, buf failed_precondition.
    true("failedprecondition" in told.lower().replace("_", ""), told)
    # The reason is in the details, which buf does not decode; grpcio does, below.
    true("no language model is configured" in told, told)


def is_polished(line, answers):
    """Runs a line that polishes; the result holds together, and is the same from every other line with the same request."""
    told = command(line).strip()
    messages, at = [], 0
    while at < len(told):
        message, end = json.JSONDecoder().raw_decode(told, at)
        messages.append(message)
        at = end + len(told[end:]) - len(told[end:].lstrip())
    file = re.search(r"docs/examples/\S+\.json", line).group()
    request = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
    draft, result = request["document"]["content"], messages[-1]["result"]
    equal(result["outcome"], "OUTCOME_POLISHED", "outcome")
    equal(edited(draft, result["edits"]), result["content"], "the draft with the edits")
    for fact in re.findall(r"\$?\d+(?:\.\d+)?", draft):
        true(fact in result["content"], f"{fact} is kept: {result['content']}")
    if "StreamPolishReply" in line:
        deltas = [message["delta"]["text"] for message in messages[:-1]]
        true(len(deltas) > 1, f"there are deltas: {deltas}")
        equal("".join(deltas), result["content"], "the preview")
    else:
        equal(len(messages), 1, "answers")
    # Requests of the day: each client's own make it less.
    result.pop("remainingToday", None)
    if "requestId" in request:
        # Told apart by nothing, charged once.
        equal(result["remainingInConversation"], 9, "polishes that are left")
    else:
        del result["remainingInConversation"], result["polishId"]
    equal(result, answers.setdefault((file, "polished"), result), "answer of another client to the same request")


def edited(draft, edits):
    """The draft with the edits made; they count in UTF-16 code units."""
    units, content, last = draft.encode("utf-16-le"), "", 0
    for edit in edits:
        start, end = edit["span"].get("start", 0), edit["span"].get("end", 0)
        content += units[2 * last : 2 * start].decode("utf-16-le") + edit.get("text", "")
        last = end
    return content + units[2 * last :].decode("utf-16-le")


def run_line(line, answers):
    """Runs it, asserts that the answer is right, and the same as from every other line with the same request."""
    answer = json.loads(command(line))
    file = re.search(r"docs/examples/\S+\.json", line).group()
    request = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
    if "document" in request:
        spans_hold(request["document"]["content"], answer)
        equal(answer["languageCode"], request["languageCode"], "language")
        true(len(answer["misspellings"]) >= 4, "the examples hold four typos or more")
    elif "word" in request:
        equal(answer["languageCode"], request["languageCode"], "language")
        true(not answer.get("accepted"), "the example is a misspelling")
    elif "updateMask" in request:
        true(answer["replyPolishing"], "the switch is on")
    elif "texts" in request:
        equal([word["text"] for word in answer["dictionaryWords"]], request["texts"], "words")
    elif "pageSize" in request:
        equal(len(answer["agents"]), request["pageSize"], "agents on a page")
        true(answer["nextPageToken"], "there are more agents")
    elif "feedbacks" in request:
        equal(answer, {}, "nothing to tell")
    elif "minAgents" in request:
        equal(answer.get("dictionaryCandidates", []), [], "candidates")
    elif "GetCaller" in line:
        equal((answer["agent"], answer["roles"]), ("tenants/demo/agents/ana", ["ROLE_AGENT"]), "caller")
    elif "GetPolishingAvailability" in line:
        unmet = [condition["code"] for condition in answer["conditions"] if not condition.get("met")]
        expected = {"bruno": ["INTELLIGENT_RECOGNITION_OFF"], "demo-not-versatile": ["ADMINISTRATOR_AGENT_NOT_VERSATILE"]}
        equal(unmet, next((codes for who, codes in expected.items() if who in line), []), "conditions that are unmet")
    else:
        equal(answer, {"status": "SERVING"}, "health")
    # The same request by another caller is another.
    asked = (file, *re.findall(r"-H '([^']*)'", line))
    equal(answer, answers.setdefault(asked, answer), "answer of another client to the same request")


def spans_hold(content, answer):
    """The text of each misspelling is what the content holds at its spans, in UTF-16 code units, in order."""
    units = content.encode("utf-16-le")
    last = 0
    for misspelling in answer.get("misspellings", []):
        text = ""
        for span in misspelling["spans"]:
            start, end = span.get("start", 0), span["end"]
            true(last <= start < end, f"{start}..{end} after {last}")
            text += units[2 * start : 2 * end].decode("utf-16-le")
            last = end
        equal(text, misspelling["text"], "content at the spans")


def run_browser_example(address, work):
    """The README's lines for browsers, in node, by the code that `buf generate` makes; they print what their comment says."""
    command(shlex.join(["buf", "generate", "proto", "--template", "docs/examples/buf.gen.yaml", "--output", str(work)]))
    script = pathlib.Path("docs/examples/browser.mjs").read_text(encoding="utf-8")
    expected = re.search(r"// (.*)", script).group(1)
    (work / "browser.mjs").write_text(script.replace(PRINTED_ADDRESS, address), encoding="utf-8")
    equal(command(shlex.join(["node", str(work / "browser.mjs")])).strip(), expected, "what browser.mjs prints")


# --- buf ---------------------------------------------------------------------------------------------------------------


def buf_lists_services(address, version):
    line = f"buf curl --protocol grpc --http2-prior-knowledge --reflect-protocol {version} --list-services http://{address}"
    services = command(line).split()
    for service in (SPELLING, HEALTH):
        true(service in services, f"{service} is not among {services}")


# --- grpcio ------------------------------------------------------------------------------------------------------------


class Reflected:
    """The API as the service itself describes it: nothing is generated, nothing is read from proto/."""

    def __init__(self, channel):
        self.channel = channel
        self.database = ProtoReflectionDescriptorDatabase(channel)
        self.pool = descriptor_pool.DescriptorPool(self.database)

    def message(self, name, fields):
        kind = message_factory.GetMessageClass(self.pool.FindMessageTypeByName(f"vermilion.v1.{name}"))
        return json_format.ParseDict(fields, kind())

    def call(self, method, fields, service=SPELLING, **options):
        described = self.pool.FindServiceByName(service).FindMethodByName(method)
        answer = message_factory.GetMessageClass(described.output_type)
        kind = self.channel.unary_stream if described.server_streaming else self.channel.unary_unary
        stub = kind(
            f"/{service}/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=answer.FromString,
        )
        request = self.message(described.input_type.name, fields)
        return stub(request, timeout=10, **options)

    def check(self, content, language, encoding="UTF16", **options):
        request = {
            "document": {"content": content},
            "languageCode": language,
            "offsetEncoding": f"OFFSET_ENCODING_{encoding}",
        }
        return self.call("CheckSpelling", request, **options)


def reflection_lists_services(api):
    services = api.database.get_services()
    for service in (SPELLING, HEALTH, REFLECTION):
        true(service in services, f"{service} is not among {list(services)}")


def reflection_knows_details(api):
    for name in ("google.rpc.BadRequest", "google.rpc.ErrorInfo", "google.rpc.RetryInfo"):
        api.pool.FindMessageTypeByName(name)


def health(channel, service):
    stub = health_pb2_grpc.HealthStub(channel)
    status = stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=10).status
    equal(status, health_pb2.HealthCheckResponse.SERVING, "status")


def health_of_unknown(channel):
    error = fails(lambda: health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service="none"), timeout=10))
    equal(error.code(), grpc.StatusCode.NOT_FOUND, "code")


def check_marks(api):
    answer = api.check(MIXED, "en")
    equal([misspelling.text for misspelling in answer.misspellings], ["recieve", "tomorow"], "marks")
    spans_hold(MIXED, json_format.MessageToDict(answer))


def check_in_encoding(api, encoding, units):
    for misspelling in api.check(MIXED, "en", encoding).misspellings:
        held = "".join(units(span.start, span.end) for span in misspelling.spans)
        equal(held, misspelling.text, "content at the spans")


def check_portuguese(api):
    answer = api.check("Obrigado pelo contato, voce receberá a encomenda amanhã.", "pt-BR")
    equal([misspelling.text for misspelling in answer.misspellings], ["voce"], "marks")
    equal(answer.language_code, "pt-BR", "language")


def falls_back(api):
    answer = api.check("Bonjour", "fr")
    equal((answer.language_code, answer.language_fallback), ("en", True), "language")


def fails(call):
    try:
        answer = call()
    except grpc.RpcError as error:
        return error
    raise AssertionError(f"answered {answer}")


def bad_request(api):
    error = fails(lambda: api.check("text", "english"))
    equal(error.code(), grpc.StatusCode.INVALID_ARGUMENT, "code")
    details = {detail.TypeName(): detail for detail in rpc_status.from_call(error).details}
    bad, info = error_details_pb2.BadRequest(), error_details_pb2.ErrorInfo()
    true(details["google.rpc.BadRequest"].Unpack(bad) and details["google.rpc.ErrorInfo"].Unpack(info), "details decode")
    equal([violation.field for violation in bad.field_violations], ["language_code"], "fields")
    true(bad.field_violations[0].description, "the violation is described")
    equal((info.reason, info.domain), ("LANGUAGE_CODE_INVALID", "vermilion"), "reason")


def unimplemented(api, fields):
    error = fails(lambda: api.call("CheckSpelling", fields))
    equal(error.code(), grpc.StatusCode.UNIMPLEMENTED, "code")
    true(error.details(), "the reason is given")


def gzip(api):
    content = "We recieve your order. " * 2000
    marks = api.check(content, "en", compression=grpc.Compression.Gzip).misspellings
    equal(len(marks), 2000, "marks of a request in gzip")
    error = fails(lambda: api.check("a" * (1 << 20), "en", compression=grpc.Compression.Gzip))
    true(error.code() != grpc.StatusCode.UNKNOWN, f"a text over the limit, small in gzip, is {error.code()}")


def gzip_answer(api, address):
    """grpcio unpacks answers and does not tell: so the frame is looked at, as Python's HTTP client receives it."""
    fields = {"document": {"content": "We recieve your order. " * 50}, "languageCode": "en"}
    message = api.message("CheckSpellingRequest", fields).SerializeToString()
    connection = http.client.HTTPConnection(address, timeout=10)
    headers = {"content-type": "application/grpc-web+proto", "grpc-accept-encoding": "gzip"}
    frame = struct.pack(">BI", 0, len(message)) + message
    connection.request("POST", f"/{SPELLING}/CheckSpelling", frame, headers)
    answer = connection.getresponse()
    equal(answer.getheader("grpc-encoding"), "gzip", "grpc-encoding")
    body = answer.read()
    compressed, length = struct.unpack(">BI", body[:5])
    equal(compressed, 1, "compressed flag of the first frame")
    unpacked = gzip_format.decompress(body[5 : 5 + length])
    true(len(unpacked) > 2 * length, f"{length} bytes on the wire for {len(unpacked)}")
    kind = message_factory.GetMessageClass(api.pool.FindMessageTypeByName("vermilion.v1.CheckSpellingResponse"))
    equal(len(kind.FromString(unpacked).misspellings), 50, "marks of an answer in gzip")


def request_id(api):
    stub = api.channel.unary_unary(f"/{HEALTH}/Check")
    _, call = stub.with_call(b"", timeout=10, metadata=[("x-request-id", "third-party-1")])
    metadata = dict([*call.initial_metadata(), *call.trailing_metadata()])
    equal(metadata.get("x-request-id"), "third-party-1", "request id")


DRAFT = {"document": {"content": "hi, ur plain teapot is here"}, "conversationId": "grpcio"}
POLISHED = "Hi, your plain teapot is here."


def needs_a_model(api):
    error = fails(lambda: api.call("PolishReply", DRAFT, POLISHING))
    equal(error.code(), grpc.StatusCode.FAILED_PRECONDITION, "code")
    details = {detail.TypeName(): detail for detail in rpc_status.from_call(error).details}
    info = error_details_pb2.ErrorInfo()
    true(details["google.rpc.ErrorInfo"].Unpack(info), "details decode")
    equal(info.reason, "MODEL_NOT_CONFIGURED", "reason")


def polish(api):
    result = api.call("PolishReply", DRAFT, POLISHING).result
    equal((result.content, result.remaining_in_conversation), (POLISHED, 9), "result")


def polish_in_a_stream(api):
    *deltas, last = api.call("StreamPolishReply", DRAFT, POLISHING)
    equal("".join(message.delta.text for message in deltas), POLISHED, "the preview")
    equal((last.result.content, last.result.remaining_in_conversation), (POLISHED, 8), "result")


# --- all ---------------------------------------------------------------------------------------------------------------


def main():
    address, polishing, script, descriptors = sys.argv[1:]
    checks = Checklist("third-party")

    lines, answers = list(printed_lines(address)), {}
    checks.run("the page prints three lines for each of four requests or more", true, len(lines) >= 12, f"{len(lines)} lines")
    for line in lines:
        # Nothing installs grpcurl here, so it may be missing; nothing else may.
        if line.startswith("grpcurl ") and not shutil.which("grpcurl"):
            print(f"absent  {line}")
        elif polishes(line):
            checks.run(f"without a model: {line}", is_refused_without_model, line)
            line = line.replace(address, polishing)
            checks.run(line, is_polished, line, answers)
        else:
            checks.run(line, run_line, line, answers)
    checks.run("browser.mjs", run_browser_example, address, pathlib.Path(script).parent)
    checks.run("buf lint", command, "buf lint")
    checks.run("buf format", command, "buf format --diff --exit-code")
    for version in ("grpc-v1", "grpc-v1alpha"):
        checks.run(f"buf lists services by reflection {version}", buf_lists_services, address, version)

    with grpc.insecure_channel(address) as channel:
        api = Reflected(channel)
        checks.run("grpcio: reflection lists the services", reflection_lists_services, api)
        checks.run("grpcio: reflection describes google.rpc details", reflection_knows_details, api)
        for service in ("", SPELLING):
            checks.run(f"grpcio: health of {service or 'the whole'}", health, channel, service)
        checks.run("grpcio: health of an unknown service", health_of_unknown, channel)
        checks.run("grpcio: marks in English, in UTF-16", check_marks, api)
        checks.run("grpcio: offsets in UTF-8", check_in_encoding, api, "UTF8", lambda s, e: MIXED.encode()[s:e].decode())
        checks.run("grpcio: offsets in UTF-32", check_in_encoding, api, "UTF32", lambda s, e: MIXED[s:e])
        checks.run("grpcio: marks in Portuguese", check_portuguese, api)
        checks.run("grpcio: another language falls back", falls_back, api)
        checks.run("grpcio: INVALID_ARGUMENT with details", bad_request, api)
        unknown = {"document": {"content": "<b>text</b>", "format": 9}}
        checks.run("grpcio: an unknown format is not read as plain text", unimplemented, api, unknown)
        checks.run("grpcio: a request in gzip", gzip, api)
        checks.run("http.client: an answer in gzip", gzip_answer, api, address)
        checks.run("grpcio: the request id comes back", request_id, api)
        checks.run("grpcio: FAILED_PRECONDITION without a model", needs_a_model, api)
    with grpc.insecure_channel(polishing) as channel:
        api = Reflected(channel)
        checks.run("grpcio: a polished reply", polish, api)
        checks.run("grpcio: a stream of deltas, then the result", polish_in_a_stream, api)

    for transport in ("connect-node grpc", "connect-node grpc-web", "connect-web grpc-web"):
        line = shlex.join(["node", script, f"http://{address}", f"http://{polishing}", descriptors, transport])
        checks.run(transport, command, line)
    return checks.close()


if __name__ == "__main__":
    sys.exit(main())
