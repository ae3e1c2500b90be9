package publication

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"maillage/indicators/disclosure"
	"maillage/internal/fault"
	"maillage/territories"
)

// A plan may choose territories: régions, départements, and with each everything under
// it down to the level of the plan. The choice says what is published, never what is
// protected: the tables of the whole federation are protected as if nobody had chosen,
// the ledger holds the pattern of all of them, and what was chosen is then laid out.
// What is hidden of a place is so whoever asks for it, and beside whatever else: two
// choices have no difference to be read from.

// mostTerritories bounds a choice, which is named in the title.
const mostTerritories = 30

// Place is a territory that may be chosen; Under are the départements of a région.
type Place struct {
	Code  string // R84, 26
	Name  string
	Under []Place
}

// Places are the régions and their départements, in the order of their names.
func (s *Service) Places() []Place {
	at, list := map[string]int{}, []Place{}
	for _, r := range s.atlas.Refs(territories.KindRegion) {
		at[regionCode(r.Code)] = len(list)
		list = append(list, s.choosable(regionCode(r.Code)))
	}
	for _, r := range s.atlas.Refs(territories.KindDepartement) {
		if i, there := at[s.Above(r.Code)]; there {
			list[i].Under = append(list[i].Under, s.choosable(r.Code))
		}
	}
	slices.SortFunc(list, func(a, b Place) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func (s *Service) choosable(code string) Place { return Place{Code: code, Name: s.PlaceName(code).FR} }

// everywhere is the plan without its choice: what is protected.
func (p Plan) everywhere() Plan {
	p.Territories = nil
	return p
}

// checkTerritories says every fault of a choice, located.
func (s *Service) checkTerritories(p Plan) (faults []fault.Field) {
	if len(p.Territories) == 0 {
		return nil
	}
	if p.Level != Region && p.Level != Departement {
		return []fault.Field{fault.At("territories", "level", "Des territoires se choisissent par région ou par département.", "Territories are chosen by region or by department.")}
	}
	if len(p.Territories) > mostTerritories {
		faults = append(faults, fault.At("territories", "count", fmt.Sprintf("Choisissez %d territoires au plus, ou toute la France.", mostTerritories), fmt.Sprintf("Choose at most %d territories, or all of France.", mostTerritories)))
	}
	for i, code := range p.Territories {
		path := fmt.Sprintf("territories.%d", i+1)
		switch {
		case !s.exists(code):
			faults = append(faults, fault.At(path, "unknown", "« "+code+" » n’est ni une région (R84) ni un département (26).", "“"+code+"” is neither a region (R84) nor a department (26)."))
		case p.Level == Region && levelOf(code) == Departement:
			faults = append(faults, fault.At(path, "level", "« "+s.PlaceName(code).FR+" » est un département : demandez le détail par département.", "“"+s.PlaceName(code).EN+"” is a department: ask for the detail by department."))
		}
	}
	return faults
}

func (s *Service) exists(code string) bool {
	kind, number := territories.KindDepartement, code
	if rest, is := strings.CutPrefix(code, "R"); is {
		kind, number = territories.KindRegion, rest
	}
	return slices.Contains(s.atlas.Refs(kind), territories.Ref{Kind: kind, Code: number})
}

// chooses tells whether a territory is chosen, or under one that is.
func (s *Service) chooses(p Plan, code string) bool {
	if len(p.Territories) == 0 {
		return true
	}
	for at := code; at != ""; at = s.Above(at) {
		if slices.Contains(p.Territories, at) {
			return true
		}
	}
	return false
}

// heads are the chosen territories that are not under another one; France where nobody chose.
func (s *Service) heads(p Plan) (list []string) {
	if len(p.Territories) == 0 {
		return []string{whole}
	}
	for _, code := range p.canonical().Territories {
		if !s.chooses(p, s.Above(code)) {
			list = append(list, code)
		}
	}
	return list
}

// ChosenNames are the territories of a plan by their names; none where it is of France.
func (s *Service) ChosenNames(p Plan) (names []string) {
	for _, code := range p.canonical().Territories {
		names = append(names, s.PlaceName(code).FR)
	}
	return names
}

// extent says of which territories a plan is.
func (s *Service) extent(p Plan) fault.Text {
	if names := strings.Join(s.ChosenNames(p), ", "); names != "" {
		return say(names, names)
	}
	return say("France entière", "All of France")
}

// chosenWords say in a description that the choice hides nothing more, and nothing less.
func (s *Service) chosenWords(p Plan) (fr, en string) {
	if len(p.Territories) == 0 {
		return "", ""
	}
	names := strings.Join(s.ChosenNames(p), ", ")
	return " Territoires choisis : " + names + ". La protection porte sur toute la fédération : ce qui est masqué ne dépend pas de ce choix.",
		" Territories chosen: " + names + ". Protection is of the whole federation: what is suppressed does not depend on this choice."
}

// everywhere is how the tables of the whole federation were protected, of which a
// release of chosen territories publishes a part.
type everywhere struct {
	Cells        int                        `json:"cells"`
	Published    int                        `json:"publishable"`
	Suppressed   int                        `json:"suppressed"`
	NotCollected int                        `json:"not_collected"`
	Attack       disclosure.CertifiedAttack `json:"attack"`
}

// chosen attacks what readers of the chosen territories really get, of tables that are
// safe as a whole.
func (v *verdict) chosen(ctx context.Context, systems []*linked, task disclosure.Task, all *disclosure.Outcome) error {
	task.Tables = nil
	for _, l := range systems {
		l.publish(v.told)
		task.Tables = append(task.Tables, l.tables...)
	}
	part, err := disclosure.Check(ctx, task)
	if err != nil {
		return fmt.Errorf("attack the chosen territories: %w", err)
	}
	if !part.Safe() {
		return unsafe(part)
	}
	c, err := all.Certificate()
	if err != nil {
		return fmt.Errorf("certify: %w", err)
	}
	n := all.Counts()
	return v.certify(systems, part, &everywhere{n.Cells, n.Published, n.Primary + n.Secondary, n.NotCollected, c.Attack})
}

// nothing refuses a choice where the federation has nobody.
func (v *verdict) nothing(p Plan) error {
	if len(p.Territories) == 0 || slices.ContainsFunc(slices.Collect(mapsKeys(v.asked)), func(k key) bool { return v.chooses(k.Territory) }) {
		return nil
	}
	return fault.New(fault.KindConflict, "nobody", "La fédération n’a aucune entreprise dans les territoires choisis, ces années-là.", "The federation has no enterprise in the chosen territories, in these years.")
}
