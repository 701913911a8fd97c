package main

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// typingTime is how long nothing must be typed before features are checked.
const typingTime = 200 * time.Millisecond

// check shows what lint says of the features that changed, whenever nothing is typed for a moment.
func (s *languageServer) check(ctx context.Context, conn *jsonrpc2.Conn) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.changed:
		}
		for typing := true; typing; {
			select {
			case <-ctx.Done():
				return
			case <-s.changed:
			case <-time.After(typingTime):
				typing = false
			}
		}
		stale, p := s.stale()
		for uri, d := range stale {
			s.show(ctx, conn, uri, d, p)
		}
		s.showProfile(ctx, conn, p)
	}
}

// stale are copies of the features to be checked, and with what.
func (s *languageServer) stale() (map[string]edited, runner.Params) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := runner.Params{References: reference.Applications(), Unsaved: map[string]string{}}
	if _, err := os.Stat(s.profile); err == nil {
		p.Profile = s.profile
	}
	features := map[string]edited{}
	for uri, d := range s.documents {
		p.Unsaved[d.path] = d.text
		if d.path == s.profile {
			p.Profile = s.profile
		}
		if d.feature && d.stale {
			features[uri] = *d
		}
		d.stale = false
	}
	return features, p
}

// show sends what lint says of a feature, and keeps what it says of the profile with it.
func (s *languageServer) show(ctx context.Context, conn *jsonrpc2.Conn, uri string, d edited, p runner.Params) {
	own := &ownCode{ofRoot: s.own, found: map[source.Place]string{}}
	p.Paths, p.Elsewhere = []string{d.path}, own
	mistakes := mistakesOf(runner.Lint(p))
	here, profiled := []lspDiagnostic{}, []lspDiagnostic{}
	f := readFeature(d.text)
	for _, m := range mistakes {
		switch m.File {
		case p.Profile:
			profiled = append(profiled, profileDiagnostic(p, m))
		case d.path:
			here = append(here, diagnostic(f, m.Line, m.Err.Error(), m.Hint))
		default: // of no file, or of one beside the feature
			here = append(here, diagnostic(f, 1, m.Error(), ""))
		}
	}
	if at := own.places(); len(at) > 0 {
		one := diagnostic(f, at[0].Line, own.told(), "")
		one.Severity = lspInformation
		here = append(here, one)
	}
	s.mu.Lock()
	now := s.documents[uri]
	if now != nil {
		s.ofProfile[uri] = profiled
	}
	s.mu.Unlock()
	if now != nil && now.version == d.version {
		_ = conn.Notify(ctx, "textDocument/publishDiagnostics", lspDiagnostics{uri, d.version, here})
	}
}

func profileDiagnostic(p runner.Params, m *source.Error) lspDiagnostic {
	return diagnostic(readFeature(profileText(p)), m.Line, m.Err.Error(), m.Hint)
}

func mistakesOf(err error) (mistakes source.Errors) {
	if err != nil && !errors.As(err, &mistakes) {
		mistakes = source.Errors{source.Place{}.Errorf("%w", err)}
	}
	return mistakes
}

// profileText is the text of the profile: the editor's, else the file's.
func profileText(p runner.Params) string {
	if text, open := p.Unsaved[p.Profile]; open {
		return text
	}
	text, _ := source.ReadFile(p.Profile)
	return string(text)
}

func diagnostic(f *editedFeature, line int, message, hint string) lspDiagnostic {
	if hint != "" {
		message += "\n" + hint
	}
	at := min(max(line-1, 0), len(f.lines)-1)
	from, to := source.Extent([]byte(f.lines[at]))
	return lspDiagnostic{f.span(at, from, to), lspError, "kafkaspec", report.Harmless(message)}
}

// showProfile sends what lint says of the profile, alone and with any of the features.
func (s *languageServer) showProfile(ctx context.Context, conn *jsonrpc2.Conn, p runner.Params) {
	var alone []lspDiagnostic
	if p.Profile != "" {
		for _, m := range mistakesOf(runner.LintProfile(p)) {
			alone = append(alone, profileDiagnostic(p, m))
		}
	}
	s.mu.Lock()
	all := lspDiagnostics{URI: s.profileURI(), Diagnostics: []lspDiagnostic{}}
	known := map[lspDiagnostic]bool{}
	for _, found := range append(slices.Collect(maps.Values(s.ofProfile)), alone) {
		for _, one := range found {
			if !known[one] {
				all.Diagnostics = append(all.Diagnostics, one)
			}
			known[one] = true
		}
	}
	tell := p.Profile != "" && (len(all.Diagnostics) > 0 || s.profileShown)
	s.profileShown = len(all.Diagnostics) > 0
	s.mu.Unlock()
	if tell {
		_ = conn.Notify(ctx, "textDocument/publishDiagnostics", all)
	}
}

// profileURI is the name under which the editor knows the profile. s.mu is held.
func (s *languageServer) profileURI() string {
	for uri, d := range s.documents {
		if d.path == s.profile {
			return uri
		}
	}
	return fileURI(s.profile)
}
