package app

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// Read fills in a struct from the settings that the tags of its fields name, each with its default:
//
//	type settings struct {
//		Users    int64         `setting:"users=10_000"`
//		Linger   time.Duration `setting:"linger=10ms"`
//		FailRate float64       `setting:"fail-rate=2%"`    // a percentage: 0.02
//		Batch    int           `setting:"batch-size=1MiB"` // a size in bytes
//		Topic    string        `setting:"topic"`           // no default: ""
//	}
//
// Fields are bool, int, int64, float64, string, []string (a list of one is its default) or time.Duration. A default
// with % makes the setting a percentage, one that ends in B a size; only texts may go without a default. Fields
// without a tag are left alone. Values that cannot be read are reported by Err, as those of the getters are. A tag
// that is wrong is a mistake of the program: Read panics.
func (s Settings) Read(into any) {
	target := reflect.ValueOf(into).Elem()
	for i := range target.NumField() {
		tag, tagged := target.Type().Field(i).Tag.Lookup("setting")
		if !tagged {
			continue
		}
		key, text, _ := strings.Cut(tag, "=")
		usual := Settings{&settings{at: source.Place{File: "default"}, asked: map[string]bool{key: true},
			leaves: map[string]*yaml.Node{key: {Kind: yaml.ScalarNode, Value: text}}}}
		switch field := target.Field(i).Addr().Interface().(type) {
		case *string:
			*field = s.String(key, text)
		case *[]string:
			*field = s.Strings(key, []string{text})
		case *bool:
			*field = s.Bool(key, usual.Bool(key, false))
		case *time.Duration:
			*field = s.Duration(key, usual.Duration(key, 0))
		case *float64:
			if strings.HasSuffix(text, "%") {
				*field = s.Percent(key, usual.Percent(key, 0))
			} else {
				*field = s.Float(key, usual.Float(key, 0))
			}
		case *int64:
			*field = s.whole(key, text, usual)
		case *int:
			*field = int(s.whole(key, text, usual))
		default:
			panic(fmt.Sprintf("setting %s: got a field of type %T, which settings cannot be read into", key, field))
		}
		if err := usual.Err(); err != nil {
			panic(fmt.Sprintf("the tag of setting %s: %v", key, err))
		}
	}
}

// whole reads a number of bytes or of other things.
func (s Settings) whole(key, text string, usual Settings) int64 {
	if strings.HasSuffix(text, "B") {
		return s.Size(key, usual.Size(key, 0))
	}
	return s.Int(key, usual.Int(key, 0))
}
