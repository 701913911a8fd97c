package steps

import (
	"slices"

	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

// Part is a value of a parameter that says more of its step than what it is: of which kind it is, say, or under which
// keyword it may stand.
type Part interface {
	// Options are what a step with this value is registered with beside its own. A kind that it was registered with
	// itself stays.
	Options() []Option
}

// Under says under which keyword a step may stand, where a part of it decides that.
func Under(k Keyword) Option { return func(d *Definition) { d.Keyword = k } }

// AddPart adds a parameter type whose values have one of several forms; see phrase.PartOf. If T has the method of Part,
// the value changes its step.
func AddPart[T any](r *Registry, name, doc string, forms ...phrase.Words) {
	p, err := phrase.PartOf[T](r.params, name, doc, forms...)
	if err != nil {
		r.problems = append(r.problems, err)
		return
	}
	r.Param(p)
}

// Form are the words of a part's form and the function that makes its value.
func Form(words string, value any) phrase.Words { return phrase.Words{Text: words, Make: value} }

// with is the definition of a step that has the values.
func (d *Definition) with(values []phrase.Value) *Definition {
	shaped := d
	for _, v := range values {
		part, ok := v.Value.(Part)
		if !ok {
			continue
		}
		if shaped == d {
			shaped = d.copied()
		}
		for _, o := range part.Options() {
			o(shaped)
		}
	}
	if shaped != d {
		shaped.settleKind(d)
	}
	return shaped
}

// copied is a copy whose lists grow by themselves.
func (d *Definition) copied() *Definition {
	c := *d
	c.Kind = ""
	c.needs, c.marks = c.needs[:len(c.needs):len(c.needs)], c.marks[:len(c.marks):len(c.marks)]
	c.checks, c.doubts = c.checks[:len(c.checks):len(c.checks)], c.doubts[:len(c.doubts):len(c.doubts)]
	return &c
}

// settleKind leaves a kind to expectations, and the one that the step was registered with.
func (d *Definition) settleKind(registered *Definition) {
	switch {
	case !d.Awaited:
		d.Kind = ""
	case registered.claims != "":
		d.Kind = registered.claims
	case d.Kind == "":
		d.Kind = Eventually
	}
}

// Variant is what a step may be with one form of each of its parts.
type Variant struct {
	Text       string         // the phrase with the forms in place of the parts
	Values     []phrase.Value // zero, but for the forms of parts
	Definition *Definition
}

// Variants lists what the step may be.
func (d *Definition) Variants() []Variant {
	all := d.Phrase.Variants()
	variants := make([]Variant, len(all))
	for i, values := range all {
		text, _ := d.Phrase.Expanded(values)
		variants[i] = Variant{text, values, d.with(values)}
	}
	return variants
}

// Expanded is the phrase of the step with the forms that the step has in place of its parts, and the values of the
// parameters that it then has.
func (m Match) Expanded() (text string, values []phrase.Value) {
	return m.Definition.Phrase.Expanded(m.Values)
}

// KindsOf are the kinds that a part with that form gives to its step; none where the step's own counts.
func KindsOf(f *phrase.Form) (kinds []Kind) {
	for _, made := range f.Made() {
		part, ok := made.(Part)
		if !ok {
			return nil
		}
		d := Definition{}
		for _, o := range part.Options() {
			o(&d)
		}
		if d.Kind == "" && d.Awaited {
			d.Kind = Eventually
		}
		if d.Kind != "" && !slices.Contains(kinds, d.Kind) {
			kinds = append(kinds, d.Kind)
		}
	}
	return kinds
}
