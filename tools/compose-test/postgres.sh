#!/bin/bash
# What the entry point of the image postgres does of POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB, with Debian's PostgreSQL.
set -euo pipefail
PATH=/usr/lib/postgresql/15/bin:$PATH
export PGDATA=/var/lib/postgresql/data
if [[ ! -s $PGDATA/PG_VERSION ]]; then
    initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --encoding=UTF8 --auth-local=trust --auth-host=scram-sha-256
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    pg_ctl --wait --options='-c listen_addresses=' start
    psql --username="$POSTGRES_USER" --dbname=postgres --set=name="$POSTGRES_DB" <<<'CREATE DATABASE :"name"'
    pg_ctl --wait stop
fi
exec postgres -c 'listen_addresses=*'
