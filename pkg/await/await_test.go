package await_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errBroken = errors.New("dial tcp: connection refused")

// at gives a look that is done from the given time on.
func at(start time.Time, after time.Duration) await.Look {
	return func(context.Context) (bool, error) { return time.Since(start) >= after, nil }
}

func never(context.Context) (bool, error) { return false, nil }

func records(n string) func() string { return func() string { return n + " records" } }

func options(within time.Duration) await.Options {
	return await.Options{Within: within, What: "orders to contain 3 records", State: records("2")}
}

func wantText(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Fatalf("got error\n  %v\nwant\n  %s", err, want)
	}
}

func TestUntilReturnsAtOnceWhenDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if err := await.Until(t.Context(), options(5*time.Second), at(start, 0)); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited != 0 {
			t.Errorf("got %s waited, want none", waited)
		}
	})
}

func TestUntilSeesAChangeSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, after := range []time.Duration{3 * time.Millisecond, 200 * time.Millisecond, 4 * time.Second,
			5 * time.Second} {
			start := time.Now()
			if err := await.Until(t.Context(), options(5*time.Second), at(start, after)); err != nil {
				t.Fatalf("done after %s: %v", after, err)
			}
			if late := time.Since(start) - after; late > 100*time.Millisecond {
				t.Errorf("done after %s: seen %s late, want at most 100ms", after, late)
			}
		}
	})
}

func TestUntilTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := await.Until(t.Context(), options(5*time.Second), never)
		wantText(t, err, "waited 5s for orders to contain 3 records; last seen: 2 records")
		if waited := time.Since(start); waited != 5*time.Second {
			t.Errorf("got %s, want 5s", waited)
		}
	})
}

func TestUntilDefaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wantText(t, await.Until(t.Context(), await.Options{}, never), "waited 5s for something nobody named")
	})
}

func TestUntilCouldNotLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := await.Until(t.Context(), options(time.Second), func(context.Context) (bool, error) { return true, errBroken })
		if !strings.HasPrefix(err.Error(), "waited 1s for orders to contain 3 records, but could not look even once (") ||
			!errors.Is(err, errBroken) {
			t.Errorf("got %v", err)
		}
		start := time.Now()
		err = await.Until(t.Context(), options(time.Second), func(context.Context) (bool, error) {
			if time.Since(start) > 500*time.Millisecond {
				return false, errBroken
			}
			return false, nil
		})
		wantText(t, err, "waited 1s for orders to contain 3 records; the last look failed: dial tcp: connection refused; "+
			"last seen: 2 records")
		start = time.Now()
		err = await.Until(t.Context(), options(time.Second), func(context.Context) (bool, error) {
			if time.Since(start) < 500*time.Millisecond {
				return false, errBroken
			}
			return true, nil
		})
		if err != nil {
			t.Errorf("got %v, want nil: looking worked in the end", err)
		}
	})
}

func TestUntilPermanent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		looks := 0
		err := await.Until(t.Context(), options(time.Minute), func(context.Context) (bool, error) {
			looks++
			if looks < 3 {
				return false, nil
			}
			return false, await.Permanent(errBroken)
		})
		wantText(t, err, "gave up after 3ms waiting for orders to contain 3 records: dial tcp: connection refused")
		if !errors.Is(err, errBroken) || looks != 3 {
			t.Errorf("got %v after %d looks, want the cause after 3", err, looks)
		}
	})
	if await.Permanent(nil) != nil {
		t.Error("got an error from Permanent(nil), want nil")
	}
}

func TestUntilInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(1200*time.Millisecond, cancel)
		err := await.Until(ctx, options(5*time.Second), never)
		wantText(t, err, "interrupted after 1.2s of 5s while waiting for orders to contain 3 records: context canceled; "+
			"last seen: 2 records")
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %#v, want an interruption, not a timeout", err)
		}

		ctx, cancel = context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		err = await.Until(ctx, options(5*time.Second), func(ctx context.Context) (bool, error) {
			<-ctx.Done()
			return false, ctx.Err()
		})
		wantText(t, err, "interrupted after 2s of 5s while waiting for orders to contain 3 records: "+
			"a deadline from outside (of the step, the scenario or the test) came first; last seen: 2 records")

		cause := errors.New("interrupt signal")
		stopped, stop := context.WithCancelCause(t.Context())
		stop(cause)
		err = await.Until(stopped, options(5*time.Second), func(context.Context) (bool, error) {
			t.Error("got a look under a context that has ended, want none")
			return true, nil
		})
		if !errors.Is(err, cause) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the cause", err)
		}
	})
}

func TestUntilEndsALookThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := await.Until(t.Context(), options(5*time.Second), func(ctx context.Context) (bool, error) {
			<-ctx.Done()
			return false, ctx.Err()
		})
		if waited := time.Since(start); waited != 6*time.Second ||
			!strings.Contains(err.Error(), "the look did not return in time") {
			t.Errorf("got %v after %s, want it ended a second after the deadline", err, waited)
		}
	})
}

func TestUntilWakesOnChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		changes := []chan struct{}{make(chan struct{}), make(chan struct{})}
		var changed atomic.Int32 // how often; changes[changed] is closed at the next change
		o := options(5 * time.Second)
		o.Every, o.Changed = time.Second, func() <-chan struct{} { return changes[changed.Load()] }
		start := time.Now()
		time.AfterFunc(300*time.Millisecond, func() { close(changes[changed.Add(1)-1]) })
		if err := await.Until(t.Context(), o, at(start, 300*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited != 300*time.Millisecond {
			t.Errorf("got seen after %s, want 300ms", waited)
		}
	})
}

func TestAnExpensiveLookIsNotRepeatedAtEveryChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		always := make(chan struct{})
		close(always)
		o := options(2 * time.Second)
		o.Changed = func() <-chan struct{} { return always }
		looks := 0
		err := await.Until(t.Context(), o, func(context.Context) (bool, error) {
			looks++
			<-time.After(50 * time.Millisecond)
			return false, nil
		})
		if err == nil || looks > 22 {
			t.Errorf("got %v after %d looks of 50ms in 2s, want a timeout and half of the time left to others", err, looks)
		}
	})
}

func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines []string
		o := options(2500 * time.Millisecond)
		o.Progress = func(what string) { lines = append(lines, what) }
		if err := await.Until(t.Context(), o, never); err == nil {
			t.Fatal("got nil, want a timeout")
		}
		want := "orders to contain 3 records\n" +
			"orders to contain 3 records (1s of 2.5s); last seen: 2 records\n" +
			"orders to contain 3 records (2s of 2.5s); last seen: 2 records"
		if got := strings.Join(lines, "\n"); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	})
}
