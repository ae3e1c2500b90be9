package cog

import (
	"fmt"
	"io/fs"
	"iter"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// The columns of each table, written as its first line; a table with another
// first line is refused, so that a reader never takes one column for another.
const (
	communesHead        = "code\tname\tdepartement\tepci\tept\tpopulation\tpostal\tsiren\tlon_e5\tlat_e5\thectares\tpoint"
	arrondissementsHead = "code\tname\tcommune\tpopulation\tpostal\tlon_e5\tlat_e5"
	groupsHead          = "code\tname\ttype"
	departementsHead    = "code\tname\tregion\tprefecture\tzone\tnuts2021\tnuts2013\ttime_zone\tboamp"
	regionsHead         = "code\tname\tprefecture\tzone"
	unionsHead          = "code\tname\tdepartements\tregions\tregion2016"
	movementsHead       = "date\tkind\tfrom_type\tfrom\tfrom_name\tto_type\tto\tto_name"
	vintageHead         = "key\tvalue"
)

// zstdReader is shared: DecodeAll may be called from several goroutines.
var zstdReader = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
})

// table yields the rows of a file after checking its header. Names ending in
// .zst are decompressed. Fields share the memory of the whole text.
func table(fsys fs.FS, name, head string) (iter.Seq[[]string], error) {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("read table: %w", err)
	}
	if strings.HasSuffix(name, ".zst") {
		dec, err := zstdReader()
		if err != nil {
			return nil, fmt.Errorf("open decompressor: %w", err)
		}
		if raw, err = dec.DecodeAll(raw, nil); err != nil {
			return nil, fmt.Errorf("decompress %s: %w", name, err)
		}
	}
	first, body, _ := strings.Cut(string(raw), "\n")
	if first != head {
		return nil, fmt.Errorf("table %s: header %q, want %q", name, first, head)
	}
	width := strings.Count(head, "\t") + 1
	if err := checkWidth(name, body, width); err != nil {
		return nil, err
	}
	return rows(body, width), nil
}

// checkWidth refuses a ragged table before anything is built from it.
func checkWidth(name, body string, width int) error {
	if body != "" && !strings.HasSuffix(body, "\n") {
		return fmt.Errorf("table %s: truncated, its last line has no end", name)
	}
	for n, rest := 1, body; rest != ""; n++ {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		if got := strings.Count(line, "\t") + 1; got != width {
			return fmt.Errorf("table %s: %d columns on row %d, want %d", name, got, n, width)
		}
	}
	return nil
}

// rows yields each line cut at its tabs, in a slice that is reused.
func rows(body string, width int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		fields := make([]string, 0, width)
		for body != "" {
			var line string
			line, body, _ = strings.Cut(body, "\n")
			fields = fields[:0]
			for {
				i := strings.IndexByte(line, '\t')
				if i < 0 {
					break
				}
				fields = append(fields, line[:i])
				line = line[i+1:]
			}
			fields = append(fields, line)
			if !yield(fields) {
				return
			}
		}
	}
}

// parser turns fields into numbers and remembers the first failure.
type parser struct {
	table string
	err   error
}

func (p *parser) int(field, code string) int {
	n, err := strconv.Atoi(field)
	if err != nil && p.err == nil {
		p.err = fmt.Errorf("table %s, row %s: %w", p.table, code, err)
	}
	return n
}

// optional is int with a value for an empty field.
func (p *parser) optional(field, code string, absent int) int {
	if field == "" {
		return absent
	}
	return p.int(field, code)
}

func list(field string) []string {
	if field == "" {
		return nil
	}
	return strings.Split(field, " ")
}

// Read decodes every table but the movements. The facts are those of the
// generator's output; a table that is absent, truncated or of another shape
// is an error.
func Read(fsys fs.FS) (*Facts, error) {
	f := &Facts{}
	steps := []func(fs.FS, *Facts) error{
		readVintage, readCommunes, readArrondissements, readGroups,
		readDepartements, readRegions, readUnions,
	}
	for _, step := range steps {
		if err := step(fsys, f); err != nil {
			return nil, fmt.Errorf("read geographic facts: %w", err)
		}
	}
	return f, nil
}

func readVintage(fsys fs.FS, f *Facts) error {
	seq, err := table(fsys, "vintage.tsv", vintageHead)
	if err != nil {
		return err
	}
	for r := range seq {
		switch r[0] {
		case "communes":
			f.Vintage = r[1]
		case "membership":
			f.Membership = r[1]
		}
	}
	if f.Vintage == "" || f.Membership == "" {
		return fmt.Errorf("table vintage.tsv names no date for the communes or the memberships")
	}
	return nil
}

func readCommunes(fsys fs.FS, f *Facts) error {
	seq, err := table(fsys, "communes.tsv.zst", communesHead)
	if err != nil {
		return err
	}
	p := parser{table: "communes"}
	f.Communes = make([]Commune, 0, 35_000)
	postal := make([]string, 0, 42_000)
	for r := range seq {
		c := Commune{Code: r[0], Name: r[1], Departement: r[2], EPCI: r[3], EPT: r[4], SIREN: r[7]}
		c.Population = p.optional(r[5], r[0], -1)
		from := len(postal)
		for field := r[6]; field != ""; {
			var code string
			code, field, _ = strings.Cut(field, " ")
			postal = append(postal, code)
		}
		c.Postal = postal[from:len(postal):len(postal)]
		c.Km2 = float64(p.optional(r[10], r[0], 0)) / 100
		if c.HasPoint = r[8] != ""; c.HasPoint {
			c.Lon, c.Lat = float64(p.int(r[8], r[0]))/1e5, float64(p.int(r[9], r[0]))/1e5
			c.Inside = r[11] == "p"
		}
		f.Communes = append(f.Communes, c)
	}
	return p.err
}

func readArrondissements(fsys fs.FS, f *Facts) error {
	seq, err := table(fsys, "arrondissements.tsv", arrondissementsHead)
	if err != nil {
		return err
	}
	p := parser{table: "arrondissements"}
	for r := range seq {
		f.Arrondissements = append(f.Arrondissements, Arrondissement{
			Code: r[0], Name: r[1], Commune: r[2], Population: p.int(r[3], r[0]), Postal: list(r[4]),
			Lon: float64(p.int(r[5], r[0])) / 1e5, Lat: float64(p.int(r[6], r[0])) / 1e5,
		})
	}
	return p.err
}

func readGroups(fsys fs.FS, f *Facts) error {
	for name, into := range map[string]*[]Group{"epci.tsv": &f.EPCI, "ept.tsv": &f.EPT} {
		seq, err := table(fsys, name, groupsHead)
		if err != nil {
			return err
		}
		for r := range seq {
			*into = append(*into, Group{Code: r[0], Name: r[1], Type: r[2]})
		}
	}
	return nil
}

func readDepartements(fsys fs.FS, f *Facts) error {
	seq, err := table(fsys, "departements.tsv", departementsHead)
	if err != nil {
		return err
	}
	for r := range seq {
		f.Departements = append(f.Departements, Departement{
			Code: r[0], Name: r[1], Region: r[2], Prefecture: r[3], Zone: r[4],
			NUTS2021: r[5], NUTS2013: r[6], TimeZone: r[7], BOAMP: r[8],
		})
	}
	return nil
}

func readRegions(fsys fs.FS, f *Facts) error {
	seq, err := table(fsys, "regions.tsv", regionsHead)
	if err != nil {
		return err
	}
	for r := range seq {
		f.Regions = append(f.Regions, Region{Code: r[0], Name: r[1], Prefecture: r[2], Zone: r[3]})
	}
	return nil
}

func readUnions(fsys fs.FS, f *Facts) error {
	for name, into := range map[string]*[]Union{"regions2015.tsv": &f.Regions2015, "federation2012.tsv": &f.Federation2012} {
		seq, err := table(fsys, name, unionsHead)
		if err != nil {
			return err
		}
		for r := range seq {
			*into = append(*into, Union{Code: r[0], Name: r[1], Departements: list(r[2]), Regions: list(r[3]), Region2016: r[4]})
		}
	}
	return nil
}

// ReadMovements decodes the history, oldest first; the rows of one date keep
// the order of their codes. It is apart from Read because only dated
// questions need it.
func ReadMovements(fsys fs.FS) ([]Movement, error) {
	seq, err := table(fsys, "movements.tsv.zst", movementsHead)
	if err != nil {
		return nil, fmt.Errorf("read movements: %w", err)
	}
	p := parser{table: "movements"}
	out := make([]Movement, 0, 14_000)
	for r := range seq {
		out = append(out, Movement{
			Kind: p.int(r[1], r[3]), Date: r[0],
			FromType: r[2], From: r[3], FromN: r[4],
			ToType: r[5], To: r[6], ToN: r[7],
		})
	}
	return out, p.err
}
