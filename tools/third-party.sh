#!/usr/bin/env bash
# Starts the real program on a free port and tests it with clients that we did not write: buf, grpcio, Connect, and
# grpcurl where it is on PATH.
#
#     tools/third-party.sh [PROGRAM]      (PROGRAM: by default target/release/vermilion)
#
# Needs node with npm, and python3 with venv. Installs the clients, at pinned versions, into a temporary folder; into
# THIRD_PARTY_WORK, to be kept between runs, where that names one. The last line says how many checks passed.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
program=$(realpath "${1:-$repository/target/release/vermilion}")
scratch=$(mktemp -d)
service=
finish() {
    [[ -z $service ]] || kill -KILL "$service" 2>/dev/null || true
    rm -rf "$scratch"
}
trap finish EXIT
work=${THIRD_PARTY_WORK:-$scratch}
clients=$repository/tools/third-party
cd "$repository"

say() { printf '== %s\n' "$*" >&2; }

install_clients() {
    mkdir -p "$work"
    if ! cmp -s "$clients/npm.txt" "$work/npm.txt"; then
        say "installing clients by npm"
        xargs npm install --prefix "$work" --ignore-scripts --no-audit --no-fund --loglevel error <"$clients/npm.txt" >&2
        cp "$clients/npm.txt" "$work/"
    fi
    if ! cmp -s "$clients/requirements.txt" "$work/requirements.txt"; then
        say "installing clients by pip"
        python3 -m venv "$work/venv"
        "$work/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$clients/requirements.txt"
        cp "$clients/requirements.txt" "$work/"
    fi
    export PATH=$work/node_modules/.bin:$PATH
}

# Sets `address` to where the program listens: it takes a free port and says which.
start_service() {
    : >"$scratch/stdout" # Before it is looked into: the program may be slower than we are.
    VERMILION_SERVER__LISTEN=127.0.0.1:0 "$program" serve >"$scratch/stdout" 2>"$scratch/stderr" &
    service=$!
    for _ in {1..100}; do
        address=$(sed -n 's/^Vermilion listens on \([0-9.:]*\)\. .*/\1/p' "$scratch/stdout")
        [[ -z $address ]] || return 0
        kill -0 "$service" 2>/dev/null || break
        sleep 0.1
    done
    say "the program does not say where it listens"
    cat "$scratch/stderr" >&2
    return 1
}

# SIGTERM is how an orchestrator ends it; it must then go in good order.
stop_service() {
    local status=0
    kill -TERM "$service"
    wait "$service" || status=$?
    service=
    ((status == 0)) || { say "after SIGTERM the program ended with status $status"; cat "$scratch/stderr" >&2; }
    return "$status"
}

install_clients
start_service
# Connect's client needs the API's description, and buf is what makes it one without protoc.
buf build --output "$scratch/api.binpb"
# Node finds packages beside the script that asks for them.
cp "$clients/connect.mjs" "$work/"
status=0
"$work/venv/bin/python" "$clients/checks.py" "$address" "$work/connect.mjs" "$scratch/api.binpb" || status=$?
stop_service || status=1
exit "$status"
