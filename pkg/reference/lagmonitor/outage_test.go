package lagmonitor

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// One line tells of an outage, however many looks it lasts.
func TestOneLineTellsOfAnOutage(t *testing.T) {
	client, err := kgo.NewClient(kgo.RequestRetries(0), kgo.Dialer(func(context.Context, string, string) (net.Conn,
		error) {
		return nil, errors.New("nobody there")
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	var log strings.Builder
	m := &monitor{settings: settings{topics: []string{"orders"}}, policy: Policy{Lags: lags},
		log: slog.New(app.NewLogHandler(&log)), metrics: newMetrics("shipping")}
	for range 3 {
		m.look(t.Context(), kadm.NewClient(client))
	}
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "nobody there") {
		t.Errorf("got the log\n%swant one line with the error", got)
	}
}
