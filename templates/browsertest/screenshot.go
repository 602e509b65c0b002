package browsertest

import (
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// png is the quality at which chromedp writes PNG and not JPEG.
const png = 100

// Screenshot writes a picture of the whole page, also of what is below the fold, to <artifacts>/<name>.png. Name may
// hold folders.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(png))
	if err != nil {
		p.t.Fatalf("take picture %s: %v", name, err)
	}
	dir, err := artifacts()
	if err != nil {
		p.t.Fatalf("find the artifacts folder: %v", err)
	}
	path := filepath.Join(dir, filepath.FromSlash(name)+".png")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatalf("make the artifacts folder: %v", err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		p.t.Fatalf("keep picture %s: %v", name, err)
	}
}

// artifacts returns where pictures go: $EINLASS_ARTIFACTS, else the folder artifacts beside go.mod.
func artifacts() (string, error) {
	if dir := os.Getenv("EINLASS_ARTIFACTS"); dir != "" {
		return dir, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "artifacts"), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "artifacts", nil
		}
		dir = parent
	}
}
