package steps_test

import (
	"context"
	"fmt"
	"strings"
	"testing/fstest"

	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/steps"
)

// A step of one's own is a phrase and a handler. The handler takes a value for each parameter: here the topic itself,
// and a number.
func Example() {
	countWords := func(ctx context.Context, topic *world.Topic, want int64) error {
		records, err := topic.Records(ctx)
		if err != nil {
			return err
		}
		got := 0
		for _, r := range records {
			got += len(strings.Fields(string(r.Value)))
		}
		if int64(got) != want {
			return fmt.Errorf("%q: got %d words, want %d", topic.Name, got, want)
		}
		return nil
	}
	run(func(s *steps.Registry) { s.Then("{topic} holds {count} word(s)", countWords) }, `
    Given topic "lines" with 1 partition
    When the record "to be or not to be" is sent to "lines"
    Then "lines" holds 6 words`)
	// Output: passed
}

// What stands under a step comes last: a table as it stands, or records, patterns or settings read from it.
func ExampleTable() {
	oneOf := func(ctx context.Context, topic *world.Topic, table steps.Table) error {
		allowed := map[string]bool{}
		for _, row := range table.Rows {
			allowed[row[0]] = true
		}
		records, err := topic.Records(ctx)
		for _, r := range records {
			if !allowed[string(r.Value)] {
				return fmt.Errorf("%q offset %d: got %q, want one of the table", topic.Name, r.Offset, r.Value)
			}
		}
		return err
	}
	run(func(s *steps.Registry) { s.Then("every value in {topic} is one of:", oneOf) }, `
    Given topic "lines" with 1 partition
    When the record "hello" is sent to "lines"
    Then every value in "lines" is one of:
      | hello |
      | hi    |`)
	// Output: passed
}

// Claims says that what holds must hold again once all is quiet. It is said of one that something later can break.
func ExampleClaims() {
	isFull := func(ctx context.Context, topic *world.Topic) error {
		if n, err := topic.Count(ctx); err != nil || n == 2 {
			return err
		}
		return fmt.Errorf("%q is not full", topic.Name)
	}
	run(func(s *steps.Registry) { s.Then("{topic} is full", isFull, steps.Claims(steps.InTheEnd)) }, `
    Given topic "lines" with 1 partition
    When the record "one" is sent to "lines"
    And the record "two" is sent to "lines"
    Then "lines" is full`)
	// Output: passed
}

// run runs one scenario on the embedded broker, with steps of one's own, and prints what came out.
func run(register func(*steps.Registry), scenario string) {
	feature := "Feature: an example\n  Scenario: one" + scenario + "\n"
	results, err := runner.Execute(context.Background(), runner.Params{
		FS: fstest.MapFS{"example.feature": {Data: []byte(feature)}}, Steps: []func(*steps.Registry){register},
	})
	if err != nil {
		fmt.Println(err)
	}
	for _, s := range results.Scenarios {
		fmt.Println(s.Status)
		if s.Failure != nil {
			fmt.Println(s.Failure.Message)
		}
	}
}
