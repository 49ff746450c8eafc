# Builds the service, and puts it into an image that holds it, what it is linked with, and the certificates of authorities: no
# shell, no package manager.
FROM rust:1.95-bookworm AS build
WORKDIR /source
# Writes the list of all crates into the program, where `cargo audit bin` and scanners of images read it.
RUN cargo install cargo-auditable --version 0.7.7 --locked
# Dependencies first: this layer is rebuilt only when they change, not with every line of ours.
COPY Cargo.toml Cargo.lock build.rs ./
COPY .cargo .cargo
COPY crates/engine/Cargo.toml crates/engine/
COPY proto proto
# Cargo asks for every bench that a manifest names, though it builds none here.
COPY benches benches
COPY crates/engine/benches crates/engine/benches
RUN mkdir -p src crates/engine/src \
    && echo '//! Stands in for a library while its dependencies are built.' > src/lib.rs \
    && cp src/lib.rs crates/engine/src/lib.rs \
    && echo 'fn main() {}' > src/main.rs \
    && cargo auditable build --release --locked --lib --bin vermilion \
    && rm -rf src crates/engine/src
COPY . .
# Cargo goes by the time of a file, and a copy may be older than what stood in for it.
RUN touch src/lib.rs src/main.rs build.rs crates/engine/src/lib.rs \
    && cargo auditable build --release --locked --bin vermilion \
    && strip target/release/vermilion

# What the program needs of Debian: the loader and libraries that it is linked with, as packages that scanners know, with
# their licences; certificates; a name for its user; a place for SQLite's temporary files where the root can be written.
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN mkdir -p /image/usr/local/bin /image/etc/ssl/certs /image/var/lib/dpkg/status.d \
    && cp target/release/vermilion /image/usr/local/bin/ \
    && ldd target/release/vermilion | grep -o '/[^ ]*' | xargs cp --dereference --parents --target-directory=/image \
    && for package in libc6 libgcc-s1; do \
        dpkg --status "$package" > "/image/var/lib/dpkg/status.d/$package" \
        && cp --parents "/usr/share/doc/$package/copyright" /image || exit 1; \
    done \
    && cp --dereference --parents /etc/os-release /etc/ssl/certs/ca-certificates.crt /image \
    && echo 'nonroot:x:65532:65532::/:/none' > /image/etc/passwd \
    && echo 'nonroot:x:65532:' > /image/etc/group \
    && echo 'hosts: files dns' > /image/etc/nsswitch.conf \
    && install --directory --mode=1777 /image/tmp

FROM scratch
COPY --from=build /image /
# Needs no file that it could write, unless settings.store names one: run it with --read-only, and a volume for such a file.
USER 65532:65532
# Listens on every address, so it is not in development mode and believes no header: spelling only, until auth.mode is set.
ENV PATH=/usr/local/bin \
    VERMILION_SERVER__LISTEN=0.0.0.0:50051 \
    VERMILION_SERVER__ADMIN=0.0.0.0:9464 \
    VERMILION_LOG__FORMAT=json
EXPOSE 50051 9464
HEALTHCHECK --interval=10s --timeout=4s --start-period=5s CMD ["/usr/local/bin/vermilion", "health"]
ENTRYPOINT ["/usr/local/bin/vermilion"]
CMD ["serve"]
