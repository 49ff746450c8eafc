#!/usr/bin/env bash
# Tests polishing, its model's side and the whole service, against a server of OpenAI's protocol that we did not write: aimock, by npm.
#
#     tools/provider-test.sh
#
# Needs node with npm, and cargo. Installs aimock, at the pinned version, into a temporary folder; into PROVIDER_TEST_WORK, to
# be kept between runs, where that names one.
set -euo pipefail

cd "$(dirname "$0")/.."
package=$(<tools/provider-test/npm.txt)
scratch=$(mktemp -d)
aimock=
source tools/provider-test/aimock.sh
finish() {
    [[ -z $aimock ]] || kill "$aimock" 2>/dev/null || true
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

# It is built before aimock starts, so that the tests and not the compiler are waited for.
cargo test --quiet --test it --no-run
start_aimock "$work/node_modules/.bin" "$scratch/log"
AIMOCK_PORT=$aimock_port cargo test --test it -- polishing_model::aimock --include-ignored
