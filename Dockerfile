# syntax=docker/dockerfile:1
# The program with the facts in it: `docker run -p 8080:8080 IMAGE` serves, `docker run IMAGE load` fills a Neo4j database.
# deploy_test.go compares this file with config.go, go.mod and the code.

FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
ARG TARGETOS TARGETARCH
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags "-s -w" -o /mandategraph .

# It has no shell, but certificates, for databases that want TLS (neo4j+s://, as Aura does), and a user that is not root.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /mandategraph /mandategraph
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=45s --retries=3 \
    CMD ["/mandategraph", "healthcheck"]
ENTRYPOINT ["/mandategraph"]
