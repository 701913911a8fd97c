package page_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// data is what a page's scripts read.
type data struct {
	Scenarios []struct{ Anchor, Title, Facts, NoFacts string }
}

// timeline is what they read of a scenario's facts.
type timeline struct {
	S     []string
	F     [][]int64
	B     [][]int64
	Total int
	Left  [][]int64
	N     []page.Chart
}

func (l timeline) text(n int64) string { return l.S[n] }

var dataIn = regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`)

func readPage(t testing.TB, file string) data {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := dataIn.FindSubmatch(content)
	if found == nil {
		t.Fatalf("got no data in %s", file)
	}
	var d data
	if err := json.Unmarshal(found[1], &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func readFacts(t testing.TB, code string) (l timeline) {
	t.Helper()
	packed, err := base64.StdEncoding.DecodeString(code)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &l); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestBarsAreLivesOwnersAndTransactions(t *testing.T) {
	folder := t.TempDir()
	d := readPage(t, write(t, folder, sample(t, folder), nil))
	l := readFacts(t, d.Scenarios[0].Facts)
	var got []string
	for _, b := range l.B {
		got = append(got, fmt.Sprintf("%d %s %s %d %d-%d %s", b[0], l.text(b[1]), l.text(b[2]), b[3], b[4]/1000, b[5]/1000,
			l.text(b[6])))
	}
	want := `0 shipping  -1 5-50 starting
0 shipping  -1 50-450 running
1 shipping orders 0 40-0 owning
2 shipping shipping-0 -1 338-380 committed`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	if l.Total != 51 || len(l.F) != 50 || !strings.HasPrefix(l.text(l.F[3][15]), "level=INFO") {
		t.Errorf("got %d of %d facts, the fourth %v; want a line of the log with the fact that was made of it", len(l.F),
			l.Total, l.F[3])
	}
}

func TestAnchors(t *testing.T) {
	folder := t.TempDir()
	r := sample(t, folder)
	other := r.Scenarios[0]
	other.File = "features/retries/commits.feature"
	r.Scenarios = append(r.Scenarios, other)
	var got []string
	for _, s := range readPage(t, write(t, folder, r, nil)).Scenarios {
		got = append(got, s.Anchor)
	}
	if want := "commits-7 commits-23 join-33 join-33-run-2 join-50 commits-7-2"; strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, " "), want)
	}
}

func TestThinningKeepsWhatMatters(t *testing.T) {
	folder := t.TempDir()
	r := sample(t, folder)
	facts := story(20_000)
	r.Scenarios[0].Failure.Findings[0].Facts = []int64{5, 12_347, int64(len(facts))}
	r.Scenarios[0].Journal = writeJournal(t, folder, "many.jsonl", facts)
	l := readFacts(t, readPage(t, write(t, folder, r, nil)).Scenarios[0].Facts)
	if len(l.F) > 10_000 || len(l.F) < 6_000 {
		t.Errorf("got %d facts, want at most 10000, and most of these", len(l.F))
	}
	left, kept := int64(0), map[int64]bool{}
	for _, kind := range l.Left {
		left += kind[1]
	}
	if int(left)+len(l.F)+1 != l.Total { // one is a line of a log, kept with its fact
		t.Errorf("got %d facts and %d left out of %d, want them to add up", len(l.F), left, l.Total)
	}
	kinds := map[string]int{}
	for _, f := range l.F {
		kept[f[0]] = true
		kinds[l.text(f[2])]++
	}
	for _, seq := range r.Scenarios[0].Failure.Findings[0].Facts {
		if !kept[seq] {
			t.Errorf("got fact %d left out, want those of a finding kept", seq)
		}
	}
	for _, kind := range []journal.Kind{journal.FaultFired, journal.Killed, journal.Ready, journal.GroupAssigned} {
		if kinds[string(kind)] != 1 {
			t.Errorf("got %d × %s, want it kept", kinds[string(kind)], kind)
		}
	}
}

func TestThinningKeepsRequestsThatWentWrong(t *testing.T) {
	folder := t.TempDir()
	r := sample(t, folder)
	facts := story(100)
	for i := range 12_000 {
		f := event(500+i, "shipping", journal.ServiceAsked)
		f.Source, f.Detail = journal.SourceService, &journal.Exchange{Service: "payments", Method: "POST", Path: "/payments",
			Status: 201, Accepted: true}
		if i%1000 == 7 {
			f.Detail = &journal.Exchange{Service: "payments", Method: "POST", Path: "/payments", Status: 503}
		}
		facts = append(facts, f)
	}
	r.Scenarios[0].Journal = writeJournal(t, folder, "http.jsonl", facts)
	l := readFacts(t, readPage(t, write(t, folder, r, nil)).Scenarios[0].Facts)
	wrong := 0
	for _, f := range l.F {
		if strings.Contains(l.text(f[13]), `"status":503`) {
			wrong++
		}
	}
	if len(l.F) > 10_000 || len(l.F) < 5_000 || wrong != 12 {
		t.Errorf("got %d facts, %d of them requests that were refused; want 5000 to 10000, all 12 among them", len(l.F),
			wrong)
	}
}

func TestSecretsInFactsAreHidden(t *testing.T) {
	folder := t.TempDir()
	r := sample(t, folder)
	const secret = "s3cret-pass"
	facts := story(2)
	facts[0].Text, facts[1].Request.ClientID, facts[3].Text = secret, "x"+secret, "log "+secret
	facts[4].Key, facts[4].Detail = secret, journal.LogEvent{"token": secret}
	r.Scenarios[0].Journal = writeJournal(t, folder, "secret.jsonl", facts)
	var d report.Redactor
	d.Hide(secret)
	l := readFacts(t, readPage(t, write(t, folder, r, d.Text)).Scenarios[0].Facts)
	hidden := 0
	for _, text := range l.S {
		if strings.Contains(text, "s3cret") {
			t.Errorf("got %q, want the secret hidden", text)
		}
		hidden += strings.Count(text, "***")
	}
	if hidden < 4 {
		t.Errorf("got %d texts with something hidden, want 4", hidden)
	}
}

// suite is the page of a suite: 500 scenarios, some of which failed.
func suite(t *testing.T, folder string) (file string) {
	r := sample(t, folder)
	passed, failed := r.Scenarios[2], r.Scenarios[0]
	passed.Journal = writeJournal(t, folder, "passed.jsonl", story(210))
	failed.Journal = writeJournal(t, folder, "failed.jsonl", story(3000))
	r.Scenarios = nil
	for i := range 500 {
		s := passed
		if i%100 == 0 {
			s = failed
		}
		s.Line = i + 1
		r.Scenarios = append(r.Scenarios, s)
	}
	return write(t, folder, r, nil)
}

func TestSuiteStaysSmall(t *testing.T) {
	testenv.LongOnly(t, "measures memory or time on much input")
	info, err := os.Stat(suite(t, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("500 scenarios take %d kB", info.Size()>>10)
	if info.Size() > 6<<20 {
		t.Errorf("got %d bytes, want at most 6 MB", info.Size())
	}
}

func TestGatherCopiesJournals(t *testing.T) {
	one, other, into := t.TempDir(), t.TempDir(), t.TempDir()
	r, q := sample(t, one), sample(t, other)
	for i, run := range []struct {
		folder  string
		results *report.Results
	}{{one, &r}, {other, &q}, {into, &r}} { // what is there already stays as it is
		if err := page.Gather(into, run.folder, i+1, run.results); err != nil {
			t.Fatal(err)
		}
	}
	all := report.Merge(r, q)
	for i, s := range readPage(t, write(t, into, all, nil)).Scenarios {
		if journal := all.Scenarios[i].Journal; (s.Facts == "") == (journal != "" && !strings.Contains(journal, "gone")) {
			t.Errorf("%s, %s: got %d bytes of facts (%s)", s.Anchor, journal, len(s.Facts), s.NoFacts)
		}
	}
	if files, err := filepath.Glob(filepath.Join(into, page.Journals, "*.jsonl")); err != nil || len(files) != 4 {
		t.Errorf("got %v (%v), want two journals of each run", files, err)
	}
	all.Scenarios[0].Journal = "journals/../../" + filepath.Base(one) + "/secret.jsonl"
	if s := readPage(t, write(t, into, all, nil)).Scenarios[0]; !strings.Contains(s.NoFacts, "not there") {
		t.Errorf("got %q, want no file read outside of the folder of journals", s.NoFacts)
	}
}

// BenchmarkPage writes the page of 300 scenarios with 500 facts each.
func BenchmarkPage(b *testing.B) {
	folder := b.TempDir()
	r := sample(b, folder)
	passed := r.Scenarios[2]
	passed.Journal = writeJournal(b, folder, "passed.jsonl", story(500))
	r.Scenarios = nil
	for i := range 300 {
		passed.Line = i + 1
		r.Scenarios = append(r.Scenarios, passed)
	}
	for b.Loop() {
		write(b, folder, r, nil)
	}
}
