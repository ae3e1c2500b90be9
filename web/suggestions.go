package web

import (
	"strings"

	"maillage/nomenclatures"
	"maillage/territories"
)

// suggestion is a line under a field that completes itself.
type suggestion struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Hint  string `json:"hint,omitempty"`
	Href  string `json:"href,omitempty"`
}

// suggestTerritories completes a place; homonyms show their département.
func (s *Server) suggestTerritories(c *call) error {
	options := territories.SearchOptions{Limit: 8}
	if c.query("genre") == "commune" {
		options.Kinds = []territories.Kind{territories.KindCommune}
	}
	out := []suggestion{}
	for _, hit := range s.cfg.Atlas.Search(c.query("q"), options) {
		line := suggestion{Value: hit.Ref.String(), Label: hit.Name, Hint: c.T("tkind." + string(hit.Ref.Kind)), Href: territoryPath(hit.Ref)}
		if hit.Departement != "" && hit.Ref.Kind != territories.KindDepartement {
			line.Label += " (" + hit.Departement + ")"
		}
		if hit.Population > 0 {
			line.Hint += ", " + c.N("people", int(hit.Population))
		}
		out = append(out, line)
	}
	return c.json(out)
}

// suggestTrades completes a trade from everyday words: sectors first, then occupations and CPV.
func (s *Server) suggestTrades(c *call) error {
	out := []suggestion{}
	if c.query("genre") == "souhait" { // job titles, as the form of a journey reads them
		for _, words := range wishesFor(c.query("q"), 10) {
			out = append(out, suggestion{Value: words, Label: words})
		}
		return c.json(out)
	}
	schemes := []nomenclatures.Scheme{nomenclatures.SchemeSector, nomenclatures.SchemeROME, nomenclatures.SchemeCPV}
	if c.query("genre") == "metier" {
		schemes = []nomenclatures.Scheme{nomenclatures.SchemeROME}
	}
	for _, scheme := range schemes {
		for _, found := range nomenclatures.Search(scheme, c.query("q"), 4) {
			line := suggestion{Value: string(found.Code.Scheme) + ":" + found.Code.Value, Label: c.codeWords(found.Code), Hint: c.T("scheme." + string(scheme))}
			if found.Matched != "" && !strings.EqualFold(found.Matched, found.Label) {
				line.Hint += ", « " + found.Matched + " »"
			}
			out = append(out, line)
		}
	}
	return c.json(out)
}

func territoryPath(ref territories.Ref) string {
	return "/territoires/" + string(ref.Kind) + "/" + ref.Code
}
