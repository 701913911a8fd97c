package builtin

// Commands: programs that a scenario runs to their end, without a shell, such as a command-line tool of the application
// or one that makes data. They are told what applications are: environment variables, and ${topic.orders} and its like
// in their arguments (docs/applications.md has all names).

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func commandSteps(s *steps.Registry) {
	s.Step("the command {command} is run", commandIsRun, steps.Marked(makesFiles),
		steps.Checked(commandCanRun))
	s.Then("its output contains {string}", outputContains, steps.FromJournal)
	s.Then("its output does not contain {string}", outputLacks, steps.FromJournal)
	s.Then("the command has ended with {int}", commandEndedWith, steps.FromJournal, steps.With(world.JudgesCommand))
}

// commandIsRun runs a program to its end and keeps its output. It is started without a shell, in the working folder of
// kafkaspec, with the environment variables that applications have; its arguments may have ${kafka.bootstrap},
// ${topic.orders}, ${http.payments} and all else that an application of the profile can be told, and variables of the
// scenario. One that ends otherwise than with 0 is a failure, unless a step says what it has ended with, before the
// next command is run. One that takes longer than a minute is killed, with its children, and the step fails. So it does
// where a command leaves running what it has started, which is ended.
//
//	Given topic "orders" with 1 partition
//	When the command "sh -c 'echo reading $KAFKA_TOPIC_ORDERS with $0' ${topic.orders}" is run
//	Then its output contains "reading"
func commandIsRun(ctx context.Context, words []string) error {
	return world.FromContext(ctx).RunCommand(ctx, words)
}

// makesFiles marks steps behind which there may be programs that are not there yet.
const makesFiles steps.Mark = "makes files"

// MayMake tells whether a step may make programs and scripts that those behind it run: a command, such as a build, or a
// step of somebody's own.
func MayMake(m steps.Match) bool {
	own := m.Definition.Package != reflect.TypeFor[Declared]().PkgPath()
	return m.Definition.Has(makesFiles) || own && !m.Definition.Awaited
}

func commandCanRun(s world.Surroundings, m steps.Match) error {
	if err := canRun(s, m.Values[0].Value.([]string)); err != nil {
		return errors.New(strings.Replace(err.Error(), "the application's command", "the command", 1))
	}
	return nil
}

// canRun finds a program, a script or a .jar file that is not there before anything runs, unless its name is yet to be
// told, or a step before may have made it.
func canRun(s world.Surroundings, words []string) error {
	if s.Making || strings.Contains(words[0], "${") {
		return nil
	}
	if err := app.CheckProgram(words[0], ""); err != nil {
		return err
	}
	return app.CheckScript(words, "")
}

// commandEndedWith compares the exit code of the last command. One that a signal ended has none. Not looked at: its
// output, and commands before it.
//
//	When the command "sh -c 'exit 3'" is run
//	Then the command has ended with 3
func commandEndedWith(ctx context.Context, code int64) error {
	c, err := world.FromContext(ctx).EndOfCommand()
	if err != nil {
		return err
	}
	if c.Signal != "" || int64(c.Code) != code {
		return world.Wrote(c, "the command %s, want %d", c, code)
	}
	return nil
}

// outputContains looks for a text in what the last command wrote, to standard output or standard error. Not looked at:
// what else it wrote, in which order, and how it ended.
//
//	When the command "echo 3 orders" is run
//	Then its output contains "3 orders"
func outputContains(ctx context.Context, text string) error {
	text = world.FromContext(ctx).Shown(text)
	c, err := world.FromContext(ctx).LastCommand()
	if err != nil || strings.Contains(c.Output, text) {
		return err
	}
	if c.Cut {
		return world.Final(fmt.Errorf("%w: the command wrote more than is kept, %d bytes, and %q is not among these",
			verdict.ErrInconclusive, len(c.Output), text))
	}
	return world.Wrote(c, "the output of the command does not contain %q", text)
}

// outputLacks is satisfied when the last command did not write a text. Not looked at: how it ended.
//
//	When the command "echo 3 orders" is run
//	Then its output does not contain "error"
func outputLacks(ctx context.Context, text string) error {
	text = world.FromContext(ctx).Shown(text)
	c, err := world.FromContext(ctx).LastCommand()
	switch {
	case err != nil:
		return err
	case strings.Contains(c.Output, text):
		return world.Wrote(c, "the output of the command contains %q", text)
	case c.Output == "" || c.Cut:
		return world.Final(fmt.Errorf("%w: the command wrote nothing, or more than is kept", verdict.ErrInconclusive))
	}
	return nil
}
