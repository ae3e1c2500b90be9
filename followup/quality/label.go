// Package quality follows the certifications of enterprises: they engage, are
// audited, a committee decides, the certificate runs, is renewed or lapses. What
// happened is only added to; the state is what the events make of it. A
// certificate that was granted is written to the organisation's certifications in
// the same transaction, so that matching and pages have one truth.
//
// It refuses to judge quality, and to erase: a mistake is voided by an event that
// says so. It holds nothing about a person.
package quality

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"

	"maillage/internal/fault"
)

// Code names a label, as buyers' lots and certifications do: "cedre", "qualiopi"…
type Code string

// Family is what a label is about.
type Family string

// The families, in the order in which they are shown.
const (
	Insertion      Family = "insertion"
	Management     Family = "management"
	Environment    Family = "environment"
	Responsibility Family = "responsibility"
	Training       Family = "training"
	HomeServices   Family = "home"
)

// Families lists them.
func Families() []Family {
	return []Family{Insertion, Management, Environment, Responsibility, Training, HomeServices}
}

// Label is a certification that an enterprise may hold.
type Label struct {
	Code         Code       `json:"code"`
	Name         string     `json:"name"`
	Family       Family     `json:"family"`
	Months       int        `json:"months"`       // that a certificate usually runs
	Surveillance int        `json:"surveillance"` // months after which a surveillance audit is due at the latest; 0: not known
	Read         bool       `json:"read"`         // the months were read in the source; false: usual, to verify
	Owner        string     `json:"owner"`
	Source       string     `json:"source"` // address of the public page
	Means        fault.Text `json:"means"`
}

//go:embed data/labels.json
var labelsFile []byte

// Book is the labels that are followed.
type Book struct{ all []Label }

// LoadLabels reads the labels; it fails on one that does not hold together.
func LoadLabels() (*Book, error) {
	b := &Book{}
	if err := json.Unmarshal(labelsFile, &b.all); err != nil {
		return nil, fmt.Errorf("read the quality labels: %w", err)
	}
	seen := map[Code]bool{}
	for _, l := range b.all {
		if l.Code == "" || seen[l.Code] || l.Name == "" || l.Months <= 0 || l.Surveillance < 0 || l.Source == "" || l.Means.FR == "" || l.Means.EN == "" || !slices.Contains(Families(), l.Family) {
			return nil, fmt.Errorf("read the quality labels: %q does not hold together", l.Code)
		}
		seen[l.Code] = true
	}
	return b, nil
}

// Labels lists them, by family then as the file orders them.
func (b *Book) Labels() []Label {
	out := slices.Clone(b.all)
	slices.SortStableFunc(out, func(x, y Label) int {
		return slices.Index(Families(), x.Family) - slices.Index(Families(), y.Family)
	})
	return out
}

// Get finds a label.
func (b *Book) Get(code Code) (Label, bool) {
	i := slices.IndexFunc(b.all, func(l Label) bool { return l.Code == code })
	if i < 0 {
		return Label{Code: code, Name: string(code)}, false
	}
	return b.all[i], true
}
