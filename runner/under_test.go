package runner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/steps"
)

func TestSecretsUnderStepsAreNotTold(t *testing.T) {
	const secret = "Bearer opensesame"
	for name, c := range map[string]struct{ rows, want [][]string }{
		"name and value": {[][]string{{"headers.Authorization", secret}, {"body", "x"}},
			[][]string{{"headers.Authorization", "***"}, {"body", "x"}}},
		"below another": {[][]string{{"body", "x"}, {"headers.x-api-key", secret}},
			[][]string{{"body", "x"}, {"headers.x-api-key", "***"}}},
		"a column": {[][]string{{"key", "headers.Cookie", "value"}, {"u1", secret, "1"}, {"u2", secret, "2"}},
			[][]string{{"key", "headers.Cookie", "value"}, {"u1", "***", "1"}, {"u2", "***", "2"}}},
		"alone": {[][]string{{"headers.token", secret}}, [][]string{{"headers.token", "***"}}},
		"no header": {[][]string{{"token", "a"}, {"headers.source", "b"}},
			[][]string{{"token", "a"}, {"headers.source", "b"}}},
		"uneven":     {[][]string{{"headers.token"}, {secret, "a"}, {}}, [][]string{{"headers.token"}, {"***", "a"}, {}}},
		"no rows":    {nil, nil},
		"long names": {[][]string{{"a", "b", "headers.token"}, {"c"}}, [][]string{{"a", "b", "headers.token"}, {"c"}}},
	} {
		got, doc := shownUnder(steps.Argument{Rows: c.rows})
		if diff := cmp.Diff(c.want, got); diff != "" || doc != nil {
			t.Errorf("%s: got a doc string %v, and (-want +got):\n%s", name, doc, diff)
		}
	}
	for text, want := range map[string]string{
		"headers:\n  Authorization: Bearer opensesame\nbody: x": "headers:\n  Authorization: ***\nbody: x",
		`{"Authorization": "Bearer \"opensesame\"", "a": 1}`:    `{"Authorization": "***", "a": 1}`,
		"headers.cookie: 'opensesame'\nb: c":                    "headers.cookie: ***\nb: c",
		"{\"a\": {\"b\": [1, 2]}, \"time\": \"10:00\"}":         "{\"a\": {\"b\": [1, 2]}, \"time\": \"10:00\"}",
		"no names\n": "no names\n",
	} {
		if _, doc := shownUnder(steps.Argument{Doc: &text, MediaType: "yaml"}); doc.Text != want || doc.MediaType != "yaml" {
			t.Errorf("got %+v, want %q", doc, want)
		}
	}
}
