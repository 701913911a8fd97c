package builtin

// Databases: what applications write into the scenario's database, against the topics it came from. Rows name their
// record in the columns source_topic, source_partition and source_offset. The database is an SQLite file unless
// --database says otherwise; every application of the scenario is told of it (DATABASE_URL).

import (
	"context"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func databaseSteps(s *steps.Registry) {
	s.Then("every record of {topic} has {promise} row in table {string}", everyRecordHasRows,
		steps.With(world.NeedsDatabase))
	s.Then("the query {string} returns:", queryReturns, steps.Claims(steps.InTheEnd), steps.With(world.NeedsDatabase),
		steps.Checked(queryReads))
	s.Then("the rows in table {string}(, the offsets in the database) and the (committed )offsets of group {group} agree "+
		"on {topic}", positionsAgree, steps.With(world.NeedsDatabase))
	s.Then("the table {string} contains exactly:", tableContainsExactly, steps.Claims(steps.InTheEnd),
		steps.With(world.NeedsDatabase))
	s.Then("the table {string} has {amount} row(s)", tableHasRows,
		steps.With(world.NeedsDatabase))
	s.Then("the verdict on {topic} in table {string} is {string}", verdictIs, steps.Claims(steps.InTheEnd),
		steps.With(world.NeedsDatabase), steps.Checked(verdictIsKnown))
	s.Step("the database has run {string}", databaseHasRun, steps.With(world.NeedsDatabase))
	s.Step("the database is {service}", databaseIs, steps.With(world.NeedsDatabase), steps.Marked(steps.Outage))
}

// databaseParts are what a database does for applications.
func databaseParts(s *steps.Registry) {
	steps.AddPart[service](s, "service", "what a database does for applications",
		steps.Form("stopped", databaseStopped),
		steps.Form("slow by {duration}", databaseSlow),
		steps.Form("started", databaseStarted))
	steps.AddPart[promise](s, "promise", "how often a record may have its effect",
		steps.Form("exactly one", exactlyOne),
		steps.Form("at least one", atLeastOne),
		steps.Form("at most one", atMostOne))
}

// promise is how often a record may have its effect.
type promise struct{ of verdict.Promise }

// Options let a second effect break a promise for good, where one is the most there may be.
func (p promise) Options() []steps.Option {
	if p.of == verdict.AtMostOnce {
		return []steps.Option{steps.Claims(steps.Always)}
	}
	return []steps.Option{steps.Claims(steps.InTheEnd)}
}

// everyRecordHasRows judges the rows of a topic by their places. Not looked at: other columns than those that name the
// record.
//
//	Given topic "orders" with 1 partition
//	And application "writer" is the reference "db-writer" in group "writers" reading "orders"
//	When the record "a" is sent to "orders"
//	Then every record of "orders" has exactly one row in table "records"
func everyRecordHasRows(ctx context.Context, topic *world.Topic, p promise, table string) error {
	return judgeRows(ctx, topic, table, p.of)
}

// service changes what a database does for applications.
type service func(ctx context.Context, d *database.Database) error

// databaseIs takes the database away from applications, makes it slow, or gives it back.
//
//	Given topic "orders" with 1 partition
//	And application "writer" is the reference "db-writer" in group "writers" reading "orders"
//	When the database is stopped
//	And the database is started
//	And the record "a" is sent to "orders"
//	Then every record of "orders" has exactly one row in table "records"
func databaseIs(ctx context.Context, what service) error {
	return world.FromContext(ctx).WithDatabase(ctx, func(d *database.Database) error { return what(ctx, d) })
}

// exactlyOne judges the rows of a topic by their places: each record has one, and no row is of anything else. A row
// that names no record of any topic of the scenario fails it as well; rows of the scenario's other topics may be there.
// What stands in the other columns is not looked at. Not looked at: other columns than those that name the record.
//
//	Given topic "orders" with 1 partition
//	And application "writer" is the reference "db-writer" in group "writers" reading "orders"
//	When the record "a" is sent to "orders"
//	Then every record of "orders" has exactly one row in table "records"
func exactlyOne() promise { return promise{verdict.ExactlyOnce} }

// atLeastOne judges that each record of a topic has a row, or several. Not looked at: other columns than those that
// name the record.
//
//	Given topic "orders" with 1 partition
//	And application "writer" is the reference "db-writer" in group "writers" reading "orders"
//	  | mode | at-least-once |
//	When the record "a" is sent to "orders"
//	Then every record of "orders" has at least one row in table "records"
func atLeastOne() promise { return promise{verdict.AtLeastOnce} }

// atMostOne judges that no record of a topic has two rows. Where none has one it is inconclusive. It shows something
// only once no more rows come: look once the application has caught up. Not looked at: other columns than those that
// name the record, and records that have no row.
//
//	Given topic "orders" with 1 partition
//	And application "writer" is the reference "db-writer" in group "writers" reading "orders"
//	  | mode | at-most-once |
//	When the record "a" is sent to "orders"
//	Then once "writer" has caught up, every record of "orders" has at most one row in table "records"
func atMostOne() promise { return promise{verdict.AtMostOnce} }

// neither is the verdict where each record has one row; it was once said shorter.
const neither, shortNeither = "neither lost nor repeated", "neither"

// promises are what must hold where a verdict is true.
var promises = map[string]verdict.Promise{"lost": verdict.AtMostOnce, "repeated": verdict.AtLeastOnce,
	neither: verdict.ExactlyOnce, shortNeither: verdict.ExactlyOnce}

func verdictIsKnown(_ world.Surroundings, m steps.Match) error {
	if want := m.Names("string")[1]; promises[want] == "" {
		return fmt.Errorf("got the verdict %q, want lost, repeated or %s", want, neither)
	}
	return nil
}

// verdictIs says how often records of a topic had their effect: "lost" when some have no row and none has two,
// "repeated" when some have two and none is without, "neither lost nor repeated" when each has one ("neither" is the
// same). Use it in outlines, with once "app" has caught up. What stands in the rows beside their places is not looked
// at. Not looked at: other columns than those that name the record.
//
//	Given topic "orders" with 1 partition
//	And application "writer" is the reference "db-writer" in group "writers" reading "orders"
//	When the record "a" is sent to "orders"
//	Then once "writer" has caught up, the verdict on "orders" in table "records" is "neither lost nor repeated"
func verdictIs(ctx context.Context, topic *world.Topic, table, want string) error {
	judge, err := world.FromContext(ctx).Table(table).Effects(ctx, topic)
	if err != nil {
		return err
	}
	if err := world.Judged(judge.Result(promises[want])); err != nil {
		return fmt.Errorf("want %s: %w", want, err)
	}
	if want == "lost" && judge.Lost() == 0 || want == "repeated" && judge.Repeated() == 0 {
		return fmt.Errorf("rows of %s in table %s: got %d records lost and %d repeated, want some %s", topic.Name, table,
			judge.Lost(), judge.Repeated(), want)
	}
	return world.Settled(ctx, topic)
}

// positionsAgree is satisfied when all that says how far each partition of a topic has come says the same: the last
// row, the offset that the database has in the table consumer_offsets (columns topic, partition and next_offset), and
// the offset committed to the group. Not looked at: rows before the last of each partition.
//
//	Given topic "orders" with 2 partitions
//	And application "writer" is the reference "db-writer" in group "writers" reading "orders"
//	When 100 records from generator "orders" are sent to "orders"
//	Then every record of "orders" has exactly one row in table "records"
//	And the rows in table "records" and the offsets of group "writers" agree on "orders"
func positionsAgree(ctx context.Context, table string, group *world.Group, topic *world.Topic) error {
	judge := verdict.NewPositions(topic.Name)
	if err := world.FromContext(ctx).Table(table).RowsOf(ctx, topic, judge.Row); err != nil {
		return err
	}
	if err := topic.StoredOffsets(ctx, group, judge.Stored); err != nil {
		return err
	}
	committed, err := group.Committed(ctx, topic)
	if err != nil {
		return err
	}
	for partition, offset := range committed {
		judge.Committed(int32(partition), offset)
	}
	return world.Judged(judge.Result())
}

// tableHasRows counts the rows of a table. Not looked at: what the rows are.
//
//	Given topic "orders" with 1 partition
//	And application "writer" is the reference "db-writer" in group "writers" reading "orders"
//	When the record "a" is sent to "orders"
//	Then the table "records" has 1 row
func tableHasRows(ctx context.Context, table string, want steps.Amount) error {
	got, err := world.FromContext(ctx).Table(table).Count(ctx)
	if err != nil {
		return err
	}
	if !want.Holds(got) {
		return fmt.Errorf("table %s: got %s, want %s", table, words.Counted(got, "row"), want)
	}
	return nil
}

// tableContainsExactly compares a table with rows, in any order. Only the columns of the first line are looked at.
// Numbers are compared by value (5.10 is 5.1), and so are dates and times (2026-01-05 10:00:00 is
// 2026-01-05T10:00:00Z) and columns of JSON, all else as text; bytes may be written as \x00ff too. null stands for
// NULL; "null" in quotes is the text, as is whatever else is quoted as a JSON string. Not looked at: columns that are
// left out, and the order of rows.
//
//	Given topic "orders" with 1 partition
//	And application "writer" is the reference "db-writer" in group "writers" reading "orders"
//	When these records are sent to "orders":
//	  | key | value |
//	  | u1  | a     |
//	  | u1  | b     |
//	Then the table "records" contains exactly:
//	  | source_offset | key | value |
//	  | 0             | u1  | a     |
//	  | 1             | u1  | b     |
func tableContainsExactly(ctx context.Context, table string, want steps.Table) error {
	got, err := world.FromContext(ctx).Table(table).Cells(ctx, want.Rows[0])
	if err != nil {
		return err
	}
	return compareRows("table "+table, got, want.Rows[1:])
}

// databaseHasRun runs a statement of SQL, or several with semicolons between them, in the scenario's database, to make
// tables with constraints or data for an application. All such statements of a scenario have one connection. A
// transaction that begins in one and is not committed in another is seen by nobody else, and holds its locks. A name
// that is a word of SQL stands in double quotes, a text in single quotes, on MySQL too.
//
//	Given topic "orders" with 1 partition
//	And the database has run "CREATE TABLE prices (item TEXT, price INTEGER)"
//	And the database has run "INSERT INTO prices VALUES ('pen', 2)"
//	Then the table "prices" contains exactly:
//	  | item | price |
//	  | pen  | 2     |
func databaseHasRun(ctx context.Context, statement string) error {
	return world.FromContext(ctx).WithDatabase(ctx, func(d *database.Database) error {
		if err := d.Run(ctx, statement); err != nil {
			return fmt.Errorf("run %.200q in the database: %w", statement, err)
		}
		return nil
	})
}

// databaseStopped takes the database away from applications, until it is started. Connections to a server (PostgreSQL,
// MySQL) are cut and new ones refused; an SQLite file is locked by a writer that does not end.
//
//	Given topic "orders" with 1 partition
//	And application "writer" is the reference "db-writer" in group "writers" reading "orders"
//	When the database is stopped
//	And the record "a" is sent to "orders"
//	Then for 100ms group "writers" has committed nothing of "orders"
//	When the database is started
//	Then every record of "orders" has exactly one row in table "records"
func databaseStopped() service {
	return func(ctx context.Context, d *database.Database) error { return d.Stop(ctx) }
}

// databaseStarted ends what was done to the database: it can be had again, and is quick.
//
//	Given topic "orders" with 1 partition
//	And application "writer" is the reference "db-writer" in group "writers" reading "orders"
//	When the database is stopped
//	And the database is started
//	And the record "a" is sent to "orders"
//	Then every record of "orders" has exactly one row in table "records"
func databaseStarted() service {
	return func(ctx context.Context, d *database.Database) error { return d.Start(ctx) }
}

// databaseSlow makes applications wait for the database, until it is started. With PostgreSQL and MySQL each request
// takes that much longer; an SQLite file is locked most of the time, so that a write waits for up to that long.
//
//	Given topic "orders" with 1 partition
//	And application "writer" is the reference "db-writer" in group "writers" reading "orders"
//	When the database is slow by 50ms
//	And the record "a" is sent to "orders"
//	Then every record of "orders" has exactly one row in table "records"
func databaseSlow(by time.Duration) service {
	return func(_ context.Context, d *database.Database) error { return d.Slow(by) }
}

func judgeRows(ctx context.Context, topic *world.Topic, table string, promise verdict.Promise) error {
	judge, err := world.FromContext(ctx).Table(table).Effects(ctx, topic)
	if err != nil {
		return err
	}
	if err := world.Judged(judge.Result(promise)); err != nil {
		return err
	}
	if promise == verdict.AtMostOnce && judge.Rows() == 0 {
		return fmt.Errorf("%w: no record of %q has a row in table %s, so none could have two; if all were lost, say: "+
			`the verdict on %[2]q in table %[3]q is "lost"`, verdict.ErrInconclusive, topic.Name, table)
	}
	return world.Settled(ctx, topic)
}
