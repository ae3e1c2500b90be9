package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"sort"
	"strings"
	"sync"
)

// The stylesheet and the icons are ours and always there; dist holds what npm bundles, and is
// empty in a plain `go build`.
//
//go:embed assets/styles.css assets/sprite.svg assets/mark.svg all:assets/dist
var assetFiles embed.FS

// assetStore serves the embedded files under /assets/VERSION/name, where VERSION is a digest of
// all of them: an address never changes its content, so that a browser may keep it for ever, and
// files that name each other (the map and its worker) stay together.
type assetStore struct {
	version string
	files   map[string]*asset
}

type asset struct {
	body []byte
	kind string
	gzip func() []byte // compressed once, when first asked for
}

func loadAssets() (*assetStore, error) {
	store := &assetStore{files: map[string]*asset{}}
	err := fs.WalkDir(assetFiles, "assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := assetFiles.ReadFile(name)
		if err != nil {
			return err
		}
		short := strings.TrimPrefix(strings.TrimPrefix(name, "assets/"), "dist/")
		store.files[short] = &asset{body: body, kind: contentType(short), gzip: sync.OnceValue(func() []byte { return squeeze(body) })}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the embedded assets: %w", err)
	}
	store.version = store.digest()
	return store, nil
}

func (s *assetStore) digest() string {
	names := make([]string, 0, len(s.files))
	for name := range s.files {
		names = append(names, name)
	}
	sort.Strings(names)
	sum := sha256.New()
	for _, name := range names {
		fmt.Fprintf(sum, "%s\x00%d\x00", name, len(s.files[name].body))
		sum.Write(s.files[name].body)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

// url is the address of an asset.
func (s *assetStore) url(name string) string { return "/assets/" + s.version + "/" + name }

// bundled says whether the npm bundle is in the binary.
func (s *assetStore) bundled() bool { return s.files["app.js"] != nil }

func (s *assetStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	version, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/assets/"), "/")
	file := s.files[name]
	if file == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.kind)
	h.Set("Vary", "Accept-Encoding")
	etag := `"` + s.version + `"`
	h.Set("ETag", etag)
	h.Set("Cache-Control", "no-cache")
	if version == s.version { // An older page may ask for an older version: give ours, to be asked again.
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := file.body
	if packed := file.gzip(); packed != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = packed
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // The client has gone: nobody to tell.
	}
}

// contentType is written here rather than asked of the machine's own tables, which differ.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	return "text/plain; charset=utf-8"
}

// squeeze compresses what gains from it; nil for the rest.
func squeeze(body []byte) []byte {
	var buf bytes.Buffer
	zw, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := zw.Write(body); err != nil || zw.Close() != nil {
		return nil
	}
	if buf.Len() > len(body)*9/10 {
		return nil
	}
	return buf.Bytes()
}
