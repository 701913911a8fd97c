// Package conformance asks the embedded broker and Apache Kafka the same questions. What Apache Kafka answers is kept
// in testdata/kafka.txt, so that the embedded broker is compared with it where there is no Java. A difference must be
// in the table of docs/embedded.md, with its reason and what it means for steps; and what is there must be a
// difference.
package conformance_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

const (
	golden    = "testdata/kafka.txt"
	knownList = "../../../docs/embedded.md"
	patience  = 2 * time.Minute
)

var update = flag.Bool("update", false, "write what Apache Kafka answers to "+golden)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// questions are all that is asked, in the order of the golden file.
var questions = slices.Concat(topicQuestions, settingQuestions, refusedSettings(), produceQuestions, recordQuestions,
	fetchQuestions, offsetQuestions, groupQuestions, memberQuestions, transactionQuestions, clusterQuestions,
	aclQuestions, shareQuestions)

// TestEmbedded compares the embedded broker with what Apache Kafka answered when the golden file was written.
func TestEmbedded(t *testing.T) {
	want, known := readGolden(t), readKnown(t)
	backend := cluster.NewEmbedded(cluster.EmbeddedOptions{})
	c := open(t, backend)
	for _, q := range questions {
		t.Run(q.name, func(t *testing.T) {
			kafka, ok := want[q.name]
			if !ok {
				t.Fatalf("no answer in %s; write it with %s", golden, renewal)
			}
			delete(want, q.name)
			got := c.answer(t, q)
			_, listed := known[q.name]
			switch {
			case got != kafka && !listed:
				t.Errorf("the embedded broker does not answer as Apache Kafka does; put it right in pkg/screen, or say why "+
					"in %s (-Kafka +embedded):\n%s", knownList, cmp.Diff(lines(kafka), lines(got)))
			case got == kafka && listed:
				t.Errorf("%s lists this as a difference, and it is none; take it from the list", knownList)
			}
			delete(known, q.name)
		})
	}
	for name := range known {
		t.Errorf("%s lists %q, which is not asked", knownList, name)
	}
	for name := range want {
		t.Errorf("%s has %q, which is not asked; renew it with %s", golden, name, renewal)
	}
}

// settling is how long a broker may take to hear of what another has done.
const settling = 10 * time.Second

const renewal = "KAFKASPEC_LOCAL=1 go test ./pkg/screen/conformance -run TestKafka -update"

// TestKafka checks that the golden file is what Apache Kafka answers. -update renews it.
func TestKafka(t *testing.T) {
	testenv.NeedLocal(t, "Apache Kafka")
	soon, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	backend, err := cluster.StartLocal(soon, cluster.LocalOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := backend.Close(context.WithoutCancel(soon)); err != nil {
			t.Error(err)
		}
	})
	c := open(t, backend)
	offered := open(t, cluster.NewEmbedded(cluster.EmbeddedOptions{}))
	c.versions = offered.versions
	want := map[string]string{}
	if !*update {
		want = readGolden(t)
	}
	var all strings.Builder
	for _, q := range questions {
		t.Run(q.name, func(t *testing.T) {
			// What was asked for can be on its way still: a broker learns of topics, quotas and offsets a moment later.
			// So it is asked again until the answer is what was expected, or, to write it down, no longer changes.
			got, before := "", ""
			err := await.Until(t.Context(), await.Options{Within: settling}, func(context.Context) (bool, error) {
				got, before = c.answer(t, q), got
				return got == want[q.name] || *update && got == before, nil
			})
			if *update && err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&all, "# %s\n%s\n", q.name, got)
			if !*update && got != want[q.name] {
				t.Errorf("Apache Kafka answers otherwise than %s says; renew it with %s (-file +Kafka):\n%s", golden, renewal,
					cmp.Diff(lines(want[q.name]), lines(got)))
			}
		})
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(golden, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func lines(s string) []string { return strings.Split(s, "\n") }

func readGolden(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{}
	for part := range strings.SplitSeq("\n"+string(b), "\n# ") {
		if name, answer, ok := strings.Cut(part, "\n"); ok && name != "" {
			answers[name] = strings.TrimRight(answer, "\n") + "\n"
		}
	}
	return answers
}

// readKnown are the names in the table of differences; each row has a reason and an effect.
func readKnown(t *testing.T) map[string]bool {
	t.Helper()
	b, err := os.ReadFile(knownList)
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(b), "| question | ")
	if !ok {
		t.Fatalf("%s has no table of questions", knownList)
	}
	known := map[string]bool{}
	for _, row := range lines(table)[2:] {
		cells := strings.Split(strings.Trim(row, "| "), " | ")
		if len(cells) == 1 {
			break
		}
		if len(cells) != 3 || slices.Contains(cells, "") {
			t.Errorf("%s: got the row %q, want a question, the difference and its reason, and its effect", knownList, row)
		}
		known[cells[0]] = true
	}
	return known
}

func TestNamesOfQuestions(t *testing.T) {
	seen := map[string]bool{}
	for _, q := range questions {
		if seen[q.name] || strings.ContainsAny(q.name, "|\n") {
			t.Errorf("got %q twice or with a bar, want names that tables and files can hold", q.name)
		}
		seen[q.name] = true
	}
	if len(questions) < 150 {
		t.Errorf("got %d questions, want at least 150", len(questions))
	}
}
