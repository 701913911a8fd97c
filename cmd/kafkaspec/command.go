package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/units"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// The exit codes.
const (
	exitPassed      = 0
	exitFailed      = 1
	exitInput       = 2
	exitEnvironment = 3
	exitInterrupted = 130
)

// commands are the subcommands, each in a file of its own.
type commands struct {
	Run      runCommand      `cmd:"" help:"Run feature files, or the built-in ones."`
	Steps    stepsCommand    `cmd:"" help:"List the steps that features can use, or search them."`
	Init     initCommand     `cmd:"" help:"Write a first feature and a profile, for you to edit, and what the Cucumber extension of VS Code needs."`
	Lint     lintCommand     `cmd:"" help:"Find mistakes in feature files and a profile, without running them."`
	Lsp      lspCommand      `cmd:"" help:"Serve an editor (Language Server Protocol): complete, explain and check steps."`
	Bench    benchCommand    `cmd:"" help:"Measure the throughput and latency of a cluster; each event is checked."`
	App      appCommand      `cmd:"" help:"Run a reference application by itself, or list them."`
	Broker   brokerCommand   `cmd:"" help:"Run the embedded Kafka broker as a server, with faults."`
	Kafka    kafkaCommand    `cmd:"" help:"Download Apache Kafka into the cache, for --cluster local."`
	Registry registryCommand `cmd:"" help:"Download Apicurio Registry into the cache, for --registry local."`
	Report   reportCommand   `cmd:"" help:"Merge the results of several runs, such as shards, and write their reports."`
	Judge    judgeCommand    `cmd:"" help:"Judge saved runs again, without a cluster or an application."`
	Doctor   doctorCommand   `cmd:"" help:"Check this machine, the profile, its clusters and an application, and say what to do."`
	Clean    cleanCommand    `cmd:"" help:"List topics and groups that killed runs left on a cluster, or delete them."`
	Version  versionCommand  `cmd:"" help:"Show the version of kafkaspec and of Go."`

	Completion completionCommand `cmd:"" help:"Turn on completion of commands, flags and file names in a shell."`
}

// console is what a command gets from its process.
type console struct {
	ctx            context.Context
	stdout, stderr io.Writer
}

// errNotPassed says that scenarios did not pass; the report has told the rest.
var errNotPassed = errors.New("a scenario did not pass")

// refusedError says what is wrong with scenarios that were not begun, while others were run. It starts with file:line.
type refusedError struct{ text string }

func (e *refusedError) Error() string { return e.text }

// usageError is a mistake in the command line.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usage(format string, arguments ...any) error {
	return &usageError{fmt.Sprintf(format, arguments...)}
}

// exited carries the exit code that kong wants out of the parser.
type exited int

// firstHelp stands at the top of kafkaspec help.
const firstHelp = `Tests Kafka applications with scenarios written in Gherkin.

Begin with: kafkaspec init, then kafkaspec run first.feature.

Exit codes: 0 all passed, 1 something failed or was inconclusive, 2 the input is wrong, 3 the environment is wrong, ` +
	`130 interrupted.`

// execute carries out a command line and returns the exit code.
func execute(arguments []string, c *console) (code int) {
	secrets := &report.Redactor{} // of the command line; the runner knows those of the profile
	for _, argument := range arguments {
		secrets.Hide(access.SecretsIn(argument)...)
	}
	c.stderr = secrets.Writer(c.stderr)
	defer func() {
		if stopped := recover(); stopped != nil {
			status, ok := stopped.(exited)
			if !ok {
				panic(stopped)
			}
			code = int(status)
		}
	}()
	parser, err := kong.New(&commands{}, kong.Name("kafkaspec"),
		kong.Description(firstHelp),
		kong.Writers(c.stdout, c.stderr), kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}), kong.Bind(c))
	if err != nil {
		panic(err) // the tags above are wrong
	}
	kongcompletion.Register(parser)                    // answers the shell where it asks what can follow, and exits
	if len(arguments) == 0 || arguments[0] == "help" { // "help run", as git and go have it
		arguments = append(slices.Clone(arguments[min(len(arguments), 1):]), "--help")
	}
	parsed, err := parser.Parse(arguments)
	if err == nil {
		err = emptyValue(parsed)
	}
	var failed *fs.PathError // the help could not be written
	if err != nil && !errors.As(err, &failed) {
		err = usage("%s%s; see kafkaspec --help", plainUsage(err.Error()), flagsFirst(arguments, parser))
	} else if err == nil {
		err = parsed.Run()
	}
	return c.finish(err)
}

// flagsFirst says where flags stand, to somebody who put them before the command.
func flagsFirst(arguments []string, parser *kong.Kong) string {
	if !strings.HasPrefix(arguments[0], "-") {
		return ""
	}
	for _, command := range parser.Model.Leaves(true) {
		if slices.Contains(arguments, command.Name) {
			return fmt.Sprintf("; flags stand behind the command: kafkaspec %s %s …", command.Name, arguments[0])
		}
	}
	return ""
}

// needsValue are flags whose value names a file or folder, or which part is to be done.
var needsValue = regexp.MustCompile(`^(report|rerun|profile|json|baseline|shard|begin-at)$`)

// emptyValue refuses what an unset variable of a script leaves in the place of a file: a report would be written
// nowhere, and each of several machines would do the whole. Other flags have a meaning without a value.
func emptyValue(parsed *kong.Context) error {
	for _, one := range parsed.Path {
		flag := one.Flag
		if flag != nil && needsValue.MatchString(flag.Name) && flag.Target.String() == "" {
			return fmt.Errorf("--%s has an empty value; write one behind it, or leave the flag out", flag.Name)
		}
	}
	return nil
}

var (
	noValue   = regexp.MustCompile(`^(--\S+): expected \S+ value but got "EOL" \(<EOL>\)$`)
	notNumber = regexp.MustCompile(`^(--\S+): expected a valid 64 bit int but got "(.*)"$`)
)

// plainUsage says in our words what the parser of the command line says in its own.
func plainUsage(text string) string {
	text = noValue.ReplaceAllString(text, "$1 has no value; write one behind it")
	if flag := notNumber.FindStringSubmatch(text); flag != nil {
		text = fmt.Sprintf(`got %s "%s", want a whole number%s`, flag[1], flag[2], units.Bound(flag[2]))
	}
	return strings.TrimSuffix(text, "?")
}

// finish shows the error and tells its exit code.
func (c *console) finish(err error) int {
	var input source.Errors
	var wrong *usageError
	var refused *refusedError
	switch {
	case err == nil:
		return exitPassed
	case errors.Is(err, context.Canceled) && c.ctx.Err() != nil:
		c.complain(without(without(err, context.Canceled), errNotPassed))
		return exitInterrupted
	case errors.As(err, &input):
		_, _ = fmt.Fprintln(c.stderr, report.Harmless(firstOf(input))) // starts with file:line, for editors
		return exitInput
	case errors.As(err, &wrong):
		c.complain(err)
		return exitInput
	case errors.As(err, &refused):
		_, _ = fmt.Fprintln(c.stderr, report.Harmless(refused.Error()))
		c.complain(without(err, refused))
		return exitInput
	case outcome.IsEnvironment(err):
		c.complain(without(err, errNotPassed))
		return exitEnvironment
	case errors.Is(err, errNotPassed):
		c.complain(without(err, errNotPassed))
		return exitFailed
	}
	c.complain(err)
	return exitEnvironment
}

// firstOf are as many mistakes as anybody corrects at once.
func firstOf(mistakes source.Errors) string {
	const most = 200
	if len(mistakes) <= most {
		return mistakes.Error()
	}
	return fmt.Sprintf("%v\n… and %d more", mistakes[:most], len(mistakes)-most)
}

func (c *console) complain(err error) {
	if err != nil {
		_, _ = fmt.Fprintln(c.stderr, "kafkaspec:", report.Harmless(strings.TrimSpace(err.Error())))
	}
}

// without takes one error out of joined ones, where it says nothing new.
func without(err, known error) error {
	several, ok := err.(interface{ Unwrap() []error }) //nolint:errorlint // the join itself is meant, not what it wraps
	if !ok || err.Error() != errors.Join(several.Unwrap()...).Error() {
		if errors.Is(err, known) {
			return nil
		}
		return err
	}
	var rest []error
	for _, one := range several.Unwrap() {
		rest = append(rest, without(one, known))
	}
	return errors.Join(rest...)
}
