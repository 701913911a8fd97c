package builtin

// What records caused: requests to HTTP services, each tied to its record by what both have.

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/stub"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// causedByKey judges the requests that a service has accepted: each record of a topic caused one, and none was made for
// what is no record. A request is that of the record whose key stands in it: in its path, its query, a header, or as a
// text or number in its JSON body. One that has the keys of two records is inconclusive: say where the key stands. A
// request that was refused (a status of 400 or more) or left without an answer before the service had acted is a try,
// and does not count; nor do GET, HEAD and OPTIONS. Of several records with one key, each has a request of its own. Not
// looked at: what else is in requests, and tries.
//
//	Given topic "orders" with 1 partition
//	And these records are in "orders":
//	  | key | value |
//	  | o-1 | a     |
//	And an HTTP service "payments"
//	When the HTTP service "payments" is asked POST "/payments/o-1"
//	Then every record of "orders" caused exactly one request to "payments"
func causedByKey(ctx context.Context, topic *world.Topic, p promise, s *world.Service) error {
	return judgeCaused(ctx, topic, p, s, "key", "")
}

// causedBy judges the same by what the text says in place of the key: a field of the JSON value, key or headers.NAME.
// Not looked at: what else is in requests, and tries.
//
//	Given topic "orders" with 1 partition
//	And these records are in "orders":
//	  | key | value       |
//	  | u1  | {"id": 17}  |
//	And an HTTP service "payments"
//	When the HTTP service "payments" is asked POST "/payments"
//	  """json
//	  {"order": {"number": 17}}
//	  """
//	Then every record of "orders" caused exactly one request to "payments", by "id"
func causedBy(ctx context.Context, topic *world.Topic, p promise, s *world.Service, by string) error {
	return judgeCaused(ctx, topic, p, s, by, "")
}

// causedByIn judges the same, and says where in a request it stands: path (any segment), a path with a * where it
// stands, such as /payments/* (requests to other paths are not looked at then), query.NAME, headers.NAME, body, or
// body.FIELD of JSON or of a form. Not looked at: what else is in requests, and tries.
//
//	Given topic "orders" with 1 partition
//	And these records are in "orders":
//	  | key | value       |
//	  | u1  | {"id": "a"} |
//	And an HTTP service "payments"
//	When the HTTP service "payments" is asked POST "/payments"
//	  | headers.Idempotency-Key | a            |
//	  | body                    | {"user":"b"} |
//	Then every record of "orders" caused exactly one request to "payments", by "id" in "headers.Idempotency-Key"
func causedByIn(ctx context.Context, topic *world.Topic, p promise, s *world.Service, by, in string) error {
	return judgeCaused(ctx, topic, p, s, by, in)
}

// askedInOrder judges the order of the requests that a service has accepted: for records with the same key, on the same
// partition, they came as the records do. Repetitions are not looked at. Where no request is that of a record it is
// inconclusive. Not looked at: records without a request, requests without a record, and order between keys.
//
//	Given topic "orders" with 1 partition
//	And these records are in "orders":
//	  | key | value     |
//	  | u1  | {"id": 1} |
//	  | u1  | {"id": 2} |
//	And an HTTP service "payments"
//	When the HTTP service "payments" is asked 2 times POST "/payments/${number}"
//	Then the requests to "payments" come in the order of the records of "orders", by "id" in "/payments/*"
func askedInOrder(ctx context.Context, s *world.Service, topic *world.Topic, by, in string) error {
	judge, gone, facts, err := requestsOf(ctx, topic, s, by, in)
	if err != nil {
		return err
	}
	return unanswered(cmp.Or(gone.Judged(judge.Order()), gone.Err()), s.Name, facts)
}

func judgeCaused(ctx context.Context, topic *world.Topic, p promise, s *world.Service, by, in string) error {
	judge, gone, facts, err := requestsOf(ctx, topic, s, by, in)
	if err != nil {
		return err
	}
	if gone != nil {
		gone.Certain = verdict.Just(verdict.MissingRequest)
	}
	if err := cmp.Or(gone.Judged(judge.Result(p.of)), gone.Err()); err != nil {
		return unanswered(err, s.Name, facts)
	}
	return world.Settled(ctx, topic)
}

// requestsOf hands the records of a topic and the requests to a service to a judge. The requests are taken first, so
// that the record of each has been read. What is gone of the topic, and not known, may be what the others are for.
func requestsOf(ctx context.Context, topic *world.Topic, s *world.Service, by, in string) (*verdict.Requests,
	*world.GoneError, []journal.Fact, error) {
	if by != "key" && !strings.HasPrefix(by, "headers.") {
		if err := world.FromContext(ctx).NeedsValues(); err != nil {
			return nil, nil, nil, err
		}
	}
	facts, err := s.Asked()
	if err != nil {
		return nil, nil, nil, err
	}
	judge := verdict.NewRequests(topic.Name, s.Name, by)
	gone, err := whatIsLeft(world.ScanAll(ctx,
		world.Feed{Topic: topic, See: judge.Record, Gone: judge.Record, Unread: judge.Unread}))
	if err != nil {
		return nil, nil, nil, err
	}
	for _, f := range facts {
		e := f.Detail.(*journal.Exchange)
		if slices.Contains(looking, e.Method) {
			continue
		}
		name := fmt.Sprintf("%s %s", e.Method, e.Path)
		may, counts := names(e, in)
		switch {
		case !counts:
		case !e.Accepted:
			judge.Refused(e.Status, may)
		case e.Cut && (in == "" || strings.HasPrefix(in, "body")):
			judge.Unclear(name + " has a body that is too long to be kept")
		default:
			judge.Request(name, shownRequest(e), f.At, may)
		}
	}
	return judge, gone, facts, nil
}

// usual are headers that name no record, whatever their values are.
var usual = []string{"Accept", "Accept-Encoding", "Accept-Language", "Connection", "Content-Length", "Content-Type",
	"Host", "User-Agent", "Transfer-Encoding"}

// names are the texts in a request that may be what its record is told by, at the place that is named, or anywhere. It
// is false for a request to another path.
func names(e *journal.Exchange, in string) (may []string, counts bool) {
	path, rawQuery, _ := strings.Cut(e.Path, "?")
	query, _ := url.ParseQuery(rawQuery) // what can be read of it counts
	kind, name, _ := strings.Cut(in, ".")
	if strings.HasPrefix(in, "/") {
		at, fits := stub.Fits(in, e.Path)
		return []string{unescaped(at)}, fits
	}
	if in == "" || kind == "path" {
		for segment := range strings.SplitSeq(path, "/") {
			may = append(may, unescaped(segment))
		}
	}
	for key, values := range query {
		if in == "" || kind == "query" && key == name {
			may = append(may, values...)
		}
	}
	for _, h := range e.Headers {
		if in == "" && !slices.Contains(usual, h.Key) || kind == "headers" && strings.EqualFold(h.Key, name) {
			may = append(may, h.Value)
		}
	}
	if in == "" || kind == "body" {
		may = append(may, inBody(e, name)...)
	}
	return may, true
}

// inBody are the texts of a body: those of a JSON document or of a form, at a field or all, or else the body itself.
// Clients call JSON a form at times, so the body has the first word.
func inBody(e *journal.Exchange, field string) []string {
	body := []byte(e.Body)
	if text, err := verdict.TextAt(body, field); err == nil && field != "" {
		return []string{text}
	}
	isForm := !json.Valid(body) && slices.ContainsFunc(e.Headers, func(h journal.Header) bool {
		return h.Key == "Content-Type" && strings.HasPrefix(h.Value, "application/x-www-form-urlencoded")
	})
	var values []string
	if form, err := url.ParseQuery(e.Body); isForm && err == nil {
		for key, more := range form {
			if field == "" || key == field {
				values = append(values, more...)
			}
		}
	} else if field == "" {
		values = append(verdict.Texts(body), e.Body)
	}
	return values
}

func unescaped(segment string) string {
	if plain, err := url.PathUnescape(segment); err == nil {
		return plain
	}
	return segment
}

// places are where in a request a text may stand.
var places = []string{"path", "/path/*", "query.NAME", "headers.NAME", "body", "body.FIELD"}

// recordIsNamed looks at how a record is told from others, and where that stands in a request.
func recordIsNamed(s world.Surroundings, m steps.Match) error {
	if err := correlationIsNamed(s, m); err != nil {
		return err
	}
	texts := m.Names("string")
	if len(texts) == 1 {
		return nil
	}
	in := texts[1]
	kind, name, dotted := strings.Cut(in, ".")
	switch {
	case strings.HasPrefix(in, "/"):
		if !strings.Contains(in, "/*") {
			return fmt.Errorf("got the path %q, want one with * where it stands, such as /payments/*", in)
		}
		return stub.CheckPath(in)
	case in == "path" || in == "body",
		dotted && name != "" && slices.Contains([]string{"query", "headers", "body"}, kind):
		return nil
	}
	if near := nearest.Word(kind, []string{"path", "query", "headers", "body"}); near != "" && near != kind {
		return fmt.Errorf("got %q; did you mean %q? known: %s", in, near+strings.TrimPrefix(in, kind),
			strings.Join(places, ", "))
	}
	return fmt.Errorf("got %q, want where in a request it stands: %s", in, strings.Join(places, ", "))
}
