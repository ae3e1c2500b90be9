// Package funder makes the page that an enterprise of insertion gives each year to
// who funds it (the State at the yearly negotiation, the département): who worked,
// how much, who entered, what was learnt, how people left, under a definition that
// is named, with what each share is out of.
//
// The figures are the enterprise's own. What goes out on paper is protected:
// numbers of people below five, zero included, are hidden, and others with them, so
// that no subtraction gives one back (package disclosure decides and attacks). It
// refuses to tell which of the hidden numbers was small: that alone would bound it.
package funder

import (
	"math/big"
	"time"

	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/internal/fault"
)

// Status says what a reader gets of a number.
type Status string

// The statuses.
const (
	Shown  Status = "shown"
	Hidden Status = "hidden"  // below five, or it would give such a number back
	ND     Status = "nd"      // not collected
	Awaits Status = "awaited" // asked, and not come yet
)

// Line is one number of the report.
type Line struct {
	ID      string
	Label   fault.Text
	Unit    fault.Text
	Depth   int // 0 for the widest total
	Status  Status
	Value   *big.Rat   // nil unless Shown
	Digits  int        // after the comma, when it is written
	Share   *big.Rat   // of the base of the block, in percent; nil where either is not shown, or the base is zero
	Least   int        // people under whom the number is hidden; 0: the usual five
	without fault.Text // in the place of a share that there is not
	cells   []string   // of persons, which hide the line with them
}

// Block is a table of the report; its first line is the base of the shares, where it has some.
type Block struct {
	ID     string
	Title  fault.Text
	Note   fault.Text
	Shares bool
	Lines  []Line
}

// Report is everything on the page.
type Report struct {
	Own        *figures.Own
	Choices    []Choice
	Definition compute.Definition
	Protected  bool // as it goes out; else whole, for the enterprise alone
	Blocks     []Block
	Notes      []fault.Text // definition, coverage, sources, protection
	IssuedOn   time.Time
}

// Choice is an enterprise and a year of which a report can be made.
type Choice struct {
	Enterprise int64
	Kind       compute.Kind
	Year       int
}

// least is the smallest number of people that is printed, and leastSensitive that of
// numbers of people that tell of their health: the thresholds of the catalogue's
// rule of publication. Justice and origin have the second one too; no line of the
// report tells of them.
const (
	least          = 5
	leastSensitive = 11
)

// leastOf is the smallest number of people of a public that is printed.
func leastOf(p compute.Public) int {
	if p == compute.TH || p == compute.AAH {
		return leastSensitive
	}
	return least
}

// Hides counts the lines that the protection hid.
func (r *Report) Hides() int {
	n := 0
	for _, b := range r.Blocks {
		for _, l := range b.Lines {
			if l.Status == Hidden {
				n++
			}
		}
	}
	return n
}
