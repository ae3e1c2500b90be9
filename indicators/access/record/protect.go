package record

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"maillage/indicators/disclosure/anonymity"
)

// What the file of a year must reach: five records share the keys of each, missing
// values counted against, and hold two values of each sensitive variable.
const (
	LeastShared  = 5
	LeastDiverse = 2
)

// ErrUnsafe is a file that does not hold what it must: it is never kept.
var ErrUnsafe = errors.New("records that could be told apart")

// Protected is the file of a year, of which everybody reads a view.
type Protected struct {
	Year    int
	Columns []string // names of variables, keys first
	Keys    int      // how many of them are keys
	Rows    [][]string
	In      []uint // the files that hold each row, as bits
	Done    map[Kind]Done
	Kept    Kept
}

// Kept is what the next vintage is made with, and nobody is ever given.
type Kept struct {
	Levels map[string]int    `json:"levels"` // of each key
	Places map[string]string `json:"places"` // told of each seat
	From   []string          `json:"from"`   // who sent each row, in their order
}

// Done is what was done for a file to be safe. Before and After are the risks, of
// all the files of the year together.
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

// Protect makes the file of a year. What was kept of its first vintage stays as it
// is; nil chooses. The order of the sources changes nothing; the seed is the order of
// the records, and must be known to nobody.
func Protect(year int, sources []Source, first *Kept, seed [32]byte) (*Protected, error) {
	all, aside := people(sources)
	slices.SortFunc(all, row.compare)
	out := &Protected{Year: year, Keys: len(keys()), Done: map[Kind]Done{}}
	out.begin(sources, all, aside)
	if first != nil {
		out.Kept.Levels, out.Kept.Places = first.Levels, first.Places
	} else {
		out.Kept.Places = places(all)
	}
	rows, told := out.columns(located(all, out.Kept.Places))
	if err := out.protect(rows, told); err != nil {
		return nil, fmt.Errorf("protect the records of %d: %w", year, err)
	}
	out.shuffle(rand.New(rand.NewChaCha8(seed)))
	return out, out.Check()
}

// columns sets the columns, and gives the sensitive ones that stay. One that has a
// single value for everybody would tell it of each. A file of which none stays holds nothing.
func (p *Protected) columns(rows []row) (kept []row, told []int) {
	for _, v := range keys() {
		p.Columns = append(p.Columns, v.Name)
	}
	var files uint
	for s, v := range secrets() {
		in, seen := inExits, map[string]bool{}
		if s == thePlacement {
			in = inWorkers
		}
		for _, r := range rows {
			if r.in&in != 0 && r.secrets[s] != NotCollected {
				seen[r.secrets[s]] = true
			}
		}
		if len(seen) >= LeastDiverse {
			p.Columns, told, files = append(p.Columns, v.Name), append(told, s), files|in
		}
	}
	if slices.Contains(told, theMotive) {
		files |= inWorkers
	}
	for _, r := range rows {
		if r.in &= files; r.in != 0 {
			kept = append(kept, r)
		}
	}
	return kept, told
}

func (p *Protected) protect(rows []row, told []int) error {
	vars := keys()
	keys := make([]anonymity.Key, p.Keys)
	for i := range keys {
		keys[i] = anonymity.Key{Name: vars[i].Name, Cost: vars[i].cost, Levels: steps(vars[i], rows, i)}
	}
	records := p.records(keys, rows, told)
	done, err := anonymity.Protect(keys, records, anonymity.Rule{K: LeastShared, L: LeastDiverse, Readers: of(told), Senders: leastGroups, TopShare: topShare})
	if err != nil {
		return err
	}
	for n, r := range done.Records {
		from := rows[done.Origin[n]]
		line := make([]string, 0, len(p.Columns))
		for _, v := range r.Keys {
			line = append(line, shown(v))
		}
		for _, s := range told {
			line = append(line, from.toldIn(s))
		}
		p.Rows, p.In, p.Kept.From = append(p.Rows, line), append(p.In, from.in), append(p.Kept.From, from.contributor)
	}
	p.report(keys, rows, done)
	return nil
}

// toldIn is a sensitive value, or that no file that holds the record has the variable.
func (r row) toldIn(secret int) string {
	if secret == theDays && r.in&inExits == 0 || secret == thePlacement && r.in&inWorkers == 0 {
		return absent
	}
	return r.secrets[secret]
}

// records are rows as package anonymity reads them: a value that nobody collected
// is a key of its own, and no sensitive value. Levels that are kept are applied,
// and no key goes further.
func (p *Protected) records(keys []anonymity.Key, rows []row, told []int) []anonymity.Record {
	out := make([]anonymity.Record, len(rows))
	for i, r := range rows {
		out[i] = anonymity.Record{Keys: slices.Clone(r.keys), In: r.in, From: r.contributor}
		for k, key := range keys {
			if n := p.Kept.Levels[key.Name]; n > 0 && n <= len(key.Levels) {
				out[i].Keys[k] = key.Levels[n-1][r.keys[k]]
			}
		}
		for _, s := range told {
			v := r.secrets[s]
			if v == NotCollected || v == absent {
				v = ""
			}
			out[i].Sensitive = append(out[i].Sensitive, v)
		}
	}
	if p.Kept.Levels != nil {
		for k := range keys {
			keys[k].Levels = nil
		}
	}
	return out
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

// shuffle draws the order of the rows.
func (p *Protected) shuffle(random *rand.Rand) {
	random.Shuffle(len(p.Rows), func(i, j int) {
		p.Rows[i], p.Rows[j] = p.Rows[j], p.Rows[i]
		p.In[i], p.In[j] = p.In[j], p.In[i]
		p.Kept.From[i], p.Kept.From[j] = p.Kept.From[j], p.Kept.From[i]
	})
}
