package spec

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"maillage/internal/fault"
)

// maxFaults is how many faults of a file are told before reading stops.
const maxFaults = 20

// sheet is a CSV by its columns.
type sheet struct {
	name   string
	header []string
	rows   [][]string
	lines  []int
	faults []fault.Field
}

// readSheet cuts a CSV in UTF-8. The mark of UTF-8 that may be at its head is no part
// of the first column.
func readSheet(name string, content io.Reader, delimiter string) (*sheet, error) {
	r := csv.NewReader(unmarked(content))
	r.ReuseRecord = false
	if delimiter != "" {
		r.Comma = rune(delimiter[0])
	}
	s := &sheet{name: name}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return s, s.check()
		}
		if err != nil {
			return nil, s.broken(err)
		}
		line, _ := r.FieldPos(0)
		if i := slices.IndexFunc(row, func(field string) bool { return !utf8.ValidString(field) }); i >= 0 {
			line, column := r.FieldPos(i)
			return nil, fault.Invalid(fault.At(fmt.Sprintf("%s:%d:%d", name, line, column), "encoding", "ce texte n’est pas en UTF-8 : enregistrez le fichier en UTF-8", "this text is not UTF-8: save the file as UTF-8"))
		}
		if s.header == nil {
			s.header = row
			continue
		}
		s.rows, s.lines = append(s.rows, row), append(s.lines, line)
	}
}

const mark = "\ufeff"

func unmarked(content io.Reader) io.Reader {
	r := bufio.NewReader(content)
	if head, _ := r.Peek(len(mark)); string(head) == mark { // a file too short has no mark, and is read below
		_, _ = r.Discard(len(mark)) // they were just peeked at
	}
	return r
}

func (s *sheet) broken(err error) error {
	var at *csv.ParseError
	if !errors.As(err, &at) {
		return fmt.Errorf("read %s: %w", s.name, err)
	}
	where := fmt.Sprintf("%s:%d:%d", s.name, at.Line, at.Column)
	if errors.Is(at.Err, csv.ErrFieldCount) {
		return fault.Invalid(fault.At(where, "columns",
			fmt.Sprintf("la ligne n’a pas les %d colonnes de l’en-tête", len(s.header)), fmt.Sprintf("the line does not have the %d columns of the header", len(s.header))))
	}
	return fault.Invalid(fault.At(where, "csv", "ligne illisible : "+at.Err.Error(), "unreadable line: "+at.Err.Error()))
}

func (s *sheet) check() error {
	if s.header == nil {
		return fault.Invalid(fault.At(s.name+":1", "empty", "le fichier est vide : un en-tête est attendu", "the file is empty: a header is expected"))
	}
	for i, column := range s.header {
		if slices.Contains(s.header[:i], column) {
			return fault.Invalid(fault.At(fmt.Sprintf("%s:1:%d", s.name, i+1), "twice",
				"la colonne "+column+" est deux fois dans l’en-tête", "column "+column+" is twice in the header"))
		}
	}
	return nil
}

// column finds a column by name; -1 with a fault when it is not there, -1 alone for no name.
func (s *sheet) column(name string) int {
	if name == "" {
		return -1
	}
	at := slices.Index(s.header, name)
	if at < 0 {
		s.refuse(0, name, "column", "cette colonne n’est pas dans l’en-tête (%s)", "this column is not in the header (%s)", strings.Join(s.header, ", "))
	}
	return at
}

// refuse notes a fault at a row (from 0; the header when negative) and a column.
func (s *sheet) refuse(line int, column, code, fr, en string, args ...any) {
	if len(s.faults) >= maxFaults {
		return
	}
	where := fmt.Sprintf("%s:%d %s", s.name, max(line, 1), column)
	s.faults = append(s.faults, fault.At(where, code, fmt.Sprintf(fr, args...), fmt.Sprintf(en, args...)))
}

func (s *sheet) err() error {
	if len(s.faults) == 0 {
		return nil
	}
	return fault.Invalid(s.faults...)
}

// number reads a number of a row, NaN for an empty one.
func (s *sheet) number(row, column int, decimal string) float64 {
	if column < 0 {
		return math.NaN()
	}
	text := strings.TrimSpace(s.rows[row][column])
	if text == "" {
		return math.NaN()
	}
	plain := text
	if decimal == "," {
		plain = strings.NewReplacer(",", ".", "\u00a0", "", "\u202f", "", " ", "").Replace(text)
	}
	x, err := strconv.ParseFloat(plain, 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		s.refuse(s.lines[row], s.header[column], "number", "%q n’est pas un nombre", "%q is not a number", text)
		return math.NaN()
	}
	return x
}
