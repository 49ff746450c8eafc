#!/usr/bin/env bash
# Settings and the ledger of polishes on a real PostgreSQL: makes a cluster of its own, runs their suites on it, then stops and starts
# it under load, and removes it. As root on Debian with the package postgresql; leaves other clusters alone.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -V | tail -n 1)
name=vermilion_test_$$
control="pg_ctlcluster --skip-systemctl-redirect $version $name"
remove() { pg_dropcluster --stop "$version" "$name" || true; }
trap remove EXIT

# Nothing here outlives a power cut, and a recovery that first syncs every file of every database can outlast pg_ctl's minute.
pg_createcluster --pgoption fsync=off "$version" "$name" -- --auth-local=peer --auth-host=scram-sha-256 >/dev/null
$control start
port=$(pg_lsclusters --no-header | awk -v name="$name" '$2 == name { print $3 }')
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
su postgres -c "psql --quiet --port $port" <<<"CREATE ROLE vermilion LOGIN CREATEDB PASSWORD '$password'"

export TEST_POSTGRES_URL="postgres://vermilion:$password@127.0.0.1:$port" TEST_POSTGRES_CONTROL="$control"
cargo test --test it -- settings:: polishing:: --include-ignored --skip settings::outage --skip settings::full --skip polishing::readings
# By itself: nothing else is served while it is down.
cargo test --test it -- settings::outage --include-ignored --nocapture
