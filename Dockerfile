# Two images: `--target migrate` applies the migrations, `--target api` serves.
FROM node:24-slim AS build
WORKDIR /repository
# Not corepack: Node 25 and later come without it.
RUN npm install --global --no-fund --no-audit pnpm@10.34.8

# The manifests first: a changed source file does not install anything again.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages/companion/package.json packages/companion/
COPY packages/db/package.json packages/db/
COPY packages/testing/package.json packages/testing/
COPY apps/api/package.json apps/api/
RUN pnpm install --frozen-lockfile --filter drizzle-companion --filter @acme/db --filter @acme/api

COPY tsconfig.base.json ./
COPY packages/companion packages/companion
RUN pnpm --filter drizzle-companion exec tsdown --no-dts \
 && pnpm --filter drizzle-companion deploy --legacy --prod --no-optional /out/companion

COPY packages/db packages/db
COPY apps/api apps/api
RUN pnpm --filter @acme/api run build \
 && pnpm --filter @acme/api deploy --legacy --prod --no-optional /out/api


# drizzle-companion, what it needs to run, and the migrations: no drizzle-kit, no drizzle-orm, no TypeScript.
FROM node:24-slim AS migrate
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /out/companion /opt/drizzle-companion
RUN ln -s /opt/drizzle-companion/bin/drizzle-companion.js /usr/local/bin/drizzle-companion
COPY packages/db/migrations migrations
USER node
CMD ["drizzle-companion", "migrate", "--folder", "migrations"]


FROM node:24-slim AS api
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 MIGRATIONS_FOLDER=/app/migrations
WORKDIR /app
COPY --from=build /out/api ./
# Read, never applied: /readyz compares them with the ledger.
COPY packages/db/migrations migrations
USER node
EXPOSE 3000
CMD ["node", "dist/server.js"]
