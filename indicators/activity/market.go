// Package activity tells what the platform is for, in figures: the markets proposed
// to members, those with an answer, handed in and won, their hours of insertion and
// their full-time equivalents, by territory of the market and by month.
//
// What a market is, and that it counts once whatever tells of it, is package markets'.
// This one refuses to tell of few: what is published is a
// quarter that is over, once, protected (package disclosure) and then left as it is;
// quarters do not overlap, so that none gives back what another hides. The counts as
// they stand are an administrator's.
package activity

import (
	"slices"
	"time"

	"maillage/indicators/compute"
	"maillage/indicators/markets"
)

// market is one market with what became of it. Days are civil days of Paris; empty:
// it did not happen. Places are those of the market: empty where it lies in several,
// or nobody knows.
type market struct {
	region, departement, epci       string
	shown                           string // day when a first member was proposed it, as it was recorded
	proposed, heard, submitted, won step
	hours, fte                      float64 // of insertion, that the market asks
}

// step is when something happened to a market, and the enterprises behind it.
type step struct {
	day string
	by  []int64
}

// after is a step once the next one is known: what happened next did not happen before
// it, nor without those who did it.
func (s step) after(next step) step {
	by := slices.Concat(s.by, next.by)
	slices.Sort(by)
	return step{first(s.day, next.day), slices.Compact(by)}
}

// marketOf reads a market as it was settled. What is won was handed in, what was
// handed in was answered, what was answered was proposed, on that day at the latest
// and by the same enterprises.
func (s *Service) marketOf(m *markets.Market, refs compute.References) market {
	out := market{region: one(m.Region), departement: one(m.Departement), epci: one(m.EPCI), shown: s.day(m.ShownAt), hours: m.Hours, fte: m.FTE(refs)}
	out.won = step{m.WonOn, m.Behind(markets.Won)}
	out.submitted = step{m.SubmittedOn, m.Behind(markets.Submitted)}.after(out.won)
	out.heard = step{s.day(m.AnsweredAt), m.Behind(markets.Answered)}.after(out.submitted)
	out.proposed = step{out.shown, m.Behind(markets.Shown)}.after(out.heard)
	return out
}

// one is the code of a territory; empty for several.
func one(code string) string {
	if code == markets.Several {
		return ""
	}
	return code
}

// first is the first of two days; an empty one did not happen.
func first(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

func (s *Service) day(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.In(s.paris).Format(time.DateOnly)
}
