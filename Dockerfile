# einlass as an image that holds one static program and nothing else: no shell, no package manager, no root.
# `make image` builds it; `make image-check` does the same steps where there is no container engine.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -tags nomsgpack -trimpath -ldflags "-s -w -X main.release=${VERSION}" -o /out/einlass ./app
RUN mkdir -p /out/data /out/tmp

# Time zones are inside the program; the certificates of pretix and BBB need somebody who vouches for them.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/einlass /einlass
COPY --from=build --chown=65532:65532 /out/data/ /data/
COPY --from=build --chown=65532:65532 /out/tmp/ /tmp/
ENV EINLASS_LISTEN=0.0.0.0:8080
USER 65532:65532
# Without a PostgreSQL the data is kept below the working folder.
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["/einlass", "health"]
ENTRYPOINT ["/einlass"]
CMD ["serve"]
