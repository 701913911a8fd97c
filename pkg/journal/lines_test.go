package journal

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func write(t interface{ Fatal(...any) }, j *Journal) string {
	var out bytes.Buffer
	n, err := j.WriteTo(&out)
	if err != nil {
		t.Fatal(err)
	}
	if n != int64(out.Len()) {
		t.Fatal("got", n, "bytes, want", out.Len())
	}
	return out.String()
}

// Any facts at all come back as they were: binary keys, invalid UTF-8, -1 and huge numbers.
func TestFactsComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anything := rapid.OneOf(
			rapid.String(),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.SampledFrom([]string{"", "base64:", "base64:YQ==", "\xff", "\u2028<&>", "null", "\x00"}),
		)
		number := rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{-1, 0, 1 << 53, 1<<53 + 1, math.MaxInt64,
			math.MinInt64}))
		j := New()
		for range rapid.IntRange(0, 20).Draw(t, "facts") {
			f := Fact{
				Kind: Kind(anything.Draw(t, "kind")), Source: anything.Draw(t, "source"), App: anything.Draw(t, "app"),
				Group: anything.Draw(t, "group"), Topic: anything.Draw(t, "topic"), Partition: rapid.Int32().Draw(t, "partition"),
				Offset: number.Draw(t, "offset"), Key: anything.Draw(t, "key"), Count: number.Draw(t, "count"),
				Error: anything.Draw(t, "error"), Text: anything.Draw(t, "text"),
			}
			if rapid.Bool().Draw(t, "has fields") {
				f.Fields = rapid.MapOfN(anything, anything, 0, 3).Draw(t, "fields")
			}
			if rapid.IntRange(0, 3).Draw(t, "log line") == 0 {
				f.Kind = LogLine
			}
			j.Add(f)
		}
		j.dropped["a\xff"] = 12

		text := write(t, j)
		again, err := Read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(j.Select(nil), again.Select(nil)); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(j.Dropped(), again.Dropped()); diff != "" {
			t.Fatal(diff)
		}
		if write(t, again) != text {
			t.Fatal("got another file from the journal that was read")
		}
	})
}

func TestAJournalThatWasReadGoesOn(t *testing.T) {
	j := New()
	j.Add(Fact{Kind: Started})
	j.Add(Fact{Kind: Ready})
	again, err := Read(strings.NewReader(write(t, j)))
	if err != nil {
		t.Fatal(err)
	}
	again.Add(Fact{Kind: Exited})
	facts := again.Select(nil)
	if facts[2].Seq != 3 || facts[2].At < facts[1].At {
		t.Errorf("got %+v after %+v, want the next number and a later time", facts[2], facts[1])
	}
}

func TestReadNamesTheDamagedLine(t *testing.T) {
	j := New()
	for range 3 {
		j.Add(Fact{Kind: Processed, Topic: "orders", Key: "\xff"})
	}
	whole := write(t, j)
	lines := strings.SplitAfter(whole, "\n")
	for _, c := range []struct{ name, file, want string }{
		{"empty", "", "journal line 1: got an empty file"},
		{"no header", lines[1], "journal line 1: "},
		{"newer version", `{"journal":2,"facts":0}`, "journal line 1: got version 2, want 1"},
		{"cut within a line", whole[:len(whole)-10], "journal line 4: got half a line"},
		{"cut between lines", lines[0] + lines[1], "journal line 2: got 1 facts, want 3; the file was cut short"},
		{"a line twice", lines[0] + lines[1] + lines[1], "journal line 3: got seq 1, want more than 1"},
		{"lines swapped", lines[0] + lines[2] + lines[1] + lines[3], "journal line 3: got seq 1, want more than 2"},
		{"not JSON", lines[0] + lines[1] + "oops\n", "journal line 3: "},
		{"two on a line", lines[0] + strings.TrimSpace(lines[1]) + lines[2],
			"journal line 2: got more after the JSON object"},
		{"unknown field", lines[0] + `{"seq":1,"offzet":3}`, `journal line 2: json: unknown field "offzet"`},
		{"bad base64", lines[0] + strings.Replace(lines[1], `base64:`, `base64:?`, 1), "journal line 2: "},
		{"number too large", lines[0] + `{"seq":1,"partition":9999999999}`, "journal line 2: "},
		{"blank line", lines[0] + "\n" + lines[1], "journal line 2: got half a line"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.file))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want %s…", err, c.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	j := New()
	j.Add(Fact{Kind: Processed, Key: "\xff", Fields: map[string]string{"a": "b"}})
	f.Add(write(f, j))
	f.Fuzz(func(t *testing.T, file string) {
		j, err := Read(strings.NewReader(file))
		if err == nil {
			if _, err := Read(strings.NewReader(write(t, j))); err != nil {
				t.Errorf("got %v from a journal just read", err)
			}
		}
	})
}

func TestWriteToReportsWhatFailed(t *testing.T) {
	j := New()
	j.Add(Fact{Kind: Note})
	full := errors.New("disk full")
	if _, err := j.WriteTo(failing{full}); !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// The format is read by people and by later versions; a change of it shows here.
func TestFileFormat(t *testing.T) {
	j := New()
	j.append(Fact{Seq: 1, At: 1500000, Kind: Assigned, Source: SourceLog, App: "shipping", Group: "g", Topic: "orders",
		Partition: -1, Offset: -1,
		Fields: map[string]string{"partitions": "0,1"}})
	j.append(Fact{Seq: 3, At: 2500000, Kind: Processed, Source: SourceLog, App: "shipping", Topic: "orders", Key: "\xff",
		Count: 2, Error: "<late>", Text: "ok"})
	want, err := os.ReadFile(filepath.Join("testdata", "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), write(t, j)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
