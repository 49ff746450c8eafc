#!/usr/bin/env bash
# Makes dictionaries/zh-Hans/phrases.bin and verifier.bin from texts. About five minutes on two cores; the same texts give the same files.
#
#   train.sh WORK OTHER TEXT...
#
# WORK is a folder for what is made on the way; in it are `words` and `unigrams` of the model's dump, unpacked. OTHER is a text that is
# never counted. Of the TEXTs a fifth makes errors, the rest is counted. The errors of each text are judged with a table of phrases that
# does not know that text: the verifier must not learn to trust the table more than on text from elsewhere.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
data=$here/../../dictionaries/zh-Hans
work=$1 other=$2
shift 2
noise() {
  python3 "$here/noise.py" --words "$work/words" --unigrams "$work/unigrams" --readings "$data/readings.tsv" --shapes "$data/shapes.tsv" "$@"
}
features() {
  cargo run --release --quiet --example chinese-features -- "$data/model.bin" "$data/readings.tsv" "$data/shapes.tsv" "$@"
}
python3 "$here/phrases.py" --out "$data/phrases.bin" --fold 0/5 "$@"
noise --lines 25000 --seed 2 "$other" > "$work/other.tsv"
features "$data/phrases.bin" "$work/other.features" "$work/other.tsv"
for text in "$@"; do
  name=$(basename "$text" .txt)
  rest=()
  for counted in "$@"; do [ "$counted" = "$text" ] || rest+=("$counted"); done
  python3 "$here/phrases.py" --out "$work/without-$name.bin" --fold 0/5 "${rest[@]}"
  noise --lines "${LINES_PER_TEXT:-34000}" --fold 0/5 --seed 1 "$text" > "$work/$name.tsv"
  features "$work/without-$name.bin" "$work/$name.features" "$work/$name.tsv"
done
cargo run --release --quiet --example chinese-features -- --names > "$work/names"
python3 "$here/train.py" --out "$data/verifier.bin" --names "$work/names" "$work"/*.features
