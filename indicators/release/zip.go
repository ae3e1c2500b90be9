package release

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/flate"
)

// file is one file of the release.
type file struct {
	Path string
	Data []byte
}

// pack writes files as a ZIP in the order given, all of one date. The compressor is
// the one that go.mod pins: the standard library's may change with the compiler.
func pack(w io.Writer, files []file, at time.Time) error {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestCompression) })
	for _, f := range files {
		h := &zip.FileHeader{Name: f.Path, Method: zip.Deflate, Modified: at.UTC()}
		h.SetMode(0o644)
		part, err := z.CreateHeader(h)
		if err != nil {
			return fmt.Errorf("pack %s: %w", f.Path, err)
		}
		if _, err := part.Write(f.Data); err != nil {
			return fmt.Errorf("pack %s: %w", f.Path, err)
		}
	}
	return z.Close()
}

// repack gives a workbook the order, the dates and the compressor of pack.
func repack(data []byte, at time.Time) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	var files []file
	for _, entry := range z.File {
		content, err := inflate(entry, maxFile)
		if err != nil {
			return nil, err
		}
		files = append(files, file{entry.Name, content})
	}
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.Path, b.Path) }) // [Content_Types].xml comes first so
	var b bytes.Buffer
	if err := pack(&b, files, at); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// inflate reads one entry, and refuses one byte more than most: a header may lie.
func inflate(entry *zip.File, most int64) (data []byte, err error) {
	r, err := entry.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", clip(entry.Name), err)
	}
	defer func() { _ = r.Close() }()
	data, err = io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", clip(entry.Name), err)
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("%s: %w", clip(entry.Name), errTooLarge)
	}
	return data, nil
}
