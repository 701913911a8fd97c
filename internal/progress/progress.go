// Package progress says how far something has come that takes long: with a bar and a rate on a terminal.
package progress

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Done is how much of something is done.
type Done struct {
	What        string // "sending to \"orders\""
	Unit        string // "records"
	Done, Total int64  // a Total of 0 is not known
}

const (
	barWidth = 20
	few      = 100 // things of which a rate says nothing; the time that has passed does
)

// Line is such as `sending to "orders" [######··············]  30% 300k of 1M records, 52k/s`.
func (d Done) Line(elapsed time.Duration) string {
	var b strings.Builder
	b.WriteString(d.What + " ")
	if d.Total > 0 {
		share := min(max(float64(d.Done)/float64(d.Total), 0), 1)
		full := int(share * barWidth)
		fmt.Fprintf(&b, "[%s%s] %3d%% ", strings.Repeat("#", full), strings.Repeat("·", barWidth-full), int(share*100))
	}
	b.WriteString(short(float64(d.Done)))
	if d.Total > 0 {
		b.WriteString(" of " + short(float64(d.Total)))
	}
	b.WriteString(" " + d.Unit)
	switch seconds := elapsed.Seconds(); {
	case d.Total > 0 && d.Total < few:
		fmt.Fprintf(&b, ", %.0fs", seconds)
	case seconds >= 0.1 && d.Done > 0:
		b.WriteString(", " + short(float64(d.Done)/seconds) + "/s")
	}
	return b.String()
}

// short is a number of three digits at most: 950, 12.3k, 1.5M.
func short(n float64) string {
	unit := ""
	for _, next := range []string{"k", "M", "G"} {
		if n < 999.5 {
			break
		}
		n, unit = n/1000, next
	}
	return fmt.Sprintf("%.3g%s", n, unit)
}

// Terminal is implemented by writers that lead to a terminal, perhaps through others.
type Terminal interface {
	// Terminal is how many columns it has, and whether it is one.
	Terminal() (columns int, terminal bool)
}

// refresh is how often a line is written anew.
const refresh = 100 * time.Millisecond

// Bar keeps a line of a terminal up to date. Where there is no terminal it writes nothing.
type Bar struct {
	w         io.Writer
	columns   int
	began     time.Time
	shown     time.Time
	something bool // is on the screen
}

// On begins a bar. What is written to w meanwhile must come after End.
func On(w io.Writer) *Bar {
	b := &Bar{w: w, began: time.Now()}
	if t, ok := w.(Terminal); ok {
		if columns, is := t.Terminal(); is {
			b.columns = max(columns, 20)
		}
	}
	return b
}

// Set shows how far it has come, at most some times a second.
func (b *Bar) Set(d Done) {
	if b.columns == 0 || time.Since(b.shown) < refresh {
		return
	}
	b.shown, b.something = time.Now(), true
	line := []rune(d.Line(time.Since(b.began)))
	_, _ = io.WriteString(b.w, "\r\x1b[2K"+string(line[:min(len(line), b.columns-1)]))
}

// End takes the line away.
func (b *Bar) End() {
	if b.something {
		_, _ = io.WriteString(b.w, "\r\x1b[2K")
	}
	b.something = false
}
