package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"maillage/opportunities"
	"maillage/tenders"
)

// school is the procurement whose award leaves hours of insertion to fill in
// Crest: the clause says how many, for whom and who accompanies it.
const (
	school       = "Rénovation thermique du groupe scolaire des Tilleuls, Crest"
	schoolClause = "Clause sociale d’insertion : 1 200 heures d’insertion à réaliser pour des demandeurs d’emploi de longue durée, avec l’appui du PLIE de la Drôme."
	schoolHolder = "Bâtisseurs des Deux Vallées SAS"
	schoolBuyer  = "Ville de Crest (inventée)"
)

// loadNotices imports invented notices of the BOAMP as the platform imports real
// ones: a call and its award, two calls that look alike for an officer to judge,
// and one that cannot be read and waits in quarantine.
func (l *loader) loadNotices(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "maillage-demo")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "avis-de-demonstration.jsonl")
	if err := writeLines(path, l.notices()); err != nil {
		return err
	}
	offers := opportunities.NewService(opportunities.Config{Store: l.Store, Atlas: l.Atlas, Now: l.Now})
	s := tenders.NewService(tenders.Config{Store: l.Store, Atlas: l.Atlas, Opportunities: offers, Network: l.Network, Now: l.Now})
	report, err := s.Import(ctx, []string{path}, tenders.ImportOptions{})
	if err != nil {
		return err
	}
	if report.Quarantined != 1 || report.Failed > 0 {
		return fmt.Errorf("import the invented notices: %d in quarantine, %d failed", report.Quarantined, report.Failed)
	}
	return nil
}

func writeLines(path string, records []map[string]any) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write the notices: %w", err)
	}
	defer f.Close()
	to := json.NewEncoder(f)
	for _, r := range records {
		if err := to.Encode(r); err != nil {
			return fmt.Errorf("write the notices: %w", err)
		}
	}
	return nil
}

func (l *loader) notices() []map[string]any {
	day := func(ago int) string { return l.today.AddDate(0, 0, -ago).Format(time.DateOnly) }
	due := weekday(l.today.AddDate(0, 0, 30)).Format(time.DateOnly) + "T12:00:00+00:00"
	notice := func(id, ago, nature, title string, more map[string]any) map[string]any {
		rec := map[string]any{"idweb": id, "objet": title, "nomacheteur": schoolBuyer, "nature": nature, "etat": "INITIAL", "famille": "MAPA",
			"dateparution": ago, "code_departement": []string{"26"}}
		for k, v := range more {
			rec[k] = v
		}
		return rec
	}
	of := map[string]any{"contractfolderid": "demonstration-ecole", "famille": "FNS"}
	call, award := with(of, "donnees", schoolBody()), with(of, "titulaire", []string{schoolHolder})
	return []map[string]any{
		notice("demo-0001", day(70), "APPEL_OFFRE", school, with(call, "datelimitereponse", l.today.AddDate(0, 0, -35).Format(time.DateOnly)+"T12:00:00+00:00")),
		notice("demo-0002", day(5), "ATTRIBUTION", school, award),
		notice("demo-0003", day(9), "APPEL_OFFRE", "Collecte des encombrants et réemploi : mise en oeuvre", map[string]any{"datelimitereponse": due}),
		notice("demo-0004", day(7), "APPEL_OFFRE", "Mise en œuvre de la collecte des encombrants et du réemploi", map[string]any{"datelimitereponse": due}),
		notice("demo-0005", day(2), "APPEL_OFFRE", "", nil), // a call without a title is nobody's to read
	}
}

func with(of map[string]any, key string, value any) map[string]any {
	out := map[string]any{key: value}
	for k, v := range of {
		out[k] = v
	}
	return out
}

// schoolBody is the full text of the call, in the form of the BOAMP.
func schoolBody() string {
	text, err := json.Marshal(map[string]any{"FNSimple": map[string]any{
		"organisme": map[string]any{"acheteurPublic": schoolBuyer},
		"initial": map[string]any{"natureMarche": map[string]any{"intitule": school, "description": "Isolation et menuiseries de deux bâtiments. " + schoolClause,
			"codeCPV": map[string]any{"objetPrincipal": map[string]any{"classPrincipale": "45321000"}}, "lieuExecution": "26400 Crest"}},
	}})
	if err != nil {
		panic(err) // a map of texts has a JSON
	}
	return string(text)
}
