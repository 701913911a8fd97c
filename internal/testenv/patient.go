package testenv

import "go.uber.org/goleak"

// Patient are the tests of a package, for goleak.VerifyTestMain. On a busy machine what they began may take longer to
// end than the half second for which that waits: it is given ten.
type Patient struct{ Tests goleak.TestingM }

// Run runs the tests.
func (p Patient) Run() int {
	code := p.Tests.Run()
	const looks = 20 // each takes half a second while something is left
	for range looks {
		if goleak.Find() == nil {
			break
		}
	}
	return code
}
