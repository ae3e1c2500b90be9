package release

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"maillage/internal/fault"
)

// entryName is a path that means the same on every system and stays where it is unpacked.
var entryName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$`)

func asLocated(err error, at *located) bool { return errors.As(err, at) }

// open reads every file of the archive into memory, within the bounds. The error is
// that of a file that is no ZIP.
func (v *verification) open(r io.ReaderAt, size int64) (int, error) {
	if size > maxArchive {
		return 0, fault.TooLarge(fmt.Sprintf("%d Mo", maxArchive>>20))
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return 0, fault.Invalid(fault.At("file", "archive", "Ce fichier n’est pas une archive ZIP lisible.", "This file is no readable ZIP archive.")).Because(err)
	}
	v.files = map[string][]byte{}
	if len(z.File) > maxEntries {
		v.say("", "plus de %d fichiers", "more than %d files", maxEntries)
		return 0, nil
	}
	v.sealed(r, size, z.File)
	lower, left := map[string]bool{}, int64(maxTotal)
	for _, entry := range z.File {
		if !v.named(entry, lower) {
			continue
		}
		data, err := inflate(entry, min(maxFile, left))
		if err != nil {
			v.findErr(clip(entry.Name), err)
			if errors.Is(err, errTooLarge) {
				return len(v.files), nil // a bomb: nothing more is read
			}
			continue
		}
		left -= int64(len(data))
		v.files[entry.Name] = data
	}
	return len(v.files), nil
}

// named refuses a path that leaves the folder, a link, and two files that some systems
// take for one. A folder is no file.
func (v *verification) named(entry *zip.File, lower map[string]bool) bool {
	path := entry.Name
	key := strings.ToLower(path)
	switch {
	case len(path) > 200 || !entryName.MatchString(strings.TrimSuffix(path, "/")):
		v.say(clip(path), "ce chemin sort de l’archive ou n’est pas un chemin simple", "this path leaves the archive or is no plain path")
	case strings.HasSuffix(path, "/") && entry.UncompressedSize64 == 0:
	case !entry.Mode().IsRegular():
		v.say(path, "ce n’est pas un fichier ordinaire", "this is no ordinary file")
	case lower[key]:
		v.say(path, "deux fichiers ont ce nom", "two files have this name")
	default:
		lower[key] = true
		return true
	}
	return false
}

// sums checks SHA256SUMS against the files: each one is there, with its hash.
func (v *verification) sums() int {
	text, ok := v.files[sumsName]
	if !ok {
		v.say(sumsName, "ce fichier manque", "this file is missing")
		return 0
	}
	sums, err := readSums(text)
	if err != nil {
		v.say(sumsName, "ce fichier ne se lit pas : %s", "this file does not read: %s", err.Error())
		return 0
	}
	for _, path := range v.paths() {
		hash, known := sums[path]
		switch {
		case path == sumsName:
		case !known:
			v.say(path, "ce fichier est en trop : il n’a pas d’empreinte", "this file is added: it has no hash")
		case hash != sum(v.files[path]):
			v.say(path, "ce fichier a été modifié : son empreinte est autre", "this file was changed: its hash is another")
		}
		delete(sums, path)
	}
	for _, path := range sorted(sums) {
		v.say(clip(path), "ce fichier manque", "this file is missing")
	}
	return len(v.files)
}

func (v *verification) paths() []string { return sorted(v.files) }

func sorted[T any](m map[string]T) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// remade is a check that makes the files again, or nothing where nobody reads what it finds.
func (v *verification) remade(run func() int) func() int {
	if v.hasty {
		return nil
	}
	return run
}
