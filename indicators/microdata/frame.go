package microdata

import (
	"context"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/internal/store"
	"maillage/territories"
)

// The frame of a year is every enterprise that is declared for it. Where a campaign
// asks the members of the platform, each of them is: who does not answer is of the
// frame all the same, and lowers the coverage of what is counted.

// Asks is what the campaign of a year asks: the questions, and a mark that moves
// when they or those whom it asks do.
type Asks struct {
	Year int
	Mark string
}

// CampaignAsks lists what the campaigns that were opened ask, by year.
func CampaignAsks(ctx context.Context, db bun.IDB) ([]Asks, error) { return campaignAsks(ctx, db) }

// Frame declares, for a year, the members that its campaign asks and that nothing
// declares yet, and takes away those that a file declared since under another code,
// as long as nothing is known of them. It tells how many moved. Again it changes
// nothing. It asks no policy: it is for who counts.
func (s *Service) Frame(ctx context.Context, tx store.Tx, year int) (int, error) {
	moved, err := undeclare(ctx, tx, year)
	if err != nil {
		return 0, err
	}
	missing, err := askedUndeclared(ctx, tx, year)
	if err != nil {
		return 0, err
	}
	for _, a := range missing {
		m := Member{Organisation: a.Organisation, SIRET: a.SIRET, Year: year, Kind: a.Kind, Commune: a.Commune, Group: a.Group}
		of, err := s.enterpriseOf(ctx, tx, m)
		if err != nil {
			return 0, err
		}
		if err := s.yearIn(ctx, tx, of, m); err != nil {
			return 0, err
		}
		if err := markOne(ctx, tx, of.ID, year); err != nil {
			return 0, err
		}
	}
	return moved + len(missing), nil
}

// asked reads what the campaign of the year asked of each enterprise.
func (l *loader) asked() error {
	rows, err := askedIn(l.ctx, l.db, l.year, l.ids)
	if err != nil {
		return err
	}
	for _, r := range rows {
		e := l.at[r.EnterpriseID]
		if e == nil {
			continue
		}
		questions, err := questionsIn(r.Questions)
		if err != nil {
			return err
		}
		for _, q := range questions {
			if q.Applies(e.Kind) {
				e.Asked = append(e.Asked, q)
			}
		}
	}
	return nil
}

// askedMember is a member that a campaign asks.
type askedMember struct {
	Organisation int64                   `bun:"organisation_id"`
	SIRET        string                  `bun:"siret"`
	Kind         compute.Kind            `bun:"kind"`
	Commune      territories.CommuneCode `bun:"commune"`
	Group        string                  `bun:"group_key"` // of its GES; empty: none
}
