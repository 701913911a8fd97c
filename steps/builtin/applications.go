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
	s.Given("application {app} is the command {string} {role}", isCommand, steps.Defines("app"),
		steps.Checked(programExists))
	s.Given("application {app} is the reference {string} {role}", isReference, steps.Defines("app"),
		steps.Checked(referenceIsKnown))
	s.Given("application {app} of the profile is {role}", isOfProfile, steps.Defines("app"),
		steps.Marked(profiled), steps.With(world.NeedsProfiled), steps.Checked(profileHasApplication))
}

// isCommand declares a program in any language. It finds the cluster, its group and its topics in environment variables
// (KAFKA_BOOTSTRAP_SERVERS, KAFKA_GROUP_ID, KAFKA_WATCHED_GROUP_ID, KAFKA_INPUT_TOPICS and KAFKA_OUTPUT_TOPICS with
// commas between the names, KAFKA_TOPIC_<NAME>); a table or YAML under the step becomes the file that APP_SETTINGS
// names. It is started without a shell; single quotes keep words together.
//
//	Given topic "orders" with 1 partition
//	And topic "returns" with 1 partition
//	And topic "parcels" with 1 partition
//	And application "shipping" is the command "sh -c 'env | grep TOPICS'" reading "orders" and "returns" writing "parcels"
//	When application "shipping" has finished
//	Then "shipping" said "KAFKA_INPUT_TOPICS=orders,returns" exactly 1 time
//	And "shipping" said "KAFKA_OUTPUT_TOPICS=parcels" exactly 1 time
func isCommand(ctx context.Context, name, command string, as role, settings world.Settings) error {
	return declare(ctx, name, theCommand(command), as, settings)
}

// isReference declares one of the reference applications, or one registered by the test that runs the features. A table
// or YAML under the step holds its settings.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "not json" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then "orders_dlq" contains exactly 1 record
func isReference(ctx context.Context, name, reference string, as role, settings world.Settings) error {
	return declare(ctx, name, theReference(reference), as, settings)
}

// isOfProfile declares an application that the profile describes: its command, environment, ready condition and log
// patterns.
func isOfProfile(ctx context.Context, name string, as role, settings world.Settings) error {
	return declare(ctx, name, ofProfile, as, settings)
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

// declare adds an application to the scenario that runs the program in a role.
func declare(ctx context.Context, name string, from program, as role, settings world.Settings) error {
	w := world.FromContext(ctx)
	definition, err := from(w, name)
	if err != nil {
		return err
	}
	return w.Declare(&world.Application{Name: name, Definition: definition, Group: as.group, Watches: as.watches,
		Inputs: as.reads, Outputs: as.writes, Settings: settings})
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
