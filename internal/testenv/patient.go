package testenv

import (
	"flag"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"

	"go.uber.org/goleak"
)

// How much garbage there is before it is collected, in percent of what is in use, and in how much memory at most. At
// Go's 100 percent the features spend a fifth of their time on collecting it.
const (
	garbage = 400
	heap    = 1 << 30
)

// perProcessor is how many tests run at once for each processor: they mostly wait, for brokers and programs.
const perProcessor = 3

// Patient are the tests of a package, for goleak.VerifyTestMain. On a busy machine what they began may take longer to
// end than the half second for which that waits: it is given ten.
type Patient struct{ Tests goleak.TestingM }

// Run runs the tests. More of them run at once than go test would have, unless it was told with -parallel, or they run
// on real servers, which have enough to do.
func (p Patient) Run() int {
	flag.Parse()
	told := false
	flag.Visit(func(f *flag.Flag) { told = told || f.Name == "test.parallel" })
	if !told && !Local() {
		_ = flag.Set("test.parallel", strconv.Itoa(AtOnce(perProcessor*runtime.GOMAXPROCS(0))))
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
		debug.SetMemoryLimit(heap)
	}
	code := p.Tests.Run()
	const looks = 20 // each takes half a second while something is left
	for range looks {
		if goleak.Find() == nil {
			break
		}
	}
	return code
}
