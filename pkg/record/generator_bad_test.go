package record

import (
	"strings"
	"testing"
)

var badGenerators = []string{
	"",
	"- a list",
	"g:",
	"g: {}",
	"g: {kye: x}",
	"g:\n  key: a\n  key: b",
	"g: {key: a}\ng: {key: b}",
	"g:\n  value:",
	"g:\n  key: ${sequense}",
	"g:\n  key: ${}",
	"g:\n  key: ${int 1",
	"g:\n  key: ${int 1}",
	"g:\n  key: ${int 5 1}",
	"g:\n  key: ${int 1 x}",
	"g:\n  key: ${decimal 1 1e5}",
	"g:\n  key: ${choice}",
	"g:\n  key: ${choice a:0 b}",
	"g:\n  key: ${choice \"a b}",
	"g:\n  key: ${zipf 0 1}",
	"g:\n  key: ${zipf 100 -1}",
	"g:\n  key: ${zipf 10_000_000 1}",
	"g:\n  key: ${string -1}",
	"g:\n  key: ${string 1 999_999_999}",
	"g:\n  key: ${uuid 4}",
	"g:\n  key: ${null 200%}",
	"g:\n  key: ${null x}",
	"g:\n  key: ${timestamp}",
	"g:\n  key: ${user}\n  let: {usr: x}",
	"g:\n  let: {int: x}",
	"g:\n  let: {a: [1]}",
	"g:\n  let: {a: \"${b}\", b: x}",
	"g:\n  value: {a: {b: \"${nope}\"}}",
	"g:\n  value: {a: .inf}",
	"g:\n  value: <any>",
	"g:\n  headers: {h: \"${nope}\"}",
	"g:\n  timestamp: 2026-03-01T12:00:00Z",
	"g:\n  timestamp: {step: 1s}",
	"g:\n  timestamp: {start: +5s}",
	"g:\n  timestamp: {start: 2026-03-01T12:00:00Z, step: 10}",
	"g:\n  timestamp: {start: 2026-03-01T12:00:00Z, stop: 10s}",
	"g:\n  partition: x",
	"g:\n  partition: ${sequence}",
	"g:\n  partition: ${int -1 2}",
	"g:\n  partition: ${choice a b}",
	"g:\n  tombstones: many",
	"g:\n  bad: 2%",
	"g:\n  bad: {value: x}",
	"g:\n  bad: {every: 0}",
	"g:\n  bad: {share: 0.00000000001%}",
	"g:\n\tkey: x",
}

func TestBadGenerators(t *testing.T) {
	var b strings.Builder
	for _, text := range badGenerators {
		_, err := ParseGenerators("g.yaml", []byte(text))
		if err == nil {
			t.Errorf("got no error for\n%s", text)
			continue
		}
		if !strings.HasPrefix(err.Error(), "g.yaml:") {
			t.Errorf("got %v, want it to start with file:line", err)
		}
		writeCase(&b, text, err)
	}
	golden(t, "bad-generators", b.String())
}

func FuzzGenerators(f *testing.F) {
	f.Add(everything)
	for _, text := range badGenerators {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		generators, err := ParseGenerators("g.yaml", []byte(text))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "g.yaml:") {
				t.Fatalf("got %v, want it to start with file:line", err)
			}
			return
		}
		for _, g := range generators {
			for r := range g.Records(1, 3) {
				if r.Partition < -1 {
					t.Fatalf("got partition %d", r.Partition)
				}
			}
		}
	})
}
