package database_test

import (
	"context"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/database"
)

// TestHealthBesideAnEnd looks at folders while they are removed.
func TestHealthBesideAnEnd(t *testing.T) {
	backend, err := database.New(t.Context(), database.SQLite, nil)
	if err != nil {
		t.Fatal(err)
	}
	health, ok := backend.(interface{ Health() error })
	if !ok {
		t.Fatalf("got a %T, want one that can be asked for its health", backend)
	}
	looking, stop := context.WithCancel(t.Context())
	looked := make(chan error)
	go func() {
		for looking.Err() == nil {
			if err := health.Health(); err != nil {
				looked <- err
				return
			}
		}
		looked <- nil
	}()
	for range 50 {
		db, err := backend.Open(t.Context())
		if err != nil {
			t.Error(err)
			break
		}
		if err := db.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	stop()
	if err := <-looked; err != nil {
		t.Errorf("got %v, want folders that take files until they are removed", err)
	}
	if err := backend.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
