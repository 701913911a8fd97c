package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNoticesNameWhatTheCommandContains(t *testing.T) {
	var out strings.Builder
	t.Chdir("../..")
	if err := write(&out, "./cmd/kafkaspec"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"github.com/twmb/franz-go v", "github.com/cucumber/godog v", "gopkg.in/yaml.v3 v",
		"Redistribution and use in source and binary forms"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("got notices without %q", want)
		}
	}
	if strings.Contains(out.String(), "\ngithub.com/kafkaspec/kafkaspec ") {
		t.Error("got a notice about kafkaspec itself, want those of others only")
	}
}

func TestModulesWithoutALicenceAreRefused(t *testing.T) {
	folder := t.TempDir()
	m := module{Path: "example.org/unlicensed", Dir: folder}
	if _, err := licences(m); err == nil || !strings.Contains(err.Error(), "example.org/unlicensed has no file") {
		t.Errorf("got %v, want the module named", err)
	}
	for _, name := range []string{"license.go", "LICENSE-MIT", "NOTICE", "licensing.txt"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("text of "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	texts, err := licences(m)
	if err != nil || len(texts) != 2 {
		t.Errorf("got %d texts and %v, want those of LICENSE-MIT and NOTICE", len(texts), err)
	}
}
