# syntax=docker/dockerfile:1
# The HTTP server for a team. It needs no file system to write to:
#   docker run --read-only -p 3000:3000 -e PORTKEY_API_KEY -e MCP_AUTH_MODE=bearer -e MCP_AUTH_TOKEN portkey-admin-mcp
# Other commands stand behind the image's name: --help, doctor, or stdio with docker run -i.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/build.ts scripts/release-licences.ts scripts/
COPY generated generated/
COPY src src/
RUN npm run build

# Everything is in the bundle: no packages, no package manager's cache, nothing to compile.
FROM node:${NODE_VERSION}-slim
ARG VERSION=1.0.0
ARG REVISION=
LABEL org.opencontainers.image.title="portkey-admin-mcp" \
  org.opencontainers.image.description="MCP server for Portkey's Admin API" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
# MCP_TRANSPORT: what runs where no command is named.
ENV NODE_ENV=production MCP_HOST=0.0.0.0 MCP_TRANSPORT=http
WORKDIR /app
COPY --from=build /app/build build/
# A number, since Kubernetes cannot tell that a name is not root's.
USER 1000:1000
EXPOSE 3000
STOPSIGNAL SIGTERM
# The certificate names the address that clients use, not this one.
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s --retries=3 CMD ["node", "-e", \
  "const { MCP_PORT, PORT, MCP_TLS_KEY_PATH: tls } = process.env; \
  const address = { host: '127.0.0.1', port: MCP_PORT || PORT || 3000, path: '/health', rejectUnauthorized: false }; \
  const asked = require(tls ? 'https' : 'http').get(address); \
  asked.on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)); \
  asked.on('error', () => process.exit(1))"]
ENTRYPOINT ["node", "/app/build/index.js"]
