#!/usr/bin/env bash
# What an operator does, done: the first tenant of docs/operations.md from an empty PostgreSQL on, replicas replaced behind nginx (with
# deploy/nginx.conf), certificates and keys rotated, all under load and with every failed call counted; backups restored into empty places.
#
#     tools/operations-test.sh [PROGRAM]      (PROGRAM: by default target/release/vermilion)
#
# As root on Debian with the packages nginx, postgresql, sqlite3 and python3-venv. Makes a cluster and an nginx of its own and leaves others
# alone. What it starts keeps its logs in a temporary folder, or in OPERATIONS_WORK where that names one. Takes some three minutes.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
program=$(realpath "${1:-${CARGO_TARGET_DIR:-$repository/target}/release/vermilion}")
cd "$repository"
work=${OPERATIONS_WORK:-$(mktemp -d)}
mkdir -p "$work"
version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -V | tail -n 1)
cluster=vermilion_operations_$$
finish() {
    pg_dropcluster --stop "$version" "$cluster" 2>/dev/null || true
    [[ -n ${OPERATIONS_WORK:-} ]] || rm -rf "$work"
}
trap finish EXIT

requirements=tools/operations/requirements.txt
if ! cmp -s "$requirements" "$work/requirements.txt"; then
    python3 -m venv "$work/venv"
    # gRPC in the versions that the other clients have.
    grpc=tools/third-party/requirements.txt
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$grpc" --requirement "$requirements" \
        "grpcio-tools==$(sed -n 's/^grpcio==//p' "$grpc")"
    cp "$requirements" "$work/"
fi
mkdir -p "$work/api"
"$work/venv/bin/python" -m grpc_tools.protoc -I proto --python_out="$work/api" --grpc_python_out="$work/api" proto/vermilion/v1/*.proto

# As in tools/postgres-test.sh: nothing in it outlives a power cut.
pg_createcluster --pgoption fsync=off "$version" "$cluster" -- --auth-local=peer --auth-host=scram-sha-256 >/dev/null
pg_ctlcluster --skip-systemctl-redirect "$version" "$cluster" start
port=$(pg_lsclusters --no-header | awk -v name="$cluster" '$2 == name { print $3 }')

# What an earlier run left would be no empty place.
rm -rf "$work/run"
mkdir "$work/run"
PYTHONPATH=tools:$work/api "$work/venv/bin/python" -B tools/operations/operations.py --program "$program" --work "$work/run" --postgres-port "$port"
