package app

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	maxLine   = 64 << 10 // bytes of a line that are kept
	keptBytes = 1 << 20  // bytes of lines kept for LastLines
	minSecret = 4        // bytes; hiding shorter secrets would hide offsets and words as well
)

// lineWriter cuts what is written to it into lines. A line longer than maxLine is cut at a character and marked. It is
// safe for one writer at a time, which is how each output of a process is copied.
type lineWriter struct {
	emit    func(line string)
	pending []byte // at most maxLine+utf8.UTFMax bytes of the line that has not ended
	dropped int    // bytes of it that were not kept
}

func (w *lineWriter) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		line, rest, ended := bytes.Cut(p, []byte{'\n'})
		w.keep(line)
		if ended {
			w.end()
		}
		p = rest
	}
	return written, nil
}

func (w *lineWriter) keep(part []byte) {
	room := min(maxLine+utf8.UTFMax-len(w.pending), len(part)) // the extra bytes show whether a character is whole
	w.pending = append(w.pending, part[:room]...)
	w.dropped += len(part) - room
}

func (w *lineWriter) end() {
	line := w.pending
	mark := ""
	if len(line) > maxLine && (w.dropped > 0 || strings.TrimSuffix(string(line[maxLine:]), "\r") != "") {
		cut := maxLine
		for cut > maxLine-utf8.UTFMax && !utf8.RuneStart(line[cut]) {
			cut--
		}
		mark = fmt.Sprintf(" … [line cut here, %d bytes more]", len(line)-cut+w.dropped)
		line = line[:cut]
	}
	text := strings.ToValidUTF8(strings.TrimSuffix(string(line), "\r"), "\ufffd") + mark
	w.pending, w.dropped = w.pending[:0], 0
	w.emit(text)
}

// flush ends a last line that has no newline.
func (w *lineWriter) flush() {
	if len(w.pending) > 0 {
		w.end()
	}
}

// gate holds lines back until it is opened, so that the start is told before the output, and passes one at a time.
type gate struct {
	pass   func(line string)
	mu     sync.Mutex
	opened bool
	held   []string
}

func (g *gate) line(line string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.opened {
		g.held = append(g.held, line)
		return
	}
	g.pass(line)
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, line := range g.held {
		g.pass(line)
	}
	g.opened, g.held = true, nil
}

// redactor hides the secrets an application was given, should it write them.
func redactor(secrets []string) *strings.Replacer {
	var pairs []string
	for _, secret := range secrets {
		if len(secret) >= minSecret {
			pairs = append(pairs, secret, "***")
		}
	}
	return strings.NewReplacer(pairs...)
}
