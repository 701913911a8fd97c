// Package browser shows pages in headless Chromium, for tests of the report.
package browser

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is a page in a browser. What the page says in the console, errors above all, fails the test.
type Tab struct {
	t   *testing.T
	ctx context.Context

	mu   sync.Mutex
	said []string
}

// Open shows a file, with what stands behind a # as the part of it to go to. Without Chromium the test is skipped.
func Open(t *testing.T, file string) *Tab {
	t.Helper()
	b := empty(t)
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if len(b.said) > 0 {
			t.Errorf("got in the browser's console, want nothing:\n%s", strings.Join(b.said, "\n"))
		}
	})
	b.Run(chromedp.Navigate("file://"+file), chromedp.WaitReady("#page header"))
	return b
}

// Visit shows a page of somebody else, who may say in the console what he likes.
func Visit(t *testing.T, url string) *Tab {
	t.Helper()
	b := empty(t)
	b.Run(chromedp.Navigate(url))
	return b
}

func empty(t *testing.T) *Tab {
	t.Helper()
	ctx, cancel := context.WithTimeout(chromium(t).ctx, 2*time.Minute)
	t.Cleanup(cancel)
	b := &Tab{t: t}
	b.ctx, cancel = chromedp.NewContext(ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.listen))
	t.Cleanup(cancel)
	return b
}

func (b *Tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, fmt.Sprint(e.ExceptionDetails.Text, " ", e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		said := "nothing"
		if len(e.Args) > 0 {
			said = string(e.Args[0].Value)
		}
		b.said = append(b.said, fmt.Sprintf("console.%s %s", e.Type, said))
	case *log.EventEntryAdded:
		b.said = append(b.said, e.Entry.Text)
	case *page.EventJavascriptDialogOpening:
		b.said = append(b.said, "dialog: "+e.Message)
	}
}

// Run does what a reader would.
func (b *Tab) Run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// Value is what a script gives.
func Value[T any](b *Tab, script string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return v
}

// Script is an action.
func Script(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](text)
}

// Until waits for a script to be true.
func (b *Tab) Until(script string) {
	b.t.Helper()
	poll := chromedp.Poll[chromedp.Void]("Boolean("+script+")", chromedp.WithPollingTimeout(20*time.Second))
	if _, err := chromedp.Run(b.ctx, poll); err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
}

// Want compares what a script gives.
func (b *Tab) Want(script, want string) {
	b.t.Helper()
	if got := Value[string](b, "String("+script+")"); got != want {
		b.t.Errorf("%s: got %q, want %q", script, got, want)
	}
}

// Theme is what the system of the reader prefers: light or dark.
func (b *Tab) Theme(name string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}}); err != nil {
		b.t.Fatal(err)
	}
}
