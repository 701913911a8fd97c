package runner_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// committing is a scenario that passes, whose last step judges commits against the work before them.
const committing = `Feature: f
  Scenario: s
    Given topic "orders" with 1 partition
    And topic "orders_dlq" with 1 partition
    And application "shipping" is the reference "dlq-consumer" in group "shipping" reading "orders"
    And 10 records from generator "orders" are in "orders"
    When "shipping" has caught up with "orders"
    Then "shipping" committed no offset of "orders" ahead of its work, with dead letters in "orders_dlq"
`

// journalOf runs the scenario and returns its journal.
func journalOf(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "f.feature")
	if err := os.WriteFile(file, []byte(committing), 0o600); err != nil {
		t.Fatal(err)
	}
	results, err := runner.Execute(t.Context(), runner.Params{Paths: []string{file}, Report: folder,
		References: reference.Applications()})
	if err != nil || results.Count(report.Passed) != 1 {
		t.Fatalf("got %v and %+v, want the scenario to pass", err, results.Scenarios)
	}
	files, err := filepath.Glob(filepath.Join(folder, "journals", "*.jsonl"))
	if err != nil || len(files) != 1 {
		t.Fatalf("got journals %v and %v, want one", files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// judgeText judges one journal.
func judgeText(t testing.TB, text string) (report.Results, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "f.jsonl")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return runner.Judge(t.Context(), runner.Params{Paths: []string{file}})
}

// judgedAs wants one scenario with that status, and returns it.
func judgedAs(t *testing.T, text string, want report.Status) report.Scenario {
	t.Helper()
	results, err := judgeText(t, text)
	if err != nil || len(results.Scenarios) != 1 || results.Scenarios[0].Status != want {
		t.Fatalf("got %v and %+v, want one scenario that is %s", err, results.Scenarios, want)
	}
	return results.Scenarios[0]
}

// unsealed is a journal as an earlier kafkaspec wrote it, without a digest.
func unsealed(text string) string {
	return regexp.MustCompile(`^{"journal":\d+(.*?),"sha256":"\w+"`).ReplaceAllString(text, `{"journal":3$1`)
}

// What the facts say counts, not what came out of the run.
func TestAnEditedJournalIsJudgedByItsFacts(t *testing.T) {
	right := unsealed(journalOf(t))
	if s := judgedAs(t, right, report.Passed); len(s.Steps) != 6 || len(s.Steps[5].Notes) > 0 {
		t.Errorf("got steps %+v, want 6, of which all is judged again", s.Steps)
	}
	// as if the commit had been sent before the work
	commit := regexp.MustCompile(`(?m)^(.*"kind":"group-commit".*"sent":)\d+`)
	wrong := commit.ReplaceAllString(right, "${1}1")
	s := judgedAs(t, wrong, report.Failed)
	if want := "commit ahead: orders partition 0 offset 0"; !strings.Contains(s.Failure.Message, want) ||
		s.Failure.Line != 8 {
		t.Errorf("got line %d with %s, want line 8 with %q", s.Failure.Line, s.Failure.Message, want)
	}
	if h := s.Failure.Hints; len(h) == 0 || !strings.HasPrefix(h[0].Text, "commit ahead: ") {
		t.Errorf("got %+v to look at first, want the advice on commits ahead", h)
	}
	ended := regexp.MustCompile(`("detail":\{"step":(?:5|-1),"status":")passed"`)
	failed := func(text string) string {
		return strings.Replace(ended.ReplaceAllString(text, `${1}failed","error":"that was wrong"`), `"step":-1`, `"step":5`, 1)
	}
	judgedAs(t, failed(wrong), report.Failed)
	judgedAs(t, failed(right), report.Passed)
}

// A part of a journal is an error at its place, whatever its header says.
func TestACutJournalNeverPasses(t *testing.T) {
	whole := unsealed(journalOf(t))
	lines := strings.SplitAfter(strings.TrimSuffix(whole, "\n"), "\n")
	for n := range lines {
		text := strings.Join(append([]string{fmt.Sprintf(`{"journal":3,"facts":%d}`+"\n", max(n-1, 0))},
			lines[min(1, n):n]...), "")
		refused(t, text)
		refused(t, strings.Join(lines[:n], ""))
	}
	for cut := len(whole) - 2; cut > 0; cut -= 997 {
		refused(t, whole[:cut])
	}
	for i, line := range lines { // one that says how a step ended
		if strings.Contains(line, `"kind":"step"`) && !strings.Contains(line, `"again"`) {
			less := append(append([]string{fmt.Sprintf(`{"journal":3,"facts":%d}`+"\n", len(lines)-2)}, lines[1:i]...),
				lines[i+1:]...)
			refused(t, strings.Join(less, ""))
		}
	}
}

func refused(t *testing.T, text string) {
	t.Helper()
	results, err := judgeText(t, text)
	input, ok := errors.AsType[source.Errors](err)
	if !ok || len(input) != 1 || !strings.HasSuffix(input[0].File, "f.jsonl") || len(results.Scenarios) > 0 {
		t.Fatalf("got %v and %+v, want an error with its place for\n%s", err, results.Scenarios, text)
	}
}

// The same journal gives the same results, and one that cannot be read keeps no other from being judged.
func TestJudgingIsPure(t *testing.T) {
	folder, report1, shown := t.TempDir(), t.TempDir(), new(bytes.Buffer)
	text := journalOf(t)
	for name, text := range map[string]string{"good.jsonl": text, "bad.jsonl": text[:len(text)/2], "empty.jsonl": ""} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	judge := func() []report.Scenario {
		results, err := runner.Judge(t.Context(), runner.Params{Paths: []string{folder}, Report: report1, Output: shown})
		if input, ok := errors.AsType[source.Errors](err); !ok || len(input) != 2 || input[0].Line == 0 {
			t.Errorf("got %v, want two journals to be refused, with their lines", err)
		}
		for i := range results.Scenarios {
			results.Scenarios[i].Duration = 0
		}
		return results.Scenarios
	}
	if diff := cmp.Diff(judge(), judge()); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
	if want := "2 expectations judged again\n"; !strings.Contains(shown.String(), want) {
		t.Errorf("got\n%s\nwant %q", shown, want)
	}
	if _, err := os.Stat(filepath.Join(report1, report.ResultsFile)); err != nil {
		t.Error(err)
	}
}

// FuzzJudge puts other numbers into a journal: it is judged, or refused.
func FuzzJudge(f *testing.F) {
	lines := strings.SplitAfter(unsealed(journalOf(f)), "\n")
	number := regexp.MustCompile(`-?\d+`)
	f.Add(uint16(3), uint8(2), int64(-1))
	f.Add(uint16(0), uint8(1), int64(1))
	f.Fuzz(func(t *testing.T, line uint16, nth uint8, value int64) {
		changed := append([]string{}, lines...)
		i := int(line) % len(lines)
		found := number.FindAllStringIndex(lines[i], -1)
		if len(found) == 0 {
			return
		}
		at := found[int(nth)%len(found)]
		changed[i] = fmt.Sprint(lines[i][:at[0]], value, lines[i][at[1]:])
		results, err := judgeText(t, strings.Join(changed, ""))
		if err == nil && len(results.Scenarios) != 1 {
			t.Errorf("got %d scenarios and no error", len(results.Scenarios))
		}
	})
}
