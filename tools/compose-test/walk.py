#!/usr/bin/env python3
"""What docs/operations.md, "On one machine: Compose", prints, done and looked at; then the `docker run` lines of README.md and docs/operations.md.
tools/compose-test.sh starts the engine, makes the images, and names a copy of deploy/ with a Dockerfile beside it."""

import contextlib
import json
import pathlib
import re
import subprocess
import sys
import threading
import time
import tomllib
import urllib.request

import grpc
from checklist import Checklist, equal, true
from vermilion.v1 import polishing_pb2, polishing_pb2_grpc, spelling_pb2, spelling_pb2_grpc

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CHECKOUT = pathlib.Path(sys.argv[1])
HERE = "127.0.0.1:50051"
# Of the printed line.
UP = "up --build --detach --wait"
# With PostgreSQL, on which the service depends. There is no image of Grafana to be had.
SERVICES = ("vermilion", "litellm", "prometheus")
DRAFT = "Hello Anna, we have recieved your order 4711."
# As /proc writes a set of them.
NO_CAPABILITIES = "0" * 16
PATIENCE_S = 60


def page(name, heading):
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    return text.partition(f"{heading}\n")[2].partition("\n## ")[0]


def blocks(text):
    found = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    true(found, "the page has no block of sh")
    return found


def shell(lines, patience=300):
    """Runs lines in the copy, as a person would; what they print."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=patience,
    )
    if done.returncode != 0:
        raise AssertionError(f"{lines}: exit status {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


COMPOSE = "docker compose --file deploy/compose.yaml"


def compose(arguments):
    return shell(f"{COMPOSE} {arguments}")


def inspect(container):
    [told] = json.loads(shell(f"docker inspect {container}"))
    return told


def container(service):
    return inspect(compose(f"ps --all --quiet {service}").strip())


def eventually(what, find, patience=PATIENCE_S):
    """What `find` returns when it is something for the first time."""
    end, last = time.monotonic() + patience, None
    while time.monotonic() < end:
        try:
            if found := find():
                return found
        except (OSError, AssertionError) as error:
            last = error
        time.sleep(0.3)
    raise AssertionError(f"never: {what}: {last}")


def get(url):
    with urllib.request.urlopen(url, timeout=5) as response:
        return response.read().decode()


def prometheus(path):
    return json.loads(get(f"http://127.0.0.1:9090/api/v1/{path}"))["data"]


def last_line(identity):
    """Of the service's log, which is JSON."""
    log = subprocess.run(["docker", "logs", "--tail", "1", identity], capture_output=True, text=True, check=True)
    return json.loads(log.stdout + log.stderr)


def check_spelling(channel, metadata=()):
    request = spelling_pb2.CheckSpellingRequest(document={"content": DRAFT}, language_code="en")
    answer = spelling_pb2_grpc.SpellingServiceStub(channel).CheckSpelling(request, timeout=10, metadata=metadata)
    equal([one.suggestions[0].text for one in answer.misspellings], ["received"], "the suggestions")


def well(told):
    """By Docker's own checks."""
    health = told["State"]["Health"]
    equal(health["Status"], "healthy", f"{told['Name']} is: {health['Log'][-1:]}")
    equal(health["Log"][-1]["ExitCode"], 0, f"{told['Name']}: the last health check")


def locked_up(told, user=None):
    """What Docker was told of a container, and what the kernel says of its first process."""
    name, host = told["Name"], told["HostConfig"]
    true(host["ReadonlyRootfs"] and host["CapDrop"] == ["ALL"] and not host["Privileged"], f"{name}: {host}")
    process = pathlib.Path("/proc", str(told["State"]["Pid"]))
    status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines())
    for which in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        equal(status[which], NO_CAPABILITIES, f"{name}: {which}")
    equal(status["NoNewPrivs"], "1", f"{name}: it gains no privileges")
    equal(status["Seccomp"], "2", f"{name}: a filter of system calls")
    [root] = [line.split() for line in (process / "mountinfo").read_text().splitlines() if line.split()[4] == "/"]
    true(root[5].split(",")[0] == "ro", f"{name}: its root is {root[5]}")
    if user:
        equal(set(status["Uid"].split()) | set(status["Gid"].split()), {user}, f"{name}: who it is")
    for port, published in (told["NetworkSettings"]["Ports"] or {}).items():
        true(all(one["HostIp"] == "127.0.0.1" for one in published or []), f"{name}: {port} is at {published}")


class Walk:
    def __init__(self):
        section = page("docs/operations.md", "## On one machine: Compose")
        self.start, self.mint = blocks(section)
        self.environment = CHECKOUT / "deploy" / ".env"

    def secrets(self):
        return dict(line.split("=", 1) for line in self.environment.read_text().splitlines())

    def up(self):
        """The first block, as printed but for Grafana."""
        equal(self.start.count(UP), 1, f"lines with {UP}")
        told = shell(self.start.replace(UP, f"{UP} {' '.join(SERVICES)}"))
        true("3 created" in told, f"tenant.example.toml is imported: {told}")
        equal(self.environment.stat().st_mode & 0o777, 0o600, "the mode of .env")
        for service in (*SERVICES, "postgres"):
            well(container(service))
        equal(container("vermilion")["Config"]["Image"], "vermilion", "the image")

    def hardened(self):
        for service in (*SERVICES, "postgres"):
            locked_up(container(service), "65532" if service == "vermilion" else None)
        # Where there is a shell to try it with.
        shell("! docker exec vermilion-prometheus-1 touch /etc/x 2>/dev/null")

    def token(self):
        return shell(self.mint).strip()

    def spelling(self):
        metadata = [("authorization", f"Bearer {self.token()}")]
        with grpc.insecure_channel(HERE) as channel:
            check_spelling(channel, metadata)
            try:
                check_spelling(channel)
            except grpc.RpcError as error:
                equal(error.code(), grpc.StatusCode.UNAUTHENTICATED, "without a token")
            else:
                raise AssertionError("it answers without a token")
        true("<html" in get(f"http://{HERE}/"), "the workbench page")

    def polish(self):
        """The result, or the status that refuses it."""
        metadata = [("authorization", f"Bearer {self.token()}")]
        request = polishing_pb2.PolishReplyRequest(
            document={"content": DRAFT}, operation="OPERATION_FIX_GRAMMAR", conversation_id="compose"
        )
        with grpc.insecure_channel(HERE) as channel:
            stub = polishing_pb2_grpc.PolishingServiceStub(channel)
            available = stub.GetPolishingAvailability(
                polishing_pb2.GetPolishingAvailabilityRequest(), timeout=10, metadata=metadata
            )
            true(available.available, f"polishing is open: {available}")
            try:
                return stub.PolishReply(request, timeout=30, metadata=metadata).result
            except grpc.RpcError as error:
                return error

    def without_key(self):
        error = self.polish()
        true(isinstance(error, grpc.RpcError), f"it polishes without a key: {error}")
        equal(error.code(), grpc.StatusCode.UNAVAILABLE, "the status")
        told = str(error.trailing_metadata())
        true("MODEL_FAILED" in told, f"the reason: {error.details()} {told}")

    def metrics(self):
        def scraped():
            targets = prometheus("targets")["activeTargets"]
            return [(one["labels"], one["health"]) for one in targets] == [
                ({"instance": "vermilion:9464", "job": "vermilion"}, "up")
            ]

        eventually("Prometheus has its one target up", scraped)
        eventually("there are numbers of the check", lambda: prometheus("query?query=vermilion_calls_total")["result"])
        wanted = set(re.findall(r"- alert: (\w+)", (CHECKOUT / "deploy/alerts.yaml").read_text()))

        def evaluated():
            rules = [rule for one in prometheus("rules")["groups"] for rule in one["rules"]]
            return {rule["name"] for rule in rules if rule["health"] == "ok"} == wanted

        eventually("all alert rules are evaluated", evaluated)

    def up_with_model(self):
        override = REPOSITORY / "tools/compose-test/model.yaml"
        shell(f"{COMPOSE} --file {override} up --detach --wait {' '.join(SERVICES)} model")

    def with_key(self):
        """A key is added, and `up` again; a server by a script is asked in the provider's place."""
        with self.environment.open("a") as file:
            file.write(f"OPENAI_API_KEY=sk-model\nMODEL={REPOSITORY}/tools/operations/model.py\n")
        self.up_with_model()
        result = self.polish()
        true(not isinstance(result, grpc.RpcError), f"it is refused: {result}")
        equal(result.outcome, polishing_pb2.PolishResult.OUTCOME_POLISHED, f"the outcome of {result}")
        equal(result.content, DRAFT.replace("recieved", "received"), "the reply")
        equal(result.review, polishing_pb2.REVIEW_MODEL, "who has read it")

    def kept(self):
        """Settings outlive a restart, and containers."""
        told = compose("exec -T vermilion vermilion settings export")
        [(tenant, settings)] = tomllib.loads(told)["tenants"].items()
        equal((tenant, set(settings["agents"])), ("acme", {"chief", "ana"}), "what is exported")
        compose("restart vermilion")
        eventually(
            "it is healthy after a restart", lambda: container("vermilion")["State"]["Health"]["Status"] == "healthy"
        )
        equal(compose("exec -T vermilion vermilion settings export"), told, "settings after a restart")
        # Containers go, volumes stay. (The model is the override's.)
        compose("down --remove-orphans")
        equal(shell("docker ps --all --quiet"), "", "containers after `down`")
        self.up_with_model()
        equal(compose("exec -T vermilion vermilion settings export"), told, "settings after `down` and `up`")

    def stopped(self):
        """A polish is in hand when the service is told to stop."""
        answers = []
        polish = threading.Thread(target=lambda: answers.append(self.polish()))
        polish.start()
        # The model is asked twice, and takes 2 s for each answer.
        time.sleep(1.5)
        begun = time.monotonic()
        compose("stop vermilion")
        took = time.monotonic() - begun
        polish.join(30)
        equal(
            [getattr(one, "outcome", one) for one in answers],
            [polishing_pb2.PolishResult.OUTCOME_POLISHED],
            "the polish",
        )
        told = container("vermilion")
        equal(told["State"]["ExitCode"], 0, "the exit code")
        equal(last_line(told["Id"])["message"], "stopped", "the last line of the log")
        true(1 < took < 25, f"it took {took:.1f} s")
        return f"in {took:.1f} s"

    def quiet(self):
        """No secret and no draft is in a log."""
        log = compose("logs --no-color")
        for name, value in self.secrets().items():
            if name.endswith(("PASSWORD", "SECRET", "KEY")):
                true(value not in log, f"{name} is in a log")
        true("recieved" not in log, "the draft is in a log")

    def removed(self):
        compose("down --volumes --remove-orphans")
        equal(shell("docker ps --all --quiet; docker volume ls --quiet"), "", "what is left")


@contextlib.contextmanager
def served(line):
    """Runs a `docker run` line as a terminal would, until its container is healthy; after the block sees it fall ill and recover, and
    ends it by `docker stop`."""
    process = subprocess.Popen(
        ["bash", "-c", f"exec {line}"], cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )

    def healthy():
        if process.poll() is not None:
            raise RuntimeError(f"it has ended: {process.stderr.read()[-2000:]}")
        found = shell("docker ps --quiet").split()
        return found and inspect(found[0])["State"]["Health"]["Status"] == "healthy" and found[0]

    try:
        identity = eventually(f"{line} is healthy", healthy)
        yield inspect(identity)
    except BaseException:
        process.kill()
        raise
    shell(f"docker kill --signal STOP {identity}")
    shell(f"! timeout 20 docker exec {identity} vermilion health")
    shell(f"docker kill --signal CONT {identity}")
    equal(shell(f"docker exec {identity} vermilion health"), "SERVING\n", "its health")
    shell(f"docker stop {identity}")
    equal(process.wait(20), 0, "its exit status")


def readme():
    """The two lines of README.md."""
    build, run = blocks(page("README.md", "## In a container"))[0].strip().splitlines()
    shell(build)
    with served(run.partition("#")[0].strip()) as told, grpc.insecure_channel(HERE) as channel:
        equal(told["Config"]["User"], "65532:65532", "its user")
        check_spelling(channel)


def sqlite():
    """The lines of docs/operations.md with a folder, in which a second container finds what the first has left."""
    [block] = [one for one in blocks(page("docs/operations.md", "## Where settings are kept")) if "docker run" in one]
    make, run = block.replace("/srv/vermilion", f"{CHECKOUT}/srv").strip().split("\n", 1)
    shell(make)
    for is_second in (False, True):
        with served(run) as told:
            exported = shell(f"docker exec {told['Id']} vermilion settings export")
            equal("acme" in exported, is_second, "whether settings are there")
            shell(f"docker exec --interactive {told['Id']} vermilion settings import - < deploy/tenant.example.toml")


def main():
    proofs, walk = Checklist("compose"), Walk()
    for name, check in (
        ("up, and settings imported, as printed", walk.up),
        ("read-only roots, no capabilities, uid 65532, loopback", walk.hardened),
        ("a token as printed, and checks with it", walk.spelling),
        ("without a key the model fails, and the draft stays", walk.without_key),
        ("Prometheus scrapes it, and evaluates the alerts", walk.metrics),
        ("with a key LiteLLM asks the model: polished", walk.with_key),
        ("settings outlive restart, down and up", walk.kept),
        ("stopped with a polish in hand", walk.stopped),
        ("no secret and no draft in the logs", walk.quiet),
        ("down leaves nothing", walk.removed),
        ("docker build and run of README.md", readme),
        ("docker run with settings in a file, of docs/operations.md", sqlite),
    ):
        proofs.run(name, check, timed=True)
        # Each goes on where the one before has ended.
        if proofs.failed:
            print(compose("ps --all") + compose("logs --no-color --tail 20"), file=sys.stderr)
            break
    sys.exit(proofs.close())


if __name__ == "__main__":
    main()
