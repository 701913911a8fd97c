package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/child"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner/profile"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

type doctorCommand struct {
	Application string   `arg:"" optional:"" help:"An application of the profile: it is started, given a record and stopped. Default: none; the machine, the profile and its clusters are checked."`
	Profile     string   `placeholder:"FILE" help:"The profile to check. Default: kafkaspec.yaml in this folder, if it exists."`
	Cluster     string   `placeholder:"NAME" help:"The cluster to try the application on. Default: the profile's, else embedded. Without an application: the only cluster to check. Default: all of the profile."`
	Reading     []string `placeholder:"TOPIC" help:"A topic that the application reads; may be repeated. Default: those that the profile tells it as topic.NAME, but for dead letters (orders_dlq, orders.DLT), else input."`
	Writing     []string `placeholder:"TOPIC" help:"A topic that the application writes; may be repeated. Default: output, if the profile gives it that topic."`
	Group       string   `default:"doctor" placeholder:"NAME" help:"The consumer group that the application joins; needed if its names are fixed in the profile. Default: doctor."`
	Record      string   `default:"{}" placeholder:"TEXT" help:"The value of the record that it is given. Default: {}."`
	Await       string   `placeholder:"TIME" help:"How long each thing may take that it is to do, such as 10s or 1m. Default: the profile's, else 10s."`
}

// probeWithin is how long one look at the machine may take.
const probeWithin = 10 * time.Second

// doctor shows what it finds, one line each.
type doctor struct {
	*console
	command *doctorCommand
	hidden  report.Redactor
	wrong   int // lines that say that something must be done
}

// say shows a line. What is no line of its own is cut: the rest stands in a run's report.
func (d *doctor) say(how, format string, arguments ...any) {
	text, _, _ := strings.Cut(strings.TrimSpace(d.hidden.Text(fmt.Sprintf(format, arguments...))), "\n")
	_, _ = fmt.Fprintf(d.stdout, "%-6s %s\n", how, report.Harmless(text))
}

func (d *doctor) ok(format string, arguments ...any)   { d.say("ok", format, arguments...) }
func (d *doctor) note(format string, arguments ...any) { d.say("note", format, arguments...) }
func (d *doctor) bad(format string, arguments ...any) {
	d.wrong++
	d.say("wrong", format, arguments...)
}

// Run looks at all that a run may need, and says what to do about what is not there.
func (o *doctorCommand) Run(c *console) error {
	d := &doctor{console: c, command: o}
	p := d.profile()
	if o.Application == "" {
		d.machine()
	}
	if p != nil && d.wrong == 0 {
		if err := d.run(p); err != nil {
			return err
		}
	}
	if d.ctx.Err() != nil {
		return d.ctx.Err()
	}
	if d.wrong > 0 {
		return errNotPassed
	}
	return nil
}

func (d *doctor) run(p *profile.Profile) error {
	if d.command.Application != "" {
		return d.application(p)
	}
	for _, name := range p.Applications() {
		if err := p.Check(name, false); err != nil {
			d.mistakes(err)
		} else {
			d.ok("application %q: its program, folder and addresses can be used; kafkaspec doctor %s tries it", name, name)
		}
	}
	if _, err := p.Cluster(d.command.Cluster); err != nil {
		d.mistakes(err)
	}
	for _, name := range p.Clusters() {
		if d.command.Cluster == "" || d.command.Cluster == name {
			if err := d.cluster(p, name); err != nil {
				return err
			}
		}
	}
	d.database(p)
	return nil
}

// profile reads the profile; nil where that is wrong.
func (d *doctor) profile() *profile.Profile {
	p, err := profile.Open(d.command.Profile, os.LookupEnv)
	if p != nil {
		secrets, values := p.Secrets()
		d.hidden.Hide(secrets...)
		d.hidden.HideWhole(values...)
	}
	if err != nil {
		d.mistakes(err)
		return nil
	}
	if name := d.command.Application; name != "" {
		if err := p.Has(name); err != nil {
			d.mistakes(err)
			return nil
		}
	}
	return p
}

// mistakes shows each of what is wrong with the input.
func (d *doctor) mistakes(err error) {
	found, ok := errors.AsType[source.Errors](err)
	if !ok {
		d.bad("%v", err)
		return
	}
	for _, one := range found {
		d.bad("%v", one)
	}
}

// machine looks at programs, caches and ports. What is not there is needed by some runs only, so it is never wrong.
func (d *doctor) machine() {
	ctx, cancel := context.WithTimeout(d.ctx, probeWithin)
	defer cancel()
	if path, version, err := cluster.FindJava(ctx, "--cluster local", "use --cluster embedded"); err != nil {
		d.note("%v", err)
	} else {
		d.ok("Java: %s (%s)", version, path)
	}
	if folder, err := database.FindPostgres(); err != nil {
		d.note("%v", err)
	} else {
		d.ok("PostgreSQL: %s", folder)
	}
	if program, err := database.FindMariaDB(ctx); err != nil {
		d.note("%v", err)
	} else {
		d.ok("MariaDB: %s", program)
	}
	d.program("Maven", "to fetch Apache Kafka and Apicurio Registry, once", "install it", "mvn")
	d.program("Python", "by applications in Python", "install Python 3 where you have any", "python3", "--version")
	d.program("Chromium", "by kafkaspec's own tests only; report.html is for any browser", "leave it",
		"chromium|chromium-browser|google-chrome")
	d.cache("Apache Kafka", "kafkaspec kafka", cluster.CachedKafka)
	d.cache("Apicurio Registry", "kafkaspec registry", registry.Cached)
	if _, err := cluster.FreePorts(1); err != nil {
		d.bad("ports: %v; nothing can be run before 127.0.0.1 can be listened at", err)
	} else {
		d.ok("ports: 127.0.0.1 has free ones")
	}
	const usual = "127.0.0.1:9092"
	if listener, err := net.Listen("tcp", usual); err != nil {
		d.note("ports: %s cannot be listened at (%v): give kafkaspec broker another --listen", usual, err)
	} else {
		_ = listener.Close()
		d.ok("ports: %s is free for kafkaspec broker", usual)
	}
}

// program looks for one of several programs, and asks it for its version where that is quick.
func (d *doctor) program(name, needed, otherwise, names string, ask ...string) {
	for program := range strings.SplitSeq(names, "|") {
		path, err := exec.LookPath(program)
		if err != nil {
			continue
		}
		version := ""
		if len(ask) > 0 {
			ctx, cancel := context.WithTimeout(d.ctx, probeWithin)
			lines, err := child.Ask(ctx, "", path, ask...)
			cancel()
			if err != nil {
				d.note("%s: %s %s fails (%v), and it is needed %s; %s", name, path, strings.Join(ask, " "), err, needed,
					otherwise)
				return
			}
			version = " " + strings.TrimSpace(strings.Join(lines, "\n"))
		}
		d.ok("%s:%s (%s)", name, version, path)
		return
	}
	d.note("%s is not in PATH; it is needed %s: %s", name, needed, otherwise)
}

func (d *doctor) cache(name, command string, look func(string) (string, bool, error)) {
	switch home, whole, err := look(""); {
	case err != nil:
		d.note("cache: %v", err)
	case whole:
		d.ok("cache: %s is in %s", name, home)
	default:
		d.note("cache: %s is not in %s yet; the first run that needs it fetches it, and so does %s", name, home, command)
	}
}

// quotedAll are names as a feature has them.
func quotedAll(names []string) string {
	quoted := slices.Clone(names)
	for i, name := range names {
		quoted[i] = `"` + name + `"`
	}
	return strings.Join(quoted, ", ")
}
