#!/usr/bin/env bash
# Tests the model's side of polishing against a server of OpenAI's protocol that we did not write: aimock, by npm.
#
#     tools/provider-test.sh
#
# Needs node with npm, and cargo. Installs aimock, at the pinned version, into a temporary folder; into PROVIDER_TEST_WORK, to
# be kept between runs, where that names one.
set -euo pipefail

cd "$(dirname "$0")/.."
package=$(<tools/provider-test/npm.txt)
scratch=$(mktemp -d)
mock=
finish() {
    [[ -z $mock ]] || kill "$mock" 2>/dev/null || true
    rm -rf "$scratch"
}
trap finish EXIT
work=${PROVIDER_TEST_WORK:-$scratch}

say() { printf '== %s\n' "$*" >&2; }

mkdir -p "$work"
if [[ ! -f $work/npm.txt || $(<"$work/npm.txt") != "$package" ]]; then
    say "installing $package by npm"
    npm install --prefix "$work" --ignore-scripts --no-audit --no-fund --loglevel error "$package" >&2
    printf '%s\n' "$package" >"$work/npm.txt"
fi

# replies.json is for whole drafts, fixtures.json for the adapter's short words; the first that is part of a request counts.
# It is built before the mock starts, so that the tests and not the compiler are waited for.
cargo test --quiet --test polishing_model --no-run
AIMOCK_API_KEYS=sk-aimock "$work/node_modules/.bin/llmock" --port 0 --log-level info \
    --fixtures tools/provider-test/replies.json --fixtures tools/provider-test/fixtures.json >"$scratch/log" 2>&1 &
mock=$!
port=
for _ in {1..100}; do
    port=$(sed -n 's/.*http:\/\/127\.0\.0\.1:\([0-9]*\).*/\1/p' "$scratch/log" | head -n 1)
    [[ -z $port ]] || break
    kill -0 "$mock" 2>/dev/null || break
    sleep 0.1
done
[[ -n $port ]] || { say "aimock does not say where it listens"; cat "$scratch/log" >&2; exit 1; }
AIMOCK_PORT=$port cargo test --test polishing_model aimock
