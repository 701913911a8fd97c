package steps

import (
	"fmt"
)

// Amount is how many there must be: {amount} in phrases.
type Amount struct {
	Limit Limit
	N     int64
}

// Limit says on which side of an amount a number may be.
type Limit string

// The limits.
const (
	Exactly Limit = "exactly"
	AtLeast Limit = "at least"
	AtMost  Limit = "at most"
)

// Holds says whether a number is right.
func (a Amount) Holds(got int64) bool {
	return got == a.N || a.Limit == AtLeast && got > a.N || a.Limit == AtMost && got < a.N
}

// Exceeded says whether a number is too great already, so that waiting cannot help.
func (a Amount) Exceeded(got int64) bool { return a.Limit != AtLeast && got > a.N }

// String is the amount as steps have it: "at least 3".
func (a Amount) String() string { return fmt.Sprintf("%s %d", a.Limit, a.N) }

// Options make an expectation that must hold in the end, unless more may come.
func (a Amount) Options() []Option {
	if a.Limit == AtLeast {
		return []Option{Claims(Eventually)}
	}
	return []Option{Claims(InTheEnd)}
}

const amountDoc = "how many: `exactly 3`, `at least 3`, `at most 3`; a plain `3` is exactly that many, `no` is exactly 0"

func addAmount(r *Registry) {
	AddPart[Amount](r, "amount", amountDoc,
		Form("exactly {count}", exactly), Form("at least {count}", atLeast), Form("at most {count}", atMost),
		Form("{count}", exactly), Form("no", none))
}

// exactly is just that many. More than that fails at once.
func exactly(n int64) Amount { return Amount{Exactly, n} }

// atLeast is that many or more. It is seen as soon as there are so many, whatever comes later.
func atLeast(n int64) Amount { return Amount{AtLeast, n} }

// atMost is that many or fewer. It shows something only once nothing more comes: look once the application has caught
// up.
func atMost(n int64) Amount { return Amount{AtMost, n} }

// none is exactly 0.
func none() Amount { return Amount{Exactly, 0} }
