# kafkaspec without a shell or a user's rights, for features on the embedded broker and on clusters that are there:
#
#   docker build -t kafkaspec .
#   docker run --rm -v "$PWD:/work" kafkaspec run features
#
# Java, for --cluster local, and programs under test are not in it: build an image of your own on top (COPY --from).
FROM golang:1.26 AS build
WORKDIR /source
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /kafkaspec ./cmd/kafkaspec && mkdir -m 1777 /scratch

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /scratch /tmp
COPY --from=build /kafkaspec /kafkaspec
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/kafkaspec"]
