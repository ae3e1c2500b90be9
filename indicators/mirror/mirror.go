// Package mirror sets beside each other what an enterprise counts for, what its
// région counts and what the federation counts. Its own figures are exact and for
// it alone; the two others are read from what was released, and from nothing else:
// what was never published, or was suppressed, is said to be so.
//
// It refuses to rank: it says how many, out of how many, and never who is before
// or behind.
package mirror

import (
	"context"
	"math/big"
	"slices"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/figures"
)

// Released reads figures that were published after disclosure control.
type Released interface {
	Cells(ctx context.Context, a Asked) ([]Cell, error)
}

// Asked are the cells wanted: of some years and measures, of the federation and of
// one région, for every kind together and for each.
type Asked struct {
	Years    []int
	Measures []compute.Measure
	Region   string // INSEE code; empty: the federation alone
}

// Status is what readers got of a released cell.
type Status string

// The statuses of a cell, and of what stands beside a figure.
const (
	Value       Status = "value"
	Hidden      Status = "hidden"       // suppressed
	ND          Status = "nd"           // not collected
	Awaited     Status = "awaited"      // asked, and nobody has answered yet
	NoBase      Status = "no_base"      // released, and what it divides by is zero
	NotReleased Status = "not_released" // nothing was published of this year
)

// Cell is one released count: the totals over ages and publics, of one sex or of both.
type Cell struct {
	Measure compute.Measure
	Year    int
	Region  string       // empty: the federation
	Kind    compute.Kind // AllKinds: every kind
	Sex     compute.Sex
	Status  Status
	Exact   *big.Rat // in the unit of the measure; nil unless Value
	Release string   // which release says so, with its version
	Frame   int      // enterprises of that place and kind that were asked; 0: it is not known
	Replied int
}

// Beside is the figure of a région or of the federation.
type Beside struct {
	Status  Status
	Exact   *big.Rat
	Kind    compute.Kind // of whom: the enterprise's own kind where it was released, else every kind
	Release string
	Frame   int
	Replied int
}

// Line is one indicator: the enterprise's own figure, and those beside it.
type Line struct {
	Indicator  *catalogue.Indicator
	Part       string // of an indicator that has several: persons, fte, events, participants, mean, under_150
	Version    int    // of its definition
	Mine       compute.Figure
	Awaited    bool // what Mine is made of has not come yet; else, where it is missing, it is not collected
	Region     Beside
	Federation Beside
	Breaks     []compute.Break // why the year is not read beside the one before it
}

// Missing is something that was not sent, and the indicators that wait for it.
type Missing struct {
	Section    compute.Section // empty: a question of the yearly questionnaire
	Asked      bool            // it is awaited; else the enterprise said that it is not collected
	Indicators []*catalogue.Indicator
}

// Point is a year of the figure that the chart follows.
type Point struct {
	Year int
	Line Line
}

// Mirror is everything that the page shows of one enterprise and year.
type Mirror struct {
	Own        *figures.Own
	Choices    []Choice // every enterprise and year, the latest first
	Definition compute.Definition
	Lines      []Line // whose own figure is known
	Missing    []Missing
	History    []Point // exits towards employment or training, the earliest first
	Released   bool    // something of the year was published
}

// Cites lists the releases that what stands beside was read from, with their versions, sorted.
func (m *Mirror) Cites() []string {
	var out []string
	lines := slices.Clone(m.Lines)
	for _, p := range m.History {
		lines = append(lines, p.Line)
	}
	for _, l := range lines {
		for _, b := range []Beside{l.Region, l.Federation} {
			if b.Status == Value {
				out = append(out, b.Release)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Choice is an enterprise and a year that can be looked at.
type Choice struct {
	Enterprise int64
	Key        string
	Kind       compute.Kind
	Year       int
}

// followed is the indicator of the chart: the dynamic exits.
const followed = "C07"
