package builtin

// Readings: what becomes of records at an application that reads them by a schema of its own. The application says so
// in its log lines: "read" with topic, partition, offset and value (as JSON), and defaulted, the fields it filled in;
// "processed" and "dead-lettered" as others do; and "warning" with field, schema (the writer's id), topic, partition
// and offset for a field that was missing.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func readingSteps(s *steps.Registry) {
	s.Then("{app} read {topic} as:", readAs, steps.Claims(steps.InTheEnd), steps.With(world.NeedsRegistry))
}

// The outcomes of a record at its reader.
const (
	outcomeRead      = "read"
	outcomeDefault   = "read with default"
	outcomeWarning   = "set aside with a warning"
	outcomeRejected  = "rejected"
	outcomeBoth      = "both read and set aside"
	outcomeNone      = "none yet"
	readKind         = journal.Kind("read")
	fieldOfOutcome   = "outcome"
	fieldOfClass     = "class"
	fieldOfDefaulted = "defaulted"
)

var outcomes = []string{outcomeRead, outcomeDefault, outcomeWarning, outcomeRejected}

// ownColumns gives the step's own columns, which are compared as headers, the names that the table has.
var ownColumns = strings.NewReplacer("headers."+fieldOfOutcome, fieldOfOutcome, "headers."+fieldOfClass, fieldOfClass,
	"headers."+fieldOfDefaulted, fieldOfDefaulted, ", headers outcome=", ", outcome=")

// Readings is a table that describes what became of records at an application that reads them by a schema: the columns
// of Patterns, and outcome, class and defaulted.
type Readings []record.Pattern

// Decode reads the table as patterns: its own columns become headers of the records they are compared with.
func (r *Readings) Decode(a steps.Argument, vars record.Vars) (err error) {
	if a.Rows == nil {
		return a.Source.Errorf("got a doc string, want a table with the column outcome")
	}
	rows := slices.Clone(a.Rows)
	rows[0] = slices.Clone(rows[0])
	at := slices.Index(rows[0], fieldOfOutcome)
	if at < 0 {
		return a.Source.Errorf("got no column outcome, want one: %s", words.Quoted(outcomes))
	}
	for i, row := range rows[1:] {
		if at >= len(row) || slices.Contains(outcomes, row[at]) {
			continue
		}
		if near := nearest.Word(row[at], outcomes); near != "" {
			return a.Source.Row(i+1).Errorf("got the outcome %q; did you mean %q?", row[at], near)
		}
		return a.Source.Row(i+1).Errorf("got the outcome %q, want one of %s", row[at], words.Quoted(outcomes))
	}
	for i, column := range rows[0] {
		if slices.Contains([]string{fieldOfOutcome, fieldOfClass, fieldOfDefaulted}, column) {
			rows[0][i] = "headers." + column
		}
	}
	*r, err = record.PatternsFromTable(a.Source, rows, vars)
	return err
}

// readAs compares what became of each record of a topic at an application that reads it by a schema of its own. The
// column outcome is one of read; read with default (some field was filled in); set aside with a warning (it is a dead
// letter, and a warning named the field that is missing); and rejected (it is a dead letter without one). The columns
// value and value.… are what the application read, key, partition and offset those of the record, class that of the
// dead letter's error, and defaulted the fields that were filled in. Not looked at: columns that are left out.
//
//	Given topic "users" with 1 partition
//	And topic "users_dlq" with 1 partition
//	And schema "user-v1" is registered for "users"
//	And schema "user-v2" is registered for "users"
//	And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
//	  | reader-version | 2 |
//	When these records are sent to "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	Then "reader" read "users" as:
//	  | outcome           | value                                | defaulted |
//	  | read with default | {"id":"u1","age":30,"email":"none"}  | email     |
func readAs(ctx context.Context, a *world.Application, topic *world.Topic, want Readings) error {
	w := world.FromContext(ctx)
	records, err := topic.Records(ctx)
	if err != nil {
		return err
	}
	facts := factsOfReadings(w, a, topic)
	settled := true
	got := make([]record.Record, len(records))
	for i, r := range records {
		got[i] = facts.at(r)
		settled = settled && string(got[i].Headers[0].Value) != outcomeNone
	}
	if err = record.Compare(record.ContainsExactly, want, got); err == nil {
		if err := absentAsMeant(ctx, topic, bySchema, steps.Patterns(want), got); err != nil {
			return err
		}
		return world.Settled(ctx, topic)
	}
	if d, ok := errors.AsType[*record.Difference](err); ok {
		d.AllHeaders = true // no headers of Kafka, and each says more of what became of the record
		d.Names = ownColumns
	}
	err = fmt.Errorf("what %q made of %q: %w", a.Name, topic.Name, err)
	if settled && len(got) >= len(want) {
		return world.Final(err) // all is said
	}
	return errors.Join(err, a.Alive())
}

// readingFacts is what an application said of the records of a topic.
type readingFacts struct {
	read      map[place]map[string]string
	processed map[place]bool
	dead      map[place]string // class
	warned    map[int]bool     // schema ids with a warning
	warnings  []journal.Fact
}

func factsOfReadings(w *world.World, a *world.Application, topic *world.Topic) *readingFacts {
	f := &readingFacts{read: map[place]map[string]string{}, processed: map[place]bool{}, dead: map[place]string{},
		warned: map[int]bool{}}
	for _, fact := range w.Journal.Select(func(f *journal.Fact) bool { return f.App == a.Name && f.Topic == topic.Name }) {
		at := place{fact.Partition, fact.Offset}
		switch fact.Kind {
		case readKind:
			f.read[at] = fact.Fields()
		case journal.Processed:
			f.processed[at] = true
		case journal.DeadLettered:
			f.dead[at] = fact.Fields()[fieldOfClass]
		case journal.Warning:
			if fact.Fields()["field"] == "" {
				continue
			}
			f.warnings = append(f.warnings, fact)
			if id, err := strconv.Atoi(fact.Fields()["schema"]); err == nil {
				f.warned[id] = true
			}
		}
	}
	return f
}

// at is one record as its reader saw it, with the outcome as its first header.
func (f *readingFacts) at(r record.Record) record.Record {
	at := place{r.Partition, r.Offset}
	seen := record.Record{Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, Key: r.Key, Timestamp: r.Timestamp}
	class, dead := f.dead[at]
	outcome := outcomeNone
	switch {
	case dead && f.processed[at]:
		outcome = outcomeBoth
	case dead:
		outcome = outcomeRejected
		if id, _, err := schema.Unframe(r.Value); err == nil && class == missingField && f.warned[id] {
			outcome = outcomeWarning
		}
	case f.processed[at]:
		outcome = outcomeRead
		if value, ok := f.read[at]["value"]; ok {
			seen.Value = []byte(value)
		}
		if f.read[at][fieldOfDefaulted] != "" {
			outcome = outcomeDefault
		}
	}
	for _, h := range [][2]string{{fieldOfOutcome, outcome}, {fieldOfClass, class},
		{fieldOfDefaulted, f.read[at][fieldOfDefaulted]}} {
		seen.Headers = append(seen.Headers, record.Header{Key: h[0], Value: []byte(h[1])})
	}
	return seen
}

// missingField is the class of the dead letters of records without a field that their reader requires.
const missingField = "missing-field"
