package payer_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/payer"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// A member that is told by a commit that the group has gone on joins again and goes on behind that commit, which is
// made again though no more orders come.
func TestRefusedCommitIsMadeAgain(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
	}))
	defer service.Close()
	for _, refused := range []*kerr.Error{kerr.UnknownMemberID, kerr.RebalanceInProgress, kerr.IllegalGeneration} {
		t.Run(refused.Message, func(t *testing.T) {
			l := lab.New(t)
			l.Topic(t, "orders", 1)
			l.Topic(t, "payments", 1)
			l.RefuseCommit(refused)
			l.Values(t, "orders", 0, `{"id": "o-1", "amount": 5}`, `{"id": "o-2", "amount": 5}`)
			run := l.Start(t, payer.Run, app.Env{Name: "payer", Group: "payers", Inputs: []string{"orders"},
				Outputs: []string{"payments"}, Services: map[string]string{"payments": service.URL}}, "")
			l.UntilCommitted(t, "payers", "orders", map[int32]int64{0: 2})
			run.Until(t, 1, "msg=warning ", refused.Message)
		})
	}
}

// TestEndsWithAnError gives the application what it cannot work with.
func TestEndsWithAnError(t *testing.T) {
	l := lab.New(t)
	l.Topic(t, "orders", 1)
	l.Topic(t, "payments", 1)
	l.Send(t, &kgo.Record{Topic: "orders", Value: []byte(`{"amount": 5}`)})
	const nowhere = "http://127.0.0.1:1"
	for want, given := range map[string]struct {
		settings, service string
		outputs           []string
	}{
		`events: got "sometimes", want binary or structured`: {"events: sometimes", nowhere, []string{"payments"}},
		"retry":                      {"retry: soon", nowhere, []string{"payments"}},
		"output":                     {"", nowhere, nil},
		`no HTTP service "payments"`: {"", "", []string{"payments"}},
		"topic orders partition 0 offset 0 is no order: no id": {"", nowhere, []string{"payments"}},
	} {
		settings, err := app.ParseSettings([]byte(given.settings), source.Place{File: "settings"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(l.Ctx)
		err = payer.Run(ctx, app.Env{Name: "payer", Bootstrap: l.Fake.ListenAddrs(), Group: "payers",
			Inputs: []string{"orders"}, Outputs: given.outputs, Services: map[string]string{"payments": given.service},
			Settings: settings, Log: slog.New(slog.DiscardHandler)})
		cancel()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}
