#!/usr/bin/env bash
# Fetch the pinned Hunspell dictionaries again, as npm packages, and put their files in place:
#
#     tools/fetch-dictionaries.sh [FOLDER]      (FOLDER: by default dictionaries/ of this repository)
#
# Needs npm (with whichever registry it is set up for), tar, and sha256sum or shasum. Every file is
# checked against dictionaries/SHA256SUMS first: one that differs ends the run with nothing written.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
sums=$root/dictionaries/SHA256SUMS
folder=${1:-$root/dictionaries}

packages='
en-US dictionary-en@4.0.0
en-GB dictionary-en-gb@3.0.0
pt-BR dictionary-pt@4.0.0
pt-PT dictionary-pt-pt@2.0.0
'

sha256() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/checked"

printf '%s' "$packages" | while read -r tag package; do
    [ -n "$tag" ] || continue
    mkdir -p "$work/$tag" "$work/checked/$tag/source"
    npm pack "$package" --silent --ignore-scripts --pack-destination "$work/$tag" </dev/null >/dev/null
    tar -xzf "$work/$tag"/*.tgz -C "$work/$tag"
    cp "$work/$tag/package/index.aff" "$work/$tag/package/index.dic" "$work/checked/$tag/source/"
    cp "$work/$tag/package/license" "$work/checked/$tag/LICENSE"

    for file in "$tag/source/index.aff" "$tag/source/index.dic" "$tag/LICENSE"; do
        want=$(awk -v file="$file" '$2 == file { print $1 }' "$sums")
        have=$(sha256 "$work/checked/$file")
        if [ -z "$want" ] || [ "$want" != "$have" ]; then
            echo "$package: $file has the sha256 $have, SHA256SUMS says ${want:-nothing}" >&2
            exit 1
        fi
    done
    echo "$package: as pinned"
done

mkdir -p "$folder"
cp -R "$work/checked/." "$folder/"
echo "written to $folder"
