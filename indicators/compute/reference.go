package compute

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

//go:embed references.csv
var referencesCSV string

// Basis says which hours make an FTE.
type Basis string

// The bases.
const (
	OnWorked Basis = "worked"
	OnPaid   Basis = "paid"
)

// Reference is how many hours make one FTE of a kind in a year, and who says so.
type Reference struct {
	Kind     Kind // "*": the kinds that no other row names
	From     int
	Until    int // last year; 0: still
	Hours    int64
	Basis    Basis
	Verified bool // the source was read by who wrote the row
	Source   string
}

// References answers for every kind and year. The later row of a kind wins.
type References []Reference

// DefaultReferences are those that come with the program.
func DefaultReferences() (References, error) { return ReadReferences(referencesCSV) }

// ReadReferences reads rows of kind, from, until, hours, basis, verified, source.
func ReadReferences(text string) (References, error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the reference hours: %w", err)
	}
	var out References
	for i, row := range rows[1:] {
		r, err := readReference(row)
		if err != nil {
			return nil, fmt.Errorf("read the reference hours, row %d: %w", i+2, err)
		}
		out = append(out, r)
	}
	return out, nil
}

func readReference(row []string) (Reference, error) {
	if len(row) != 7 {
		return Reference{}, fmt.Errorf("%d cells, want 7", len(row))
	}
	r := Reference{Kind: Kind(row[0]), Basis: Basis(row[4]), Verified: row[5] == "true", Source: row[6]}
	for _, n := range []struct {
		text string
		to   func(int)
	}{{row[1], func(v int) { r.From = v }}, {row[2], func(v int) { r.Until = v }}, {row[3], func(v int) { r.Hours = int64(v) }}} {
		if n.text == "" {
			continue
		}
		v, err := strconv.Atoi(n.text)
		if err != nil {
			return r, err
		}
		n.to(v)
	}
	if r.Hours <= 0 || r.From == 0 || r.Basis != OnWorked && r.Basis != OnPaid {
		return r, fmt.Errorf("hours, first year or basis are missing")
	}
	return r, nil
}

// Of is the reference of a kind in a year; false where no row answers.
func (rs References) Of(k Kind, year int) (Reference, bool) {
	for _, kind := range []Kind{k, "*"} {
		for _, r := range slices.Backward(rs) {
			if r.Kind == kind && r.From <= year && (r.Until == 0 || year <= r.Until) {
				return r, true
			}
		}
	}
	return Reference{}, false
}

// mostParts bounds the fractions of an hour, so that a federation's FTE are
// counted exactly in 63 bits: a hundred thousand FTE and more.
const mostParts = 20_000_000_000_000

// Parts is in how many parts one FTE of a year is cut so that an hour of any kind
// of insertion, whose FTE are counted from hours, is a whole number of them, times
// one hundred: sums of FTE over kinds are exact, and rounded once.
func (rs References) Parts(year int) (int64, error) {
	parts := big.NewInt(1)
	for _, k := range InsertionKinds() {
		r, ok := rs.Of(k, year)
		if !ok {
			return 0, fmt.Errorf("no reference hours for %s in %d", k, year)
		}
		h := big.NewInt(r.Hours)
		parts.Mul(parts, new(big.Int).Div(h, new(big.Int).GCD(nil, nil, parts, h)))
	}
	parts.Mul(parts, big.NewInt(100))
	if !parts.IsInt64() || parts.Int64() > mostParts {
		return 0, fmt.Errorf("the reference hours of %d have no common fraction that is small enough", year)
	}
	return parts.Int64(), nil
}

// Scale is by what an amount of a measure is divided to be in its unit: persons,
// hours, euros, FTE. parts is what Parts gives for the year.
func (m Measure) Scale(parts int64) int64 {
	t, _ := traitsOf(m)
	switch t.unit {
	case whole:
		return 1
	case hundredths:
		return 100
	}
	return parts
}
