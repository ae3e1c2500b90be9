package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// refused is the report of an import that can write the rows it did not take.
type refused interface {
	WriteRejected(w io.Writer, lang string) error
}

// writeRefused writes the rows refused of a file beside it and says where, or takes
// away those of an earlier run.
func writeRefused(e *env, file string, count int, rows refused) (string, error) {
	path := file + ".rejected.csv"
	if count == 0 {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("remove the refused rows of an earlier run: %w", err)
		}
		return "", nil
	}
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("write the refused rows: %w", err)
	}
	return path, errors.Join(rows.WriteRejected(out, e.lang), out.Close())
}
