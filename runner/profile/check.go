package profile

import (
	"cmp"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// Check reports all that would keep an application of the profile from being started on this machine, each with its
// line: variables that are not set, a program or a working folder that is not there, an address or port that is none.
// What depends on the scenario, such as ${folder}, is left for the start, and so is the program where a step before may
// make it.
func (p *Profile) Check(application string, made bool) error {
	if err := p.Has(application); err != nil {
		return err
	}
	e, needs := p.applications[application], p.needs(fmt.Sprintf("application %q", application))
	e.filled(p, app.Definition{}, needs.text)
	dir := p.relative(cmp.Or(e.Dir.value, "."))
	folderFound := e.Dir.constant()
	if info, err := os.Stat(dir); folderFound && e.Dir.line > 0 {
		if err != nil {
			needs.problem(e.Dir.line, "got dir %q of application %q, and there is no such folder; paths are relative to the "+
				"profile", e.Dir.value, application)
		} else if !info.IsDir() {
			needs.problem(e.Dir.line, "got dir %q of application %q, which is a file; name the folder that it is to run in",
				e.Dir.value, application)
		}
		folderFound = err == nil && info.IsDir()
	}
	program := e.Command[0]
	inFolder := strings.ContainsRune(program.value, filepath.Separator) && !filepath.IsAbs(program.value)
	if program.constant() && program.value == "" {
		needs.problem(program.line, "got a command of application %q without a program; name it first", application)
	} else if program.constant() && (!inFolder || folderFound) && !made {
		err := app.CheckProgram(program.value, dir)
		if err == nil && folderFound {
			err = app.CheckScript(constants(e.Command), dir)
		}
		if err != nil {
			needs.problem(program.line, "application %q: %w", application, err)
		}
	}
	if address, known := e.Ready.TCP.withPorts(); known && address != "" && !isAddress(address) {
		needs.problem(e.Ready.TCP.line, "got tcp %q in ready of application %q, want host:port with a port from 1 to 65535, "+
			"such as localhost:8080", e.Ready.TCP.shown(), application)
	}
	for _, address := range []struct {
		of          text
		where, path string
	}{{e.Ready.HTTP, " in ready", "/health"}, {e.Stop.HTTP, " in stop", "/shutdown"}, {e.HTTP, "", ""}} {
		if url, known := address.of.withPorts(); known && url != "" && !isHTTP(url) {
			needs.problem(address.of.line, "got http %q%s of application %q, want a URL such as http://localhost:8080%s",
				address.of.shown(), address.where, application, address.path)
		}
	}
	return needs.problems.Err()
}

// constants are the words of a command up to the first that is told later.
func constants(command []text) (words []string) {
	for _, word := range command {
		if !word.constant() {
			break
		}
		words = append(words, word.value)
	}
	return words
}

// CheckCluster reports files that a cluster of the profile needs and that cannot be used, each with its line. Clusters
// of other names need none.
func (p *Profile) CheckCluster(name string) error {
	if name == "" {
		name = p.Defaults.Cluster
	}
	e, needs := p.clusters[name], p.needs(fmt.Sprintf("cluster %q", name))
	if e.TLS.on {
		e.TLS.check(needs, *e.TLS.options(p, needs))
	}
	if e.KafkaHome.line > 0 && len(e.KafkaHome.missing) == 0 {
		if err := cluster.CheckHome(p.relative(e.KafkaHome.value), e.Version.value); err != nil {
			needs.problem(e.KafkaHome.line, "kafka-home of %s: %w", needs.what, err)
		}
	}
	return needs.problems.Err()
}

// constant tells whether a text is known before a scenario begins.
func (t text) constant() bool { return t.parts == nil && len(t.missing) == 0 }

// withPorts is the text with a port in the place of each that the application is given; false where it depends on more.
func (t text) withPorts() (value string, known bool) {
	for _, p := range t.parts {
		value += p.literal
		if strings.HasPrefix(p.name, "port.") {
			value += "1024"
		} else if p.name != "" {
			return "", false
		}
	}
	if t.parts == nil {
		value = t.value
	}
	return value, len(t.missing) == 0
}

// shown is the text as it stands in the profile, with what came from the environment.
func (t text) shown() string {
	if t.parts == nil {
		return t.value
	}
	shown := ""
	for _, p := range t.parts {
		shown += p.literal
		if p.name != "" {
			shown += "${" + p.name + "}"
		}
	}
	return shown
}

func isHTTP(text string) bool {
	address, err := url.Parse(text)
	if err != nil || address.Hostname() == "" || address.Scheme != "http" && address.Scheme != "https" {
		return false
	}
	if address.Port() == "" {
		return !strings.HasSuffix(address.Host, ":")
	}
	port, err := strconv.Atoi(address.Port())
	return err == nil && port > 0 && port < 1<<16
}
