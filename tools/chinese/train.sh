#!/usr/bin/env bash
# Makes dictionaries/zh-Hans/phrases.bin and verifier.bin from texts. Some eight minutes on two cores; the same texts give the same files.
#
#   train.sh WORK OTHER TEXT...
#
# WORK is a folder for what is made on the way; in it are `words` and `unigrams` of the model's dump, unpacked. OTHER is a text that is
# never counted. Of the TEXTs a fifth makes errors, the rest is counted. The errors of each text are judged with a table of phrases that
# does not know that text: the verifier must not learn to trust the table more than on text from elsewhere. Texts whose names begin with
# `trade` are parts of one text.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
data=$here/../../dictionaries/zh-Hans
work=$1 other=$2
shift 2
mkdir -p "$work/counts"
count() {
  python3 "$here/phrases.py" --cache "$work/counts" --fold 0/5 --out "$@"
}
noise() {
  python3 "$here/noise.py" --words "$work/words" --unigrams "$work/unigrams" --readings "$data/readings.tsv" --shapes "$data/shapes.tsv" \
    --notorious "$data/notorious.txt" --trade "$data/source/trade-words.tsv" "$@"
}
features() {
  cargo run --release --quiet --example chinese-features -- \
    "$data/model.bin" "$data/readings.tsv" "$data/shapes.tsv" "$data/notorious.txt" "$@"
}
source_of() {
  case $(basename "$1" .txt) in trade*) echo trade ;; *) basename "$1" .txt ;; esac
}
count "$data/phrases.bin" "$@"
noise --lines 12000 --seed 2 "$other" > "$work/other.tsv"
features "$data/phrases.bin" "$work/other.features" "$work/other.tsv"
for text in "$@"; do
  name=$(basename "$text" .txt)
  rest=()
  for counted in "$@"; do [ "$(source_of "$counted")" = "$(source_of "$text")" ] || rest+=("$counted"); done
  count "$work/without-$name.bin" "${rest[@]}"
  noise --lines "${LINES_PER_TEXT:-14000}" --fold 0/5 --seed 1 "$text" > "$work/$name.tsv"
  features "$work/without-$name.bin" "$work/$name.features" "$work/$name.tsv"
done
cargo run --release --quiet --example chinese-features -- --names > "$work/names"
python3 "$here/train.py" --out "$data/verifier.bin" --names "$work/names" "$work"/*.features
