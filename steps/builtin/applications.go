package builtin

// Applications: declaring them, with their settings. A declared application starts when the first When or Then is
// reached, after all that is given is in place, unless the scenario starts it by a step of its own.

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func applicationSteps(s *steps.Registry) {
	s.Given("application {app} is the command {string} in group {group} reading {topic}", commandInGroup,
		steps.Defines("app"), steps.Marked(joinsGroup), steps.Checked(programExists))
	s.Given("application {app} is the command {string} reading {topic}", commandReading, steps.Defines("app"),
		steps.Marked(readyAtOnce), steps.Checked(programExists))
	s.Given("application {app} is the command {string} writing {topic}", commandWriting, steps.Defines("app"),
		steps.Marked(readyAtOnce), steps.Checked(programExists))
	s.Given("application {app} is the reference {string} in group {group} reading {topic}", referenceInGroup,
		steps.Defines("app"), steps.Marked(joinsGroup), steps.Checked(referenceIsKnown))
	s.Given("application {app} is the reference {string} reading {topic}", referenceReading, steps.Defines("app"),
		steps.Marked(readyAtOnce), steps.Checked(referenceIsKnown))
	s.Given("application {app} is the reference {string} writing {topic}", referenceWriting, steps.Defines("app"),
		steps.Marked(readyAtOnce), steps.Checked(referenceIsKnown))
	s.Given("application {app} of the profile is in group {group} reading {topic}", profiledInGroup,
		steps.Defines("app"), steps.Marked(isMember), steps.With(world.NeedsProfiled), steps.Checked(profileHasApplication))
	s.Given("application {app} of the profile is writing {topic}", profiledWriting, steps.Defines("app"),
		steps.Marked(groupless), steps.With(world.NeedsProfiled), steps.Checked(profileHasApplication))
}

// commandInGroup declares a program in any language that reads a topic in a consumer group. It finds the cluster, its
// group and its topics in environment variables (KAFKA_BOOTSTRAP_SERVERS, KAFKA_GROUP_ID, KAFKA_INPUT_TOPICS,
// KAFKA_TOPIC_<NAME>); a table or YAML under the step becomes the file that APP_SETTINGS names.
func commandInGroup(ctx context.Context, name, command, group, topic string, settings world.Settings) error {
	return declare(ctx, theCommand(command), &world.Application{Name: name, Group: group, Inputs: []string{topic},
		Settings: settings})
}

// commandReading declares a program in any language that reads a topic and is in no group, such as one that reads all
// partitions from their start; see the command in a group for what it is given.
//
//	Given topic "orders" with 1 partition
//	And application "reader" is the command "sh -c 'echo reading $KAFKA_INPUT_TOPICS'" reading "orders"
//	When application "reader" is started
//	Then application "reader" has finished
func commandReading(ctx context.Context, name, command, topic string, settings world.Settings) error {
	return declare(ctx, theCommand(command), &world.Application{Name: name, Inputs: []string{topic}, Settings: settings})
}

// commandWriting declares a program in any language that writes a topic; see the command that reads one for what it is
// given.
//
//	Given topic "orders" with 1 partition
//	And application "loader" is the command "sh -c 'echo writing $KAFKA_OUTPUT_TOPICS'" writing "orders"
//	When application "loader" is started
//	Then application "loader" has finished
func commandWriting(ctx context.Context, name, command, topic string, settings world.Settings) error {
	return declare(ctx, theCommand(command), &world.Application{Name: name, Outputs: []string{topic}, Settings: settings})
}

// referenceInGroup declares one of the reference applications, or one registered by the test that runs the features, as
// the reader of a topic. A table or YAML under the step holds its settings.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "not json" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then "orders_dlq" contains exactly 1 record
func referenceInGroup(ctx context.Context, name, reference, group, topic string, settings world.Settings) error {
	return declare(ctx, theReference(reference), &world.Application{Name: name, Group: group, Inputs: []string{topic},
		Settings: settings})
}

// referenceReading declares one of the reference applications, or one registered by the test that runs the features, as
// a reader of a topic that is in no group.
//
//	Given topic "events" with 3 partitions
//	And application "load" is the reference "bench-producer" writing "events"
//	  | events | 1_000 |
//	And application "meter" is the reference "bench-consumer" reading "events"
//	  | events | 1_000 |
//	When application "load" has finished
//	Then application "meter" has finished
func referenceReading(ctx context.Context, name, reference, topic string, settings world.Settings) error {
	return declare(ctx, theReference(reference), &world.Application{Name: name, Inputs: []string{topic},
		Settings: settings})
}

// referenceWriting declares one of the reference applications, or one registered by the test that runs the features, as
// the writer of a topic.
//
//	Given topic "events" with 3 partitions
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 1_000 |
//	When application "loader" has finished
//	Then "events" contains exactly 1_000 records
func referenceWriting(ctx context.Context, name, reference, topic string, settings world.Settings) error {
	return declare(ctx, theReference(reference), &world.Application{Name: name, Outputs: []string{topic},
		Settings: settings})
}

// profiledInGroup declares an application that the profile describes: its command, environment, ready condition and log
// patterns.
func profiledInGroup(ctx context.Context, name, group, topic string, settings world.Settings) error {
	return declare(ctx, ofProfile, &world.Application{Name: name, Group: group, Inputs: []string{topic},
		Settings: settings})
}

// profiledWriting declares an application that the profile describes as the writer of a topic.
func profiledWriting(ctx context.Context, name, topic string, settings world.Settings) error {
	return declare(ctx, ofProfile, &world.Application{Name: name, Outputs: []string{topic}, Settings: settings})
}

// program finds what an application runs.
type program func(w *world.World, name string) (app.Definition, error)

func theCommand(line string) program {
	return func(_ *world.World, name string) (app.Definition, error) {
		argv, err := splitCommand(line)
		return app.Definition{Name: name, Command: argv}, err
	}
}

func theReference(reference string) program {
	return func(w *world.World, name string) (app.Definition, error) { return w.ReferenceApp(name, reference) }
}

func ofProfile(w *world.World, name string) (app.Definition, error) { return w.ProfiledApp(name) }

// declare adds an application to the scenario that runs the program.
func declare(ctx context.Context, from program, a *world.Application) (err error) {
	w := world.FromContext(ctx)
	if a.Definition, err = from(w, a.Name); err != nil {
		return err
	}
	return w.Declare(a)
}

// splitCommand splits a command line into words; single quotes keep a word together, there is no shell.
func splitCommand(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	inQuotes, inWord := false, false
	for _, c := range line {
		switch {
		case c == '\'':
			inQuotes, inWord = !inQuotes, true
		case c == ' ' && !inQuotes:
			if inWord {
				words = append(words, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteRune(c)
			inWord = true
		}
	}
	if inQuotes {
		return nil, fmt.Errorf("got the command %#q, in which a single quote is not closed; close it", line)
	}
	if inWord {
		words = append(words, word.String())
	}
	if len(words) == 0 {
		return nil, errors.New(`the command is empty; name a program, such as "python3 consumer.py"`)
	}
	return words, nil
}
