package dossier_test

import (
	"testing"
	"time"

	"maillage/followup"
	"maillage/followup/dossier"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

func TestAContactIsNamedIfItAgreed(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	for _, c := range []struct{ contact, agreed, path string }{{"Mme Roux, service espaces verts", "", "agreed_on"}, {"", "2026-01-10", "contact"}, {"M. Brun", "2026-12-01", "agreed_on"}} {
		_, err := r.files.SaveReference(r.as(0), dossier.Reference{OrganisationID: r.members[0].ID, Object: "Berges", Buyer: "Ville de Die", Year: 2025, Contact: c.contact, AgreedOn: c.agreed})
		if f := fault.Of(err); f.Kind != fault.KindInvalid || f.Fields[0].Path != c.path {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestAWinIsAReferenceOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		won := dossier.Reference{OrganisationID: r.members[0].ID, MatchID: &r.ids[0], Object: "Berges", Buyer: "Ville de Livron", Year: 2026}
		if _, err := r.files.SaveReference(r.as(0), won); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a reference of what is not won: %v", err)
		}
		r.submit()
		r.clock.Advance(20 * 24 * time.Hour) // past the deadline
		_, err := r.follow.Move(r.as(0), r.ids[0], 0, followup.Step{To: followup.Won})
		r.must(err)
		wins, err := r.files.Wins(r.as(0), r.members[0].ID)
		r.must(err)
		if len(wins) != 1 || wins[0].Buyer != "Ville de Livron" || wins[0].Year != 2026 {
			t.Fatalf("wins %+v", wins)
		}
		for range 2 {
			_, err = r.files.SaveReference(r.as(0), won)
			r.must(err)
		}
		all, err := r.files.References(r.as(0), r.members[0].ID)
		r.must(err)
		wins, err = r.files.Wins(r.as(0), r.members[0].ID)
		r.must(err)
		if len(all) != 1 || len(wins) != 0 {
			t.Errorf("references %+v, wins %+v", all, wins)
		}
		all[0].Amount = 52000
		changed, err := r.files.SaveReference(r.as(0), all[0])
		r.must(err)
		if changed.Revision != 2 || changed.MatchID == nil {
			t.Errorf("changed %+v", changed)
		}
		if _, err := r.files.SaveReference(r.as(0), all[0]); !fault.Is(err, fault.KindPrecondition) {
			t.Errorf("a stale change: %v", err)
		}
	})
}

func TestAParagraphKeepsItsVersions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		p := dossier.Paragraph{OrganisationID: r.members[0].ID, Theme: dossier.ThemeInsertion, Title: "Accompagnement", Words: "Une référente suit chaque salarié."}
		first, err := r.files.WriteParagraph(r.as(0), p, 0)
		r.must(err)
		again, err := r.files.WriteParagraph(r.as(0), p, 0)
		r.must(err)
		if first.ID != again.ID || again.Version != 1 {
			t.Fatalf("written %+v then %+v", first, again)
		}
		r.must(r.files.Pick(r.as(0), r.ids[0], dossier.PickParagraph, int64(first.ID)))
		p.ID, p.Words = first.ID, "Deux référentes suivent les salariés."
		second, err := r.files.WriteParagraph(r.as(0), p, 1)
		r.must(err)
		p.Words = "Trois référentes."
		if _, err := r.files.WriteParagraph(r.as(0), p, 1); !fault.Is(err, fault.KindPrecondition) {
			t.Errorf("written over what was not read: %v", err)
		}
		_, versions, err := r.files.Versions(r.as(0), first.ID)
		r.must(err)
		if second.Version != 2 || len(versions) != 2 || versions[1].Words != "Une référente suit chaque salarié." {
			t.Fatalf("versions %+v", versions)
		}
		picked, err := r.files.Picked(r.as(0), r.ids[0])
		r.must(err)
		if len(picked.Paragraphs) != 1 || picked.Paragraphs[0].Version != 1 {
			t.Errorf("what was chosen changed by itself: %+v", picked.Paragraphs)
		}
		if _, _, err := r.files.Versions(r.as(1), first.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("another enterprise reads: %v", err)
		}
		if err := r.files.Pick(r.as(1), r.ids[1], dossier.PickParagraph, int64(first.ID)); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("another enterprise chooses: %v", err)
		}
		r.must(r.files.RetireParagraph(r.as(0), first.ID))
		all, err := r.files.Paragraphs(r.as(0), r.members[0].ID)
		r.must(err)
		if len(all) != 0 {
			t.Errorf("offered %+v", all)
		}
	})
}

func TestTheDataOfACandidate(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		c := dossier.Candidate{OrganisationID: r.members[0].ID, LegalForm: "association", Signatory: "Présidence", Years: []dossier.Year{{Year: 2024, Turnover: 610000}, {Year: 2025, Turnover: 640000, Share: 70}}}
		saved, err := r.files.SaveCandidate(r.as(0), c, 0)
		r.must(err)
		again, err := r.files.SaveCandidate(r.as(0), c, 0)
		r.must(err)
		if saved.Revision != 1 || again.Revision != 1 || saved.Years[0].Year != 2025 || string(saved.Organisation.SIRET) != "12345678200119" {
			t.Fatalf("saved %+v, again %+v", saved, again)
		}
		c.Years = append(c.Years, dossier.Year{Year: 2025})
		if _, err := r.files.SaveCandidate(r.as(0), c, 1); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a year twice: %v", err)
		}
		c.Years = c.Years[:1]
		if _, err := r.files.SaveCandidate(r.as(0), c, 7); !fault.Is(err, fault.KindPrecondition) {
			t.Errorf("a stale change: %v", err)
		}
		for _, ctx := range []struct {
			who string
			err error
		}{{"another member", second(r.files.Candidate(r.as(1), r.members[0].ID))}, {"an officer", second(r.files.Candidate(r.officer("26"), r.members[0].ID))}} {
			if ctx.err == nil {
				t.Errorf("%s reads the data of a candidate", ctx.who)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }
