package engine_test

import (
	"testing"

	"maillage/matching/engine"
)

// hoursToFill are those of a contract of green spaces in the Val de Drôme.
func hoursToFill(t testing.TB, holders ...engine.Holder) *engine.Lot {
	t.Helper()
	lot := greenSpaces(t)
	lot.Kind, lot.Modes, lot.Holders = engine.InsertionHours, engine.Provision|engine.Secondment, holders
	lot.Asked = engine.Capacity{Hours: 1500}
	return lot
}

// Hours to fill reach those who lend people in any trade, and subcontractors of
// the trade; never the holder, by its legal unit or else by its name.
func TestHoursToFillReachOthersThanTheHolder(t *testing.T) {
	t.Parallel()
	lot := hoursToFill(t, engine.Holder{SIRET: "44306184100047", Folded: "batir"}, engine.Holder{Folded: "pinceau"})
	candidate := func(change func(e *engine.Enterprise)) *engine.Enterprise {
		e := grower(t, `{"territory":"epci:242600252"}`, 3)
		change(e)
		return e
	}
	lender := func(kind engine.Kind, codes string) func(e *engine.Enterprise) {
		return func(e *engine.Enterprise) {
			e.Kind, e.Activities[0].Modes, e.Activities[0].Codes = kind, engine.Secondment, rome(codes)
		}
	}
	for name, c := range map[string]struct {
		change func(e *engine.Enterprise)
		holds  bool
		key    string // of the first finding, of a trade where it holds
	}{
		"ETTI of another trade":                {lender(engine.ETTI, "K2204"), true, "activity.lent"},
		"AI of another trade":                  {lender(engine.AI, "K1304"), true, "activity.lent"},
		"GEIQ of the trade":                    {lender(engine.GEIQ, "A1203"), true, ""},
		"EI of the trade":                      {func(*engine.Enterprise) {}, true, "activity.same"},
		"ACI of another trade":                 {func(e *engine.Enterprise) { e.Kind, e.Activities[0].Codes = engine.ACI, cpv("90910000") }, false, ""},
		"the holder":                           {func(e *engine.Enterprise) { e.SIRET = "44306184100047" }, false, "open.holder"},
		"another establishment":                {func(e *engine.Enterprise) { e.SIRET = "44306184100054" }, false, "open.holder"},
		"a holder by its name":                 {func(e *engine.Enterprise) { e.SIRET, e.Folded = "55204599900869", "pinceau" }, false, "open.holder"},
		"a namesake of a holder with a number": {func(e *engine.Enterprise) { e.SIRET, e.Folded = "55204599900869", "batir" }, true, ""},
		"nobody knows who":                     {func(e *engine.Enterprise) { e.SIRET, e.Folded = "", "" }, true, ""},
	} {
		e := candidate(c.change)
		found := engine.NewRules(engine.Config{Atlas: atlas(t)}).Scan(lot, []*engine.Enterprise{e}, now, engine.Options{Near: 1})
		if (len(found.Matches) == 1) != c.holds {
			t.Errorf("%s: matches %+v", name, found.Matches)
			continue
		}
		if c.holds && c.key != "" && found.Matches[0].Finding(engine.Trade).Key != c.key {
			t.Errorf("%s: %s", name, found.Matches[0].Finding(engine.Trade).Key)
		}
		missed, _ := engine.NewRules(engine.Config{Atlas: atlas(t)}).Missed(lot, e, now)
		if c.key == "open.holder" && (missed != engine.Open || len(found.Near) != 0) {
			t.Errorf("%s: missed %s, near %+v", name, missed, found.Near)
		}
	}
}
