package network_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/territories"
)

func day(t testing.TB, s string) territories.Date {
	t.Helper()
	d, err := territories.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAStatusOnADay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, until string
		origin      network.Origin
		on          string
		want        network.Held
	}{
		{"2025-01-01", "2026-12-31", network.Declared, "2025-01-01", network.HeldYes},
		{"2025-01-01", "2026-12-31", network.Declared, "2026-12-31", network.HeldYes},
		{"2025-01-01", "2026-12-31", network.Confirmed, "2027-01-01", network.HeldNo},
		{"2025-01-01", "", network.Declared, "2024-12-31", network.HeldNo},
		{"2025-01-01", "", network.Declared, "2040-01-01", network.HeldYes},
		{"", "", network.Declared, "2026-01-01", network.HeldUnknown},
		{"", "", network.Confirmed, "2026-01-01", network.HeldYes},
		{"", "2026-06-30", network.Declared, "2026-01-01", network.HeldUnknown},
		{"", "2026-06-30", network.Declared, "2026-07-01", network.HeldNo},
	} {
		s := network.Status{Kind: network.ConventionEI, From: c.from, Until: c.until, Origin: c.origin}
		if got := s.On(day(t, c.on)); got != c.want {
			t.Errorf("[%s, %s] %s on %s: %s, want %s", c.from, c.until, c.origin, c.on, got, c.want)
		}
	}
	o := network.Organisation{Statuses: []network.Status{{Kind: network.ConventionEI}, {Kind: network.ConventionEI, From: "2020-01-01", Until: "2021-12-31"}, {Kind: network.AgrementEA, From: "2026-01-01"}}}
	if o.StatusOn(network.ConventionEI, day(t, "2021-01-01")) != network.HeldYes || o.StatusOn(network.ConventionEI, day(t, "2026-01-01")) != network.HeldUnknown ||
		o.StatusOn(network.AgrementEA, day(t, "2025-12-31")) != network.HeldNo || len(o.StatusesOn(day(t, "2026-01-01"))) != 2 {
		t.Error("the surest answer of the periods is expected")
	}
}

// Trade, mode and zone must hold on one same activity.
func TestAFilterHoldsOnOneActivity(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx, s, ok := context.Background(), service(t, st), must[*network.Organisation](t)
		o := &network.Organisation{Role: network.Member, Kind: network.KindEI, Name: "Deux métiers", Active: true, Sites: []network.Site{{Commune: "26362"}},
			Activities: []network.Activity{
				{Codes: []nomenclatures.Code{{Scheme: "sector", Value: "nettoyage-locaux"}}, Zone: `{"territory":"departement:26"}`, Modes: []network.Mode{network.Provision}},
				{Codes: []nomenclatures.Code{{Scheme: "sector", Value: "espaces-verts"}}, Zone: `{"territory":"departement:38"}`, Modes: []network.Mode{network.Staffing}},
			}}
		o = ok(s.Save(ctx, o, 0))
		ok(s.Save(ctx, &network.Organisation{Role: network.Buyer, Name: "Une ville", Active: true}, 0))
		vague := ok(s.Save(ctx, &network.Organisation{Role: network.Member, Kind: network.KindAI, Name: "Vague", Active: true,
			Activities: []network.Activity{{Modes: []network.Mode{network.Staffing}, Origin: network.Assumed}}}, 0))
		parisian := ok(s.Save(ctx, &network.Organisation{Role: network.Partner, Name: "Ici", Active: true, Sites: []network.Site{{Commune: "75112"}}}, 0))
		drome, isere, ain := in(t, "departement:26"), in(t, "departement:38"), in(t, "departement:01")
		cleaning, green := []nomenclatures.Code{{Scheme: "cpv", Value: "90911200"}}, []nomenclatures.Code{{Scheme: "cpv", Value: "77310000"}}
		for name, c := range map[string]struct {
			f    network.Filter
			want []network.ID
		}{
			"cleaning in the Drôme":        {network.Filter{Codes: cleaning, Territory: drome}, []network.ID{o.ID}},
			"cleaning in Isère":            {network.Filter{Codes: cleaning, Territory: isere}, nil},
			"green in Isère":               {network.Filter{Codes: green, Territory: isere}, []network.ID{o.ID}},
			"green in Isère, provision":    {network.Filter{Codes: green, Territory: isere, Modes: []network.Mode{network.Provision}}, nil},
			"green, its site in the Drôme": {network.Filter{Codes: green, Territory: drome, Presence: network.BySite}, []network.ID{o.ID}},
			"in Isère by its site":         {network.Filter{Territory: isere, Presence: network.BySite}, nil},
			"in Isère":                     {network.Filter{Territory: isere}, []network.ID{o.ID}},
			"in Paris by its site":         {network.Filter{Territory: in(t, "region:11"), Presence: network.BySite}, []network.ID{parisian.ID}},
			"in Ain":                       {network.Filter{Territory: ain}, nil},
			"to be specified":              {network.Filter{Roles: []network.Role{network.Member}, ToSpecify: true}, []network.ID{vague.ID}},
			"assumed":                      {network.Filter{Assumed: true}, []network.ID{vague.ID}},
			"kind":                         {network.Filter{Kinds: []network.Kind{network.KindEI}}, []network.ID{o.ID}},
			"text":                         {network.Filter{Text: "VALENCE metiers"}, []network.ID{o.ID}},
		} {
			page, err := s.List(ctx, c.f, network.Request{})
			var got []network.ID
			for _, found := range page.Items {
				got = append(got, found.ID)
			}
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v (%v)", name, got, c.want, err)
			}
		}
		ok(s.Deactivate(ctx, vague.ID, vague.Revision))
		counts, err := s.Counts(ctx, network.Filter{Roles: []network.Role{network.Member}})
		if err != nil || counts.Total != 1 || counts.ToSpecify != 0 {
			t.Errorf("%+v, %v", counts, err)
		}
		if counts, err = s.Counts(ctx, network.Filter{Inactive: true}); err != nil || counts.Total != 4 {
			t.Errorf("%+v, %v", counts, err)
		}
		if _, err := s.List(ctx, network.Filter{}, network.Request{After: "!"}); !fault.Is(err, fault.KindInvalid) {
			t.Error(err)
		}
	})
}

func in(t testing.TB, ref string) territories.Expr {
	t.Helper()
	r, err := territories.ParseRef(ref)
	if err != nil {
		t.Fatal(err)
	}
	return territories.In(r)
}

func TestPagesMakeTheWhole(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), service(t, testkit.SQLite(t))
	for i := range 23 {
		o := &network.Organisation{Role: network.Partner, Name: fmt.Sprintf("Partenaire %c", 'a'+i%7), Active: true}
		if _, err := s.Save(ctx, o, 0); err != nil {
			t.Fatal(err)
		}
	}
	var whole, cut []network.ID
	if err := s.Each(ctx, network.Filter{}, func(o *network.Organisation) bool { whole = append(whole, o.ID); return true }); err != nil {
		t.Fatal(err)
	}
	for r := (network.Request{Limit: 4}); ; {
		page, err := s.List(ctx, network.Filter{Text: "partenaire"}, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Items {
			cut = append(cut, o.ID)
		}
		if r.After = page.Next; r.After == "" {
			break
		}
	}
	if len(whole) != 23 || !slices.Equal(whole, cut) {
		t.Errorf("by pages %v, whole %v", cut, whole)
	}
	var batched int
	err := s.EachBatch(ctx, 5, []network.Role{network.Partner}, func(b []*network.Organisation) error { batched += len(b); return nil })
	if err != nil || batched != 23 {
		t.Errorf("%d by batches, %v", batched, err)
	}
}
