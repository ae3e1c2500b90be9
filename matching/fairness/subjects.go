package fairness

import (
	"math"

	"maillage/accounts"
	"maillage/matching/engine/fairness"
	"maillage/matching/placement"
	"maillage/nomenclatures"
	"maillage/people"
)

// subjects are the people in scope, then the proposals of the period.
func (a *auditor) subjects() []fairness.Subject {
	proposed := map[people.ID]bool{}
	for _, p := range a.past {
		proposed[p.PersonID] = true
	}
	near := newPlaces(a)
	out := make([]fairness.Subject, 0, len(a.folk)+len(a.past))
	for _, x := range a.folk {
		band := near.band(x)
		out = append(out, fairness.Subject{Who: int(x.id), Groups: a.groups(x, band), Stratum: fairness.Stratum(domainOf(x.wishes), band),
			Counted: map[fairness.Metric]bool{fairness.First: true, fairness.Proposed: true},
			Yes:     map[fairness.Metric]bool{fairness.First: a.exposed.First[x.id], fairness.Proposed: proposed[x.id]}})
	}
	for _, p := range a.past {
		out = append(out, a.proposal(p))
	}
	return out
}

// groups are where a person stands in each dimension, as of now.
func (a *auditor) groups(x soul, distance string) map[fairness.Dimension]string {
	t := a.traits[x.id]
	out := map[fairness.Dimension]string{fairness.BySex: string(t.Sex), fairness.ByQPV: string(t.QPV), fairness.ByAge: fairness.AgeBand(t.BirthYear, a.now),
		fairness.ByDistance: distance, fairness.ByWaiting: fairness.WaitingBand(x.entered, a.now)}
	for d, group := range out {
		if group == "" {
			out[d] = fairness.Unknown
		}
	}
	return out
}

// proposal is what became of one. What the structure withdrew before any answer
// is in no rate; what is not due yet is not late. What an officer could have answered
// alone, or left unanswered, counts for a structure's own counsellors only.
func (a *auditor) proposal(p placement.Past) fairness.Subject {
	x := a.others[p.PersonID]
	band := fairness.DistanceBand(a.apart(x, p.Posting))
	groups := a.groups(x, band)
	groups[fairness.ByWaiting] = fairness.WaitingBand(x.entered, p.CreatedAt)
	answered, counts := !p.Answered.IsZero(), !p.Alone || a.scope == accounts.OwnOrganisation
	came := counts && (answered || p.State != placement.Withdrawn && a.now.After(p.DueAt))
	ended := counts && (p.State == placement.Hired || p.State == placement.NotRetained)
	out := fairness.Subject{Who: int(x.id), Groups: groups, Stratum: fairness.Stratum(domainOf(p.Posting.Occupations), band),
		Counted: map[fairness.Metric]bool{fairness.Answered: came, fairness.Met: came, fairness.Hired: ended, fairness.Refused: ended},
		Yes:     map[fairness.Metric]bool{fairness.Answered: answered, fairness.Met: p.WasMet, fairness.Hired: p.State == placement.Hired, fairness.Refused: p.State == placement.NotRetained}}
	if came && answered {
		out.Hours = p.Answered.Sub(p.CreatedAt).Hours()
	}
	return out
}

// apart is the distance between a home and the nearest commune of a position.
func (a *auditor) apart(x soul, at placement.Posting) (km float64, known bool) {
	if x.home < 0 {
		return 0, false
	}
	km = math.Inf(1)
	for _, ord := range at.Communes {
		if d, ok := a.s.cfg.Atlas.Distance(x.home, int(ord)); ok && d < km {
			km, known = d, true
		}
	}
	return km, known
}

func domainOf(all []nomenclatures.ROME) string {
	if len(all) == 0 {
		return "none"
	}
	return all[0].MajorDomain()
}

// places finds, for a person, the nearest open position in an occupation of
// theirs: the distance that may explain who is first or proposed.
type places struct {
	a    *auditor
	by   map[nomenclatures.ROME][]int // communes
	seen map[nearby]float64
}

// nearby is an occupation at a commune.
type nearby struct {
	home int
	what nomenclatures.ROME
}

func newPlaces(a *auditor) *places {
	out, known := &places{a: a, by: map[nomenclatures.ROME][]int{}, seen: map[nearby]float64{}}, map[nearby]bool{}
	for _, p := range a.exposed.Open {
		for _, o := range p.Occupations {
			for _, ord := range p.Communes {
				if key := (nearby{int(ord), o}); !known[key] {
					known[key] = true
					out.by[o] = append(out.by[o], int(ord))
				}
			}
		}
	}
	return out
}

// band is the band of that distance; unknown where there is no such position.
func (p *places) band(x soul) string {
	least := math.Inf(1)
	for _, o := range x.wishes {
		if x.home >= 0 {
			least = min(least, p.least(nearby{x.home, o}))
		}
	}
	return fairness.DistanceBand(least, !math.IsInf(least, 1))
}

func (p *places) least(key nearby) float64 {
	km, known := p.seen[key]
	if known {
		return km
	}
	km = math.Inf(1)
	for _, ord := range p.by[key.what] {
		if d, ok := p.a.s.cfg.Atlas.Distance(key.home, ord); ok {
			km = min(km, d)
		}
	}
	p.seen[key] = km
	return km
}
