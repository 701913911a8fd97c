package world

// What stands behind the steps about commands: programs that a scenario runs to their end, and what they said.

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/holes"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// commandWithin is how long a command may take.
const commandWithin = time.Minute

// commander is what a command is called towards the cluster, as applications are by their names.
const commander = "command"

// CheckPlaceholders is an error for a ${name} with a dot in it that no application could be told. Others are variables
// of the scenario, which are known when it runs.
func CheckPlaceholders(text string) error {
	return holes.Each(text, func(string) {}, func(text string) (string, error) {
		hole, rest, closed := holes.Cut(text)
		if !closed {
			return "", fmt.Errorf("got %q without a closing }, want ${name}; write $${ for a plain ${", hole)
		}
		if name := holes.Name(hole); strings.Contains(name, ".") {
			if err := app.CheckValueName(name); err != nil {
				return "", fmt.Errorf("got %q; %w", hole, err)
			}
		}
		return rest, nil
	})
}

// RunCommand runs a program to its end, in the environment of an application and with what one can be told in its
// words: ${kafka.bootstrap}, ${topic.orders}, and variables of the scenario. One that has not ended after a minute is
// killed, with its children, and that is an error. So is a bad end, where no step of the scenario speaks of it.
func (w *World) RunCommand(ctx context.Context, words []string) error {
	if err := errors.Join(w.unspokenOf(), w.needDatabase(ctx)); err != nil {
		return err
	}
	env, err := (&Application{Name: commander, world: w}).env()
	if err != nil {
		return err
	}
	argv := make([]string, len(words))
	told := make([]string, len(words)) // as it is shown
	for i, word := range words {
		if argv[i], err = Filled(word, w.Variables(), env.Value); err != nil {
			return err
		}
		if told[i] = argv[i]; strings.ContainsAny(argv[i], " '") || argv[i] == "" {
			told[i] = "'" + argv[i] + "'"
		}
	}
	line := w.Session.Names().Undo(strings.Join(told, " "))
	late := fmt.Errorf("it took longer than %s, and was killed", commandWithin)
	ctx, cancel := context.WithTimeoutCause(ctx, commandWithin, late)
	defer cancel()
	w.wait("the command " + line)
	ran, err := app.RunCommand(ctx, argv, env)
	if err != nil {
		return w.Named(fmt.Errorf("the command %q: %w%s", line, err, lastOf(ran.Output)))
	}
	said := &journal.Command{Line: line, Code: ran.Code, Signal: ran.Signal, Cut: ran.Cut,
		Output: w.Session.Names().Undo(ran.Output)}
	w.Journal.Add(journal.Fact{Kind: journal.CommandRan, Source: journal.SourceKafkaspec, Partition: -1, Offset: -1,
		Detail: said})
	if ran.Left != "" {
		return fmt.Errorf("the command %s, and has left running %s; it was ended: have the command end what it starts, or "+
			"wait for it%s", said, ran.Left, lastOf(said.Output))
	}
	if ran.Code != 0 {
		w.badEnd = said
	}
	if !w.options.Needs.Outcome {
		return w.unspokenOf()
	}
	return nil
}

// unspokenOf is an error where the last command has ended badly, and no step has looked at that.
func (w *World) unspokenOf() error {
	if w.badEnd == nil {
		return nil
	}
	return fmt.Errorf("the command %s, and no step speaks of its end: Then the command has ended with %d%s", w.badEnd,
		w.badEnd.Code, lastOf(w.badEnd.Output))
}

// EndOfCommand is how the last command has ended, which is for the step that asks to judge.
func (w *World) EndOfCommand() (*journal.Command, error) {
	w.badEnd = nil
	return w.LastCommand()
}

// Filled puts variables, and the values that applications are told, in place of ${name}.
func Filled(text string, vars record.Vars, told func(name string) (string, error)) (string, error) {
	var full strings.Builder
	var errs []error
	err := holes.Each(text, func(text string) { full.WriteString(text) }, func(text string) (string, error) {
		hole, rest, _ := holes.Cut(text)
		name := holes.Name(hole)
		if value, known := vars[name]; known {
			full.WriteString(value)
			return rest, nil
		}
		value, err := told(name)
		full.WriteString(value)
		switch {
		case errors.Is(err, app.ErrNoValue):
			errs = append(errs, fmt.Errorf("%s %w", hole, err))
		case err != nil: // it is nothing that can be told
			_, err = vars.Expand(hole)
			errs = append(errs, err)
		}
		return rest, nil
	})
	return full.String(), errors.Join(append(errs, err)...)
}

// mostShownOutput is how much of a command's output a message shows, in lines.
const mostShownOutput = 10

// lastOf are the last lines of an output, to be shown below a message.
func lastOf(output string) string {
	output = strings.TrimSpace(output)
	if output == "" {
		return ""
	}
	lines := strings.Split(output, "\n")
	lines = lines[max(0, len(lines)-mostShownOutput):]
	for i, line := range lines {
		lines[i] = fmt.Sprintf("%.300q", line)
	}
	return "\nit wrote last:\n  " + strings.Join(lines, "\n  ")
}

// LastCommand is how the last command has ended. It is an error where none was run.
func (w *World) LastCommand() (*journal.Command, error) {
	var last *journal.Command
	w.Journal.Select(func(f *journal.Fact) bool {
		if d, ok := f.Detail.(*journal.Command); ok {
			last = d
		}
		return false
	})
	if last == nil {
		return nil, Final(errors.New("no command was run before; add: When the command \"…\" is run"))
	}
	return last, nil
}

// Wrote is an error of a command's output, which is shown with it.
func Wrote(c *journal.Command, format string, arguments ...any) error {
	return Final(fmt.Errorf(format+"%s", append(arguments, lastOf(c.Output))...))
}
