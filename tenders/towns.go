package tenders

import "slices"

// town is a commune as a notice writes it, with the NUTS code of the same address.
type town struct{ name, postcode, nuts string }

// ground is what towns are: communes or, failing that, départements. It is in
// doubt where a name has homonyms or contradicts its postal code.
type ground struct {
	communes, departements []string
	doubt                  bool
}

// ground turns towns into the communes they name, among the départements that
// the notice gives beside them.
func (d *draft) ground(field string, towns []town, given []string) (g ground) {
	for _, t := range towns {
		one := d.groundOf(field, t, given)
		g.communes = append(g.communes, one.communes...)
		g.departements = append(g.departements, one.departements...)
		g.doubt = g.doubt || one.doubt
	}
	g.communes = sortedSet(g.communes)
	return g
}

func (d *draft) groundOf(field string, t town, given []string) (g ground) {
	near := [][]string{d.places.nuts(t.nuts), given}
	g.communes = d.places.commune(t)
	if len(g.communes) == 0 && t.postcode != "" {
		g = d.byPostcode(field, t)
	}
	g.communes = d.places.nearest(g.communes, near)
	switch {
	case len(g.communes) == 0:
		if dep := d.places.postcodeDepartement(t.postcode); dep != "" {
			g.departements = []string{dep}
		}
		d.warn(WarnUnknownCommune, field, "no commune for %q %q", t.name, t.postcode)
	case len(g.communes) > 1 && t.name != "" && !g.doubt:
		g.doubt = true
		d.warn(WarnAmbiguousCommune, field, "%d communes for %q %q, all kept", len(g.communes), t.name, t.postcode)
	}
	return g
}

// byPostcode reads a town whose name is not that of a commune of its postal
// code. A name that is no commune (a quarter, a place) leaves the postal code; a
// commune elsewhere contradicts it, and neither is known to be the slip: both are
// kept, unless the rest of the notice chooses.
func (d *draft) byPostcode(field string, t town) (g ground) {
	g.communes = d.places.postal(t.postcode)
	if t.name == "" || len(g.communes) == 0 {
		return g
	}
	near := [][]string{d.places.nuts(t.nuts), {d.places.postcodeDepartement(t.postcode)}}
	named := d.places.nearest(d.places.commune(town{name: t.name}), near)
	if len(named) == 0 {
		return g
	}
	d.warn(WarnPlaceConflict, field, "%q is not where the postal code %q is", t.name, t.postcode)
	return ground{communes: append(slices.Clone(named), g.communes...), doubt: true}
}

// nearest keeps the communes of the first départements that hold any of them:
// a homonym is the one that lies where the rest of the notice says.
func (p *Places) nearest(codes []string, near [][]string) []string {
	for _, departements := range near {
		if kept := p.among(codes, departements); len(codes) > 1 && len(kept) > 0 {
			codes = kept
		}
	}
	return codes
}

// within tells whether a ground lies in some départements.
func (g ground) within(departements []string) bool {
	for _, c := range g.communes {
		if !slices.Contains(departements, communeDepartement(c)) {
			return false
		}
	}
	for _, dep := range g.departements {
		if !slices.Contains(departements, dep) {
			return false
		}
	}
	return true
}

// communeDepartement is the département in an INSEE commune code.
func communeDepartement(code string) string {
	if len(code) >= 3 && (code[:2] == "97" || code[:2] == "98") {
		return code[:3]
	}
	return code[:min(2, len(code))]
}
