package release_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"maillage/indicators/release"
)

// Whatever the file, an answer comes: a report or a fault, never a panic, and never
// "sound" but for the bytes of a release.
func FuzzVerify(f *testing.F) {
	good := written(f, sample())
	stone, err := release.Bury(sample(), strings.Repeat("0", 64), time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), say("Erreur", "Error"), "1.0.1")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(stone)
	f.Add(good[:len(good)/2])
	f.Add(good[len(good)-200:])
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := release.Verify(t.Context(), bytes.NewReader(data), int64(len(data)), nil)
		if err != nil || !r.Sound() {
			return
		}
		if got := unpacked(t, data); len(got) != 15 || sha(got["SHA256SUMS"]) != sha(unpacked(t, good)["SHA256SUMS"]) {
			t.Errorf("another release is sound")
		}
	})
}

// One file of a release is replaced by anything and the hashes are made right: the
// readers of each format answer, and data that are not the same are never sound.
func FuzzForgedFile(f *testing.F) {
	good := written(f, sample())
	paths := []string{"data/sorties.csv", "data/sorties.parquet", "data/sorties-par-region.xlsx", "certificate.json", "datapackage.json", "SHA256SUMS"}
	for i, path := range paths {
		f.Add(uint8(i), unpacked(f, good)[path])
	}
	f.Fuzz(func(t *testing.T, which uint8, content []byte) {
		files := unpacked(t, good)
		path := paths[int(which)%len(paths)]
		same := bytes.Equal(files[path], content)
		files[path] = content
		switch path {
		case "SHA256SUMS":
		case "datapackage.json":
			sums(files)
		default:
			resealed(t, files)
		}
		data := forged(t, files)
		r, err := release.Verify(t.Context(), bytes.NewReader(data), int64(len(data)), nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Sound() && !same && path == "data/sorties.csv" {
			t.Errorf("other figures are sound: %q", content)
		}
	})
}
