package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestControlMethods asks for known paths with methods that they do not have, and sends the examples of the answers.
func TestControlMethods(t *testing.T) {
	a := steered(t)
	for path, want := range map[string]struct{ allow, text string }{
		"/topics":                {"GET, POST", `want GET /topics or POST /topics with such as {\"name\": \"orders\"`},
		"/topics/orders":         {"DELETE", "want DELETE /topics/{topic}; GET /openapi.json"},
		"/topics/orders/records": {"GET, POST", `with such as {\"records\": `},
		"/faults":                {"GET, POST, DELETE", `with such as {\"step\": `},
		"/reset":                 {"POST", "want POST /reset;"},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, a.address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusMethodNotAllowed || response.Header.Get("Allow") != want.allow ||
			!strings.Contains(string(answer), want.text) {
			t.Errorf("PUT %s: got status %d, Allow %q and %s, want %v", path, response.StatusCode,
				response.Header.Get("Allow"), answer, want)
		}
	}
	a.do("POST /topics", "/topics", bodies["POST /topics"], http.StatusCreated)
	a.do("POST /topics/{topic}/records", "/topics/orders/records", bodies["POST /topics/{topic}/records"], http.StatusOK)
	a.do("POST /faults", "/faults", bodies["POST /faults"], http.StatusCreated)
}
