package app

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWithoutFrames(t *testing.T) {
	const log = `ERROR cannot go on
java.lang.IllegalStateException: no offset
	at org.example.Shipping.run(Shipping.java:41)
	at java.base/java.lang.Thread.run(Thread.java:840)
Caused by: java.io.IOException: gone
	at org.example.Shipping$Reader.lambda$read$0(Shipping.java:88)
	... 2 more
Caused by: java.net.ConnectException: refused
	... 7 common frames omitted
INFO at last (the end)
  at 5 o'clock
Error: no such order
    at Object.<anonymous> (/srv/shipping.js:3:7)`
	want := []string{"ERROR cannot go on", "java.lang.IllegalStateException: no offset",
		"Caused by: java.io.IOException: gone", "Caused by: java.net.ConnectException: refused",
		"    … lines of the stack trace left out: 5", "INFO at last (the end)", "  at 5 o'clock", "Error: no such order",
		"    … lines of the stack trace left out: 1"}
	if diff := cmp.Diff(want, WithoutFrames(strings.Split(log, "\n"))); diff != "" {
		t.Error(diff)
	}
}
