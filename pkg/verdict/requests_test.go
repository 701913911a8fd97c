package verdict_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// ordersAsked judges requests, each with what it names, of records with those values of id.
func ordersAsked(ids []string, requests ...[]string) *verdict.Requests {
	judge := verdict.NewRequests("orders", "payments", "value.id")
	for i, id := range ids {
		judge.Record(&record.Record{Offset: int64(i), Key: []byte("k"), Value: fmt.Appendf(nil, `{"id":%q}`, id)})
	}
	for i, may := range requests {
		judge.Request("POST /", "no body", time.Duration(i)*time.Millisecond, may)
	}
	return judge
}

func TestRequests(t *testing.T) {
	ab := []string{"a", "b"}
	for _, c := range []struct {
		name                        string
		judge                       *verdict.Requests
		exactly, least, most, order string // "": passes
	}{
		{"one each", ordersAsked(ab, []string{"a"}, []string{"x", "b", "b"}), "", "", "", ""},
		{"none of one", ordersAsked(ab, []string{"b"}), "missing request: orders partition 0 offset 0 key k: no request to " +
			"payments has its value.id a", "missing request", "", ""},
		{"two of one", ordersAsked(ab, []string{"a"}, []string{"b"}, []string{"a"}),
			"2 requests to payments have its value.id a, the last 2ms after the first", "", "request more than once", ""},
		{"of nobody", ordersAsked(ab, []string{"a"}, []string{"b"}, []string{"c"}),
			"names no record of the topic by its value.id: it has no body",
			"names no record", "names no record", ""},
		{"the other way round", ordersAsked(ab, []string{"b"}, []string{"a"}), "", "", "",
			"behind a record that was sent after it"},
		{"two records alike", ordersAsked([]string{"a", "a"}, []string{"a"}), "offset 1 key k: no request", "missing",
			"", ""},
		{"two of a pair", ordersAsked([]string{"a", "b", "a"}, []string{"a"}, []string{"b"}, []string{"a"}),
			"", "", "", ""},
		{"one names both", ordersAsked(ab, []string{"a", "b"}), "names both a and b", "names both", "names both",
			"names both"},
		{"no requests", ordersAsked(ab), "missing", "missing", "no request to payments names a record of orders, so none " +
			"could come twice", "no request to payments names a record of orders"},
		{"no records", ordersAsked(nil), "no record of orders was read", "no record", "no record", "no request"},
		{"no id", ordersAsked([]string{""}), "no request can name: value.id is empty", "is empty", "is empty", "no request"},
	} {
		for result, want := range map[string]string{"exactly": c.exactly, "least": c.least, "most": c.most,
			"order": c.order} {
			err := map[string]func() verdict.Result{
				"exactly": func() verdict.Result { return c.judge.Result(verdict.ExactlyOnce) },
				"least":   func() verdict.Result { return c.judge.Result(verdict.AtLeastOnce) },
				"most":    func() verdict.Result { return c.judge.Result(verdict.AtMostOnce) },
				"order":   c.judge.Order,
			}[result]().Err()
			if result == "order" && c.name == "the other way round" {
				want = "asked payments for it after it had asked for offset 1"
			}
			if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s, %s: got %v, want %q", c.name, result, err, want)
			}
		}
	}
}

// TestRefusedRequests has tries that were refused: where none was accepted, the finding tells them.
func TestRefusedRequests(t *testing.T) {
	judge := ordersAsked([]string{"a", "b", "c"}, []string{"b"})
	for _, try := range []struct {
		status int
		id     string
	}{{503, "a"}, {503, "a"}, {0, "a"}, {503, "b"}, {503, "x"}} {
		judge.Refused(try.status, []string{try.id, try.id})
	}
	var texts []string
	for _, f := range judge.Result(verdict.ExactlyOnce).Findings {
		texts = append(texts, f.Detail)
	}
	want := []string{"of the requests to payments with its value.id a none was accepted; 1 left without an answer, " +
		"2 refused with 503", "no request to payments has its value.id c"}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// A valid history passes; what is planted in it is found, and nothing else.
func TestRequestsFindWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ids []string
		var requests [][]string
		want := map[string]int64{}
		for i := range rapid.IntRange(1, 30).Draw(t, "records") {
			id := fmt.Sprint("o", i)
			ids = append(ids, id)
			switch rapid.SampledFrom([]string{"", "", "", "missing", "twice", "foreign"}).Draw(t, "plant") {
			case "missing":
				want[verdict.MissingRequest]++
				continue
			case "twice":
				want[verdict.RepeatedRequest]++
				requests = append(requests, []string{id})
			case "foreign":
				want[verdict.Unexpected]++
				requests = append(requests, []string{"p" + id})
			}
			requests = append(requests, []string{"POST", id})
		}
		got := map[string]int64{}
		for _, k := range ordersAsked(ids, rapid.Permutation(requests).Draw(t, "requests")...).
			Result(verdict.ExactlyOnce).Kinds {
			got[k.Kind] = k.Findings
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}
