//nolint:misspell // the words are French
package matching_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/tenders"
	"maillage/territories"
)

// paved writes a notice of one procurement as the BOAMP gives it.
func paved(id, day, nature string, more map[string]any) map[string]any {
	rec := map[string]any{"idweb": id, "contractfolderid": "dossier-rue", "objet": "Réfection de la rue des Alpes", "nomacheteur": "Ville de Crest",
		"nature": nature, "etat": "INITIAL", "famille": "FNS", "dateparution": day, "code_departement": []string{"26"}}
	for k, v := range more {
		rec[k] = v
	}
	return rec
}

// body is the full text of a call, with its clause.
func body(clause string) map[string]any {
	text, err := json.Marshal(map[string]any{"FNSimple": map[string]any{
		"organisme": map[string]any{"acheteurPublic": "Ville de Crest", "codeIdentificationNational": "21260108200014"},
		"initial": map[string]any{"natureMarche": map[string]any{"intitule": "Réfection de la rue des Alpes", "description": "Voirie et réseaux. " + clause,
			"codeCPV": map[string]any{"objetPrincipal": map[string]any{"classPrincipale": "45233140"}}, "lieuExecution": "26400 Crest"}},
	}})
	if err != nil {
		panic(err)
	}
	return map[string]any{"donnees": string(text), "datelimitereponse": "2026-12-10T12:00:00+00:00"}
}

// imports reads records as files.
func (r *room) imports(records ...map[string]any) {
	r.t.Helper()
	dir := r.t.TempDir()
	for i, rec := range records {
		raw, err := json.Marshal(rec)
		r.must(err)
		r.must(os.WriteFile(filepath.Join(dir, string(rune('a'+i))+".json"), raw, 0o600))
	}
	s := tenders.NewService(tenders.Config{Store: r.st, Atlas: must(territories.Load()), Opportunities: r.lots, Network: r.network, Now: r.clock.Now})
	report, err := s.Import(r.ctx, []string{dir}, tenders.ImportOptions{})
	r.must(err)
	if report.Quarantined+report.Failed > 0 {
		r.t.Fatalf("import: %+v", report)
	}
	r.work()
}

// hours reads the hours to fill after a procurement.
func (r *room) hours(key string) *opportunities.Opportunity {
	r.t.Helper()
	call, err := r.lots.ByKey(r.ctx, key)
	r.must(err)
	list, err := r.lots.Of(r.ctx, call.ID)
	r.must(err)
	if len(list) != 1 {
		r.t.Fatalf("%d opportunities follow the procurement", len(list))
	}
	return list[0]
}

func (r *room) matchOf(lot opportunities.LotID, member network.ID) *matching.Match {
	r.t.Helper()
	var all []matching.Match
	r.must(r.st.Read().NewSelect().Model(&all).Where("mt.lot_id = ?", lot).Where("mt.organisation_id = ?", member).Scan(r.ctx))
	if len(all) == 0 {
		return nil
	}
	return &all[0]
}

// lender is an ETTI in Crest whose people work in offices; works is a company of
// roads there, that wins the contract.
func lender() *network.Organisation {
	o := gardener()
	o.Kind, o.Name, o.SIRET = network.KindETTI, "Relais Intérim", "55204599900869"
	o.Statuses[0].Kind = network.ConventionETTI
	o.Activities[0].Codes, o.Activities[0].Modes = []nomenclatures.Code{{Scheme: nomenclatures.SchemeROME, Value: "K2204"}}, []network.Mode{network.Staffing}
	return o
}

func works() *network.Organisation {
	o := gardener()
	o.Kind, o.Name, o.SIRET, o.Statuses = network.KindEA, "Routes du Diois", "44306184100047", nil
	o.Activities[0].Codes = cpv("45233140")
	return o
}

// TestHoursAfterAnAward follows a call with its clause, its award, the lender
// that the hours reach, the contract that says until when, and the cancellation:
// the hours are cancelled and the match withdrawn with its reason.
func TestHoursAfterAnAward(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		etti, holder := r.save(lender()), r.save(works())
		call := paved("26-810001", "2026-10-01", "APPEL_OFFRE", body("Clause sociale d’insertion : 1 500 heures d’insertion à réaliser avec l’appui du PLIE de la Drôme."))
		award := paved("26-810002", "2026-11-10", "ATTRIBUTION", map[string]any{"titulaire": []string{"Routes du Diois"}})
		r.imports(award, call)
		o := r.hours("procedure:dossier-rue")
		if o.State != opportunities.Published || o.Kind != opportunities.InsertionHours || o.Lots[0].Hours != 1500 || o.Insertion.Facilitator != "PLIE de la Drôme" ||
			o.Insertion.Awarded != "2026-11-10" || !o.Insertion.Supposed || o.Lots[0].EndsOn != "2027-11-10" || len(o.Clause.Evidence) == 0 {
			t.Fatalf("hours %+v %+v", o, o.Insertion)
		}
		lot := o.Lots[0].ID
		m := r.matchOf(lot, etti.ID)
		if m == nil || m.State != matching.Proposed {
			t.Fatalf("the lender is not matched: %+v", m)
		}
		if m := r.matchOf(lot, holder.ID); m != nil {
			t.Errorf("the holder is proposed its own hours: %+v", m)
		}
		both, err := r.matches.MatchesOfOrganisation(r.ctx, etti.ID, matching.Query{})
		r.must(err)
		if !strings.Contains(mustText(both), "Heures d’insertion à réaliser : Réfection de la rue des Alpes") {
			t.Errorf("the lots of the lender: %s", mustText(both))
		}
		r.imports(call, award)
		if again := r.hours("procedure:dossier-rue"); again.Revision != o.Revision || again.ID != o.ID {
			t.Errorf("imported again: revision %d, then %d", o.Revision, again.Revision)
		}
		r.imports(paved("26-810003", "2026-11-20", "ANNULATION", map[string]any{"annonces_anterieures": "26-810002"}))
		if o = r.hours("procedure:dossier-rue"); o.State != opportunities.Cancelled {
			t.Fatalf("after the cancellation: %s", o.State)
		}
		if m = r.matchOf(lot, etti.ID); m == nil || m.State != matching.Withdrawn || m.Reason != matching.ReasonLotCancelled {
			t.Errorf("the match after the cancellation: %+v", m)
		}
		r.imports(paved("26-810004", "2026-11-22", "ATTRIBUTION", map[string]any{"titulaire": []string{"Chaussées SA"}}))
		if o = r.hours("procedure:dossier-rue"); o.State != opportunities.Published || o.Insertion.Holders[0].Name != "Chaussées SA" {
			t.Fatalf("awarded again: %s %+v", o.State, o.Insertion)
		}
		if m = r.matchOf(lot, etti.ID); m.State != matching.Proposed {
			t.Errorf("the match after the second award: %+v", m)
		}
		if m = r.matchOf(lot, holder.ID); m == nil || m.State != matching.Proposed {
			t.Errorf("who lost it may take the hours: %+v", m)
		}
		fresh := r.rows()
		r.must(r.matches.Rebuild(r.ctx, nil))
		r.same("a rebuild", r.rows(), fresh)
	})
}

// TestHoursEndWithTheContract: a contract of the essential data says how long;
// once it has ended the hours are closed, and a member that won has its
// reference. What a SIAE won itself is no lead for others.
func TestHoursEndWithTheContract(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		holder := r.save(works())
		contract := func(id, siret string, months int) map[string]any {
			return map[string]any{"id": id, "acheteur": map[string]any{"id": "21260108200014", "nom": "Ville de Crest"}, "nature": "Marché", "objet": "Voirie " + id,
				"codeCPV": "45233140", "lieuExecution": map[string]any{"code": "26108", "typeCode": "Code commune"}, "dureeMois": months, "dateNotification": "2026-11-01",
				"datePublicationDonnees": "2026-11-10", "montant": 80000, "titulaires": []any{map[string]any{"titulaire": map[string]any{"typeIdentifiant": "SIRET", "id": siret}}},
				"considerationsSociales": map[string]any{"considerationSociale": []string{"Clause sociale"}}}
		}
		siae := lender()
		r.save(siae)
		r.imports(contract("A1", string(holder.SIRET), 2), contract("A2", string(siae.SIRET), 2))
		o := r.hours("procedure:decp:21260108200014:A1")
		if o.State != opportunities.Published || o.Lots[0].EndsOn != "2027-01-01" || o.Insertion.Supposed || o.Lots[0].Hours != 0 {
			t.Fatalf("hours %s %+v %+v", o.State, o.Lots[0], o.Insertion)
		}
		if own := r.hours("procedure:decp:21260108200014:A2"); own.State != opportunities.Closed {
			t.Errorf("a SIAE that holds the contract: %s", own.State)
		}
		winner, err := r.network.Get(r.ctx, holder.ID)
		r.must(err)
		if refs := winner.References; len(refs) != 1 || refs[0].Title != "Voirie A1" || refs[0].Amount != 80000 || refs[0].Year != 2026 || refs[0].Code != "45233140" {
			t.Errorf("references %+v", winner.References)
		}
		r.clock.Advance(time.Date(2027, 1, 1, 10, 0, 0, 0, time.UTC).Sub(r.clock.Now()))
		if n, err := r.lots.CloseLate(r.ctx); err != nil || n != 0 {
			t.Errorf("closed %d on the last day: %v", n, err)
		}
		r.clock.Advance(24 * time.Hour)
		if n, err := r.lots.CloseLate(r.ctx); err != nil || n != 1 {
			t.Errorf("closed %d the day after: %v", n, err)
		}
		if o = r.hours("procedure:decp:21260108200014:A1"); o.State != opportunities.Closed {
			t.Errorf("after its end: %s", o.State)
		}
	})
}

func mustText(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}
