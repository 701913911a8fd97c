//go:build linux || darwin

package child

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
)

// What the watchdog reports, one line each: a word, a space, the rest.
const (
	reportStarted = "started" // process id
	reportFailed  = "failed"  // errno
	// reportEnding says that the command has ended and its group is dead. The watchdog reaps it only after the answer,
	// so that the parent never signals an id that has gone to someone else.
	reportEnding = "ending"
	reportExit   = "exit" // exit code and signal name
)

// answerReap is the parent's answer to reportEnding.
const answerReap = 'r'

// order is what the parent writes first: counted strings, since arguments and environment may hold any byte.
type order struct {
	path, dir string
	args, env []string
}

const maxOrder = 64 << 20 // bytes; far above what any system takes as arguments and environment

func (o order) write(w io.Writer) error {
	texts := slices.Concat([]string{o.path, o.dir}, o.args, o.env)
	var body bytes.Buffer
	number := func(n int) { _ = binary.Write(&body, binary.BigEndian, uint32(n)) }
	number(len(o.args))
	for _, text := range texts {
		number(len(text))
		body.WriteString(text)
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(body.Len()))
	_, err := w.Write(append(head, body.Bytes()...))
	return err
}

func readOrder(r io.Reader) (order, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return order{}, err
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > maxOrder {
		return order{}, fmt.Errorf("got an order of %d bytes, want at most %d", size, maxOrder)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(r, body); err != nil {
		return order{}, err
	}
	var texts []string
	next := func() (uint32, bool) {
		if len(body) < 4 {
			return 0, false
		}
		n := binary.BigEndian.Uint32(body)
		body = body[4:]
		return n, true
	}
	args, _ := next()
	for n, ok := next(); ok; n, ok = next() {
		if uint64(n) > uint64(len(body)) {
			return order{}, io.ErrUnexpectedEOF
		}
		texts = append(texts, string(body[:n]))
		body = body[n:]
	}
	if uint64(len(texts)) < 2+uint64(args) {
		return order{}, io.ErrUnexpectedEOF
	}
	return order{path: texts[0], dir: texts[1], args: texts[2 : 2+args], env: texts[2+args:]}, nil
}

func readReport(r *bufio.Reader) (word, rest string, err error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", "", err
	}
	word, rest, _ = strings.Cut(strings.TrimSuffix(line, "\n"), " ")
	return word, rest, nil
}

// commandEnvironment drops the watchdog's mark, and all but the last of several values of one name: which of them a
// program takes differs from one to the next.
func commandEnvironment(env []string) []string {
	seen := make(map[string]bool, len(env))
	kept := make([]string, 0, len(env))
	for _, entry := range slices.Backward(env) {
		name, _, _ := strings.Cut(entry, "=")
		if name == watchdogVariable || seen[name] {
			continue
		}
		seen[name] = true
		kept = append(kept, entry)
	}
	slices.Reverse(kept)
	return kept
}
