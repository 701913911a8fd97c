package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

// TestJoinsAreJudged has the results of a join that is right, and each way of being wrong.
func TestJoinsAreJudged(t *testing.T) {
	var lastTime, late int64
	users := 0
	want := joinInput(3000, "users", "payments", func(r *kgo.Record) {
		if at := r.Timestamp.UnixMilli(); at < lastTime {
			late = max(late, lastTime-at)
		} else {
			lastTime = at
		}
		if r.Topic == "users" {
			users++
		}
	})
	if len(want) != 2400 || users != 600 || late == 0 || late >= joinWait.Milliseconds() {
		t.Fatalf("got %d payments, %d users, up to %d ms late; want 2400, 600 and some ms, less than a payment waits",
			len(want), users, late)
	}
	var right []*kgo.Record
	for payment, version := range want {
		r := &kgo.Record{Topic: "unmatched", Value: fmt.Appendf(nil, `{"payment_id":%d}`, payment)}
		if version != nobody {
			r = &kgo.Record{Topic: "enriched", Value: fmt.Appendf(nil, `{"payment_id":%d,"user":{"version":%d}}`, payment,
				version)}
		}
		right = append(right, r)
	}
	first := slices.IndexFunc(right, func(r *kgo.Record) bool { return r.Topic == "enriched" })
	if first < 0 {
		t.Fatal("got no payment with a user")
	}
	with := func(r kgo.Record) []*kgo.Record {
		changed := slices.Clone(right)
		changed[first] = &r
		return changed
	}
	for name, c := range map[string]struct {
		results []*kgo.Record
		want    string
	}{
		"right":   {right, ""},
		"missing": {slices.Delete(slices.Clone(right), first, first+1), "(result: false)"},
		"twice":   {append(slices.Clone(right), right[first]), "two results"},
		"other version": {with(kgo.Record{Topic: "enriched", Value: []byte(strings.Replace(string(right[first].Value),
			`"version":`, `"version":9`, 1))}), "want version"},
		"in wrong topic": {with(kgo.Record{Topic: "unmatched", Value: right[first].Value}),
			"want those with a user in enriched"},
		"not JSON": {with(kgo.Record{Topic: "enriched", Value: []byte("{")}), "unexpected end"},
	} {
		err := judgeJoins(want, c.results, "enriched")
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
