package steps

import (
	"context"
	"testing"
	"time"
)

func amounted(context.Context, Amount) error { return nil }

// An amount decides of which kind its step is, unless the step was registered with one.
func TestAmountsDecideTheKind(t *testing.T) {
	r := NewRegistry()
	r.Then("there is/are {amount} pen(s)", amounted)
	r.Then("there are {amount} pens now", amounted, Claims(Eventually))
	r.When("somebody takes {amount} pens", amounted)
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]struct {
		kind   Kind
		amount Amount
	}{
		"there is exactly 1 pen":          {InTheEnd, Amount{Exactly, 1}},
		"there are 3 pens":                {InTheEnd, Amount{Exactly, 3}},
		"there are no pens":               {InTheEnd, Amount{Exactly, 0}},
		"there are at most 1k pens":       {InTheEnd, Amount{AtMost, 1000}},
		"there are at least 2 pens":       {Eventually, Amount{AtLeast, 2}},
		"there are exactly 3 pens now":    {Eventually, Amount{Exactly, 3}},
		"somebody takes exactly 3 pens":   {"", Amount{Exactly, 3}},
		"for 1s there are at most 2 pens": {InTheEnd, Amount{AtMost, 2}},
	} {
		found, err := r.Find(text, Argument{})
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: got %d steps (%v), want one", text, len(found), err)
		}
		if d := found[0].Definition; d.Kind != want.kind || found[0].Values[0].Value != want.amount {
			t.Errorf("%s: got %q and %v, want %v", text, d.Kind, found[0].Values[0].Value, want)
		}
	}
	if found, err := r.Find("within 1s somebody takes 3 pens", Argument{}); err == nil {
		t.Errorf("got %v, want the guard refused", found)
	}
}

func TestAmounts(t *testing.T) {
	for _, c := range []struct {
		amount          Amount
		got             int64
		holds, exceeded bool
	}{
		{exactly(3), 2, false, false}, {exactly(3), 3, true, false}, {exactly(3), 4, false, true},
		{atLeast(3), 2, false, false}, {atLeast(3), 3, true, false}, {atLeast(3), 4, true, false},
		{atMost(3), 2, true, false}, {atMost(3), 3, true, false}, {atMost(3), 4, false, true},
		{none(), 0, true, false}, {none(), 1, false, true},
	} {
		if c.amount.Holds(c.got) != c.holds || c.amount.Exceeded(c.got) != c.exceeded {
			t.Errorf("%s: got %d, want holds %v, exceeded %v", c.amount, c.got, c.holds, c.exceeded)
		}
	}
}

type happening struct{ awaited bool }

func (h happening) Options() []Option {
	if h.awaited {
		return []Option{Awaited, Under(Then)}
	}
	return []Option{Marked(Disturbs)}
}

// A part may make an expectation of its step, which others are not.
func TestPartsChangeTheirStep(t *testing.T) {
	r := NewRegistry()
	AddPart[happening](r, "happening", "what happens",
		Form("runs", func() happening { return happening{true} }), Form("is hit", func() happening { return happening{} }))
	r.Step("it {happening}", func(context.Context, happening) error { return nil })
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	runs, _ := r.Find("within 2s it runs", Argument{})
	hit, _ := r.Find("it is hit", Argument{})
	if len(runs) != 1 || len(hit) != 1 || runs[0].Guard.Within != 2*time.Second {
		t.Fatalf("got %v and %v, want one each", runs, hit)
	}
	for _, c := range []struct {
		d        *Definition
		keyword  Keyword
		kind     Kind
		disturbs bool
	}{{runs[0].Definition, Then, Eventually, false}, {hit[0].Definition, Any, "", true},
		{r.Definitions()[0], Any, "", false}} {
		if c.d.Keyword != c.keyword || c.d.Kind != c.kind || c.d.Has(Disturbs) != c.disturbs {
			t.Errorf("got %+v, want %+v", c.d, c)
		}
	}
	if near := r.Nearest("it rnus"); near != "Then it runs" {
		t.Errorf("got %q, want the form that is near", near)
	}
}

// TestNearestWithoutItsFirstWord finds the phrase that lacks its first word, though another is nearer.
func TestNearestWithoutItsFirstWord(t *testing.T) {
	r := NewRegistry()
	nothing := func(context.Context, string) error { return nil }
	r.Then("{string} has said", nothing)
	r.Then("application {string} has failed", nothing)
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{`"pay" has failed`: "Then application {string} has failed",
		`"pay" has sayd`: "Then {string} has said"} {
		if near := r.Nearest(text); near != want {
			t.Errorf("%s: got %q, want %q", text, near, want)
		}
	}
}
