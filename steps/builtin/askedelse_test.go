package builtin

import (
	"errors"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

func exchanges(all ...journal.Exchange) (facts []journal.Fact) {
	for i := range all {
		facts = append(facts, journal.Fact{Kind: journal.ServiceAsked, Detail: &all[i]})
	}
	return facts
}

func TestAskedElse(t *testing.T) {
	facts := exchanges(journal.Exchange{Method: "GET", Path: "/a"},
		journal.Exchange{Method: "POST", Path: "/b", Unknown: true},
		journal.Exchange{Method: "POST", Path: "/b", Unknown: true}, journal.Exchange{Method: "PUT", Path: "/c"},
		journal.Exchange{Method: "PUT", Path: "/d"}, journal.Exchange{Method: "POST", Path: "/counts"})
	got := askedElse(facts, func(e *journal.Exchange) bool { return e.Path == "/counts" })
	if want := "POST /b (it has no answer for that), GET /a, PUT /c and 1 more"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := askedElse(facts, func(*journal.Exchange) bool { return true }); got != "" {
		t.Errorf("got %q, want nothing", got)
	}
	lacks := errors.New("lacks one")
	err := unanswered(lacks, "payments", facts)
	const want = "lacks one\nthe HTTP service \"payments\" was asked POST /b (it has no answer for that)"
	if !errors.Is(err, lacks) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if err := unanswered(nil, "payments", facts); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

func TestRequestOfNoRecordIsShown(t *testing.T) {
	judge := verdict.NewRequests("orders", "payments", "key")
	judge.Record(&record.Record{Key: []byte("o-1")})
	e := journal.Exchange{Method: "POST", Path: "/payments", Headers: []journal.Header{{Key: "Accept", Value: "*/*"},
		{Key: "Order", Value: "o-7"}}, Body: "{\n  \"id\": \"o-7\"\n}"}
	judge.Request("POST /payments", shownRequest(&e), 0, []string{"o-7"})
	const want = `POST /payments asked of payments, and it names no record of the topic by its key: it has headers ` +
		`Order: o-7, body { "id": "o-7" }`
	if err := judge.Result(verdict.ExactlyOnce).Err(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	if got := shownRequest(&journal.Exchange{}); got != "no headers of its own, no body" {
		t.Errorf("got %q of an empty request", got)
	}
	if got := shortPart(strings.Repeat("é", shownPart)); len(got) > shownPart+len("…") || !strings.HasSuffix(got, "é…") {
		t.Errorf("got %q of a long text", got)
	}
}
