package verdict

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

func judgeOrder(in, out history) Result {
	o := NewOrder("orders", "orders_copy")
	mixed(rand.New(rand.NewPCG(uint64(len(in)), 1)), in, out, o.Input, o.Output)
	return o.Result()
}

// Feeding the input first, which takes less memory, gives the same verdict, also when asked in between.
func TestOrderInputFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawHistory(t, "orders", 3)
		out := in.copyTo("orders_copy", 3)
		if rapid.Bool().Draw(t, "same places") {
			out = slices.Clone(in)
			for i := range out {
				out[i].Topic = "orders_copy"
			}
		}
		i, j := rapid.IntRange(0, len(out)-1).Draw(t, "which"), rapid.IntRange(0, len(out)-1).Draw(t, "other")
		if rapid.Bool().Draw(t, "swap") {
			out = out.swapped(min(i, j), max(i, j))
		}
		if rapid.Bool().Draw(t, "lose") {
			out = out.without(i)
		}
		o, c := NewOrder("orders", "orders_copy"), NewCopy("orders", "orders_copy")
		for i := range in {
			o.Input(&in[i])
			c.Input(&in[i])
		}
		for i := range out {
			o.Output(&out[i])
			c.Output(&out[i])
			if i == len(out)/2 {
				o.Result()
				c.Result()
			}
		}
		if diff := cmp.Diff(judgeOrder(in, out), o.Result()); diff != "" {
			t.Fatalf("order (-mixed +input first):\n%s", diff)
		}
		mix := NewCopy("orders", "orders_copy")
		mixed(rand.New(rand.NewPCG(uint64(len(in)), 1)), in, out, mix.Input, mix.Output)
		if diff := cmp.Diff(mix.Result(), c.Result()); diff != "" {
			t.Fatalf("copy (-mixed +input first):\n%s", diff)
		}
	})
}

func TestOrderOfSingleRecordsIsNotJudged(t *testing.T) {
	o := NewOrder("orders", "labels")
	for i, key := range []string{"u1", "u2"} {
		o.Input(&record.Record{Offset: int64(i), Key: []byte(key), Value: []byte("a")})
		o.Output(&record.Record{Offset: int64(1 - i), Key: []byte(key), Value: []byte("a")})
	}
	if got := o.Result(); got.Outcome != Inconclusive || !strings.Contains(got.Err().Error(), "no key of orders has two") {
		t.Errorf("got %v, want it to be inconclusive: no key has two records", got)
	}
}

func sameKey(a, b record.Record) bool { return string(a.Key) == string(b.Key) }

// In a random history exactly the planted faults are found.
func TestOrderFindsWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawHistory(t, "orders", 3)
		needsOrder(t, in)
		out := in.copyTo("orders_copy", rapid.Int32Range(1, 4).Draw(t, "partitions"))
		i := rapid.IntRange(0, len(in)-1).Draw(t, "which")

		wantFindings(t, judgeOrder(in, out))
		wantOrdered(t, out.without(i), judgeOrder(in, out.without(i)))
		wantFindings(t, judgeOrder(in, out.appended(out[i]))) // processed again
		wantFindings(t, judgeOrder(in, out.appended(record.Record{Partition: 0, Key: []byte("u1"),
			Value: []byte("foreign")})))
		if j := out.behind(i, sameKey); j > 0 {
			swapped := out.swapped(i, j)
			wantFindings(t, judgeOrder(in, swapped), at(Reordered, swapped[j]))
		}
		otherKeys := func(a, b record.Record) bool { return a.Partition == b.Partition && !sameKey(a, b) }
		if j := out.behind(i, otherKeys); j == i+1 { // neighbours: no record of either key between them
			wantFindings(t, judgeOrder(in, out.swapped(i, j)))
		}
	})
}

// naiveOrder is the same judgement in the obvious way, on distinct records.
func naiveOrder(in, out history) (reordered []Finding) {
	type place struct {
		partition int32
		offset    int64
	}
	from := map[string]place{}
	for _, r := range in {
		from[string(r.Key)+"|"+string(r.Value)] = place{r.Partition, r.Offset}
	}
	type stream struct {
		key     string
		in, out int32
	}
	latest := map[stream]int64{}
	for _, r := range out {
		content := string(r.Key) + "|" + string(r.Value)
		origin, known := from[content]
		if !known {
			continue
		}
		delete(from, content) // the first counts
		s := stream{string(r.Key), origin.partition, r.Partition}
		if high, any := latest[s]; any && origin.offset < high {
			reordered = append(reordered, at(Reordered, r))
			continue
		}
		latest[s] = origin.offset
	}
	return reordered
}

// Against the naive judge: shuffled, lost and repeated records, keys on any partition.
func TestOrderAgreesWithTheNaiveJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawHistory(t, "orders", 1)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "shuffle"), 1))
		scatter := rapid.Bool().Draw(t, "scatter")
		if scatter {
			for i := range in { // keys on several partitions of the input as well
				in[i].Partition, in[i].Offset = random.Int32N(3), int64(i)
			}
		}
		next := [3]int64{}
		var out history
		for range 2 * len(in) {
			r := in[random.IntN(len(in))]
			r.Topic, r.Partition = "orders_copy", record.DefaultPartition(r.Key, 3)
			if scatter {
				r.Partition = random.Int32N(3)
			}
			r.Offset = next[r.Partition]
			next[r.Partition]++
			out = append(out, r)
		}
		var want, got collector
		for _, f := range naiveOrderByPartition(in, out) {
			want.add(f, "")
		}
		r := judgeOrder(in, out)
		for _, f := range bare(r.Findings) {
			got.add(f, "")
		}
		w, _ := want.sorted()
		g, _ := got.sorted()
		if diff := cmp.Diff(w, g); diff != "" {
			t.Fatalf("(-naive +got):\n%s", diff)
		}
	})
}

// naiveOrderByPartition feeds the naive judge one partition of the output after
// the other, which decides what the first of equal records is.
func naiveOrderByPartition(in, out history) []Finding {
	var sorted history
	for p := range int32(3) {
		for _, r := range out {
			if r.Partition == p {
				sorted = append(sorted, r)
			}
		}
	}
	return naiveOrder(in, sorted)
}

// Records with another key and value are found again by a field, and have the order of the input's keys.
func TestOrderByAFieldFindsWhatWasPlanted(t *testing.T) {
	judge := func(in, out history) Result {
		o := NewOrderBy("orders", "orders_copy", "seq")
		mixed(rand.New(rand.NewPCG(uint64(len(in)), 1)), in, out, o.Input, o.Output)
		return o.Result()
	}
	rapid.Check(t, func(t *rapid.T) {
		in := drawHistory(t, "orders", 3)
		needsOrder(t, in)
		out := in.copyTo("orders_copy", rapid.Int32Range(1, 4).Draw(t, "partitions"))
		rekeyed := func(h history) history {
			h = slices.Clone(h)
			for i := range h {
				h[i].Key = []byte(rapid.SampledFrom([]string{"eu", "us"}).Draw(t, "key"))
				h[i].Value = append([]byte(`{"price":1.5,`), h[i].Value[1:]...)
			}
			return h
		}
		i := rapid.IntRange(0, len(in)-1).Draw(t, "which")
		plain := record.Record{Partition: 0, Key: []byte("u1"), Value: []byte("foreign")}

		wantFindings(t, judge(in, rekeyed(out)))
		wantOrdered(t, out.without(i), judge(in, rekeyed(out.without(i))))
		wantFindings(t, judge(in, rekeyed(out.appended(out[i])))) // processed again
		wantFindings(t, judge(in, rekeyed(out).appended(plain)))
		if j := out.behind(i, sameKey); j > 0 {
			swapped := rekeyed(out.swapped(i, j))
			wantFindings(t, judge(in, swapped), at(Reordered, swapped[j]))
		}
		otherKeys := func(a, b record.Record) bool { return a.Partition == b.Partition && !sameKey(a, b) }
		if j := out.behind(i, otherKeys); j == i+1 { // neighbours: no record of either key between them
			wantFindings(t, judge(in, rekeyed(out.swapped(i, j))))
		}
	})
}

func TestOrderTellsWhatHappened(t *testing.T) {
	in := history{
		{Partition: 1, Offset: 41, Key: []byte("u7"), Value: []byte("a")},
		{Partition: 1, Offset: 42, Key: []byte("u7"), Value: []byte("b")},
	}
	out := history{
		{Partition: 0, Offset: 10, Key: []byte("u7"), Value: []byte("b")},
		{Partition: 0, Offset: 11, Key: []byte("u7"), Value: []byte("a")},
	}
	want := "reordered: orders_copy partition 0 offset 11 key u7: it is orders partition 1 offset 41, and stands behind " +
		"orders partition 1 offset 42"
	if got := judgeOrder(in, out).Err(); got == nil || !strings.Contains(got.Error(), want) {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestOrderNeedsKeysOnBothSides(t *testing.T) {
	keyed, plain := history{{Key: []byte("u1")}}, history{{Value: []byte("x")}}
	wantInconclusive(t, judgeOrder(plain, keyed), "nothing was judged: no record of orders with a key was read")
	wantInconclusive(t, judgeOrder(keyed, plain), "nothing was judged: no record of orders_copy with a key was read")
}

// What has nothing in common says nothing about order.
func TestOrderNeedsSomethingInCommon(t *testing.T) {
	in := history{{Key: []byte("u1"), Value: []byte("a")}, {Key: []byte("u1"), Value: []byte("b"), Offset: 1}}
	enriched := history{{Key: []byte("u1"), Value: []byte("b!")}, {Key: []byte("u1"), Value: []byte("a!"), Offset: 1}}
	wantInconclusive(t, judgeOrder(in, enriched), "nothing was judged: no record of orders_copy is one of orders")
	wantInconclusive(t, judgeOrder(in, append(slices.Clone(enriched), in.without(0)...)), noPair)
	wantFindings(t, judgeOrder(in, append(slices.Clone(enriched), in...)))
	by := NewOrderBy("orders", "orders_copy", "id")
	for i := range in {
		by.Input(&in[i])
	}
	wantInconclusive(t, by.Result(),
		"nothing was judged: no record of orders has the field id; the values are not JSON objects")
	by.Input(&record.Record{Key: []byte("u1"), Value: []byte(`{"id":1}`), Offset: 2})
	by.Output(&enriched[0])
	wantInconclusive(t, by.Result(),
		"nothing was judged: no record of orders_copy has the field id; the values are not JSON objects")
	by.Output(&record.Record{Value: []byte(`{"id":2}`), Offset: 2})
	wantInconclusive(t, by.Result(), "nothing was judged: no record of orders_copy is one of orders, by id")
}
