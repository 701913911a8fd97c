package world_test

import (
	"context"
	"errors"
	"fmt"
	"testing/fstest"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	_ "modernc.org/sqlite"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/steps"
)

// Records are all that a topic holds now. Scan reads one that may hold millions, record by record.
func ExampleTopic_Records() {
	longest := func(ctx context.Context, topic *world.Topic, most int64) error {
		records, err := topic.Records(ctx)
		for _, r := range records {
			if int64(len(r.Value)) > most {
				return fmt.Errorf("%q partition %d offset %d: got %d bytes, want at most %d", topic.Name, r.Partition, r.Offset,
					len(r.Value), most)
			}
		}
		return err
	}
	run(func(s *steps.Registry) { s.Then("no value in {topic} has more than {int} bytes", longest) }, `
    Given topic "lines" with 1 partition
    When the record "short" is sent to "lines"
    Then no value in "lines" has more than 10 bytes`)
	// Output: passed
}

// A step that does something waits by Until. The error of the last look is the reason that is shown.
func ExampleWorld_Until() {
	fill := func(ctx context.Context, topic *world.Topic) error {
		for n := range 3 {
			if err := topic.Send(ctx, []record.Record{{Partition: -1, Value: fmt.Append(nil, n)}}); err != nil {
				return err
			}
		}
		return world.FromContext(ctx).Until(ctx, 50*time.Millisecond, "the topic to be full", func(ctx context.Context) error {
			if n, err := topic.Count(ctx); err != nil || n == 4 {
				return err
			}
			return errors.New("the fourth record is missing")
		})
	}
	run(func(s *steps.Registry) { s.When("{topic} is filled", fill) }, `
    Given topic "lines" with 1 partition
    When "lines" is filled`)
	// Output:
	// failed
	// not within 50ms: the fourth record is missing
}

// What waiting cannot heal is Final: an expectation ends at once, and not after its ten seconds.
func ExampleFinal() {
	polite := func(ctx context.Context, topic *world.Topic) error {
		return topic.Scan(ctx, func(*record.Record) {})
	}
	rude := func(ctx context.Context, topic *world.Topic) (err error) {
		if scanned := topic.Scan(ctx, func(r *record.Record) {
			if string(r.Value) == "go away" && err == nil {
				err = world.Final(fmt.Errorf("%q offset %d is rude", topic.Name, r.Offset))
			}
		}); scanned != nil {
			return scanned
		}
		return err
	}
	run(func(s *steps.Registry) {
		s.Then("{topic} can be read", polite)
		s.Then("nothing in {topic} is rude", rude)
	}, `
    Given topic "lines" with 1 partition
    When the record "go away" is sent to "lines"
    Then "lines" can be read
    And within 1h nothing in "lines" is rude`)
	// Output:
	// failed
	// "lines" offset 0 is rude
}

// A step is judged by what an application's client said to the cluster, in whichever language. It says that it needs
// the wire to be listened to: NeedsAttempts for what is written, NeedsMembers for groups, NeedsClients for software.
func ExampleApplication_FactsOf() {
	safe := func(_ context.Context, a *world.Application, topic *world.Topic) error {
		writes := a.FactsOf(journal.ProduceAttempt, topic)
		if len(writes) == 0 {
			return fmt.Errorf("application %q has written nothing to %q", a.Name, topic.Name)
		}
		for _, f := range writes {
			if acks := f.Detail.(*journal.Attempt).Acks; acks != -1 {
				return world.Final(fmt.Errorf("%q wrote with acks=%d, want all", a.Name, acks))
			}
		}
		return nil
	}
	run(func(s *steps.Registry) {
		s.Then("{app} writes safely to {topic}", safe, steps.With(world.NeedsAttempts))
	}, `
    Given topic "lines" with 1 partition
    And application "hasty" is the reference "hasty" writing "lines"
    Then "hasty" writes safely to "lines"`)
	// Output:
	// failed
	// "hasty" wrote with acks=1, want all
}

// A step that needs the database says so: the scenario gets one of its own, whose address its applications are given.
func ExampleNeedsDatabase() {
	listed := func(ctx context.Context, item string) error {
		return world.FromContext(ctx).WithDatabase(ctx, func(d *database.Database) error {
			_, err := d.DB.ExecContext(ctx, "CREATE TABLE prices (item TEXT); INSERT INTO prices VALUES ($1)", item)
			return err
		})
	}
	run(func(s *steps.Registry) {
		s.Given("{string} is in the price list", listed, steps.With(world.NeedsDatabase))
	}, `
    Given "pen" is in the price list
    Then the table "prices" has 1 row`)
	// Output: passed
}

// A step that does to an application what can only be done to a process says so. One that is written in Go is a
// process then, too, and else part of the test: see runner.Main.
func ExampleNeedsProcess() {
	freeze := func(_ context.Context, a *world.Application) error {
		return errors.Join(a.Act((*app.App).Pause), a.Act((*app.App).Resume))
	}
	run(func(s *steps.Registry) { s.When("{app} hangs for a moment", freeze, steps.With(world.NeedsProcess)) }, `
    Given topic "lines" with 1 partition
    And application "idle" is the command "sleep 60" reading "lines"
    When "idle" hangs for a moment
    Then "lines" is empty`)
	// Output: passed
}

// run runs one scenario on the embedded broker, with steps of one's own, and prints what came out.
func run(register func(*steps.Registry), scenario string) {
	feature := "Feature: an example\n  Scenario: one" + scenario + "\n"
	results, err := runner.Execute(context.Background(), runner.Params{
		FS: fstest.MapFS{"example.feature": {Data: []byte(feature)}}, Steps: []func(*steps.Registry){register},
		Applications: map[string]app.Func{"hasty": hasty},
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

// hasty is an application that does not wait for all replicas.
func hasty(ctx context.Context, env app.Env) error {
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(append(options, kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite())...)
	if err != nil {
		return err
	}
	defer client.Close()
	return client.ProduceSync(ctx, &kgo.Record{Topic: env.Topic("lines"), Value: []byte("x")}).FirstErr()
}
