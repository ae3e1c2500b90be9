package web

import (
	"slices"
	"strings"

	"maillage/indicators/publication"
	"maillage/territories"
)

// TerritoryChoice is which régions or départements a release is limited to.
type TerritoryChoice struct {
	Error string
	Folds []TerritoryFold
}

// TerritoryFold is one list of them, open where something of it is ticked.
type TerritoryFold struct {
	Choices
	Summary, Said string
	Open          bool
}

const territoryField = "territoire"

// territoryChoice offers the régions then the départements, each by name.
func (c *call) territoryChoice(errs map[string]string) TerritoryChoice {
	var regions, departements []publication.Place
	for _, r := range c.s.cfg.Releases.Places() {
		regions, departements = append(regions, r), append(departements, r.Under...)
	}
	slices.SortFunc(departements, func(a, b publication.Place) int {
		return strings.Compare(territories.Fold(a.Name), territories.Fold(b.Name))
	})
	slices.SortFunc(regions, func(a, b publication.Place) int {
		return strings.Compare(territories.Fold(a.Name), territories.Fold(b.Name))
	})
	return TerritoryChoice{Error: or(errs["territories"], territoryError(errs)), Folds: []TerritoryFold{
		c.territoryFold("regions", c.T("releases.ask_regions"), regions), c.territoryFold("departements", c.T("releases.ask_departements"), departements)}}
}

func (c *call) territoryFold(id, label string, places []publication.Place) TerritoryFold {
	f := TerritoryFold{Summary: label, Choices: Choices{ID: id, Name: territoryField, Kind: "checkbox", Label: c.T("releases.tick_" + id)}}
	n := 0
	for _, p := range places {
		ticked := slices.Contains(c.r.PostForm[territoryField], p.Code)
		if ticked {
			n++
		}
		text := p.Name
		if !strings.HasPrefix(p.Code, "R") {
			text += " (" + p.Code + ")"
		}
		f.Options = append(f.Options, Option{Value: p.Code, Text: text, Selected: ticked})
	}
	if f.Open = n > 0; f.Open {
		f.Said = c.N("releases.chosen_n", n)
	}
	return f
}

// territoryError is the first fault of a territory.
func territoryError(errs map[string]string) string {
	var paths []string
	for path := range errs {
		if strings.HasPrefix(path, "territories.") {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		return ""
	}
	return errs[slices.Min(paths)]
}
