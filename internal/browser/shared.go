package browser

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// process is Chromium. It leaves files in its folder.
type process struct {
	ctx    context.Context
	folder string
	end    func()
}

// The process of a package whose tests run by Main, once a test has asked for it.
var (
	sharing bool
	shared  *process
)

// Main is for TestMain of a package with many tests of pages, which do not run in parallel: they share one Chromium.
// Each has a window of its own there, and shares no storage with others.
func Main(m *testing.M) {
	sharing = true
	code := m.Run()
	if shared != nil {
		shared.close()
	}
	os.Exit(code)
}

// chromium is the process for a test.
func chromium(t *testing.T) *process {
	t.Helper()
	path := testenv.Chromium(t)
	if sharing && shared != nil && shared.ctx.Err() == nil {
		return shared
	}
	p, err := start(path)
	if err != nil {
		t.Fatal(err)
	}
	if sharing {
		shared = p
	} else {
		t.Cleanup(p.close)
	}
	return p
}

func start(path string) (*process, error) {
	folder, err := os.MkdirTemp("", "browser-")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.WindowSize(1280, 1000), chromedp.Env("TMPDIR="+folder))
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	p := &process{ctx: ctx, folder: folder, end: func() { cancel(); end() }}
	if err := chromedp.Do(ctx); err != nil {
		p.close()
		return nil, fmt.Errorf("cannot start %s: %w", path, err)
	}
	return p, nil
}

// close ends the process, and removes what it left.
func (p *process) close() {
	p.end()
	_ = os.RemoveAll(p.folder)
}
