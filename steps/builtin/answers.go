package builtin

// Answers: what applications and services answered over HTTP.

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// answersHave compares the status of what was answered to the last step that asked, of each answer where it asked
// often. Not looked at: bodies, and answers to steps before it.
//
//	Given an HTTP service "payments"
//	When the HTTP service "payments" is asked POST "/payments"
//	Then the answer has status 200
func answersHave(ctx context.Context, status int) error {
	answers, err := world.FromContext(ctx).Answers()
	if err != nil {
		return err
	}
	for i, a := range answers {
		if a.Status != status {
			return world.Final(fmt.Errorf("%s: got status %d, want %d; it said %.300q", whichAnswer(i, len(answers)), a.Status,
				status, a.Reply))
		}
	}
	return nil
}

func whichAnswer(i, of int) string {
	if of == 1 {
		return "the answer"
	}
	return fmt.Sprintf("answer %d of %d", i+1, of)
}

// likeness is a table with columns status, body, body.FIELD and headers.NAME, or a doc string that is the whole body.
type likeness []record.Pattern

// Decode reads it with variables put in.
func (l *likeness) Decode(a steps.Argument, vars record.Vars) error {
	if a.Doc != nil {
		a.Rows, a.Doc = [][]string{{"body"}, {*a.Doc}}, nil
		a.Source.Lines = []int{a.Source.Line, a.Source.Line}
	}
	patterns, err := patternsOf(a, vars, "status")
	*l = patterns
	return err
}

// answersAreLike compares what was answered to the last step that asked with the row of a table, with columns status,
// body, body.FIELD and headers.NAME, in the notation of records: numbers by value, <any>, <absent>. A doc string is the
// whole body. Of several answers each is to be like the row, or, where there are as many rows, like its own. Not looked
// at: columns that are left out, and answers to steps before it.
//
//	Given an HTTP service "payments" that answers:
//	  | method | path      | status | body                      |
//	  | POST   | /payments | 201    | {"state":"ok","amount":5} |
//	When the HTTP service "payments" is asked POST "/payments"
//	Then the answer is like:
//	  | status | body.state | body.amount | headers.Content-Type |
//	  | 201    | ok         | > 4         | application/json     |
func answersAreLike(ctx context.Context, want likeness) error {
	w := world.FromContext(ctx)
	answers, err := w.Answers()
	if err != nil {
		return err
	}
	if len(want) != 1 && len(want) != len(answers) {
		return world.Final(fmt.Errorf("got %s, want one row for all or one for each, not %d",
			words.Counted(len(answers), "answer"), len(want)))
	}
	for i, a := range answers {
		if a.Cut {
			return world.Final(fmt.Errorf("%w: the bodies of so many answers are not kept", verdict.ErrInconclusive))
		}
		if told := differences(want[min(i, len(want)-1)], asRecord(a, true)); told != "" {
			return world.Final(fmt.Errorf("%s: %s", whichAnswer(i, len(answers)), told))
		}
	}
	return nil
}

// answersWith asks again and again until the status is that: what an application serves once it has read a record, say.
// Only GET, HEAD and OPTIONS are asked so, which change nothing. Not looked at: the body.
//
//	Given an HTTP service "payments"
//	Then the HTTP service "payments" answers GET "/health" with status 200
func answersWith(ctx context.Context, of peer, method, path string, status int) error {
	who, r, err := addressed(world.FromContext(ctx), of, method, path, message{})
	if err != nil {
		return err
	}
	answer, err := world.Answer(ctx, who, r)
	if err != nil {
		return err
	}
	if answer.Status != status {
		return fmt.Errorf("got status %d, want %d; it said %.300q", answer.Status, status, answer.Reply)
	}
	return nil
}

// answersLike asks again and again until the answer is like the row of a table, or has the body of a doc string. Not
// looked at: columns that are left out.
//
//	Given an HTTP service "payments" that answers:
//	  | path        | body           |
//	  | /payments/1 | {"state":"ok"} |
//	Then the HTTP service "payments" answers GET "/payments/1" like:
//	  | status | body.state |
//	  | 200    | ok         |
func answersLike(ctx context.Context, of peer, method, path string, want likeness) error {
	who, r, err := addressed(world.FromContext(ctx), of, method, path, message{})
	if err != nil {
		return err
	}
	if len(want) != 1 {
		return world.Final(fmt.Errorf("got %d rows, want one, as there is one answer", len(want)))
	}
	answer, err := world.Answer(ctx, who, r)
	if err != nil {
		return err
	}
	if told := differences(want[0], asRecord(answer, true)); told != "" {
		return errors.New(told)
	}
	return nil
}

// doesNotAnswer is satisfied when the connection is refused or closed, or 10s go by without an answer. Not looked at:
// why.
//
//	Given an HTTP service "payments"
//	And the HTTP service "payments" is down
//	Then the HTTP service "payments" does not answer GET "/health"
func doesNotAnswer(ctx context.Context, of peer, method, path string) error {
	who, r, err := addressed(world.FromContext(ctx), of, method, path, message{})
	if err != nil {
		return err
	}
	answer, err := world.Answer(ctx, who, r)
	switch {
	case err == nil:
		return fmt.Errorf("got an answer with status %d, want none", answer.Status)
	case !errors.Is(err, world.ErrNoAnswer):
		return err
	}
	return nil
}

// looking are the methods that change nothing.
var looking = []string{http.MethodGet, http.MethodHead, http.MethodOptions}

func onlyLooks(_ world.Surroundings, m steps.Match) error {
	if method := m.Names("method")[0]; !slices.Contains(looking, method) {
		return fmt.Errorf("got %s in an expectation, which may be asked often and is to change nothing; want GET, HEAD or "+
			"OPTIONS, or ask once: When … is asked %s", method, method)
	}
	return nil
}
