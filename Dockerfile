# Builds the service and puts it, with its certificates and nothing else of its own, on a slim Debian.
FROM rust:1.95-bookworm AS build
WORKDIR /source
# Dependencies first: this layer is rebuilt only when they change, not with every line of ours.
COPY Cargo.toml Cargo.lock build.rs ./
COPY crates/engine/Cargo.toml crates/engine/
COPY proto proto
# Cargo asks for every bench that a manifest names, though it builds none here.
COPY benches benches
COPY crates/engine/benches crates/engine/benches
RUN mkdir -p src crates/engine/src \
    && echo '//! Stands in for a library while its dependencies are built.' > src/lib.rs \
    && cp src/lib.rs crates/engine/src/lib.rs \
    && echo 'fn main() {}' > src/main.rs \
    && cargo build --release --locked --lib --bin vermilion \
    && rm -rf src crates/engine/src
COPY . .
# Cargo goes by the time of a file, and a copy may be older than what stood in for it.
RUN touch src/lib.rs src/main.rs build.rs crates/engine/src/lib.rs \
    && cargo build --release --locked --bin vermilion

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /source/target/release/vermilion /usr/local/bin/vermilion
# Needs no file that it could write, unless settings.store names one: run it with --read-only, and a volume for such a file.
USER 65532:65532
# Listens on every address, so it is not in development mode and believes no header: spelling only, until auth.mode is set.
ENV VERMILION_SERVER__LISTEN=0.0.0.0:50051 \
    VERMILION_LOG__FORMAT=json
EXPOSE 50051
HEALTHCHECK --interval=10s --timeout=4s --start-period=5s CMD ["/usr/local/bin/vermilion", "health"]
ENTRYPOINT ["/usr/local/bin/vermilion"]
CMD ["serve"]
