package record

import (
	"strings"
	"testing"
)

// TestUnseen looks for fields and headers that none of some records has, and for others that one has, or that are
// asked for as such.
func TestUnseen(t *testing.T) {
	records := []Record{
		{Value: []byte(`{"amount": 5, "address": {"city": "Rome"}, "items": [{"sku": 1}]}`)},
		{Key: []byte(`{"id": 1}`), Value: []byte(`{"note": null}`),
			Headers: []Header{{Key: "trace", Value: []byte("a")}, {Key: "meta", Value: []byte(`{"b": 1}`)}}},
		{},
	}
	for _, c := range []struct{ column, cell, want string }{
		{"value.amuont", "-5", "no record has the field value.amuont; did you mean value.amount?"},
		{"value.amuont", "!= 5", "no record has the field value.amuont; did you mean value.amount?"},
		{"value.addres.city", "Rome", "no record has the field value.addres; did you mean value.address?"},
		{"value.address.town", "Rome",
			"no record has the field value.address.town; there are city; expect <any> of it to say so"},
		{"value.address.city.name", "Rome",
			"no record has the field value.address.city.name; expect <any> of it to say so"},
		{"value.items.1.sku", "1",
			"no record has the field value.items.1; expect <any> of it to say so"},
		{"key", `{"idd": 5}`, "no record has the field key.idd; did you mean key.id?"},
		{"value", `{"items": [{"skuu": 1}]}`,
			"no record has the field value.items.skuu; did you mean value.items.sku?"},
		{"headers.meta", `{"bb": 1}`, "no record has the header headers.meta.bb; did you mean headers.meta.b?"},
		{"value", `{"amuont": 5}`, "no record has the field value.amuont; did you mean value.amount?"},
		{"headers.trase", "a", "no record has the header headers.trase; did you mean headers.trace?"},
		{"value.amount", "-5", ""},
		{"value.note", "x", ""},
		{"value.items.0.sku", "2", ""},
		{"headers.trace", "b", ""},
		{"value.ssn", "<any>", ""},
		{"value.ssn", "<absent>", ""},
		{"headers.ssn", "<any>", ""},
		{"value", "x", ""},
		{"key", "x", ""},
	} {
		patterns, err := PatternsFromTable(Source{}, [][]string{{c.column}, {c.cell}}, nil)
		if err != nil {
			t.Fatalf("%s %s: %v", c.column, c.cell, err)
		}
		got := ""
		if err := patterns[0].Unseen(records, Known{}); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s %s:\n got %q\nwant %q", c.column, c.cell, got, c.want)
		}
	}
}

// TestPresence looks for fields and headers that a pattern wants there or absent, and that none of some records has.
func TestPresence(t *testing.T) {
	records := []Record{{Key: []byte(`{"id": 1}`), Value: []byte(`{"amount": 5, "address": {"city": "Rome"}}`),
		Headers: []Header{{Key: "trace", Value: []byte("a")}}}}
	send := "; send one that has it, to whatever topic of the scenario, so that it could have been there"
	for _, c := range []struct{ column, cell, want string }{
		{"value.amuont", "<m>", "no record has the field value.amuont; did you mean value.amount?"},
		{"value.address.citty", "<m>", "no record has the field value.address.citty; did you mean value.address.city?"},
		{"value.adress.city", "<m>", "no record has the field value.adress; did you mean value.address?"},
		{"value", `{"amuont": "<m>"}`, "no record has the field value.amuont; did you mean value.amount?"},
		{"key", `{"idd": "<m>"}`, "no record has the field key.idd; did you mean key.id?"},
		{"headers.trase", "<m>", "no record has the header headers.trase; did you mean headers.trace?"},
		{"value.ssn", "<m>", "no record has the field value.ssn; there are address, amount" + send},
		{"value.amount", "<m>", ""},
		{"value.address.city", "<m>", ""},
		{"headers.trace", "<m>", ""},
		{"key", "<m>", ""},
		{"value.amuont", "5", ""},
	} {
		for matcher, search := range map[string]func(Pattern, []Record, Known) error{
			"<absent>": Pattern.NeverThere, "<any>": Pattern.Unheard} {
			cell := strings.ReplaceAll(c.cell, "<m>", matcher)
			patterns, err := PatternsFromTable(Source{}, [][]string{{c.column}, {cell}}, nil)
			if err != nil {
				t.Fatalf("%s %s: %v", c.column, cell, err)
			}
			got := ""
			if err := search(patterns[0], records, Known{}); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("%s %s:\n got %q\nwant %q", c.column, cell, got, c.want)
			}
		}
	}
}

// TestWhatIsDeclaredMayBeAbsent knows a field that a schema names, though no record has it.
func TestWhatIsDeclaredMayBeAbsent(t *testing.T) {
	t.Parallel()
	records := []Record{{Value: []byte(`{"id":1,"tags":{"a":{"x":1}},"items":[]}`)}}
	known := Known{Headers: []string{"trace"}, Values: []Declared{fieldsOf{
		"email": fieldsOf{}, "address": fieldsOf{"city": fieldsOf{}}, "items": fieldsOf{"[]": fieldsOf{"sku": fieldsOf{}}},
		"tags": fieldsOf{"*": fieldsOf{"y": fieldsOf{}}},
	}}}
	for _, c := range []struct{ column, cell, want string }{
		{"value.email", "<absent>", ""},
		{"value.emial", "<absent>", "no record has the field value.emial; did you mean value.email?"},
		{"value.address.city", "<absent>", ""},
		{"value.address.citty", "<absent>", "no record has the field value.address.citty; did you mean value.address.city?"},
		{"value.email.zip", "<absent>", "no record has the field value.email.zip; " + shownElsewhere},
		{"value", `{"items": [{"sku": "<absent>"}]}`, ""},
		{"value", `{"items": [{"skuu": "<absent>"}]}`, "no record has the field value.items.skuu; did you mean value.items.sku?"},
		{"value.tags.a.y", "<absent>", ""},
		{"value.tags.b.y", "<absent>", "no record has the field value.tags.b; did you mean value.tags.a?"},
		{"headers.trace", "<absent>", ""},
		{"headers.trase", "<absent>", "no record has the header headers.trase; did you mean headers.trace?"},
	} {
		patterns, err := PatternsFromTable(Source{}, [][]string{{c.column}, {c.cell}}, nil)
		if err != nil {
			t.Fatalf("%s %s: %v", c.column, c.cell, err)
		}
		got := ""
		if err := patterns[0].NeverThere(records, known); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s %s:\n got %q\nwant %q", c.column, c.cell, got, c.want)
		}
	}
}

// fieldsOf is what is declared of fields by name, of all of a map as *, and of a list's elements as [].
type fieldsOf map[string]fieldsOf

func (f fieldsOf) Field(name string) (Declared, bool) {
	if all, isMap := f["*"]; isMap {
		return all, false
	}
	of, named := f[name]
	return of, named
}

func (f fieldsOf) Element() Declared { return f["[]"] }

func (f fieldsOf) Names() []string {
	var names []string
	for name := range f {
		if name != "*" && name != "[]" {
			names = append(names, name)
		}
	}
	return names
}
