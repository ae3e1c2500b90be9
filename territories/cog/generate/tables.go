package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// source is one CSV file read whole, its columns by name.
type source struct {
	name string
	cols map[string]int
	rows [][]string
	errs []error
}

func open(dir, name string) (*source, error) {
	raw, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff")))).ReadAll()
	if err != nil || len(all) == 0 {
		return nil, fmt.Errorf("read %s: empty or malformed: %w", name, err)
	}
	s := &source{name: name, cols: map[string]int{}, rows: all[1:]}
	for i, c := range all[0] {
		s.cols[c] = i
	}
	return s, nil
}

// get returns a field with its blanks collapsed: a tab or a line end would
// break our tables, and the official names hold a few doubled spaces.
func (s *source) get(row []string, col string) string {
	i, ok := s.cols[col]
	if !ok {
		s.errs = append(s.errs, fmt.Errorf("%s has no column %q", s.name, col))
		return ""
	}
	return strings.Join(strings.Fields(row[i]), " ")
}

// scaled writes a decimal as an integer number of 1/scale; empty stays empty.
func (s *source) scaled(row []string, col string, scale float64) string {
	v := s.get(row, col)
	if v == "" {
		return ""
	}
	f, err := strconv.ParseFloat(v, 64)
	if err != nil {
		s.errs = append(s.errs, fmt.Errorf("%s, %s: %w", s.name, col, err))
	}
	return strconv.Itoa(int(math.Round(f * scale)))
}

func (s *source) list(row []string, col string) string {
	return strings.ReplaceAll(s.get(row, col), "|", " ")
}

// build makes our lines of a source, sorted, under a header.
func (s *source) build(head string, line func(row []string) []string) ([]byte, error) {
	lines := make([]string, 0, len(s.rows))
	for _, r := range s.rows {
		lines = append(lines, strings.Join(line(r), "\t"))
	}
	if len(s.errs) > 0 {
		return nil, s.errs[0]
	}
	slices.Sort(lines)
	return []byte(head + "\n" + strings.Join(lines, "\n") + "\n"), nil
}

// slug makes a code of a name: "La Réunion-Mayotte" gives "la-reunion-mayotte".
// The federation's regions have no official code.
func slug(name string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)))
	plain, _, err := transform.String(t, strings.ToLower(name))
	if err != nil {
		return name
	}
	return strings.Join(strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "-")
}

// compress is deterministic for one version of the library: one goroutine and
// a fixed level.
func compress(raw []byte) ([]byte, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer enc.Close()
	return enc.EncodeAll(raw, nil), nil
}
