package web

import (
	"math"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/opportunities"
	"maillage/tenders"
	"maillage/territories"
)

// DuplicatesPage lists the pairs of calls that may be one, side by side.
type DuplicatesPage struct {
	Page
	Heading, Lead string
	Tabs          []Option
	Found         string
	Pairs         []PairView
	Pager         Pager
	Empty         Empty
}

// PairView is a pair with what a person may say of it.
type PairView struct {
	ID, Title string
	Score     string
	Judged    string // when, empty for a pair that waits
	Action    string
	Sides     [2]SideView
	Fields    []PairField
	Do        []CellAction
}

// SideView heads the column of one procurement.
type SideView struct {
	Link
	Notice Link // the notice where it was published; without address: its name only
}

// PairField is a field on both sides; one that is the same is said once.
type PairField struct {
	Name        string
	Same        string
	Left, Right []Piece
}

// Piece is a run of words; Marked are those that the other side has not.
type Piece struct {
	Text   string
	Marked bool
}

// pairsShown is how many pairs a page compares; each is read whole.
const pairsShown = 10

// duplicates shows the officers the pairs of their perimeter.
func (s *Server) duplicates(c *call) error {
	verdict := tenders.PairVerdict(c.query("avis"))
	if verdict != tenders.PairSame && verdict != tenders.PairDifferent {
		verdict = tenders.PairProposed
	}
	title := c.T("pairs.title")
	page := &DuplicatesPage{Page: c.page(title, Crumb{c.T("opps.title"), "/marches"}, Crumb{Text: title}), Heading: title, Lead: c.T("pairs.lead"),
		Empty: Empty{Title: c.T("pairs.none_" + string(verdict)), Text: c.T("pairs.none_text_" + string(verdict)), Actions: []Link{{c.T("home.see_open"), "/marches"}}}}
	for _, v := range []tenders.PairVerdict{tenders.PairProposed, tenders.PairSame, tenders.PairDifferent} {
		lines, err := c.pairsOf(v)
		if err != nil {
			return err
		}
		page.Tabs = append(page.Tabs, Option{Text: c.T("pairs.is_"+string(v), "N", c.Num(len(lines))), Value: pairsPath(v), Selected: v == verdict})
		if v != verdict {
			continue
		}
		page.Found = c.N("pairs.found_"+string(v), len(lines))
		if err := c.fillPairs(page, lines); err != nil {
			return err
		}
	}
	return c.show("duplicates", page)
}

func pairsPath(v tenders.PairVerdict) string {
	if v == tenders.PairProposed {
		return "/doublons"
	}
	return "/doublons?avis=" + string(v)
}

// fillPairs compares the pairs of one page, from the one that the address asks for.
func (c *call) fillPairs(page *DuplicatesPage, lines []tenders.PairLine) error {
	from := 0
	for i, line := range lines {
		if strconv.FormatInt(line.ID, 10) == c.query("apres") {
			from = i + 1
		}
	}
	to := min(from+pairsShown, len(lines))
	for _, line := range lines[from:to] {
		p, err := c.s.cfg.Tenders.PairOf(c.r.Context(), line.ID)
		if err != nil {
			return err
		}
		page.Pairs = append(page.Pairs, c.pairView(p))
	}
	next := ""
	if to < len(lines) {
		next = strconv.FormatInt(lines[to-1].ID, 10)
	}
	page.Pager = c.pager(next)
	return nil
}

// pairsOf lists the pairs whose both procurements the policy shows to who asks.
func (c *call) pairsOf(verdict tenders.PairVerdict) ([]tenders.PairLine, error) {
	lines, err := c.s.cfg.Tenders.PairLines(c.r.Context(), verdict)
	if err != nil {
		return nil, err
	}
	var ids []opportunities.ID
	for _, line := range lines {
		ids = append(ids, line.Low, line.High)
	}
	all, err := c.s.cfg.Opportunities.Some(c.r.Context(), ids...)
	if err != nil {
		return nil, err
	}
	mine := lines[:0]
	for _, line := range lines {
		if c.mayBoth(accounts.ProcurementPairs, all[line.Low], all[line.High]) {
			mine = append(mine, line)
		}
	}
	return mine, nil
}

// mayBoth asks the policy for both procurements: judging one is judging the other.
func (c *call) mayBoth(action accounts.Action, sides ...*opportunities.Opportunity) bool {
	for _, o := range sides {
		if o == nil || !accounts.Can(c.who.Identity, action, c.scopeOfOpportunity(o)) {
			return false
		}
	}
	return true
}

func (c *call) pairView(p tenders.Compared) PairView {
	id := strconv.FormatInt(p.ID, 10)
	v := PairView{ID: id, Title: c.T("pairs.untitled", "N", id), Score: c.T("pairs.score", "Score", c.Percent(likenessOf(p))), Action: "/doublons/" + id}
	if p.JudgedAt != nil {
		v.Judged = c.T("pairs.judged", "When", c.Ago(*p.JudgedAt, c.now))
	}
	for i, side := range p.Sides {
		v.Sides[i].Link = Link{c.T("pairs.side", "N", strconv.FormatInt(int64(side.OpportunityID), 10)), opportunityPath(side.OpportunityID)}
		if n := side.Notice; n != nil {
			v.Sides[i].Notice = c.noticeLink(n)
			if i == 0 {
				v.Title = clip(n.Title, 120)
			}
		}
	}
	for _, f := range p.Fields {
		if f.Low != "" || f.High != "" {
			v.Fields = append(v.Fields, c.pairField(f))
		}
	}
	if p.Verdict != tenders.PairSame {
		v.Do = append(v.Do, CellAction{c.T("pairs.same"), v.Action, string(tenders.PairSame), v.Title})
	}
	if p.Verdict != tenders.PairDifferent {
		word := "pairs.different"
		if p.Verdict == tenders.PairSame {
			word = "pairs.part"
		}
		v.Do = append(v.Do, CellAction{c.T(word), v.Action, string(tenders.PairDifferent), v.Title})
	}
	return v
}

// likenessOf is how alike two calls are, rounded down to a whole percent: 1 only where their texts are equal.
func likenessOf(p tenders.Compared) float64 {
	score := math.Floor(p.Score*100+1e-9) / 100
	for _, f := range p.Fields {
		if f.Field != "published" && f.Low != f.High {
			return min(score, 0.99)
		}
	}
	if a, b := p.Sides[0].Notice, p.Sides[1].Notice; a != nil && b != nil && a.Title != b.Title {
		return min(score, 0.99)
	}
	return score
}

func (c *call) pairField(f tenders.Difference) PairField {
	low, high := c.factWords(f.Field, f.Low), c.factWords(f.Field, f.High)
	out := PairField{Name: upperFirst(c.fieldWords(f.Field))}
	if low == high {
		out.Same = low
		return out
	}
	out.Left, out.Right = unlike(or(low, "–"), high), unlike(or(high, "–"), low)
	return out
}

// unlike marks the words of a text that another text has not.
func unlike(text, other string) []Piece {
	there := map[string]int{}
	for _, w := range strings.Fields(other) {
		there[bareWord(w)]++
	}
	var out []Piece
	for _, w := range strings.Fields(text) {
		bare := bareWord(w)
		marked := bare != "" && there[bare] == 0
		there[bare]--
		if n := len(out); n > 0 && out[n-1].Marked == marked {
			out[n-1].Text += " " + w
			continue
		}
		out = append(out, Piece{w, marked})
	}
	return out
}

// bareWord is a word without case, accents nor the punctuation around it.
func bareWord(w string) string { return strings.Trim(territories.Fold(w), " .,;:!?()«»\"'–-") }

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
	sides, err := s.cfg.Opportunities.Some(c.r.Context(), p.Sides[0].OpportunityID, p.Sides[1].OpportunityID)
	if err != nil {
		return err
	}
	if !c.mayBoth(accounts.ProcurementJudge, sides[p.Sides[0].OpportunityID], sides[p.Sides[1].OpportunityID]) {
		return fault.NotFound("pair", id)
	}
	verdict := tenders.PairVerdict(c.form("geste"))
	if err := s.cfg.Tenders.Judge(c.r.Context(), c.who.UserID, id, verdict); err != nil {
		return err
	}
	return c.to(pairsPath(p.Verdict), "pair_"+string(verdict))
}
