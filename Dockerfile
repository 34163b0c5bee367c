# Builds the gateway and puts it, alone, into an image without a shell.
#
#   docker build -t gatecloak .
#   docker run -p 8080:8080 -v "$PWD/gateway.toml:/etc/gatecloak/gateway.toml:ro" gatecloak

FROM rust:1.95.0-bookworm AS build
# The image's own toolchain, without the extra parts that rust-toolchain.toml asks for.
ENV RUSTUP_TOOLCHAIN=1.95.0
RUN rustup component add llvm-tools \
    && apt-get update \
    && apt-get install -y --no-install-recommends curl wrk \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# Two release builds with the gateway at work between them; `cargo build --release --locked` does for a try.
RUN deploy/build-optimized

# The C library, the system's certificate authorities, a user without rights, and nothing else.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/optimized/gatecloak /usr/local/bin/gatecloak
USER nonroot
# Requests. The ops listener is at 127.0.0.1:9090, which probes and Prometheus reach only inside the container:
# set GATECLOAK_OPS__ADDRESS=0.0.0.0:9090 where the network around it is private.
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/gatecloak"]
CMD ["serve", "--config", "/etc/gatecloak/gateway.toml"]
