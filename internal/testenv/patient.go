package testenv

import (
	"flag"
	"runtime"
	"strconv"

	"go.uber.org/goleak"
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
	code := p.Tests.Run()
	const looks = 20 // each takes half a second while something is left
	for range looks {
		if goleak.Find() == nil {
			break
		}
	}
	return code
}
