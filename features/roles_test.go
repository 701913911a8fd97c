package features_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kafkaspec/kafkaspec/features"
	"github.com/kafkaspec/kafkaspec/internal/typeschema"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner/roles"
)

// logged tells which lines of an application's log a step reads, by its words behind the application's name.
var logged = []struct{ words, kind string }{
	{`^ (?:has )?processed `, "processed"}, {`^ (?:has )?retried `, "retrying"}, {`^, exactly once`, "processed"},
	{`^ reported each partition `, "assigned"}, {`^ reported as many acknowledged `, "done"},
	{`^ reported its progress `, "progress"}, {`^ has raised an alert `, "alert"}, {`^ raised exactly `, "alert"},
	{`^ cleared exactly `, "cleared"}, {`^ for "[^"]*" partition \d+ names a lag`, "alert"}, {`^ follow the lag `, "alert"},
	{`^ reported "[^"]*" partition \d+ as `, "status"}, {`^ shows the metric `, "metrics"}, {`^ warned `, "warning"},
	{`^ read "[^"]*" as:`, "read"}, {`^ read "[^"]*" as:`, "dead-lettered"},
	{`^ (?:produced|consumed) at least `, "done"}, {`^ timed exactly `, "done"},
	{`^ is (?:at least|below) \d`, "done"}, {`worse than the baseline`, "done"},
	{`^ or is in "[^"]*"`, "processed"}, {`^ committed no offset .* ahead of its work`, "processed"},
}

// silent are the words of steps that the wire, the topics, the database or the system answers.
var silent = regexp.MustCompile(`^$|^, |^ once |^ \(|^ (?:is (?:running|started|stopped|restarted|killed|paused|` +
	`resumed|held|torn|registered)|has finished|has caught up|owns|was (?:assigned|revoked)|lost|left group|` +
	`read "[^"]*" without|committed no offset .* before|fails with|said|has said|wait|to "|are |fail|after the first|` +
	`partition|once and in order|<trouble>|commits|has no lag)`)

// use is one application of a scenario, and all the steps that speak of it.
type use struct {
	role, place string
	settings    map[string]bool
	behind      []string // what stands behind its name, by step
}

var (
	declares = regexp.MustCompile(`application "([^"]*)" is the reference "([^"]*)"`)
	says     = regexp.MustCompile(`^ (?:fails with|said|has said) ("(?:[^"\\]|\\.)*")`)
)

// uses finds the reference applications of all built-in features, in their text: by name, what was declared before
// counts, in the background too.
func uses(t *testing.T) (all []*use) {
	files, err := fs.Glob(features.Files, "*/*.feature")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d features (%v)", len(files), err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(features.Files, file)
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]*use{}
		var declared *use
		for i, line := range strings.Split(string(text), "\n") {
			line = strings.TrimSpace(line)
			if m := declares.FindStringSubmatch(line); m != nil {
				declared = &use{role: m[2], place: fmt.Sprintf("%s:%d", file, i+1), settings: map[string]bool{}}
				known[m[1]] = declared
				all = append(all, declared)
				continue
			}
			if declared != nil && strings.HasPrefix(line, "|") {
				key, _, _ := strings.Cut(strings.Trim(line, "| "), "|")
				declared.settings[strings.TrimSpace(key)] = true
				continue
			}
			declared = nil
			for name, u := range known {
				if _, behind, found := strings.Cut(line, `"`+name+`"`); found && !strings.Contains(line, `group "`+name) {
					u.behind = append(u.behind, behind)
				}
			}
		}
	}
	return all
}

// TestRolesAreThoseOfTheFeatures holds what is written of each role against the features: every setting and every line
// of the log that a feature needs is there, and nothing else.
func TestRolesAreThoseOfTheFeatures(t *testing.T) {
	settings, kinds, said := map[string]map[string]bool{}, map[string]map[string]bool{}, map[string]map[string]bool{}
	for _, name := range roles.Names() {
		settings[name], kinds[name], said[name] = map[string]bool{}, map[string]bool{}, map[string]bool{}
	}
	for _, u := range uses(t) {
		if settings[u.role] == nil {
			t.Fatalf("%s: got the reference %q, which is no role of features/roles.yaml; add an entry for it, as those "+
				"there are", u.place, u.role)
		}
		for key := range u.settings {
			settings[u.role][key] = true
		}
		for _, behind := range u.behind {
			reads := false
			for _, l := range logged {
				if regexp.MustCompile(l.words).MatchString(behind) {
					kinds[u.role][l.kind], reads = true, true
				}
			}
			if m := says.FindStringSubmatch(behind); m != nil {
				said[u.role][strings.Trim(m[1], `"`)] = true
			}
			if !reads && !silent.MatchString(behind) {
				t.Errorf("%s: got a step with %q behind the application's name; say in logged or silent whether it reads the "+
					"log", u.place, behind)
			}
		}
	}
	for _, role := range roles.All() {
		for _, c := range []struct {
			what string
			has  []string
			used map[string]bool
		}{{"settings", role.Settings.Names(), settings[role.Name]}, {"log", role.Log.Names(), kinds[role.Name]},
			{"says", role.Says.Names(), said[role.Name]}} {
			slices.Sort(c.has)
			var used []string
			for name := range c.used {
				used = append(used, name)
			}
			slices.Sort(used)
			if diff := cmp.Diff(used, c.has); diff != "" {
				t.Errorf("%s of %s in features/roles.yaml differ from those of the features; add there what has a -, and "+
					"remove what has a + (-features +roles):\n%s", c.what, role.Name, diff)
			}
		}
	}
}

// TestRolesAreWhole holds the roles against the reference applications, and each ability against the scenarios: one
// that none needs would be left out in vain.
func TestRolesAreWhole(t *testing.T) {
	for _, entry := range reference.All() {
		if _, known := roles.Find(entry.Name); !known && !strings.HasPrefix(entry.Name, "wrong/") {
			t.Errorf("the reference application %s has no role in features/roles.yaml; add an entry for it, as those there are",
				entry.Name)
		}
	}
	for _, role := range roles.All() {
		if _, is := reference.Lookup(role.Name); !is {
			t.Errorf("role %s is no reference application", role.Name)
		}
		for key, value := range map[string]string{"title": role.Title, "folder": role.Folder, "reads": role.Reads,
			"writes": role.Writes, "does": strings.Join(role.Does, "")} {
			if value == "" {
				t.Errorf("role %s in features/roles.yaml has no %s; docs/roles.md shows it, so add it", role.Name, key)
			}
		}
		files, _ := fs.Glob(features.Files, path.Join(role.Folder, "*.feature"))
		if len(files) == 0 {
			t.Errorf("role %s in features/roles.yaml: got folder %q, which has no features, want that of its features",
				role.Name, role.Folder)
		}
		var text strings.Builder
		for _, file := range files {
			content, err := fs.ReadFile(features.Files, file)
			if err != nil {
				t.Fatal(err)
			}
			text.Write(content)
		}
		for _, ability := range role.Abilities {
			for _, setting := range ability.Settings {
				name, value, _ := strings.Cut(setting, "=")
				if !slices.Contains(role.Settings.Names(), name) || !strings.Contains(text.String(), value) {
					t.Errorf("role %s: ability %s has the setting %s, which no scenario sets", role.Name, ability.Name, setting)
				}
			}
			for _, step := range ability.Steps {
				if !regexp.MustCompile("(?m)" + step).MatchString(text.String()) {
					t.Errorf("role %s: ability %s has the words %q, which no step has", role.Name, ability.Name, step)
				}
			}
		}
	}
}

// TestRolesDocument keeps docs/roles.md in line with features/roles.yaml.
func TestRolesDocument(t *testing.T) {
	for file, want := range map[string]string{"../docs/roles.md": rolesDocument(),
		"../docs/schema/settings.schema.json": settingsSchema(t)} {
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
			t.Errorf("%s is not what features/roles.yaml says (%v); go test ./features -run TestRolesDocument -update writes "+
				"it\n%s", file, err, diff)
		}
	}
}

// settingsSchema is the JSON Schema of the file that APP_SETTINGS names, for the reference application of each role in
// $defs. The applications check the values.
func settingsSchema(t *testing.T) string {
	t.Helper()
	var each []typeschema.Object
	defs := typeschema.Object{}
	for _, r := range roles.All() {
		properties := typeschema.Object{}
		for _, s := range r.Settings {
			properties[s.Name] = typeschema.Object{"description": s.Means,
				"type": []string{"string", "number", "boolean", "array"}}
		}
		defs[r.Name] = typeschema.Object{"title": r.Name, "description": r.Title + ".", "type": "object",
			"additionalProperties": false, "properties": properties}
		each = append(each, typeschema.Object{"$ref": "#/$defs/" + r.Name})
	}
	text, err := new(typeschema.Schema).Document("Settings of a reference application",
		"The YAML file that APP_SETTINGS names. Generated from features/roles.yaml.",
		typeschema.Object{"anyOf": each, "$defs": defs})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The schema takes settings that scenarios give, and refuses those that nobody has.
func TestSettingsSchema(t *testing.T) {
	var document any
	if err := json.Unmarshal([]byte(settingsSchema(t)), &document); err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("settings.json", document); err != nil {
		t.Fatal(err)
	}
	of := compiler.MustCompile("settings.json#/$defs/db-writer")
	if err := of.Validate(map[string]any{"mode": "at-most-once", "batch": 20.0}); err != nil {
		t.Errorf("got %v, want settings of db-writer taken", err)
	}
	for _, file := range []string{"settings.json", "settings.json#/$defs/db-writer"} {
		if compiler.MustCompile(file).Validate(map[string]any{"moode": "at-most-once"}) == nil {
			t.Errorf("%s: got a setting taken that no application has", file)
		}
	}
}
