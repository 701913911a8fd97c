package app_test

import (
	"slices"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

func TestListens(t *testing.T) {
	d := app.Definition{HTTP: "http://localhost:8081", Ready: app.Ready{TCP: "localhost:${port.metrics}",
		HTTP: "http://127.0.0.1:8081/health"}, Stop: app.Stop{HTTP: "http://localhost:9000/shutdown"}}
	if got, want := d.Listens(), []string{"8081"}; !slices.Equal(got, want) {
		t.Errorf("got ports %v, want %v", got, want)
	}
}
