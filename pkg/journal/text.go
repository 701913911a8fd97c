package journal

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// binary marks a JSON string that holds base64, because JSON strings cannot hold bytes that are not UTF-8. A text that
// begins with it is marked as well. Record keys, log lines of broken applications and what clients put on the wire need
// not be UTF-8.
const binary = "base64:"

func marked(text string) (string, error) {
	if utf8.ValidString(text) && !strings.HasPrefix(text, binary) {
		return text, nil
	}
	return binary + base64.StdEncoding.EncodeToString([]byte(text)), nil
}

func unmarked(text string) (string, error) {
	code, is := strings.CutPrefix(text, binary)
	if !is {
		return text, nil
	}
	raw, err := base64.StdEncoding.DecodeString(code)
	if err != nil {
		return "", fmt.Errorf("got %q, want base64 after %q: %w", text, binary, err)
	}
	return string(raw), nil
}

// printable is a copy of a value of which every text survives JSON.
func printable(value any) any {
	return eachText(reflect.ValueOf(value), marked, new(error)).Interface()
}

// original undoes printable.
func original(f Fact) (Fact, error) {
	var err error
	f, _ = eachText(reflect.ValueOf(f), unmarked, &err).Interface().(Fact)
	return f, err
}

// eachText copies a value with change made to every text in it. Nil stays nil.
func eachText(v reflect.Value, change func(string) (string, error), failed *error) reflect.Value {
	copied := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		text, err := change(v.String())
		if err != nil {
			*failed = err
		}
		copied.SetString(text)
	case reflect.Struct:
		for i := range v.NumField() {
			copied.Field(i).Set(eachText(v.Field(i), change, failed))
		}
	case reflect.Interface:
		if !v.IsNil() {
			copied.Set(eachText(v.Elem(), change, failed))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			copied.Set(reflect.New(v.Type().Elem()))
			copied.Elem().Set(eachText(v.Elem(), change, failed))
		}
	case reflect.Slice:
		if !v.IsNil() {
			copied.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				copied.Index(i).Set(eachText(v.Index(i), change, failed))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			copied.Set(reflect.MakeMap(v.Type()))
			for key, value := range v.Seq2() {
				copied.SetMapIndex(eachText(key, change, failed), eachText(value, change, failed))
			}
		}
	default:
		copied.Set(v)
	}
	return copied
}
