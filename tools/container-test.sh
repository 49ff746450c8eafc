#!/usr/bin/env bash
# Builds the container image and runs it, without a Docker engine: buildah in a chroot, on a base image that debootstrap
# makes from this machine's own Debian mirror and Rust toolchain. Needs root and Debian; installs what it lacks by apt.
# The work folder is kept between runs where CONTAINER_WORK names one, which saves the base image's minute.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
if [[ -n ${CONTAINER_WORK:-} ]]; then
    work=$CONTAINER_WORK
    mkdir -p "$work"
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
release=bookworm
mirror=$(apt-get indextargets --format '$(SITE)' 'Codename: '"$release" | head -n 1)
storage=(--root "$work/storage" --runroot "$work/run" --storage-driver vfs)
sight=(--isolation chroot --network host)

say() { printf '== %s\n' "$*" >&2; }

install_tools() {
    local missing=()
    for tool in buildah debootstrap runc; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    ((${#missing[@]})) || return 0
    say "installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends "${missing[@]}" >/dev/null
}

has_image() { buildah "${storage[@]}" inspect --type image "$1" >/dev/null 2>&1; }

# commit ROOT NAME [buildah config options]
commit() {
    local root=$1 name=$2 container
    shift 2
    container=$(buildah "${storage[@]}" from scratch)
    buildah "${storage[@]}" add --quiet "$container" "$root" / >/dev/null
    (($# == 0)) || buildah "${storage[@]}" config "$@" "$container"
    buildah "${storage[@]}" commit --quiet --rm "$container" "$name" >/dev/null
}

debian() {
    local root=$1
    shift
    debootstrap --variant=minbase "$@" "$release" "$root" "$mirror" >"$work/debootstrap.log" 2>&1 ||
        { tail -n 20 "$work/debootstrap.log" >&2; return 1; }
    # apt and cargo in the image reach their registries as this machine does. (Copied, not mounted: installing
    # ca-certificates writes there.)
    apt-config dump Acquire >"$root/etc/apt/apt.conf.d/99host"
    mkdir -p "$root/etc/ssl/certs"
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
}

base_image() {
    if ! has_image rust:1.95-bookworm; then
        say "making rust:1.95-bookworm"
        debian "$work/rust" --include=build-essential,ca-certificates
        mkdir -p "$work/rust/usr/local/rust"
        cp -a "$(cd "$repository" && rustc --print sysroot)/." "$work/rust/usr/local/rust"
        rm -rf "$work/rust/usr/local/rust/share/doc"
        commit "$work/rust" rust:1.95-bookworm \
            --env PATH=/usr/local/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        rm -rf "$work/rust"
    fi
}

build() {
    say "building the image"
    # Without layers between: the storage driver, which works everywhere, keeps a whole copy of the file system for each.
    buildah "${storage[@]}" bud "${sight[@]}" --pull-never --layers=false --format docker \
        --tag vermilion:test "$repository" >"$work/build.log" 2>&1 || { tail -n 40 "$work/build.log" >&2; return 1; }
}

run() {
    local container user port=50071
    say "running the image"
    container=$(buildah "${storage[@]}" from --pull-never vermilion:test)
    user=$(buildah "${storage[@]}" inspect --format '{{.OCIv1.Config.User}}' "$container")
    [[ $user == 65532:65532 ]] || { say "runs as $user"; return 1; }
    local inside=(buildah "${storage[@]}" run "${sight[@]}" --env "VERMILION_SERVER__LISTEN=0.0.0.0:$port" "$container" --)
    "${inside[@]}" vermilion >"$work/service.log" 2>&1 &
    local service=$! status=1
    for _ in {1..50}; do
        if [[ $("${inside[@]}" vermilion health 2>/dev/null) == SERVING ]]; then
            status=0
            break
        fi
        sleep 0.2
    done
    stop_service "$service"
    grep -q '"message":"listening"' "$work/service.log" || { say "no JSON log"; status=1; }
    # Whoever reaches it must not be whoever they say.
    grep -q '"mode":"none"' "$work/service.log" || { say "believes someone by default"; status=1; }
    grep -q '"message":"stopped"' "$work/service.log" || { say "did not stop in good order"; status=1; }
    ((status == 0)) || cat "$work/service.log" >&2
    buildah "${storage[@]}" rm "$container" >/dev/null
    return "$status"
}

# What is in the image, and what it weighs.
contents() {
    local container root program packed
    container=$(buildah "${storage[@]}" from --pull-never vermilion:test)
    root=$(buildah "${storage[@]}" mount "$container")
    program=$root/usr/local/bin/vermilion
    # Nothing may be owned by, or open to, the user that the service runs as: it must work on a read-only root.
    if find "$root" -path "$root/tmp" -prune -o \( -uid 65532 -o -perm -o=w \) -not -type l -print | grep .; then
        say "the service could write to its own image"
        return 1
    fi
    if find "$root" -type f -perm /a=x -not -name '*.so*' -not -path "$program" | grep .; then
        say "there is another program in the image"
        return 1
    fi
    "$repository/tools/crates.py" embedded "$program"
    packed=$(tar --create --directory "$root" . | gzip | wc --bytes)
    say "$((packed / 1000000)) MB compressed"
    ((packed <= 60000000)) || { say "more than 60 MB"; return 1; }
    buildah "${storage[@]}" rm "$container" >/dev/null
}

# The service is the youngest descendant of the buildah that runs it; buildah itself does not pass a signal on.
stop_service() {
    local process=$1 child
    while child=$(pgrep -n -P "$process"); do process=$child; done
    kill -TERM "$process"
    wait "$1" || true
}

install_tools
base_image
build
contents
run
say "the container builds, serves as user 65532, answers its health check and stops in good order"
