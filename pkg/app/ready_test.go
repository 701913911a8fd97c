package app_test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// thisProcess is how one that listens is named, where the system tells.
func thisProcess() string {
	if runtime.GOOS == "linux" {
		return fmt.Sprintf("process %d (", os.Getpid())
	}
	return "another program ("
}

func TestProcessReadyByPort(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	noError(t, err)
	address := listener.Addr().String()
	d := shell(worker)
	d.Name, d.Ready.TCP = "shipping", address
	_, err = app.Start(t.Context(), d, app.Env{}, nil)
	wantError(t, err, "want "+address+" free for it, and "+thisProcess(), "listens there already")
	noError(t, listener.Close())

	a, _ := begin(t, d, app.Env{})
	listener, err = net.Listen("tcp", address) // in the application's place
	if err != nil {
		t.Skipf("skipped: another process took %s in between: %v", address, err)
	}
	defer func() { _ = listener.Close() }()
	noError(t, a.WaitReady(t.Context()))
	noError(t, a.Stop(t.Context()))
}

// A health check that answers, but not well, does not make an application ready.
func TestProcessReadyByHTTP(t *testing.T) {
	d := shell(worker)
	d.Name, d.Ready.HTTP = "shipping", "localhost:8080/health"
	_, err := app.Start(t.Context(), d, app.Env{}, nil)
	wantError(t, err, `got "localhost:8080/health", want a URL as in http://localhost:8080/health`)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	noError(t, err)
	d.Ready.HTTP = "http://" + listener.Addr().String() + "/health"
	_, err = app.Start(t.Context(), d, app.Env{}, nil)
	wantError(t, err, "want "+listener.Addr().String()+" free for it, and "+thisProcess(), "listens there already")
	noError(t, listener.Close())

	d.Ready.Timeout = 200 * time.Millisecond
	a, _ := begin(t, d, app.Env{})
	wantError(t, a.WaitReady(t.Context()), "a good answer of "+d.Ready.HTTP, "no answer of "+d.Ready.HTTP)
	noError(t, a.Close(t.Context()))

	d.Ready.Timeout = 0
	a, _ = begin(t, d, app.Env{})
	if listener, err = net.Listen("tcp", listener.Addr().String()); err != nil { // in the application's place
		t.Skipf("skipped: another process took the port in between: %v", err)
	}
	var asked atomic.Int32
	server := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) < 3 || r.URL.Path != "/health" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})}
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Close() }()
	noError(t, a.WaitReady(t.Context()))
	if asked.Load() != 3 {
		t.Errorf("got ready after %d answers, want 3: the first two were bad", asked.Load())
	}
	noError(t, a.Stop(t.Context()))
}
