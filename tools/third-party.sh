#!/usr/bin/env bash
# Starts the real program on a free port and tests it with clients that we did not write: buf, grpcio, Connect, and
# grpcurl where it is on PATH. Once without a model, and once with aimock as its server.
#
#     tools/third-party.sh [PROGRAM]      (PROGRAM: by default target/release/vermilion)
#
# Needs node with npm, and python3 with venv. Installs the clients, at pinned versions, into a temporary folder; into
# THIRD_PARTY_WORK, to be kept between runs, where that names one. The last line says how many checks passed.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
program=$(realpath "${1:-$repository/target/release/vermilion}")
scratch=$(mktemp -d)
services=()
aimock=
finish() {
    for service in "${services[@]}"; do
        kill -KILL "$service" 2>/dev/null || true
    done
    [[ -z $aimock ]] || kill "$aimock" 2>/dev/null || true
    rm -rf "$scratch"
}
trap finish EXIT
work=${THIRD_PARTY_WORK:-$scratch}
clients=$repository/tools/third-party
cd "$repository"
source tools/provider-test/aimock.sh

say() { printf '== %s\n' "$*" >&2; }

install_clients() {
    mkdir -p "$work"
    cat "$clients/npm.txt" tools/provider-test/npm.txt >"$scratch/wanted.txt"
    if ! cmp -s "$scratch/wanted.txt" "$work/npm.txt"; then
        say "installing clients and aimock by npm"
        xargs npm install --prefix "$work" --ignore-scripts --no-audit --no-fund --loglevel error <"$scratch/wanted.txt" >&2
        cp "$scratch/wanted.txt" "$work/npm.txt"
    fi
    if ! cmp -s "$clients/requirements.txt" "$work/requirements.txt"; then
        say "installing clients by pip"
        python3 -m venv "$work/venv"
        "$work/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$clients/requirements.txt"
        cp "$clients/requirements.txt" "$work/"
    fi
    export PATH=$work/node_modules/.bin:$PATH
}

# start_service [VARIABLE=VALUE...]: sets `address` to where the program listens: it takes a free port and says which. The
# only model is one that the arguments name.
start_service() {
    local service log=$scratch/service-${#services[@]}
    : >"$log.out" # Before it is looked into: the program may be slower than we are.
    env -u OPENAI_BASE_URL -u OPENAI_API_KEY -u OPENAI_MODEL VERMILION_SERVER__LISTEN=127.0.0.1:0 "$@" "$program" serve >"$log.out" 2>"$log.err" &
    service=$!
    services+=("$service")
    for _ in {1..100}; do
        address=$(sed -n 's/^Vermilion listens on \([0-9.:]*\)\. .*/\1/p' "$log.out")
        [[ -z $address ]] || return 0
        kill -0 "$service" 2>/dev/null || break
        sleep 0.1
    done
    say "the program does not say where it listens"
    cat "$log.err" >&2
    return 1
}

# SIGTERM is how an orchestrator ends them; they must then go in good order.
stop_services() {
    local index service status all=0
    for index in "${!services[@]}"; do
        service=${services[index]} status=0
        kill -TERM "$service" || true
        wait "$service" || status=$?
        ((status == 0)) && continue
        all=$status
        say "after SIGTERM the program ended with status $status"
        cat "$scratch/service-$index.err" >&2
    done
    services=()
    return "$all"
}

install_clients
start_service
without_model=$address
start_aimock "$work/node_modules/.bin" "$scratch/aimock"
start_service OPENAI_BASE_URL="http://127.0.0.1:$aimock_port/v1" OPENAI_API_KEY=sk-aimock OPENAI_MODEL=any
# What a tag has promised stays: fields, names, numbers. Until there is a tag, anything may change.
if tag=$(git describe --tags --abbrev=0 2>/dev/null); then
    buf breaking --against ".git#tag=$tag"
fi
# Connect's client needs the API's description, and buf is what makes it one without protoc.
buf build --output "$scratch/api.binpb"
# Node finds packages beside the script that asks for them.
cp "$clients/connect.mjs" "$work/"
status=0
PYTHONPATH=tools "$work/venv/bin/python" "$clients/checks.py" "$without_model" "$address" "$work/connect.mjs" "$scratch/api.binpb" || status=$?
stop_services || status=1
exit "$status"
