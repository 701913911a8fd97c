package journal

import (
	"regexp"
	"strings"
	"testing"
)

// Whatever is changed in a file is found, with its kind where that can be told.
func TestReadRefusesWhatWasChanged(t *testing.T) {
	j := New()
	for offset := range int64(3) {
		j.Add(Fact{Kind: Processed, Topic: "orders", Offset: 20 + offset})
	}
	whole := write(t, j)
	lines := strings.SplitAfter(strings.TrimSuffix(whole, "\n"), "\n")
	lines[3] += "\n"
	header := func(change ...string) string { return strings.NewReplacer(change...).Replace(lines[0]) }
	digest := regexp.MustCompile(`,"sha256":"\w+"`).FindString(lines[0])
	added := strings.Replace(lines[3], `"seq":3`, `"seq":4`, 1)
	const changed = "journal line 1: got lines with the SHA-256 "
	for name, c := range map[string]struct{ file, want string }{
		"edited":            {strings.Replace(whole, `"offset":21`, `"offset":22`, 1), changed},
		"edited last line":  {strings.Replace(whole, `"offset":22`, `"offset":23`, 1), changed},
		"edited first line": {strings.Replace(whole, `"facts":3`, `"facts":3,"dropped":{"a":1}`, 1), changed},
		"edited first fact": {strings.Replace(whole, `"offset":20`, `"offset":19`, 1), changed},
		"other digest":      {header(digest, `,"sha256":"`+strings.Repeat("0", 64)+`"`) + strings.Join(lines[1:], ""), changed},
		"no digest":         {header(digest, "") + strings.Join(lines[1:], ""), "journal line 1: got no sha256"},
		"appended":          {whole + added, "journal line 5: got 4 facts, want 3; lines were added"},
		"appended, counted": {header(`"facts":3`, `"facts":4`) + strings.Join(lines[1:], "") + added, changed},
		"removed":           {lines[0] + lines[1] + lines[3], "journal line 3: got 2 facts, want 3; the file was cut"},
		"removed, counted":  {header(`"facts":3`, `"facts":2`) + lines[1] + lines[3], changed},
		"reordered":         {lines[0] + lines[2] + lines[1] + lines[3], "journal line 3: got seq 1, want more than 2"},
		"reordered, renumbered": {lines[0] + lines[1] + strings.Replace(lines[3], `"seq":3`, `"seq":2`, 1) +
			strings.Replace(lines[2], `"seq":2`, `"seq":3`, 1), changed},
		"cut within the last line": {whole[:len(whole)-9], "journal line 4: got half a line"},
		"without the last end":     {strings.TrimSuffix(whole, "\n"), changed},
		"blanks":                   {strings.Replace(whole, `,"offset"`, `, "offset"`, 1), changed},
		"CR LF": {strings.ReplaceAll(whole, "\n", "\r\n"),
			"journal line 1: got lines that end with CR LF, and they were written with LF: git does that"},
		"lines of another": {lines[0] + strings.ReplaceAll(strings.Join(lines[1:], ""), "orders", "other"), changed},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.file))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want %s…", err, c.want)
			}
		})
	}
	if again, err := Read(strings.NewReader(whole)); err != nil || !strings.Contains(digest, again.SHA256()) {
		t.Errorf("got %v and digest %q, want the file to be read, with %s", err, again.SHA256(), digest)
	}
	earlier := header(digest, "", `"journal":4`, `"journal":3`) + strings.Join(lines[1:], "")
	for _, text := range []string{earlier, strings.ReplaceAll(earlier, "\n", "\r\n")} {
		if again, err := Read(strings.NewReader(text)); err != nil || again.SHA256() != "" {
			t.Errorf("got %v, want a journal of an earlier version to be read", err)
		}
	}
}

// The digest is of what was saved, without what was taken out of it.
func TestSaveSealsWhatItWrites(t *testing.T) {
	j := New()
	j.Add(Fact{Kind: Note, Text: "the password is hunter2"})
	var file strings.Builder
	digest, err := j.Save(&file, func(text string) string { return strings.ReplaceAll(text, "hunter2", "***") })
	if err != nil {
		t.Fatal(err)
	}
	again, err := Read(strings.NewReader(file.String()))
	if err != nil || again.SHA256() != digest || again.Select(nil)[0].Text != "the password is ***" {
		t.Errorf("got %v, want what was saved\n%s", err, file.String())
	}
}
