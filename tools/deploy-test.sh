#!/usr/bin/env bash
# Checks what is in deploy/ by the programs and schemas that it is written for: Compose, kubectl, Prometheus and Envoy themselves, the
# schemas of Kubernetes and of the Prometheus operator, Grafana's types; and SECURITY.md by what it names. The real service is started
# with the configurations of deploy/, scraped by Prometheus, and asked for by way of Envoy.
#
#     tools/deploy-test.sh [PROGRAM]      (PROGRAM: by default target/release/vermilion)
#
# As root on Debian with node and python3; installs what it lacks by apt, pip and npm, into DEPLOY_TEST_WORK, to be kept between runs,
# where that names a folder. Nothing leaves this machine. Takes about a minute.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
program=$(realpath "${1:-${CARGO_TARGET_DIR:-$repository/target}/release/vermilion}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
work=${DEPLOY_TEST_WORK:-$scratch}
checks=$repository/tools/deploy-test
cd "$repository"

say() { printf '== %s\n' "$*" >&2; }

install_tools() {
    local missing=()
    command -v promtool >/dev/null || missing+=(prometheus)
    command -v docker-compose >/dev/null || missing+=(docker-compose)
    # Debian's is old: it renders the base, and the example not (static.py says so).
    command -v kubectl >/dev/null || missing+=(kubernetes-client)
    if ((${#missing[@]})); then
        say "installing ${missing[*]}"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends "${missing[@]}" >"$scratch/apt.log" 2>&1 ||
            { cat "$scratch/apt.log" >&2; return 1; }
    fi
    mkdir -p "$work"
    if ! cmp -s "$checks/requirements.txt" "$work/requirements.txt"; then
        say "installing Envoy and schemas by pip"
        python3 -m venv "$work/venv"
        "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --requirement "$checks/requirements.txt"
        # Not installed: static.py takes the few files that it needs out of the wheel.
        "$work/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$work" kubernetes-validate==1.37.0
        cp "$checks/requirements.txt" "$work/"
    fi
    if ! cmp -s "$checks/npm.txt" "$work/npm.txt"; then
        say "installing the operator's schemas by npm"
        xargs npm install --prefix "$work" --ignore-scripts --no-audit --no-fund --loglevel error <"$checks/npm.txt" >&2
        cp "$checks/npm.txt" "$work/"
    fi
}

install_tools
# Node finds packages beside the script that asks for them.
cp "$checks/operator.mjs" "$work/"
promtool check config deploy/prometheus.yaml
PYTHONPATH=tools "$work/venv/bin/python" "$checks/static.py" --operator "$work/operator.mjs" --kubernetes "$work"/kubernetes_validate-*.whl
PYTHONPATH=tools "$work/venv/bin/python" "$checks/live.py" --program "$program" --envoy "$work/venv/bin/envoy"
