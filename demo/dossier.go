package demo

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/dossier"
	"maillage/matching"
	"maillage/opportunities"
)

// paper is a piece of the heroine's file: issued so many days ago, until so many
// days from today where it is written on it.
type paper struct {
	kind        dossier.Code
	title       string
	issued      int
	until       int
	file, words string
}

// papers show each state once: one that ends soon, one that is over, the others hold.
var papers = []paper{
	{"power", "", 200, 0, "pouvoir.pdf", "Pouvoir de signature (démonstration)"},
	{"registration", "", 120, 0, "avis-de-situation.pdf", "Avis de situation (démonstration)"},
	{"fiscal", "", 60, 0, "attestation-fiscale.pdf", "Attestation fiscale (démonstration)"},
	{"social", "", 173, 0, "attestation-vigilance.pdf", "Attestation de vigilance (démonstration)"},
	{"insurance", "", 300, 45, "responsabilite-civile.pdf", "Assurance (démonstration)"},
	{"insurance", "flotte automobile", 300, 200, "flotte.pdf", "Assurance des véhicules (démonstration)"},
	{"iae", "", 400, 300, "convention.pdf", "Convention (démonstration)"},
	{"bank", "", 400, 0, "", ""},
}

// shelf is the heroine's file on a day.
func (l *loader) shelf(on time.Time) (*dossier.Service, *followup.Service, error) {
	now := func() time.Time { return on }
	offers := opportunities.NewService(opportunities.Config{Store: l.Store, Atlas: l.Atlas, Now: now})
	matches := matching.NewService(matching.Config{Store: l.Store, Atlas: l.Atlas, Now: now})
	cfg := dossier.Config{Store: l.Store, Now: now, Network: l.Network, Opportunities: offers, Matching: matches}
	keeper, err := dossier.NewKeeper(cfg)
	if err != nil {
		return nil, nil, err
	}
	follow := followup.NewService(followup.Config{Store: l.Store, Atlas: l.Atlas, Now: now, Network: l.Network, Opportunities: offers, Matching: matches, Handed: keeper})
	cfg.Followup = follow
	files, err := dossier.NewService(cfg)
	return files, follow, err
}

// loadDossier fills the heroine's file, and has her answer a call of some weeks ago.
func (l *loader) loadDossier(ctx context.Context) error {
	own := accounts.With(ctx, accounts.Identity{UserID: accounts.UserID(l.member), Role: accounts.Member, OrganisationID: int64(l.heroine().ID)})
	files, _, err := l.shelf(l.today)
	if err != nil {
		return err
	}
	for _, p := range papers {
		d := dossier.Draft{Organisation: l.heroine().ID, Kind: p.kind, Title: p.title, IssuedOn: day(l.today.AddDate(0, 0, -p.issued))}
		if p.until > 0 {
			d.ValidUntil = day(l.today.AddDate(0, 0, p.until))
		}
		if p.file != "" {
			d.File = &dossier.Upload{Name: p.file, Content: page(p.words)}
		}
		if _, err := files.Keep(own, d); err != nil {
			return err
		}
	}
	if err := l.loadWords(own, files); err != nil {
		return err
	}
	return l.answered(own)
}

// loadWords writes the heroine's references, paragraphs and data.
func (l *loader) loadWords(own context.Context, files *dossier.Service) error {
	id, year := l.heroine().ID, l.today.Year()
	for _, r := range []dossier.Reference{
		{Object: "Entretien des berges et des sentiers", Buyer: "Communauté de communes (démonstration)", Amount: 48_000, Year: year - 1, Contact: "Service environnement, 04 00 00 00 00", AgreedOn: day(l.today.AddDate(0, -2, 0))},
		{Object: "Espaces verts de huit sites", Buyer: "Bailleur social (démonstration)", Amount: 62_500, Year: year - 2},
	} {
		r.OrganisationID = id
		if _, err := files.SaveReference(own, r); err != nil {
			return err
		}
	}
	for _, p := range []dossier.Paragraph{
		{Theme: dossier.ThemeInsertion, Title: "Accompagnement des salariés", Words: "Chaque salarié a un référent. Un point est fait chaque semaine sur le chantier, un bilan chaque mois.\n\nLes heures d’insertion sont comptées par chantier et remises à l’acheteur chaque trimestre."},
		{Theme: dossier.ThemeTeam, Title: "Encadrement", Words: "Deux encadrants techniques qualifiés suivent des équipes de six personnes au plus."},
		{Theme: dossier.ThemeEnvironment, Title: "Entretien sans produit de synthèse", Words: "Désherbage mécanique ou manuel, tontes différenciées, déchets verts compostés à moins de trente kilomètres."},
	} {
		p.OrganisationID = id
		if _, err := files.WriteParagraph(own, p, 0); err != nil {
			return err
		}
	}
	_, err := files.SaveCandidate(own, dossier.Candidate{OrganisationID: id, LegalForm: "association", Signatory: "Camille Démonstration", Quality: "présidence",
		Capacity: "Deux encadrants, quatorze salariés en parcours, deux véhicules, matériel d’espaces verts.",
		Years:    []dossier.Year{{Year: year - 1, Turnover: 612_000, Share: 64, Staff: 15.5}, {Year: year - 2, Turnover: 587_000, Share: 61, Staff: 14.8}, {Year: year - 3, Turnover: 540_000, Staff: 14}}}, 0)
	return err
}

// answered has the heroine answer a call that is closed now, and win it, on the days
// when it happened; nothing where none was proposed to her.
func (l *loader) answered(own context.Context) error {
	var ids []matching.ID
	err := l.Store.Read().NewRaw(`/* demo.answered */ SELECT mt.id FROM matches AS mt JOIN lots AS l ON l.id = mt.lot_id JOIN opportunities AS o ON o.id = l.opportunity_id
		WHERE mt.organisation_id = ? AND mt.state = 'proposed' AND o.kind = ? AND o.state = ? ORDER BY mt.score DESC, mt.id LIMIT 1`, l.heroine().ID, opportunities.Tender, opportunities.Closed).Scan(own, &ids)
	if err != nil {
		return fmt.Errorf("find a call that the heroine answered: %w", err)
	}
	system := accounts.With(own, accounts.TheSystem())
	for _, id := range ids {
		for _, told := range []struct {
			ago   int
			steps []followup.Step
		}{{30, []followup.Step{{To: followup.Go}, {To: followup.Answering, Role: followup.Alone}, {To: followup.Submitted}}}, {6, []followup.Step{{To: followup.Won}}}} {
			_, follow, err := l.shelf(l.today.AddDate(0, 0, -told.ago))
			if err != nil {
				return err
			}
			if _, err := follow.Move(system, id, 0, told.steps...); err != nil {
				return err
			}
		}
	}
	return nil
}

// page is a PDF of one line, as small as a reader opens.
func page(words string) []byte {
	return fmt.Appendf(nil, "%%PDF-1.4\n%% %s\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n", words)
}
