package publication_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"maillage/indicators/microdata"
	"maillage/indicators/publication"
)

// change is whose hours were added to, after a first version.
type change struct{ kind, region, enterprise, person string }

// invented loads the hours of three kinds in four regions, and gives ten hours that were
// not said before, most of them of new persons.
func (h *house) invented(seed uint64) (later []string, changes []change) {
	chance := rand.New(rand.NewPCG(seed, 77))
	enterprises, hours := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;mois;heures_payees;heures_travaillees"}
	worked := func(list []string, enterprise, person string, first, months int) []string {
		each := 20 + chance.IntN(130)
		for m := range months {
			list = append(list, fmt.Sprintf("%s;%s;2025-%02d;%d;%d", enterprise, person, first+m, each, each))
		}
		return list
	}
	var all []change
	for _, kind := range []string{"ACI", "AI", "EI"} {
		for r, town := range []string{"26362", "31555", "59350", "35238"} {
			for e := range 5 + chance.IntN(2) {
				id := fmt.Sprintf("%s%d%d", kind, r, e)
				enterprises = append(enterprises, fmt.Sprintf("%s;2025;%s;%s;", id, kind, town))
				all = append(all, change{kind, []string{"R84", "R76", "R32", "R53"}[r], id, ""})
				for j := range 12 + chance.IntN(25) {
					hours = worked(hours, id, fmt.Sprintf("S%d", j), 1, 7+chance.IntN(4))
				}
			}
		}
	}
	h.load(microdata.Enterprises, enterprises, 1)
	h.load(microdata.Hours, hours, 1)
	later = hours[:1:1]
	for i := range 10 {
		c := all[chance.IntN(len(all))]
		c.person = []string{"N", "N", "S"}[i%3] + fmt.Sprint(i) // a new one, or one who had hours
		later = worked(later, c.enterprise, c.person, 12, 1)
		changes = append(changes, c)
	}
	return later, changes
}

// Who reads two versions of hours takes the one from the other: what is left is of five
// persons and three groups at least, wherever both are published.
func TestNoTwoVersionsTellTheHoursOfAFew(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{2, 4, 6} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			sqlite(t, func(h *house) { h.differsByMany(seed) })
		})
	}
}

func (h *house) differsByMany(seed uint64) {
	later, changes := h.invented(seed)
	plan := publication.Plan{Indicators: []publication.Chosen{{ID: "R1.1", Version: 1}}, Level: publication.Region, Kinds: true, Years: []int{2025}}
	for _, list := range [][]string{nil, later} {
		if list != nil {
			h.load(microdata.Hours, list, 1)
		}
		_, err := h.count.Refresh(system())
		must(h.t, err)
		r := h.publish(plan)
		h.t.Log(r.State, r.Reason)
	}
	for _, measure := range []string{"hours.paid", "workers"} {
		var versions []map[string]int64
		for _, v := range h.shown(measure) {
			versions = append(versions, v)
		}
		if len(versions) < 2 {
			continue
		}
		h.t.Log(measure, len(versions[0]), len(versions[1]))
		for k, n := range versions[0] {
			other, both := versions[1][k]
			persons, groups := 0, map[string]bool{}
			for _, c := range changes {
				for _, place := range []string{"FR", c.region} {
					for _, kind := range []string{"all", c.kind} {
						if k == place+" "+kind && (measure != "workers" || c.person[0] == 'N') {
							persons++
							groups[c.enterprise] = true
						}
					}
				}
			}
			if both && n != other && (persons < 5 || len(groups) < 3) {
				h.t.Errorf("%s of %s is %d and %d: %d persons of %d groups made the difference", measure, k, n, other, persons, len(groups))
			}
		}
	}
}
