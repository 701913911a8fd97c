package produce_test

import (
	"context"
	"errors"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/produce"
)

// silent is a client that hears of the first record only.
type silent struct{ sent int }

func (s *silent) Produce(_ context.Context, r *kgo.Record, promise func(*kgo.Record, error)) {
	if s.sent++; s.sent == 1 {
		go promise(r, nil)
	}
}

func (*silent) Flush(context.Context) error { return nil }

// The end of the context ends the wait for records whose outcome nobody tells.
func TestSyncEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	told := errors.New("told")
	client := &silent{}
	if errs := produce.Sync(ctx, client, &kgo.Record{}); errs[0] != nil {
		t.Errorf("got %v, want the record acknowledged", errs[0])
	}
	cancel()
	if errs := produce.Sync(ctx, client, &kgo.Record{}, &kgo.Record{}); len(errs) != 2 ||
		!errors.Is(errs[0], context.Canceled) || !errors.Is(errs[1], context.Canceled) {
		t.Errorf("got %v, want two errors of the context", errs)
	}
	refusing := refuses{told}
	if errs := produce.Sync(t.Context(), refusing, &kgo.Record{}); !errors.Is(errs[0], told) {
		t.Errorf("got %v, want %v", errs, told)
	}
	if errs := produce.Sync(ctx, refusing, &kgo.Record{}); !errors.Is(errs[0], told) {
		t.Errorf("got %v at the end of the context, want what is known, %v", errs, told)
	}
}

// refuses tells each record this error.
type refuses struct{ err error }

func (c refuses) Produce(_ context.Context, r *kgo.Record, promise func(*kgo.Record, error)) {
	promise(r, c.err)
}

func (refuses) Flush(context.Context) error { return nil }
