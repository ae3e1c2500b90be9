package compute

import (
	"slices"
	"strings"
)

// What an indicator divides is answered by the same enterprises as what it divides
// by: a rate over those that answered both, and no other, is a rate of somebody.

// sheets are the answers that mean something together alone: no one of them is an
// indicator without the others.
var sheets = [][]Measure{
	{FollowedAt6, EmployedAt6}, {FollowedAt12, DurableAt12}, {BarriersIdentified, BarriersResolved}, {ScalePairs, ScaleChange},
	{BodyMembers, BodyEligible}, {Teams, TeamsMixed}, {ClientsAsked, ClientsPositive, ClientsNegative}, {Purchases, LocalPurchases},
	{Sales, Income}, {PermanentStart, PermanentEnd}, {Positions, PositionsOfWomen}, {PublicAid, Contributions},
}

// answeredTogether makes one answer of each sheet: not collected where one of its
// measures is not, and no answer where one has none.
func answeredTogether(p *Part) {
	for _, sheet := range sheets {
		switch p.status(sheet...) {
		case ND:
			for _, m := range sheet {
				p.Lines[m] = Line{Status: ND}
			}
		case Waiting:
			p.withdraw(sheet)
		}
	}
}

// status is what is known of some measures together; ND before what has not come.
func (p *Part) status(of ...Measure) Status {
	out := Collected
	for _, m := range of {
		line, known := p.Lines[m]
		switch {
		case known && line.Status == ND:
			return ND
		case !known:
			out = Waiting
		}
	}
	return out
}

// withdraw takes away the answers of a sheet that is not whole; they are awaited
// where what is missing is.
func (p *Part) withdraw(sheet []Measure) {
	awaited := slices.ContainsFunc(sheet, p.Awaits)
	for _, m := range sheet {
		if _, known := p.Lines[m]; known {
			delete(p.Lines, m)
			if awaited {
				p.Awaited = append(p.Awaited, m)
			}
		}
	}
	slices.Sort(p.Awaited)
}

// joint is a measure of the enterprises alone that answered another one too.
type joint struct{ of, with Measure }

// joints are the terms of the indicators that divide what comes from two sources:
// records of two sections, or records and answers.
var joints = []joint{
	{HealthCovered, Workers}, {Workers, HealthCovered}, {Trained, Workers}, {Workers, Trained},
	{RightsOpened, Workers}, {Workers, RightsOpened}, {Certifications, ExitsObserved}, {ExitsObserved, Certifications}, {ExitsObserved.older(), Certifications},
	{Enterprises, Cooperating}, {Enterprises, PublicBodies}, {PublicAid, FTE}, {Contributions, FTE}, {FTE, PublicAid},
}

// Among is the measure that sums another one over the enterprises alone that
// answered a third one too.
func (m Measure) Among(with Measure) Measure { return m + ".among." + with }

// Root is the measure itself, of a joint measure: what is asked and collected.
func (m Measure) Root() Measure {
	root, _, _ := strings.Cut(string(m), ".among.")
	return Measure(root)
}

// withJoints adds the joint measures; each means something where both of its terms do.
func withJoints(all []traits) []traits {
	at := func(m Measure) traits {
		return all[slices.IndexFunc(all, func(t traits) bool { return t.measure == m })]
	}
	for _, j := range joints {
		t := at(j.of)
		t.measure, t.asked, t.joint = j.of.Among(j.with), false, true
		if t.family == ofAll {
			t.family = at(j.with).family
		}
		all = append(all, t)
	}
	return all
}

// restOf are what is left of all the workers beside those of whom a measure is said.
var restOf = map[Measure]Measure{Trained: TrainingUnsaid, HealthCovered: HealthUnsaid, RightsOpened: RightsUnsaid}

// rests completes what is said among workers.
func (p *Part) rests() {
	workers, known := p.Lines[Workers]
	if !known {
		return
	}
	for said, rest := range restOf {
		switch p.status(said, Workers) {
		case Collected:
			p.Lines[rest] = Line{Status: Collected}
		case Waiting:
			p.Lines[rest] = workers
		default:
			p.Lines[rest] = Line{Status: ND}
		}
	}
}

// among adds the lines of the joint measures.
func among(p *Part) {
	for _, j := range joints {
		m := j.of.Among(j.with)
		if !m.Applies(p.Kind) {
			continue
		}
		switch p.status(j.of, j.with) {
		case ND:
			p.Lines[m] = Line{Status: ND}
		case Collected:
			p.Lines[m] = p.Lines[j.of]
		case Waiting:
			if p.Awaits(j.of) || p.Awaits(j.with) {
				p.Awaited = append(p.Awaited, m)
			}
		}
	}
	slices.Sort(p.Awaited)
}
