package opportunities_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

func valence() opportunities.Place {
	return opportunities.Place{Perimeter: `{"territory":"commune:26362"}`, Words: "Valence"}
}

func rome(code string) []nomenclatures.Code {
	return []nomenclatures.Code{nomenclatures.ROME(code).Code()}
}

// housekeeping is a need of a hotel at two places.
func housekeeping() *opportunities.Opportunity {
	terms := &opportunities.Terms{Contract: opportunities.Permanent, Hours: 24, Slots: nomenclatures.Every(0, 5, nomenclatures.Morning), Split: true, Reach: 25, Beginner: true,
		Aptitudes: []opportunities.Wanted{{Code: "chambres", Level: nomenclatures.WithHelp, Required: true}, {Code: "linge"}, {Code: "permis-b"}},
		Languages: []opportunities.Speaking{{Language: "FR ", Level: 2, Required: true}},
		Contact:   opportunities.Contact{Name: "Camille Bertrand", Email: "camille@hotel.example", Phone: "04 75 00 00 00"}}
	return &opportunities.Opportunity{Kind: opportunities.JobNeed, Title: "Chambres à Valence", Place: valence(), Lots: []opportunities.Lot{
		{Title: "Gare", Posts: 2, Codes: rome("G1501"), StartsOn: "2027-01-04", Terms: terms},
		{Title: "Centre", Posts: 1, Codes: rome("G1501"), StartsOn: "2027-01-11", Terms: &opportunities.Terms{}},
	}}
}

func forklift(starts string) *opportunities.Opportunity {
	return &opportunities.Opportunity{Kind: opportunities.TrainingSession, Title: "CACES chariot frontal", Place: valence(), Lots: []opportunities.Lot{{
		Posts: 8, Hours: 35, StartsOn: starts, EndsOn: "2027-02-05", Terms: &opportunities.Terms{
			Audience: opportunities.ForJourneys, Outcomes: []opportunities.Gain{{Code: "caces-r489-3"}}, Leads: []nomenclatures.ROME{"N1101"},
			Aptitudes: []opportunities.Wanted{{Code: "compter", Level: nomenclatures.Notions, Required: true}}},
	}}}
}

func immersion(starts, ends string) *opportunities.Opportunity {
	return &opportunities.Opportunity{Kind: opportunities.Immersion, Title: "Découvrir la cuisine", Place: valence(), Lots: []opportunities.Lot{{
		Posts: 1, Codes: rome("G1602"), StartsOn: starts, EndsOn: ends, Terms: &opportunities.Terms{Aim: opportunities.Discover}}}}
}

// pathsOf lists the places of the faults of an error.
func pathsOf(err error) (out []string) {
	var f *fault.Error
	if errors.As(err, &f) {
		for _, field := range f.Fields {
			out = append(out, field.Path)
		}
	}
	return out
}

func TestEveryFaultOfAPositionIsLocated(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	s, _ := service(t, st)
	first := func(o *opportunities.Opportunity) *opportunities.Terms { return o.Lots[0].Terms }
	for name, one := range map[string]struct {
		o     *opportunities.Opportunity
		spoil func(*opportunities.Opportunity)
		want  string
	}{
		"a tender has no terms":   {cleaning(), func(o *opportunities.Opportunity) { o.Lots[1].Terms = &opportunities.Terms{Hours: 3} }, "lots[1].terms"},
		"hours":                   {housekeeping(), func(o *opportunities.Opportunity) { first(o).Hours = 49 }, "lots[0].terms.hours"},
		"reach":                   {housekeeping(), func(o *opportunities.Opportunity) { first(o).Reach = -1 }, "lots[0].terms.reach"},
		"slots":                   {housekeeping(), func(o *opportunities.Opportunity) { first(o).Slots = 1 << 30 }, "lots[0].terms.slots"},
		"posts":                   {housekeeping(), func(o *opportunities.Opportunity) { o.Lots[1].Posts = 5000 }, "lots[1].posts"},
		"contract":                {housekeeping(), func(o *opportunities.Opportunity) { first(o).Contract = "stage" }, "lots[0].terms.contract"},
		"unknown aptitude":        {housekeeping(), func(o *opportunities.Opportunity) { first(o).Aptitudes[1].Code = "voler" }, "lots[0].terms.aptitudes[1].code"},
		"aptitude twice":          {housekeeping(), func(o *opportunities.Opportunity) { first(o).Aptitudes[1].Code = "chambres" }, "lots[0].terms.aptitudes[1].code"},
		"level of a licence":      {housekeeping(), func(o *opportunities.Opportunity) { first(o).Aptitudes[2].Level = 2 }, "lots[0].terms.aptitudes[2].level"},
		"level too high":          {housekeeping(), func(o *opportunities.Opportunity) { first(o).Aptitudes[0].Level = 5 }, "lots[0].terms.aptitudes[0].level"},
		"language":                {housekeeping(), func(o *opportunities.Opportunity) { first(o).Languages[0].Language = "zz1" }, "lots[0].terms.languages[0].language"},
		"fluency":                 {housekeeping(), func(o *opportunities.Opportunity) { first(o).Languages[0].Level = 9 }, "lots[0].terms.languages[0].level"},
		"address":                 {housekeeping(), func(o *opportunities.Opportunity) { first(o).Contact.Email = "camille" }, "lots[0].terms.contact.email"},
		"telephone":               {housekeeping(), func(o *opportunities.Opportunity) { first(o).Contact.Phone = "demander Jo" }, "lots[0].terms.contact.phone"},
		"aim of a need":           {housekeeping(), func(o *opportunities.Opportunity) { first(o).Aim = opportunities.Recruit }, "lots[0].terms.aim"},
		"outcomes of a need":      {housekeeping(), func(o *opportunities.Opportunity) { first(o).Leads = []nomenclatures.ROME{"G1602"} }, "lots[0].terms.outcomes"},
		"an immersion is unpaid":  {immersion("", ""), func(o *opportunities.Opportunity) { first(o).Contract = opportunities.FixedTerm }, "lots[0].terms.contract"},
		"an immersion of 5 weeks": {immersion("2027-01-04", "2027-02-04"), func(*opportunities.Opportunity) {}, "lots[0].ends_on"},
		"an immersion to March":   {immersion("2027-01-31", "2027-03-01"), func(*opportunities.Opportunity) {}, "lots[0].ends_on"},
		"no audience":             {forklift("2027-02-01"), func(o *opportunities.Opportunity) { first(o).Audience = "" }, "lots[0].terms.audience"},
		"no outcome":              {forklift("2027-02-01"), func(o *opportunities.Opportunity) { first(o).Outcomes, first(o).Leads = nil, nil }, "lots[0].terms.outcomes"},
		"unknown outcome":         {forklift("2027-02-01"), func(o *opportunities.Opportunity) { first(o).Outcomes[0].Code = "x" }, "lots[0].terms.outcomes[0].code"},
		"unknown lead":            {forklift("2027-02-01"), func(o *opportunities.Opportunity) { first(o).Leads[0] = "Z9999" }, "lots[0].terms.leads[0]"},
		"a session has a day":     {forklift(""), func(*opportunities.Opportunity) {}, "lots[0].starts_on"},
		"a session has a place":   {forklift("2027-02-01"), func(o *opportunities.Opportunity) { o.Place = opportunities.Place{} }, "lots[0].place"},
		"a mission has a user": {&opportunities.Opportunity{Kind: opportunities.Mission, Title: "Manutention"},
			func(*opportunities.Opportunity) {}, "buyer_name"},
		"a mission of 25 months": {&opportunities.Opportunity{Kind: opportunities.Mission, Title: "Manutention", BuyerName: "Entrepôt", Lots: []opportunities.Lot{{StartsOn: "2027-01-01", EndsOn: "2029-01-31"}}},
			func(*opportunities.Opportunity) {}, "lots[0].ends_on"},
	} {
		one.spoil(one.o)
		_, err := s.Create(context.Background(), opportunities.By{}, one.o)
		if got := pathsOf(err); !slices.Equal(got, []string{one.want}) {
			t.Errorf("%s: faults at %v, not %s: %v", name, got, one.want, err)
		}
	}
	// A month from date to date ends the day before, with the month where it has no such day.
	for starts, ends := range map[string]string{"2027-01-04": "2027-02-03", "2027-01-31": "2027-02-28", "2027-12-31": "2028-01-30"} {
		if _, err := s.Create(context.Background(), opportunities.By{}, immersion(starts, ends)); err != nil {
			t.Errorf("a month from %s: %v", starts, err)
		}
	}
}

// TestANeedOfSeveralPlaces keeps the terms of each lot, tells their changes in
// words, and raises only the lot that changed.
func TestANeedOfSeveralPlaces(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		s, _ := service(t, st)
		ok := must[*opportunities.Opportunity](t)
		o := ok(s.CreateAndPublish(ctx, opportunities.By{}, housekeeping()))
		o = ok(s.Get(ctx, o.ID))
		if len(o.Lots) != 2 || o.Lots[0].Terms.Languages[0].Language != "fr" || o.Lots[0].Terms.Contact.Name == "" || o.Lots[1].Terms != nil {
			t.Fatalf("kept %+v and %+v", o.Lots[0].Terms, o.Lots[1].Terms)
		}
		if same := ok(s.Update(ctx, opportunities.By{}, 0, o)); same.Revision != o.Revision {
			t.Fatal("an update that changes nothing raised the revision")
		}
		wanted := housekeeping()
		wanted.ID, wanted.Lots[0].Number, wanted.Lots[1].Number = o.ID, "1", "2"
		terms := wanted.Lots[0].Terms
		terms.Hours, terms.Split, terms.Slots, terms.Aptitudes[1].Required, terms.Contact.Name = 30, false, nomenclatures.SlotAt(0, nomenclatures.Morning), true, "Dominique Faure"
		after := ok(s.Update(ctx, opportunities.By{}, 0, wanted))
		if after.Lots[0].Revision != o.Lots[0].Revision+1 || after.Lots[1].Revision != o.Lots[1].Revision {
			t.Errorf("revisions %d and %d", after.Lots[0].Revision, after.Lots[1].Revision)
		}
		events := must[[]opportunities.Event](t)(s.Events(ctx, o.ID, 1))
		got, _ := json.Marshal(events[0].Diff)
		want := `[{"field":"lots[1].terms.hours","before":24,"after":30},` +
			`{"field":"lots[1].terms.slots","before":"mon-morning tue-morning wed-morning thu-morning fri-morning sat-morning","after":"mon-morning"},` +
			`{"field":"lots[1].terms.split","before":true},` +
			`{"field":"lots[1].terms.required","before":"chambres (2)","after":"chambres (2), linge"},` +
			`{"field":"lots[1].terms.appreciated","before":"linge, permis-b","after":"permis-b"},` +
			`{"field":"lots[1].terms.contact"}]`
		if string(got) != want {
			t.Errorf("the history says\n%s\nnot\n%s", got, want)
		}
	})
}

// TestWhoAnswersIsNowhereButInTheTerms: not in the search, the feeds or the history.
func TestWhoAnswersIsNowhereButInTheTerms(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	ctx := context.Background()
	s, _ := service(t, st)
	o := must[*opportunities.Opportunity](t)(s.CreateAndPublish(ctx, opportunities.By{}, housekeeping()))
	var csv, atom, ics strings.Builder
	items := []*opportunities.Opportunity{o}
	outlet := opportunities.Outlet{Site: "https://m.example"}
	for _, err := range []error{opportunities.WriteCSV(&csv, outlet, items), opportunities.WriteAtom(&atom, outlet, items), opportunities.WriteCalendar(&ics, outlet, items)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	shown, _ := json.Marshal(o.Lots[0].Terms.Shown())
	for name, text := range map[string]string{"search": o.Folded + o.Facets, "csv": csv.String(), "atom": atom.String(), "calendar": ics.String(), "shown": string(shown)} {
		for _, secret := range []string{"camille", "bertrand", "hotel.example", "04 75"} {
			if strings.Contains(strings.ToLower(text), secret) {
				t.Errorf("%s says %q: %s", name, secret, text)
			}
		}
	}
	page := must[opportunities.Page](t)(s.List(ctx, opportunities.Filter{Text: "bertrand"}, opportunities.Request{}))
	if len(page.Items) != 0 {
		t.Error("the need is found by who answers")
	}
}

func TestWhatOnlyPeopleAnswerIsListedWhereItIsAsked(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		s, clock := service(t, st)
		for _, o := range []*opportunities.Opportunity{housekeeping(), immersion("", ""), forklift("2027-02-01"), cleaning()} {
			must[*opportunities.Opportunity](t)(s.CreateAndPublish(ctx, opportunities.By{}, o))
		}
		session := []opportunities.Kind{opportunities.TrainingSession}
		for name, f := range map[string]struct {
			filter opportunities.Filter
			want   int
		}{
			"enterprises":   {opportunities.Filter{Open: true}, 2},
			"sessions":      {opportunities.Filter{Kinds: session}, 1},
			"gives":         {opportunities.Filter{Kinds: session, Training: opportunities.Training{Gives: []nomenclatures.Aptitude{"psc1", "caces-r489-3"}}}, 1},
			"gives another": {opportunities.Filter{Kinds: session, Training: opportunities.Training{Gives: []nomenclatures.Aptitude{"psc1"}}}, 0},
			"staff":         {opportunities.Filter{Kinds: session, Training: opportunities.Training{Audience: opportunities.ForStaff}}, 0},
			"leads":         {opportunities.Filter{Kinds: session, Codes: rome("N1101")}, 1},
			"leads no more": {opportunities.Filter{Kinds: session, Codes: rome("G1602")}, 0},
		} {
			counts := must[opportunities.Counts](t)(s.Counts(ctx, f.filter))
			page := must[opportunities.Page](t)(s.List(ctx, f.filter, opportunities.Request{}))
			if counts.Total != f.want || len(page.Items) != f.want {
				t.Errorf("%s: %d listed, %d counted, not %d", name, len(page.Items), counts.Total, f.want)
			}
		}
		giving := func(a nomenclatures.Aptitude, place, from string) int {
			in := must[territories.Expr](t)(territories.ParseExpr([]byte(place)))
			return len(must[[]*opportunities.Lot](t)(s.SessionsGiving(ctx, a, in, must[territories.Date](t)(territories.ParseDate(from)))))
		}
		drome, ain := `{"territory":"departement:26"}`, `{"territory":"departement:01"}`
		if giving("caces-r489-3", drome, "2027-01-01") != 1 || giving("caces-r489-3", ain, "2027-01-01") != 0 || giving("caces-r489-3", drome, "2027-03-01") != 0 {
			t.Error("sessions giving an aptitude are not those that do")
		}
		var lots int
		if err := s.EachPosition(ctx, 1, func(all []*opportunities.Lot) error { lots += len(all); return nil }); err != nil || lots != 4 {
			t.Errorf("%d positions: %v", lots, err)
		}
		clock.Advance(75 * 24 * 3_600_000_000_000)
		if n, err := s.CloseLate(ctx); err != nil || n != 2 { // the call and the session that has begun
			t.Errorf("closed %d: %v", n, err)
		}
		if n, err := s.CloseLate(ctx); err != nil || n != 0 {
			t.Errorf("closed again %d: %v", n, err)
		}
		if giving("caces-r489-3", drome, "2027-01-01") != 0 {
			t.Error("a session that has begun is still to join")
		}
	})
}

// TestWhoOffersAPosition: missions come from who lends people, immersions from
// employers and members, training from members and the network.
func TestWhoOffersAPosition(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		s, _ := service(t, st)
		lender, other, hotel := organisation(t, st, network.Member, network.KindETTI), organisation(t, st, network.Member, network.KindACI), organisation(t, st, network.Employer, "")
		offer := func(role accounts.Role, own int64, o *opportunities.Opportunity) error {
			id := accounts.Identity{UserID: 7, Role: role, OrganisationID: own}
			if err := s.Offer(ctx, id, o); err != nil {
				return err
			}
			_, err := s.Create(ctx, opportunities.By{UserID: 7}, o)
			return err
		}
		mission := func(buyer *int64) *opportunities.Opportunity {
			return &opportunities.Opportunity{Kind: opportunities.Mission, Title: "Préparateurs", BuyerName: "Entrepôt du Rhône", BuyerID: buyer, Place: valence()}
		}
		for name, one := range map[string]struct {
			err  error
			path string
		}{
			"an ETTI lends":                   {offer(accounts.Member, lender, mission(nil)), ""},
			"to another":                      {offer(accounts.Member, lender, mission(&lender)), "buyer_id"},
			"an ACI does not":                 {offer(accounts.Member, other, mission(nil)), "kind"},
			"an employer does not":            {offer(accounts.Employer, hotel, mission(nil)), "kind"},
			"an employer welcomes":            {offer(accounts.Employer, hotel, immersion("", "")), ""},
			"a member welcomes":               {offer(accounts.Member, other, immersion("", "")), ""},
			"a member trains":                 {offer(accounts.Member, other, forklift("2027-02-01")), ""},
			"an officer trains":               {offer(accounts.Admin, 0, forklift("2027-02-01")), ""},
			"an employer does not train here": {offer(accounts.Employer, hotel, forklift("2027-02-01")), "kind"},
		} {
			got := pathsOf(one.err)
			if one.path == "" && one.err != nil || one.path != "" && !slices.Equal(got, []string{one.path}) {
				t.Errorf("%s: %v (%v)", name, one.err, got)
			}
		}
	})
}

// organisation makes an organisation at Valence and gives its number.
func organisation(t testing.TB, st *store.Store, role network.Role, kind network.Kind) int64 {
	t.Helper()
	s := network.NewService(network.Config{Store: st, Atlas: atlas(t)})
	o, err := s.Save(context.Background(), &network.Organisation{Role: role, Kind: kind, Name: "Structure " + string(role) + string(kind),
		Sites: []network.Site{{Main: true, Commune: "26362", City: "Valence"}}, Source: "test"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return int64(o.ID)
}
