# The image of the pages: docker build -f docker/web.Dockerfile --build-arg CUSTOMER_URL=https://customer.food.example
# --build-arg RESTAURANT_URL=... --build-arg ORDER_URL=... --build-arg DELIVERY_URL=... .
#
# The pages call the services at these addresses, whose CORS_ORIGINS must name the pages' own. The base images are pinned by
# tag; a release pins the digest.
ARG BUILDER=oven/bun:1.4.5-debian
ARG RUNTIME=nginxinc/nginx-unprivileged:1.28.0-alpine

# Files are the same on every platform.
FROM --platform=${BUILDPLATFORM} ${BUILDER} AS build
WORKDIR /source
COPY package.json bun.lock bunfig.toml tsconfig.json ./
COPY patches patches
COPY shared shared
COPY services services
COPY client/package.json client/
RUN --mount=type=cache,target=/cache BUN_INSTALL_CACHE_DIR=/cache bun install --frozen-lockfile --ignore-scripts
COPY tools/services.ts tools/command-line.ts tools/failure.ts tools/
COPY tools/pages tools/pages
COPY client/src client/src
COPY web web
ARG CUSTOMER_URL
ARG RESTAURANT_URL
ARG ORDER_URL
ARG DELIVERY_URL
RUN bun tools/pages/build-pages.ts /built

FROM ${RUNTIME}
ARG VERSION=1.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="food-delivery-pages" \
      org.opencontainers.image.description="The pages of the food delivery platform" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build --chmod=0444 /built/nginx.conf /etc/nginx/nginx.conf
COPY --from=build /built/public /pages
USER 65532:65532
# Without the image's own entry point, which writes into /etc/nginx.
ENTRYPOINT ["nginx", "-g", "daemon off;"]
