// Package deploy holds manifests for Kubernetes. It is a module of its own, since its tests need those of Kubernetes.
package deploy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/json"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// manifests are the parts of a file, each read as what it says it is. A field that its type does not have is an error.
func manifests(text []byte) (jobs []batch.Job, others map[string]bool, err error) {
	others = map[string]bool{}
	for part := range bytes.SplitSeq(text, []byte("\n---\n")) {
		var kind struct{ APIVersion, Kind string }
		if err := yaml.Unmarshal(part, &kind); err != nil {
			return nil, nil, err
		}
		var job batch.Job
		into := map[string]any{"batch/v1 Job": &job, "v1 ConfigMap": &core.ConfigMap{},
			"v1 PersistentVolumeClaim": &core.PersistentVolumeClaim{}}[kind.APIVersion+" "+kind.Kind]
		if into == nil {
			return nil, nil, fmt.Errorf("got a %s of %s, want a Job, a ConfigMap or a PersistentVolumeClaim", kind.Kind,
				kind.APIVersion)
		}
		if err := strict(part, into); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", kind.Kind, err)
		}
		if kind.Kind == "Job" {
			jobs = append(jobs, job)
			continue
		}
		var named struct{ Metadata struct{ Name string } }
		if err := yaml.Unmarshal(part, &named); err != nil {
			return nil, nil, err
		}
		others[kind.Kind+" "+named.Metadata.Name] = true
	}
	return jobs, others, nil
}

// strict reads as Kubernetes does where it validates fields: a key that is not there twice, and in its case.
func strict(text []byte, into any) error {
	object, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return err
	}
	unknown, err := json.UnmarshalStrict(object, into)
	return errors.Join(append(unknown, err)...)
}

// wrong says what would keep a Job from doing its share, although it is one.
func wrong(job batch.Job) (problems []string) {
	if mode := job.Spec.CompletionMode; mode == nil || *mode != batch.IndexedCompletion {
		return nil
	}
	s, container := job.Spec, job.Spec.Template.Spec.Containers[0]
	if s.Completions == nil || s.Parallelism == nil || *s.Completions != *s.Parallelism {
		problems = append(problems, "completions and parallelism differ: the shares must be there at once")
	}
	if s.BackoffLimitPerIndex == nil || *s.BackoffLimitPerIndex != 0 {
		problems = append(problems, "backoffLimitPerIndex is not 0: a share that failed would be made again")
	}
	if s.Template.Spec.RestartPolicy != core.RestartPolicyNever {
		problems = append(problems, "restartPolicy is not Never")
	}
	known := map[string]string{"JOB_COMPLETION_INDEX": ""} // Kubernetes sets it
	for _, e := range container.Env {
		known[e.Name] = e.Value
	}
	if s.Completions != nil && known["JOB_COMPLETIONS"] != fmt.Sprint(*s.Completions) {
		problems = append(problems, fmt.Sprintf("JOB_COMPLETIONS is %q, completions %d", known["JOB_COMPLETIONS"],
			*s.Completions))
	}
	for _, argument := range container.Args {
		for rest := argument; ; {
			_, after, found := strings.Cut(rest, "$(")
			if !found {
				break
			}
			name, tail, _ := strings.Cut(after, ")")
			if _, set := known[name]; !set {
				problems = append(problems, fmt.Sprintf("%s names %s, which is not set", argument, name))
			}
			rest = tail
		}
	}
	for _, mount := range container.VolumeMounts {
		found := false
		for _, volume := range job.Spec.Template.Spec.Volumes {
			found = found || volume.Name == mount.Name
		}
		if !found {
			problems = append(problems, "no volume "+mount.Name)
		}
	}
	return problems
}

func TestManifests(t *testing.T) {
	files, err := filepath.Glob("*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("got no manifests (%v)", err)
	}
	indexed := 0
	for _, file := range files {
		if filepath.Base(file) == "kustomization.yaml" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		jobs, _, err := manifests(text)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		for _, job := range jobs {
			if job.Spec.CompletionMode != nil {
				indexed++
			}
			if problems := wrong(job); len(problems) > 0 {
				t.Errorf("%s: %s", file, strings.Join(problems, "; "))
			}
		}
	}
	if indexed != 2 {
		t.Errorf("got %d Indexed Jobs, want that of bench and that of run", indexed)
	}
}

func TestKustomizations(t *testing.T) {
	for folder, completions := range map[string]int32{"bench": 4, "run": 4, "merge": 0, "overlays/eight": 8} {
		built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
		if err != nil {
			t.Errorf("%s: %v", folder, err)
			continue
		}
		text, err := built.AsYaml()
		if err != nil {
			t.Fatal(err)
		}
		jobs, others, err := manifests(text)
		if err != nil || len(jobs) != 1 {
			t.Errorf("%s: got %d Jobs (%v), want one", folder, len(jobs), err)
			continue
		}
		job := jobs[0]
		if problems := wrong(job); len(problems) > 0 {
			t.Errorf("%s: %s", folder, strings.Join(problems, "; "))
		}
		if got := job.Spec.Completions; completions > 0 && (got == nil || *got != completions) {
			t.Errorf("%s: got completions %v, want %d", folder, got, completions)
		}
		if !others["ConfigMap kafkaspec"] || !others["PersistentVolumeClaim kafkaspec-results"] {
			t.Errorf("%s: got %v, want the profile and the folder for results", folder, others)
		}
		image := job.Spec.Template.Spec.Containers[0].Image
		if folder == "overlays/eight" && (image != "registry.example.org/kafkaspec:0.1.0" || job.Namespace != "load") {
			t.Errorf("%s: got image %s in namespace %q", folder, image, job.Namespace)
		}
	}
}

// TestMistakesAreFound spoils the manifest of bench, one thing at a time.
func TestMistakesAreFound(t *testing.T) {
	file, err := os.Open("bench/job.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"completionMode:", "completionmode:", "completionmode"},
		{"completions: 4", "completions: four", "completions"},
		{"parallelism: 4", "parallelism: 2", "at once"},
		{"completions: 4", "completions: 5", "JOB_COMPLETIONS is \"4\", completions 5"},
		{"name: BEGIN_AT", "name: BEGIN", "$(BEGIN_AT) names BEGIN_AT, which is not set"},
		{"PerIndex: 0", "PerIndex: 2", "made again"},
		{"{name: results, persistent", "{name: result, persistent", "no volume results"},
		{"kind: Job", "kind: Jobs", "got a Jobs"},
	} {
		if !bytes.Contains(text, []byte(c.old)) {
			t.Fatalf("got no %q in the manifest", c.old)
		}
		jobs, _, err := manifests(bytes.Replace(text, []byte(c.old), []byte(c.new), 1))
		found := fmt.Sprint(err)
		if err == nil {
			found = strings.Join(wrong(jobs[0]), "; ")
		}
		if !strings.Contains(found, c.want) {
			t.Errorf("got %q for %s, want it to say %q", found, c.new, c.want)
		}
	}
}
