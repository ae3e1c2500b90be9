package network_test

import (
	"context"
	"slices"
	"testing"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/territories"
)

func atlas(t testing.TB) *territories.Atlas {
	t.Helper()
	a, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func service(t testing.TB, st *store.Store) *network.Service {
	t.Helper()
	return network.NewService(network.Config{Store: st, Atlas: atlas(t), Now: testkit.NewClock("2026-11-23T08:00:00Z").Now})
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func gardeners() *network.Organisation {
	return &network.Organisation{
		Role: network.Member, Kind: network.KindACI, SIRET: "732 829 320 00074", Name: "Les Jardins du Rhône", NAF: "81.30Z", Active: true,
		Website: "jardins.example", Source: "account",
		Sites:    []network.Site{{Commune: "26281", City: "Romans-sur-Isère", Postcode: "26100"}, {Commune: "26362", City: "Valence"}},
		Statuses: []network.Status{{Kind: network.ConventionACI, From: "2024-01-01", Until: "2026-12-31", FTE: 12, Proof: "026-24-001"}},
		Activities: []network.Activity{{
			Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: "77310000"}}, Modes: []network.Mode{network.Provision},
			Zone: `{ "territory": "departement:26" }`, Origin: network.Declared,
		}},
		Certifications: []network.Certification{{Code: "CEDRE", From: "2025-01-01"}},
		References:     []network.Reference{{Title: "Entretien du parc", Code: "77310000", Year: 2025, Buyer: "Ville de Romans"}},
	}
}

func TestAnOrganisationIsKeptWhole(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx, s, ok := context.Background(), service(t, st), must[*network.Organisation](t)
		o := ok(s.Save(ctx, gardeners(), 0))
		read := ok(s.Get(ctx, o.ID))
		if len(read.Sites) != 2 || len(read.Statuses) != 1 || len(read.Activities) != 1 || len(read.Certifications) != 1 || len(read.References) != 1 {
			t.Fatalf("read %+v", read)
		}
		if read.SIRET != "73282932000074" || read.NAF != "8130Z" || read.Website != "https://jardins.example" || !read.Sites[0].Main ||
			read.Activities[0].Zone != `{"territory":"departement:26"}` || read.Certifications[0].Code != "cedre" {
			t.Fatalf("not in its usual form: %+v", read)
		}
		again := ok(s.Save(ctx, read, read.Revision))
		if again.Revision != read.Revision || again.Activities[0].ID != read.Activities[0].ID {
			t.Fatalf("saving the same thing: revision %d", again.Revision)
		}
		read.Activities[0].FTE = 4
		read.Certifications = nil
		ok(s.Save(ctx, read, 1))
		if read = ok(s.Get(ctx, o.ID)); read.Revision != 2 || read.Activities[0].FTE != 4 || len(read.Certifications) != 0 {
			t.Fatalf("after a change: %+v", read)
		}
		if _, err := s.Save(ctx, read, 1); !fault.Is(err, fault.KindPrecondition) {
			t.Fatalf("saved from an old revision: %v", err)
		}
		if _, err := s.Save(ctx, gardeners(), 0); !fault.Is(err, fault.KindConflict) {
			t.Fatalf("two organisations with one identity: %v", err)
		}
		same := must[[]*network.Organisation](t)(s.BySIRET(ctx, o.SIRET))
		if len(same) != 1 || ok(s.ByIdentity(ctx, o.SIRET, network.KindACI)).ID != o.ID {
			t.Fatal("not found by its identity")
		}
		changes, _, err := st.ChangesSince(ctx, store.Cursor{})
		if err != nil || len(changes) != 2 || changes[0] != (store.Change{Entity: "organisation", ID: int64(o.ID)}) {
			t.Fatalf("journal %v, %v", changes, err)
		}
	})
}

func TestEveryFaultIsLocated(t *testing.T) {
	t.Parallel()
	s := service(t, testkit.SQLite(t))
	o := gardeners()
	o.SIRET = "73282932000075"
	o.Website = "javascript://x"
	o.Sites[0].Commune = "99999"
	o.Statuses = append(o.Statuses, network.Status{Kind: network.Equivalent, Share: 1.2, From: "2026-02-01", Until: "2026-01-01"})
	o.Activities[0].Codes = append(o.Activities[0].Codes, nomenclatures.Code{Scheme: "cpv", Value: "77"}, nomenclatures.Code{Scheme: "naf", Value: "8130Z"})
	o.Activities[0].Zone = `{"territory":"departement:00"}`
	_, err := s.Save(context.Background(), o, 0)
	if !fault.Is(err, fault.KindInvalid) {
		t.Fatalf("got %v", err)
	}
	var paths []string
	for _, f := range fault.Of(err).Fields {
		if f.Message.FR == "" || f.Message.EN == "" {
			t.Errorf("%s has no sentence in both languages", f.Path)
		}
		paths = append(paths, f.Path)
	}
	for _, want := range []string{"siret", "website", "sites[0].commune", "statuses[1].share", "statuses[1].proof", "statuses[1].until",
		"activities[0].codes[2]", "activities[0].zone"} {
		if !slices.Contains(paths, want) {
			t.Errorf("%s is not among the faults %v", want, paths)
		}
	}
}

func TestTiesAndTheirMatches(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx, s, ok := context.Background(), service(t, st), must[*network.Organisation](t)
		a := ok(s.Save(ctx, gardeners(), 0))
		other := gardeners()
		other.Kind, other.Name = network.KindEI, "Les Jardins d’Ardèche"
		b := ok(s.Save(ctx, other, 0))
		if _, err := s.SaveGroup(ctx, &network.Group{Key: "ges:jardins", Name: "GES Jardins", Members: []network.ID{b.ID, a.ID, a.ID}}); err != nil {
			t.Fatal(err)
		}
		p, err := s.SavePole(ctx, &network.Pole{Name: "Pôle Sud", Seat: "26281", Territory: `{"territory":"departement:26"}`,
			Members: []network.ID{a.ID}, Projects: []network.Project{{Title: "Ressourcerie", State: "idea"}}})
		if err != nil {
			t.Fatal(err)
		}
		frame, err := s.SavePartnership(ctx, &network.Partnership{Key: "hr", Name: "Hôtellerie", Sectors: []nomenclatures.Sector{nomenclatures.Sectors()[0].Code}})
		if err != nil {
			t.Fatal(err)
		}
		local := &network.Partnership{Key: "hr-26", ParentID: &frame.ID, Name: "Hôtellerie Drôme", Territory: `{"territory":"departement:26"}`,
			Signatories: []network.ID{a.ID}, From: "2026-01-01", Until: "2026-12-31"}
		if local, err = s.SavePartnership(ctx, local); err != nil {
			t.Fatal(err)
		}
		if _, err := s.SavePartnership(ctx, &network.Partnership{Name: "x", ParentID: &local.ID}); !fault.Is(err, fault.KindInvalid) {
			t.Fatalf("a convention of a convention: %v", err)
		}
		ties, err := s.TiesOf(ctx, a.ID, b.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(ties[a.ID].Groups) != 1 || len(ties[b.ID].Groups) != 1 || len(ties[a.ID].Poles) != 1 || len(ties[b.ID].Poles) != 0 ||
			ties[a.ID].Partnerships[0].Name != "Hôtellerie Drôme" || !ties[a.ID].Partnerships[0].On(territories.Date{Year: 2026, Month: 6, Day: 1}) ||
			ties[a.ID].Partnerships[0].On(territories.Date{Year: 2027, Month: 1, Day: 1}) {
			t.Fatalf("ties %+v", ties)
		}
		p.Members = nil
		p.Projects[0].State = "running"
		if p, err = s.SavePole(ctx, p); err != nil || p.Projects[0].ID == 0 {
			t.Fatal(p, err)
		}
		poles, err := s.Poles(ctx)
		if err != nil || len(poles) != 1 || len(poles[0].Members) != 0 || poles[0].Projects[0].State != "running" {
			t.Fatalf("%+v, %v", poles, err)
		}
		if got := ok(s.Get(ctx, a.ID)); got.Revision != 5 {
			t.Errorf("revision %d after a group, a pole, a convention and the end of the pole, want 5", got.Revision)
		}
		all, err := s.Partnerships(ctx)
		if err != nil || len(all) != 2 || all[0].ID != frame.ID || len(all[1].Signatories) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		page, err := s.List(ctx, network.Filter{Group: 1, Pole: p.ID}, network.Request{})
		if err != nil || len(page.Items) != 0 {
			t.Fatalf("%+v, %v", page, err)
		}
		if page, err = s.List(ctx, network.Filter{Group: 1}, network.Request{Limit: 1}); err != nil || len(page.Items) != 1 || page.Next == "" {
			t.Fatalf("%+v, %v", page, err)
		}
		if page, err = s.List(ctx, network.Filter{Group: 1}, network.Request{Limit: 1, After: page.Next}); err != nil || len(page.Items) != 1 || page.Next != "" || page.Items[0].ID != a.ID {
			t.Fatalf("%+v, %v", page, err)
		}
		before := ok(s.Get(ctx, a.ID)).Revision
		if err := s.RemovePartnership(ctx, frame.ID, 0); err != nil {
			t.Fatal(err)
		}
		if all, err = s.Partnerships(ctx); err != nil || len(all) != 0 || ok(s.Get(ctx, a.ID)).Revision != before+1 {
			t.Fatalf("a frame removed with its convention: %+v, %v", all, err)
		}
		if err := s.RemoveGroup(ctx, 99, 0); !fault.Is(err, fault.KindNotFound) {
			t.Fatal(err)
		}
	})
}
