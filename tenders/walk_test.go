package tenders

import (
	"archive/zip"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestWalk reads a folder as a person would expect: in order, archives opened,
// links followed, pipes and hidden files left alone.
func TestWalk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	record := func(id string) string {
		return `{"idweb":"` + id + `","objet":"x","nomacheteur":"y","nature":"APPEL_OFFRE","etat":"INITIAL"}`
	}
	put := func(name string, pack func(io.Writer) io.WriteCloser, text string) {
		t.Helper()
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		w := pack(f)
		if _, err := io.WriteString(w, text); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	plain := func(w io.Writer) io.WriteCloser { return nopCloser{w} }
	put("b.txt", plain, record("26-2"))
	put("a.anything", func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }, record("26-1"))
	put("c.zip", func(w io.Writer) io.WriteCloser {
		z := zip.NewWriter(w)
		for _, name := range []string{"z.json", "folder/"} {
			if _, err := z.Create(name); err != nil {
				t.Fatal(err)
			}
		}
		in, err := z.Create("a.json")
		if err != nil {
			t.Fatal(err)
		}
		return zipped{in, z}
	}, record("26-3"))
	put(".hidden", plain, record("26-9"))
	put("d.bin", plain, "PK\x03\x04 but no archive")
	links := errorsOf(os.Mkdir(filepath.Join(dir, "e"), 0o700), os.Symlink("b.txt", filepath.Join(dir, "e-link")),
		os.Symlink(dir, filepath.Join(dir, "e", "circle")), syscall.Mkfifo(filepath.Join(dir, "f-pipe"), 0o600),
		os.Symlink(dir, dir+"-link"))
	if links != "" {
		t.Skip("left out: this file system has no links or pipes: " + links)
	}
	t.Cleanup(func() { _ = os.Remove(dir + "-link") })
	for _, root := range []string{dir, dir + "-link"} {
		var got []string
		for rec := range testParser(t).Walk(context.Background(), root) {
			if rec.Err != nil {
				got = append(got, "refused "+filepath.Base(rec.Path))
				continue
			}
			got = append(got, rec.Notice.ID)
		}
		want := []string{"26-1", "26-2", "26-3", "refused c.zip!z.json", "refused d.bin", "26-2"}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", root, got, want)
		}
	}
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

type zipped struct {
	io.Writer
	z *zip.Writer
}

func (z zipped) Close() error { return z.z.Close() }

func errorsOf(errs ...error) string {
	var texts []string
	for _, err := range errs {
		if err != nil {
			texts = append(texts, err.Error())
		}
	}
	return strings.Join(texts, ", ")
}

// TestWalkStops: a consumer that has enough, and a cancelled context, end the walk.
func TestWalkStops(t *testing.T) {
	t.Parallel()
	n := 0
	for range testParser(t).Walk(context.Background(), "testdata", "testdata") {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d records", n)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for rec := range testParser(t).Walk(ctx, "testdata") {
		t.Errorf("a record after the end: %v", rec.Path)
	}
}

// TestOneNotice: Parse reads the first record of a text.
func TestOneNotice(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "boamp-page.json"))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := testParser(t).Parse(raw); err != nil || n.ID != "26-100001" {
		t.Errorf("%v %v", n, err)
	}
	if _, err := testParser(t).Parse([]byte("[]")); err == nil {
		t.Error("an empty list is a notice")
	}
}
