package publication

import (
	"slices"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/release"
	"maillage/internal/fault"
)

// An indicator may be told in several numbers: the FTE of C03 beside its persons, the
// participants of R3.5 beside its activities, the workers of each band of hours beside the
// mean of R1.1. All are asked, protected and released with the first.

// partMeasures are the other numbers of an indicator.
func partMeasures(id catalogue.ID) (list []compute.Measure) {
	for _, f := range compute.PartsOf(string(id)) {
		list = append(list, f.Numerator[0].Measure)
	}
	return list
}

// partNames name them: fte, participants, under_150.
func partNames(id catalogue.ID) (list []string) {
	for _, f := range compute.PartsOf(string(id)) {
		list = append(list, f.Indicator[len(id)+1:])
	}
	return list
}

// measuresOf are everything that an indicator counts under a formula.
func measuresOf(c Chosen, f compute.Formula) []compute.Measure {
	return append(f.Measures(), partMeasures(c.ID)...)
}

// partsOf are the other numbers of an indicator that a verdict is about, as widely as it.
func (v *verdict) partsOf(id catalogue.ID) []compute.Measure {
	return slices.DeleteFunc(partMeasures(id), func(m compute.Measure) bool {
		return v.bands != nil && banded(m) || !slices.ContainsFunc(v.systems, func(l *linked) bool { return l.whole == m || l.named[string(m)] })
	})
}

// partWords name the other numbers.
var partWords = map[compute.Measure]fault.Text{
	compute.PermanentFTE: say("ETP", "FTE"), compute.OpenParticipants: say("participants extérieurs", "outside participants"),
	compute.HoursUnder150: say("salariés de moins de 150 heures", "workers of fewer than 150 hours"), compute.Hours150To599: say("salariés de 150 à 599 heures", "workers of 150 to 599 hours"),
	compute.Hours600To1039: say("salariés de 600 à 1 039 heures", "workers of 600 to 1,039 hours"), compute.HoursFrom1040: say("salariés de 1 040 heures et plus", "workers of 1,040 hours or more"),
}

// partField is the column of one of them, after those of the first.
func partField(m compute.Measure, like release.Field) release.Field {
	like.Name, like.Unit, like.Ratio, like.Decimals = columnOf(m), unitOf(m), nil, decimals(m)
	words := partWords[m]
	like.Label = say(like.Label.FR+" : "+words.FR, like.Label.EN+": "+words.EN)
	if banded(m) {
		like.Definition = words
	}
	like.Kind, like.Adds = release.Integer, release.Exact
	if !m.Whole() {
		like.Kind, like.Adds = release.Decimal, release.Rounded
	}
	return like
}
