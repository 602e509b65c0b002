package templates

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"path"
)

//go:embed assets
var assetFiles embed.FS

// contentTypes names the kinds of files that pages load.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// assets are the files that pages load. Their address holds a hash of their content, so browsers may keep them for
// ever and still get a new version at once.
type assets struct {
	byPath map[string]asset  // "<hash>/app.css"
	paths  map[string]string // "app.css" -> "<hash>/app.css"
}

type asset struct {
	data        []byte
	contentType string
}

func loadAssets() (assets, error) {
	loaded := assets{byPath: map[string]asset{}, paths: map[string]string{}}
	files, err := assetFiles.ReadDir("assets")
	if err != nil {
		return assets{}, fmt.Errorf("read assets: %w", err)
	}
	for _, file := range files {
		data, err := assetFiles.ReadFile("assets/" + file.Name())
		if err != nil {
			return assets{}, fmt.Errorf("read asset: %w", err)
		}
		contentType, ok := contentTypes[path.Ext(file.Name())]
		if !ok {
			return assets{}, fmt.Errorf("asset %s: unknown kind of file", file.Name())
		}
		sum := sha256.Sum256(data)
		hashed := hex.EncodeToString(sum[:8]) + "/" + file.Name()
		loaded.paths[file.Name()] = hashed
		loaded.byPath[hashed] = asset{data: data, contentType: contentType}
	}
	return loaded, nil
}

// url returns the address of an asset: "app.css" -> "/assets/<hash>/app.css".
func (a assets) url(name string) (string, error) {
	hashed, ok := a.paths[name]
	if !ok {
		return "", fmt.Errorf("no asset %q", name)
	}
	return "/assets/" + hashed, nil
}

// Asset returns the file behind /assets/<name>, where name is "<hash>/app.css" as pages write it. It may be cached for
// ever: another content has another name.
func (s *Set) Asset(name string) (data []byte, contentType string, ok bool) {
	found, ok := s.assets.byPath[name]
	return found.data, found.contentType, ok
}
