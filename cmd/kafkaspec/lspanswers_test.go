package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

const answeredFeature = `Feature: f
  Background:
    Given topic "orders" with 1 partition

  Scenario: 🐢 one
    Given application "shipping" is the reference "dlq-consumer" in group "crew" reading "orders"
    When the record "🐢ä" is sent to "orders"
    Then within 5s "shipping" has caught up with "orders"
    And group "crew" has no lag on "orders"
    # Given what is no step
    """
    Given what stands in a doc string
    """

  Scenario Outline: two
    Given topic "<name>" with <partitions> partitions
    And application "shipping" is the command "sh"
    Then "<name>" is empty

    Examples:
      | name  | partitions |
      | other | 3          |
      | third | 4          |

  Scenario: three
    Given 
    When 
    Then "orders" is e
    And within 5s "orders" i
    And once "shi
    And the answer is like
`

func openAnswered(t *testing.T) (e *editor, uri string) {
	t.Helper()
	folder := t.TempDir()
	e = openEditor(t, folder)
	return e, e.open(filepath.Join(folder, "a.feature"), answeredFeature)
}

func TestHover(t *testing.T) {
	e, uri := openAnswered(t)
	for _, test := range []struct {
		words, phrase string
		line, end     int // of the range
	}{
		{"reading \"orders\"\n    Wh", "**When** `{records} is/are sent to {place}`", 6, 45},
		{`record "🐢ä" is se`, "**When** `{records} is/are sent to {place}`", 6, 45},
		{`Then within 5s "ship`, "`{app} {event}`", 7, 57},
		{`with <part`, "**Given** `topic {topic} with {layout}`", 15, 53},
	} {
		var got lspHover
		e.ask(&got, "textDocument/hover", at(uri, answeredFeature, test.words))
		if !strings.HasPrefix(got.Contents.Value, test.phrase) || got.Contents.Kind != "markdown" ||
			got.Range.Start.Line != test.line || got.Range.End != (lspPosition{test.line, test.end}) {
			t.Errorf("%s: got %+v, want %s to %d", test.words, got, test.phrase, test.end)
		}
		if !strings.Contains(got.Contents.Value, "```gherkin\n") || !strings.Contains(got.Contents.Value, "\n- `{") {
			t.Errorf("%s: got %s, want an example and what the parameters take", test.words, got.Contents.Value)
		}
	}
	for _, words := range []string{"Feature: ", "# Given what is", "Given what stands in", "Examples:"} {
		var got any
		if e.ask(&got, "textDocument/hover", at(uri, answeredFeature, words)); got != nil {
			t.Errorf("%s: got %v, want nothing", words, got)
		}
	}
}

func TestDefinition(t *testing.T) {
	e, uri := openAnswered(t)
	for _, test := range []struct {
		words string
		want  []int // lines
	}{
		{`Then within 5s "ship`, []int{5}},
		{`has caught up with "orde`, []int{2}},
		{`And group "cr`, []int{5}},
		{`in group "crew" reading "or`, []int{2}},
		{`Then "<na`, []int{15}},
		{`the record "🐢`, nil},
		{`And group`, nil},
		{`Scenario: 🐢`, nil},
	} {
		var places []lspLocation
		e.ask(&places, "textDocument/definition", at(uri, answeredFeature, test.words))
		var got []int
		for _, p := range places {
			got = append(got, p.Range.Start.Line)
			if p.URI != uri || p.Range.Start.Character < 10 {
				t.Errorf("%s: got %+v, want the text of a step", test.words, p)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", test.words, diff)
		}
	}
}

func TestCompletion(t *testing.T) {
	e, uri := openAnswered(t)
	const three = "Scenario: three\n    "
	for _, test := range []struct {
		words       string
		label, text string // of one of the items
		first       int    // character at which it is put in
		not         string // no item
	}{
		{three + "Given ", "topic {topic} with {int} partition(s)", `topic "${1:topic}" with ${2:int} partitions`, 10,
			"{topic} is empty"},
		{three + "Given \n    When ", "the record {string} is/are sent to {topic}", `the record "${1:string}" is sent to "${2:topic}"`, 9, "{topic} is empty"},
		{`Then "orders" is e`, "{topic} is empty", `"orders" is empty`, 9, "{topic} is grown to {int} partitions"},
		{`And within 5s "orders" i`, "{topic} is empty", `"orders" is empty`, 18, ""},
		{`And the answer is li`, "the answer(s) is/are like:", "the answer is like:", 8, "{topic} is empty"},
		{`When the record "🐢ä" is se`, "the record {string} is/are sent to {topic}",
			`the record "🐢ä" is sent to "${1:topic}"`, 9, "{count} record(s) is/are sent to {topic}"},
		{`Then within 5s "ship`, "shipping", "shipping", 20, "third"},
	} {
		var got lspList
		e.ask(&got, "textDocument/completion", at(uri, answeredFeature, test.words))
		find := func(label string) *lspItem {
			if i := slices.IndexFunc(got.Items, func(i lspItem) bool { return i.Label == label }); i >= 0 {
				return &got.Items[i]
			}
			return nil
		}
		item := find(test.label)
		if item == nil || item.TextEdit.NewText != test.text || item.TextEdit.Range.Start.Character != test.first {
			t.Errorf("%s: got %+v, want %s at %d", test.words, item, test.text, test.first)
		}
		if unwanted := find(test.not); unwanted != nil {
			t.Errorf("%s: got %+v, which does not fit", test.words, unwanted)
		}
	}
}

func TestCompletionIsExplained(t *testing.T) {
	e, uri := openAnswered(t)
	var got lspList
	e.ask(&got, "textDocument/completion", at(uri, answeredFeature, `Then "orders" is e`))
	best := slices.MinFunc(got.Items, func(a, b lspItem) int { return strings.Compare(a.SortText, b.SortText) })
	item, err := json.Marshal(best)
	if err != nil {
		t.Fatal(err)
	}
	var explained lspItem
	e.ask(&explained, "completionItem/resolve", string(item))
	if explained.Label != "{topic} is empty" || explained.Documentation == nil ||
		!strings.HasPrefix(explained.Documentation.Value, "**Then** `{topic} is empty`") {
		t.Errorf("got %+v, want the step with its documentation", explained)
	}
	var plain lspItem
	e.ask(&plain, "completionItem/resolve", `{"label": "x", "kind": 1}`)
	if plain.Label != "x" || plain.Documentation != nil {
		t.Errorf("got %+v, want the item as it was", plain)
	}
}

// TestCompletionMakesSteps holds what is put into a feature against the steps that there are.
func TestCompletionMakesSteps(t *testing.T) {
	s := newLanguageServer("")
	values := strings.NewReplacer("{int}", "3", "{count}", "3")
	made := 0
	for _, d := range s.registry.Definitions() {
		for _, v := range d.Variants() {
			if slices.ContainsFunc(paramNames(v.Text), func(name string) bool {
				return s.registry.Params()[name].Pattern != phrase.Quoted && name != "int" && name != "count"
			}) {
				continue // values of a form of their own
			}
			for _, several := range []bool{true, false} {
				text := paramName.ReplaceAllString(values.Replace(plain(v.Text, several)), `"x"`)
				if !d.Phrase.Matches(text) {
					t.Errorf("got %s of %s, which is no such step", text, v.Text)
				}
				made++
			}
		}
	}
	if made < 200 {
		t.Errorf("got %d texts, want those of most steps", made)
	}
}

// TestAnswersOfAnyText asks at any place of any text: there is always an answer, and its ranges are within the text.
func TestAnswersOfAnyText(t *testing.T) {
	s := newLanguageServer("")
	s.snippets = true
	begins := rapid.SampledFrom([]string{"Feature: f", "  Rule: r", "Background:", "Scenario Outline: o", "Given ",
		"  Then ", "\tAnd ", "* ", "And", "Given topic ", `Given topic "orders" with 3 partitions`,
		`Then "orders" is empty`, "| a | b |", "|", "Examples:", `"""`, "``" + "`", ""})
	pieces := rapid.SampledFrom([]string{`"orders"`, `"`, `\`, "<a>", "🐢", "ä", "\xff", "within 5s ", "topic ", "is e",
		" with 3 partitions", "${x}", "group ", "\t", "\r", " "})
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for range rapid.IntRange(0, 6).Draw(t, "lines") {
			text += begins.Draw(t, "begin") + strings.Join(rapid.SliceOfN(pieces, 0, 5).Draw(t, "pieces"), "") + "\n"
		}
		s.open(lspDocument{URI: "file:///a.feature", Text: text})
		f := readFeature(text)
		within := func(r lspRange) {
			line := r.Start.Line
			if line < 0 || line >= len(f.lines) || r.End.Line != line || r.Start.Character < 0 ||
				r.Start.Character > r.End.Character || r.End.Character > unitsOf(f.lines[line]) {
				t.Fatalf("got the range %+v outside of %q", r, text)
			}
		}
		for line := -1; line <= len(f.lines); line++ {
			p := lspAt{lspDocument{URI: "file:///a.feature"}, lspPosition{line, rapid.IntRange(-1, 40).Draw(t, "character")}}
			for _, item := range s.complete(p).Items {
				within(item.TextEdit.Range)
			}
			for _, place := range s.definition(p) {
				within(place.Range)
			}
			if shown, ok := s.hover(p).(lspHover); ok {
				within(shown.Range)
			}
			within(diagnostic(f, line, "x", "").Range)
		}
	})
}
