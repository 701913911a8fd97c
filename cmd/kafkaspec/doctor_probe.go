package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/scratch"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/units"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/profile"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

const (
	probeStep     = 90 * time.Second // no step of a probe may take longer
	probeScenario = 3 * time.Minute  // nor a probe
)

// clusterFeature tries what scenarios do on a cluster; each name says what right that takes.
const clusterFeature = `Feature: doctor
  Background:
    Given topic "doctor" with 1 partition
    And topic "doctor_dlq" with 1 partition

  Scenario: topics can be made, written, read and deleted (Create, Describe, Write, Read and Delete of topics)
    Given the record "{}" is in "doctor"
    Then "doctor" contains exactly 1 record

  Scenario: a group can be joined and committed to (Read and Delete of groups)
    Given application "reader" is the reference "dlq-consumer" in group "doctor" reading "doctor"
    When the record "{}" is sent to "doctor"
    Then "reader" has caught up with "doctor"

  Scenario: records can be written in transactions (Write of transactional ids)
    Given application "writer" is the reference "dlq-consumer" in group "doctor" reading "doctor"
      | transactional | true |
    When the record "not json" is sent to "doctor"
    Then "writer" has caught up with "doctor"
    And "doctor_dlq" contains exactly 1 record
`

// cluster tries a cluster of the profile.
func (d *doctor) cluster(p *profile.Profile, name string) error {
	if err := p.CheckCluster(name); err != nil {
		d.mistakes(err)
		return nil
	}
	results, _, err := d.probe(name, clusterFeature)
	if err != nil {
		return err
	}
	if len(results.Scenarios) == 0 {
		return nil // told
	}
	d.ok("cluster %q: reached, %s", name, results.Cluster)
	for _, s := range results.Scenarios {
		if s.Status == report.Passed {
			d.ok("cluster %q: %s", name, s.Name)
		} else {
			d.bad("cluster %q: not so: %s: %s", name, s.Name, why(s))
		}
	}
	return nil
}

func why(s report.Scenario) string {
	if s.Failure == nil {
		return string(s.Status)
	}
	text := strings.Join(strings.Fields(s.Failure.Message), " ")
	for _, of := range s.Failure.AppLines {
		if n := len(of.Lines); n > 0 {
			text += fmt.Sprintf("; %q wrote last: %s", of.App, of.Lines[n-1])
		}
	}
	return text
}

// probe runs a feature and returns its results and, by scenario, the facts. What keeps it from being run is told.
func (d *doctor) probe(on, text string) (results report.Results, facts map[string][]journal.Fact, err error) {
	folder, release, err := scratch.Folder("doctor")
	if err != nil {
		return results, nil, err
	}
	defer func() { err = errors.Join(err, release()) }()
	feature := filepath.Join(folder, "doctor.feature")
	if err := os.WriteFile(feature, []byte(text), 0o600); err != nil {
		return results, nil, err
	}
	wait := time.Duration(0)
	if d.command.Await != "" {
		if wait, err = units.Period.Parse(d.command.Await); err != nil {
			return results, nil, usage("--await: %v", err)
		}
	}
	results, err = runner.Execute(d.ctx, runner.Params{Paths: []string{feature}, Profile: d.command.Profile, Cluster: on,
		Parallel: 1, Report: filepath.Join(folder, "report"), Await: wait, StepDeadline: probeStep, Deadline: probeScenario,
		References: reference.Applications()})
	if input, ok := errors.AsType[source.Errors](err); ok {
		d.mistakes(input)
		return results, nil, nil
	}
	if err != nil && d.ctx.Err() == nil {
		d.bad("%s", strings.Join(strings.Fields(err.Error()), " "))
	}
	facts = map[string][]journal.Fact{}
	for _, s := range results.Scenarios {
		if s.Journal == "" {
			continue
		}
		file, err := os.Open(filepath.Join(folder, "report", filepath.FromSlash(s.Journal)))
		if err != nil {
			return results, facts, err
		}
		kept, err := journal.Read(file)
		if err := errors.Join(err, file.Close()); err != nil {
			return results, facts, err
		}
		facts[s.Name] = kept.Select(nil)
	}
	return results, facts, nil
}

// application starts an application of the profile twice: to be stopped at once, and to be given a record.
func (d *doctor) application(p *profile.Profile) error {
	name := d.command.Application
	if err := p.Check(name, false); err != nil {
		d.mistakes(err)
		return nil
	}
	d.ok("application %q: its program, folder and addresses can be used", name)
	reading, writing := d.topics(p.Told(name))
	definition, err := p.Application(name)
	if err != nil {
		return err
	}
	if len(d.command.Writing)+len(d.command.Reading) == 0 && len(reading) > 1 {
		d.note("it is told of the topics %s, and taken to read all of them: name those that it writes with --writing",
			quotedAll(reading))
	}
	services := servicesOf(p.Told(name))
	if len(services) > 0 {
		d.note("it is told of HTTP services: %s; here one without answers takes the place of each", quotedAll(services))
	}
	results, facts, err := d.probe(d.command.Cluster, d.feature(reading, writing, services))
	if err != nil {
		return err
	}
	for _, s := range results.Scenarios {
		switch {
		case s.Name == stops && s.Status == report.Passed:
			d.ok("starts, is ready, and stops when it is told to")
		case s.Name == stops:
			d.bad("does not start, become ready and stop as it should: %s", why(s))
		default:
			if definition.Direct {
				d.note("wire: false: what it says to the cluster is not seen, so steps that disturb or judge requests are not " +
					"applicable to it (docs/applications.md, TLS and SASL)")
			} else {
				d.did(facts[s.Name], len(d.command.Writing) > 0)
			}
			d.printed(facts[s.Name])
			d.joined(facts[s.Name])
			d.places(facts[s.Name], reading)
			if s.Status == report.Passed {
				d.ok("works on the record to the end")
			} else {
				d.bad("does not work on the record to the end: %s", why(s))
			}
		}
	}
	return nil
}

const (
	stops = "stops"
	works = "works"
)

// ofRecord is the partition of the record that an application is given. It is not the offset, so that a pattern which
// takes one for the other is noticed.
const ofRecord = 1

// topics are those that the application reads and writes.
func (d *doctor) topics(told []string) (reading, writing []string) {
	reading, writing = d.command.Reading, d.command.Writing
	for _, name := range told {
		topic, named := strings.CutPrefix(name, "topic.")
		switch {
		case !named || slices.Contains(reading, topic) || slices.Contains(writing, topic):
		case ofDeadLetters(topic):
			d.note("it is told of the topic %q, which by its name it writes dead letters to; where it reads it, say "+
				"--reading %s", topic, topic)
			writing = append(slices.Clip(writing), topic)
		case len(d.command.Reading) == 0:
			reading = append(reading, topic)
		}
		if (name == "output" || name == "outputs") && len(d.command.Writing) == 0 {
			writing = append([]string{"output"}, writing...)
		}
	}
	if len(reading) == 0 {
		reading = []string{"input"}
	}
	return reading, writing
}

// ofDeadLetters is true of a topic whose name ends as those of dead letters do: orders_dlq, orders.DLT, orders-dead.
func ofDeadLetters(topic string) bool {
	words := strings.FieldsFunc(strings.ToLower(topic), func(r rune) bool { return strings.ContainsRune("-_.", r) })
	name := strings.Join(words, "")
	return slices.ContainsFunc([]string{"dlq", "dlt", "deadletter", "deadletters", "deadletterqueue", "deadlettertopic"},
		func(end string) bool { return strings.HasSuffix(name, end) }) ||
		len(words) > 1 && words[len(words)-1] == "dead"
}

// servicesOf are the HTTP services among what an application is told.
func servicesOf(told []string) (services []string) {
	for _, name := range told {
		if service, is := strings.CutPrefix(name, "http."); is {
			services = append(services, service)
		}
	}
	return services
}

// feature starts the application twice. What it is said to write it must write, for the record.
func (d *doctor) feature(reading, writing, services []string) string {
	var b strings.Builder
	name := d.command.Application
	line := func(format string, arguments ...any) { fmt.Fprintf(&b, format+"\n", arguments...) }
	line("Feature: doctor\n  Background:")
	all := slices.Concat(reading, writing)
	slices.Sort(all)
	for _, topic := range slices.Compact(all) {
		line("    Given topic %q with %d partitions", topic, ofRecord+1)
	}
	for _, service := range services {
		line("    Given an HTTP service %q", service)
	}
	does := "reading " + quotedAll(reading)
	if len(writing) > 0 {
		does += " writing " + quotedAll(writing)
	}
	line("    And application %q is the profile's in group %q %s", name, d.command.Group, does)
	line("  Scenario: %s\n    When application %q is started\n    And application %q is stopped", stops, name, name)
	line("    Then %q is empty", reading[0])
	line("  Scenario: %s\n    When application %q is started", works, name)
	line("    And these records are sent to %q:", reading[0])
	// texts and numbers are JSON
	value, _ := json.Marshal([]map[string]any{{"value": d.command.Record, "partition": ofRecord}})
	line("      \"\"\"json\n      %s\n      \"\"\"", value)
	line("    Then %q has caught up with %q", name, reading[0])
	for _, topic := range d.command.Writing {
		line("    And %q contains at least 1 record", topic)
	}
	for _, topic := range writing {
		if ofDeadLetters(topic) && !slices.Contains(d.command.Writing, topic) { // it may set the record aside
			line("    And %q contains at most 1 record", topic)
		}
	}
	return b.String()
}
