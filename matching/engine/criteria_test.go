package engine_test

import (
	"testing"
	"time"

	"maillage/matching/engine"
	"maillage/nomenclatures"
	"maillage/territories"
)

func cpv(codes ...string) []nomenclatures.Code {
	out := make([]nomenclatures.Code, len(codes))
	for i, c := range codes {
		out[i] = nomenclatures.Code{Scheme: nomenclatures.SchemeCPV, Value: c}
	}
	return out
}

func rome(c string) []nomenclatures.Code {
	return []nomenclatures.Code{{Scheme: nomenclatures.SchemeROME, Value: c}}
}

func on(s string) territories.Date {
	d, err := territories.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func ordinal(t testing.TB, code territories.CommuneCode) int {
	t.Helper()
	ord, ok := atlas(t).Ordinal(code)
	if !ok {
		t.Fatalf("commune %s", code)
	}
	return ord
}

// The first lot of the drawn page: green spaces of the Val de Drôme.
func greenSpaces(t testing.TB) *engine.Lot {
	t.Helper()
	return &engine.Lot{
		ID: 1, Revision: 1, Kind: engine.Tender, Codes: cpv("77310000"), Modes: engine.Provision,
		Scope: engine.PlaceCommunes, Place: perimeter(t, `{"territory":"epci:242600252"}`), InsertionHours: 420,
		Asked: engine.Capacity{FTE: 5}, References: engine.ReferencesAsked{Known: true, Count: 2, Since: on("2023-01-01")},
		Deadline: time.Date(2026, 12, 7, 11, 0, 0, 0, time.UTC), DaysNeeded: 6,
	}
}

func grower(t testing.TB, zone string, fte float64) *engine.Enterprise {
	t.Helper()
	return &engine.Enterprise{
		ID: 10, Revision: 1, Kind: engine.EI, Active: true, Reachable: engine.Yes, Site: ordinal(t, "26362"), StatusesKnown: true,
		Statuses:   []engine.Status{{Kind: engine.ConventionEI, From: on("2026-01-01"), Until: on("2026-12-31"), FTE: fte}},
		Activities: []engine.Activity{{ID: 1, Codes: cpv("77310000"), Modes: engine.Provision, Zone: perimeter(t, zone)}},
		References: []engine.Reference{{Codes: cpv("77310000"), On: on("2024-12-31")}}, ReferencesKnown: true,
	}
}

func one(t testing.TB, lot *engine.Lot, e *engine.Enterprise) engine.Match {
	t.Helper()
	c := engine.NewRules(engine.Config{Atlas: atlas(t)}).Scan(lot, []*engine.Enterprise{e}, now, engine.Options{Near: 1})
	if len(c.Matches) != 1 {
		t.Fatalf("no match; near misses %+v", c.Near)
	}
	return c.Matches[0]
}

func near(t testing.TB, lot *engine.Lot, e *engine.Enterprise) engine.Near {
	t.Helper()
	c := engine.NewRules(engine.Config{Atlas: atlas(t)}).Scan(lot, []*engine.Enterprise{e}, now, engine.Options{Near: 1})
	if len(c.Matches) != 0 || len(c.Near) != 1 {
		t.Fatalf("not a near miss: %+v", c)
	}
	return c.Near[0]
}

// The two scores of the drawn page, point by point: 30 + 25 + 2.9/5 of 15 + 15 +
// half of 15 make 86.2, and 30 + 88 % of 25 + 2.4/5 of 15 + 15 + half of 15, 81.8.
func TestTheScoresOfTheDrawnPage(t *testing.T) {
	t.Parallel()
	writer := engine.Writer{Atlas: atlas(t), Lang: "fr"}
	cases := []struct {
		name, zone string
		site       territories.CommuneCode
		fte        float64
		score      int
		territory  string
	}{
		{"Brindesaule", `{"radius":{"commune":"26108","km":60}}`, "26108", 2.9, 86, "Couvre toutes les communes du lot."},
		{"Ronce & Compas", `{"radius":{"commune":"26362","km":25}}`, "26362", 2.4, 82, "Couvre 15 des 29 communes, soit 88\u00a0% des habitants du lot."},
	}
	for _, c := range cases {
		e := grower(t, c.zone, c.fte)
		e.Site = ordinal(t, c.site)
		m := one(t, greenSpaces(t), e)
		if m.Score != c.score || m.Level != engine.High {
			t.Errorf("%s: score %d, confidence %d, want %d and high\n%+v", c.name, m.Score, m.Confidence, c.score, m.Findings)
		}
		if got := writer.Finding(m.Finding(engine.Territory)); got != c.territory {
			t.Errorf("%s: %q, want %q", c.name, got, c.territory)
		}
		if km := m.Finding(engine.Territory).Params.Km; km < 15.5 || km >= 16.5 {
			t.Errorf("%s: %.1f km, want 16", c.name, km)
		}
	}
}

// What isn't known leaves the denominator and lowers the confidence; what is
// supposed lowers it by half.
func TestUnknownLeavesTheDenominator(t *testing.T) {
	t.Parallel()
	lot := greenSpaces(t)
	e := grower(t, `{"radius":{"commune":"26362","km":25}}`, 0)
	e.Activities[0].AssumedTrade, e.Activities[0].AssumedZone = true, true
	m := one(t, lot, e)
	// 30 + 22.06 + 15 + 7.5 of 85 known; trust 15 + 12.5 + 15 + 15 of 100.
	if m.Score != 88 || m.Confidence != 58 || m.Level != engine.Low {
		t.Errorf("score %d, confidence %d %s", m.Score, m.Confidence, m.Level)
	}
	if f := m.Finding(engine.Strength); f.State != engine.Unknown || f.Points != 0 || f.Key != "capacity.unknown" {
		t.Errorf("capacity %+v", f)
	}
	// Nothing unknown fails a gate: mode, place and contact unknown still match.
	e.Reachable, e.Activities[0].Modes, e.Activities[0].Zone = engine.Unsaid, 0, nil
	if m := one(t, lot, e); m.Confidence >= 50 {
		t.Errorf("confidence %d with three gates unanswered", m.Confidence)
	}
}

// Sector, mode and zone hold on the same activity: one that has the trade and
// another that has the zone make no match.
func TestTheSameActivityHoldsAll(t *testing.T) {
	t.Parallel()
	e := grower(t, `{"territory":"departement:59"}`, 3)
	e.Activities = append(e.Activities, engine.Activity{ID: 2, Codes: cpv("55520000"), Modes: engine.Provision, Zone: perimeter(t, `{"territory":"departement:26"}`)})
	c := engine.NewRules(engine.Config{Atlas: atlas(t)}).Scan(greenSpaces(t), []*engine.Enterprise{e}, now, engine.Options{})
	if c.Total != 0 {
		t.Errorf("two activities were mixed: %+v", c.Matches)
	}
}

// Each reservation, on the day of the deadline, from the dated status and never
// from the kind alone.
func TestReservations(t *testing.T) {
	t.Parallel()
	none := []engine.Status{}
	cases := []struct {
		name     string
		reserved engine.Reservation
		kind     engine.Kind
		known    bool
		statuses []engine.Status
		codes    []nomenclatures.Code
		buyer    string
		awards   []engine.Reference
		months   int
		state    engine.State
		key      string
		by       float64
	}{
		{name: "SIAE under convention", reserved: engine.ReservedSIAE, kind: engine.ACI, known: true,
			statuses: []engine.Status{{Kind: engine.ConventionACI, From: on("2026-01-01"), Until: on("2026-12-31")}}, state: engine.Met, key: "reservation.status"},
		{name: "EITI counts", reserved: engine.ReservedSIAE, kind: engine.EITI, known: true,
			statuses: []engine.Status{{Kind: engine.ConventionEITI, From: on("2026-01-01")}}, state: engine.Met, key: "reservation.status"},
		{name: "on the day of the deadline, not of the question", reserved: engine.ReservedSIAE, kind: engine.ACI, known: true,
			statuses: []engine.Status{{Kind: engine.ConventionACI, From: on("2026-01-01"), Until: on("2026-11-30")}}, state: engine.Missed, key: "reservation.expired", by: 7},
		{name: "the last day is in", reserved: engine.ReservedSIAE, kind: engine.ACI, known: true,
			statuses: []engine.Status{{Kind: engine.ConventionACI, Until: on("2026-12-07")}}, state: engine.Met, key: "reservation.status"},
		{name: "too early", reserved: engine.ReservedSIAE, kind: engine.ACI, known: true,
			statuses: []engine.Status{{Kind: engine.ConventionACI, From: on("2026-12-10")}}, state: engine.Missed, key: "reservation.later", by: 3},
		{name: "renewed", reserved: engine.ReservedSIAE, kind: engine.ACI, known: true, statuses: []engine.Status{
			{Kind: engine.ConventionACI, Until: on("2025-12-31")}, {Kind: engine.ConventionACI, From: on("2026-01-01")}}, state: engine.Met, key: "reservation.status"},
		{name: "the kind alone is not enough", reserved: engine.ReservedSIAE, kind: engine.ACI, known: true, statuses: none, state: engine.Missed, key: "reservation.no_status", by: 1},
		{name: "a status nobody recorded is unknown", reserved: engine.ReservedSIAE, kind: engine.ACI, state: engine.Unknown, key: "reservation.not_recorded"},
		{name: "a status without dates is unknown", reserved: engine.ReservedSIAE, kind: engine.ACI,
			statuses: []engine.Status{{Kind: engine.ConventionACI, Undated: true}}, state: engine.Unknown, key: "reservation.undated"},
		{name: "GEIQ is no SIAE", reserved: engine.ReservedSIAE, kind: engine.GEIQ, state: engine.Missed, key: "reservation.no_status", by: 1},
		{name: "a régie by its convention", reserved: engine.ReservedSIAE, kind: engine.Regie,
			statuses: []engine.Status{{Kind: engine.ConventionEI}}, state: engine.Met, key: "reservation.status"},
		{name: "an equivalent with half and its proof", reserved: engine.ReservedSIAE, kind: engine.Regie,
			statuses: []engine.Status{{Kind: engine.EquivalentDisadvantaged, Share: 0.5, Proof: "attestation"}}, state: engine.Met, key: "reservation.equivalent"},
		{name: "an equivalent without proof", reserved: engine.ReservedSIAE, kind: engine.Regie,
			statuses: []engine.Status{{Kind: engine.EquivalentDisadvantaged, Share: 0.8}}, state: engine.Missed, key: "reservation.proof", by: 1},
		{name: "an equivalent under half", reserved: engine.ReservedSIAE, kind: engine.Regie,
			statuses: []engine.Status{{Kind: engine.EquivalentDisadvantaged, Share: 0.4, Proof: "attestation"}}, state: engine.Missed, key: "reservation.share", by: 10},
		{name: "SIAE for disabled workers", reserved: engine.ReservedEAESAT, kind: engine.ACI, known: true,
			statuses: []engine.Status{{Kind: engine.ConventionACI}}, state: engine.Missed, key: "reservation.no_status", by: 1},
		{name: "EA", reserved: engine.ReservedEAESAT, kind: engine.EA, statuses: []engine.Status{{Kind: engine.AgrementEA}}, state: engine.Met, key: "reservation.status"},
		{name: "both, by the first", reserved: engine.ReservedBoth, kind: engine.ACI, statuses: []engine.Status{{Kind: engine.ConventionACI}}, state: engine.Met, key: "reservation.status"},
		{name: "both, by the second", reserved: engine.ReservedBoth, kind: engine.ESAT, statuses: []engine.Status{{Kind: engine.AgrementESAT}}, state: engine.Met, key: "reservation.status"},
		{name: "ESS for a listed service", reserved: engine.ReservedESS, kind: engine.Other, codes: cpv("85312110"),
			statuses: []engine.Status{{Kind: engine.StatusESS}}, state: engine.Met, key: "reservation.status"},
		{name: "ESS for a service that isn't listed", reserved: engine.ReservedESS, kind: engine.Other,
			statuses: []engine.Status{{Kind: engine.StatusESS}}, state: engine.Unknown, key: "reservation.ess_unlisted"},
		{name: "ESS for a listed service among others", reserved: engine.ReservedESS, kind: engine.Other, codes: cpv("85312110", "77310000"),
			statuses: []engine.Status{{Kind: engine.StatusESS}}, state: engine.Unknown, key: "reservation.ess_unlisted"},
		{name: "ESS for three years", reserved: engine.ReservedESS, kind: engine.Other, codes: cpv("85312110"), months: 36,
			statuses: []engine.Status{{Kind: engine.StatusESS}}, state: engine.Met, key: "reservation.status"},
		{name: "ESS for more than three years", reserved: engine.ReservedESS, kind: engine.Other, codes: cpv("85312110"), months: 37,
			statuses: []engine.Status{{Kind: engine.StatusESS}}, state: engine.Unknown, key: "reservation.ess_long"},
		{name: "ESS by an equivalence of another reservation", reserved: engine.ReservedESS, kind: engine.Other, known: true, codes: cpv("85312110"),
			statuses: []engine.Status{{Kind: engine.EquivalentDisadvantaged, Share: 0.8, Proof: "attestation"}}, state: engine.Unknown, key: "reservation.ess_equivalent"},
		{name: "ESS by an equivalence that is over", reserved: engine.ReservedESS, kind: engine.Other, known: true, codes: cpv("85312110"),
			statuses: []engine.Status{{Kind: engine.EquivalentDisabled, Until: on("2026-12-01")}}, state: engine.Missed, key: "reservation.expired", by: 6},
		{name: "ESS awarded by the same buyer two years ago", reserved: engine.ReservedESS, kind: engine.Other, codes: cpv("85312110"), buyer: "26260018200014",
			statuses: []engine.Status{{Kind: engine.StatusESS}}, awards: []engine.Reference{{BuyerSIRET: "26260018200022", On: on("2024-12-08"), ReservedESS: true}},
			state: engine.Missed, key: "reservation.ess_awarded", by: 1},
		{name: "ESS awarded the same year, on a day nobody said", reserved: engine.ReservedESS, kind: engine.Other, codes: cpv("85312110"), buyer: "26260018200014",
			statuses: []engine.Status{{Kind: engine.StatusESS}}, awards: []engine.Reference{{BuyerSIRET: "262600182", On: on("2026-12-31"), ReservedESS: true}},
			state: engine.Missed, key: "reservation.ess_awarded", by: 1},
		{name: "ESS awarded four years ago", reserved: engine.ReservedESS, kind: engine.Other, codes: cpv("85312110"), buyer: "26260018200014",
			statuses: []engine.Status{{Kind: engine.StatusESS}}, awards: []engine.Reference{{BuyerSIRET: "26260018200022", On: on("2022-12-08"), ReservedESS: true}},
			state: engine.Met, key: "reservation.status"},
		{name: "prison", reserved: engine.ReservedPrison, kind: engine.EI, statuses: []engine.Status{{Kind: engine.StatusPrison}}, state: engine.Met, key: "reservation.status"},
		{name: "reserved to nobody knows whom", reserved: engine.ReservedUnclear, kind: engine.EI, state: engine.Unknown, key: "reservation.unclear"},
		{name: "not reserved", kind: engine.Other, state: engine.Met, key: "reservation.none"},
	}
	rules := engine.NewRules(engine.Config{Atlas: atlas(t)})
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			lot, e := greenSpaces(t), grower(t, `{"territory":"departement:26"}`, 3)
			lot.Reservation, lot.BuyerSIRET, lot.DurationMonths = c.reserved, c.buyer, c.months
			e.Kind, e.Statuses, e.StatusesKnown, e.References = c.kind, c.statuses, c.known, c.awards
			if c.codes != nil {
				lot.Codes, e.Activities[0].Codes = c.codes, c.codes
			}
			got := rules.Scan(lot, []*engine.Enterprise{e}, now, engine.Options{Near: 1})
			var f engine.Finding
			if len(got.Matches) == 1 {
				f = got.Matches[0].Finding(engine.Reserved)
			} else {
				f = got.Near[0].Finding(engine.Reserved)
			}
			if f.State != c.state || f.Key != c.key || f.By < c.by-1e-9 || f.By > c.by+1e-9 {
				t.Errorf("%s %s by %v, want %s %s by %v", f.State, f.Key, f.By, c.state, c.key, c.by)
			}
			if (f.State == engine.Missed) != (len(got.Matches) == 0) {
				t.Error("a gate missed must leave no match, and only that")
			}
		})
	}
}

// Those who lend staff answer needs of people in any trade, and a service lot
// in none: there they can supply the hours of the holder.
func TestLenders(t *testing.T) {
	t.Parallel()
	lender := grower(t, `{"territory":"departement:26"}`, 3)
	lender.Kind, lender.Activities[0].Codes, lender.Activities[0].Modes = engine.AI, rome("A1203"), engine.Secondment
	miss := near(t, greenSpaces(t), lender)
	if miss.Missed != engine.ServiceMode || miss.Change.Key != "change.hours" || miss.Change.Params.Want != 420 {
		t.Errorf("on a service lot %+v", miss)
	}
	hours := greenSpaces(t)
	hours.Kind, hours.Modes, hours.Asked = engine.InsertionHours, engine.Provision|engine.Secondment, engine.Capacity{Hours: 420}
	if f := one(t, hours, lender).Finding(engine.Trade); f.State == engine.Missed {
		t.Errorf("insertion hours in its occupation %+v", f)
	}
	hours.Codes = cpv("45262500") // masonry: far from gardening
	if f := one(t, hours, lender).Finding(engine.Trade); f.Key != "activity.lent" || f.Value != 0.5 {
		t.Errorf("insertion hours in another trade %+v", f)
	}
	// An enterprise that lends nobody is no candidate there.
	other := grower(t, `{"territory":"departement:26"}`, 3)
	if c := engine.NewRules(engine.Config{Atlas: atlas(t)}).Scan(hours, []*engine.Enterprise{other}, now, engine.Options{}); c.Total != 0 {
		t.Errorf("a gardener for hours of masonry: %+v", c.Matches)
	}
	// A lender without occupations stands apart like any other.
	lender.Activities[0].Codes = nil
	c := engine.NewRules(engine.Config{Atlas: atlas(t)}).Scan(hours, []*engine.Enterprise{lender}, now, engine.Options{Apart: 5})
	if c.Total != 0 || len(c.Apart) != 1 {
		t.Errorf("a lender whose occupations are not known: %+v", c)
	}
}

func TestNearMisses(t *testing.T) {
	t.Parallel()
	lot := greenSpaces(t)
	far := grower(t, `{"radius":{"commune":"26281","km":5}}`, 3)
	miss := near(t, lot, far)
	f := miss.Finding(engine.Territory)
	if miss.Missed != engine.Territory || f.By <= 0 || f.By > 30 || f.Unit != engine.Kilometres || f.Params.Commune == "" {
		t.Errorf("territory %+v", f)
	}
	if p := miss.Change.Params; p.Km < f.By || p.Km-f.By >= 5 || p.Population <= 0 {
		t.Errorf("a zone %v km wider for a gap of %v", p.Km, f.By)
	}
	neighbour := grower(t, `{"territory":"departement:26"}`, 3)
	neighbour.Activities[0].Codes = sectorOf(t, "77310000", true)
	if miss := near(t, lot, neighbour); miss.Missed != engine.Trade || miss.Change.Key != "change.trade" {
		t.Errorf("neighbouring sector %+v", miss)
	}
	required := greenSpaces(t)
	required.Certifications = []engine.CertificationWish{{Code: "qualipaysage", Required: true}}
	e := grower(t, `{"territory":"departement:26"}`, 3)
	if f := one(t, required, e).Finding(engine.Certifications); f.State != engine.Unknown {
		t.Errorf("certifications that nobody declared: %+v", f)
	}
	e.Certifications = []engine.Certification{{Code: "qualipaysage", Until: on("2026-12-01")}}
	if miss := near(t, required, e); miss.Missed != engine.Certifications || miss.Finding(engine.Certifications).By != 6 {
		t.Errorf("certification that ends before the deadline: %+v", miss.Finding(engine.Certifications))
	}
	// Two gates missed, a closed enterprise or one far away are not near misses.
	closed := grower(t, `{"territory":"departement:26"}`, 3)
	closed.Active = false
	away := grower(t, `{"territory":"departement:59"}`, 3)
	twice := grower(t, `{"radius":{"commune":"26281","km":5}}`, 3)
	twice.Activities[0].Modes = engine.Supply
	rules := engine.NewRules(engine.Config{Atlas: atlas(t)})
	if c := rules.Scan(lot, []*engine.Enterprise{closed, away, twice}, now, engine.Options{Near: 9}); len(c.Near) != 0 {
		t.Errorf("near misses %+v", c.Near)
	}
}

// sectorOf finds a sector of the same group as a CPV, or its own.
func sectorOf(t testing.TB, code string, neighbour bool) []nomenclatures.Code {
	t.Helper()
	asked := cpv(code)[0]
	for _, s := range nomenclatures.Sectors() {
		if kin, _ := nomenclatures.Closeness(s.Code.Code(), asked); neighbour == (kin == nomenclatures.SameGroup) {
			return []nomenclatures.Code{s.Code.Code()}
		}
	}
	t.Fatal("no neighbouring sector")
	return nil
}

// A tie helps, never when the buyer has it too: then it is told.
func TestTies(t *testing.T) {
	t.Parallel()
	lot, e := greenSpaces(t), grower(t, `{"territory":"departement:26"}`, 0.5)
	base := one(t, lot, e)
	tie := engine.Tie{TieRef: engine.TieRef{Kind: engine.Convention, ID: 4}, Name: "Convention", Codes: cpv("77310000"), Territory: perimeter(t, `{"territory":"departement:26"}`)}
	e.Ties = []engine.Tie{tie}
	with := one(t, lot, e)
	if f := with.Finding(engine.Ties); with.Score <= base.Score || f.Points != 5 || f.Key != "ties.convention" {
		t.Errorf("with a convention %d, without %d: %+v", with.Score, base.Score, f)
	}
	lot.BuyerTies = []engine.TieRef{tie.TieRef}
	shared := one(t, lot, e)
	if f := shared.Finding(engine.Ties); shared.Score != base.Score || f.Points != 0 || f.Key != "ties.buyer" {
		t.Errorf("with a tie of the buyer %d, without %d: %+v", shared.Score, base.Score, f)
	}
	lot.BuyerTies = nil
	e.Ties[0].Until = on("2026-11-30")
	if m := one(t, lot, e); m.Score != base.Score {
		t.Error("a convention that is over still counts")
	}
}

func TestTimeAndHistory(t *testing.T) {
	t.Parallel()
	lot, e := greenSpaces(t), grower(t, `{"territory":"departement:26"}`, 3)
	lot.DaysNeeded = 12
	f := one(t, lot, e).Finding(engine.TimeLeft)
	if f.State != engine.Partial || f.By != 2 || f.Unit != engine.WorkDays || f.Points != 12.5 {
		t.Errorf("ten days for twelve: %+v", f)
	}
	writers := []engine.Writer{{Atlas: atlas(t), Lang: "fr"}, {Atlas: atlas(t), Lang: "en"}}
	for i, want := range []string{"10\u00a0jours ouvrés\u00a0: il en faut 12.", "10\u00a0working days: 12 are needed."} {
		if got := writers[i].Finding(f); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	lot.Deadline = now.Add(time.Hour)
	if f := one(t, lot, e).Finding(engine.TimeLeft); f.State != engine.Missed || f.By != 12 || f.Points != 0 {
		t.Errorf("the day itself: %+v", f)
	}
	lot.Deadline = now.Add(-time.Hour)
	m := one(t, lot, e)
	if f := m.Finding(engine.TimeLeft); !m.History || f.Weight != 0 || f.Key != "time.history" {
		t.Errorf("after the deadline: %+v", f)
	}
	lot.Deadline = time.Time{}
	if f := one(t, lot, e).Finding(engine.TimeLeft); f.State != engine.Unknown || f.Weight != 15 {
		t.Errorf("without a deadline: %+v", f)
	}
}

// What has been closed or awarded is history, with or without a deadline, and
// was not before.
func TestWhatHasEndedIsHistory(t *testing.T) {
	t.Parallel()
	fr := engine.Writer{Atlas: atlas(t), Lang: "fr"}
	rules := engine.NewRules(engine.Config{Atlas: atlas(t)})
	for _, deadline := range []time.Time{{}, now.Add(240 * time.Hour)} {
		lot, e := greenSpaces(t), grower(t, `{"territory":"departement:26"}`, 3)
		lot.Deadline, lot.Ended = deadline, now
		m := one(t, lot, e)
		if f := m.Finding(engine.TimeLeft); !m.History || f.Weight != 0 || fr.Finding(f) != "Terminé\u00a0: clos ou attribué." {
			t.Errorf("deadline %v: %+v %q", deadline, m, fr.Finding(f))
		}
		lots := []*engine.Lot{lot}
		for asOf, want := range map[time.Time]int{now: 0, now.Add(-time.Hour): 1} {
			if got := rules.ScanLots(e, lots, asOf, engine.Options{}).Total; got != want {
				t.Errorf("deadline %v, as of %v: %d lots, want %d", deadline, asOf, got, want)
			}
		}
	}
}

// Equal scores: the least recently proposed first, then the draw of the seed.
func TestEqualScoresAreFair(t *testing.T) {
	t.Parallel()
	lot := greenSpaces(t)
	var all []*engine.Enterprise
	for i := range 6 {
		e := grower(t, `{"territory":"departement:26"}`, 3)
		e.ID = engine.EnterpriseID(i + 1)
		if i > 0 {
			e.LastProposed = now.Add(-time.Duration(i%3) * time.Hour)
		}
		all = append(all, e)
	}
	order := func(seed uint64) (ids []engine.EnterpriseID) {
		for _, m := range engine.NewRules(engine.Config{Atlas: atlas(t), Seed: seed}).Scan(lot, all, now, engine.Options{}).Matches {
			ids = append(ids, m.Enterprise)
		}
		return ids
	}
	first := order(1)
	if first[0] != 1 {
		t.Errorf("the one never proposed comes %v", first)
	}
	rank := map[engine.EnterpriseID]int{}
	for i, id := range first {
		rank[id] = i
	}
	if rank[3] > rank[2] || rank[6] > rank[2] || rank[2] > rank[4] || rank[5] > rank[4] {
		t.Errorf("order %v: two hours ago before one hour ago, before now", first)
	}
	differs := false
	for seed := range uint64(20) {
		got := order(seed)
		for i := range got {
			differs = differs || got[i] != first[i]
		}
	}
	if !differs {
		t.Error("the seed draws nothing")
	}
}

// A buyer excludes an enterprise for all its establishments, and no other buyer's.
func TestABuyerExcludes(t *testing.T) {
	t.Parallel()
	lot, e := greenSpaces(t), grower(t, `{"territory":"departement:26"}`, 3)
	lot.BuyerSIRET = "26260018200014"
	for refused, want := range map[string]int{"": 1, "26260018200022": 0, "262600182": 0, "21260165800012": 1} {
		e.Refused = []string{refused}
		c := engine.NewRules(engine.Config{Atlas: atlas(t)}).Scan(lot, []*engine.Enterprise{e}, now, engine.Options{})
		if c.Total != want {
			t.Errorf("excluded by %q: %d matches, want %d", refused, c.Total, want)
		}
	}
}

// Nothing that could tell how popular an enterprise is enters the score.
func TestPopularityChangesNoScore(t *testing.T) {
	t.Parallel()
	lot, e := greenSpaces(t), grower(t, `{"territory":"departement:26"}`, 3)
	base := one(t, lot, e)
	e.LastProposed, e.Name = now, "Another name"
	if m := one(t, lot, e); m.Score != base.Score || m.Confidence != base.Confidence {
		t.Error("a score changed with what is not a criterion")
	}
}
