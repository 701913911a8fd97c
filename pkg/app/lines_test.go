package app

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func split(parts ...string) []string {
	var lines []string
	w := &lineWriter{emit: func(line string) { lines = append(lines, line) }}
	for _, part := range parts {
		_, _ = w.Write([]byte(part))
	}
	w.flush()
	return lines
}

func TestLines(t *testing.T) {
	cases := []struct {
		name        string
		parts, want []string
	}{
		{"whole", []string{"a\nb\n"}, []string{"a", "b"}},
		{"in parts", []string{"a", "b\nc", "", "d\n"}, []string{"ab", "cd"}},
		{"last without newline", []string{"a\nb"}, []string{"a", "b"}},
		{"empty lines", []string{"\n\na\n\n"}, []string{"", "", "a", ""}},
		{"CRLF", []string{"a\r\nb\r", "\nc\r"}, []string{"a", "b", "c"}},
		{"character in two parts", []string{"caf\xc3", "\xa9\n"}, []string{"café"}},
		{"not UTF-8", []string{"a\xffb\n"}, []string{"a\ufffdb"}},
		{"character cut by the end", []string{"a\xc3"}, []string{"a\ufffd"}},
		{"nothing", nil, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, split(c.parts...)); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLongLinesAreCutAndMarked(t *testing.T) {
	full := strings.Repeat("x", maxLine)
	mark := func(n int) string { return fmt.Sprintf(" … [line cut here, %d bytes more]", n) }
	cases := []struct {
		name, text string
		want       []string
	}{
		{"just fits", full + "\nb\n", []string{full, "b"}},
		{"just fits with CR", full + "\r\nb\n", []string{full, "b"}},
		{"one more", full + "y\nb\n", []string{full + mark(1), "b"}},
		{"much more", full + full + "yy\nb\n", []string{full + mark(maxLine+2), "b"}},
		{"no newline", full + "yyyyyyy", []string{full + mark(7)}},
		{"in a character", full[1:] + "é" + "y\n", []string{full[1:] + mark(3)}},
		{"after a character", full[2:] + "é" + "y\n", []string{full[2:] + "é" + mark(1)}},
		{"not UTF-8 at the cut", full[1:] + "\xff\xbf\xbf\xbf\xbf\n", []string{full[1:] + mark(5)}},
	}
	for _, c := range cases {
		for _, parts := range [][]string{{c.text}, {c.text[:maxLine/2], c.text[maxLine/2 : maxLine+1], c.text[maxLine+1:]}} {
			if got := split(parts...); !cmp.Equal(c.want, got) {
				t.Errorf("%s in %d parts: got %d lines, %s", c.name, len(parts), len(got), tails(got))
			}
		}
	}
}

func tails(lines []string) (text string) {
	for _, line := range lines {
		text += fmt.Sprintf("%d bytes …%q ", len(line), line[max(0, len(line)-50):])
	}
	return text
}

func TestLinesDoNotDependOnHowTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "é", "\n", "\r", "\xff", "日本",
			strings.Repeat("z", maxLine-1)})).Draw(t, "text"), "")
		var want []string
		w := &lineWriter{emit: func(line string) { want = append(want, line) }}
		_, _ = w.Write([]byte(text))
		w.flush()
		size := rapid.IntRange(1, 70_000).Draw(t, "size")
		var got []string
		w = &lineWriter{emit: func(line string) { got = append(got, line) }}
		for rest := text; rest != ""; {
			n := min(size, len(rest))
			_, _ = w.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
		w.flush()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("lines (-at once +in parts):\n%s", diff)
		}
		for _, line := range got {
			if !utf8.ValidString(line) || len(line) > maxLine*3+100 {
				t.Fatalf("got a line of %d bytes, valid UTF-8: %v", len(line), utf8.ValidString(line))
			}
		}
	})
}

func TestRedactor(t *testing.T) {
	hide := redactor([]string{"secret-token", "pw", ""})
	if got := hide.Replace("token=secret-token pw"); got != "token=*** pw" {
		t.Errorf("got %q, want the token hidden and the short one left", got)
	}
}

func TestInheritedEnvironment(t *testing.T) {
	got := inherited([]string{"PATH=/bin", "KAFKA_BOOTSTRAP_SERVERS=x", "KAFKA_HOME=/k", "HOME=/h", "DATABASE_URL=x",
		"SCHEMA_REGISTRY_URL=x",
		"APP_SETTINGS=x", "KAFKASPEC_APP=x", "LANG=C", "NOT_KAFKA_X=1", "=odd"})
	if diff := cmp.Diff([]string{"PATH=/bin", "HOME=/h", "LANG=C", "NOT_KAFKA_X=1", "=odd"}, got); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
}
