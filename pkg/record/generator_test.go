package record

import (
	"encoding/json"
	"fmt"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const fixtures = "../../fixtures"

func parseGenerator(t testing.TB, text string) *Generator {
	t.Helper()
	all, err := ParseGenerators("g.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range all {
		return g
	}
	return nil
}

// TestFixtures keeps the first records of each generator. They are the same on every platform: do not accept a
// difference unless the generator's text changed.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(fixtures, "generators", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d files, %v, want the fixtures", len(files), err)
	}
	var b strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		generators, err := ParseGenerators(filepath.Base(file), text)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range sortedKeys(generators) {
			fmt.Fprintf(&b, "== %s\n", name)
			i := 0
			for r := range generators[name].Records(1, 100) {
				if i++; i <= 5 || i%50 == 0 {
					fmt.Fprintf(&b, "%d: %s", i, r.Show())
					if !r.Timestamp.IsZero() {
						fmt.Fprintf(&b, ", timestamp %s", r.Timestamp.UTC().Format("15:04:05.000"))
					}
					b.WriteByte('\n')
				}
			}
		}
	}
	golden(t, "generators", b.String())
}

func sortedKeys(m map[string]*Generator) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestRecordFixtures(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(fixtures, "records", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d files, %v, want the fixtures", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		records, err := FromDoc(Source{Place: source.Place{File: file}}, "yaml", string(text), nil)
		if err != nil {
			t.Error(err)
		}
		for _, r := range records {
			var order struct{ Amount float64 }
			decodes := r.Value == nil || json.Unmarshal(r.Value, &order) == nil
			if poison := filepath.Base(file) == "poison.yaml"; decodes == poison {
				t.Errorf("%s: %s: got decodes %v, want %v", file, r.Show(), decodes, !poison)
			}
		}
	}
}

func collect(g *Generator, seed, n int64) []Record { return slices.Collect(g.Records(seed, n)) }

const everything = `
all:
  let: {user: "u${int 1 9}", n: 5, maybe: "${null 50%}${int 1 3}"}
  key: ${null 10%}${user}
  value:
    sequence: ${sequence 10 5}
    n: ${n}
    maybe: ${maybe}
    text: it's ${maybe}
    user: ${user}
    decimal: ${decimal -1.5 2.25}
    choice: ${choice "a b":2 c "q\"uote"}
    number: ${choice 1 2.5 true}
    cycle: ${cycle x y}
    id: ${uuid}
    string: ${string 3 9}
    nested: [1, {deep: "$${kept}"}, null, true]
    time: ${timestamp}
  headers:
    - trace: ${uuid}
    - fixed: 0x00ff
    - fixed: null
    - json: {a: "${user}"}
  timestamp: {start: 2026-03-01T12:00:00Z, step: 1s, jitter: 2s}
  partition: ${cycle 0 1 2}
  tombstones: 5%
  bad: {share: 10%}
`

func TestTheSameSeedGivesTheSame(t *testing.T) {
	g := parseGenerator(t, everything)
	first := collect(g, 7, 500)
	if !reflect.DeepEqual(first, collect(g, 7, 500)) {
		t.Error("got other records for the same seed")
	}
	if !reflect.DeepEqual(first[:100], collect(g, 7, 100)) {
		t.Error("got other first records when fewer are asked for")
	}
	if reflect.DeepEqual(first, collect(g, 8, 500)) {
		t.Error("got the same records for another seed")
	}
	renamed := parseGenerator(t, strings.Replace(everything, "all:", "other:", 1))
	if reflect.DeepEqual(first, collect(renamed, 7, 500)) {
		t.Error("got the same records from a generator of another name, want them to draw apart")
	}
	for range g.Records(7, 10) {
		break // must end quietly
	}
}

func TestGeneratedRecords(t *testing.T) {
	g := parseGenerator(t, everything)
	var tombstones, bad, nullKeys, last int64
	for i, r := range collect(g, 1, 10_000) {
		if r.Key == nil {
			nullKeys++
		}
		if r.Partition != int32(i%3) {
			t.Fatalf("record %d: got partition %d, want %d", i, r.Partition, i%3)
		}
		if after := r.Timestamp.Sub(at("2026-03-01T12:00:00Z")).Milliseconds() - int64(i)*1000; after < 0 || after > 2000 {
			t.Fatalf("record %d: got a timestamp %dms from its step, want 0 to 2000", i, after)
		}
		if len(r.Headers) != 4 || !uuid.MatchString(string(r.Headers[0].Value)) || string(r.Headers[1].Value) != "\x00\xff" ||
			r.Headers[2].Value != nil ||
			!strings.HasPrefix(string(r.Headers[3].Value), `{"a":"u`) {
			t.Fatalf("record %d: got headers %v", i, r.Headers)
		}
		switch {
		case r.Value == nil:
			tombstones++
			continue
		case strings.HasPrefix(string(r.Value), "not json "):
			bad++
			continue
		}
		var v struct {
			Sequence, Time, N     int64
			Decimal               float64
			Maybe                 *int
			Text, User, ID        string
			Choice, Cycle, String string
			Number                any
			Nested                []any
		}
		if err := json.Unmarshal(r.Value, &v); err != nil {
			t.Fatalf("record %d: %v: %s", i, err, r.Value)
		}
		if v.Sequence != 10+5*int64(i) || v.Sequence <= last || v.N != 5 || v.Decimal < -1.5 || v.Decimal > 2.25 ||
			!uuid.MatchString(v.ID) || v.ID[14] != '4' ||
			v.Time != r.Timestamp.UnixMilli() || len(v.String) < 3 || len(v.String) > 9 || v.Cycle != []string{"x", "y"}[i%2] ||
			!slices.Contains([]string{"a b", "c", `q"uote`}, v.Choice) || len(v.Nested) != 4 {
			t.Fatalf("record %d: got %s", i, r.Value)
		}
		if v.Maybe != nil && v.Text != fmt.Sprintf("it's %d", *v.Maybe) || v.Maybe == nil && v.Text != "it's " {
			t.Fatalf("record %d: got %s, want text and maybe to agree", i, r.Value)
		}
		if r.Key != nil && string(r.Key) != v.User {
			t.Fatalf("record %d: got key %s and user %s, want one draw of let in both places", i, r.Key, v.User)
		}
		last = v.Sequence
	}
	near := func(what string, got, want int64) {
		if got < want*8/10 || got > want*12/10 {
			t.Errorf("%s: got %d of 10000, want about %d", what, got, want)
		}
	}
	near("tombstones", tombstones, 500)
	near("bad values", bad, 950)
	near("null keys", nullKeys, 1000)
}

func TestBadEvery(t *testing.T) {
	g := parseGenerator(t, "g: {value: ok, bad: {every: 50, value: \"bad ${sequence}\"}}")
	bad := 0
	for i, r := range collect(g, 3, 1000) {
		if isBad := strings.HasPrefix(string(r.Value), "bad"); isBad != ((i+1)%50 == 0) {
			t.Fatalf("record %d: got %s", i, r.Value)
		} else if isBad {
			bad++
		}
	}
	if bad != 20 {
		t.Errorf("got %d bad records, want 20", bad)
	}
}

func TestKeptRecordsDoNotChange(t *testing.T) {
	g := parseGenerator(t, "g: {key: \"${sequence}\", value: \"${string 10 40000}\", headers: {h: \"${sequence}\"}}")
	var kept []Record
	var copies []string
	for r := range g.Records(1, 300) {
		kept = append(kept, r)
		copies = append(copies, string(r.Key)+string(r.Value)+string(r.Headers[0].Value))
	}
	for i, r := range kept {
		if got := string(r.Key) + string(r.Value) + string(r.Headers[0].Value); got != copies[i] {
			t.Fatalf("record %d changed after it was handed out", i)
		}
		_ = append(r.Key, "overwritten"...) // must not reach the neighbour
	}
	if string(kept[1].Key) != "1" {
		t.Error("got a key changed by appending to another")
	}
}

func TestZipf(t *testing.T) {
	g := parseGenerator(t, "g: {value: \"${zipf 100 1}\"}")
	counts := map[string]int{}
	for r := range g.Records(1, 100_000) {
		counts[string(r.Value)]++
	}
	// Rank k has a share of 1/(k+1) over the 100th harmonic number, 5.187.
	for rank, want := range map[string]int{"0": 19_278, "1": 9_639, "9": 1_928, "99": 193} {
		if got := counts[rank]; math.Abs(float64(got-want)) > 5*math.Sqrt(float64(want)) {
			t.Errorf("rank %s: got %d of 100000, want about %d", rank, got, want)
		}
	}
}

func TestBelow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &stream{}
		s.random.Seed(rapid.Uint64().Draw(t, "seed"), 0)
		n := rapid.Uint64Min(1).Draw(t, "n")
		for range 20 {
			if x := s.below(n); x >= n {
				t.Fatalf("got %d, want below %d", x, n)
			}
		}
	})
}
