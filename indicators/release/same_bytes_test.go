package release_test

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// update rewrites the golden listing: go test ./indicators/release -run Listing -update
var update = flag.Bool("update", false, "rewrite the golden files")

// Another machine is another process: its time zone, its language, its processors, and
// an input that comes in another order.
func TestTheSameBytesElsewhere(t *testing.T) {
	t.Parallel()
	want := written(t, sample())
	for i, env := range [][]string{
		{"TZ=Pacific/Kiritimati", "LANG=fr_FR.UTF-8", "LC_ALL=fr_FR.UTF-8", "GOMAXPROCS=1"},
		{"TZ=America/Adak", "LANG=C", "LC_ALL=C", "GOMAXPROCS=7"},
		{"TZ=Asia/Kathmandu", "LANG=tr_TR.UTF-8", "LC_NUMERIC=de_DE.UTF-8", "GOMAXPROCS=2", "GODEBUG=randautoseed=1"},
	} {
		out := filepath.Join(t.TempDir(), "elsewhere.zip")
		cmd := exec.Command(os.Args[0], "-test.run=^TestWriteForAnother$", "-test.count=1")
		cmd.Env = append(os.Environ(), append(env, "MAILLAGE_TEST_RELEASE="+out, "MAILLAGE_TEST_SHUFFLE="+strconv.Itoa(i+1))...)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", env, err, said)
		}
		got, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%v: other bytes, of %v", env, differing(t, got, want))
		}
	}
}

// TestWriteForAnother is the other process of TestTheSameBytesElsewhere; alone it does nothing.
func TestWriteForAnother(t *testing.T) {
	out := os.Getenv("MAILLAGE_TEST_RELEASE")
	if out == "" {
		t.Skip("runs within another test")
	}
	seed, err := strconv.ParseUint(os.Getenv("MAILLAGE_TEST_SHUFFLE"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(out, written(t, shuffled(sample(), seed)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// differing names the files whose bytes are not the same.
func differing(t *testing.T, a, b []byte) []string {
	t.Helper()
	x, y := unpacked(t, a), unpacked(t, b)
	var paths []string
	for path := range x {
		if !bytes.Equal(x[path], y[path]) {
			paths = append(paths, path)
		}
	}
	return paths
}

func unpacked(t testing.TB, data []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// The listing says every byte of an invented release: a change of a library or of a
// text is seen here, and is a change for those who made a release again.
func TestListing(t *testing.T) {
	t.Parallel()
	data := written(t, sample())
	got := fmt.Sprintf("%s  the archive, %d bytes\n%s", sha(data), len(data), unpacked(t, data)["SHA256SUMS"])
	path := filepath.Join("testdata", "listing.txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the bytes are others (run with -update when they should be):\n%s", got)
	}
}

// Nothing that is embedded tells when or where a release was made.
func TestNoOtherDate(t *testing.T) {
	t.Parallel()
	data := written(t, sample())
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if got := f.Modified.UTC().Format("2006-01-02T15:04:05"); got != "2026-09-14T00:00:00" {
			t.Errorf("%s is of %s", f.Name, got)
		}
	}
	files := unpacked(t, data)
	core := string(unpacked(t, files["data/sorties-par-region.xlsx"])["docProps/core.xml"])
	if strings.Count(core, "2026-09-14T00:00:00Z") != 2 {
		t.Errorf("the workbook is of another date: %s", core)
	}
	pdf := string(files["codebook.pdf"])
	if strings.Count(pdf, "(D:20260914000000") != 2 {
		t.Errorf("the PDF is of another date")
	}
	for _, path := range []string{"README.md", "CHANGELOG.md", "data/sorties.csv", "datapackage.json", "SHA256SUMS"} {
		if bytes.ContainsRune(files[path], '\r') || !bytes.HasSuffix(files[path], []byte("\n")) {
			t.Errorf("%s has other line ends", path)
		}
	}
}

// A release tells how far it is, and stops when it is asked to.
func TestProgress(t *testing.T) {
	t.Parallel()
	var told []int
	if err := write(t.Context(), io.Discard, sample(), func(done, total int) { told = append(told, done*100/total) }); err != nil {
		t.Fatal(err)
	}
	if len(told) != 15 || told[14] != 100 || !slices.IsSorted(told) {
		t.Errorf("told %v", told)
	}
}
