package record_test

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"maillage/indicators/access/record"
	"maillage/indicators/compute"
)

// The attacker holds the two files of a year, as text, and knows of somebody what
// the keys say, and which files hold them. Nothing of the package tells them how
// the files were made: a value fits where the codebook says that it could be.
type attacker struct {
	exits, workers file
}

// file is what is read alike: by the five keys, the sensitive variables of each row by name.
type file map[[5]string][]map[string]string

// victim is what is true of somebody: the place's codes, then four keys.
type victim struct {
	places                 []string
	kind, sex, age, public string
	left, here             bool
}

func holding(t testing.TB, p *record.Protected) attacker {
	t.Helper()
	read := func(k record.Kind) file {
		all, err := csv.NewReader(strings.NewReader(content(t, p, k))).ReadAll()
		must(t, err)
		out := file{}
		for _, r := range all[1:] {
			m := map[string]string{}
			for c := 5; c < len(r); c++ {
				m[all[0][c]] = r[c]
			}
			out[[5]string(r[:5])] = append(out[[5]string(r[:5])], m)
		}
		return out
	}
	return attacker{exits: read(record.Exits), workers: read(record.Workers)}
}

// coarser are the codes that the codebook makes a value part of.
var coarser = map[string][]string{"ACI": {"production"}, "EI": {"production"}, "EITI": {"production"}, "AI": {"posting"}, "ETTI": {"posting"}, "26-49": {"26+"}, "50+": {"26+"}, "minima": {"distance"}, "jobless": {"distance"}}

func (v victim) couldBe(r [5]string) bool {
	if !slices.Contains(append(v.places, "fr", "suppressed"), r[0]) {
		return false
	}
	for i, truth := range []string{v.kind, v.sex, v.age, v.public} {
		if !slices.Contains(append([]string{truth, "any", "suppressed"}, coarser[truth]...), r[1+i]) {
			return false
		}
	}
	return true
}

// candidates are the rows that could be the victim's.
func (v victim) candidates(of file) (out []map[string]string) {
	for keys, rows := range of {
		if v.couldBe(keys) {
			out = append(out, rows...)
		}
	}
	return out
}

func only(rows []map[string]string, keep func(motive string) bool) (out []map[string]string) {
	for _, r := range rows {
		if keep(r["motive"]) {
			out = append(out, r)
		}
	}
	return out
}

// learned says what the attacker finds too much about, in candidates that are the victim's.
func learned(rows []map[string]string, variables ...string) string {
	if len(rows) > 0 && len(rows) < 5 {
		return fmt.Sprintf("%d candidates", len(rows))
	}
	for _, v := range variables {
		seen := map[string]bool{}
		for _, r := range rows {
			if r[v] != "ND" && r[v] != "" {
				seen[r[v]] = true
			}
		}
		if _, told := first(rows)[v]; told && len(seen) < 2 {
			return v + " is certain"
		}
	}
	return ""
}

func first(rows []map[string]string) map[string]string {
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

// finds is what the two files together tell of a victim, or nothing.
func (a attacker) finds(v victim) string {
	exits, workers := v.candidates(a.exits), v.candidates(a.workers)
	_, told := first(workers)["motive"]
	gone := func(m string) bool { return m != "still" && m != "ND" }
	stays := func(m string) bool { return !gone(m) }
	var found []string
	say := func(where, what string) {
		if what != "" {
			found = append(found, where+": "+what)
		}
	}
	if v.left {
		say("exits", learned(exits, "motive", "contract_days"))
	}
	if v.here {
		say("workers", learned(workers, "motive", "placements"))
	}
	if v.left && v.here && told {
		say("workers who left", learned(only(workers, gone), "motive", "placements"))
		say("both", learned(common(exits, only(workers, gone)), "motive"))
	}
	if v.here && !v.left && told {
		say("workers who stayed", learned(only(workers, stays), "placements"))
	}
	if v.left && !v.here && told {
		say("exits less workers", learned(less(exits, only(workers, gone)), "motive"))
	}
	return strings.Join(found, ", ")
}

// common are the candidates of a file whose motive the other one has too.
func common(a, b []map[string]string) (out []map[string]string) {
	for _, r := range a {
		if slices.ContainsFunc(b, func(o map[string]string) bool { return o["motive"] == r["motive"] }) {
			out = append(out, r)
		}
	}
	return out
}

// less takes from candidates one for each of others that has the same motive.
func less(a, b []map[string]string) (out []map[string]string) {
	left := map[string]int{}
	for _, r := range b {
		left[r["motive"]]++
	}
	for _, r := range a {
		if left[r["motive"]]--; left[r["motive"]] < 0 {
			out = append(out, r)
		}
	}
	return out
}

// victims are the people of a federation, as their neighbours know them.
func victims(sources []record.Source) (out []victim) {
	for _, s := range sources {
		e := s.Counts
		exits, here := e.Sections[compute.Exits] == compute.Collected, e.Sections[compute.Contracts] == compute.Collected
		for _, w := range e.Workers {
			v := victim{places: []string{"dep-" + s.Departement, "reg-" + s.Region}, kind: string(e.Kind), sex: w.Sex.String(), age: compute.AgeIn(e.Year, w.Born).String(), public: "other", left: exits && len(w.Exits) > 0, here: here}
			if v.sex == "unsaid" {
				v.sex = "ND"
			}
			for _, p := range w.Publics {
				switch p {
				case compute.RSA, compute.ASS:
					v.public = "minima"
				case compute.DETLD, compute.DELD:
					v.public = "jobless"
				}
			}
			if v.left || v.here {
				out = append(out, v)
			}
		}
	}
	return out
}

// draw invents a federation of any shape: sizes, places, what each sent.
func draw(seed uint64) []record.Source {
	random := rand.New(rand.NewPCG(seed, 11))
	sources := federation(20+random.IntN(60), 10+random.IntN(50), seed)
	for i := range sources {
		e := sources[i].Counts
		if i > 0 && random.IntN(6) == 0 {
			e.Group = sources[i-1].Counts.Group
		}
		if random.IntN(5) == 0 {
			e.Sections[compute.Contracts] = compute.ND
		}
		if random.IntN(4) == 0 {
			sources[i].Departement, sources[i].Region = "26", "84"
			e.Kind = compute.ACI
		}
		if random.IntN(3) == 0 { // a small one
			e.Workers = e.Workers[:1+random.IntN(len(e.Workers))]
		}
	}
	return sources
}

// Nobody is found, in random federations, by who holds both files of a year.
func TestTheTwoFilesOfAYearTogether(t *testing.T) {
	t.Parallel()
	people, records := 0, 0
	for seed := range uint64(6) {
		sources := draw(seed)
		p := made(t, sources)
		a := holding(t, p)
		tried := map[string]bool{}
		for _, v := range victims(sources) {
			people++
			if alike := fmt.Sprint(v); !tried[alike] {
				tried[alike] = true
				if found := a.finds(v); found != "" {
					t.Fatalf("federation %d, %+v: %s", seed, v, found)
				}
			}
		}
		records += len(p.Rows)
	}
	t.Logf("%d people, %d records", people, records)
	if records < people/2 {
		t.Errorf("%d records of %d people: too little is left to attack", records, people)
	}
}

// Behind every class that is told, whatever the columns that one looks at, and in
// either file, in both and in one less the other, are three economic groups.
func TestThreeGroupsAreBehindEveryClass(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		p := made(t, draw(seed))
		for mask := range 1 << 5 {
			behind := map[string]map[string]int{}
			for i, r := range p.Rows {
				for _, file := range [][]uint{{1, 3}, {2, 3}, {3}, {1}, {2}} {
					if !slices.Contains(file, p.In[i]) {
						continue
					}
					at := fmt.Sprint(file)
					for k := range 5 {
						if mask&(1<<k) != 0 {
							at += "|" + r[k]
						}
					}
					if behind[at] == nil {
						behind[at] = map[string]int{}
					}
					behind[at][p.Kept.From[i]]++
				}
			}
			for at, groups := range behind {
				n, most := 0, 0
				for _, c := range groups {
					n, most = n+c, max(most, c)
				}
				if len(groups) < 3 || most*100 > n*85 {
					t.Fatalf("federation %d: %s is of %d groups, the first has %d of %d", seed, at, len(groups), most, n)
				}
			}
		}
	}
}

// An enterprise that is the only one of its kind or of its place is not what is left
// under a wider code.
func TestAnEnterpriseAloneIsNotWhatIsLeft(t *testing.T) {
	t.Parallel()
	of := func(change func(alone *record.Source)) *record.Protected {
		sources := federation(40, 30, 3)
		for i := range sources {
			sources[i].Counts.Kind, sources[i].Departement, sources[i].Region = compute.ACI, "26", "84"
		}
		change(&sources[0])
		return made(t, sources)
	}
	for name, change := range map[string]func(s *record.Source){
		"alone in its département": func(s *record.Source) { s.Departement = "07" },
		"alone in its region":      func(s *record.Source) { s.Departement, s.Region = "2A", "94" },
		"alone of its kind":        func(s *record.Source) { s.Counts.Kind = compute.ETTI },
		"nobody knows where":       func(s *record.Source) { s.Departement, s.Region = "", "" },
	} {
		p := of(change)
		groups := map[string]map[string]bool{}
		for i, r := range p.Rows {
			if groups[r[0]+" "+r[1]] == nil {
				groups[r[0]+" "+r[1]] = map[string]bool{}
			}
			groups[r[0]+" "+r[1]][p.Kept.From[i]] = true
		}
		if len(p.Rows) < 500 {
			t.Errorf("%s: %d records are left", name, len(p.Rows))
		}
		for at, from := range groups {
			if len(from) < 3 {
				t.Errorf("%s: %s is of %d groups", name, at, len(from))
			}
		}
	}
}

// Whoever is known by a criterion of health is told apart from nobody of whom none was sent.
func TestHealthIsNotTold(t *testing.T) {
	t.Parallel()
	sources := federation(60, 25, 4)
	for i := range sources {
		for w := range sources[i].Counts.Workers {
			sources[i].Counts.Workers[w].Publics = [][]compute.Public{{compute.TH}, {compute.AAH}, nil, {compute.QPV}, {compute.RSA}}[w%5]
			sources[i].Counts.Workers[w].Known = compute.Publics()
		}
	}
	p, seen := made(t, sources), map[string]int{}
	for _, r := range p.Rows {
		seen[r[4]]++
	}
	if seen["ND"] > 0 || seen["minima"] == 0 || seen["other"] < 3*seen["minima"] {
		t.Errorf("%v", seen)
	}
	for i := range sources { // where nothing was sent of anybody, it was not collected
		for w := range sources[i].Counts.Workers {
			sources[i].Counts.Workers[w].Publics, sources[i].Counts.Workers[w].Known = nil, nil
		}
	}
	if p := made(t, sources); p.Rows[0][4] != "ND" {
		t.Errorf("%v", p.Rows[0])
	}
}
