package runner

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// In go test a scenario whose application only the test has is repeated by go test, and another one by the command.
func TestAgainInGoTest(t *testing.T) {
	again := func(*scenario) string { return goTest("TestFeatures/stock/Levels add up (2)") }
	s := &scenario{feature: &feature{file: "features/stock.feature"}, line: 9}
	own := Params{Seed: 7, Paths: []string{"features"}, Cluster: "embedded",
		Applications: map[string]app.Func{"stock": nil}}
	for want, r := range map[string]*run{
		`go test -run '^TestFeatures$/^stock$/^Levels_add_up_\(2\)$'`: {params: own, again: again},
		"kafkaspec run features/stock.feature:9 --seed 7": {params: Params{Seed: 7, Paths: own.Paths, Cluster: "embedded"},
			again: again},
	} {
		if got := r.rerun(s); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
