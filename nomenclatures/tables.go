package nomenclatures

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed tables/cpv.tsv
var cpvTable string

//go:embed tables/rome.tsv
var romeTable string

//go:embed tables/appellations.tsv
var appellationTable string

//go:embed tables/descriptors.tsv
var descriptorTable string

//go:embed tables/naf.tsv
var nafTable string

//go:embed tables/headings.tsv
var headingTable string

type cpvRow struct {
	label, check string
	annex        bool
}

type nafRow struct {
	label  string
	silent string // why it says nothing of the trade; empty when it does
}

// appellation is one job title of an occupation; number is France Travail's.
type appellation struct {
	number string
	rome   ROME
	name   string
}

// tableSet holds the embedded tables, decoded. It never changes once made.
type tableSet struct {
	cpv          map[CPV]cpvRow
	cpvCodes     []CPV // sorted
	rome         map[ROME]string
	romeCodes    []ROME        // sorted
	appellations []appellation // sorted by occupation, then number
	descriptors  map[Descriptor]string
	headings     map[string][2]string // "cpv 45", "rome K" → French, English
	naf          map[NAF]nafRow
	nafCodes     []NAF // sorted
}

// tables decodes the embedded files once. A fault in them is a fault of the
// build, not of a caller: it panics, and the tests read every line.
var tables = sync.OnceValue(func() *tableSet {
	t, err := decodeTables()
	if err != nil {
		panic(err)
	}
	return t
})

func decodeTables() (*tableSet, error) {
	t := &tableSet{
		cpv:         make(map[CPV]cpvRow, 9500),
		rome:        make(map[ROME]string, 540),
		descriptors: make(map[Descriptor]string, 300),
		naf:         make(map[NAF]nafRow, 740),
		headings:    make(map[string][2]string, 60),
	}
	for _, read := range []func(*tableSet) error{readCPV, readROME, readAppellations, readDescriptors, readNAF, readHeadings} {
		if err := read(t); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func readCPV(t *tableSet) error {
	return eachRow("cpv", cpvTable, 4, func(f []string) error {
		c := CPV(f[0])
		t.cpv[c] = cpvRow{check: f[1], annex: f[2] == "1", label: f[3]}
		t.cpvCodes = append(t.cpvCodes, c)
		return nil
	})
}

func readROME(t *tableSet) error {
	return eachRow("rome", romeTable, 2, func(f []string) error {
		t.rome[ROME(f[0])] = f[1]
		t.romeCodes = append(t.romeCodes, ROME(f[0]))
		return nil
	})
}

func readAppellations(t *tableSet) error {
	t.appellations = make([]appellation, 0, 11100)
	return eachRow("appellations", appellationTable, 3, func(f []string) error {
		t.appellations = append(t.appellations, appellation{rome: ROME(f[0]), number: f[1], name: f[2]})
		return nil
	})
}

func readDescriptors(t *tableSet) error {
	return eachRow("descriptors", descriptorTable, 2, func(f []string) error {
		t.descriptors[Descriptor(f[0])] = f[1]
		return nil
	})
}

func readNAF(t *tableSet) error {
	return eachRow("naf", nafTable, 3, func(f []string) error {
		c, err := ParseNAF(f[0])
		if err != nil {
			return err
		}
		if _, twice := t.naf[c]; twice {
			return fmt.Errorf("%s is listed twice", f[0])
		}
		t.naf[c] = nafRow{label: f[1], silent: f[2]}
		t.nafCodes = append(t.nafCodes, c)
		return nil
	})
}

func readHeadings(t *tableSet) error {
	return eachRow("headings", headingTable, 4, func(f []string) error {
		fr := f[2]
		if f[0] == string(SchemeCPV) {
			fr = t.cpv[CPV(f[1]+"000000")].label
		}
		t.headings[f[0]+" "+f[1]] = [2]string{fr, f[3]}
		return nil
	})
}

// heading is a broad heading in "fr" or "en".
func (t *tableSet) heading(key, lang string) string {
	if lang == "en" {
		return t.headings[key][1]
	}
	return t.headings[key][0]
}

// eachRow calls read with the fields of each line; lines that begin with # are
// comments. The slice is reused between calls.
func eachRow(table, text string, fields int, read func([]string) error) error {
	row := make([]string, fields)
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		rest, ok := line, true
		for i := range row {
			if !ok {
				return fmt.Errorf("table %s line %d: %d fields are expected", table, number, fields)
			}
			row[i], rest, ok = strings.Cut(rest, "\t")
		}
		if err := read(row); err != nil {
			return fmt.Errorf("table %s line %d: %w", table, number, err)
		}
	}
	return nil
}

// appellationsOf finds the run of one occupation in the sorted list.
func (t *tableSet) appellationsOf(c ROME) []string {
	i, _ := slices.BinarySearchFunc(t.appellations, c, func(a appellation, c ROME) int {
		return strings.Compare(string(a.rome), string(c))
	})
	var out []string
	for ; i < len(t.appellations) && t.appellations[i].rome == c; i++ {
		out = append(out, t.appellations[i].name)
	}
	return out
}

// tellingNAF are the codes that say something of the trade, sorted.
func (t *tableSet) tellingNAF() []NAF {
	out := make([]NAF, 0, len(t.nafCodes))
	for _, c := range t.nafCodes {
		if t.naf[c].silent == "" {
			out = append(out, c)
		}
	}
	return out
}
