package api

import (
	"slices"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
)

// keepVouched refuses that somebody else takes away or changes what an
// organisation said of itself: an officer may add to it, only the organisation
// (with PATCH) and an administrator may change it. What is written back as it
// was keeps its origin. The faults are located in the body.
func keepVouched(id accounts.Identity, cur, o *network.Organisation) error {
	v := vouched{}
	v.words(cur, o)
	if cur.HasConfirmed("sites") {
		each := func(i int) bool { return slices.ContainsFunc(o.Sites, sameSite(cur.Sites[i])) }
		v.all(len(cur.Sites), "sites", each)
	}
	v.all(len(cur.Activities), "activities", func(i int) bool {
		return cur.Activities[i].Origin != network.Confirmed || keptActivity(cur.Activities[i], o.Activities)
	})
	v.all(len(cur.Statuses), "statuses", func(i int) bool {
		return cur.Statuses[i].Origin != network.Confirmed || keptStatus(cur.Statuses[i], o.Statuses)
	})
	free := id.Role == accounts.Admin || id.Role == accounts.System || id.OrganisationID != 0 && id.OrganisationID == int64(cur.ID)
	if len(v) == 0 || free {
		return nil
	}
	refused := fault.Conflict("vouched", "L’entreprise a confirmé elle-même ces informations : elle seule peut les modifier.",
		"The organisation vouched for these facts itself: only it may change them.")
	refused.Fields = v
	return refused
}

type vouched []fault.Field

func (v *vouched) add(field string) {
	*v = append(*v, fault.At("body."+field, "vouched", "Confirmé par l’entreprise : à rendre tel quel.", "Confirmed by the organisation: to be given back as it is."))
}

// words compares the plain fields.
func (v *vouched) words(cur, o *network.Organisation) {
	for _, f := range []struct{ name, was, is string }{
		{"name", cur.Name, o.Name}, {"brand", cur.Brand, o.Brand}, {"description", cur.Description, o.Description},
		{"website", cur.Website, o.Website}, {"email", cur.Email, o.Email}, {"phone", cur.Phone, o.Phone},
	} {
		if cur.HasConfirmed(f.name) && f.was != f.is {
			v.add(f.name)
		}
	}
	for _, f := range []struct {
		name string
		same bool
	}{
		{"turnover", cur.Turnover == o.Turnover}, {"insurance", cur.Insurance == o.Insurance}, {"excluded_by", slices.Equal(cur.ExcludedBy, o.ExcludedBy)},
	} {
		if cur.HasConfirmed(f.name) && !f.same {
			v.add(f.name)
		}
	}
}

// all adds one fault for a list of which an item is not kept. Every item is
// looked at: those that are kept get their origin back.
func (v *vouched) all(n int, field string, kept func(int) bool) {
	lost := false
	for i := range n {
		lost = !kept(i) || lost
	}
	if lost {
		v.add(field)
	}
}

func sameSite(was network.Site) func(network.Site) bool {
	same := func(was, is *float64) bool { return is == nil || was != nil && *was == *is }
	return func(is network.Site) bool {
		return was.Main == is.Main && was.Address == is.Address && was.Postcode == is.Postcode && was.City == is.City &&
			was.Commune == is.Commune && same(was.Lon, is.Lon) && same(was.Lat, is.Lat)
	}
}

func keptActivity(was network.Activity, among []network.Activity) bool {
	i := slices.IndexFunc(among, func(is network.Activity) bool {
		return is.Origin == "" && was.Label == is.Label && slices.Equal(was.Codes, is.Codes) && slices.Equal(was.Modes, is.Modes) &&
			was.Zone == is.Zone && was.FTE == is.FTE && was.Hours == is.Hours && was.Amount == is.Amount
	})
	if i >= 0 {
		among[i].Origin, among[i].ZoneOrigin = was.Origin, was.ZoneOrigin
	}
	return i >= 0
}

func keptStatus(was network.Status, among []network.Status) bool {
	i := slices.IndexFunc(among, func(is network.Status) bool {
		return is.Origin == "" && was.Kind == is.Kind && was.From == is.From && was.Until == is.Until &&
			was.FTE == is.FTE && was.Share == is.Share && was.Proof == is.Proof
	})
	if i >= 0 {
		among[i].Origin = was.Origin
	}
	return i >= 0
}
