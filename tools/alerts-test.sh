#!/usr/bin/env bash
# Checks the alert rules of deploy/ with promtool (Debian: prometheus), runs their tests, and looks whether each name of a number that
# they use is one that the program has, and each runbook an entry of docs/operations.md.
set -euo pipefail
cd "$(dirname "$0")/.."
promtool check rules deploy/alerts.yaml
(cd deploy && promtool test rules alerts-test.yaml)
grep -oE 'vermilion_[a-z_]+' deploy/alerts.yaml | sed 's/_bucket$//' | sort -u | while read -r name; do
    grep -qF "\"$name\"" src/metrics.rs || { printf '%s is no number of the program\n' "$name" >&2; exit 1; }
done
grep -oE 'operations\.md#[a-z-]+' deploy/alerts.yaml | sort -u | while IFS='#' read -r _ anchor; do
    # As the forges make anchors of headings.
    sed -n 's/^### *//p' docs/operations.md | tr 'A-Z ' 'a-z-' | grep -qxF "$anchor" || { printf 'docs/operations.md has no entry %s\n' "$anchor" >&2; exit 1; }
done
