package opportunities

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// Insertion is what an awarded contract says of the hours of insertion that its
// holders have to fill (public procurement code, L2112-2). The number of hours
// is that of the clause; what the notices do not say is empty, never supposed.
type Insertion struct {
	Holders     []Holder `json:"holders"`
	Share       float64  `json:"share,omitempty"` // of the working time, 0..1; 0: not said
	Publics     []string `json:"publics,omitempty"`
	Facilitator string   `json:"facilitator,omitempty"` // who accompanies the clause, as written
	Lot         string   `json:"lot,omitempty"`         // as the award numbers it; empty: the award does not say
	Awarded     string   `json:"awarded,omitempty"`     // civil day
	Months      int      `json:"months,omitempty"`      // of the contract; 0: not said
	Supposed    bool     `json:"supposed,omitempty"`    // the end is a default: the duration is not said
}

// Holder is who won the contract. SIRET is empty where it is not known.
type Holder struct {
	Name  string `json:"name"`
	SIRET string `json:"siret,omitempty"`
}

// Names lists the holders.
func (i *Insertion) Names() []string {
	if i == nil {
		return nil
	}
	out := make([]string, len(i.Holders))
	for n, h := range i.Holders {
		out[n] = h.Name
	}
	return out
}

func insertionWords(i *Insertion) any {
	if i == nil {
		return nil
	}
	return strings.Join(i.Names(), ", ")
}

func procurementWords(id *ID) any {
	if id == nil {
		return nil
	}
	return int64(*id)
}

// scrubInsertion is scrub for what an award says.
func scrubInsertion(o *Opportunity) {
	if o.Insertion == nil {
		return
	}
	i := *o.Insertion
	i.Holders, i.Publics = slices.Clone(i.Holders), slices.Clone(i.Publics)
	for n := range i.Holders {
		clean(&i.Holders[n].Name, &i.Holders[n].SIRET)
	}
	for n := range i.Publics {
		clean(&i.Publics[n])
	}
	clean(&i.Facilitator, &i.Lot, &i.Awarded)
	o.Insertion = &i
}

// Of lists what notices told after a procurement: the hours to fill of its
// lots, withdrawn ones included, in the order of their numbers. The call that
// is expected after it is none of these.
func (s *Service) Of(ctx context.Context, procurement ID) ([]*Opportunity, error) {
	return of(ctx, s.store.Read(), procurement)
}

// OfIn is Of in the caller's transaction.
func (s *Service) OfIn(ctx context.Context, tx store.Tx, procurement ID) ([]*Opportunity, error) {
	return of(ctx, tx, procurement)
}

func of(ctx context.Context, db bun.IDB, procurement ID) ([]*Opportunity, error) {
	var ids []ID
	err := db.NewRaw("/* opportunities.of */ SELECT id FROM opportunities WHERE procurement_id = ? AND kind <> ? ORDER BY id LIMIT ?", procurement, Expected, maxLots).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("find what follows opportunity %d: %w", procurement, err)
	}
	return load(ctx, db, ids)
}
