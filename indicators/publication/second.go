package publication

import (
	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/release"
	"maillage/internal/fault"
)

// An indicator may have two numbers: the FTE of C03 beside its persons, the participants
// of R3.5 beside its activities. The second is asked, protected and released with the
// first, each for itself: neither is the part of the other.

// secondOf is the second measure of an indicator; empty where it has one number.
func secondOf(c Chosen) compute.Measure {
	f, ok := compute.SecondOf(string(c.ID))
	if !ok {
		return ""
	}
	return f.Numerator[0].Measure
}

// secondPart names the second number as a part of its indicator: fte, participants; empty
// where it has one number.
func secondPart(id catalogue.ID) string {
	f, ok := compute.SecondOf(string(id))
	if !ok {
		return ""
	}
	return f.Indicator[len(id)+1:]
}

// measuresOf are everything that an indicator counts under a formula.
func measuresOf(c Chosen, f compute.Formula) []compute.Measure {
	list := f.Measures()
	if m := secondOf(c); m != "" {
		list = append(list, m)
	}
	return list
}

// secondWords name the second numbers.
var secondWords = map[compute.Measure]fault.Text{
	compute.PermanentFTE: say("ETP", "FTE"), compute.OpenParticipants: say("participants extérieurs", "outside participants"),
}

// secondField is its column, after those of the first.
func (sh *sheet) secondField(like release.Field) release.Field {
	like.Name, like.Unit, like.Ratio, like.Decimals = columnOf(sh.second), unitOf(sh.second), nil, decimals(sh.second)
	words := secondWords[sh.second]
	like.Label = say(like.Label.FR+" : "+words.FR, like.Label.EN+": "+words.EN)
	like.Kind, like.Adds = release.Integer, release.Exact
	if !sh.second.Whole() {
		like.Kind, like.Adds = release.Decimal, release.Rounded
	}
	return like
}
