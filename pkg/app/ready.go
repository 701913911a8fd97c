package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

const (
	defaultReadyTimeout = 30 * time.Second
	dialTimeout         = time.Second
)

// Ready says when an application counts as ready: when all that is declared holds. Nothing declared: at once.
type Ready struct {
	Log *regexp.Regexp // a line of output it is found in
	// host:port where a connection is taken; nothing may listen there before the start
	TCP string
	// URL that answers with a status of 200 to 299; nothing may listen there before the start
	HTTP    string
	Topic   string                              // one with a new record since the start; the caller sets Written
	Written func(context.Context) (bool, error) // as Check
	Group   bool                                // its group is stable with assignments; the caller sets Check to look
	Check   func(context.Context) (bool, error) // an error means that it could not look, and is tried again
	Timeout time.Duration                       // 0: 30s
}

func (c Ready) none() bool {
	return c.Log == nil && c.TCP == "" && c.HTTP == "" && c.Written == nil && c.Check == nil
}

// String lists the conditions.
func (c Ready) String() string {
	var parts []string
	if c.Log != nil {
		parts = append(parts, fmt.Sprintf("a line like /%s/", c.Log))
	}
	if c.TCP != "" {
		parts = append(parts, "a connection to "+c.TCP)
	}
	if c.HTTP != "" {
		parts = append(parts, "a good answer of "+c.HTTP)
	}
	if c.Topic != "" {
		parts = append(parts, "a new record in the topic "+c.Topic)
	}
	if c.Group {
		parts = append(parts, "partitions from its group")
	} else if c.Check != nil {
		parts = append(parts, "its check")
	}
	return strings.Join(parts, ", ")
}

func listens(ctx context.Context, address string) bool {
	connection, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	_ = connection.Close()
	return true
}

// closing leaves no connection open.
var closing = &http.Transport{DisableKeepAlives: true}

// errEnded stops the waiting for an application that will not become ready any more.
var errEnded = errors.New("it ended before it was ready")

// WaitReady waits until the application is ready. One that ends before is an error at once, with how it ended and its
// last lines.
func (a *App) WaitReady(ctx context.Context) error {
	r, phase, err := a.awaited()
	if err != nil || phase == Running {
		return err
	}
	conditions := a.definition.Ready
	within := conditions.Timeout
	if within <= 0 {
		within = defaultReadyTimeout
	}
	missing := ""
	err = await.Until(ctx, await.Options{
		Within:  within,
		What:    fmt.Sprintf("application %q to be ready (%v)", a.definition.Name, conditions),
		Changed: r.changed,
		State:   func() string { return missing },
	}, func(ctx context.Context) (done bool, err error) {
		select {
		case <-r.done:
			return false, await.Permanent(errEnded)
		default:
		}
		missing, err = conditions.missing(ctx, r)
		return missing == "" && err == nil, err
	})
	switch {
	case errors.Is(err, errEnded):
		return a.explain(fmt.Errorf("application %q %w before it was ready (%v)", a.definition.Name, stateError{a.State()},
			conditions))
	case err != nil:
		return a.explain(err)
	}
	a.becomeReady(r)
	return nil
}

// changed is closed when the log has the line it waits for, or else when the run has ended.
func (r *run) changed() <-chan struct{} {
	select {
	case <-r.logged:
		return r.done
	default:
		return r.logged
	}
}

// awaited gives the run to wait for. An end that came before it was ready is left to the waiting to report.
func (a *App) awaited() (*run, Phase, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	phase := a.state.Phase
	switch {
	case phase == Paused || phase == Stopping:
		return nil, phase, a.refuse("wait for", "resume or restart it first")
	case !phase.Alive() && (a.run.ready || a.run.hung != nil):
		return nil, phase, a.refuse("wait for", a.endAdvice("restart it first"))
	}
	return a.run, phase, nil
}

// missing names the first condition that does not hold, "" when all do.
func (c Ready) missing(ctx context.Context, r *run) (string, error) {
	if c.Log != nil {
		select {
		case <-r.logged:
		default:
			return fmt.Sprintf("no line like /%s/", c.Log), nil
		}
	}
	if c.TCP != "" && !listens(ctx, c.TCP) {
		return "no connection to " + c.TCP, nil
	}
	if c.HTTP != "" {
		if said := health(ctx, c.HTTP); said != "" {
			return said, nil
		}
	}
	if c.Written != nil {
		if ok, err := c.Written(ctx); err != nil || !ok {
			return "nothing new in the topic " + c.Topic, err
		}
	}
	if c.Check != nil {
		ok, err := c.Check(ctx)
		if err != nil {
			return "", err
		}
		if !ok && c.Group {
			return "its group has given it no partitions", nil
		}
		if !ok {
			return "its check says no", nil
		}
	}
	return "", nil
}

// health says what is wrong with the answer of a health check; "" is nothing.
func health(ctx context.Context, address string) string {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err.Error()
	}
	client := http.Client{Transport: closing}
	answer, err := client.Do(request)
	if err != nil {
		return "no answer of " + address
	}
	_ = answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		return fmt.Sprintf("%s answers %s", address, answer.Status)
	}
	return ""
}

func (a *App) becomeReady(r *run) {
	a.mu.Lock()
	first := a.run == r && a.state.Phase == Starting
	if first {
		a.state.Phase, r.ready = Running, true
	}
	a.mu.Unlock()
	if first {
		a.event("ready", map[string]string{"after": time.Since(r.began).Round(time.Millisecond).String()})
	}
}
