package world

// What stands behind the steps that ask applications and services over HTTP.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/stub"
)

const (
	answerWithin  = 10 * time.Second
	pollEvery     = 50 * time.Millisecond
	mostAnswer    = 1 << 20 // of an answer's body, in bytes
	mostAskedBody = 100     // of one step: later ones are kept without their bodies
	// Number stands in a path, a header or a body for which request of a step it is, from 1.
	Number = "number"
)

// Request is what a scenario asks over HTTP.
type Request struct {
	Method, Path string
	Headers      http.Header
	Body         string // with ${number} in it for the number of the request
}

// Peer is who can be asked over HTTP: *Application or *Service.
type Peer interface {
	asked(from string) (world *World, who, address string, of journal.Fact, err error)
}

// asker is what a scenario calls itself towards its own services.
const asker = "kafkaspec"

func (s *Service) asked(from string) (*World, string, string, journal.Fact, error) {
	address, err := s.stub.Address(from, listen.Place{})
	return s.world, fmt.Sprintf("the HTTP service %q", s.Name), address,
		journal.Fact{Detail: &journal.Exchange{Service: s.Name}}, err
}

func (a *Application) asked(string) (*World, string, string, journal.Fact, error) {
	who, of := fmt.Sprintf("application %q", a.Name), journal.Fact{App: a.Name, Detail: &journal.Exchange{}}
	if err := a.wasStarted(); err != nil {
		return a.world, who, "", of, err
	}
	address, err := a.where()
	return a.world, who, address, of, err
}

// where is the address of an application, a URL.
func (a *Application) where() (string, error) {
	if a.address != "" {
		return a.address, nil
	}
	for _, kind := range []journal.Kind{journal.Listening, journal.Metrics} {
		told := a.Lately(a.Facts(kind))
		if len(told) == 0 {
			continue
		}
		text := told[len(told)-1].Fields()["address"]
		address, err := url.Parse(text)
		if err != nil || address.Host == "" {
			return "", Final(fmt.Errorf("application %q: its line of the kind %q gives address=%q, want a URL", a.Name, kind,
				text))
		}
		return address.Scheme + "://" + address.Host, nil
	}
	return "", fmt.Errorf("nothing says where application %q can be asked over HTTP: its entry in the profile has "+
		"neither ${port.http} nor http: URL, and it has logged no line of the kind \"listening\" with its address", a.Name)
}

// Ask sends so many requests, one after the other: as fast as they are answered, or evenly over a time that is not 0.
// All are to be answered; what they were answered stands in the journal.
func Ask(ctx context.Context, peer Peer, r Request, times int64, over time.Duration) error {
	w, who, address, of, err := peer.asked(asker)
	if err != nil && !IsFinal(err) { // one that says itself where it listens may not have come so far
		_ = await.Until(ctx, await.Options{Within: w.options.Await, What: who + " to say where it listens",
			Changed: w.Journal.Changed}, func(context.Context) (bool, error) {
			_, _, address, _, err = peer.asked(asker)
			return err == nil, nil
		})
	}
	if err != nil {
		return err
	}
	w.mu.Lock()
	w.asked++
	step := w.asked
	w.mu.Unlock()
	client := newClient()
	defer client.CloseIdleConnections()
	began := time.Now()
	for i := range times {
		if err := untilThen(ctx, began.Add(time.Duration(i)*over/time.Duration(times))); err != nil {
			return err
		}
		said, err := exchange(ctx, client, address, r.numbered(i+1))
		if err != nil {
			return unanswered(peer, who, r, err)
		}
		if i >= mostAskedBody {
			said.Body, said.Reply, said.Cut = "", "", said.Body != "" || said.Reply != ""
		}
		said.Step, said.Service = step, of.Detail.(*journal.Exchange).Service
		w.Journal.Add(journal.Fact{Kind: journal.Asked, Source: journal.SourceKafkaspec, App: of.App, Partition: -1,
			Offset: -1, Detail: said})
	}
	return nil
}

// untilThen waits for a moment.
func untilThen(ctx context.Context, moment time.Time) error {
	left := time.Until(moment)
	if left <= 0 {
		return nil
	}
	return await.Never(ctx, left, await.Options{What: "an early request"},
		func(context.Context) (bool, error) { return false, nil })
}

// ErrNoAnswer is wrapped by the errors of Ask and Answer where a request was not answered.
var ErrNoAnswer = errors.New("did not answer")

// unanswered says who did not answer and why; of an application also how long it had been ready, or how it has ended.
func unanswered(peer Peer, who string, r Request, why error) error {
	err := fmt.Errorf("%s %w %s %s: %w", who, ErrNoAnswer, r.Method, r.Path, why)
	a, ok := peer.(*Application)
	if !ok {
		return err
	}
	if state, ended := a.end(); ended {
		return a.world.Named(fmt.Errorf("%w; it %v", err, state))
	}
	if ready := a.Lately(a.Facts(journal.Ready)); len(ready) > 0 {
		since := a.world.Journal.Since(time.Now()) - ready[0].At
		return fmt.Errorf("%w, %s after it was ready", err, since.Round(time.Millisecond))
	}
	return err
}

// Answer asks once, and hands on what was answered; it stands in no journal. It takes its time: a log line that the
// application writes of each request is a reason to look again.
func Answer(ctx context.Context, peer Peer, r Request) (*journal.Exchange, error) {
	w, who, address, _, err := peer.asked(stub.Unseen)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	last := w.polled
	w.mu.Unlock()
	if err := untilThen(ctx, last.Add(pollEvery)); err != nil {
		return nil, err
	}
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.polled = time.Now()
	}()
	client := newClient()
	defer client.CloseIdleConnections()
	said, err := exchange(ctx, client, address, r.numbered(1))
	if err != nil {
		return nil, unanswered(peer, who, r, err)
	}
	Answered(ctx, who)
	return said, nil
}

// Answers are what was answered to the requests of the last step that asked somebody. It is an error where none did.
func (w *World) Answers() ([]*journal.Exchange, error) {
	var last []*journal.Exchange
	w.Journal.Select(func(f *journal.Fact) bool {
		if d, ok := f.Detail.(*journal.Exchange); ok && f.Kind == journal.Asked {
			if len(last) > 0 && last[0].Step != d.Step {
				last = nil
			}
			last = append(last, d)
		}
		return false
	})
	if len(last) == 0 {
		return nil, Final(errors.New("nobody was asked before, so there is no answer; add: When … is asked GET \"/…\""))
	}
	return last, nil
}

// numbered puts the number of the request where it is asked for.
func (r Request) numbered(n int64) Request {
	number := func(text string) string {
		return strings.ReplaceAll(text, "${"+Number+"}", strconv.FormatInt(n, 10))
	}
	headers := http.Header{}
	for name, values := range r.Headers {
		for _, value := range values {
			headers.Add(name, number(value))
		}
	}
	return Request{r.Method, number(r.Path), headers, number(r.Body)}
}

// newClient follows no redirection: it is the answer.
func newClient() *http.Client {
	return &http.Client{Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// exchange sends a request and reads the answer.
func exchange(ctx context.Context, client *http.Client, address string, r Request) (*journal.Exchange, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, answerWithin, fmt.Errorf("no answer within %s", answerWithin))
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, r.Method, strings.TrimSuffix(address, "/")+r.Path,
		strings.NewReader(r.Body))
	if err != nil {
		return nil, Final(err)
	}
	request.GetBody = nil // so that the client does not send it again by itself
	request.Header = r.Headers
	if host := r.Headers.Get("Host"); host != "" {
		request.Host = host
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, plainly(ctx, err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("its answer broke off: %w", plainly(ctx, err))
	case len(body) > mostAnswer:
		return nil, Final(fmt.Errorf("its answer is longer than %d bytes", mostAnswer))
	}
	return &journal.Exchange{Method: r.Method, Path: r.Path, Headers: stub.Headers(r.Headers), Body: r.Body,
		Status: answer.StatusCode, ReplyHeaders: stub.Headers(answer.Header), Reply: string(body)}, nil
}

// plainly is why there was no answer, without the address that net/http puts before it.
func plainly(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	var failed *net.OpError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("it closed the connection")
	case errors.As(err, &failed):
		if failed.Op == "dial" && errors.Is(err, syscall.ECONNREFUSED) {
			return fmt.Errorf("connection refused at %s", failed.Addr)
		}
		return failed.Err
	}
	if at, ok := errors.AsType[*url.Error](err); ok {
		return at.Err
	}
	return err
}
