"""The proofs of tools/operations-test.sh, which makes the PostgreSQL that is used here and installs what is imported.

    operations.py --program PROGRAM --work FOLDER --postgres-port PORT

One line a check, with what was counted; exit status 1 if one failed.
"""

import argparse
import contextlib
import os
import pathlib
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

import grpc
from google.protobuf import json_format
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status
from vermilion.v1 import polishing_pb2, settings_pb2, settings_pb2_grpc, spelling_pb2

from checklist import Checklist, equal, true
from issuer import Authority, Issuer
from load import Grpc, Load, Web, polish_request
from model import Model
from processes import INNER_NAME, NAME, Nginx, Replica, wait_until
import walk

ROUNDS = 3
# A key set is not fetched for calls more often than each ten seconds.
KEYS_REST = 11
# The files of server.tls are looked at so often.
LOOK = 65


class Proofs(Checklist):
    """Each with its time; and with what is known not to hold yet."""

    def run(self, name, check):
        super().run(name, check, timed=True)

    def known(self, name, check):
        """Told, and not counted as failed."""
        try:
            check()
        except Exception as error:
            told = f"{error.code().name}: {error.details()}" if isinstance(error, grpc.RpcError) else error
            print(f"known   {name}: {told}", flush=True)
        else:
            self.passed += 1
            print(f"ok      {name}: holds now, and need not be called known any more", flush=True)


def shell(line, **environment):
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode != 0:
        raise AssertionError(f"{line}: exit status {done.returncode}: {(done.stdout + done.stderr).strip()[:1000]}")
    return done.stdout


def none_failed(load):
    true(load.calls, "nothing was called")
    if load.failures:
        for failure in load.failures[:10]:
            print("       ", *failure)
        raise AssertionError(load.told())
    return load.told()


class World:
    """All that runs: PostgreSQL, an issuer of tokens, a model, two replicas, nginx."""

    def __init__(self, arguments):
        self.program = str(arguments.program)
        self.folder = arguments.work
        self.port = arguments.postgres_port
        self.password = secrets.token_hex(16)
        self.outer, self.inner = (Authority(self.folder, name) for name in ("outer-ca", "replicas-ca"))
        self.issuer = Issuer(self.outer, self.folder)
        self.issuer.add_key("first", "RS256")
        self.key = "first"
        self.model = Model(secrets.token_hex(16))
        (self.folder / "model-key").write_text(self.model.keys[0] + "\n")
        self.config = self.folder / "vermilion.toml"
        walk.write_config(self.config)
        self.tokens = {}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("VERMILION_", "OPENAI_"))}
        self.environment = kept | {
            "VERMILION_SETTINGS__STORE": self.store("vermilion"),
            # As the page's configuration is on an address that others reach.
            "VERMILION_SERVER__MODE": "production",
            "VERMILION_AUTH__JWT__JWKS_URL": self.issuer.url,
            "VERMILION_AUTH__JWT__JWKS_CA": str(self.outer.path),
            # The issuer is on this machine.
            "VERMILION_AUTH__JWT__JWKS_PRIVATE_NETWORK": "on",
            "VERMILION_POLISHING__PRIMARY__BASE_URL": self.model.url,
            "VERMILION_POLISHING__PRIMARY__API_KEY_FILE": str(self.folder / "model-key"),
            # One tenant polishes all day here.
            "VERMILION_POLISHING__TENANT_CALLS_PER_MINUTE": "100000",
            "VERMILION_SERVER__LIMITS__TENANT_SHARE": "100",
        }
        self.replicas = [self.replica("replica-1"), self.replica("replica-2", VERMILION_SERVER__REFLECTION="on")]
        self.nginx = Nginx(self.folder, self.replicas, self.outer, self.inner)

    def store(self, database):
        return f"postgres://vermilion:{self.password}@127.0.0.1:{self.port}/{database}"

    def replica(self, name, **environment):
        return Replica(self.program, self.folder, name, self.config, self.environment | environment, self.inner)

    def postgres(self, statements, database="postgres"):
        return subprocess.run(
            [
                "su",
                "postgres",
                "-c",
                f"psql --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 --port {self.port} {database}",
            ],
            input=statements,
            text=True,
            check=True,
            capture_output=True,
        ).stdout.strip()

    def token(self, who="ana"):
        """By the key that the issuer signs by just now."""
        made = (self.key, who)
        if made not in self.tokens:
            claims = {
                "operator": ("olivia", ["operator"], {}),
                "administrator": ("ada", ["tenant_admin"], {"tenant": "acme"}),
                "ana": ("ana", ["agent"], {"tenant": "acme", "agent": "ana"}),
            }
            subject, roles, more = claims[who]
            self.tokens[made] = self.issuer.token(self.key, subject, roles, **more)
        return self.tokens[made]

    def client(self):
        return Grpc(self.nginx.address, self.outer.path, NAME, self.token)

    def web(self, reopens=False):
        return Web(self.nginx.address, self.outer.path, NAME, self.token, reopens)

    def direct(self, replica):
        return Grpc(replica.address, self.inner.path, INNER_NAME, self.token)

    def settings(self, replica):
        return settings_pb2_grpc.SettingsServiceStub(self.direct(replica).channel)

    def operator(self):
        return (("authorization", f"Bearer {self.token('operator')}"),)

    def load(self, *more, web=None):
        """What a workbench asks for: checks without end, polishes that take half a second and more."""
        web = web or self.web
        return Load(
            [
                *[("gRPC checks", self.client, "check", 0.02)] * 4,
                *[("gRPC polishes", self.client, "polish", 0.05)] * 6,
                *[("gRPC streams", self.client, "stream", 0.05)] * 6,
                *[("gRPC-Web checks", web, "check", 0.02)] * 3,
                *[("gRPC-Web polishes", web, "polish", 0.05)] * 4,
                *[("gRPC-Web streams", web, "stream", 0.05)] * 4,
                *more,
            ]
        )

    def stop(self):
        self.nginx.stop()
        for replica in self.replicas:
            replica.kill()


# --- the first tenant --------------------------------------------------------------------------------------------------


def first_tenant(world):
    world.postgres(walk.database(world.password))
    for replica in world.replicas:
        replica.start()
    world.nginx.start()
    equal([replica.command("health").strip() for replica in world.replicas], ["SERVING"] * 2, "vermilion health")
    answers = walk.run(
        world.folder,
        world.nginx.address,
        world.outer.path,
        OPERATOR=world.token("operator"),
        ADMINISTRATOR=world.token("administrator"),
        ANA=world.token("ana"),
    )
    tenant, chief, ana, bound, switched, available, polished, audit = answers
    equal(
        (tenant["refineResponseEnabled"], chief["type"], ana["type"]),
        (True, "AGENT_TYPE_VERSATILE", "AGENT_TYPE_MULTIMEDIA"),
        "made",
    )
    equal(bound["administratorAgent"], chief["name"], "the agent that is bound to the administrator")
    equal((switched["intelligentRecognition"], switched["replyPolishing"]), (True, True), "switches")
    true(
        available["available"] and all(condition["met"] for condition in available["conditions"]),
        f"available: {available}",
    )
    equal(polished["result"]["outcome"], "OUTCOME_POLISHED", "outcome")
    equal(polished["result"]["content"], "Hello Anna, we have received your order 4711.", "content")
    actors = {entry["actor"] for entry in audit["auditEntries"]}
    true(len(actors) == 2, f"who made the changes: {actors}")
    return f"{len(answers)} calls as printed, the last answers: available, polished, {len(audit['auditEntries'])} lines of the audit log"


def furnish(world):
    """More polishes a day than a tenant has at first, and something of everything that a backup has to keep."""
    stub = world.settings(world.replicas[0])
    administrator, ana = ((("authorization", f"Bearer {world.token(who)}"),) for who in ("administrator", "ana"))

    def update(metadata, **fields):
        request = {"tenant": {"name": "tenants/acme", **fields}, "updateMask": ",".join(fields)}
        stub.UpdateTenant(json_format.ParseDict(request, settings_pb2.UpdateTenantRequest()), metadata=metadata)

    update(world.operator(), agentDailyPolishLimit=100000, tenantDailyPolishLimit=1000000)
    update(administrator, polishingGuidance='We say "guest".\nSign as Equipe São João.', conversationPolishLimit=7)
    for parent, metadata, texts in (
        ("tenants/acme", administrator, ["FreteBox", "São João", "順豐", "O'Neill"]),
        ("tenants/acme/agents/ana", ana, ["Aninha"]),
    ):
        stub.BatchCreateDictionaryWords(
            settings_pb2.BatchCreateDictionaryWordsRequest(parent=parent, texts=texts), metadata=metadata
        )


# --- rolling updates ---------------------------------------------------------------------------------------------------


def polish(client, request):
    return client.polishing.PolishReply(request, timeout=10, metadata=client.metadata()).result


def replace(world):
    """One replica after the other, the next as soon as the one before is ready; how long each took to end."""
    stops = []
    for replica in world.replicas:
        stops.append(replica.stop())
        replica.start()
    return stops


def rolling_update(world):
    stops, request, client = [], polish_request(), world.client()
    first = polish(client, request)
    with world.load() as load:
        time.sleep(1)
        for _ in range(ROUNDS):
            stops += replace(world)
    again = polish(client, request)
    equal(
        (again.content, again.remaining_in_conversation),
        (first.content, first.remaining_in_conversation),
        "asked again, charged once",
    )
    cut = sum(replica.told("stopped with calls still in hand") for replica in world.replicas)
    equal(cut, 0, "replicas that ended with calls in hand")
    told = none_failed(load)
    elsewhere = world.nginx.told("connect() failed") + world.nginx.told("SSL handshak")
    return (
        f"{len(stops)} replacements, each drained in {max(stops):.1f} s at most; {told}; "
        f"{elsewhere} connections that could not be made, whose calls the other replica took"
    )


def rotate_model_key(world):
    """The provider takes both keys until all replicas have the new one."""
    old = world.model.keys[0]
    world.model.keys.append(secrets.token_hex(16))
    (world.folder / "model-key").write_text(world.model.keys[-1] + "\n")
    with world.load() as load:
        replace(world)
        world.model.keys.remove(old)
        time.sleep(2)
    return f"2 replacements; {none_failed(load)}"


def asked_again(world, request, first):
    """By the name of a polish that was made with another key of the model's server."""
    again = polish(world.client(), request)
    equal(again.remaining_in_conversation, first.remaining_in_conversation, "asked again, charged once")


# --- certificates ------------------------------------------------------------------------------------------------------


def serial_seen(address, authority, name):
    """The number of the certificate that a new connection is shown."""
    context = ssl.create_default_context(cafile=authority)
    context.set_alpn_protocols(["h2"])
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5) as plain:
        with context.wrap_socket(plain, server_hostname=name) as shown:
            return int(shown.getpeercert()["serialNumber"], 16)


class NewConnections:
    """A client that connects anew for each check."""

    def __init__(self, make):
        self.make = make

    def check(self):
        client = self.make()
        with contextlib.closing(client.channel):
            client.check()


def rotate_certificates(world):
    new = [
        ("checks by new connections", lambda r=replica: NewConnections(lambda: world.direct(r)), "check", 0.1)
        for replica in world.replicas
    ]
    kept = [
        ("checks by old connections", lambda r=replica: world.direct(r), "check", 0.02) for replica in world.replicas
    ]
    seen, refused = 0, 0
    with world.load(*new, *kept) as load:
        time.sleep(1)
        for _ in range(ROUNDS):
            for replica in world.replicas:
                serial = replica.renew()
                replica.signal(signal.SIGHUP)
                wait_until(
                    lambda: serial_seen(replica.address, world.inner.path, INNER_NAME) == serial,
                    "the new certificate",
                    10,
                )
                replica.serial = serial
                seen += 1
        # Half a file, another key, and no file: each is told, and what was there stays.
        replica = world.replicas[0]
        cert, key = replica.cert.read_bytes(), replica.key.read_bytes()
        for broken_cert, broken_key in ((cert[:200], key), (cert, world.replicas[1].key.read_bytes()), (None, key)):
            told = replica.told("cannot be used: those of before stay in force")
            replica.cert.unlink()
            if broken_cert is not None:
                replica.cert.write_bytes(broken_cert)
            replica.key.write_bytes(broken_key)
            replica.signal(signal.SIGHUP)
            wait_until(
                lambda: replica.told("cannot be used: those of before stay in force") > told, "a line in the log", 10
            )
            equal(serial_seen(replica.address, world.inner.path, INNER_NAME), replica.serial, "certificate in force")
            refused += 1
        replica.serial = replica.renew()
        replica.signal(signal.SIGHUP)
        wait_until(
            lambda: serial_seen(replica.address, world.inner.path, INNER_NAME) == replica.serial, "the mended one", 10
        )
        time.sleep(1)
    equal([replica.command("health").strip() for replica in world.replicas], ["SERVING"] * 2, "vermilion health")
    # Without a signal: looked at at the end.
    world.quiet = (world.replicas[1].renew(), time.monotonic())
    return f"{seen + 1} certificates taken and seen, {refused} sets of broken files refused; {none_failed(load)}"


def noticed_certificate(world):
    """A certificate whose files were replaced without a word."""
    replica, (serial, since) = world.replicas[1], world.quiet
    left = LOOK - (time.monotonic() - since)
    wait_until(
        lambda: serial_seen(replica.address, world.inner.path, INNER_NAME) == serial,
        "the certificate is noticed",
        max(left, 1),
    )
    return f"after {time.monotonic() - since:.0f} s at most"


def rotate_front(world):
    """nginx's own certificate: new worker processes, while the old ones finish their calls."""
    with world.load(web=lambda: world.web(reopens=True)) as load:
        time.sleep(1)
        for _ in range(ROUNDS):
            serial = world.nginx.renew()
            world.nginx.reload()
            wait_until(
                lambda: serial_seen(world.nginx.address, world.outer.path, NAME) == serial, "the new certificate", 10
            )
            time.sleep(1)
    return f"{ROUNDS} certificates seen; {none_failed(load)}; {Web.reopened} idle connections of HTTP/1.1 closed, asked again on new ones"


# --- keys of tokens ----------------------------------------------------------------------------------------------------


def rotate_keys(world):
    old = {who: world.token(who) for who in ("ana", "operator")}
    time.sleep(KEYS_REST)
    fetches = world.issuer.fetches
    with world.load() as load:
        time.sleep(1)
        # Signed by at the same moment: a call that names a key that is not known waits for the set.
        world.issuer.add_key("second", "ES256")
        world.key = "second"
        time.sleep(3)
        # Whoever still has a token of before is served.
        for replica in world.replicas:
            stub = world.settings(replica)
            stub.GetTenant(
                settings_pb2.GetTenantRequest(name="tenants/acme"),
                metadata=(("authorization", f"Bearer {old['operator']}"),),
            )
        fetched = world.issuer.fetches - fetches
        time.sleep(KEYS_REST - 3)
        # Taken back. The set is read every five minutes; a token of a key that nobody knows has it read at once.
        world.issuer.published.remove("first")
        world.issuer.add_key("unpublished", "ES256")
        world.issuer.published.remove("unpublished")
        refused = 0
        for replica in world.replicas:
            for token in (world.issuer.token("unpublished", "olivia", ["operator"]), old["operator"], old["ana"]):
                try:
                    world.settings(replica).GetTenant(
                        settings_pb2.GetTenantRequest(name="tenants/acme"),
                        metadata=(("authorization", f"Bearer {token}"),),
                    )
                except grpc.RpcError as error:
                    equal(error.code(), grpc.StatusCode.UNAUTHENTICATED, "a token of a key that was taken back")
                    refused += 1
        equal(refused, 6, "tokens refused")
        # An issuer that is away is no reason to refuse.
        world.issuer.server.shutdown()
        world.issuer.server.server_close()
        time.sleep(1)
    equal(fetched, len(world.replicas), "fetches for the new key, one a replica")
    return f"{fetched} fetches by {len(world.replicas)} replicas, {refused} tokens of keys taken back refused; {none_failed(load)}"


# --- backups -----------------------------------------------------------------------------------------------------------


def export_and_import(world):
    """Into an empty PostgreSQL and an empty SQLite, and from there once more."""
    first = world.replicas[0]
    exported = first.command("settings", "export")
    file = world.folder / "settings.toml"
    file.write_text(exported)
    world.postgres("CREATE DATABASE imported OWNER vermilion;")
    sizes = []
    for store in (world.store("imported"), f"sqlite:{world.folder}/imported.db"):
        target = world.replica("importer", VERMILION_SETTINGS__STORE=store)
        told = target.command("settings", "import", str(file)).strip()
        equal(target.command("settings", "export"), exported, f"export after the import ({told})")
        again = target.command("settings", "import", str(file)).strip()
        true(again.startswith("0 created, 0 changed, 0 words"), f"a second import changes nothing: {again}")
        sizes.append(told)
    return f"{exported.count(chr(10))} lines; PostgreSQL: {sizes[0]}; SQLite: {sizes[1]}"


def content(world, replica):
    """What an operator sees of the tenant, all of it, times and etags as well, and how often Ana may still polish."""
    stub, metadata = world.settings(replica), world.operator()
    seen = [
        stub.GetTenant(settings_pb2.GetTenantRequest(name="tenants/acme"), metadata=metadata),
        stub.ListAgents(settings_pb2.ListAgentsRequest(parent="tenants/acme", page_size=100), metadata=metadata),
        stub.ListAuditEntries(
            settings_pb2.ListAuditEntriesRequest(parent="tenants/acme", page_size=100), metadata=metadata
        ),
    ]
    client = world.direct(replica)
    asked = polishing_pb2.GetPolishingAvailabilityRequest(conversation_id="first")
    available = client.polishing.GetPolishingAvailability(asked, metadata=client.metadata())
    true(available.available, "Ana may polish")
    return [json_format.MessageToDict(message) for message in seen], (
        available.remaining_in_conversation,
        available.remaining_today,
    )


def serves_the_same(world, restored, before):
    """A replica on the restored store serves what was served before, and goes on."""
    try:
        restored.start()
        equal(content(world, restored), before, "what is served")
        client = world.direct(restored)
        client.check()
        client.polish()
    finally:
        restored.kill()


def dump(world, database):
    """A backup, and a replica that is not started, on an empty database into which it has been restored."""
    file = world.folder / f"{database}.dump"
    shell(f'pg_dump --format=custom --file={file} "$STORE"', STORE=world.store("vermilion"))
    world.postgres(f"CREATE DATABASE {database} OWNER vermilion;")
    shell(
        f'pg_restore --no-owner --exit-on-error --single-transaction --dbname="$STORE" {file}',
        STORE=world.store(database),
    )
    return world.replica(database, VERMILION_SETTINGS__STORE=world.store(database))


def dump_and_restore(world):
    with world.load() as load:
        time.sleep(1)
        busy = dump(world, "restored_busy")
        time.sleep(1)
    none_failed(load)
    equal(
        busy.command("settings", "export"),
        world.replicas[0].command("settings", "export"),
        "export of what was dumped under load",
    )
    # At rest there is one right answer to every question.
    restored = dump(world, "restored")
    serves_the_same(world, restored, content(world, world.replicas[0]))
    return f"dumped under load ({load.told()}); the same tenant, agents, audit log and quotas, and a polish"


def sqlite_backup(world):
    database, copy = world.folder / "live.db", world.folder / "copy.db"
    live = world.replica("sqlite", VERMILION_SETTINGS__STORE=f"sqlite:{database}")
    live.command("settings", "import", str(world.folder / "settings.toml"))
    live.start()
    try:
        stub = world.settings(live)
        ending, written, failures = threading.Event(), [], []

        def write():
            administrator = (("authorization", f"Bearer {world.token('administrator')}"),)
            while not ending.is_set():
                word = settings_pb2.CreateDictionaryWordRequest(
                    parent="tenants/acme",
                    dictionary_word=settings_pb2.DictionaryWord(
                        text=f"word{'abcdefghij'[len(written) % 10]}{len(written)}x"
                    ),
                )
                try:
                    stub.CreateDictionaryWord(word, metadata=administrator)
                except grpc.RpcError as error:
                    return failures.append(error.details())
                written.append(word.dictionary_word.text)

        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(1)
        known = len(written)
        shell(f"sqlite3 {database} \".backup '{copy}'\"")
        ending.set()
        writer.join()
        equal(failures, [], "changes that failed")
        true(known > 10, f"only {known} words were written before the copy")
        # Written while the copy was made: in it up to some moment, and none missing before.
        check = world.replica("sqlite-copy", VERMILION_SETTINGS__STORE=f"sqlite:{copy}")
        exported = check.command("settings", "export")
        there = [word in exported for word in written]
        true(
            sum(there) >= known and there == sorted(there, reverse=True),
            f"{sum(there)} words of {len(there)}, {known} before",
        )
        shell(f"sqlite3 {database} \".backup '{copy}'\"")
        before, whole = content(world, live), live.command("settings", "export")
    finally:
        live.kill()
    equal(check.command("settings", "export"), whole, "export of the copy")
    # As one restores: the service is stopped, the three files go, the copy takes their place.
    for old in world.folder.glob("live.db*"):
        old.unlink()
    shutil.copy(copy, database)
    serves_the_same(world, live, before)
    return f"a copy while words were written holds {sum(there)} of {len(written)}, {known} of them acknowledged before; restored in its place: the same"


# --- health and reflection ---------------------------------------------------------------------------------------------


def health(world):
    replica = world.replicas[1]
    channel = world.direct(replica).channel
    stub = health_pb2_grpc.HealthStub(channel)
    equal(
        stub.Check(health_pb2.HealthCheckRequest()).status,
        health_pb2.HealthCheckResponse.SERVING,
        "health of the whole",
    )
    through = health_pb2_grpc.HealthStub(world.client().channel)
    watch = through.Watch(health_pb2.HealthCheckRequest(service="vermilion.v1.PolishingService"), timeout=5)
    equal(next(watch).status, health_pb2.HealthCheckResponse.SERVING, "health of polishing, watched through nginx")
    watch.cancel()
    equal(
        replica.command("health", "--service", "vermilion.v1.PolishingService").strip(), "SERVING", "vermilion health"
    )


def handed_on(world):
    """What nginx leaves to the service: CORS, limits, details of errors."""
    page, foreign = "https://workbench.example.com", "https://elsewhere.example.com"
    asked = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,x-grpc-web",
    }
    for origin, status in ((page, 200), (foreign, 403)):
        connection = world.web().connection
        connection.request(
            "OPTIONS", "/vermilion.v1.SpellingService/CheckSpelling", headers=asked | {"origin": origin, "host": NAME}
        )
        answer = connection.getresponse()
        equal(
            (answer.status, answer.headers["access-control-allow-origin"]),
            (status, page if status == 200 else None),
            f"preflight of {origin}",
        )
        answer.read()
    client = world.client()
    for request, code, reason in (
        (
            spelling_pb2.CheckSpellingRequest(document=spelling_pb2.Document(content="a" * 2_000_000)),
            "RESOURCE_EXHAUSTED",
            "MESSAGE_TOO_LONG",
        ),
        (
            spelling_pb2.CheckSpellingRequest(document=spelling_pb2.Document(content="a" * 300_000)),
            "INVALID_ARGUMENT",
            None,
        ),
    ):
        try:
            client.spelling.CheckSpelling(request, timeout=10, metadata=client.metadata())
        except grpc.RpcError as error:
            status = rpc_status.from_call(error)
            equal(error.code().name, code, "status of a text that is too long")
            true(status is not None and status.details, "details of the error")
            true(
                reason is None or any(reason.encode() in detail.value for detail in status.details), f"reason {reason}"
            )
        else:
            raise AssertionError("a text that is too long was answered")


def watch_of_the_unknown(world):
    watch = health_pb2_grpc.HealthStub(world.direct(world.replicas[1]).channel).Watch(
        health_pb2.HealthCheckRequest(service="no.such.Service"), timeout=2
    )
    equal(next(watch).status, health_pb2.HealthCheckResponse.SERVICE_UNKNOWN, "the first word")
    try:
        next(watch)
    except grpc.RpcError as error:
        equal(error.code(), grpc.StatusCode.DEADLINE_EXCEEDED, "the end, by the client's deadline")
    return "told, and the stream stays open"


def symbol_of_the_unknown(world):
    stub = reflection_pb2_grpc.ServerReflectionStub(world.direct(world.replicas[1]).channel)
    asked = [
        reflection_pb2.ServerReflectionRequest(file_containing_symbol="no.such.Symbol"),
        reflection_pb2.ServerReflectionRequest(file_containing_symbol="vermilion.v1.SpellingService"),
    ]
    answers = list(stub.ServerReflectionInfo(iter(asked), timeout=5))
    equal(answers[0].error_response.error_code, grpc.StatusCode.NOT_FOUND.value[0], "the answer to an unknown symbol")
    true(answers[1].file_descriptor_response.file_descriptor_proto, "the stream goes on")


# -----------------------------------------------------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--postgres-port", type=int, required=True)
    world, proofs = World(parser.parse_args()), Proofs("operations")
    try:
        proofs.run("the first tenant in production, as docs/operations.md prints it", lambda: first_tenant(world))
        if proofs.failed:
            sys.exit(1)
        furnish(world)
        proofs.run("health", lambda: health(world))
        proofs.run("CORS, limits and errors through nginx", lambda: handed_on(world))
        proofs.run("Health.Watch of an unknown service", lambda: watch_of_the_unknown(world))
        proofs.known("reflection of an unknown symbol", lambda: symbol_of_the_unknown(world))
        proofs.run("two replicas replaced behind nginx", lambda: rolling_update(world))
        request = polish_request()
        first = polish(world.client(), request)
        proofs.run("the key of the model's server rotated", lambda: rotate_model_key(world))
        proofs.known("a polish asked for again after that", lambda: asked_again(world, request, first))
        proofs.run("certificates of the replicas rotated", lambda: rotate_certificates(world))
        proofs.run("nginx's certificate rotated", lambda: rotate_front(world))
        proofs.run("export and import", lambda: export_and_import(world))
        proofs.run("pg_dump and pg_restore", lambda: dump_and_restore(world))
        proofs.run("sqlite3 .backup", lambda: sqlite_backup(world))
        proofs.run("keys of tokens rotated", lambda: rotate_keys(world))
        proofs.run("a certificate replaced without a signal", lambda: noticed_certificate(world))
    finally:
        world.stop()
    sys.exit(proofs.close())


if __name__ == "__main__":
    main()
