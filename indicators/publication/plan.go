package publication

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/internal/fault"
)

// Chosen is an indicator under one of its definitions.
type Chosen struct {
	ID      catalogue.ID `json:"id"`
	Version int          `json:"version"`
}

// Level is the finest territory of a plan.
type Level string

// The levels.
const (
	Federation  Level = "federation"
	Region      Level = "region"
	Departement Level = "departement"
)

// Plan says what a release holds. France and, under it, every level down to Level
// are in it; kinds with their total; at most two of sex, age and public.
type Plan struct {
	Indicators []Chosen `json:"indicators"`
	Level      Level    `json:"level"`
	Kinds      bool     `json:"kinds"`
	Sex        bool     `json:"sex,omitempty"`
	Age        bool     `json:"age,omitempty"`
	Public     bool     `json:"public,omitempty"`
	Years      []int    `json:"years"`
	Report     bool     `json:"report,omitempty"` // the lines of the activity report, instead of indicators
	bands      *Plan    // what of it the bands of hours are told of; nil: all of it

	Territories []string `json:"territories,omitempty"` // R84, 26: these alone are published, with all that is under them; none: the whole country
	Reference   int      `json:"reference,omitempty"`   // version of the list of the federation's yearly release; 0: it is no such release
}

// canonical is the same plan in one writing, so that the same question has one name.
func (p Plan) canonical() Plan {
	p.Indicators, p.Years, p.Territories = slices.Clone(p.Indicators), slices.Clone(p.Years), slices.Clone(p.Territories)
	slices.Sort(p.Territories)
	p.Territories = slices.Compact(p.Territories)
	slices.SortFunc(p.Indicators, func(a, b Chosen) int {
		return strings.Compare(fmt.Sprintf("%s %03d", a.ID, a.Version), fmt.Sprintf("%s %03d", b.ID, b.Version))
	})
	p.Indicators = slices.Compact(p.Indicators)
	slices.Sort(p.Years)
	p.Years = slices.Compact(p.Years)
	return p
}

// writing is the plan as it is kept.
func (p Plan) writing() string {
	text, _ := json.Marshal(p.canonical()) //nolint:errchkjson // strings and numbers always marshal
	return string(text)
}

// Dataset names what the plan asks for: the same for every version of it.
func (p Plan) Dataset() string {
	sum := sha256.Sum256([]byte(p.writing()))
	return "obs-" + hex.EncodeToString(sum[:5])
}

// most bounds a plan, so that it is protected within minutes.
const (
	mostIndicators = 8
	mostYears      = 6
)

// check says every fault of a plan, located.
func (p Plan) check(known []int) error {
	var faults []fault.Field
	add := func(path, code, fr, en string) { faults = append(faults, fault.At(path, code, fr, en)) }
	if p.Report && (len(p.Indicators) > 0 || p.Level != Federation || p.Kinds || len(p.cuts()) > 0) {
		add("report", "alone", "Le rapport d’activité est celui de la fédération entière, sans autre détail.", "The activity report is of the whole federation, without other details.")
	}
	if n := len(p.Indicators); !p.Report && (n == 0 || n > mostIndicators) {
		add("indicators", "count", fmt.Sprintf("Choisissez de 1 à %d indicateurs.", mostIndicators), fmt.Sprintf("Choose 1 to %d indicators.", mostIndicators))
	}
	if n := len(p.Years); n == 0 || n > mostYears {
		add("years", "count", fmt.Sprintf("Choisissez de 1 à %d années.", mostYears), fmt.Sprintf("Choose 1 to %d years.", mostYears))
	}
	for _, y := range p.Years {
		if !slices.Contains(known, y) {
			add("years", "unknown", fmt.Sprintf("Aucun compte n’existe pour %d.", y), fmt.Sprintf("There are no counts of %d.", y))
		}
	}
	if !slices.Contains([]Level{Federation, Region, Departement, Zones}, p.Level) {
		add("level", "unknown", "Choisissez la France, les régions, les départements ou des zones.", "Choose France, regions, departments or zones.")
	}
	if p.Sex && p.Age && p.Public {
		add("breakdowns", "too_fine", "Croisez au plus deux des trois : sexe, âge, public.", "Cross at most two of sex, age and public.")
	}
	if both := p.bothPresences(); both != "" {
		add("indicators", "two_rules", "Choisissez une seule version de C08 avec "+string(both)+" : un taux suit une seule règle de présence.", "Choose one version of C08 with "+string(both)+": a rate follows one rule of presence.")
	}
	for i, c := range p.Indicators {
		faults = append(faults, p.checkIndicator(fmt.Sprintf("indicators.%d", i+1), c)...)
	}
	if len(faults) > 0 {
		return fault.Invalid(faults...)
	}
	return nil
}

// bothPresences is a rate of exits asked beside both versions of C08; empty: none.
func (p Plan) bothPresences() (rate catalogue.ID) {
	versions := 0
	for _, c := range p.canonical().Indicators {
		switch c.ID {
		case "C08":
			versions++
		case "C04", "C05", "C06", "C07", "R2.5":
			rate = c.ID
		}
	}
	if versions < 2 {
		return ""
	}
	return rate
}

func (p Plan) checkIndicator(path string, c Chosen) []fault.Field {
	all, err := catalogue.Load()
	if err != nil {
		return []fault.Field{fault.At(path, "catalogue", "Le catalogue ne se lit pas.", "The catalogue does not read.")}
	}
	i, ok := all.Get(c.ID)
	if !ok || !Offered(c.ID) {
		return []fault.Field{fault.At(path, "unknown", "Cet indicateur n’est pas de ceux qui se publient.", "This indicator is not among those that are released.")}
	}
	faults := p.checkCriterion(path, c)
	if _, ok := i.Version(c.Version); !ok {
		faults = append(faults, fault.At(path, "version", "Cette version n’existe pas.", "There is no such version."))
	}
	for _, b := range p.cuts() {
		f, _ := formula(c, p.Years, p.Indicators)
		itself := b == catalogue.ByPublic && c.ID == ByCriterion // it is by criterion already
		if !itself && !slices.Contains(i.Breakdowns, b) || !f.Personal {
			faults = append(faults, fault.At(path, "breakdown", string(c.ID)+" ne se détaille pas par "+b.Label().FR+".", string(c.ID)+" is not broken down by "+b.Label().EN+"."))
		}
	}
	return faults
}

// cuts are the breakdowns of persons that the plan asks for.
func (p Plan) cuts() (list []catalogue.Breakdown) {
	for _, b := range []struct {
		is bool
		by catalogue.Breakdown
	}{{p.Sex, catalogue.BySex}, {p.Age, catalogue.ByAge}, {p.Public, catalogue.ByPublic}} {
		if b.is {
			list = append(list, b.by)
		}
	}
	return list
}

// formula is how an indicator is computed under the definition that was chosen. The
// rule of presence is the one of C08 where the plan chose it, else the year's own.
func formula(c Chosen, years []int, with []Chosen) (compute.Formula, bool) {
	d := compute.COORACE
	if (c.ID == "C04" || c.ID == "C05") && c.Version == 2 {
		d = compute.Dares
	}
	at := slices.IndexFunc(with, func(o Chosen) bool { return o.ID == "C08" })
	switch {
	case c.ID == "C08" && c.Version == 1, c.ID != "C08" && at >= 0 && with[at].Version == 1:
		d = map[compute.Definition]compute.Definition{compute.COORACE: compute.COORACE3, compute.Dares: compute.Dares3}[d]
	case c.ID != "C08" && at < 0 && len(years) > 0:
		d = d.In(years[0])
	}
	return compute.FormulaOf(string(c.ID), d)
}

// Offered tells the indicators that can be released: counts, and rates and ratios of
// two counts. Differences and models are not: nothing bounds what they let find.
func Offered(id catalogue.ID) bool {
	switch id {
	case "C10", "R2.3", "R3.4", "R4.4", "R6.1": // parts of persons that another breakdown already tells, scores, differences
		return false
	case "R2.5": // of the enterprises that gave both terms: what is left of C08 would be of a few
		return false
	}
	f, ok := compute.FormulaOf(string(id), compute.COORACE)
	return ok && len(f.Numerator) == 1 && len(f.Base) <= 1
}
