package dbwriter

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/database"
)

// The server ends what was idle for a session timeout. The pool gives nothing out that may be about to be ended.
func TestPoolOutlivesNoConnection(t *testing.T) {
	if _, err := database.FindMariaDB(t.Context()); err != nil {
		t.Skipf("not tried on MySQL: %v", err)
	}
	backend, err := database.New(t.Context(), database.MySQL, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = backend.Close(context.Background()) }()
	d, err := backend.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close(context.Background()) }()
	var set settings
	set.SessionTimeout = time.Second
	db, _, err := open(d.URL, set)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	ask := func() (connection int64, wait int) {
		row := db.QueryRowContext(t.Context(), "SELECT connection_id(), @@wait_timeout")
		if err := row.Scan(&connection, &wait); err != nil {
			t.Fatal(err)
		}
		return connection, wait
	}
	before, wait := ask()
	if wait != 1 {
		t.Fatalf("got a wait_timeout of %d s, want 1 s, the session timeout", wait)
	}
	if err := await.Never(t.Context(), 600*time.Millisecond, await.Options{What: "anything"},
		func(context.Context) (bool, error) { return false, nil }); err != nil {
		t.Fatal(err)
	}
	if after, _ := ask(); after == before {
		t.Error("got the connection again after 0.6 s, want another: the server ends this one after 1 s")
	}
}
