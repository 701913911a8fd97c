package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
)

// The header holds the SHA-256 of the whole file but for itself: of the header without its field sha256, which is its
// last, and of all lines behind it, with their ends.

const sealStart = `,"sha256":"`

// seal is the header with the digest of the file, and the digest.
func seal(header, facts []byte) (sealed []byte, digest string) {
	sum := sha256.New()
	sum.Write(header)
	sum.Write(facts)
	digest = hex.EncodeToString(sum.Sum(nil))
	open, end := bytes.TrimSuffix(header, []byte("}\n")), `"}`+"\n"
	return append(append(append(bytes.Clone(open), sealStart...), digest...), end...), digest
}

// seals computes the digest of a file while it is read, line by line with their ends.
type seals struct {
	sum  hash.Hash
	crlf bool // lines end with CR LF, which no journal is written with
}

func newSeals() *seals { return &seals{sum: sha256.New()} }

func (s *seals) header(line []byte, digest string) {
	s.crlf = bytes.HasSuffix(line, []byte("\r\n"))
	_, _ = s.sum.Write(bytes.Replace(line, []byte(sealStart+digest+`"`), nil, 1))
}

func (s *seals) fact(line []byte) { _, _ = s.sum.Write(line) }

// check is an error where the file is not what was written.
func (s *seals) check(digest string) error {
	got := hex.EncodeToString(s.sum.Sum(nil))
	switch {
	case got == digest:
		return nil
	case s.crlf:
		return lineError(1, "got lines that end with CR LF, and they were written with LF: git does that to text files; "+
			"put `*.jsonl -text` into .gitattributes and check the file out again, or take the one that the run wrote")
	}
	return lineError(1, "got lines with the SHA-256 %s, want %s as the first line says: the file was changed after the "+
		"run wrote it; take the one that the run wrote, or run the scenario again", got, digest)
}

// SHA256 is the digest in the file that the journal was read from; empty for none, as of those that earlier versions
// wrote.
func (j *Journal) SHA256() string { return j.sha256 }

// Save writes the journal as JSON lines, as edit changes them, such as one that takes out secrets; it must keep the
// lines, and nil changes nothing. Read gives the same facts back, whatever bytes their texts hold. Save returns the
// digest that the file has in its first line.
func (j *Journal) Save(w io.Writer, edit func(text string) string) (digest string, err error) {
	var text bytes.Buffer
	if err := j.encode(&text); err != nil {
		return "", err
	}
	all := text.Bytes()
	if edit != nil {
		all = []byte(edit(text.String()))
	}
	end := bytes.IndexByte(all, '\n') + 1
	header, digest := seal(all[:end], all[end:])
	for _, part := range [][]byte{header, all[end:]} {
		if _, err := w.Write(part); err != nil {
			return "", err
		}
	}
	return digest, nil
}

// wholeLines splits what a bufio.Scanner reads into lines that keep their ends.
func wholeLines(data []byte, atEOF bool) (advance int, line []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}
