package stateful

import (
	"errors"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// The first commit of a partition is waited for as any other is, while its transaction is open: who restores before it is decided would find
// a changelog ahead of the offsets. A group's list of all its offsets does not show such a partition at all.
func TestRestoreWaitsForTheFirstCommit(t *testing.T) {
	l, s, one := member(t)
	one.emitter().Changelog([]byte("k"), []byte("v"))
	if err := s.flush(l.Ctx); err != nil {
		t.Fatal(err)
	}

	if committed, _, err := s.stable(l.Ctx, one); err != nil || committed[0] != -1 {
		t.Fatalf("got %v, %v before the commit, want -1", committed, err)
	}
	if err := s.commitOffsets(l.Ctx, []*task{one}); err != nil {
		t.Fatal(err)
	}
	if committed, _, err := s.stable(l.Ctx, one); !errors.Is(err, kerr.UnstableOffsetCommit) {
		t.Errorf("got %v, %v while the transaction is open, want %v", committed, err, kerr.UnstableOffsetCommit)
	}
	if err := s.client.EndTransaction(l.Ctx, kgo.TryCommit); err != nil {
		t.Fatal(err)
	}
	if committed, _, err := s.stable(l.Ctx, one); err != nil || committed[0] != 1 {
		t.Errorf("got %v, %v after the transaction, want 1", committed, err)
	}
}
