package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/cucumber/messages/go/v21"
)

// Cucumber writes the results as Cucumber Messages, one JSON object a line: what cucumber/html-formatter,
// cucumber/react-components and reporters of other tools read. The protocol is described at
// https://github.com/cucumber/messages.
//
// Of a feature and its source it has what the results know: names, tags, steps, and where they stand. A row of an
// outline is a scenario of its own. The time of a scenario counts from the start of the run. Inconclusive, interrupted
// and refused are FAILED there, since none of them may look like a pass; not applicable is SKIPPED.
func Cucumber(w io.Writer, r Results) error {
	m := &cucumber{encoder: json.NewEncoder(w), began: r.Started}
	if m.began.IsZero() {
		m.began = time.Unix(0, 0)
	}
	m.write(&messages.Envelope{Meta: &messages.Meta{ProtocolVersion: "21.0.1",
		Implementation: &messages.Product{Name: "kafkaspec", Version: clean(r.Kafkaspec)},
		Runtime:        &messages.Product{Name: "go", Version: strings.TrimPrefix(clean(r.Go), "go")},
		Os:             &messages.Product{Name: "unknown"}, Cpu: &messages.Product{Name: "unknown"}}}) // results do not say
	all := append(r.Scenarios[:len(r.Scenarios):len(r.Scenarios)], others(r)...)
	m.write(&messages.Envelope{TestRunStarted: &messages.TestRunStarted{Timestamp: m.at(0)}})
	m.hook = m.id()
	m.write(&messages.Envelope{Hook: &messages.Hook{Id: m.hook, Name: "the scenario as a whole",
		SourceReference: &messages.SourceReference{Uri: "kafkaspec"}}})
	cases := make([]*cucumberCase, len(all))
	for _, feature := range cucumberFeatures(all) {
		m.document(all, feature, cases)
	}
	for i, c := range cases {
		m.pickle(all[i], c)
	}
	success := true
	for i, c := range cases {
		m.run(all[i], c)
		success = success && cucumberStatuses[all[i].Status] != messages.TestStepResultStatus_FAILED
	}
	m.write(&messages.Envelope{TestRunFinished: &messages.TestRunFinished{Success: success, Timestamp: m.at(r.Duration)}})
	return m.err
}

// cucumberStatuses are ours in Cucumber's words.
var cucumberStatuses = map[Status]messages.TestStepResultStatus{Passed: messages.TestStepResultStatus_PASSED,
	Failed: messages.TestStepResultStatus_FAILED, Inconclusive: messages.TestStepResultStatus_FAILED,
	Refused: messages.TestStepResultStatus_FAILED, Interrupted: messages.TestStepResultStatus_FAILED,
	NotApplicable: messages.TestStepResultStatus_SKIPPED, Skipped: messages.TestStepResultStatus_SKIPPED}

type cucumber struct {
	encoder *json.Encoder
	began   time.Time
	last    int // id that was given out
	hook    string
	err     error
}

// cucumberCase is a scenario with the ids by which its messages name each other.
type cucumberCase struct {
	scenario, pickle string
	tags             []string
	steps            []string // of the document
	pickleSteps      []string
	whole            bool // no step has the status of the scenario: a hook has it
}

func (m *cucumber) write(e *messages.Envelope) {
	if m.err == nil {
		m.err = m.encoder.Encode(e)
	}
}

func (m *cucumber) id() string {
	m.last++
	return fmt.Sprint(m.last)
}

func (m *cucumber) at(after time.Duration) *messages.Timestamp {
	stamp := messages.GoTimeToTimestamp(m.began.Add(after))
	return &stamp
}

// cucumberFeatures are the numbers of the scenarios of each feature, in the order in which they come.
func cucumberFeatures(all []Scenario) (features [][]int) {
	known := map[string]int{}
	for i, s := range all {
		key := s.File + "\n" + s.Feature
		at, ok := known[key]
		if !ok {
			at = len(features)
			known[key] = at
			features = append(features, nil)
		}
		features[at] = append(features[at], i)
	}
	return features
}

// document writes a feature, as far as the results know it.
func (m *cucumber) document(all []Scenario, numbers []int, cases []*cucumberCase) {
	first := all[numbers[0]]
	m.write(&messages.Envelope{Source: &messages.Source{Uri: clean(first.File), Data: cucumberSource(all, numbers),
		MediaType: messages.SourceMediaType_TEXT_X_CUCUMBER_GHERKIN_PLAIN}})
	feature := &messages.Feature{Location: located(1), Tags: []*messages.Tag{}, Language: "en",
		Keyword: "Feature", Name: clean(first.Feature), Children: []*messages.FeatureChild{}}
	rules := map[string]*messages.Rule{}
	for _, i := range numbers {
		s := all[i]
		c := &cucumberCase{}
		cases[i] = c
		scenario := m.scenario(s, c)
		if s.Rule == "" {
			feature.Children = append(feature.Children, &messages.FeatureChild{Scenario: scenario})
			continue
		}
		rule := rules[s.Rule]
		if rule == nil {
			rule = &messages.Rule{Location: located(s.Line), Tags: []*messages.Tag{}, Keyword: "Rule",
				Name: clean(s.Rule), Children: []*messages.RuleChild{}, Id: m.id()}
			rules[s.Rule] = rule
			feature.Children = append(feature.Children, &messages.FeatureChild{Rule: rule})
		}
		rule.Children = append(rule.Children, &messages.RuleChild{Scenario: scenario})
	}
	m.write(&messages.Envelope{GherkinDocument: &messages.GherkinDocument{Uri: clean(first.File), Feature: feature,
		Comments: []*messages.Comment{}}})
}

// cucumberSource is as much of the text of a feature as the results know, each line where it stands.
func cucumberSource(all []Scenario, numbers []int) string {
	const most = 50_000 // lines of a file
	lines := []string{"Feature: " + inOneLine(all[numbers[0]].Feature)}
	put := func(line int, text string) {
		if line < 2 || line > most {
			return
		}
		for len(lines) < line {
			lines = append(lines, "")
		}
		lines[line-1] = text
	}
	for _, i := range numbers {
		put(all[i].Line, "  Scenario: "+inOneLine(all[i].Title()))
		for _, step := range all[i].Steps {
			put(step.Line, "    "+inOneLine(step.Keyword+" "+step.Text))
			for k, line := range linesUnder(step) {
				put(step.Line+1+k, "      "+inOneLine(line))
			}
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

func inOneLine(text string) string { return strings.ReplaceAll(clean(text), "\n", " ") }

func (m *cucumber) scenario(s Scenario, c *cucumberCase) *messages.Scenario {
	c.scenario = m.id()
	result := &messages.Scenario{Location: located(s.Line), Tags: []*messages.Tag{},
		Keyword: "Scenario", Name: cucumberName(s), Steps: []*messages.Step{}, Examples: []*messages.Examples{},
		Id: c.scenario}
	for _, tag := range s.Tags {
		c.tags = append(c.tags, m.id())
		result.Tags = append(result.Tags, &messages.Tag{Location: result.Location, Name: clean(tag),
			Id: c.tags[len(c.tags)-1]})
	}
	c.whole = s.Status != Passed
	for _, step := range s.Steps {
		c.steps = append(c.steps, m.id())
		c.whole = c.whole && cucumberStatuses[step.Status] != cucumberStatuses[s.Status]
		written := &messages.Step{Location: located(step.Line),
			Keyword: clean(step.Keyword) + " ", Text: clean(step.Text), Id: c.steps[len(c.steps)-1]}
		m.under(step, written)
		result.Steps = append(result.Steps, written)
	}
	return result
}

func cucumberName(s Scenario) string { return cmp.Or(clean(s.Title()), clean(s.ID())) }

func (m *cucumber) pickle(s Scenario, c *cucumberCase) {
	c.pickle = m.id()
	p := &messages.Pickle{Id: c.pickle, Uri: clean(s.File), Name: cucumberName(s), Language: "en",
		Steps: []*messages.PickleStep{}, Tags: []*messages.PickleTag{}, AstNodeIds: []string{c.scenario}}
	for i, tag := range s.Tags {
		p.Tags = append(p.Tags, &messages.PickleTag{Name: clean(tag), AstNodeId: c.tags[i]})
	}
	for i, step := range s.Steps {
		c.pickleSteps = append(c.pickleSteps, m.id())
		p.Steps = append(p.Steps, &messages.PickleStep{AstNodeIds: []string{c.steps[i]}, Id: c.pickleSteps[i],
			Text: clean(step.Text), Argument: cucumberArgument(step)})
	}
	m.write(&messages.Envelope{Pickle: p})
}

// run writes what became of a scenario.
func (m *cucumber) run(s Scenario, c *cucumberCase) {
	test := &messages.TestCase{Id: m.id(), PickleId: c.pickle, TestSteps: []*messages.TestStep{}}
	for i := range s.Steps {
		test.TestSteps = append(test.TestSteps, &messages.TestStep{Id: m.id(), PickleStepId: c.pickleSteps[i],
			StepDefinitionIds: []string{}})
	}
	if c.whole {
		test.TestSteps = append(test.TestSteps, &messages.TestStep{Id: m.id(), HookId: m.hook})
	}
	m.write(&messages.Envelope{TestCase: test})
	started := m.id()
	m.write(&messages.Envelope{TestCaseStarted: &messages.TestCaseStarted{Id: started, TestCaseId: test.Id,
		Timestamp: m.at(0)}})
	for i, step := range s.Steps {
		m.step(started, test.TestSteps[i].Id, step, cucumberMessage(s, step))
	}
	if c.whole {
		m.step(started, test.TestSteps[len(s.Steps)].Id, Step{Status: s.Status, Began: s.Duration},
			clean(string(s.Status)+"\n"+FailureText(s)))
	}
	if s.Journal != "" {
		m.write(&messages.Envelope{Attachment: &messages.Attachment{Body: clean(s.Journal), MediaType: "text/uri-list",
			ContentEncoding: messages.AttachmentContentEncoding_IDENTITY, TestCaseStartedId: started,
			TestStepId: lastOf(test.TestSteps)}})
	}
	m.write(&messages.Envelope{TestCaseFinished: &messages.TestCaseFinished{TestCaseStartedId: started,
		Timestamp: m.at(s.Duration)}})
}

func lastOf(steps []*messages.TestStep) string {
	if len(steps) == 0 {
		return ""
	}
	return steps[len(steps)-1].Id
}

// cucumberMessage is what a step that ended its scenario says.
func cucumberMessage(s Scenario, step Step) string {
	switch {
	case step.Status == Passed || step.Status == Skipped:
		return ""
	case s.Failure != nil && step.Line == s.Failure.Line:
		return clean(FailureText(s))
	}
	return clean(step.Error)
}

func (m *cucumber) step(started, id string, step Step, message string) {
	m.write(&messages.Envelope{TestStepStarted: &messages.TestStepStarted{TestCaseStartedId: started, TestStepId: id,
		Timestamp: m.at(step.Began)}})
	if notes := clean(strings.Join(step.Notes, "\n")); notes != "" {
		m.write(&messages.Envelope{Attachment: &messages.Attachment{Body: notes, MediaType: "text/x.cucumber.log+plain",
			ContentEncoding: messages.AttachmentContentEncoding_IDENTITY, TestCaseStartedId: started, TestStepId: id}})
	}
	took := messages.GoDurationToDuration(step.Duration)
	m.write(&messages.Envelope{TestStepFinished: &messages.TestStepFinished{TestCaseStartedId: started, TestStepId: id,
		TestStepResult: &messages.TestStepResult{Duration: &took, Message: message, Status: cucumberStatuses[step.Status]},
		Timestamp:      m.at(step.Began + step.Duration)}})
}
