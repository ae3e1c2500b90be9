package campaign

import (
	"cmp"
	"slices"

	"maillage/indicators/compute"
)

// Standing is where a questionnaire is, as it is counted. Closing parts the
// questionnaires: those that were sent are kept with their answers, the others
// were answered by nobody.
type Standing string

// The standings, beside the states of who still may answer.
const (
	Kept       Standing = "kept"   // frozen with its answers in the observatory
	Unanswered Standing = "frozen" // frozen without
)

// Standings lists them in the order of a life.
func Standings() []Standing {
	return []Standing{Standing(NotStarted), Standing(InProgress), Standing(Returned), Standing(Submitted), Kept, Unanswered}
}

// Standing is that of one questionnaire.
func (q Questionnaire) Standing() Standing {
	if q.State == Frozen && q.Responded {
		return Kept
	}
	return Standing(q.State)
}

// Sent tells a questionnaire that was sent, frozen or not.
func (q Questionnaire) Sent() bool { return q.State == Submitted || q.Responded }

// RegionRate is how many of a region were asked and sent, among those whom who asks
// may see. Frame and Responded are of the whole region, as they were kept when the
// campaign closed; 0 of 0 before.
type RegionRate struct {
	Region    string // INSEE code; empty: not placed
	Sent      int
	Of        int
	Frame     int
	Responded int
}

// Regions are the rates of response by region, by code, those that are not placed last.
func (p *Progress) Regions() []RegionRate {
	at := map[string]*RegionRate{}
	for _, r := range p.Rows {
		if at[r.Region] == nil {
			at[r.Region] = &RegionRate{Region: r.Region}
		}
		at[r.Region].Of++
		if r.Sent() {
			at[r.Region].Sent++
		}
	}
	for _, k := range p.Coverage {
		if of := at[k.Region]; of != nil {
			of.Frame, of.Responded = of.Frame+k.Frame, of.Responded+k.Responded
		}
	}
	var out []RegionRate
	for _, of := range at {
		out = append(out, *of)
	}
	slices.SortFunc(out, func(a, b RegionRate) int {
		if (a.Region == "") != (b.Region == "") {
			return cmp.Compare(b.Region, a.Region)
		}
		return cmp.Compare(a.Region, b.Region)
	})
	return out
}

// In leaves the enterprises of one region and of one standing; a nil region and an
// empty standing leave all.
func (p *Progress) In(region *string, standing Standing) []Row {
	return slices.DeleteFunc(slices.Clone(p.Rows), func(r Row) bool {
		return region != nil && r.Region != *region || standing != "" && r.Standing() != standing
	})
}

func (p *Progress) rate(k compute.Kind) Rate {
	out := Rate{Kind: k}
	for _, r := range p.Rows {
		if k != compute.AllKinds && r.Kind != k {
			continue
		}
		out.Of++
		if r.Sent() {
			out.Sent++
		}
	}
	return out
}
