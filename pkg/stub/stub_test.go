package stub

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

// net/http lingers for half a second on a connection whose request it has refused while it was sent.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

// lab is a service, and what it has told.
type lab struct {
	*Service
	t      *testing.T
	url    string
	client *http.Client

	mu   sync.Mutex
	told []journal.Fact
}

func newLab(t *testing.T, answers ...Answer) *lab {
	t.Helper()
	if err := Check(answers); err != nil {
		t.Fatal(err)
	}
	l := &lab{t: t, client: &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}}
	l.Service = New(Options{Name: "payments", Answers: answers, Tell: func(f journal.Fact) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.told = append(l.told, f)
	}})
	t.Cleanup(func() {
		l.client.CloseIdleConnections()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	url, err := l.Address("shipping", listen.Place{})
	if err != nil {
		t.Fatal(err)
	}
	l.url = url
	return l
}

// ask returns the status and body of an answer; 0 where there is none.
func (l *lab) ask(method, path, body string) (status int, answered string) {
	l.t.Helper()
	request, err := http.NewRequestWithContext(l.t.Context(), method, l.url+path, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer s3cret")
	request.GetBody = nil // so that it is not sent again by the client itself
	answer, err := l.client.Do(request)
	if err != nil {
		return 0, ""
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// requests are what was told of requests, in their order.
func (l *lab) requests() (all []*journal.Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.told {
		if d, ok := f.Detail.(*journal.Exchange); ok {
			if f.App != "shipping" || f.Kind != journal.ServiceAsked {
				l.t.Errorf("got the fact %+v, want one of a request from shipping", f)
			}
			all = append(all, d)
		}
	}
	return all
}

func TestAnswers(t *testing.T) {
	l := newLab(t, Answer{Method: http.MethodPost, Path: "/payments", Status: 201, Body: []byte("made")},
		Answer{Method: http.MethodGet, Path: "/payments/*", Headers: http.Header{"X-Kind": {"one"}}, Body: []byte("one")},
		Answer{Method: http.MethodGet, Path: "/files/**", Status: 204})
	for _, c := range []struct {
		method, path string
		status       int
		body         string
	}{
		{http.MethodPost, "/payments", 201, "made"},
		{http.MethodPost, "/payments?dry=1", 201, "made"},
		{http.MethodGet, "/payments/7", 200, "one"},
		{http.MethodHead, "/payments/7", 404, ""},
		{http.MethodGet, "/payments/7/items", 404, ""},
		{http.MethodGet, "/payments/", 404, ""},
		{http.MethodGet, "/files/a/b/c", 204, ""},
		{http.MethodDelete, "/payments", 404, ""},
	} {
		status, body := l.ask(c.method, c.path, "x")
		if status != c.status || body != c.body {
			t.Errorf("%s %s: got %d %q, want %d %q", c.method, c.path, status, body, c.status, c.body)
		}
	}
	if got := strings.Join(l.Unknown(), ", "); got != "HEAD /payments/7, GET /payments/7/items, GET /payments/, "+
		"DELETE /payments" {
		t.Errorf("got %s", got)
	}
	first := l.requests()[1]
	if first.Path != "/payments?dry=1" || first.Body != "x" || !first.Accepted || first.Reply != "made" {
		t.Errorf("got %+v", first)
	}
	for _, r := range l.requests() {
		for _, h := range r.Headers {
			if strings.Contains(h.Value, "s3cret") {
				t.Errorf("got %+v, want no secret told", h)
			}
		}
	}
}

func TestTroubles(t *testing.T) {
	times := func(trouble Trouble, times int) Trouble { trouble.Times = times; return trouble }
	for _, c := range []struct {
		name     string
		trouble  Trouble
		statuses [3]int // of three requests
		accepted [3]bool
		unfired  string
	}{
		{"down", Down(), [3]int{0, 0, 0}, [3]bool{}, ""},
		{"down once", times(Down(), 1), [3]int{0, 200, 200}, [3]bool{false, true, true}, ""},
		{"lost", times(Lost(), 2), [3]int{0, 0, 200}, [3]bool{true, true, true}, ""},
		{"failing", times(Failing(503), 2), [3]int{503, 503, 200}, [3]bool{false, false, true}, ""},
		{"slow", Slow(20 * time.Millisecond), [3]int{200, 200, 200}, [3]bool{true, true, true}, ""},
		{"more than come", times(Failing(500), 5), [3]int{500, 500, 500}, [3]bool{}, "met 3 of 5 requests"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			c.trouble.Name = c.name
			l.Disturb(c.trouble)
			began := time.Now()
			for i, want := range c.statuses {
				if got, _ := l.ask(http.MethodPost, "/", "x"); got != want {
					t.Errorf("request %d: got %d, want %d", i, got, want)
				}
				if r := l.requests()[i]; r.Accepted != c.accepted[i] || r.Status != c.statuses[i] {
					t.Errorf("request %d: got told %+v, want accepted %v", i, r, c.accepted[i])
				}
			}
			if c.trouble.delay > 0 && time.Since(began) < 3*c.trouble.delay {
				t.Errorf("got three slow answers within %s", time.Since(began))
			}
			if got := strings.Join(l.Unfired(), ""); c.unfired == "" && got != "" || !strings.Contains(got, c.unfired) {
				t.Errorf("got %q, want %q", got, c.unfired)
			}
			if err := l.Up(); err != nil {
				t.Error(err)
			}
			if status, _ := l.ask(http.MethodPost, "/", "x"); status != 200 {
				t.Errorf("got %d behind the trouble, want 200", status)
			}
			if l.Up() == nil {
				t.Error("got no error of ending what is over")
			}
		})
	}
}

// A request that is held has no answer until the trouble is over, and none when the service ends meanwhile.
func TestSilent(t *testing.T) {
	for name, end := range map[string]func(*lab){
		"up":     func(l *lab) { _ = l.Up() },
		"closed": func(l *lab) { _ = l.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.Disturb(Silent())
			answered := make(chan int)
			go func() {
				status, _ := l.ask(http.MethodPost, "/", "x")
				answered <- status
			}()
			until(t, "the request to be told", func() bool { return len(l.requests()) > 0 })
			select {
			case status := <-answered:
				t.Fatalf("got the answer %d while the service is silent", status)
			default:
			}
			end(l)
			if status := <-answered; status != 0 {
				t.Errorf("got %d, want no answer", status)
			}
		})
	}
}

func TestSilentForATime(t *testing.T) {
	l := newLab(t)
	trouble := Silent()
	trouble.For = 50 * time.Millisecond
	l.Disturb(trouble)
	if status, _ := l.ask(http.MethodPost, "/", "x"); status != 0 {
		t.Errorf("got %d, want no answer", status)
	}
	if status, _ := l.ask(http.MethodPost, "/", "x"); status != 200 {
		t.Errorf("got %d once it is over, want 200", status)
	}
}

func TestLargeBodies(t *testing.T) {
	l := newLab(t)
	if status, _ := l.ask(http.MethodPost, "/", strings.Repeat("x", mostKeptBody+1)); status != 200 {
		t.Errorf("got %d, want 200", status)
	}
	if r := l.requests()[0]; !r.Cut || len(r.Body) != mostKeptBody || !r.Accepted {
		t.Errorf("got %d bytes told, cut %v", len(r.Body), r.Cut)
	}
	_, _ = l.ask(http.MethodPost, "/", strings.Repeat("x", mostBody+1)) // it may be cut off while it is sent
	until(t, "the second request to be told", func() bool { return len(l.requests()) > 1 })
	if r := l.requests()[1]; r.Accepted || r.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("got %+v, want it refused", r)
	}
}

// A service whose listener fails is not healthy, and that is the environment's doing.
func TestHealth(t *testing.T) {
	l := newLab(t)
	if err := l.Health(); err != nil {
		t.Errorf("got %v of one that listens", err)
	}
	broken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = broken.Close()
	l.listen("other", broken)
	until(t, "the listener to fail", func() bool { return l.Health() != nil })
	if err := l.Health(); !outcome.IsEnvironment(err) || !strings.Contains(err.Error(), `"payments"`) {
		t.Errorf("got %v, want an error of the environment that names the service", err)
	}
}

func TestChecks(t *testing.T) {
	for got, want := range map[error]string{
		CheckMethod("POTS"):          "did you mean POST?",
		CheckMethod("x"):             "want one of GET",
		CheckPath("orders"):          "begins with /",
		CheckPath("http://h/orders"): "want a path such as /orders",
		CheckPath("/or ders"):        "which has a blank",
		CheckStatus(20):              "200 to 599",
		Check([]Answer{{Status: 204, Body: []byte("x")}}): "with status 204, which has none",
		Check([]Answer{{Path: "/**"}, {Path: "/a"}}):      "answer 2 is never given",
	} {
		if got == nil || !strings.Contains(got.Error(), want) {
			t.Errorf("got %v, want %q", got, want)
		}
	}
	for _, c := range []struct {
		pattern, path, at string
		fits              bool
	}{
		{"", "/a", "", true}, {"/a/*", "/a/b?c=1", "b", true}, {"/a/*/c", "/a/b/d", "", false}, {"/**", "/", "", true},
		{"/*/x/*", "/1/x/2", "1", true}, {"/a", "/a/b", "", false},
	} {
		if at, fits := Fits(c.pattern, c.path); at != c.at || fits != c.fits {
			t.Errorf("%s of %s: got %q %v", c.pattern, c.path, at, fits)
		}
	}
}

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	err := await.Until(t.Context(), await.Options{Within: 30 * time.Second, What: what},
		func(context.Context) (bool, error) { return holds(), nil })
	if err != nil {
		t.Fatal(err)
	}
}
