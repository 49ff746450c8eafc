#!/usr/bin/env python3
"""Starts the real service with the configurations of deploy/, calls it by way of the real Envoy, has the real Prometheus scrape it, and
asks every question of the dashboard. Everything listens on loopback, and is bounded. tools/deploy-test.sh installs what it needs."""

import argparse
import contextlib
import json
import os
import pathlib
import re
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import grpc
import yaml
from checklist import Checklist, free_port
from files import DEPLOY, alert_expressions, compose, declared_numbers, load, panels, render, used_numbers

CHECK = "/vermilion.v1.SpellingService/CheckSpelling"
AVAILABILITY = "/vermilion.v1.PolishingService/GetPolishingAvailability"
POLISH = "/vermilion.v1.PolishingService/PolishReply"
FEEDBACK = "/vermilion.v1.PolishingService/RecordPolishFeedback"
# Panels about what cannot be brought about from outside in a few seconds, or is not to happen.
QUIET = {
    "Shed",
    "Findings of the guard, by code",
    "Panics in a quarter of an hour, by replica",
    "Log lines dropped, by replica",
    "95 of 100 requests to the model take at most",
    "Requests to the model, by outcome",
    "Asked again, and servers at rest",
    "Review points, by source",
    "Texts that wait for the pool, by replica",
}
# How often the calls below are made, with a pause each.
ROUNDS = 12
PAUSE_S = 0.5
PATIENCE_S = 20

CHECKS = Checklist("live")
check = CHECKS.expect


def get(url, context=None):
    """Status and body."""
    try:
        with urllib.request.urlopen(url, timeout=5, context=context) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def eventually(what, is_so, patience=PATIENCE_S):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.1)
    check(False, f"never: {what}")
    return False


# Messages by their numbers in proto/: enough of the wire format for these few.
def field(number, value):
    if isinstance(value, int):
        return bytes([number << 3, value])
    value = value.encode() if isinstance(value, str) else value
    assert len(value) < 128
    return bytes([number << 3 | 2, len(value)]) + value


def check_request(text, language):
    return field(1, field(1, text)) + field(2, language)


def polish_request(text, conversation):
    return field(1, field(1, text)) + field(4, conversation)


def fields(message):
    """(number, value) of a message; values that are no bytes are left out."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        key = varint()
        match key & 7:
            case 0:
                varint()
            case 1:
                at += 8
            case 5:
                at += 4
            case _:
                length = varint()
                yield key >> 3, message[at : at + length]
                at += length


def call(channel, path, message, **headers):
    """The answer, or the status that refuses it."""
    asked = channel.unary_unary(path)
    metadata = [(name.replace("_", "-"), value) for name, value in headers.items()]
    try:
        return asked(message, timeout=10, metadata=metadata)
    except grpc.RpcError as error:
        return error.code()


@contextlib.contextmanager
def running(scratch, name, command, environment, directory=None):
    """A process that ends with the block, by SIGTERM first."""
    with open(scratch / f"{name}.log", "wb") as log:
        process = subprocess.Popen(
            command, env={"PATH": os.environ["PATH"], **environment}, stdout=log, stderr=log, cwd=directory
        )
    try:
        yield process
    except BaseException:
        print(f"--- {name}\n" + (scratch / f"{name}.log").read_text()[-4000:], file=sys.stderr)
        raise
    finally:
        # The second signal ends a service that drains.
        for _ in range(2):
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(2)
        process.kill()
        process.wait()


class Service:
    """How one of the services is reached."""

    def __init__(self, environment):
        self.grpc, self.admin = free_port(), free_port()
        self.environment = {
            **environment,
            "VERMILION_SERVER__LISTEN": f"127.0.0.1:{self.grpc}",
            "VERMILION_SERVER__ADMIN": f"127.0.0.1:{self.admin}",
        }

    def ask(self, path):
        return get(f"http://127.0.0.1:{self.admin}{path}")

    def started(self, name):
        return eventually(f"{name} is ready", lambda: self.ask("/readyz")[0] == 200)


def kubernetes(program, scratch, folder):
    """The configuration of a folder of deploy/kubernetes, with a database that cannot be reached; of the base also the end of a pod."""
    objects = render(folder)
    if objects is None:
        return
    by_kind = {one["kind"]: one for one in objects}
    config = scratch / f"{folder}.toml"
    config.write_text(by_kind["ConfigMap"]["data"]["vermilion.toml"])
    pod = by_kind["Deployment"]["spec"]["template"]["spec"]
    variables = {one["name"] for one in pod["containers"][0]["env"]}
    values = {
        "VERMILION_CONFIG": str(config),
        "VERMILION_SETTINGS__STORE": "postgres://vermilion:secret@127.0.0.1:1/vermilion",
        "OPENAI_API_KEY": "sk-test",
        # Long enough to be looked at; static.py compares what the file says with the pod's time.
        "VERMILION_SERVER__SHUTDOWN__DELAY": "3s",
        # As Kubernetes sets them for a Service of this name where enableServiceLinks is left on.
        "VERMILION_PORT": "tcp://10.0.0.1:50051",
        "VERMILION_SERVICE_HOST": "10.0.0.1",
        "VERMILION_SERVICE_PORT_GRPC": "50051",
    }
    check(variables <= values.keys(), f"{folder}: its variables are known here")
    service = Service(values)
    with running(scratch, folder, [program, "serve"], service.environment) as process:
        if not service.started(folder):
            print((scratch / f"{folder}.log").read_text()[-2000:], file=sys.stderr)
            return
        # It finds out with the first question to the database, which takes settings.timeout.
        eventually(f"{folder}: it says that its database is away", lambda: "failing" in service.ask("/readyz")[1])
        check(service.ask("/readyz")[0] == 200, f"{folder}: without its database it is ready")
        for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
            check(
                service.ask(pod["containers"][0][probe]["httpGet"]["path"])[0] == 200, f"{folder}: the {probe} succeeds"
            )
        if folder != "base":
            return
        process.send_signal(signal.SIGTERM)
        eventually(f"{folder}: it is not ready while it drains", lambda: service.ask("/readyz")[0] == 503, 2)
        check(service.ask("/livez")[0] == 200, f"{folder}: it is alive while it drains")
        with grpc.insecure_channel(f"127.0.0.1:{service.grpc}") as channel:
            refused = call(channel, CHECK, check_request("recieved", "en"))
            check(
                refused == grpc.StatusCode.UNAUTHENTICATED,
                f"{folder}: calls are still answered while it drains, here {refused}",
            )
        check(process.wait(pod["terminationGracePeriodSeconds"]) == 0, f"{folder}: it ends in good order")


def envoy_files(scratch, service, port):
    """envoy.yaml with the places of this machine, and a certificate of its own."""
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
        ]
        + ["-keyout", scratch / "tls.key", "-out", scratch / "tls.crt"],
        check=True,
        capture_output=True,
    )
    certificate = (DEPLOY / "envoy-certificate.yaml").read_text().replace("/etc/envoy/", f"{scratch}/")
    (scratch / "certificate.yaml").write_text(certificate)
    text = (DEPLOY / "envoy.yaml").read_text().replace("/etc/envoy/", f"{scratch}/")
    for before, after in (
        ("address: vermilion, port_value: 50051", f"address: 127.0.0.1, port_value: {service.grpc}"),
        ("port_value: 9464", f"port_value: {service.admin}"),
        ("address: 0.0.0.0, port_value: 8443", f"address: 127.0.0.1, port_value: {port}"),
    ):
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    (scratch / "envoy.yaml").write_text(text)
    return scratch / "envoy.yaml"


def through_envoy(scratch, port, bearer):
    """gRPC, gRPC-Web and what is refused, by TLS."""
    roots = (scratch / "tls.crt").read_bytes()
    message = check_request("We have recieved it.", "en")
    with grpc.secure_channel(f"localhost:{port}", grpc.ssl_channel_credentials(roots)) as channel:
        eventually("Envoy answers", lambda: isinstance(call(channel, CHECK, message, authorization=bearer), bytes))
        answer = call(channel, CHECK, message, authorization=bearer)
        check(isinstance(answer, bytes) and b"received" in answer, "envoy: gRPC over TLS")
        check(call(channel, CHECK, message) == grpc.StatusCode.UNAUTHENTICATED, "envoy: a status comes through")
        check(
            call(channel, CHECK, message, x_tenant_id="acme", x_roles="operator") == grpc.StatusCode.UNAUTHENTICATED,
            "envoy: a client's word for itself is nothing",
        )
        check(
            call(channel, "/grpc.health.v1.Health/Check", b"") == grpc.StatusCode.UNIMPLEMENTED,
            "envoy: health is not for customers",
        )
    context = ssl.create_default_context(cafile=scratch / "tls.crt")
    frame = b"\0" + len(message).to_bytes(4, "big") + message
    headers = {
        "content-type": "application/grpc-web+proto",
        "authorization": bearer,
        "origin": "http://127.0.0.1:50051",
    }
    request = urllib.request.Request(f"https://localhost:{port}{CHECK}", data=frame, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10, context=context) as response:
            body, allowed = response.read(), response.headers["access-control-allow-origin"]
    except urllib.error.HTTPError as error:
        body, allowed = str(error).encode(), None
    check(b"received" in body and b"grpc-status:0" in body, f"envoy: gRPC-Web over TLS and HTTP/1.1: {body}")
    check(allowed == "http://127.0.0.1:50051", "envoy: the page may read it")


def traffic(composed, demo, bearer):
    """Calls that touch as many numbers as can be."""
    with (
        grpc.insecure_channel(f"127.0.0.1:{composed.grpc}") as real,
        grpc.insecure_channel(f"127.0.0.1:{demo.grpc}") as shown,
    ):
        available = call(real, AVAILABILITY, b"", authorization=bearer)
        check(isinstance(available, bytes), f"compose: the tenant of tenant.example.toml is there, {available}")
        refused = call(real, POLISH, polish_request("hi, we have recieved it", "one"), authorization=bearer)
        check(
            refused == grpc.StatusCode.UNAVAILABLE,
            f"compose: all conditions hold, and only the gateway is missing: {refused}",
        )
        for number in range(ROUNDS):
            call(real, CHECK, check_request("Nós recebemos emviado hoje.", "pt-BR"), authorization=bearer)
            call(real, POLISH, polish_request("hi, we have recieved it", f"a{number}"), authorization=bearer)
            call(shown, CHECK, check_request("We have recieved qzxvbnq, see https://example.com/a.", "en"))
            call(shown, CHECK, check_request("We have recieved it.", "fi"))
            call(shown, CHECK, check_request("We have recieved it.", "no tag"))
            call(shown, AVAILABILITY, b"", x_agent_id="bruno")
            polished = call(
                shown, POLISH, polish_request("hi, we have recieved 3 mails of ana@example.com", f"c{number}")
            )
            if check_bytes(polished):
                result = dict(fields(polished))[1]
                call(shown, FEEDBACK, field(1, dict(fields(result))[9]) + field(2, 1))
            time.sleep(PAUSE_S)


def check_bytes(answer):
    check(isinstance(answer, bytes), f"the demo model polishes: {answer}")
    return isinstance(answer, bytes)


def later_version(program, scratch):
    """What docs/operations.md says of a rollback: a program does not start on tables of a later version."""
    path = scratch / "later.db"
    environment = {
        "PATH": os.environ["PATH"],
        "VERMILION_SETTINGS__STORE": f"sqlite:{path}",
        "VERMILION_SERVER__LISTEN": "127.0.0.1:0",
    }
    tool = dict(env=environment, capture_output=True, text=True, timeout=PATIENCE_S)
    subprocess.run([program, "settings", "export"], check=True, **tool)
    with contextlib.closing(sqlite3.connect(path)) as tables, tables:
        columns = "description, installed_on, success, checksum, execution_time"
        tables.execute(
            f"INSERT INTO _sqlx_migrations (version, {columns}) SELECT max(version) + 1, {columns} FROM _sqlx_migrations"
        )
    done = subprocess.run([program, "serve"], **tool)
    check(done.returncode != 0 and done.stderr, f"a program does not start on tables of a later version: {done}")
    print(f"on tables of a later version: {done.stderr.strip().splitlines()[-1]}")


def prometheus_files(scratch, services):
    config = load(DEPLOY / "prometheus.yaml")
    # The service's own pace is too slow for a test.
    config["global"] = {"scrape_interval": "500ms", "evaluation_interval": "500ms"}
    config["rule_files"] = [str(DEPLOY / "alerts.yaml")]
    config["scrape_configs"][0]["static_configs"][0]["targets"] = [f"127.0.0.1:{service.admin}" for service in services]
    (scratch / "prometheus.yaml").write_text(yaml.safe_dump(config))
    return scratch / "prometheus.yaml"


def dashboards(port, services):
    """Every question of the dashboard to Prometheus itself."""

    def query(expression):
        status, body = get(f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        return (json.loads(body)["data"]["result"] if status == 200 else None), body

    counted = {service.admin for service in services}
    eventually("both services are scraped", lambda: len(query("up == 1")[0] or []) == len(counted))
    empty = set()
    for title, expressions in panels():
        results = []
        for expression in expressions:
            asked = expression.replace("$__rate_interval", "5s").replace("$instance", ".*")
            result, body = query(asked)
            check(result is not None, f"dashboard: {title}: {body}")
            results += result or []
        if not results:
            empty.add(title)
    check(empty <= QUIET, f"dashboard: nothing is in {empty - QUIET}")
    rules = json.loads(get(f"http://127.0.0.1:{port}/api/v1/rules")[1])["data"]["groups"]
    states = {rule["name"]: (rule["health"], rule["state"]) for group in rules for rule in group["rules"]}
    check(
        len(states) == len(alert_expressions()) and all(health == "ok" for health, _ in states.values()),
        f"alerts: all are evaluated: {states}",
    )
    scraped = set()
    for service in services:
        scraped |= set(re.findall(r"(?m)^# TYPE (vermilion_[a-z_]+) ", service.ask("/metrics")[1]))
    check(scraped <= declared_numbers(), f"metrics.rs describes every number: {scraped - declared_numbers()}")
    unseen = used_numbers() - scraped
    print(
        f"numbers scraped: {len(scraped & used_numbers())} of {len(used_numbers())} that are used; by name alone: {', '.join(sorted(unseen))}"
    )


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--envoy", required=True)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        scratch = pathlib.Path(folder)

        environment = {key: str(value) for key, value in compose()["services"]["vermilion"]["environment"].items()}
        # Both are other containers there: the database is played by a file, and the gateway is missed.
        environment["VERMILION_SETTINGS__STORE"] = f"sqlite:{scratch}/settings.db"
        environment["VERMILION_POLISHING__PRIMARY__BASE_URL"] = "http://127.0.0.1:1/v1"
        composed = Service(environment)
        demo = Service({"VERMILION_POLISHING__DEMO_MODEL": "true"})
        stack.enter_context(running(scratch, "composed", [options.program, "serve"], composed.environment))
        stack.enter_context(running(scratch, "demo", [options.program, "serve"], demo.environment))
        if not (composed.started("composed") and demo.started("demo")):
            raise SystemExit((scratch / "composed.log").read_text()[-2000:])

        # As docs/operations.md has it.
        tool = dict(
            env={"PATH": os.environ["PATH"], **composed.environment}, check=True, capture_output=True, text=True
        )
        imported = subprocess.run(
            [options.program, "settings", "import", "-"], input=(DEPLOY / "tenant.example.toml").read_text(), **tool
        )
        check(imported.stdout.startswith("3 created"), f"compose: tenant.example.toml is imported: {imported.stdout}")
        token = subprocess.run([options.program, "token", "--tenant", "acme", "--agent", "ana"], **tool).stdout.strip()
        check(subprocess.run([options.program, "health"], **tool).stdout == "SERVING\n", "compose: its health check")
        check("<html" in get(f"http://127.0.0.1:{composed.grpc}/")[1], "compose: the workbench page is there")

        port = free_port()
        config = envoy_files(scratch, composed, port)
        stack.enter_context(
            running(
                scratch,
                "envoy",
                [options.envoy, "--config-path", config, "--disable-hot-restart", "--concurrency", "1"],
                {},
            )
        )
        prometheus = free_port()
        command = [
            "prometheus",
            f"--config.file={prometheus_files(scratch, (composed, demo))}",
            f"--storage.tsdb.path={scratch}/tsdb",
        ]
        stack.enter_context(
            running(scratch, "prometheus", [*command, f"--web.listen-address=127.0.0.1:{prometheus}"], {})
        )

        through_envoy(scratch, port, f"Bearer {token}")
        eventually("Prometheus is ready", lambda: get(f"http://127.0.0.1:{prometheus}/-/ready")[0] == 200)
        traffic(composed, demo, f"Bearer {token}")
        dashboards(prometheus, (composed, demo))
        later_version(options.program, scratch)
        for name in ("base", "example"):
            kubernetes(options.program, scratch, name)
    sys.exit(CHECKS.close())


main()
