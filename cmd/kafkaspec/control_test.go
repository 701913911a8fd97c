package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// description is what openapi.json says.
type description struct {
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas map[string]json.RawMessage `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	Responses map[string]struct {
		Content map[string]struct {
			Schema json.RawMessage `json:"schema"`
		} `json:"content"`
	} `json:"responses"`
}

func described(t *testing.T) description {
	t.Helper()
	var d description
	if err := json.Unmarshal(openAPI, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestOpenAPIHasEveryRoute holds the description against the handlers, both ways.
func TestOpenAPIHasEveryRoute(t *testing.T) {
	var want, got []string
	for route := range routes {
		want = append(want, route)
	}
	for path, operations := range described(t).Paths {
		for method := range operations {
			got = append(got, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes (-handled +described):\n%s", diff)
	}
	kinds := regexp.MustCompile(`"enum": \[([^\]]*)\]`).FindSubmatch(openAPI)
	for _, kind := range factKinds {
		if !bytes.Contains(kinds[1], []byte(`"`+kind+`"`)) {
			t.Errorf("the description lacks the kind %q", kind)
		}
	}
}

// TestControl takes the broker through a test of somebody's application: topics, records, a fault, what the wire saw,
// and a fresh cluster for the next test. Every route is asked.
func TestControl(t *testing.T) {
	t.Parallel()
	a := steered(t, "--given", `topic "given" with 2 partitions`)
	a.do("POST /topics", "/topics", `{"name": "orders", "partitions": 3, "configs": {"cleanup.policy": "compact"}}`, 201)
	a.do("POST /topics/{topic}/records", "/topics/orders/records", `{"records": [{"key": "k", "value": "first",
		"headers": [{"key": "h", "value64": "/w=="}]}, {"partition": 2, "key64": "/w==", "value": null}]}`, 200)
	client := a.client(kgo.RecordRetries(0), kgo.ClientID("orders-service"))
	a.do("POST /faults", "/faults",
		`{"step": "the next 2 Produce requests from \"client\" to \"orders\" fail with MESSAGE_TOO_LARGE"}`, 201)
	a.do("POST /faults", "/faults", `{"step": "every Fetch request to \"given\" is held"}`, 201)
	record := &kgo.Record{Topic: "orders", Key: []byte("k"), Value: []byte("second")}
	if err := client.ProduceSync(t.Context(), record).FirstErr(); err == nil {
		t.Error("got a record written, want the fault")
	}
	faults, _ := a.do("GET /faults", "/faults", nil, 200)
	for _, want := range []string{`"fired":1,"times":2,"stands":true`, `"id":2,"step":"every Fetch`} {
		if !strings.Contains(string(faults), want) {
			t.Errorf("got faults %s, want %s", faults, want)
		}
	}
	a.do("DELETE /faults/{fault}", "/faults/1", nil, 204)
	a.do("DELETE /faults/{fault}", "/faults/1", nil, 409)
	a.do("DELETE /faults", "/faults", nil, 204)
	if err := client.ProduceSync(t.Context(), record).FirstErr(); err != nil {
		t.Errorf("got %v after the fault was lifted", err)
	}
	records, _ := a.do("GET /topics/{topic}/records", "/topics/orders/records", nil, 200)
	for _, want := range []string{`"value":"first","headers":[{"key":"h","value":null,"value64":"/w=="}]`,
		`"key":null,"key64":"/w==","value":null`, `"value":"second"`} {
		if !strings.Contains(string(records), want) {
			t.Errorf("got records %s, want %s", records, want)
		}
	}
	a.facts()
	topics, _ := a.do("GET /topics", "/topics", nil, 200)
	if !strings.Contains(string(topics), `"name":"given","partitions":2`) {
		t.Errorf("got topics %s, want the one that was given", topics)
	}
	a.do("DELETE /topics/{topic}", "/topics/orders", nil, 204)
	a.do("DELETE /topics/{topic}", "/topics/orders", nil, 404)
	a.do("GET /openapi.json", "/openapi.json", nil, 200)
	a.afterReset(client)
	for route := range routes {
		if _, well := a.answered.Load(route); !well {
			t.Errorf("%s was never answered well", route)
		}
	}
}

// facts reads what the wire saw, page by page, and waits for what comes next.
func (a *asker) facts() {
	a.Helper()
	all, headers := a.do("GET /facts", "/facts?kind=produce-attempt&kind=fault-fired", nil, 200)
	if got := strings.Count(string(all), `"kind":"produce-attempt"`); got != 2 ||
		strings.Count(string(all), `"kind":"fault-fired"`) != 1 {
		a.Errorf("got facts %s, want two attempts and one fault", all)
	}
	cursor := headers.Get(lastHeader)
	var pages []byte
	for after := "0"; ; {
		page, h := a.do("GET /facts", "/facts?kind=produce-attempt&kind=fault-fired&limit=1&after="+after, nil, 200)
		if len(page) == 0 {
			break
		}
		pages, after = append(pages, page...), h.Get(lastHeader)
	}
	if diff := cmp.Diff(string(all), string(pages)); diff != "" {
		a.Errorf("facts one at a time (-all +got):\n%s", diff)
	}
	waited := make(chan []byte, 1)
	go func() {
		answer, _ := a.do("GET /facts", "/facts?kind=group-join&wait=30s&after="+cursor, nil, 200)
		waited <- answer
	}()
	a.client(kgo.ConsumerGroup("waiting"), kgo.ConsumeTopics("given"))
	if answer := <-waited; !strings.Contains(string(answer), `"group":"waiting"`) {
		a.Errorf("got %s, want the join of the group that came meanwhile", answer)
	}
}

// afterReset wants a fresh cluster at the same addresses.
func (a *asker) afterReset(client *kgo.Client) {
	a.Helper()
	_, headers := a.do("GET /facts", "/facts", nil, 200)
	waited := make(chan struct{})
	go func() {
		defer close(waited)
		path := "/facts?wait=60s&kind=share-closed&after=" + headers.Get(lastHeader)
		a.do("GET /facts", path, nil, 200, 409) // 409: the reset came first
	}()
	before, _ := a.do("GET /ready", "/ready", nil, 200)
	after, _ := a.do("POST /reset", "/reset", nil, 200)
	if diff := cmp.Diff(string(before), string(after)); diff != "" {
		a.Errorf("where clients get in (-before +after the reset):\n%s", diff)
	}
	<-waited // a reset ends it: no such fact can come any more
	if faults, _ := a.do("GET /faults", "/faults", nil, 200); strings.Contains(string(faults), "step") {
		a.Errorf("got faults %s after a reset, want none", faults)
	}
	topics, _ := a.do("GET /topics", "/topics", nil, 200)
	if !strings.Contains(string(topics), `"given"`) || strings.Contains(string(topics), `"orders"`) {
		a.Errorf("got topics %s after a reset, want those that are given", topics)
	}
	a.do("GET /facts", "/facts?after=1000000", nil, 409)
	listed, err := kadm.NewClient(client).ListTopics(a.Context())
	if err != nil || !listed.Has("given") {
		a.Errorf("got topics %v and %v by a client from before the reset, want the given one", listed.Names(), err)
	}
}

// TestControlRefuses wants each mistake refused, with what to do.
func TestControlRefuses(t *testing.T) {
	a := steered(t, "--given", `topic "orders" with 2 partitions`)
	for _, c := range []struct {
		route, path, body string
		status            int
		want              string
	}{
		{"POST /topics", "/topics", `{`, 400, "GET /openapi.json describes"},
		{"POST /topics", "/topics", `{"name": "a"} {}`, 400, "more behind"},
		{"POST /topics", "/topics", `{"nam": "a"}`, 400, `unknown field \"nam\"`},
		{"POST /topics", "/topics", `{"name": 5}`, 400, "got a number as name; want"},
		{"POST /topics", "/topics", `7`, 400, "got a number as the body; want"},
		{"POST /topics", "/topics", `{"name": "a", "partitions": 0}`, 400, "want 1 to 1000"},
		{"POST /topics", "/topics", `{"name": "a/b"}`, 400, "INVALID_TOPIC_EXCEPTION"},
		{"POST /topics", "/topics", `{"name": "orders"}`, 409, "there already"},
		{"POST /topics", "/topics", `{"name": "a", "configs": {"cleanup": "x"}}`, 400, "INVALID_CONFIG"},
		{"GET /topics/{topic}/records", "/topics/order/records", "", 404, `did you mean \"orders\"`},
		{"GET /topics/{topic}/records", "/topics/orders/records?partition=2", "", 400, "from 0 on"},
		{"GET /topics/{topic}/records", "/topics/orders/records?limit=0", "", 400, "from 1 to 1000"},
		{"GET /topics/{topic}/records", "/topics/..%2f..%2fetc%2fpasswd/records", "", 404, "there is no topic"},
		{"POST /topics/{topic}/records", "/topics/orders/records", `{"records": []}`, 400, "want 1 to 1000"},
		{"POST /topics/{topic}/records", "/topics/orders/records", `{"records": [{"partition": 7}]}`, 400, "from 0 on"},
		{"POST /topics/{topic}/records", "/topics/orders/records",
			`{"records": [{"value": "` + strings.Repeat("x", mostBody) + `"}]}`, 413, "send less at a time"},
		{"POST /faults", "/faults", `{"step": "every Produce request is slow"}`, 400, "kafkaspec steps"},
		{"POST /faults", "/faults", `{"step": "the next 3 Produce requests to \"orders\" fial with REQUEST_TIMED_OUT"}`, 400,
			"did you mean: "},
		{"POST /faults", "/faults", `{"step": "topic \"x\" with 1 partition"}`, 400, "is no fault"},
		{"POST /faults", "/faults", `{"step": "every Produce request to \"payments\" is held"}`, 404, "POST /topics"},
		{"POST /faults", "/faults", `{"step": "every Produce request from \"cleint\" is held"}`, 400, "--listen cleint"},
		{"DELETE /faults/{fault}", "/faults/1", "", 404, "GET /faults"},
		{"GET /facts", "/facts?kind=comit", "", 400, "openapi.json"},
		{"GET /facts", "/facts?wait=2h", "", 400, "from 0s to 1m0s"},
		{"GET /facts", "/facts?after=-1", "", 400, "whole number"},
	} {
		var body any
		if c.body != "" {
			body = c.body
		}
		if answer, _ := a.do(c.route, c.path, body, c.status); !strings.Contains(string(answer), c.want) {
			t.Errorf("%s %s: got %s, want %q", c.route, c.path, answer, c.want)
		}
	}
	for path, want := range map[string]int{"/topic": 404, "/../../etc/passwd": 404, "/ready": 403} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if want == 403 {
			request.Header.Set("Origin", "https://elsewhere.example.org") // of a page in a browser
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if response.StatusCode != want || !strings.Contains(string(answer), `"error"`) {
			t.Errorf("POST %s: got status %d and %s, want %d", path, response.StatusCode, answer, want)
		}
	}
}

// TestPages reads a topic of large records page by page.
func TestPages(t *testing.T) {
	testenv.LongOnly(t, "writes and reads 36 MB as JSON")
	a := steered(t)
	a.do("POST /topics", "/topics", `{"name": "large", "partitions": 1}`, 201)
	value := strings.Repeat("x", 900_000)
	const count = 40 // more than fit into one answer
	for range count {
		a.do("POST /topics/{topic}/records", "/topics/large/records",
			map[string]any{"records": []any{map[string]any{"value": value}}}, 200)
	}
	var pages []int
	for offset, got := "0", 0; got < count; {
		answer, _ := a.do("GET /topics/{topic}/records", "/topics/large/records?limit=1000&offset="+offset, nil, 200)
		var page recordsAnswer
		if err := json.Unmarshal(answer, &page); err != nil {
			t.Fatal(err)
		}
		if len(page.Records) == 0 || *page.Records[0].Offset != int64(got) {
			t.Fatalf("got %d records after %d, want those that follow", len(page.Records), got)
		}
		got += len(page.Records)
		pages = append(pages, len(page.Records))
		next, _ := json.Marshal(page.Next["0"])
		offset = string(next)
	}
	if len(pages) < 2 || pages[0]*len(value) > mostAnswer+len(value) {
		t.Errorf("got pages of %v records, want several of about %d bytes", pages, mostAnswer)
	}
}

// TestHTTPBeyondThisMachine warns where others can steer the broker.
func TestHTTPBeyondThisMachine(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	out, problems, ended := new(screen), new(screen), make(chan int, 1)
	go func() {
		ended <- execute([]string{"broker", "--http", ":0", "--listen", "127.0.0.1:0"},
			&console{ctx: ctx, stdout: out, stderr: problems})
	}()
	out.awaitText(ctx, t, `HTTP interface: http://\S+:\d+`)
	problems.awaitText(ctx, t, `warning: the HTTP interface listens beyond this machine, without a password`)
	stop()
	if code := <-ended; code != exitPassed {
		t.Errorf("got exit code %d, want %d", code, exitPassed)
	}
}
