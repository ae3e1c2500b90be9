package release

import (
	"io"
	"time"
)

// File is one file of an archive that is no release, and is written the same way.
type File = file

// Pack writes files as a ZIP in the order given, all of one date: the same files give the same bytes.
func Pack(w io.Writer, files []File, at time.Time) error { return pack(w, files, at) }

// Repack gives a workbook the order, the dates and the compressor of Pack.
func Repack(workbook []byte, at time.Time) ([]byte, error) { return repack(workbook, at) }

// Sums writes SHA256SUMS over files.
func Sums(files []File) File { return File{sumsName, writeSums(files)} }
