# syntax=docker/dockerfile:1
# One image for every role; the command names the role: api (default), dispatcher, migrate, rotate-secrets
# or verify-audit.
# deploy/rehearse-dockerfile.mjs runs these steps in a temporary folder, without Docker.
ARG NODE_IMAGE=node:22-slim

# The manifests alone: as long as they stay the same, both installs below come from the layer cache.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /posthorn
COPY package.json package-lock.json .npmrc ./
COPY apps/api/package.json apps/api/
COPY apps/bench/package.json apps/bench/
COPY apps/console/package.json apps/console/
COPY apps/dispatcher/package.json apps/dispatcher/
COPY apps/local/package.json apps/local/
COPY packages/domain/package.json packages/domain/
COPY packages/http-api/package.json packages/http-api/
COPY packages/local-services/package.json packages/local-services/
COPY packages/queue/package.json packages/queue/
COPY packages/runtime/package.json packages/runtime/
COPY packages/store/package.json packages/store/
COPY packages/testkit/package.json packages/testkit/
COPY packages/wire/package.json packages/wire/

FROM manifests AS build
ENV TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1
RUN npm ci
COPY turbo.json tsconfig.base.json ./
COPY prisma prisma
COPY packages packages
COPY apps apps
RUN npx turbo run build --filter=@posthorn/api --filter=@posthorn/dispatcher
# What the image keeps of each workspace: its build and its manifest.
RUN find apps packages -mindepth 2 -maxdepth 2 ! -name dist ! -name package.json -exec rm -rf {} +

# Only what the processes of the image need at run time: no compiler, no tests, no embedded PostgreSQL. Optional
# packages are tools that others can work with, and native speed-ups that fall back to JavaScript.
FROM manifests AS production
RUN npm ci --omit=dev --omit=optional --workspace=@posthorn/api --workspace=@posthorn/dispatcher --workspace=@posthorn/store

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Posthorn" \
      org.opencontainers.image.description="Webhook delivery: no accepted event is ever lost, a bad endpoint hurts nobody else." \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
WORKDIR /posthorn
COPY package.json LICENSE ./
COPY prisma prisma
# First what was installed (some of it may be inside a workspace), then what was built, beside it.
COPY --from=production /posthorn/node_modules node_modules
COPY --from=production /posthorn/packages packages
COPY --from=production /posthorn/apps apps
COPY --from=build /posthorn/packages packages
COPY --from=build /posthorn/apps apps
COPY deploy/entrypoint.sh deploy/healthcheck.mjs deploy/
USER node
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["node", "deploy/healthcheck.mjs", "livez"]
ENTRYPOINT ["sh", "deploy/entrypoint.sh"]
CMD ["api"]
