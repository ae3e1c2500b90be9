package release_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// forged writes files as a ZIP, in order of their paths.
func forged(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, path := range sortedPaths(files) {
		w, err := z.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(files[path]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sortedPaths(files map[string][]byte) []string {
	var paths []string
	for path := range files {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

// resealed makes the hashes of a changed release those of its files again: what a
// forger who knows the format would do.
func resealed(t testing.TB, files map[string][]byte) {
	t.Helper()
	var p map[string]any
	if err := json.Unmarshal(files["datapackage.json"], &p); err != nil {
		t.Fatal(err)
	}
	for _, r := range p["resources"].([]any) {
		r := r.(map[string]any)
		if data, ok := files[r["path"].(string)]; ok {
			r["hash"], r["bytes"] = "sha256:"+sha(data), len(data)
		}
	}
	var err error
	if files["datapackage.json"], err = json.Marshal(p); err != nil {
		t.Fatal(err)
	}
	sums(files)
}

func sums(files map[string][]byte) {
	var b strings.Builder
	for _, path := range sortedPaths(files) {
		if path != "SHA256SUMS" {
			fmt.Fprintf(&b, "%s  %s\n", sha(files[path]), path)
		}
	}
	files["SHA256SUMS"] = []byte(b.String())
}

// swap replaces one text by another of a file, which must hold it.
func swap(t testing.TB, files map[string][]byte, path, old, new string) {
	t.Helper()
	if !bytes.Contains(files[path], []byte(old)) {
		t.Fatalf("%s holds no %q", path, old)
	}
	files[path] = bytes.Replace(files[path], []byte(old), []byte(new), 1)
}
