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

// award is a running contract, invented: it began so many months ago, for so
// many. The forecasts are those that the platform computes of it.
type award struct {
	buyer, ago, months int
	title, cpv, where  string
	kind, procedure    string
	amount             int
}

// awards are contracts of everyday trades that end within two years; the second
// and the third follow each other.
var awards = []award{
	{0, 45, 48, "Entretien des espaces verts communaux", "77310000", "26", "Accord-cadre", "Procédure adaptée", 184_000},
	{1, 68, 36, "Nettoyage des écoles et des gymnases", "90910000", "26", "Marché", "Appel d'offres ouvert", 402_000},
	{1, 32, 36, "Nettoyage des écoles et des gymnases", "90910000", "26", "Marché", "Appel d'offres ouvert", 436_000},
	{2, 31, 36, "Collecte et tri des papiers de bureau", "90511400", "07", "Marché", "Procédure adaptée", 61_500},
	{3, 8, 12, "Blanchisserie du linge des résidences", "98310000", "38", "Marché", "Procédure adaptée", 48_000},
	{4, 40, 48, "Restauration collective des crèches", "55520000", "69", "Accord-cadre", "Appel d'offres ouvert", 890_000},
	{5, 20, 24, "Entretien des berges et des sentiers", "77300000", "26", "Marché", "Procédure adaptée", 72_400},
}

// loadAwards imports the invented awards as those of the essential data, and
// forecasts the calls that follow.
func (l *loader) loadAwards(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "maillage-demo")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	list := make([]any, len(awards))
	for i, a := range awards {
		list[i] = l.contract(a, i)
	}
	text, err := json.Marshal(map[string]any{"marches": map[string]any{"marche": list}})
	if err != nil {
		return fmt.Errorf("write the awards: %w", err)
	}
	path := filepath.Join(dir, "demonstration.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("write the awards: %w", err)
	}
	offers := opportunities.NewService(opportunities.Config{Store: l.Store, Atlas: l.Atlas, Now: l.Now})
	notices := tenders.NewService(tenders.Config{Store: l.Store, Atlas: l.Atlas, Opportunities: offers, Now: l.Now})
	if _, err := notices.Import(ctx, []string{path}, tenders.ImportOptions{}); err != nil {
		return err
	}
	_, err = notices.RefreshForecasts(ctx)
	return err
}

// contract is one award in the form of the essential data (order of 22 December 2022).
func (l *loader) contract(a award, n int) map[string]any {
	buyer := l.buyers[a.buyer%len(l.buyers)]
	holder := l.members[(n*17+3)%len(l.members)]
	notified := l.today.AddDate(0, -a.ago, 0)
	return map[string]any{
		"id": fmt.Sprintf("DEMO-%02d", n+1), "acheteur": map[string]any{"id": string(buyer.SIRET), "nom": buyer.Name}, "nature": a.kind, "objet": a.title, "codeCPV": a.cpv,
		"procedure": a.procedure, "dureeMois": a.months, "montant": a.amount, "offresRecues": 2 + n%3,
		"lieuExecution": map[string]any{"code": a.where, "typeCode": "Code département"}, "dateNotification": notified.Format(time.DateOnly), "datePublicationDonnees": notified.AddDate(0, 0, 20).Format(time.DateOnly),
		"titulaires":             []any{map[string]any{"titulaire": map[string]any{"typeIdentifiant": "SIRET", "id": string(holder.SIRET), "denominationSociale": holder.Name}}},
		"considerationsSociales": map[string]any{"considerationSociale": []any{"Pas de considération sociale"}},
	}
}
