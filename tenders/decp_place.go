package tenders

import (
	"strings"

	"maillage/territories"
)

// where reads the place of performance of the essential data: a code, and of
// what it is the code ("Code postal", "Code commune", "Code arrondissement",
// "Code canton", "Code département", "Code région", "Code pays").
func (c *decp) where(n jnode) Place {
	code, kind := strings.ToUpper(n.at("code").str()), foldText(n.at("typeCode").str())
	text := n.at("nom").str()
	if text == "" || text == code {
		text = ""
	}
	if code == "" {
		p := emptyPlace()
		p.Text = text
		return p
	}
	if strings.Contains(kind, "pays") {
		return c.country(code, text)
	}
	parts, doubt := c.places.coded(kind, code)
	if doubt != "" || len(parts) == 0 {
		c.warn(WarnUnknownCommune, "place", "the code %.20q (%.30s): %s", code, n.at("typeCode").str(), firstNonEmpty(doubt, "names no place we know"))
	}
	p := emptyPlace()
	if len(parts) > 0 {
		if area, err := c.places.compile(parts); err == nil && area.Communes > 0 {
			p = area
			p.Basis = ByPerformance
		}
	}
	p.Text, p.Country = text, "FRA"
	return p
}

func (c *decp) country(code, text string) Place {
	p := emptyPlace()
	p.Text, p.Country = text, code
	if code == "FR" || code == "FRA" || code == "99100" {
		p.Scope, p.Basis, p.Perimeter, p.Country = InCountry, ByPerformance, everywhere(), "FRA"
		return p
	}
	c.warn(WarnForeignPlace, "place", "performed in %.20s", code)
	return p
}

// coded gives the territories of a code. Arrondissements and cantons are not
// among the territories known here: their département is taken, and it is said.
func (p *Places) coded(kind, code string) (parts []territories.Expr, doubt string) {
	if len(code) == 4 && strings.Contains(kind, "postal") {
		code = "0" + code // a leading zero lost by a spreadsheet
	}
	switch {
	case strings.Contains(kind, "postal"):
		if communes := p.postal(code); len(communes) > 0 {
			return refs(territories.KindCommune, communes...), ""
		}
		return p.widened(p.postcodeDepartement(code), "no commune has it; its département is taken")
	case strings.Contains(kind, "commune"):
		return p.nowCommunes(code)
	case strings.Contains(kind, "arrondissement"), strings.Contains(kind, "canton"):
		return p.widened(p.departement(communeDepartement(code)), "its département is taken")
	case strings.Contains(kind, "departement"):
		return p.widened(p.departement(code), "")
	case strings.Contains(kind, "region"):
		return p.region(code), ""
	}
	if len(code) == 5 {
		return p.coded("postal", code)
	}
	return p.widened(p.departement(code), "of what it is the code is not said")
}

func refs(kind territories.Kind, codes ...string) (parts []territories.Expr) {
	for _, code := range codes {
		parts = append(parts, territories.In(territories.Ref{Kind: kind, Code: code}))
	}
	return parts
}

func (p *Places) widened(departement, doubt string) ([]territories.Expr, string) {
	if departement == "" {
		return nil, ""
	}
	return refs(territories.KindDepartement, departement), doubt
}

// nowCommunes follows a commune that has merged since to those that hold it.
func (p *Places) nowCommunes(code string) ([]territories.Expr, string) {
	if len(code) == 4 {
		code = "0" + code
	}
	parsed, err := territories.ParseCommuneCode(code)
	if err != nil {
		return nil, ""
	}
	if _, ok := p.atlas.Ordinal(parsed); ok {
		return refs(territories.KindCommune, code), ""
	}
	var codes []string
	for _, held := range p.atlas.Resolve(parsed, territories.Date{}).Current {
		codes = append(codes, string(held.Code))
	}
	if len(codes) > 0 {
		return refs(territories.KindCommune, codes...), ""
	}
	return p.widened(p.departement(communeDepartement(code)), "no commune has it; its département is taken")
}

func (p *Places) region(code string) []territories.Expr {
	code = strings.TrimPrefix(code, "R")
	if len(code) == 1 {
		code = "0" + code
	}
	for _, kind := range []territories.Kind{territories.KindRegion, territories.KindRegion2015} {
		ref, err := territories.NewRef(kind, code)
		if err != nil {
			continue
		}
		if _, known := p.atlas.Name(ref); known {
			return refs(kind, ref.Code)
		}
	}
	return nil
}
