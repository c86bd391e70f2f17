# The gateway, with what servers that `npx` and `uvx` start need:
#     docker build -t mcp/gateway .
# The gateway alone, for remote servers or as the base of an image of your own:
#     docker build --build-arg SERVERS=none -t mcp/gateway .
ARG RUST=1.95.0
ARG DEBIAN=trixie
ARG NODE=22
ARG PYTHON=3.13
# `npx-uvx` or `none`.
ARG SERVERS=npx-uvx


FROM rust:${RUST}-slim-${DEBIAN} AS build
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
# What the gateway is built from changes less often than itself: a layer of its own, over empty sources.
RUN for path in $(sed -n 's/^path = "\(.*\)"/\1/p' Cargo.toml); do \
        mkdir -p "${path%/*}" && echo 'fn main() {}' > "$path"; \
    done \
    && cargo build --locked --release \
    && cargo clean --locked --release --package mcp-gateway \
    && rm -r src
COPY src src
RUN cargo build --locked --release


FROM node:${NODE}-${DEBIAN}-slim AS node


FROM python:${PYTHON}-slim-${DEBIAN} AS uv
ARG UV=0.13.9
RUN pip install --no-cache-dir --target /uv "uv==${UV}"


FROM debian:${DEBIAN}-slim AS runtime-none
# 1000 is the number of the first user on many systems: what only they may read can be mounted.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 1000 gateway \
    && useradd --uid 1000 --gid gateway --create-home gateway \
    && install --directory --owner gateway --group gateway \
        /app /logs /home/gateway/.local /home/gateway/.local/state /home/gateway/.local/state/mcp-gateway
COPY LICENSE /usr/share/doc/mcp-gateway/


FROM runtime-none AS runtime-npx-uvx
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
COPY --from=uv /uv/bin/uv /uv/bin/uvx /usr/local/bin/
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx


# hadolint ignore=DL3006
FROM runtime-${SERVERS}
LABEL org.opencontainers.image.title="mcp-gateway" \
      org.opencontainers.image.licenses="MIT"
# The image of the Python package had extras to install. All of them are in the binary; the argument is accepted.
ARG INSTALL_EXTRAS
COPY --from=build /build/target/release/mcp-gateway /usr/local/bin/
USER 1000:1000
ENV HOME=/home/gateway \
    XETRACK_DB_PATH=/logs/trace.db
WORKDIR /app
VOLUME /logs
HEALTHCHECK --interval=1m --timeout=10s \
    CMD ["mcp-gateway", "check", "--mcp-json-path", "/config/mcp.json"]
# The first process of a container has to take note of the end of what servers leave behind.
ENTRYPOINT ["tini", "--", "mcp-gateway"]
