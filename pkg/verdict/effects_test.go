package verdict_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

type spot struct {
	partition int32
	offset    int64
}

// effectsOf feeds records, and rows by how many there are of each.
func effectsOf(records []spot, rows map[spot]int) *verdict.Effects {
	judge := verdict.NewEffects("orders", "payments")
	for _, at := range records {
		judge.Input(&record.Record{Partition: at.partition, Offset: at.offset, Key: []byte("k")})
	}
	for at, n := range rows {
		for range n {
			judge.Row(at.partition, at.offset)
		}
	}
	return judge
}

func TestEffectsByPromise(t *testing.T) {
	records := []spot{{0, 0}, {0, 1}, {1, 0}}
	for _, c := range []struct {
		name                 string
		rows                 map[spot]int
		exactly, least, most string // "": passes
		lost, repeated       int64
	}{
		{"one each", map[spot]int{{0, 0}: 1, {0, 1}: 1, {1, 0}: 1}, "", "", "", 0, 0},
		{"one lost", map[spot]int{{0, 0}: 1, {1, 0}: 1}, "missing row: orders partition 0 offset 1 key k: no row in table " +
			"payments", "missing row", "", 1, 0},
		{"one repeated", map[spot]int{{0, 0}: 1, {0, 1}: 3, {1, 0}: 1},
			"row more than once: orders partition 0 offset 1 key k: 3 rows in table payments", "", "row more than once", 0, 1},
		{"foreign", map[spot]int{{0, 0}: 1, {0, 1}: 1, {1, 0}: 1, {1, 7}: 1}, "unexpected", "unexpected", "unexpected", 0, 0},
	} {
		judge := effectsOf(records, c.rows)
		for promise, want := range map[verdict.Promise]string{verdict.ExactlyOnce: c.exactly, verdict.AtLeastOnce: c.least,
			verdict.AtMostOnce: c.most} {
			err := judge.Result(promise).Err()
			if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s, %s: got %v, want %q", c.name, promise, err, want)
			}
		}
		if judge.Lost() != c.lost || judge.Repeated() != c.repeated {
			t.Errorf("%s: got %d lost and %d repeated, want %d and %d", c.name, judge.Lost(), judge.Repeated(), c.lost,
				c.repeated)
		}
	}
	if err := effectsOf(nil, nil).Result(verdict.ExactlyOnce).Err(); err == nil ||
		!strings.Contains(err.Error(), "no record of orders was read") {
		t.Errorf("got %v, want an empty topic to be inconclusive", err)
	}
}

// Against a slow and obvious count.
func TestEffectsAgainstCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spots := rapid.Custom(func(t *rapid.T) spot {
			return spot{rapid.Int32Range(0, 3).Draw(t, "partition"), rapid.Int64Range(0, 5000).Draw(t, "offset")}
		})
		records := rapid.SliceOfDistinct(spots, func(s spot) spot { return s }).Draw(t, "records")
		rows := rapid.MapOfN(spots, rapid.IntRange(1, 3), 0, 50).Draw(t, "rows")
		for _, at := range records[:len(records)/2] {
			rows[at] = 1
		}
		var lost, repeated, foreign int64
		for _, at := range records {
			if rows[at] == 0 {
				lost++
			}
		}
		for at, n := range rows {
			if n > 1 {
				repeated++
			}
			if !slices.Contains(records, at) {
				foreign++
			}
		}
		judge := effectsOf(records, maps.Clone(rows))
		if judge.Lost() != lost || judge.Repeated() != repeated {
			t.Fatalf("got %d lost and %d repeated, want %d and %d", judge.Lost(), judge.Repeated(), lost, repeated)
		}
		for promise, wrong := range map[verdict.Promise]int64{
			verdict.ExactlyOnce: lost + repeated + foreign, verdict.AtLeastOnce: lost + foreign, verdict.AtMostOnce: repeated +
				foreign,
		} {
			if err := judge.Result(promise).Err(); len(records) > 0 && (err == nil) != (wrong == 0) {
				t.Fatalf("%s: got %v with %d wrong", promise, err, wrong)
			}
		}
	})
}

func TestPositions(t *testing.T) {
	judge := verdict.NewPositions("orders")
	if err := judge.Result().Err(); err == nil {
		t.Error("got a pass of nothing")
	}
	for offset := range int64(3) {
		judge.Row(0, offset)
	}
	judge.Stored(0, 3)
	judge.Committed(0, 3)
	judge.Stored(1, -1) // claimed, nothing written
	if err := judge.Result().Err(); err != nil {
		t.Errorf("got %v, want agreement", err)
	}
	judge.Row(2, 9)
	judge.Stored(2, 10)
	judge.Committed(2, 12)
	err := judge.Result().Err()
	if want := "positions differ: orders partition 2: the rows end at 10, the offset in the database is 10, the " +
		"committed offset 12"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}
