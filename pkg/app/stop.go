package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"syscall"

	"github.com/kafkaspec/kafkaspec/pkg/child"
)

// Stop says how a process is told to end: by a signal, or by an HTTP request in its place.
type Stop struct {
	Signal string // one of Signals; "": SIGTERM
	HTTP   string // URL that is sent a POST, and answers with a status below 400; "": none
}

// Signals are those that can tell a process to end.
var Signals = map[string]syscall.Signal{
	"SIGHUP": syscall.SIGHUP, "SIGINT": syscall.SIGINT, "SIGQUIT": syscall.SIGQUIT, "SIGTERM": syscall.SIGTERM,
}

// String completes "ended on": SIGTERM, POST http://localhost:8080/shutdown.
func (s Stop) String() string {
	if s.HTTP != "" {
		return "POST " + s.HTTP
	}
	return cmp.Or(s.Signal, "SIGTERM")
}

// ends tells a process to end, and how that is called.
func (s Stop) ends() child.End {
	end := child.End{Name: s.String(), Signal: Signals[s.Signal]}
	if s.HTTP != "" {
		end.Ask = s.post
	}
	return end
}

func (s Stop) post(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.HTTP, http.NoBody)
	if err != nil {
		return err
	}
	client := http.Client{Transport: closing}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16)) // it may end while it answers
	_ = response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("got status %s, want one below 400", response.Status)
	}
	return nil
}

// graceful tells whether an application that was stopped ended as it should, with all that it had started: with 0, or
// by the signal that it was sent, or with 128 and the number of that, which is how Java and shells show that a signal
// ended them.
func (s Stop) graceful(state State) bool {
	signal := cmp.Or(s.Signal, "SIGTERM")
	return state.Err == nil && state.Left == "" &&
		(state.Code == 0 || state.Code == 128+int(Signals[signal]) || state.Signal == signal)
}
