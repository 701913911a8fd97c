package registry

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// subjectSegment is where in the path of a request the subject stands; -1 for nowhere. The paths are /subjects/{s}/…,
// /config/{s}, /mode/{s} and /compatibility/subjects/{s}/….
func subjectSegment(path string) (segments []string, at int) {
	segments = strings.Split(strings.TrimPrefix(path, "/"), "/")
	switch {
	case len(segments) > 1 && (segments[0] == "subjects" || segments[0] == "config" || segments[0] == "mode") &&
		segments[1] != "":
		return segments, 1
	case len(segments) > 2 && segments[0] == "compatibility" && segments[1] == "subjects":
		return segments, 2
	}
	return segments, -1
}

// subjectOf is the subject a request is about.
func subjectOf(r *http.Request) (string, bool) {
	segments, at := subjectSegment(r.URL.EscapedPath())
	if at < 0 {
		return "", false
	}
	subject, err := url.PathUnescape(segments[at])
	return subject, err == nil
}

// prefixed puts the prefix before every subject a request names: in its path, its query, and the references in its
// body.
func prefixed(r *http.Request, prefix string) {
	if segments, at := subjectSegment(r.URL.EscapedPath()); at >= 0 {
		segments[at] = prefix + segments[at]
		escaped := "/" + strings.Join(segments, "/")
		if path, err := url.PathUnescape(escaped); err == nil {
			r.URL.Path, r.URL.RawPath = path, escaped
		}
	}
	if query := r.URL.Query(); query.Get("subject") != "" {
		query.Set("subject", prefix+query.Get("subject"))
		r.URL.RawQuery = query.Encode()
	}
	if r.Body == nil || r.Method != http.MethodPost {
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil { // nor can the registry be given it
		return
	}
	body = prefixedReferences(body, prefix)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

func prefixedReferences(body []byte, prefix string) []byte {
	var document map[string]json.RawMessage
	var references []map[string]any
	if json.Unmarshal(body, &document) != nil || json.Unmarshal(document["references"], &references) != nil ||
		len(references) == 0 {
		return body
	}
	for _, reference := range references {
		if subject, ok := reference["subject"].(string); ok {
			reference["subject"] = prefix + subject
		}
	}
	document["references"], _ = json.Marshal(references) // it was JSON before
	changed, _ := json.Marshal(document)
	return changed
}

// unprefixed takes the prefix out of an answer, and the subjects of others out of a list of subjects.
func unprefixed(r *http.Response, prefix string) error {
	body, err := io.ReadAll(r.Body)
	_ = r.Body.Close()
	if err != nil {
		return err
	}
	if path := r.Request.URL.Path; strings.HasSuffix(path, "/subjects") && r.StatusCode == http.StatusOK {
		body = ownSubjects(body, prefix)
	}
	body = bytes.ReplaceAll(body, []byte(prefix), nil)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

func ownSubjects(body []byte, prefix string) []byte {
	var all []string
	if json.Unmarshal(body, &all) != nil {
		return body
	}
	own, _ := json.Marshal(slices.DeleteFunc(all, func(s string) bool { return !strings.HasPrefix(s, prefix) }))
	return own
}
