package tenders

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"slices"
	"testing"
)

func tarOf(t *testing.T, entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: entries[i], Size: int64(len(entries[i+1])), Mode: 0o600, Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(entries[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t *testing.T, raw []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(raw); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTarIsOpened(t *testing.T) {
	t.Parallel()
	record := func(id string) string {
		return `{"idweb":"` + id + `","objet":"x","nomacheteur":"y","nature":"APPEL_OFFRE","etat":"INITIAL"}`
	}
	inner := tarOf(t, "deep.json", record("26-3"))
	deepest := tarOf(t, "archive.tar", string(tarOf(t, "archive.tar", string(inner))))
	plain := tarOf(t, "a.json", record("26-1"), "._a.json", "junk", "b/c.json.gz", string(gzipped(t, []byte(record("26-2")))), "d.tar.gz", string(gzipped(t, inner)))
	p := NewParser(ParserConfig{Places: testPlaces(t)})
	read := func(raw []byte) (got []string) {
		for rec := range p.Read(context.Background(), "f", bytes.NewReader(raw)) {
			if rec.Err != nil {
				got = append(got, rec.Path+" "+asRefusal(rec.Err, "?", "").Code)
				continue
			}
			got = append(got, rec.Path+" "+rec.Notice.ID)
		}
		return got
	}
	whole := []string{"f!a.json 26-1", "f!b/c.json.gz 26-2", "f!d.tar.gz!deep.json 26-3"}
	for name, c := range map[string]struct {
		raw  []byte
		want []string
	}{
		"tar":     {plain, whole},
		"tar.gz":  {gzipped(t, plain), whole},
		"cut":     {plain[:1100], []string{"f!a.json 26-1", "f " + RefusedTruncated}},
		"nesting": {deepest, []string{"f!archive.tar!archive.tar " + RefusedFormat}},
	} {
		if got := read(c.raw); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
