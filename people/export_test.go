package people

import (
	"crypto/rand"

	"maillage/internal/sheet"
	"maillage/territories"
)

// Seal is Keyring.seal for tests.
func Seal(k *Keyring, id ID, plain []byte) (keyID string, sealed []byte, err error) {
	return k.seal(rand.Reader, id, plain)
}

// Open is Keyring.open for tests.
func Open(k *Keyring, id ID, keyID string, sealed []byte) ([]byte, error) {
	return k.open(id, keyID, sealed)
}

// ReadCells reads one row under a header, for tests: what is at fault.
func ReadCells(atlas *territories.Atlas, header, cells []string) ([]Located, *Person, error) {
	l, err := readLayout(header)
	if err != nil {
		return nil, nil, err
	}
	e := readRow(atlas, l, sheet.Row{Line: 2, Cells: cells}, "2026-11-23")
	p := &Person{}
	for _, edit := range e.edits {
		edit(p)
	}
	return e.faults, p, nil
}

// Columns are those that are read.
func Columns() []string {
	out := make([]string, len(columnsOf))
	for i, c := range columnsOf {
		out[i] = c.name
	}
	return out
}
