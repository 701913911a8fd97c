package verdict

import (
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// A field that no record has is a slip in the step, and nobody's failure.
func TestFieldThatNoRecordHas(t *testing.T) {
	orders := history{
		{Topic: "orders", Key: []byte("u1"), Value: []byte(`{"id":1,"at":{"city":"Rome"}}`),
			Headers: []record.Header{{Key: "trace", Value: []byte("a")}}},
		{Topic: "orders", Key: []byte("u1"), Value: []byte(`{"id":2,"total":5}`), Offset: 1},
	}
	for name, want := range map[string]string{
		"idd":           "no record of orders has the field idd; did you mean id?",
		"value.idd":     "no record of orders has the field value.idd; did you mean value.id?",
		"at.citty":      "no record of orders has the field at.citty; did you mean at.city?",
		"xyzzy":         `no record of orders has the field xyzzy; there are "at", "id", "total"`,
		"headers.trase": "no record of orders has the header headers.trase; did you mean headers.trace?",
	} {
		requests, replies := NewRequests("orders", "payments", name), NewReplies("orders", "replies", name, 0)
		results := NewResults(JoinTopics{Left: "orders", Joined: "joined", Unmatched: "unmatched"}, name)
		order := NewOrderBy("orders", "copies", name)
		for i := range orders {
			requests.Record(&orders[i])
			replies.Request(&orders[i])
			results.Left(&orders[i])
			order.Input(&orders[i])
		}
		requests.Request("POST /", "no body", time.Second, []string{"1"})
		replies.Reply(&record.Record{Topic: "replies", Value: []byte(`{"id":1}`)})
		results.Joined(&record.Record{Topic: "joined", Value: []byte(`{"id":1}`)})
		order.Output(&record.Record{Topic: "copies", Value: []byte(`{"id":1}`)})
		for judge, got := range map[string]Result{
			"requests": requests.Result(ExactlyOnce), "at most one request": requests.Result(AtMostOnce),
			"order of requests": requests.Order(), "replies": replies.Result(), "results": results.Result(),
			"order": order.Result(),
		} {
			t.Run(judge+" by "+name, func(t *testing.T) { wantInconclusive(t, got, "nothing was judged: "+want) })
		}
	}
}

// One record that has it shows that the name is meant: those without are found.
func TestFieldThatOneRecordHas(t *testing.T) {
	judge := NewReplies("orders", "replies", "id", 0)
	judge.Request(&record.Record{Topic: "orders", Value: []byte(`{"id":1}`)})
	judge.Request(&record.Record{Topic: "orders", Value: []byte(`{"idd":1}`), Offset: 1})
	wantFindings(t, judge.Result(), Finding{Kind: Unexpected, Topic: "orders", Offset: 1, Count: 1},
		Finding{Kind: MissingReply, Topic: "orders", Count: 1})
}
