package main

import "testing"

// TestKnownMutantsFit makes sure that the mistakes people wrote can still be made: their texts stand in the code once.
func TestKnownMutantsFit(t *testing.T) {
	t.Chdir("../..")
	if all, err := knownMutants(); err != nil || len(all) < 20 {
		t.Errorf("got %d known mutants and error %v, want all of known.yaml", len(all), err)
	}
}
