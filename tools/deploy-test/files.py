"""What both parts of tools/deploy-test.sh read of deploy/."""

import functools
import json
import os
import pathlib
import re
import subprocess
import tempfile
import tomllib

import yaml

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = REPOSITORY / "deploy"

# As deploy/.env gives them.
SECRETS = {
    "POSTGRES_PASSWORD": "postgres-" + "p" * 40,
    "JWT_SECRET": "jwt-" + "j" * 40,
    "LITELLM_MASTER_KEY": "sk-" + "l" * 40,
    "GRAFANA_PASSWORD": "grafana-" + "g" * 40,
}


def load(path):
    return yaml.safe_load(path.read_text())


@functools.cache
def compose():
    """compose.yaml as Compose itself reads it, with SECRETS."""
    with tempfile.NamedTemporaryFile(suffix=".env") as empty:
        # Not that of whoever runs this.
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **SECRETS}
        command = ["docker-compose", "--env-file", empty.name, "--file", str(DEPLOY / "compose.yaml"), "config"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"docker-compose config: {done.stderr}")
    return yaml.safe_load(done.stdout)


def render(folder):
    """What kustomize makes of a folder of deploy/kubernetes; None if this kubectl is too old for it."""
    done = subprocess.run(["kubectl", "kustomize", str(DEPLOY / "kubernetes" / folder)], capture_output=True, text=True)
    # Until 1.21 kubectl had a kustomize that took no folders among the resources.
    if "must be a file (got d=" in done.stderr:
        return None
    if done.returncode != 0:
        raise SystemExit(f"kubectl kustomize {folder}: {done.stderr}")
    return [one for one in yaml.safe_load_all(done.stdout) if one]


def dashboard():
    return json.loads((DEPLOY / "grafana/vermilion.json").read_text())


def panels():
    """Panels with questions: (title, [PromQL])."""
    for panel in dashboard()["panels"]:
        if panel["type"] != "row":
            yield panel["title"], [target["expr"] for target in panel["targets"]]


def alert_expressions():
    return [rule["expr"] for group in load(DEPLOY / "alerts.yaml")["groups"] for rule in group["rules"]]


def declared_numbers():
    """The names of metrics.rs."""
    return set(re.findall(r'"(vermilion_[a-z_]+)"', (REPOSITORY / "src/metrics.rs").read_text()))


def used_numbers():
    """Names of the service's numbers in the dashboard and the alerts, without what a histogram adds."""
    text = " ".join([*alert_expressions(), *(expr for _, exprs in panels() for expr in exprs)])
    text += " ".join(
        variable["query"]["query"] for variable in dashboard()["templating"]["list"] if variable["type"] == "query"
    )
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"\bvermilion_[a-z_]+", text)}


def seconds(duration):
    """Of a duration in the service's configuration or in Compose."""
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h)", duration).groups()
    return int(number) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600}[unit]


def drain_seconds(toml_text):
    """server.shutdown.delay and grace, where a configuration says nothing by their defaults."""
    default = tomllib.loads((REPOSITORY / "config.example.toml").read_text())["server"]["shutdown"]
    given = tomllib.loads(toml_text).get("server", {}).get("shutdown", {})
    return sum(seconds({**default, **given}[key]) for key in ("delay", "grace"))
