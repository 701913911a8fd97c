package protobuf_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// placed has messages of google/type, of each file of which it has a field.
const placed = `syntax = "proto3"; package shop;
import "google/type/calendar_period.proto"; import "google/type/color.proto"; import "google/type/date.proto";
import "google/type/datetime.proto"; import "google/type/dayofweek.proto"; import "google/type/decimal.proto";
import "google/type/expr.proto"; import "google/type/fraction.proto"; import "google/type/interval.proto";
import "google/type/latlng.proto"; import "google/type/localized_text.proto"; import "google/type/money.proto";
import "google/type/month.proto"; import "google/type/phone_number.proto"; import "google/type/postal_address.proto";
import "google/type/quaternion.proto"; import "google/type/timeofday.proto";
message Place {
  optional google.type.CalendarPeriod period = 1;
  google.type.Color color = 2;
  google.type.Date day = 3;
  google.type.DateTime at = 4;
  optional google.type.DayOfWeek on = 5;
  google.type.Decimal share = 6;
  google.type.Expr rule = 7;
  google.type.Fraction part = 8;
  google.type.Interval open = 9;
  google.type.LatLng where = 10;
  google.type.LocalizedText text = 11;
  google.type.Money price = 12;
  optional google.type.Month month = 13;
  google.type.PhoneNumber phone = 14;
  google.type.PostalAddress address = 15;
  google.type.Quaternion turn = 16;
  google.type.TimeOfDay from = 17;
}`

// TestCommonTypes writes and reads values of google/type.
func TestCommonTypes(t *testing.T) {
	s := parse(t, placed)
	const document = `{"day":{"day":5,"month":1,"year":2026},"month":"MAY","on":"MONDAY",` +
		`"open":{"start_time":"2026-01-05T10:00:00Z"},"period":"WEEK",` +
		`"price":{"currency_code":"EUR","nanos":500000000,"units":12},"share":{"value":"1.5"},` +
		`"where":{"latitude":59.91,"longitude":10.75}}`
	payload, err := s.Encode([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	got, err := schema.Read(s, s, payload)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(document, string(got.JSON)); diff != "" {
		t.Error(diff)
	}
	for _, unfit := range []string{`{"price":{"units":"a"}}`, `{"day":{"yer":1}}`, `{"on":"SOMEDAY"}`} {
		if _, err := s.Encode([]byte(unfit)); err == nil {
			t.Errorf("%s: got it encoded, want an error", unfit)
		}
	}
	_, err = schema.Parse(schema.Protobuf, `syntax = "proto3"; import "google/type/dat.proto"; message A {}`)
	if err == nil || !strings.Contains(err.Error(), "nor one of google/type") {
		t.Errorf("got %v, want an error about the import", err)
	}
}

// TestTwoWritersOfOneMessage reads what an old and a new version of an application write, each by its own version, as
// both of them and as one that knows neither of the new fields.
func TestTwoWritersOfOneMessage(t *testing.T) {
	const header = `syntax = "proto3"; package shop; import "google/type/money.proto"; import "google/type/date.proto"; ` +
		`import "google/protobuf/timestamp.proto"; message Order { string id = 1; `
	first := parse(t, header+`google.type.Money price = 2; }`)
	second := parse(t, header+`google.type.Money price = 2; google.type.Date due = 3; google.protobuf.Timestamp at = 4; `+
		`int32 pieces = 5; }`)
	for _, c := range []struct {
		name               string
		writer, reader     *schema.Schema
		written, read      string
		defaulted, ignored []string
	}{
		{"the old by the new", first, second, `{"id":"a","price":{"units":5}}`,
			`{"id":"a","pieces":0,"price":{"currency_code":"","nanos":0,"units":5}}`, []string{"pieces"}, nil},
		{"the new by the old", second, first, `{"id":"b","price":{"units":7},"due":{"year":2026},` +
			`"at":"2026-01-05T10:00:00Z","pieces":2}`, `{"id":"b","price":{"currency_code":"","nanos":0,"units":7}}`, nil, []string{"at", "due", "pieces"}},
		{"the new by the new", second, second, `{"id":"b","due":{"year":2026,"month":1,"day":5}}`,
			`{"due":{"day":5,"month":1,"year":2026},"id":"b","pieces":0}`, nil, nil},
		{"the old by the old", first, first, `{"id":"a"}`, `{"id":"a"}`, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			payload, err := c.writer.Encode([]byte(c.written))
			if err != nil {
				t.Fatal(err)
			}
			got, err := schema.Read(c.writer, c.reader, payload)
			if err != nil {
				t.Fatal(err)
			}
			want := []any{c.read, c.defaulted, c.ignored}
			if diff := cmp.Diff(want, []any{string(got.JSON), got.Defaulted, got.Ignored}); diff != "" {
				t.Error(diff)
			}
		})
	}
}
