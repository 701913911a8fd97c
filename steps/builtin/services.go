package builtin

// Services: HTTP services that the scenario stands in for, what is wrong with them, and what they were asked. Every
// application is told their addresses, as ${http.payments} in its entry of the profile and as HTTP_SERVICE_PAYMENTS in
// its environment. A request that no answer fits gets status 404, and fails the scenario. A fault that met fewer
// requests than it says makes the scenario inconclusive.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/stub"
	"github.com/kafkaspec/kafkaspec/pkg/units"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func serviceSteps(s *steps.Registry) {
	s.Given("an HTTP service {http}", isService, steps.Defines("http"))
	s.Given("an HTTP service {http} that answers:", isServiceAnswering, steps.Defines("http"))
	s.Step("the HTTP service {http} {trouble}", serviceIs, steps.Marked(steps.Outage))
	s.Then("every record of {topic} caused {promise} request to {http}", causedByKey, steps.FromJournal)
	s.Then("every record of {topic} caused {promise} request to {http}, by {string}", causedBy, steps.FromJournal,
		steps.Checked(recordIsNamed))
	s.Then("every record of {topic} caused {promise} request to {http}, by {string} in {string}", causedByIn,
		steps.FromJournal, steps.Checked(recordIsNamed))
	s.Then("the HTTP service {http} was asked {amount} time(s)", wasAsked, steps.FromJournal)
	s.Then("the HTTP service {http} was asked {amount} time(s) {method} {path}", wasAskedFor, steps.FromJournal)
	s.Then("the HTTP service {http} was asked:", wasAskedLike, steps.FromJournal)
	s.Then("the requests to {http} come in the order of the records of {topic}, by {string} in {string}", askedInOrder,
		steps.Claims(steps.Always), steps.FromJournal, steps.Checked(recordIsNamed))
}

// answerTable is what a service answers: a table with columns method, path, status, body, delay and headers.NAME.
type answerTable []stub.Answer

// Decode reads it with variables put in.
func (t *answerTable) Decode(a steps.Argument, vars record.Vars) error {
	if len(a.Rows) < 2 {
		return a.Source.Errorf("got no answers, want a table with columns such as method, path, status, body, delay, " +
			"headers.<name>, and a row for each answer")
	}
	columns, err := columnsOf(a.Rows[0], "method", "path", "status", "delay")
	if err != nil {
		return a.Source.Row(0).Errorf("%w", err)
	}
	for i, row := range a.Rows[1:] {
		var one stub.Answer
		for k, cell := range row[:min(len(row), len(columns))] {
			if cell, err = vars.Expand(cell); err == nil && cell != "" {
				err = setAnswer(&one, a.Rows[0][k], columns[k], cell)
			}
			if err != nil {
				return a.Source.Row(i+1).Errorf("column %q: %w", a.Rows[0][k], err)
			}
		}
		*t = append(*t, one)
		if err := stub.Check(*t); err != nil {
			return a.Source.Row(i+1).Errorf("%w", err)
		}
	}
	return nil
}

// setAnswer reads a cell.
func setAnswer(a *stub.Answer, name, column, cell string) (err error) {
	switch name {
	case "method":
		a.Method = cell
		return stub.CheckMethod(cell)
	case "path":
		a.Path = cell
		return stub.CheckPath(cell)
	case "status":
		n, err := units.Int.Parse(cell)
		a.Status = int(n)
		return errors.Join(err, stub.CheckStatus(n))
	case "delay":
		a.Delay, err = units.Duration.Parse(cell)
		return err
	}
	if a.Headers == nil {
		a.Headers = http.Header{}
	}
	if column != "value" && name != "body" {
		header := column[len("headers."):]
		if len(name) > 5 && name[:5] == "body." || !plainHeader(header, cell) {
			return fmt.Errorf("got %q, want the whole body in a column body, and headers of one line", cell)
		}
		a.Headers.Set(header, cell)
		return nil
	}
	a.Body = []byte(cell)
	if first := firstOf(cell); a.Headers.Get("Content-Type") == "" && (first == "{" || first == "[") {
		a.Headers.Set("Content-Type", "application/json")
	}
	return nil
}

// isService has the scenario stand in for an HTTP service, which answers every request with status 200 and no body.
//
//	Given an HTTP service "payments"
//	When the HTTP service "payments" is asked POST "/payments"
//	Then the HTTP service "payments" was asked 1 time
func isService(ctx context.Context, s string) error {
	return world.FromContext(ctx).DeclareService(s, nil)
}

// isServiceAnswering says what a service answers. Columns are method, path, status (200 if left out), body, delay and
// headers.NAME; a cell that is empty says nothing. In a path, * stands for one segment, and ** at the end for any
// others. The first row that fits counts. A request that none fits gets 404, and fails the scenario.
//
//	Given an HTTP service "payments" that answers:
//	  | method | path        | status | body             | headers.X-Trace | delay |
//	  | POST   | /payments   | 201    | {"state":"open"} | a               | 5ms   |
//	  | GET    | /payments/* | 200    | {"state":"paid"} |                 |       |
//	When the HTTP service "payments" is asked GET "/payments/o-1"
//	Then the answer is like:
//	  | body.state |
//	  | paid       |
func isServiceAnswering(ctx context.Context, s string, answers answerTable) error {
	return world.FromContext(ctx).DeclareService(s, answers)
}

// serviceIs has something be wrong with a service, in place of what is wrong with it already, or waits until it has
// been asked.
//
//	Given an HTTP service "payments"
//	And the HTTP service "payments" answers with status 503 for the next 1 request
//	When the HTTP service "payments" is asked 2 times POST "/payments"
//	Then the answers are like:
//	  | status |
//	  | 503    |
//	  | 200    |
func serviceIs(ctx context.Context, s *world.Service, what trouble) error { return what.at(s) }

// wasAsked counts the requests to a service, also those that it refused or left without an answer. Not looked at: what
// was asked, and by whom.
//
//	Given an HTTP service "payments"
//	When the HTTP service "payments" is asked 3 times POST "/payments"
//	Then the HTTP service "payments" was asked 3 times
func wasAsked(ctx context.Context, s *world.Service, want steps.Amount) error {
	return countAsked(s, want, "", func(*journal.Exchange) bool { return true })
}

// wasAskedFor counts the requests to a service with a method and a path. A path without a query is that of requests
// with any; in it, * stands for one segment, and ** at the end for any others. Not looked at: headers and bodies.
//
//	Given an HTTP service "payments"
//	When the HTTP service "payments" is asked 3 times POST "/payments/${number}"
//	Then the HTTP service "payments" was asked 3 times POST "/payments/*"
//	And the HTTP service "payments" was asked 1 time POST "/payments/2"
func wasAskedFor(_ context.Context, s *world.Service, want steps.Amount, method, path string) error {
	return countAsked(s, want, " "+method+" "+path, func(e *journal.Exchange) bool {
		_, fits := stub.Fits(path, e.Path)
		return e.Method == method && (fits || e.Path == path)
	})
}

func countAsked(s *world.Service, want steps.Amount, what string, counts func(*journal.Exchange) bool) error {
	facts, err := s.Asked()
	if err != nil {
		return err
	}
	var got int64
	for _, f := range facts {
		if e := f.Detail.(*journal.Exchange); counts(e) {
			got++
		}
	}
	if want.Holds(got) {
		return nil
	}
	err = fmt.Errorf("the HTTP service %q was asked %s%s, want %s", s.Name, words.Counted(got, "time"), what, want)
	if want.Exceeded(got) {
		return world.Final(err)
	}
	if others := askedElse(facts, counts); others != "" {
		err = fmt.Errorf("%w; it was asked: %s", err, others)
	}
	return err
}

// requestTable is a table with columns method, path, status, body, body.FIELD and headers.NAME.
type requestTable []record.Pattern

// Decode reads it with variables put in.
func (t *requestTable) Decode(a steps.Argument, vars record.Vars) error {
	patterns, err := patternsOf(a, vars, "method", "path", "status")
	*t = patterns
	return err
}

// wasAskedLike wants a request of its own for each row, in any order; there may be others. Columns are method, path
// (with its query), status (what it was answered; 0 for a request that got no answer), body, body.FIELD and
// headers.NAME, in the notation of records. The values of secret headers, such as Authorization, are not kept: ***
// stands for them. Not looked at: columns that are left out, and requests that fit no row.
//
//	Given an HTTP service "payments"
//	When the HTTP service "payments" is asked POST "/payments"
//	  | headers.Idempotency-Key | o-1         |
//	  | body                    | {"amount":5} |
//	Then the HTTP service "payments" was asked:
//	  | method | path      | body.amount | headers.Idempotency-Key |
//	  | POST   | /payments | 5           | o-1                     |
func wasAskedLike(ctx context.Context, s *world.Service, want requestTable) error {
	facts, err := s.Asked()
	if err != nil {
		return err
	}
	if len(facts) == 0 {
		return fmt.Errorf("the HTTP service %q was not asked yet", s.Name)
	}
	asked := make([]record.Record, len(facts))
	for i := range facts {
		asked[i] = asRecord(facts[i].Detail.(*journal.Exchange), false)
	}
	if record.Compare(record.Contains, want, asked) == nil {
		return nil
	}
	taken := make([]bool, len(facts))
	for _, p := range want {
		nearest, found := "", false
		for i := range facts {
			e := facts[i].Detail.(*journal.Exchange)
			told := differences(p, asked[i])
			if found = told == "" && !taken[i]; found {
				taken[i] = true
				break
			}
			if told != "" && (nearest == "" || len(told) < len(nearest)) {
				nearest = fmt.Sprintf("%s (of %s %s)", told, e.Method, e.Path)
			}
		}
		if !found {
			err := fmt.Errorf("the HTTP service %q was asked %s, and no request of its own is like %s; the nearest: %s",
				s.Name, words.Counted(len(facts), "time"), shownRow(p),
				cmp.Or(nearest, "one that another row has taken"))
			return unanswered(err, s.Name, facts)
		}
	}
	return nil
}

// trouble is what is done to a service, or waited for.
type trouble struct {
	at      func(s *world.Service) error
	options []steps.Option
}

// Options say whether it is waited for.
func (t trouble) Options() []steps.Option { return t.options }
