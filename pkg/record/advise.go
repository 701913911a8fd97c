package record

import (
	"fmt"
	"strings"
)

// advise looks for the usual reasons why a record that looks right is not taken, and keeps the first as the hint.
func (w *writer) advise(p *Pattern, v *view, mismatches []Mismatch) {
	if w.hint != "" || len(mismatches) == 0 {
		return
	}
	extra, place := 0, 0
	for _, m := range mismatches {
		switch {
		case m.Want == "absent" && strings.HasPrefix(m.Field, "value."):
			extra++
		case m.Field == columnPartition || m.Field == columnOffset || m.Field == columnTimestamp:
			place++
		case m.Got == `"`+m.Want+`"`:
			w.hint = fmt.Sprintf("%s is a JSON string in the record; to expect the string, write %s", m.Field, m.Got)
			return
		case m.Want == `"`+m.Got+`"` && strings.HasPrefix(m.Field, "value."):
			w.hint = fmt.Sprintf("%s is not a JSON string in the record; to expect what is there, write %s", m.Field, m.Got)
			return
		}
	}
	switch len(mismatches) {
	case extra:
		w.hint = "a whole JSON value is compared with all its fields; to leave some out, expect single fields, like " +
			exampleField(p)
	case place:
		w.hint = fmt.Sprintf("the record is there but for its %s; leave that out if any will do", mismatches[0].Field)
	}
	if p.part(columnValue).isJSON() && v.Value != nil && mismatches[0].Field == columnValue {
		if _, ok := v.document(); !ok {
			w.hint = "the value in the record is not JSON, so its fields cannot be compared"
		}
	}
}

func exampleField(p *Pattern) string {
	if value := p.part(columnValue); value.isJSON() && len(value.fields) > 0 {
		return "value." + value.fields[0].name
	}
	return "value.amount"
}
