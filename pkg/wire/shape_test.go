package wire

import (
	"fmt"
	"reflect"
)

const (
	sliceKind  = reflect.Slice
	structKind = reflect.Struct
	stringKind = reflect.String
)

// walkCodes collects "path code" for every ErrorCode that is not 0.
func walkCodes(path string, v reflect.Value, found *[]string) {
	if code := field(v, "ErrorCode", reflect.Int16); code.IsValid() && code.Int() != 0 {
		*found = append(*found, fmt.Sprint(path, " ", code.Int()))
	}
	for _, name := range []string{"Topics", "Partitions", "Groups", "Coordinators"} {
		for i, element := range elements(v, name) {
			walkCodes(fmt.Sprintf("%s.%s[%d]", path, name, i), element, found)
		}
	}
}
