#!/usr/bin/env bash
# Runs deploy/compose.yaml as it is, on a real Docker engine, and does what docs/operations.md, "On one machine: Compose", prints; then
# the `docker run` lines of README.md and docs/operations.md.
#
#     tools/compose-test.sh
#
# The engine is one of its own, in a network of its own: no port, rule, image or volume of this machine is touched. No registry of images is
# asked. The service's image is the one that tools/container-test.sh has left in CONTAINER_WORK, or makes; where VERMILION_BINARY names
# a program, one of the same shape with that program, which saves the build. The others are made of Debian's packages (PostgreSQL,
# Prometheus) and of PyPI's (LiteLLM): their programs are real, their images stand in for those that compose.yaml names. Grafana is in no
# registry that Debian, PyPI or npm has: it is left out. (Where docker.io is missing and systemd runs, installing it starts Debian's engine.)
#
# As root on Debian with python3-venv; installs what it lacks by apt and pip. COMPOSE_TEST_WORK, where it names a folder, keeps what is
# installed between runs. Takes about five minutes on two cores, three with what was kept. Where no engine can be started, it says so, and
# passes.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
work=${COMPOSE_TEST_WORK:-$scratch}
engine=
group=vermilion-compose-test-$$
release=bookworm
checks=$repository/tools/compose-test
export DEBIAN_FRONTEND=noninteractive DOCKER_HOST=unix://$scratch/docker.sock DOCKER_CONFIG=$scratch/client
# What a shell has set counts more than deploy/.env.
unset DOCKER_CONTEXT COMPOSE_FILE COMPOSE_PROFILES COMPOSE_PROJECT_NAME MODEL
unset POSTGRES_PASSWORD JWT_SECRET LITELLM_MASTER_KEY GRAFANA_PASSWORD LITELLM_MODEL OPENAI_API_KEY
cd "$repository"

say() { printf '== %s (%d s)\n' "$*" "$SECONDS" >&2; }

# shellcheck disable=SC2317 # The trap calls it.
finish() {
    if [[ -n $engine ]]; then
        docker ps --all --quiet 2>/dev/null | xargs --no-run-if-empty docker rm --force >/dev/null 2>&1 || true
        # What it has mounted goes with its namespace, when the last of its processes has gone.
        kill "$engine" 2>/dev/null || true
        wait "$engine" 2>/dev/null || true
        rmdir --ignore-fail-on-non-empty /etc/docker
        find /sys/fs/cgroup -depth -type d -path "*/$group*" -exec rmdir {} + 2>/dev/null || true
    fi
    rm -rf "$scratch"
}
trap finish EXIT

install_tools() {
    local missing=()
    command -v dockerd >/dev/null && command -v docker >/dev/null || missing+=(docker.io)
    command -v iptables >/dev/null || missing+=(iptables)
    command -v ip >/dev/null || missing+=(iproute2)
    for tool in buildah debootstrap; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    if ((${#missing[@]})); then
        say "installing ${missing[*]}"
        apt-get update -qq
        apt-get install -qq --yes --no-install-recommends "${missing[@]}" >"$scratch/apt.log" 2>&1 ||
            { cat "$scratch/apt.log" >&2; return 1; }
    fi
    mkdir -p "$work"
    # shellcheck disable=SC2016 # It is apt that expands it.
    mirror=$(apt-get indextargets --format '$(SITE)' "Codename: $release" | sed -n 1p)
    [[ -n $mirror ]] || { say "apt knows no $release: its lists are missing (apt-get update)"; return 1; }
}

# In a network and a table of mounts of its own: the ports of compose.yaml may be taken here, and there may be another engine, with
# images of the same names. /etc/docker has the settings of that one, and a key that would be written.
start_engine() {
    mkdir -p /etc/docker
    # shellcheck disable=SC2016 # It is the inner shell that expands them.
    unshare --net --mount --propagation private -- \
        bash -euc 'ip link set lo up; mount -t tmpfs tmpfs /etc/docker; exec dockerd "$@"' dockerd \
        --data-root "$scratch/engine" --exec-root "$scratch/exec" --pidfile "$scratch/docker.pid" --host "$DOCKER_HOST" \
        --cgroup-parent "/$group" >"$scratch/engine.log" 2>&1 &
    engine=$!
    for _ in {1..300}; do
        ! docker version >/dev/null 2>&1 || return 0
        kill -0 "$engine" 2>/dev/null || break
        sleep 0.2
    done
    say "NO ENGINE: dockerd cannot be started here, so deploy/compose.yaml is not tried"
    tail -n 5 "$scratch/engine.log" >&2
    printf 'compose: SKIPPED, no engine can run here\n'
    exit 0
}

# Compose v2, which docs/operations.md calls, is in Debian only since trixie: its one program, checked by Debian's keys.
install_compose() {
    if [[ ! -x $work/docker-compose ]]; then
        say "fetching Compose"
        mkdir -p "$scratch/trixie/lists" "$scratch/trixie/cache"
        printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s trixie main\n' "$mirror" >"$scratch/trixie/sources.list"
        local apt=(apt-get -qq -o "Dir::Etc::sourcelist=$scratch/trixie/sources.list" -o Dir::Etc::sourceparts=- -o Acquire::Languages=none
            -o "Dir::State::lists=$scratch/trixie/lists" -o "Dir::Cache=$scratch/trixie/cache" -o APT::Sandbox::User=root)
        "${apt[@]}" update
        (cd "$scratch/trixie" && "${apt[@]}" download docker-compose)
        dpkg-deb --fsys-tarfile "$scratch"/trixie/docker-compose_*.deb |
            tar --extract --to-stdout ./usr/libexec/docker/cli-plugins/docker-compose >"$scratch/trixie/program"
        install "$scratch/trixie/program" "$work/docker-compose"
    fi
    mkdir -p "$DOCKER_CONFIG/cli-plugins"
    ln -s "$work/docker-compose" "$DOCKER_CONFIG/cli-plugins/"
    # buildah looks for it, too.
    echo '{}' >"$DOCKER_CONFIG/config.json"
}

# The service's image, as vermilion:built.
service_image() {
    if [[ -z ${VERMILION_BINARY:-} ]]; then
        local container=${CONTAINER_WORK:-$work/container}
        local buildah=(buildah --root "$container/storage" --runroot "$container/run" --storage-driver vfs)
        "${buildah[@]}" inspect --type image vermilion:test >/dev/null 2>&1 || CONTAINER_WORK=$container tools/container-test.sh
        "${buildah[@]}" push --quiet vermilion:test "docker-archive:$scratch/vermilion.tar:vermilion:built" >/dev/null
        docker load --quiet --input "$scratch/vermilion.tar" >/dev/null
        rm "$scratch/vermilion.tar"
        return
    fi
    # The last stage of the Dockerfile, but for its COPY, said of a folder that has in it what the stage before would have.
    local root=$scratch/vermilion program changes=() line
    program=$(realpath "$VERMILION_BINARY")
    mkdir -p "$root/usr/local/bin" "$root/etc/ssl/certs"
    cp "$program" "$root/usr/local/bin/vermilion"
    ldd "$program" | grep -o '/[^ ]*' | xargs cp --dereference --parents --target-directory="$root"
    cp --dereference --parents /etc/ssl/certs/ca-certificates.crt "$root"
    echo 'nonroot:x:65532:65532::/:/none' >"$root/etc/passwd"
    echo 'nonroot:x:65532:' >"$root/etc/group"
    echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
    install --directory --mode=1777 "$root/tmp"
    while IFS= read -r line; do
        changes+=(--change "$line")
    done < <(sed '1,/^FROM scratch$/d' Dockerfile | sed -e ':whole' -e '/\\$/{N;s/\\\n *//;bwhole}' | grep -vE '^(#|COPY )')
    tar --create --owner=0 --group=0 --directory "$root" . | docker import "${changes[@]}" - vermilion:built >/dev/null
}

# A Debian with PostgreSQL, Prometheus and LiteLLM, from which each of the other images is made.
others() {
    local root=$scratch/root cache image litellm
    litellm=$(grep -o "litellm\[proxy\]==[0-9.]*" docs/providers.md | sed -n 1p)
    cache=$work/others-${litellm##*=}.tar
    if [[ ! -f $cache ]]; then
        say "making a Debian with PostgreSQL, Prometheus and LiteLLM"
        debootstrap --variant=minbase "$release" "$root" "$mirror" >"$scratch/debootstrap.log" 2>&1 ||
            { tail -n 20 "$scratch/debootstrap.log" >&2; return 1; }
        # apt and pip in it reach their registries as this machine does.
        apt-config dump Acquire >"$root/etc/apt/apt.conf.d/99host"
        cp --dereference /etc/resolv.conf "$root/etc/"
        # No page of it is read, and no server of it is started here.
        printf 'path-exclude=%s\n' '/usr/share/'{javascript,doc,man,locale}'/*' >"$root/etc/dpkg/dpkg.cfg.d/small"
        echo force-unsafe-io >>"$root/etc/dpkg/dpkg.cfg.d/small"
        printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
        chmod +x "$root/usr/sbin/policy-rc.d"
        mkdir "$root/etc/postgresql-common"
        echo 'create_main_cluster = false' >"$root/etc/postgresql-common/createcluster.conf"
        inside "$root" apt-get install -qq --yes --no-install-recommends postgresql-15 prometheus wget python3-venv ca-certificates
        rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
        # Not before: installing ca-certificates writes there.
        cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
        [[ ! -f /etc/pip.conf ]] || cp /etc/pip.conf "$root/etc/"
        inside "$root" python3 -m venv /opt/litellm
        # The version that docs/providers.md has tried.
        inside "$root" /opt/litellm/bin/pip install --quiet --disable-pip-version-check --no-cache-dir \
            "$litellm"
        # As the images that compose.yaml names have them.
        install --directory --owner=nobody --group=nogroup "$root/prometheus"
        inside "$root" install --directory --owner=postgres --group=postgres --mode=1777 /var/lib/postgresql/data
        # A tmpfs has the mode of what it covers.
        inside "$root" install --directory --owner=postgres --group=postgres --mode=3777 /var/run/postgresql
        rm "$root/etc/apt/apt.conf.d/99host" "$root/etc/resolv.conf" "$root/usr/sbin/policy-rc.d"
        tar --create --file "$cache.part" --directory "$root" .
        mv "$cache.part" "$cache"
        rm -rf "$root"
    fi
    say "making the images"
    docker import "$cache" stand-in >/dev/null
    tag postgres:15 "$checks/postgres.sh" --change 'ENTRYPOINT ["/usr/local/bin/postgres.sh"]' --change 'USER postgres'
    tag prom/prometheus:v3.5.0 '' --change 'ENTRYPOINT ["/usr/bin/prometheus"]' --change 'USER nobody' --change 'WORKDIR /prometheus'
    tag ghcr.io/berriai/litellm:main-stable '' --change 'ENTRYPOINT ["/opt/litellm/bin/litellm"]'
    # No other image is asked for, and none has another name than compose.yaml has.
    while read -r image; do
        [[ $image == vermilion || $image == grafana/* ]] || docker image inspect "$image" >/dev/null
    done < <(sed -n 's/^    image: //p' deploy/compose.yaml)
}

# inside ROOT COMMAND...
inside() {
    chroot "$@" >"$scratch/inside.log" 2>&1 || { tail -n 20 "$scratch/inside.log" >&2; return 1; }
}

# tag NAME SCRIPT --change...: an image of `stand-in`, with a script if one is named.
tag() {
    local name=$1 script=$2 container
    shift 2
    container=$(docker create stand-in /bin/true)
    [[ -z $script ]] || docker cp "$script" "$container:/usr/local/bin/"
    docker commit "$@" "$container" "$name" >/dev/null
    docker rm "$container" >/dev/null
}

install_client() {
    local grpc=tools/third-party/requirements.txt
    if ! cmp -s "$grpc" "$work/requirements.txt"; then
        python3 -m venv "$work/venv"
        "$work/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$grpc" "grpcio-tools==$(sed -n 's/^grpcio==//p' "$grpc")"
        cp "$grpc" "$work/"
    fi
    mkdir -p "$scratch/api"
    "$work/venv/bin/python" -m grpc_tools.protoc -I proto --python_out="$scratch/api" --grpc_python_out="$scratch/api" proto/vermilion/v1/*.proto
}

install_tools
start_engine
install_compose
install_client
service_image
others
say "walking"
# What is written, deploy/.env, is written into a copy. `build: ..` finds the image that was built already.
mkdir "$scratch/checkout"
cp -r deploy "$scratch/checkout/"
rm -f "$scratch/checkout/deploy/.env"
echo 'FROM vermilion:built' >"$scratch/checkout/Dockerfile"
status=0
PYTHONPATH=tools:$scratch/api nsenter --net="/proc/$engine/ns/net" -- "$work/venv/bin/python" -B "$checks/walk.py" "$scratch/checkout" || status=$?
((status == 0)) || tail -n 20 "$scratch/engine.log" >&2
say "done"
exit "$status"
