package journal

import (
	"bytes"
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func write(t interface{ Fatal(...any) }, j *Journal) string {
	var out bytes.Buffer
	if _, err := j.Save(&out, nil); err != nil {
		t.Fatal(err)
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
			if rapid.Bool().Draw(t, "on the wire") {
				f.Request = rapid.Make[*Request]().Draw(t, "request")
			}
			if kind := rapid.SampledFrom(append(slices.Sorted(maps.Keys(details)), "")).Draw(t, "detail"); kind != "" {
				f.Detail = anyDetail(reflect.TypeOf(details[kind]), anything).Draw(t, kind)
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

// anyDetail makes details of a type: of a log event any bytes, of others any values.
func anyDetail(of reflect.Type, text *rapid.Generator[string]) *rapid.Generator[Detail] {
	return rapid.Custom(func(t *rapid.T) Detail {
		switch of {
		case reflect.TypeFor[LogEvent]():
			return LogEvent(rapid.MapOfN(text, text, 0, 3).Draw(t, "fields"))
		case reflect.TypeFor[*Attempt]():
			return ptr(rapid.Make[Attempt]().Draw(t, "value"))
		case reflect.TypeFor[*Fetch]():
			return ptr(rapid.Make[Fetch]().Draw(t, "value"))
		case reflect.TypeFor[*Commit]():
			return ptr(rapid.Make[Commit]().Draw(t, "value"))
		case reflect.TypeFor[*Broker]():
			return ptr(rapid.Make[Broker]().Draw(t, "value"))
		case reflect.TypeFor[*Begin]():
			return ptr(rapid.Make[Begin]().Draw(t, "value"))
		case reflect.TypeFor[*Transaction]():
			return ptr(rapid.Make[Transaction]().Draw(t, "value"))
		case reflect.TypeFor[*Membership]():
			m := rapid.Make[Membership]().Draw(t, "value")
			m.Member = text.Draw(t, "member")
			if rapid.Bool().Draw(t, "not told") {
				m.Owned, m.Subscribed = nil, nil
			}
			return &m
		case reflect.TypeFor[*Client]():
			return ptr(rapid.Make[Client]().Draw(t, "value"))
		case reflect.TypeFor[*Connection]():
			return ptr(rapid.Make[Connection]().Draw(t, "value"))
		case reflect.TypeFor[*Share]():
			return ptr(rapid.Make[Share]().Draw(t, "value"))
		case reflect.TypeFor[*Scenario]():
			return ptr(rapid.Make[Scenario]().Draw(t, "value"))
		case reflect.TypeFor[*Layout]():
			return ptr(rapid.Make[Layout]().Draw(t, "value"))
		case reflect.TypeFor[*Role]():
			return ptr(rapid.Make[Role]().Draw(t, "value"))
		case reflect.TypeFor[*Ending]():
			e := rapid.Make[Ending]().Draw(t, "value")
			e.Error = text.Draw(t, "error")
			return &e
		case reflect.TypeFor[*Exchange]():
			e := rapid.Make[Exchange]().Draw(t, "value")
			e.Body = text.Draw(t, "body")
			return &e
		case reflect.TypeFor[*Command]():
			return ptr(rapid.Make[Command]().Draw(t, "value"))
		case reflect.TypeFor[*Window]():
			return ptr(rapid.Make[Window]().Draw(t, "value"))
		case reflect.TypeFor[*Fault]():
			return ptr(rapid.Make[Fault]().Draw(t, "value"))
		}
		panic("no generator for " + of.String())
	})
}

func ptr[T any](v T) *T { return &v }

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
		{"older version", `{"journal":1,"facts":0}`, "journal line 1: got version 1, want 2 to 4"},
		{"newer version", `{"journal":5,"chapters":0}`, "journal line 1: got version 5, want 2 to 4; read it with the kafkaspec"},
		{"cut within a line", whole[:len(whole)-10], "journal line 4: got half a line"},
		{"cut between lines", lines[0] + lines[1], "journal line 2: got 1 facts, want 3; the file was cut short"},
		{"a line twice", lines[0] + lines[1] + lines[1], "journal line 3: got seq 1, want more than 1"},
		{"lines swapped", lines[0] + lines[2] + lines[1] + lines[3], "journal line 3: got seq 1, want more than 2"},
		{"not JSON", lines[0] + lines[1] + "oops\n", "journal line 3: "},
		{"two on a line", lines[0] + strings.TrimSpace(lines[1]) + lines[2],
			"journal line 2: got more after the JSON object"},
		{"unknown detail", lines[0] + `{"seq":1,"type":"dream"}`, `journal line 2: got a detail of type "dream"`},
		{"damaged detail", lines[0] + `{"seq":1,"type":"fetch","detail":{"code":"x"}}`,
			"journal line 2: detail of type fetch"},
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
	j.Add(Fact{Kind: Processed, Key: "\xff", Detail: LogEvent{"a": "b"}})
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

func TestSaveReportsWhatFailed(t *testing.T) {
	j := New()
	j.Add(Fact{Kind: Note})
	full := errors.New("disk full")
	if _, err := j.Save(failing{full}, nil); !errors.Is(err, full) {
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
		Detail: LogEvent{"partitions": "0,1"}})
	j.append(Fact{Seq: 3, At: 2500000, Kind: Processed, Source: SourceLog, App: "shipping", Topic: "orders", Key: "\xff",
		Count: 2, Error: "<late>", Text: "ok"})
	j.append(Fact{Seq: 4, At: 3500000, Kind: GroupAssigned, Source: SourceWire, App: "shipping", Group: "g", Partition: -1,
		Offset: -1, Request: &Request{API: "SyncGroup", Version: 5, Sent: 3400000, Answered: 3450000, Outcome: Answered},
		Detail: &Membership{Member: "m", Generation: 2, Assigned: []TopicPartitions{{"orders", []int32{0, 1}}},
			Owned: []TopicPartitions{}}})
	want, err := os.ReadFile(filepath.Join("testdata", "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), write(t, j)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
