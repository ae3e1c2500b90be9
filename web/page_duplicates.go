package web

import (
	"fmt"
	"strconv"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/tenders"
)

// DuplicatesPage lists the pairs of calls that may be one, side by side.
type DuplicatesPage struct {
	Page
	Heading, Lead string
	Tabs          []Option
	Pairs         []PairView
	Empty         Empty
}

// PairView is a pair with what a person may say of it.
type PairView struct {
	ID, Score, Action string
	Sides             [2]Link
	Fields            []PairField
	Do                []CellAction
}

// PairField is a field on both sides; Differs calls the eye.
type PairField struct {
	Name, Left, Right string
	Differs           bool
}

// duplicates shows the officers the pairs of their perimeter.
func (s *Server) duplicates(c *call) error {
	verdict := tenders.PairVerdict(c.query("avis"))
	if verdict != tenders.PairSame && verdict != tenders.PairDifferent {
		verdict = tenders.PairProposed
	}
	pairs, err := s.cfg.Tenders.Pairs(c.r.Context(), verdict, 100)
	if err != nil {
		return err
	}
	page := &DuplicatesPage{Page: c.page(c.T("pairs.title"), Crumb{c.T("opps.title"), "/marches"}, Crumb{Text: c.T("pairs.title")}),
		Heading: c.T("pairs.title"), Lead: c.T("pairs.lead"), Empty: Empty{Title: c.T("pairs.none"), Text: c.T("pairs.none_text")}}
	for _, v := range []tenders.PairVerdict{tenders.PairProposed, tenders.PairSame, tenders.PairDifferent} {
		page.Tabs = append(page.Tabs, Option{Text: c.T("pairs.is_" + string(v)), Value: "/doublons?avis=" + string(v), Selected: v == verdict})
	}
	for _, p := range pairs {
		may, err := c.mayOfPair(accounts.ProcurementPairs, p)
		if err != nil {
			return err
		}
		if may {
			page.Pairs = append(page.Pairs, c.pairView(p))
		}
	}
	return c.show("duplicates", page)
}

// mayOfPair asks the policy for both procurements: judging one is judging the other.
func (c *call) mayOfPair(action accounts.Action, p tenders.Compared) (bool, error) {
	for _, side := range p.Sides {
		if side.OpportunityID == 0 {
			return false, nil
		}
		o, err := c.s.cfg.Opportunities.Get(c.r.Context(), side.OpportunityID)
		if err != nil {
			return false, err
		}
		if !accounts.Can(c.who.Identity, action, c.scopeOfOpportunity(o)) {
			return false, nil
		}
	}
	return true, nil
}

func (c *call) pairView(p tenders.Compared) PairView {
	id := strconv.FormatInt(p.ID, 10)
	v := PairView{ID: id, Score: c.Decimal(p.Score*100, 0), Action: "/doublons/" + id}
	for i, side := range p.Sides {
		v.Sides[i] = Link{c.T("pairs.side", "N", fmt.Sprint(side.OpportunityID)), opportunityPath(side.OpportunityID)}
	}
	for _, f := range p.Fields {
		name := f.Field
		if key := "field." + name; c.Has(key) {
			name = c.T(key)
		}
		v.Fields = append(v.Fields, PairField{name, or(f.Low, "–"), or(f.High, "–"), f.Low != f.High})
	}
	if p.Verdict != tenders.PairSame {
		v.Do = append(v.Do, CellAction{c.T("pairs.same"), v.Action, string(tenders.PairSame), id})
	}
	if p.Verdict != tenders.PairDifferent {
		word := "pairs.different"
		if p.Verdict == tenders.PairSame {
			word = "pairs.part"
		}
		v.Do = append(v.Do, CellAction{c.T(word), v.Action, string(tenders.PairDifferent), id})
	}
	return v
}

// judgePair settles a pair, or settles it otherwise.
func (s *Server) judgePair(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	p, err := s.cfg.Tenders.PairOf(c.r.Context(), id)
	if err != nil {
		return err
	}
	may, err := c.mayOfPair(accounts.ProcurementJudge, p)
	if err != nil {
		return err
	}
	if !may {
		return fault.NotFound("pair", id)
	}
	verdict := tenders.PairVerdict(c.form("geste"))
	if err := s.cfg.Tenders.Judge(c.r.Context(), c.who.UserID, id, verdict); err != nil {
		return err
	}
	return c.to("/doublons", "pair_"+string(verdict))
}
