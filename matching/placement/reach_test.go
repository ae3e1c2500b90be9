package placement_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// drome is the territory of the officer of these tests.
func drome() string {
	return territories.In(territories.Ref{Kind: territories.KindDepartement, Code: "26"}).String()
}

// choices are all that an officer may ask about.
func (r *room) choices() []placement.ReachChoice {
	r.t.Helper()
	p, err := r.network.SavePartnership(system(), &network.Partnership{Name: "Convention cuisine", Territory: drome(), From: "2026-01-01",
		Sectors: nomenclatures.SectorsOf(nomenclatures.Code{Scheme: nomenclatures.SchemeROME, Value: "G1602"}), Signatories: []network.ID{r.hotel.ID}})
	r.must(err)
	return []placement.ReachChoice{{}, {Territory: drome()}, {Partnership: p.ID}}
}

// reach is all that an officer reads, choice by choice.
func (r *room) reach(choices []placement.ReachChoice) string {
	r.t.Helper()
	var all []any
	for _, c := range choices {
		got, err := r.placement.Reach(r.officer, c)
		r.must(err)
		all = append(all, got)
	}
	out, err := json.Marshal(all)
	r.must(err)
	return string(out)
}

// cookOf is a cook of one structure after the other.
func (r *room) cookOf(i int) *people.Person {
	p := r.cook()
	p.OrganisationID = int64(r.structures()[i%3].ID)
	return p
}

// baker is somebody whom a kitchen does not suit, for whatever they miss, of one
// structure after the other.
func (r *room) baker(i int) *people.Person {
	p := r.cookOf(i)
	p.Profile.Wished, p.Profile.Held = []people.Wish{{ROME: "K1304"}}, nil
	return r.person(p)
}

// only is the one position that an officer reads.
func (r *room) only() placement.Reached {
	r.t.Helper()
	got, err := r.placement.Reach(r.officer, placement.ReachChoice{})
	r.must(err)
	if len(got.Positions) != 1 {
		r.t.Fatalf("an officer reads %+v", got.Positions)
	}
	return got.Positions[0]
}

// asked is a need for somebody who speaks a language.
func (r *room) asked(language, source string) *opportunities.Opportunity {
	o := r.kitchen()
	o.Source = source
	o.Lots[0].Terms.Languages = []opportunities.Speaking{{Language: language, Level: 5, Required: true}}
	return o
}

// publishedBy publishes through an account.
func (r *room) publishedBy(ctx context.Context, o *opportunities.Opportunity) opportunities.LotID {
	r.t.Helper()
	by := opportunities.By{UserID: int64(accounts.From(ctx).UserID)}
	made, err := r.lots.Create(ctx, by, o)
	r.must(err)
	made, err = r.lots.Publish(ctx, by, made.ID, 0)
	r.must(err)
	return made.Lots[0].ID
}

// course is a training that an officer publishes: it gives what a kitchen asks and
// appreciates, to whoever speaks a language.
func (r *room) course(language string) {
	r.t.Helper()
	o := &opportunities.Opportunity{Kind: opportunities.TrainingSession, Title: "Tableur", Place: r.kitchen().Place,
		Lots: []opportunities.Lot{{Number: "1", Title: "Tableur", Codes: rome("G1602"), Posts: 10, StartsOn: "2026-12-07", EndsOn: "2026-12-20", Hours: 70, Terms: &opportunities.Terms{
			Audience: opportunities.ForJourneys, Slots: nomenclatures.Every(0, 4, nomenclatures.Morning), Outcomes: []opportunities.Gain{{Code: "tableur"}, {Code: "permis-b"}},
			Languages: []opportunities.Speaking{{Language: language, Level: 5, Required: true}}}}}}
	r.must(r.lots.Offer(r.officer, accounts.From(r.officer), o))
	r.publishedBy(r.officer, o)
}

// One person more or less is not read: whatever is asked, the same is read of any
// number of people between two thresholds, and no threshold is chosen.
func TestOnePersonMoreIsNotRead(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		choices := r.choices()
		for i := range 5 {
			r.baker(i)
		}
		r.publish(r.kitchen())
		last, changes := "", []int{}
		for n := 0; n <= 22; n++ {
			if got := r.reach(choices); got != last {
				last, changes = got, append(changes, n)
			}
			p := r.cookOf(n)
			if n%2 == 0 {
				p.Profile.Languages, p.Commune = []people.Speaks{{Language: "fr", Level: 4}, {Language: "uk", Level: 6}}, "26281"
				p.Profile.Mobility = []people.Mobility{{Mode: people.Car, Km: 40}}
			}
			r.person(p)
		}
		if !slices.Equal(changes, []int{0, 5, 20}) {
			t.Errorf("what is read changes at %v people", changes)
		}
	})
}

// What is read of a position is the same whatever an officer writes, whatever is
// read beside it, whatever people say, and whatever they are told.
func TestNothingThatAnOfficerWritesMovesWhatIsRead(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		choices := r.choices()
		var folk []*people.Person
		for i := range 9 {
			p := r.cookOf(i)
			if p.Profile.Aptitudes = []people.Holding{{Code: "permis-b"}, {Code: "lire-ecrire"}}; i == 4 {
				p.Profile.Languages = []people.Speaks{{Language: "fr", Level: 4}, {Language: "uk", Level: 6}}
			}
			folk = append(folk, r.person(p))
		}
		for i := range 6 {
			r.baker(i)
			walker := r.cookOf(i)
			walker.Profile.Aptitudes = []people.Holding{{Code: "sst"}}
			r.person(walker)
		}
		need := r.kitchen()
		need.Lots[0].Terms.Aptitudes = []opportunities.Wanted{{Code: "permis-b", Required: true}, {Code: "tableur"}}
		lot := r.publish(need).Lots[0].ID
		before := r.reach(choices)
		for name, write := range map[string]func(){
			"a training for one": func() { r.course("uk") },
			"a training for all": func() { r.course("pt") },
			"a need":             func() { r.publishedBy(r.officer, r.asked("uk", "employer")) },
			"a need of its own":  func() { r.publishedBy(r.officer, r.asked("uk", "officer")) },
			"a refusal": func() {
				r.agree(lot, folk[0])
				_, err := r.people.Withdraw(r.cipOf(folk[0].OrganisationID), folk[0].ID, int64(lot))
				r.must(err)
			},
			"a proposal":          func() { r.agree(lot, folk[4]); r.propose(lot, folk[4]) },
			"what one person has": func() { r.speaks(folk[1], "uk") },
		} {
			write()
			if after := r.reach(choices); after != before {
				t.Errorf("%s is read:\n%s\n%s", name, before, after)
			}
		}
		r.wantReached(lot)
	})
}

func (r *room) speaks(p *people.Person, language string) {
	r.t.Helper()
	p.Profile.Languages = append(p.Profile.Languages, people.Speaks{Language: language, Level: 6})
	_, err := r.people.Update(r.cipOf(p.OrganisationID), 0, p)
	r.must(err)
}

// wantReached looks at what is told: how many, and what would open more.
func (r *room) wantReached(lot opportunities.LotID) {
	r.t.Helper()
	got, err := r.placement.Reach(r.officer, placement.ReachChoice{})
	r.must(err)
	if len(got.Positions) != 1 || got.Positions[0].Position.Lot != lot {
		r.t.Fatalf("an officer reads %+v", got)
	}
	p := got.Positions[0]
	if p.Suits != placement.Some {
		r.t.Errorf("a position that suits nine people reaches %+v", p)
	}
	if len(p.Helps) != 1 || p.Helps[0].Code != "permis-b" || p.Helps[0].Lack != placement.Some {
		r.t.Errorf("a licence that six lack would help: %+v", p.Helps)
	}
}

// Where nearly everybody suits, it is not told either: it would tell of each.
func TestWhatIsTrueOfEverybodyIsNotRead(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	for i := range 9 {
		r.person(r.cookOf(i))
	}
	r.publish(r.kitchen())
	for others := range 6 {
		want := placement.Unsaid
		if others >= 5 {
			want = placement.Some
		}
		if p := r.only(); p.Suits != want {
			t.Errorf("beside %d others an officer reads %+v", others, p)
		}
		r.baker(others)
	}
}

// A word is of three structures at least, on each side: who holds the journeys of one
// knows them all, and could add some.
func TestAWordIsOfThreeStructures(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	r.publish(r.kitchen())
	want := func(when string, b placement.Band) {
		t.Helper()
		if p := r.only(); p.Suits != b {
			t.Errorf("%s, an officer reads %+v", when, p)
		}
	}
	for i := range 6 {
		r.person(r.cookOf(i % 2))
		r.baker(i)
	}
	want("cooks of two structures", placement.Unsaid)
	r.person(r.cookOf(2))
	want("cooks of three", placement.Some)

	r = open(t, testkit.SQLite(t))
	r.publish(r.kitchen())
	for i := range 6 {
		r.person(r.cookOf(i))
		r.baker(i % 2)
	}
	want("the others of two structures", placement.Unsaid)
	r.baker(2)
	want("the others of three", placement.Some)
}

// No word is of a part of the people: a position of a structure says what the same one
// of an employer says, whomever the structure has.
func TestAPositionOfAStructureSaysWhatAnotherSays(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		own := r.kitchen()
		id := int64(r.here.ID)
		own.BuyerID, own.PublisherID, own.BuyerName = &id, &id, r.here.Name
		r.publish(r.kitchen())
		r.publish(own)
		for i := range 5 {
			r.baker(i)
		}
		said := map[placement.Band]bool{}
		for i := range 12 {
			r.person(r.cookOf(min(i, 2) * (i % 2))) // one in two of the structure itself
			got, err := r.placement.Reach(r.officer, placement.ReachChoice{})
			r.must(err)
			if len(got.Positions) != 2 || got.Positions[0].Suits != got.Positions[1].Suits {
				t.Fatalf("with %d cooks the two say %+v", i+1, got.Positions)
			}
			said[got.Positions[0].Suits] = true
		}
		if !said[placement.Some] {
			t.Error("nothing was said")
		}
	})
}

// A convention and a territory intersect, and nothing is read outside the perimeter.
func TestReachIsOfThePerimeterAndOfBothChoices(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	convention := r.choices()[2].Partnership
	at := func(commune string) opportunities.LotID {
		o := r.kitchen()
		o.Place.Perimeter = territories.In(territories.Ref{Kind: territories.KindCommune, Code: commune}).String()
		return r.publish(o).Lots[0].ID
	}
	valence, romans, bordeaux := at("26362"), at("26281"), at("33063")
	in := func(kind territories.Kind, code string) string {
		return territories.In(territories.Ref{Kind: kind, Code: code}).String()
	}
	for name, one := range map[string]struct {
		choice placement.ReachChoice
		want   []opportunities.LotID
	}{
		"nothing chosen":            {placement.ReachChoice{}, []opportunities.LotID{valence, romans}},
		"a convention":              {placement.ReachChoice{Partnership: convention}, []opportunities.LotID{valence, romans}},
		"a territory":               {placement.ReachChoice{Territory: in(territories.KindCommune, "26281")}, []opportunities.LotID{romans}},
		"both":                      {placement.ReachChoice{Partnership: convention, Territory: in(territories.KindCommune, "26362")}, []opportunities.LotID{valence}},
		"more than the perimeter":   {placement.ReachChoice{Territory: in(territories.KindRegion, "84")}, []opportunities.LotID{valence, romans}},
		"both, in no commune of it": {placement.ReachChoice{Partnership: convention, Territory: in(territories.KindCommune, "26108")}, nil},
	} {
		got, err := r.placement.Reach(r.officer, one.choice)
		r.must(err)
		var lots []opportunities.LotID
		for _, p := range got.Positions {
			lots = append(lots, p.Position.Lot)
		}
		if !slices.Equal(lots, one.want) {
			t.Errorf("%s: an officer reads %v, want %v", name, lots, one.want)
		}
	}
	for _, choice := range []placement.ReachChoice{{Territory: in(territories.KindDepartement, "33")}, {Partnership: convention, Territory: in(territories.KindCommune, "33063")}} {
		_, err := r.placement.Reach(r.officer, choice)
		r.refused(err, "invalid")
	}
	_, err := r.placement.Reach(r.officer, placement.ReachChoice{Partnership: convention, Territory: "zzz"})
	r.refused(err, "invalid")
	_ = bordeaux
}

// Nobody else reads it, and an officer reads no batch.
func TestOnlyAnOfficerReadsReach(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	r.crowd(2)
	r.publish(r.kitchen())
	for _, who := range []context.Context{r.cip, r.employer} {
		_, err := r.placement.Reach(who, placement.ReachChoice{})
		r.refused(err, "forbidden")
	}
	_, err := r.placement.Reach(r.officer, placement.ReachChoice{Territory: "zzz"})
	r.refused(err, "invalid")
	b := r.keep(r.cip, "a", placement.BatchRules{})
	_, err = r.placement.PreviewBatch(r.officer, placement.BatchRules{})
	r.refused(err, "forbidden")
	_, err = r.placement.ReadBatch(r.officer, b.ID)
	r.refused(err, "forbidden")
	_, err = r.placement.ReadBatch(r.other, b.ID)
	r.refused(err, "not-found")
}

// Nor does a training that one person may follow put them first in the audit.
func TestATrainingPutsNobodyFirst(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		var folk []*people.Person
		for range 9 {
			p := r.cook()
			p.Profile.Aptitudes = []people.Holding{{Code: "permis-b"}, {Code: "lire-ecrire"}}
			folk = append(folk, r.person(p))
		}
		need := r.kitchen()
		need.Lots[0].Terms.Aptitudes = []opportunities.Wanted{{Code: "permis-b", Required: true}, {Code: "tableur"}}
		r.publish(need)
		first := func() (out []map[people.ID]bool) {
			_, err := r.placement.PreviewBatch(r.cip, placement.BatchRules{}) // brings the index in step
			r.must(err)
			for n := 1; n <= 8; n++ {
				e, err := r.placement.Exposure(system(), n, 0)
				r.must(err)
				out = append(out, e.First)
			}
			return out
		}
		before := first()
		last := folk[slices.IndexFunc(folk, func(p *people.Person) bool { return !before[7][p.ID] })]
		r.speaks(last, "uk")
		r.course("uk")
		if after := first(); !slices.EqualFunc(before, after, maps.Equal) {
			t.Errorf("a training changes who is first: %v, %v", before, after)
		}
	})
}
