package await_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

func deadLetter() await.Options {
	return await.Options{What: "a record in orders_dlq", State: func() string { return "key u1" }}
}

func TestNeverWatchesTheWholeTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var first, last time.Duration = -1, -1
		err := await.Never(t.Context(), 2*time.Second, deadLetter(), func(context.Context) (bool, error) {
			last = time.Since(start)
			if first < 0 {
				first = last
			}
			return false, nil
		})
		if err != nil || first != 0 || last != 2*time.Second {
			t.Errorf("got %v, first look at %s, last at %s; want nil, 0s and 2s", err, first, last)
		}
	})
}

func TestNeverLooksTwiceEvenInNoTime(t *testing.T) {
	looks := 0
	err := await.Never(t.Context(), 0, deadLetter(), func(context.Context) (bool, error) { looks++; return false, nil })
	if err != nil || looks != 2 {
		t.Errorf("got %v and %d looks, want nil and 2", err, looks)
	}
}

func TestNeverSeen(t *testing.T) {
	for _, after := range []time.Duration{0, time.Second, 2 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			err := await.Never(t.Context(), 2*time.Second, deadLetter(), at(time.Now(), after))
			if err == nil || !strings.HasPrefix(err.Error(), "saw a record in orders_dlq ") {
				t.Errorf("seen at %s: got %v, want what was seen", after, err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		o := deadLetter()
		o.Every = 20 * time.Millisecond
		err := await.Never(t.Context(), 2*time.Second, o, at(time.Now(), 340*time.Millisecond))
		wantText(t, err, "saw a record in orders_dlq 340ms into the 2s in which there must be none; seen: key u1")
	})
}

func TestNeverCouldNotLookIsNotNothingSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := await.Never(t.Context(), 2*time.Second, deadLetter(), func(context.Context) (bool, error) {
			if time.Since(start) == 2*time.Second {
				return false, errBroken
			}
			return false, nil
		})
		wantText(t, err, "could not look for a record in orders_dlq 2s into the 2s to watch, so nothing is known about it: "+
			"dial tcp: connection refused")
		if !errors.Is(err, errBroken) {
			t.Errorf("got %v, want the cause kept", err)
		}
	})
}

func TestNeverInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, cancel)
		err := await.Never(ctx, 2*time.Second, deadLetter(), never)
		if err == nil || !strings.HasPrefix(err.Error(), "interrupted after 500ms") || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want an interruption", err)
		}
	})
}

func TestDurationsAreShort(t *testing.T) {
	for allowed, want := range map[time.Duration]string{
		5*time.Second + 123*time.Microsecond: "5s",
		1500 * time.Millisecond:              "1.5s",
		5 * time.Minute:                      "5m",
		90 * time.Second:                     "1m30s",
		time.Hour:                            "1h",
		61 * time.Minute:                     "1h1m",
	} {
		synctest.Test(t, func(t *testing.T) {
			wantText(t, await.Until(t.Context(), await.Options{Within: allowed, Every: time.Minute, What: "x"}, never),
				"waited "+want+" for x")
		})
	}
}

func ExampleUntil() {
	o := await.Options{Within: time.Millisecond, What: "orders to contain 3 records",
		State: func() string { return "2 records" }}
	err := await.Until(context.Background(), o, func(context.Context) (bool, error) { return false, nil })
	fmt.Println(err != nil)
	// Output: true
}
