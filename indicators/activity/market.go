// Package activity tells what the platform is for, in figures: the markets proposed
// to members, those with an answer, handed in and won, their hours of insertion and
// their full-time equivalents, by territory of the market and by month.
//
// A market is counted once whatever tells of it: a lot, the purchase noted before its
// notice came out, the quote that answers it, the award that a notice tells, the hours
// that the award asks. It refuses to tell of few: what is published is a
// quarter that is over, once, protected (package disclosure) and then left as it is;
// quarters do not overlap, so that none gives back what another hides. The counts as
// they stand are an administrator's.
package activity

import (
	"slices"
	"strconv"

	"github.com/uptrace/bun"
)

// legalYear is the hours of a full-time year (code du travail, L3121-41): a market
// that tells its hours and not its posts is so many FTE.
const legalYear = 1607

// Market is one market with what became of it. Days are civil days of Paris; empty:
// it did not happen. Places are those of the market: empty where it lies in several,
// or nobody knows.
type Market struct {
	bun.BaseModel `bun:"table:activity_markets,alias:am"`

	Key         string  `bun:"key,pk"`
	Root        string  `bun:"root"`
	Region      string  `bun:"region"`
	Departement string  `bun:"departement"`
	EPCI        string  `bun:"epci"`
	Proposed    string  `bun:"proposed_on"`
	Heard       string  `bun:"heard_on"` // the first word of a member, a refusal included
	Submitted   string  `bun:"submitted_on"`
	Won         string  `bun:"won_on"`
	Hours       float64 `bun:"hours"` // of insertion, that the market asks
	FTE         float64 `bun:"fte"`
	Members     Members `bun:"members"`
}

// Members are the enterprises behind each step, by number.
type Members struct {
	Proposed  []int64 `json:"proposed"`
	Heard     []int64 `json:"heard"`
	Submitted []int64 `json:"submitted"`
	Won       []int64 `json:"won"`
}

// with joins what two sources say of one market: the first day of each step, all the
// enterprises, the most hours. In any order, and said twice, it is the same.
func (m Market) with(o Market) Market {
	m.Proposed, m.Heard = first(m.Proposed, o.Proposed), first(m.Heard, o.Heard)
	m.Submitted, m.Won = first(m.Submitted, o.Submitted), first(m.Won, o.Won)
	m.Hours, m.FTE = max(m.Hours, o.Hours), max(m.FTE, o.FTE)
	m.Members = Members{union(m.Members.Proposed, o.Members.Proposed), union(m.Members.Heard, o.Members.Heard), union(m.Members.Submitted, o.Members.Submitted), union(m.Members.Won, o.Members.Won)}
	return m
}

// settled is the market once all of it is joined: what is won was handed in, what
// was handed in was answered, what was answered was proposed, on that day at the
// latest and by the same enterprises.
func (m Market) settled() Market {
	m.Members.Won = union(m.Members.Won, nil)
	m.Submitted, m.Members.Submitted = first(m.Submitted, m.Won), union(m.Members.Submitted, m.Members.Won)
	m.Heard, m.Members.Heard = first(m.Heard, m.Submitted), union(m.Members.Heard, m.Members.Submitted)
	m.Proposed, m.Members.Proposed = first(m.Proposed, m.Heard), union(m.Members.Proposed, m.Members.Heard)
	if m.FTE == 0 {
		m.FTE = m.Hours / legalYear
	}
	return m
}

// first is the first of two days; an empty one did not happen.
func first(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

func union(a, b []int64) []int64 {
	all := append(append([]int64{}, a...), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

// one is a list of one enterprise where something happened.
func one(day string, who int64) []int64 {
	if day == "" || who == 0 {
		return []int64{}
	}
	return []int64{who}
}

func lotKey(id int64) string { return "lot:" + strconv.FormatInt(id, 10) }

// joined makes the markets of a root out of what is said of it, in the order of
// their keys; those that were never proposed are none.
func joined(said []Market) []Market {
	by := map[string]Market{}
	for _, m := range said {
		if known, there := by[m.Key]; there {
			m = known.with(m)
		}
		by[m.Key] = m
	}
	var out []Market
	for _, m := range by {
		if m = m.settled(); m.Proposed != "" {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b Market) int { return compareText(a.Key, b.Key) })
	return out
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
