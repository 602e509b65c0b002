package browsertest

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// startBudget is how long a browser may take to start on a busy machine.
const startBudget = 60 * time.Second

// Browser is a running Chromium with an empty profile. It ends with its test.
type Browser struct {
	ctx context.Context
}

// Start starts a browser for a test and its subtests. Flags are added to the command line as they are, for example
// "--host-resolver-rules=MAP einlass.example 127.0.0.1". Without Chromium the test is skipped, or fails when CI=true.
func Start(t testing.TB, flags ...string) *Browser {
	t.Helper()
	path, ok := find()
	if !ok {
		if os.Getenv("CI") == "true" {
			t.Fatal("CI needs Chromium: install it, or name it in CHROMIUM")
		}
		t.Skip("skipped: this test needs Chromium (install it, or name it in CHROMIUM)")
	}
	profile, err := os.MkdirTemp("", "einlass-browser-")
	if err != nil {
		t.Fatalf("make a browser profile: %v", err)
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options(path, profile, flags)...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		cancel()
		stop() // returns when the process has ended
		_ = os.RemoveAll(profile)
	})
	// The first Do binds the browser to its context, so the budget watches from outside.
	watchdog := time.AfterFunc(startBudget, cancel)
	defer watchdog.Stop()
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return &Browser{ctx: ctx}
}

func find() (path string, ok bool) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path, true
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, true
		}
	}
	return "", false
}

// options make a browser that talks to nobody but the page under test.
func options(path, profile string, flags []string) []chromedp.ExecAllocatorOption {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.NoSandbox, // root in a container has none
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true), // pictures are the same on every machine
	)
	for _, flag := range flags {
		name, value, hasValue := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		if hasValue {
			options = append(options, chromedp.Flag(name, value))
		} else {
			options = append(options, chromedp.Flag(name, true))
		}
	}
	return options
}
