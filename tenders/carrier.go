package tenders

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"iter"
	"strings"
)

// maxEntries bounds the entries of one zip or tar, maxNesting the archives in archives:
// a few kilobytes can hold a package that unfolds without end.
const (
	maxEntries = 500_000
	maxNesting = 2
)

// isTar tells a tar by its mark (POSIX 1003.1, ustar, and GNU's).
func isTar(head []byte) bool {
	return len(head) >= 263 && string(head[257:262]) == "ustar"
}

// tar reads the regular files of an archive in the order they have there; links
// and devices are left out. It reports whether to go on.
func (p *Parser) tar(ctx context.Context, name string, r io.Reader, within nest, yield func(Record) bool) bool {
	if within.depth >= maxNesting {
		return yield(Record{Path: name, Err: refuse(RefusedFormat, "an archive in an archive in an archive is not read")})
	}
	in := tar.NewReader(r)
	for n := 0; ctx.Err() == nil; n++ {
		entry, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return true
		case errors.Is(err, io.ErrUnexpectedEOF):
			return yield(Record{Path: name, Err: asRefusal(err, RefusedTruncated, "")})
		case err != nil:
			return yield(Record{Path: name, Err: asRefusal(err, RefusedFormat, "")})
		case n == maxEntries:
			return yield(Record{Path: name, Err: refuse(RefusedTooLarge, "the archive has more than %d entries", maxEntries)})
		case entry.Typeflag != tar.TypeReg || hidden(entry.Name):
			continue
		}
		for rec := range p.read(ctx, name+"!"+entry.Name, within.reader(in), within.deeper()) {
			if !yield(rec) {
				return false
			}
		}
		if within.spent() {
			return true
		}
	}
	return false
}

// hidden tells the entries that a folder would leave out, such as the "._"
// companions and the "__MACOSX" folder that one system adds to its archives.
func hidden(name string) bool {
	for _, step := range strings.Split(name, "/") {
		if step == "__MACOSX" || (strings.HasPrefix(step, ".") && step != "." && step != "..") {
			return true
		}
	}
	return false
}

// File reads one file on disk, an archive or not, whose records are named as
// said: a body that was fetched bears its address.
func (p *Parser) File(ctx context.Context, name, path string) iter.Seq[Record] {
	return func(yield func(Record) bool) { p.file(ctx, name, path, yield) }
}
