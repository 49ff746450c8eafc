#!/usr/bin/env bash
# The real program on a disk that fills up and is emptied again: makes a small one in memory, runs the test on it, and removes it.
# As root on Linux, for the mount; takes less than a minute once the tests are built.
set -euo pipefail
cd "$(dirname "$0")/.."

disk=$(mktemp -d)
remove() {
    umount "$disk"
    rmdir "$disk"
}
mount -t tmpfs -o size=4m,mode=700 vermilion-disk-full-test "$disk"
trap remove EXIT

TEST_SMALL_DISK=$disk cargo test --test it -- settings::full --include-ignored --nocapture
