package record

import (
	"fmt"
	"slices"
	"strings"
)

// shownSurplus is how many records are named that are too many.
const shownSurplus = 3

// Surplus says which records of a topic may be those that are more than wanted: the ones that repeat another, if there
// are no more of them than that, else the ones with the key of another; else the newest. It is empty without any.
func Surplus(all []Record, more int) string {
	if more <= 0 || len(all) == 0 {
		return ""
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Record) int { return a.Timestamp.Compare(b.Timestamp) })
	for _, is := range []struct {
		what string
		id   func(r *Record) (id string, has bool)
	}{
		{"the same as %s", func(r *Record) (string, bool) { return showWhole(r.Key) + " " + showWhole(r.Value), true }},
		{"with the key of %s", func(r *Record) (string, bool) { return string(r.Key), r.Key != nil }},
	} {
		first, repeats := map[string]*Record{}, []string(nil)
		for i := range all {
			r := &all[i]
			id, has := is.id(r)
			switch one := first[id]; {
			case !has:
			case one == nil:
				first[id] = r
			default:
				repeats = append(repeats, r.named()+", "+fmt.Sprintf(is.what, one.placeHere()))
			}
		}
		if len(repeats) > 0 && len(repeats) <= more {
			return "too many: " + some(repeats)
		}
	}
	var newest []string
	for i := max(0, len(all)-more); i < len(all); i++ {
		newest = append(newest, all[i].named())
	}
	return "the newest: " + some(newest)
}

// showWhole tells null from empty.
func showWhole(b []byte) string {
	if b == nil {
		return "null"
	}
	return fmt.Sprintf("%q", b)
}

// some are the first texts of a list, and how many more there are.
func some(texts []string) string {
	shown := strings.Join(texts[:min(len(texts), shownSurplus)], "; ")
	if more := len(texts) - shownSurplus; more > 0 {
		shown += fmt.Sprintf("; and %d more", more)
	}
	return shown
}

// placeHere is where a record is in a topic that is named already.
func (r *Record) placeHere() string {
	here := *r
	here.Topic = ""
	return here.place()
}

func (r *Record) named() string { return r.placeHere() + " key " + showBytes(r.Key) }
