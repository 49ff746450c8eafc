# shellcheck shell=bash
# Starts aimock, a server of OpenAI's protocol that we did not write. To be sourced.

# start_aimock BIN LOG: runs BIN/llmock on a free port, with our fixtures and the key sk-aimock. Sets `aimock`, its process, and
# `aimock_port`. Of the fixtures the first counts that is part of a request: replies.json is for whole drafts, fixtures.json
# for the short words with which the adapter is tested.
start_aimock() {
    local folder log=$2
    folder=$(dirname "${BASH_SOURCE[0]}")
    : >"$log" # Before it is looked into: the server may be slower than we are.
    AIMOCK_API_KEYS=sk-aimock "$1/llmock" --port 0 --log-level info \
        --fixtures "$folder/replies.json" --fixtures "$folder/fixtures.json" >"$log" 2>&1 &
    aimock=$!
    aimock_port=
    for _ in {1..100}; do
        aimock_port=$(sed -n 's/.*http:\/\/127\.0\.0\.1:\([0-9]*\).*/\1/p' "$log" | head -n 1)
        [[ -z $aimock_port ]] || return 0
        kill -0 "$aimock" 2>/dev/null || break
        sleep 0.1
    done
    printf '== aimock does not say where it listens\n' >&2
    cat "$log" >&2
    return 1
}
