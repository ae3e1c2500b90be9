package release

import (
	"fmt"
	"slices"
	"strings"

	"maillage/internal/fault"
)

// Difference is what changed between two versions of a dataset.
type Difference struct {
	Breaking  []fault.Text // a reader's program may fail, or read another thing
	Described []fault.Text // words, sources, coverage, new tables and codes
	Tables    []TableDifference
}

// TableDifference is what changed in the rows of a table that both versions have.
type TableDifference struct {
	Name           string
	Added, Removed []string // keys, as "53 · ACI · 2025"
	Revised        []Revision

	// Figures that changed status are counted, never listed: had no value and have one,
	// the reverse, and without a value for another reason than before.
	Shown, Hidden, Restated int
}

func (t TableDifference) statuses() int { return t.Shown + t.Hidden + t.Restated }

// Revision is one figure or note that was published and is still, otherwise.
type Revision struct {
	Key, Field, Old, New string
}

// Next prepares the version that follows: it numbers it and writes its changelog, why
// first, then what the two datasets tell. The number follows the recipe of Data
// Package (https://datapackage.org/recipes/data-package-version/): the first part for
// what breaks a reader, the second for what is added or said otherwise, the third for
// figures corrected. Two versions that say the same are refused (fault.KindConflict).
func Next(previous, next Dataset, why ...fault.Text) (Dataset, Difference, error) {
	if previous.ID != next.ID || next.IssuedOn.Before(previous.canonical().IssuedOn) {
		return Dataset{}, Difference{}, fault.Invalid(fault.At("issued_on", "order", "La suivante porte sur le même jeu de données, et n’est pas plus ancienne.",
			"The next one is of the same dataset, and not older."))
	}
	d := compare(previous.canonical(), next.canonical())
	version, err := d.number(previous.Version)
	if err != nil {
		return Dataset{}, Difference{}, err
	}
	next.Version = version
	entry := Entry{Version: version, On: day(next.IssuedOn), Changes: append(slices.Clone(why), d.words()...)}
	next.Changelog = append([]Entry{entry}, previous.Changelog...)
	return next, d, nil
}

// Again is the version that follows one that was withdrawn: the same figures may be
// published again, and the changelog says that they are.
func Again(withdrawn, next Dataset) (Dataset, error) {
	out, _, err := Next(withdrawn, next, fault.Text{FR: "La version " + withdrawn.Version + " a été retirée.", EN: "Version " + withdrawn.Version + " was withdrawn."})
	if !fault.Is(err, fault.KindConflict) {
		return out, err
	}
	var major, minor, patch int
	if _, err := fmt.Sscanf(withdrawn.Version, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return Dataset{}, fmt.Errorf("read version %q: %w", withdrawn.Version, err)
	}
	next.Version = fmt.Sprintf("%d.%d.%d", major, minor, patch+1)
	entry := Entry{Version: next.Version, On: day(next.IssuedOn), Changes: []fault.Text{{FR: "La version " + withdrawn.Version + " a été retirée ; ses chiffres sont publiés de nouveau, sans changement.", EN: "Version " + withdrawn.Version + " was withdrawn; its figures are released again, unchanged."}}}
	next.Changelog = append([]Entry{entry}, withdrawn.Changelog...)
	return next, nil
}

// number gives the version that such a difference asks for.
func (d Difference) number(previous string) (string, error) {
	var major, minor, patch int
	if _, err := fmt.Sscanf(previous, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return "", fmt.Errorf("read version %q: %w", previous, err)
	}
	added, removed, revised := 0, 0, 0
	for _, t := range d.Tables {
		added, removed, revised = added+len(t.Added), removed+len(t.Removed), revised+len(t.Revised)+t.statuses()
	}
	switch {
	case len(d.Breaking) > 0 || removed > 0:
		return fmt.Sprintf("%d.0.0", major+1), nil
	case len(d.Described) > 0 || added > 0:
		return fmt.Sprintf("%d.%d.0", major, minor+1), nil
	case revised > 0:
		return fmt.Sprintf("%d.%d.%d", major, minor, patch+1), nil
	}
	return "", fault.Conflict("unchanged", "Rien n’a changé depuis la version "+previous+".", "Nothing has changed since version "+previous+".")
}

// maxListed bounds the keys that a changelog names for one table; the others are counted.
const maxListed = 20

// words tells a difference as the changelog does.
func (d Difference) words() []fault.Text {
	all := slices.Concat(d.Breaking, d.Described)
	for _, t := range d.Tables {
		all = append(all, t.words()...)
	}
	return all
}

func (t TableDifference) words() []fault.Text {
	var revised []string
	for _, r := range t.Revised {
		revised = append(revised, fmt.Sprintf("%s, %s : %s → %s", r.Key, r.Field, r.Old, r.New))
	}
	var all []fault.Text
	add := func(n int, which string, fr, en string) {
		if n > 0 {
			all = append(all, fault.Text{FR: fmt.Sprintf("%s, %s (%d)%s.", t.Name, fr, n, after(" : ", which)), EN: fmt.Sprintf("%s, %s (%d)%s.", t.Name, en, n, after(": ", which))})
		}
	}
	add(len(t.Added), listed(t.Added), "lignes ajoutées", "rows added")
	add(len(t.Removed), listed(t.Removed), "lignes retirées", "rows removed")
	add(len(revised), listed(revised), "valeurs révisées", "values revised")
	add(t.Shown, "", "valeurs publiées qui ne l’étaient pas", "values published that were not")
	add(t.Hidden, "", "valeurs qui ne sont plus publiées", "values no longer published")
	add(t.Restated, "", "valeurs absentes pour une autre raison", "values absent for another reason")
	return all
}

func listed(keys []string) string {
	if len(keys) > maxListed {
		return strings.Join(keys[:maxListed], " ; ") + " ; …"
	}
	return strings.Join(keys, " ; ")
}

func after(mark, s string) string {
	if s == "" {
		return ""
	}
	return mark + s
}
