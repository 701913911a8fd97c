package record

import "testing"

// TestUnseen looks for fields and headers that none of some records has, and for others that one has, or that are
// asked for as such.
func TestUnseen(t *testing.T) {
	records := []Record{
		{Value: []byte(`{"amount": 5, "address": {"city": "Rome"}, "items": [{"sku": 1}]}`)},
		{Value: []byte(`{"note": null}`), Headers: []Header{{Key: "trace", Value: []byte("a")}}},
		{},
	}
	for _, c := range []struct{ column, cell, want string }{
		{"value.amuont", "-5", "no record has the field value.amuont; did you mean value.amount?"},
		{"value.amuont", "!= 5", "no record has the field value.amuont; did you mean value.amount?"},
		{"value.addres.city", "Rome", "no record has the field value.addres; did you mean value.address?"},
		{"value.address.town", "Rome", "no record has the field value.address.town; there are: city"},
		{"value.address.city.name", "Rome",
			"no record has the field value.address.city.name; they have none there: expect <any> of it to say so"},
		{"value.items.1.sku", "1",
			"no record has the field value.items.1; they have none there: expect <any> of it to say so"},
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
		if err := patterns[0].Unseen(records); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s %s:\n got %q\nwant %q", c.column, c.cell, got, c.want)
		}
	}
}
