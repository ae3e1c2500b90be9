package record

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"maillage/indicators/disclosure/anonymity"
)

// What a file must reach: five records share the keys of each, missing values
// counted against, and hold two values of each sensitive variable.
const (
	LeastShared  = 5
	LeastDiverse = 2
)

// leastGroups is how many economic groups of a kind must send records for their
// département, or their région, to be told: that of the published tables.
const leastGroups = 3

// ErrUnsafe is a file that does not hold what it must: it is never kept.
var ErrUnsafe = errors.New("records that could be told apart")

// Protected is the file of a year as everybody reads it.
type Protected struct {
	Kind    Kind
	Year    int
	Columns []string // names of variables, keys first
	Keys    int      // how many of them are keys
	Rows    [][]string
	Done    Done
}

// Done is what was done for a file to be safe. Before and After are the risks.
type Done struct {
	Collected   int            `json:"collected"`   // records that enterprises sent
	Records     int            `json:"records"`     // that the file holds
	Withheld    int            `json:"withheld"`    // that could not be made safe
	SetAside    int            `json:"set_aside"`   // earlier exits of who left twice
	Moved       int            `json:"moved"`       // told by a wider place: too few groups
	Levels      map[string]int `json:"levels"`      // how many steps coarser each key is; 0: as it came
	Suppressed  map[string]int `json:"suppressed"`  // values taken away, by key
	Untold      []string       `json:"untold"`      // sensitive variables that tell nothing, or too much: one value for all
	Enterprises int            `json:"enterprises"` // that were in the year
	Answered    int            `json:"answered"`    // of them, that sent such records
	Before      anonymity.Risk `json:"before"`
	After       anonymity.Risk `json:"after"`
}

// Protect makes the file of a year. Levels are those of an earlier vintage, kept as
// they are; nil chooses. The order of the sources changes nothing; the seed is the
// order of the records, and must be known to nobody.
func Protect(k Kind, year int, sources []Source, levels map[string]int, seed [32]byte) (*Protected, error) {
	rows, aside := k.rows(sources)
	out := &Protected{Kind: k, Year: year, Done: Done{Collected: len(rows), SetAside: aside, Enterprises: len(sources)}}
	for _, s := range sources {
		if k.sent(s.Counts) {
			out.Done.Answered++
		}
	}
	out.Done.Moved = locate(rows)
	vars := k.Variables()
	told := out.columns(vars, rows)
	if len(told) == 0 { // every record would tell what all share
		out.Done.Withheld = len(rows)
		return out, nil
	}
	slices.SortFunc(rows, row.compare)
	if err := out.protect(vars, rows, told, levels); err != nil {
		return nil, fmt.Errorf("protect %s of %d: %w", k, year, err)
	}
	shuffle := rand.New(rand.NewChaCha8(seed))
	shuffle.Shuffle(len(out.Rows), func(i, j int) { out.Rows[i], out.Rows[j] = out.Rows[j], out.Rows[i] })
	return out, out.Check()
}

// columns sets the columns, and tells which sensitive ones stay. One that has a
// single value for everybody would tell it of each.
func (p *Protected) columns(vars []Variable, rows []row) (told []int) {
	p.Keys = 0
	secret := 0
	for _, v := range vars {
		if !v.Sensitive {
			p.Columns, p.Keys = append(p.Columns, v.Name), p.Keys+1
			continue
		}
		seen := map[string]bool{}
		for _, r := range rows {
			if s := r.secrets[secret]; s != NotCollected {
				seen[s] = true
			}
		}
		if len(seen) >= LeastDiverse {
			p.Columns, told = append(p.Columns, v.Name), append(told, secret)
		} else {
			p.Done.Untold = append(p.Done.Untold, v.Name)
		}
		secret++
	}
	return told
}

func (p *Protected) protect(vars []Variable, rows []row, told []int, levels map[string]int) error {
	keys := make([]anonymity.Key, p.Keys)
	for i := range keys {
		keys[i] = anonymity.Key{Name: vars[i].Name, Cost: vars[i].cost, Levels: steps(vars[i], rows, i)}
	}
	records := p.records(keys, rows, told, levels)
	done, err := anonymity.Protect(keys, records, anonymity.Rule{K: LeastShared, L: LeastDiverse})
	if err != nil {
		return err
	}
	p.report(keys, done, levels)
	for n, r := range done.Records {
		line := make([]string, 0, len(p.Columns))
		for _, v := range r.Keys {
			line = append(line, shown(v))
		}
		for _, s := range told {
			line = append(line, rows[done.Origin[n]].secrets[s])
		}
		p.Rows = append(p.Rows, line)
	}
	return nil
}

// records are rows as package anonymity reads them: a value that nobody collected
// is a key of its own, and no sensitive value. Levels that are given are applied,
// and no key goes further.
func (p *Protected) records(keys []anonymity.Key, rows []row, told []int, levels map[string]int) []anonymity.Record {
	out := make([]anonymity.Record, len(rows))
	for i, r := range rows {
		out[i] = anonymity.Record{Keys: slices.Clone(r.keys)}
		for k, key := range keys {
			if n := levels[key.Name]; n > 0 && n <= len(key.Levels) {
				out[i].Keys[k] = key.Levels[n-1][r.keys[k]]
			}
		}
		for _, s := range told {
			v := r.secrets[s]
			if v == NotCollected {
				v = ""
			}
			out[i].Sensitive = append(out[i].Sensitive, v)
		}
	}
	if levels != nil {
		for k := range keys {
			keys[k].Levels = nil
		}
	}
	return out
}

// report says what was done.
func (p *Protected) report(keys []anonymity.Key, done *anonymity.Result, kept map[string]int) {
	p.Done.Records, p.Done.Withheld, p.Done.Before, p.Done.After = len(done.Records), len(done.Withheld), done.Before, done.After
	p.Done.Levels, p.Done.Suppressed = map[string]int{}, map[string]int{}
	for k, key := range keys {
		p.Done.Levels[key.Name] = max(done.Levels[k], kept[key.Name])
		p.Done.Suppressed[key.Name] = 0
	}
	withheld := map[int]bool{}
	for _, i := range done.Withheld {
		withheld[i] = true
	}
	for _, s := range done.Suppressed {
		if !withheld[s.Record] {
			p.Done.Suppressed[keys[s.Key].Name]++
		}
	}
}

// steps are the levels of a key; those of a place are made from the places there are.
func steps(v Variable, rows []row, key int) []map[string]string {
	if v.Name != "place" {
		return v.levels
	}
	wider, widest := map[string]string{}, map[string]string{}
	for _, r := range rows {
		here := r.keys[key]
		wider[here], widest[here] = here, "fr"
		if strings.HasPrefix(here, "dep-") {
			wider[here] = "reg-" + r.region
		}
	}
	return []map[string]string{wider, widest}
}

func shown(v string) string {
	if v == "" {
		return Suppressed
	}
	return v
}

// area is a place and a kind there.
type area struct{ code, kind string }

// groupsIn are the economic groups of each area.
func groupsIn(rows []row) map[area]map[string]bool {
	groups := map[area]map[string]bool{}
	for _, r := range rows {
		for _, code := range []string{"dep-" + r.departement, "reg-" + r.region} {
			at := area{code, r.keys[1]}
			if groups[at] == nil {
				groups[at] = map[string]bool{}
			}
			groups[at][r.contributor] = true
		}
	}
	return groups
}

// locate says the place of each row as finely as it may be told, and how many are wider.
func locate(rows []row) (moved int) {
	groups := groupsIn(rows)
	for i := range rows {
		r := &rows[i]
		enough := func(code string) bool { return len(groups[area{code, r.keys[1]}]) >= leastGroups }
		switch {
		case r.departement != "" && r.region != "" && enough("dep-"+r.departement):
			r.keys[0] = "dep-" + r.departement
		case r.region != "" && enough("reg-"+r.region):
			r.keys[0], moved = "reg-"+r.region, moved+1
		default:
			r.keys[0], moved = "fr", moved+1
		}
	}
	return moved
}
