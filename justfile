# Every command that a person needs; `just` lists them.

program := env("CARGO_TARGET_DIR", "target") / "release/vermilion"

_list:
    @just --list --unsorted

# Formatting, lints, tests and documentation: what a change must pass before it lands.
check:
    cargo fmt --all --check
    cargo clippy --all-targets -- -D warnings
    cargo test
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items

# The test suite alone.
test:
    cargo test

# The service under load, beside a bare echo of the same transport.
bench:
    cargo bench

# Figures on the repository's tables and on replies that hold no error; on typo lists too, where a folder of them is named.
eval lists="": _program
    #!/usr/bin/env bash
    set -euo pipefail
    shopt -s nullglob
    cargo test -p vermilion-engine accuracy -- --nocapture
    declare -A tags=([en]=en [ptbr]=pt-BR [ptpt]=pt-PT)
    for list in {{ if lists == "" { "" } else { lists + "/*.tsv" } }}; do
        name=$(basename "$list" .tsv)
        printf '== %s\n' "$name"
        {{ program }} eval words "$list" --language "${tags[${name%%_*}]}"
    done
    for replies in crates/engine/tests/replies/*.txt; do
        name=$(basename "$replies" .txt)
        printf '== %s, correct\n' "$name"
        {{ program }} eval words "$replies" --language "${name%%.*}" --correct
    done

# Fetch the dictionaries' sources as pinned and compile them: lexicons, then common words.
dictionaries: _program
    #!/usr/bin/env bash
    set -euo pipefail
    tools/fetch-dictionaries.sh
    for tag in en-US en-GB pt-BR pt-PT; do
        folder=dictionaries/$tag
        {{ program }} dictionary compile --aff "$folder/source/index.aff" --dic "$folder/source/index.dic" --out "$folder/lexicon.bin"
    done
    {{ program }} dictionary frequencies --tsv dictionaries/en/frequencies.tsv --out dictionaries/en/common.fst \
        --lexicon dictionaries/en-US/lexicon.bin --lexicon dictionaries/en-GB/lexicon.bin
    {{ program }} dictionary frequencies --tsv dictionaries/pt/frequencies.tsv --out dictionaries/pt/common.fst \
        --lexicon dictionaries/pt-BR/lexicon.bin --lexicon dictionaries/pt-PT/lexicon.bin
    tools/slips.py {{ program }}

# Pack the language model of Chinese words from its committed source.
chinese-model: _program
    #!/usr/bin/env bash
    set -euo pipefail
    source=dictionaries/zh-Hans/source/libime-1.1.17
    {{ program }} dictionary chinese-model --words $source.words.xz --unigrams $source.uni.xz --bigrams $source.bi.xz \
        --trigrams $source.tri.xz --without dictionaries/zh-Hans/source/vocabulary-typos.txt \
        --trade dictionaries/zh-Hans/source/trade-words.tsv --trade dictionaries/zh-Hans/source/trade-reviewed.txt \
        --readings dictionaries/zh-Hans/readings.tsv --out dictionaries/zh-Hans/model.bin

# Learn the models of words in context from a folder of right text (dictionaries/SOURCES.md says which), without what machines translated.
contexts text: _program
    #!/usr/bin/env bash
    set -euo pipefail
    shopt -s extglob
    {{ program }} dictionary contexts --sets dictionaries/en/contexts.txt --examples dictionaries/en/contexts-examples.txt \
        --out dictionaries/en/contexts.bin {{ text }}/en/!(*-mt).txt.xz
    {{ program }} dictionary contexts --sets dictionaries/pt/contexts.txt --examples dictionaries/pt/contexts-examples.txt \
        --frequencies dictionaries/pt/common.fst --lexicon dictionaries/pt-BR/lexicon.bin --lexicon dictionaries/pt-PT/lexicon.bin \
        --also-without-commas --known-slips dictionaries/pt/contexts-slips.txt --error-budget 200 --hint-budget 360 \
        --out dictionaries/pt/contexts.bin {{ text }}/pt-@(BR|PT)/!(*-mt).txt.xz

# Lint the protos and check their formatting, with buf by npm.
proto-lint:
    npm exec --yes --ignore-scripts --package "$(grep '^@bufbuild/buf@' tools/third-party/npm.txt)" -- buf lint
    npm exec --yes --ignore-scripts --package "$(grep '^@bufbuild/buf@' tools/third-party/npm.txt)" -- buf format --diff --exit-code

# Nothing of the protos that the last tag has is gone or other than it was.
proto-breaking:
    npm exec --yes --ignore-scripts --package "$(grep '^@bufbuild/buf@' tools/third-party/npm.txt)" -- buf breaking --against ".git#tag=$(git describe --tags --abbrev=0)"

# The printed examples and more, by clients that we did not write; needs npm and python3.
third-party: _program
    tools/examples.py --check
    tools/third-party.sh {{ program }}

# What an operator does, under load, with failed calls counted; needs root, nginx, PostgreSQL, sqlite3 and python3.
operations: _program
    tools/operations-test.sh {{ program }}

# The npm packages: types, unit tests, generated code, what is packed, and the tests in Chromium; needs npm and Debian's chromium.
workbench: _program
    cd workbench && npm ci && npm test && npm run test:browser

# Generate the packages' types from the protos anew.
workbench-generate:
    cd workbench && npm ci && npm run generate

# Polishing over a model's server that we did not write (aimock); needs npm.
provider:
    tools/provider-test.sh

# The settings on a PostgreSQL of its own, stopped and started under load; needs root and Debian's postgresql.
postgres:
    tools/postgres-test.sh

# Build the container image and run it, without a Docker engine; needs root and Debian.
container:
    tools/container-test.sh

# deploy/compose.yaml on a Docker engine of its own, with the image that `just container` leaves in CONTAINER_WORK; needs root and Debian.
compose:
    tools/compose-test.sh

# Each fuzz target for so many seconds; needs cargo-fuzz. The pinned toolchain is told to allow what only nightly ones do.
fuzz seconds="60" targets="check html mail offsets compile request answer stream import":
    #!/usr/bin/env bash
    set -euo pipefail
    export RUSTC_BOOTSTRAP=1
    for target in {{ targets }}; do
        mkdir -p "fuzz/corpus/$target" "fuzz/seeds/$target"
        options=(-max_total_time={{ seconds }} -max_len=4096 -timeout=10)
        [[ ! -f fuzz/$target.dict ]] || options+=("-dict=fuzz/$target.dict")
        cargo fuzz run --sanitizer none "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- "${options[@]}"
    done

# Licences, sources, bans and advisories of the dependencies, by deny.toml.
deny:
    tools/deny.sh

# What `vermilion licenses` says of the crates, anew after a change of Cargo.lock.
crate-licenses:
    tools/crates.py licenses

# The program under load: by length, wire and connections; three times too much; an hour of mixed traffic.
pressure:
    cargo bench --bench pressure -- table
    cargo bench --bench pressure -- overload
    cargo bench --bench pressure -- soak

# What is in deploy/, by Compose, kubectl, Prometheus and Envoy themselves; needs root, Debian, npm and python3.
deploy: _program
    tools/deploy-test.sh {{ program }}

# The service on a disk that fills up and is emptied again; needs root and Linux.
disk-full:
    tools/disk-full-test.sh

_program:
    cargo build --release
