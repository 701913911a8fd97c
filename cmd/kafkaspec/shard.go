package main

import (
	"fmt"
	"strconv"
)

// Of an Indexed Job of Kubernetes. It sets the first in each pod; the second stands in the manifest.
const (
	jobIndex       = "JOB_COMPLETION_INDEX"
	jobCompletions = "JOB_COMPLETIONS"
)

// ofJob is the value of --shard that takes the share from the Job.
const ofJob = "job"

// jobShard is the value of --shard as I/N, where it is job; any other is left as it is.
func jobShard(flag string, lookup func(string) (string, bool)) (string, error) {
	if flag != ofJob {
		return flag, nil
	}
	index, err := jobNumber(jobIndex, 0, "run it in a Job with completionMode: Indexed, or write --shard I/N", lookup)
	if err != nil {
		return "", err
	}
	count, err := jobNumber(jobCompletions, 1, "Kubernetes does not set it: write the number of spec.completions into "+
		"the container's env", lookup)
	if err != nil {
		return "", err
	}
	if index >= count {
		return "", usage("--shard job: got %s %d and %s %d, want an index below it; write the number of spec.completions "+
			"into %s", jobIndex, index, jobCompletions, count, jobCompletions)
	}
	return fmt.Sprintf("%d/%d", index+1, count), nil
}

func jobNumber(name string, least int, advice string, lookup func(string) (string, bool)) (int, error) {
	text, set := lookup(name)
	if !set || text == "" {
		return 0, usage("--shard job: got no %s in the environment; %s", name, advice)
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < least {
		return 0, usage("--shard job: got %s %q, want a whole number from %d; %s", name, text, least, advice)
	}
	return number, nil
}
