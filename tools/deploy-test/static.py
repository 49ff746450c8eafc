#!/usr/bin/env python3
"""Checks what is in deploy/, and SECURITY.md, without running the service. tools/deploy-test.sh installs what it needs."""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

import yaml
from checklist import Checklist
from files import (
    DEPLOY,
    REPOSITORY,
    SECRETS,
    compose,
    dashboard,
    declared_numbers,
    drain_seconds,
    load,
    panels,
    render,
    seconds,
    used_numbers,
)
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

# The oldest that the manifests are for, and the newest that the package knows.
KUBERNETES = ("1.29", "1.37")
OPERATOR = "monitoring.coreos.com/v1"
# At least so much longer than the drain an orchestrator waits before it kills.
MARGIN_S = 5

CHECKS = Checklist("files")
check = CHECKS.expect


def kubernetes_schemas(wheel, folder):
    """kubernetes-validate with the schemas of two versions: its wheel has seventeen thousand files."""
    wanted = re.compile(
        r"kubernetes_validate/[^/]*\.py|.*/v(" + "|".join(map(re.escape, KUBERNETES)) + r")\.\d+-local-strict/.*"
    )
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if wanted.fullmatch(name)])
    sys.path.insert(0, folder)
    import kubernetes_validate

    return kubernetes_validate


def check_compose():
    resolved = compose()
    check(
        set(resolved["services"]) == {"vermilion", "postgres", "litellm", "prometheus", "grafana"},
        "compose: the five services",
    )
    for name, service in resolved["services"].items():
        check(service.get("read_only") is True, f"compose: {name} has a read-only root")
        check(service.get("cap_drop") == ["ALL"], f"compose: {name} has no capabilities")
        check("no-new-privileges:true" in service.get("security_opt", []), f"compose: {name} gains no privileges")
        check("test" in service.get("healthcheck", {}), f"compose: {name} has a health check")
        for port in service.get("ports", []):
            check(str(port).startswith("127.0.0.1:"), f"compose: {name} publishes {port} on loopback")
        for volume in service.get("volumes", []):
            source, _, mode = re.fullmatch(r"([^:]+):([^:]+):?(.*)", volume).groups()
            if source.startswith("/"):
                check((DEPLOY / source).exists(), f"compose: {name} mounts {source}, which is there")
                check(mode == "ro", f"compose: {name} may not write to {source}")
            else:
                check(source in resolved["volumes"], f"compose: {name} mounts the volume {source}")
        for key, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|KEY|STORE", key):
                given = not value or any(secret in value for secret in SECRETS.values())
                check(given, f"compose: {key} of {name} is from the environment")
    stop = seconds(resolved["services"]["vermilion"]["stop_grace_period"])
    check(stop >= drain_seconds("") + MARGIN_S, "compose: the service has the time to drain")
    # What is left out must stop it, not start it with nothing.
    raw = (DEPLOY / "compose.yaml").read_text()
    for name in SECRETS:
        check(f"${{{name}:?}}" in raw, f"compose: without {name} nothing starts")


def check_prometheus():
    config = load(DEPLOY / "prometheus.yaml")
    [job] = config["scrape_configs"]
    check(job["job_name"] == "vermilion", "prometheus: the job has the name that alerts.yaml has")
    unknown = used_numbers() - declared_numbers()
    check(not unknown, f"dashboard and alerts use no number that the program lacks: {unknown}")
    unseen = declared_numbers() - used_numbers()
    if unseen:
        print(
            f"numbers of the program that neither the dashboard nor an alert shows: {', '.join(sorted(unseen))}",
            file=sys.stderr,
        )
    variables = [line for line in (DEPLOY / "litellm.yaml").read_text().split() if line.startswith("os.environ/")]
    given = compose()["services"]["litellm"]["environment"]
    check(
        all(variable.removeprefix("os.environ/") in given for variable in variables), "litellm: its variables are set"
    )


def lost(before, after, path=""):
    """What of `before` is not in `after`."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if key in after:
                yield from lost(value, after[key], f"{path}.{key}")
            elif value not in (None, "", [], {}):
                yield f"{path}.{key}"
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after)):
            yield from lost(one, other, f"{path}[{index}]")
    elif before != after:
        yield path


def check_grafana():
    board = dashboard()
    register_default_plugins()
    # Grafana's types drop what they do not know.
    read = json.loads(json.dumps(Dashboard.from_json(board), cls=JSONEncoder))
    check(not list(lost(board, read)), f"dashboard: Grafana's types know all of it but {list(lost(board, read))}")
    identities = [panel["id"] for panel in board["panels"]]
    check(len(identities) == len(set(identities)), "dashboard: every panel has an id of its own")
    rows = [panel["title"] for panel in board["panels"] if panel["type"] == "row"]
    check(rows == ["Calls", "Spelling", "Polishing", "Capacity"], "dashboard: its rows")
    taken = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        check(
            place["x"] + place["w"] <= 24 and not cells & taken, f"dashboard: {panel['title']} lies on no other panel"
        )
        taken |= cells
        if panel["type"] != "row":
            sources = {json.dumps(one["datasource"]) for one in [panel, *panel["targets"]]}
            check(
                sources == {json.dumps({"type": "prometheus", "uid": "${datasource}"})},
                f"dashboard: {panel['title']} asks the source that is chosen",
            )
    for title, expressions in panels():
        check(
            all("$instance" in expression for expression in expressions),
            f"dashboard: {title} keeps to the replicas that are chosen",
        )
    mounts = compose()["services"]["grafana"]["volumes"]
    [provider] = load(DEPLOY / "grafana/provisioning/dashboards/vermilion.yaml")["providers"]
    check(
        any(f":{provider['options']['path']}/vermilion.json:" in mount for mount in mounts),
        "grafana: the dashboard is where its provider looks",
    )
    [source] = load(DEPLOY / "grafana/provisioning/datasources/prometheus.yaml")["datasources"]
    scraped = load(DEPLOY / "prometheus.yaml")["global"]["scrape_interval"]
    check(
        source["type"] == "prometheus" and source["jsonData"]["timeInterval"] == scraped,
        "grafana: the source and its interval",
    )


def check_kubernetes(folder, operator):
    objects = render(folder)
    if objects is None:
        print(f"kubernetes: this kubectl is too old for {folder}, which is not checked", file=sys.stderr)
        return
    foreign = [one for one in objects if one["apiVersion"] == OPERATOR]
    for one in objects:
        if one not in foreign:
            for version in KUBERNETES:
                try:
                    kubernetes_validate.validate(one, version, strict=True)
                    check(True, "")
                except kubernetes_validate.ValidationError as error:
                    check(False, f"kubernetes {version}: {folder}: {one['kind']}: {error.message}")
    if foreign:
        done = subprocess.run(["node", operator], input=json.dumps(foreign), capture_output=True, text=True)
        check(done.returncode == 0, f"kubernetes: {folder}: the operator's kinds: {done.stderr}")

    by_kind = {one["kind"]: one for one in objects}
    deployment = by_kind["Deployment"]["spec"]
    pod = deployment["template"]["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    [container] = pod["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    check("replicas" not in deployment, f"{folder}: the autoscaler alone has the number of replicas")
    check(
        pod["securityContext"]["runAsNonRoot"] and container["securityContext"]["readOnlyRootFilesystem"],
        f"{folder}: no root, nothing to write",
    )
    check(
        not pod["automountServiceAccountToken"] and not by_kind["ServiceAccount"]["automountServiceAccountToken"],
        f"{folder}: no token of Kubernetes",
    )
    image = (REPOSITORY / "Dockerfile").read_text()
    check(f"USER {pod['securityContext']['runAsUser']}:" in image, f"{folder}: the user is that of the image")
    check(
        set(map(str, ports.values())) == set(re.search(r"EXPOSE (.*)", image)[1].split()),
        f"{folder}: the ports are those of the image",
    )
    paths = set(re.findall(r'"(/[a-z-]+)"', (REPOSITORY / "src/transport/admin.rs").read_text()))
    for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
        asked = container[probe]["httpGet"]
        check(asked["path"] in paths and asked["port"] == "admin", f"{folder}: the service answers the {probe}")
    config = by_kind["ConfigMap"]
    check(
        config["metadata"]["name"] == pod["volumes"][0]["configMap"]["name"] != "vermilion",
        f"{folder}: a change of the configuration is a rolling update",
    )
    drain = drain_seconds(config["data"]["vermilion.toml"])
    check(
        pod["terminationGracePeriodSeconds"] >= drain + MARGIN_S,
        f"{folder}: the service has the time to drain, {drain} s",
    )
    check(
        all("value" not in one or one["name"] == "VERMILION_CONFIG" for one in container["env"])
        and "Secret" not in by_kind,
        f"{folder}: secrets are referred to",
    )

    def selected(selector):
        return selector.items() <= labels.items()

    service = by_kind["Service"]
    check(selected(service["spec"]["selector"]), f"{folder}: the Service finds the pods")
    check(
        {port["targetPort"]: port["port"] for port in service["spec"]["ports"]} == ports,
        f"{folder}: the Service has the ports",
    )
    for kind in ("PodDisruptionBudget", "NetworkPolicy"):
        spec = by_kind[kind]["spec"]
        check(
            selected((spec.get("selector") or spec.get("podSelector"))["matchLabels"]),
            f"{folder}: the {kind} finds the pods",
        )
    check(
        by_kind["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]["name"]
        == by_kind["Deployment"]["metadata"]["name"],
        f"{folder}: the autoscaler finds the Deployment",
    )
    check(
        by_kind["HorizontalPodAutoscaler"]["spec"]["minReplicas"]
        > by_kind["PodDisruptionBudget"]["spec"]["maxUnavailable"],
        f"{folder}: a replica stays when a node is emptied",
    )
    for one in foreign:
        check(
            one["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items(),
            f"{folder}: the ServiceMonitor finds the Service",
        )
        check(
            {endpoint["port"] for endpoint in one["spec"]["endpoints"]} == {"admin"},
            f"{folder}: the ServiceMonitor scrapes the admin port",
        )


def check_commented_metric():
    """What is commented out for those who have an adapter, without its marks."""
    path = DEPLOY / "kubernetes/base/horizontalpodautoscaler.yaml"
    with_metric = yaml.safe_load(
        re.sub(r"(?m)^( *)# (- type: Pods|  pods:|    metric:|    target:)", r"\1\2", path.read_text())
    )
    check(len(with_metric["spec"]["metrics"]) == 2, "kubernetes: the metric that is commented out")
    kubernetes_validate.validate(with_metric, KUBERNETES[0], strict=True)
    check(
        with_metric["spec"]["metrics"][1]["pods"]["metric"]["name"] in declared_numbers(),
        "kubernetes: the metric is one of the program",
    )


def check_printed(operator):
    """Commands of docs/operations.md that make files, as they are printed."""
    page = (REPOSITORY / "docs/operations.md").read_text()

    def bash(command, folder):
        strict = ["bash", "-euo", "pipefail", "-c", command]
        return subprocess.run(strict, cwd=folder, check=True, capture_output=True, text=True).stdout

    rule = bash(re.search(r"(?s)\{ printf '.*?; \}", page)[0], REPOSITORY)
    done = subprocess.run(["node", operator], input=json.dumps([yaml.safe_load(rule)]), capture_output=True, text=True)
    check(done.returncode == 0, f"operations.md: the alerts for the operator: {done.stderr}")
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "deploy").mkdir()
        bash(re.search(r"(?s)\(cd deploy && umask .*?\.env\)", page)[0], folder)
        made = pathlib.Path(folder) / "deploy/.env"
        values = dict(line.split("=", 1) for line in made.read_text().splitlines())
        check(
            values.keys() == {"COMPOSE_PROJECT_NAME", *SECRETS},
            f"operations.md: deploy/.env has what compose.yaml asks for: {set(values)}",
        )
        check(
            all(len(values[name]) >= 32 for name in SECRETS) and len(set(values.values())) == len(values),
            "operations.md: its passwords are long, and differ",
        )
        check(made.stat().st_mode & 0o077 == 0, "operations.md: nobody else reads deploy/.env")


def check_security():
    """Every file and every test that SECURITY.md names is there."""
    text = (REPOSITORY / "SECURITY.md").read_text()
    for place in re.findall(r"`((?:tests|src|crates|tools|deploy)/[^`]*)`", text):
        path, _, test = place.partition("::")
        found = list(REPOSITORY.glob(path.rstrip("/")))
        check(found, f"SECURITY.md: {path} is there")
        if test:
            source = "".join(one.read_text() for one in found)
            check(re.search(rf"fn {test}\(", source), f"SECURITY.md: {path} has the test {test}")
    for page, anchor in re.findall(r"\]\((?!http)([^)#]+)(#[^)]*)?\)", text):
        check((REPOSITORY / page).exists(), f"SECURITY.md: {page} is there")
        if anchor:
            headings = re.findall(r"(?m)^#+ (.*)$", (REPOSITORY / page).read_text())
            anchors = {"#" + re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
            check(anchor in anchors, f"SECURITY.md: {page} has {anchor}")


arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("--operator", required=True, help="operator.mjs beside its packages")
arguments.add_argument("--kubernetes", required=True, help="the wheel of kubernetes-validate")
options = arguments.parse_args()
with tempfile.TemporaryDirectory() as folder:
    kubernetes_validate = kubernetes_schemas(options.kubernetes, folder)
    check_compose()
    check_prometheus()
    check_grafana()
    check_kubernetes("base", options.operator)
    check_kubernetes("example", options.operator)
    check_commented_metric()
    check_printed(options.operator)
    check_security()
sys.exit(CHECKS.close())
