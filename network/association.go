package network

import (
	"context"
	"fmt"

	"maillage/internal/fault"
)

// AddAssociation notes a federation or a regional association: officers are of one,
// members belong to some, and it has its report. One of this SIRET that is known is
// left as it is, and made is false. Policy: accounts.AssociationCreate, asked by who calls.
func (s *Service) AddAssociation(ctx context.Context, o *Organisation) (got *Organisation, made bool, err error) {
	var f fault.List
	f.At(o.Role != Federation && o.Role != Regional, "role", "unknown", "Choisissez une fédération ou une association régionale.", "Choose a federation or a regional association.")
	f.At(o.SIRET == "", "siret", "required", "Donnez son SIRET.", "Give its SIRET.")
	if err := f.Err(); err != nil {
		return nil, false, err
	}
	known, err := s.BySIRET(ctx, o.SIRET)
	if err != nil {
		return nil, false, err
	}
	for _, k := range known {
		if k.Role == Federation || k.Role == Regional {
			return k, false, nil
		}
	}
	if len(known) > 0 {
		return nil, false, fault.Invalid(fault.At("siret", "taken", "Ce SIRET est déjà celui de « "+known[0].Called()+" », qui n’est pas une association.", "This SIRET is already that of “"+known[0].Called()+"”, which is no association."))
	}
	o.Active, o.Source = true, "operator"
	if got, err = s.Save(ctx, o, 0); err != nil {
		return nil, false, fmt.Errorf("note an association: %w", err)
	}
	return got, true, nil
}
