package steps

// Applications: declaring them and their life. A declared application starts when the first When or Then is reached, after all that is
// given is in place, unless the scenario starts it by a step of its own.

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

func applicationSteps(s *Registry) {
	s.Given("application {app} is the command {string} in group {group} reading {topic}", commandInGroup, Defines("app"), checked(programExists))
	s.Given("application {app} is the command {string} writing {topic}", commandWriting, Defines("app"), checked(programExists))
	s.Given("application {app} is the reference {string} in group {group} reading {topic}", referenceInGroup, Defines("app"), checked(referenceIsKnown))
	s.Given("application {app} is the reference {string} writing {topic}", referenceWriting, Defines("app"), checked(referenceIsKnown))
	s.Given("application {app} of the profile is in group {group} reading {topic}", profiledInGroup, Defines("app"), checked(profileHasApplication))
	s.Given("application {app} of the profile is writing {topic}", profiledWriting, Defines("app"), checked(profileHasApplication))
	s.Then("application {app} fails with {string}", failsWith, with(endsApp))
	s.Then("application {app} is running", isRunning)
	s.Step("application {app} has failed", hasFailed, Awaited, with(endsApp))
	s.Step("application {app} has finished", hasFinished, Awaited, with(endsApp))
	s.Step("application {app} is killed", isKilled, with(needsProcess, endsApp))
	s.Step("application {app} is paused", isPaused, with(needsProcess))
	s.Step("application {app} is restarted", isRestarted)
	s.Step("application {app} is resumed", isResumed, with(needsProcess))
	s.Step("application {app} is started", isStarted, with(startsApp))
	s.Step("application {app} is stopped", isStopped, with(endsApp))
}

// commandInGroup declares a program in any language that reads a topic in a consumer group. It finds the cluster, its group and its topics in
// environment variables (KAFKA_BOOTSTRAP_SERVERS, KAFKA_GROUP_ID, KAFKA_INPUT_TOPICS, KAFKA_TOPIC_<NAME>); a table or YAML under the step
// becomes the file that APP_SETTINGS names.
func commandInGroup(ctx context.Context, name, command, group, topic string, settings Settings) error {
	w := FromContext(ctx)
	argv, err := splitCommand(command)
	if err != nil {
		return err
	}
	return w.declare(&application{name: name, definition: app.Definition{Name: name, Command: argv}, group: group, inputs: []string{topic}, settings: settings})
}

// commandWriting declares a program in any language that writes a topic; see the command that reads one for what it is given.
//
//	Given topic "orders" with 1 partition
//	And application "loader" is the command "sh -c 'echo writing $KAFKA_OUTPUT_TOPICS'" writing "orders"
//	When application "loader" is started
//	Then application "loader" has finished
func commandWriting(ctx context.Context, name, command, topic string, settings Settings) error {
	w := FromContext(ctx)
	argv, err := splitCommand(command)
	if err != nil {
		return err
	}
	return w.declare(&application{name: name, definition: app.Definition{Name: name, Command: argv}, outputs: []string{topic}, settings: settings})
}

// referenceInGroup declares one of the reference applications, or one registered by the test that runs the features, as the reader of a topic.
// A table or YAML under the step holds its settings.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	And the record "not json" is in "orders"
//	When "shipping" has caught up with "orders"
//	Then "orders_dlq" contains exactly 1 record
func referenceInGroup(ctx context.Context, name, reference, group, topic string, settings Settings) error {
	w := FromContext(ctx)
	d, err := w.reference(name, reference)
	if err != nil {
		return err
	}
	return w.declare(&application{name: name, definition: d, group: group, inputs: []string{topic}, settings: settings})
}

// referenceWriting declares one of the reference applications, or one registered by the test that runs the features, as the writer of a topic.
//
//	Given topic "events" with 3 partitions
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 1_000 |
//	When application "loader" has finished
//	Then "events" contains exactly 1_000 records
func referenceWriting(ctx context.Context, name, reference, topic string, settings Settings) error {
	w := FromContext(ctx)
	d, err := w.reference(name, reference)
	if err != nil {
		return err
	}
	return w.declare(&application{name: name, definition: d, outputs: []string{topic}, settings: settings})
}

// profiledInGroup declares an application that the profile describes: its command, environment, ready condition and log patterns.
func profiledInGroup(ctx context.Context, name, group, topic string, settings Settings) error {
	w := FromContext(ctx)
	d, err := w.profiled(name)
	if err != nil {
		return err
	}
	return w.declare(&application{name: name, definition: d, group: group, inputs: []string{topic}, settings: settings})
}

// profiledWriting declares an application that the profile describes as the writer of a topic.
func profiledWriting(ctx context.Context, name, topic string, settings Settings) error {
	w := FromContext(ctx)
	d, err := w.profiled(name)
	if err != nil {
		return err
	}
	return w.declare(&application{name: name, definition: d, outputs: []string{topic}, settings: settings})
}

// isStarted starts a declared application and waits until it is ready: what its definition says, or else, for one in a group, that the group
// has given it partitions.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is started
//	Then application "shipping" is running
func isStarted(ctx context.Context, name string) error {
	w := FromContext(ctx)
	a, err := w.application(name)
	if err != nil {
		return err
	}
	return w.start(ctx, a)
}

// isStopped asks the application to end (SIGTERM, or its context in process) and waits for it. An exit code other than 0 is a failure.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is stopped
//	Then "orders_dlq" is empty
func isStopped(ctx context.Context, name string) error {
	return FromContext(ctx).act(name, func(a *app.App) error { return a.Stop(ctx) })
}

// isKilled ends the application at once (SIGKILL), with its children. It runs as a process for that. Its group keeps the dead member until the
// member's session times out, so give the application a short one.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	  | session-timeout    | 1s    |
//	  | heartbeat-interval | 100ms |
//	When application "shipping" is killed
//	And application "shipping" is restarted
//	Then application "shipping" is running
func isKilled(ctx context.Context, name string) error {
	return FromContext(ctx).act(name, (*app.App).Kill)
}

// isPaused stops the application where it stands (SIGSTOP), as a long garbage collection or a frozen machine would.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is paused
//	And application "shipping" is resumed
//	Then application "shipping" is running
func isPaused(ctx context.Context, name string) error {
	return FromContext(ctx).act(name, (*app.App).Pause)
}

// isResumed lets a paused application go on (SIGCONT).
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is paused
//	And application "shipping" is resumed
//	Then application "shipping" is running
func isResumed(ctx context.Context, name string) error {
	return FromContext(ctx).act(name, (*app.App).Resume)
}

// isRestarted ends the application if it runs, starts it again and waits until it is ready.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	When application "shipping" is restarted
//	Then application "shipping" is running
func isRestarted(ctx context.Context, name string) error {
	w := FromContext(ctx)
	a, err := w.application(name)
	if err != nil {
		return err
	}
	if a.running == nil {
		return w.start(ctx, a)
	}
	if err := a.running.Close(ctx); err != nil {
		return w.named(err)
	}
	if a.ready != nil {
		a.ready = w.readiness(ctx, w.Session.Names().Group(a.group), a.name)
	}
	if err := a.running.Restart(ctx); err != nil {
		return w.named(err)
	}
	return w.awaitReady(ctx, a)
}

// hasFinished waits until the application has ended by itself with exit code 0.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 10 |
//	When application "loader" has finished
//	Then "events" contains exactly 10 records
func hasFinished(ctx context.Context, name string) error {
	w := FromContext(ctx)
	return w.ended(name, func(a *application, err error) error {
		if err != nil {
			return final(w.named(fmt.Errorf("application %q %v, want exit code 0", name, a.running.State())))
		}
		return nil
	})
}

// hasFailed waits until the application has ended by itself with an exit code other than 0.
//
//	Given topic "orders" with 1 partition
//	And application "shipping" is the command "sh -c 'exit 3'" writing "orders"
//	When application "shipping" is started
//	Then application "shipping" has failed
func hasFailed(ctx context.Context, name string) error {
	w := FromContext(ctx)
	return w.ended(name, func(_ *application, err error) error {
		if err == nil {
			return final(fmt.Errorf("application %q finished with exit code 0, want it to fail", name))
		}
		return nil
	})
}

// failsWith waits until the application has ended with an exit code other than 0 and looks for the text in its last lines.
//
//	Given topic "orders" with 1 partition
//	And application "shipping" is the command "sh -c 'echo out of paper; exit 3'" writing "orders"
//	When application "shipping" is started
//	Then application "shipping" fails with "out of paper"
func failsWith(ctx context.Context, name, text string) error {
	w := FromContext(ctx)
	return w.ended(name, func(a *application, err error) error {
		if err == nil {
			return final(fmt.Errorf("application %q finished with exit code 0, want it to fail with %q", name, text))
		}
		lines := append(w.lastLines(a, 200), w.Session.Names().Undo(err.Error()))
		for _, line := range lines {
			if strings.Contains(line, text) {
				return nil
			}
		}
		return final(w.named(fmt.Errorf("application %q failed without saying %q", name, text)))
	})
}

// isRunning is satisfied while the application runs. Say for how long it must.
//
//	Given topic "orders" with 1 partition
//	And topic "orders_dlq" with 1 partition
//	And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
//	Then for 100ms application "shipping" is running
func isRunning(ctx context.Context, name string) error {
	w := FromContext(ctx)
	a, err := w.application(name)
	if err != nil {
		return err
	}
	return w.alive(a)
}

// act does something to a running application.
func (w *World) act(name string, do func(*app.App) error) error {
	a, err := w.application(name)
	if err != nil {
		return err
	}
	if a.running == nil {
		return fmt.Errorf("application %q was not started; add: When application %q is started", name, name)
	}
	return w.named(do(a.running))
}

// ended calls judge with how the application ended; while it runs, that is an error worth waiting on.
func (w *World) ended(name string, judge func(*application, error) error) error {
	a, err := w.application(name)
	if err != nil {
		return err
	}
	if a.running == nil {
		return final(fmt.Errorf("application %q was not started; add: When application %q is started", name, name))
	}
	select {
	case <-a.running.Done():
		return judge(a, a.running.Wait(context.Background()))
	default:
		return fmt.Errorf("application %q is still running", name)
	}
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
