package runner

import (
	"testing"
	"testing/fstest"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// What only the test has, the command has not: such a scenario is repeated by go test, or by Execute, with its seed.
func TestAgainInGoTest(t *testing.T) {
	again := func(*scenario) string { return goTest("TestFeatures/stock/Levels add up (2)") }
	s := &scenario{feature: &feature{file: "features/stock.feature"}, line: 9, name: "Levels add up"}
	const command = `go test -run '^TestFeatures$/^stock$/^Levels_add_up_\(2\)$'`
	plain := Params{Seed: 7, Paths: []string{"features"}, Cluster: "embedded"}
	own, instead, files := plain, plain, plain
	own.Applications = map[string]app.Func{"stock": nil}
	instead.Instead = map[string]string{"stock": "wrong/stock"}
	files.FS, files.Paths = fstest.MapFS{}, nil
	for _, test := range []struct {
		want string
		run  *run
	}{
		{command + " # with Params.Seed: 7", &run{params: own, again: again}},
		{command, &run{params: own, given: own, again: again}},
		{command + " # with Params.Seed: 7", &run{params: instead, again: again}},
		{"kafkaspec run features/stock.feature:9 --seed 7", &run{params: plain, again: again}},
		{"kafkaspec run features/stock.feature:9 --seed 7", &run{params: plain}},
		{`runner.Execute with the same Params, but Paths: []string{"features/stock.feature:9"}, Seed: 7`, &run{params: own}},
		{`runner.Execute with the same Params, but Name: "^Levels add up$", Seed: 7`, &run{params: files, given: files}},
	} {
		if got := test.run.rerun(s); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
