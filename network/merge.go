package network

import (
	"maillage/nomenclatures"
	"maillage/territories"
	"slices"
)

// applied is what an organisation becomes once a row is read: cur is left as
// it is, nil for a new one. What the organisation confirmed is not touched;
// what the row does not say is not erased; and what is deduced never takes the
// place of what was said.
func (e *entry) applied(cur *Organisation, atlas *territories.Atlas, networks map[SIRET]ID) *Organisation {
	want := &Organisation{Role: Member, Kind: e.kind, SIRET: e.siret, Active: true, Source: "import"}
	if cur != nil {
		want = cur.clone()
	}
	e.applyTexts(want)
	if e.active != nil && !want.HasConfirmed("active") {
		want.Active = *e.active
	}
	if e.site != nil && !want.HasConfirmed("sites") {
		want.Sites = e.applySite(want.Sites, atlas)
	}
	if !want.HasConfirmed("statuses") {
		want.Statuses = e.applyStatuses(want.Statuses)
	}
	if !want.HasConfirmed("activities") {
		want.Activities = e.applyActivities(want.Activities)
	}
	if len(e.certifications) > 0 && !want.HasConfirmed("certifications") {
		want.Certifications = followed(cur, e.certifications)
	}
	for _, siret := range e.networks {
		id := networks[siret]
		if id != 0 && !slices.ContainsFunc(want.Memberships, func(m Membership) bool { return m.NetworkID == id }) {
			want.Memberships = append(want.Memberships, Membership{NetworkID: id})
		}
	}
	want.Findings, want.Digest = slices.Clone(e.findings), e.digest
	return want
}

func (e *entry) applyTexts(o *Organisation) {
	for field, to := range map[string]*string{
		"name": &o.Name, "brand": &o.Brand, "description": &o.Description, "website": &o.Website,
		"email": &o.Email, "phone": &o.Phone, "ess_since": &o.ESSSince,
	} {
		if v, ok := e.said[field]; ok && !o.HasConfirmed(field) {
			*to = v
		}
	}
	if v, ok := e.said["naf"]; ok && !o.HasConfirmed("naf") {
		o.NAF = nomenclatures.NAF(v)
	}
}

// applySite replaces the main site and keeps the others. Where the address is
// as it was, a commune that somebody put right by hand stays.
func (e *entry) applySite(sites []Site, atlas *territories.Atlas) []Site {
	at := slices.IndexFunc(sites, func(s Site) bool { return s.Main })
	site := *e.site
	if at < 0 {
		return append([]Site{site}, sites...)
	}
	old := sites[at]
	site.ID, site.OrganisationID = old.ID, old.OrganisationID
	_, current := atlas.Ordinal(old.Commune)
	if current && e.insee == "" && old.Postcode == site.Postcode && old.City == site.City {
		site.Commune = old.Commune
	}
	sites[at] = site
	return sites
}

// applyStatuses replaces what was declared of the same kinds. A status of the
// register, without dates, adds nothing to one that has some.
func (e *entry) applyStatuses(have []Status) []Status {
	out := slices.Clone(have)
	for _, s := range e.statuses {
		same := func(o Status) bool { return o.Kind == s.Kind }
		dated := func(o Status) bool {
			return same(o) && (o.Origin == Confirmed || s.From == "" && s.Until == "" && (o.From != "" || o.Until != ""))
		}
		if slices.ContainsFunc(have, dated) {
			continue
		}
		out = slices.DeleteFunc(out, func(o Status) bool {
			return same(o) && slices.ContainsFunc(have, func(h Status) bool { return h.ID == o.ID && o.ID != 0 })
		})
		out = append(out, s)
	}
	return out
}

// applyActivities keeps what is confirmed, and what is declared when the row
// only assumes; the row's own take the place of the rest.
func (e *entry) applyActivities(have []Activity) []Activity {
	said := slices.ContainsFunc(e.activities, func(a Activity) bool { return a.Origin == Declared })
	kept := slices.DeleteFunc(slices.Clone(have), func(a Activity) bool {
		return a.Origin == Assumed || a.Origin == Declared && said
	})
	if len(kept) > 0 && !said {
		return kept
	}
	return append(kept, slices.Clone(e.activities)...)
}
