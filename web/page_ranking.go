package web

import (
	"slices"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// Candidate is an enterprise ranked on a lot.
type Candidate struct {
	ID, Name, Href, Over, Standing string
	Rank                           int
	Select                         string
	Selected                       bool
	Score                          float64
	Confidence                     string
	Assumed                        string
	Crits                          []Criterion
	WhyTitle, Why, Computed        string
	Detail                         []DetailRow
	Total                          string
}

// DetailRow is a criterion in the detail of a score.
type DetailRow struct{ Name, Sentence, Points string }

func interested(answer *matching.Answer) int {
	n := 0
	for _, item := range answer.Matches {
		if item.Reply == matching.Interested {
			n++
		}
	}
	return n
}

// rankedPage is how many candidates a page compares.
const rankedPage = 20

// fillRanking puts who can answer a lot in the page, the selected one with its reasons.
func (c *call) fillRanking(page *OpportunityPage, lots []opportunities.Lot, lot *opportunities.Lot) (*matching.Answer, error) {
	after, _ := strconv.Atoi(c.query("apres")) // nothing, or nonsense, is the first page
	answer, err := c.s.cfg.Matching.MatchesOfLot(c.r.Context(), lot.ID, matching.Query{Limit: rankedPage, After: after, Near: 8, Apart: 12})
	if err == nil {
		answer, err = c.withoutPrivate(answer)
	}
	if err != nil {
		return answer, err
	}
	page.WhoHeading = c.T("opp.who_one")
	if len(lots) > 1 {
		page.WhoHeading = c.T("opp.who", "Number", shortNumber(lot.Number))
	}
	page.WhoSaid = c.N("opp.who_said", answer.Total, "Near", c.Num(len(answer.Near)), "Specify", c.Num(answer.ApartTotal))
	if lot.Filled() && answer.History {
		page.WhoHeading, page.WhoSaid = c.T("opp.who_was"), c.T("opp.who_was_said")
	}
	page.NoCandidate = Empty{Title: c.T("opp.no_candidate"), Text: c.T("opp.no_candidate_text")}
	if len(answer.Near) == 0 {
		page.NoCandidate.Text = c.T("opp.no_candidate_far")
	}
	shown := columnsOf(answer.Matches)
	for _, criterion := range shown {
		page.Criteria = append(page.Criteria, c.T("criterion."+string(criterion)))
	}
	page.Columns = len(shown) + 2
	for _, item := range answer.Matches {
		page.Candidates = append(page.Candidates, c.candidate(item, shown, answer))
	}
	if answer.Next > 0 {
		page.Pager.Next = c.with("apres", strconv.Itoa(answer.Next), "candidat", "")
	}
	if after > 0 {
		page.Pager.Previous = c.with("apres", "", "candidat", "")
	}
	page.Near = c.nearOf(answer)
	page.Specify, page.SpecifySaid = c.specify(answer)
	return answer, nil
}

// columnsOf are the criteria worth a column: at most five, those that tell candidates apart.
func columnsOf(items []matching.Item) []engine.Criterion {
	order := []engine.Criterion{engine.Trade, engine.Territory, engine.Strength, engine.TimeLeft, engine.TrackRecord, engine.Certifications, engine.Ties}
	worth := map[engine.Criterion]bool{}
	for _, item := range items {
		for _, criterion := range item.Criteria {
			if criterion.Weight > 0 {
				worth[criterion.Criterion] = true
			}
		}
	}
	shown := []engine.Criterion{}
	for _, criterion := range order {
		if worth[criterion] && len(shown) < 5 {
			shown = append(shown, criterion)
		}
	}
	return shown
}

// withoutPrivate keeps back how large the enterprises are that the viewer may not see in private.
func (c *call) withoutPrivate(answer *matching.Answer) (*matching.Answer, error) {
	var asked []network.ID
	for _, item := range answer.Matches {
		asked = append(asked, item.Organisation.ID)
	}
	for _, near := range answer.Near {
		asked = append(asked, near.Organisation.ID)
	}
	slices.Sort(asked)
	rows, err := c.s.cfg.Network.LoadForMatching(c.r.Context(), slices.Compact(asked)...)
	if err != nil {
		return answer, err
	}
	may := map[network.ID]bool{}
	for _, o := range rows {
		may[o.ID] = accounts.Can(c.who.Identity, accounts.OrganisationPrivate, o.Scope(c.s.cfg.Atlas))
	}
	return answer.WithoutPrivate(func(id network.ID) bool { return may[id] }), nil
}

func (c *call) candidate(item matching.Item, shown []engine.Criterion, answer *matching.Answer) Candidate {
	id := strconv.FormatInt(int64(item.Organisation.ID), 10)
	v := Candidate{
		ID: id, Name: item.Organisation.Name, Href: memberPath(item.Organisation.ID), Rank: item.Rank,
		Over:   c.headWords(item.Organisation, c.kmOf(item.Criteria)),
		Select: c.with("candidat", id) + "#cand-" + id, Selected: c.query("candidat") == id,
		Score: float64(item.Score), Confidence: string(item.ConfidenceLevel),
	}
	_, v.Standing = c.answered(item)
	if n := assumedCount(item.Criteria); n > 0 {
		v.Assumed = c.N("opp.assumed", n)
	}
	by := map[engine.Criterion]matching.Criterion{}
	for _, criterion := range item.Criteria {
		by[criterion.Criterion] = criterion
	}
	for _, name := range shown {
		bar := Criterion{Name: c.T("criterion." + string(name)), State: Unknown}
		if criterion, ok := by[name]; ok {
			bar.State, bar.Share, bar.Word = stateOf(criterion.Finding), criterion.Value, c.barWord(criterion)
		}
		v.Crits = append(v.Crits, bar)
	}
	if v.Selected {
		c.explain(&v, item, answer)
	}
	return v
}

// headWords introduces a candidate: "ACI, Crest, 16 km".
func (c *call) headWords(o matching.OrganisationHead, km string) string {
	kind := ""
	if o.Kind != "" {
		kind = c.T("okind." + string(o.Kind))
	}
	return joined(", ", kind, o.Town, km)
}

// kmOf is the distance that the territory criterion saw; "" when unknown.
func (c *call) kmOf(criteria []matching.Criterion) string {
	for _, criterion := range criteria {
		if criterion.Criterion == engine.Territory && criterion.Params.HasKm {
			if criterion.Params.Km < 0.5 {
				return c.T("distance.here")
			}
			return c.Km(criterion.Params.Km)
		}
	}
	return ""
}

// explain details a candidate's score, criterion by criterion.
func (c *call) explain(v *Candidate, item matching.Item, answer *matching.Answer) {
	score := c.Percent(float64(item.Score) / 100)
	v.WhyTitle, v.Why = c.T("opp.why", "Score", score), item.Line.In(string(c.Lang))
	v.Computed = c.T("opp.computed", "Version", answer.Engine, "When", c.Ago(answer.AsOf, c.now))
	for _, criterion := range item.Criteria {
		row := DetailRow{Name: c.T("criterion." + string(criterion.Criterion)), Sentence: criterion.Sentence.In(string(c.Lang)), Points: c.T("opp.not_counted")}
		if criterion.Weight > 0 && criterion.State != engine.Unknown {
			row.Points = c.T("opp.points_of", "Points", c.Decimal(criterion.Points, 1), "Of", c.Decimal(criterion.Weight, 1))
		}
		v.Detail = append(v.Detail, row)
	}
	v.Total = score
}

func (c *call) nearOf(answer *matching.Answer) []NearView {
	lang := string(c.Lang)
	views := make([]NearView, 0, len(answer.Near))
	for _, near := range answer.Near {
		text := c.headWords(near.Organisation, c.kmOf(near.Criteria)) + "."
		for _, criterion := range near.Criteria {
			if criterion.Criterion == near.Missed {
				text += " " + upperFirst(criterion.Sentence.In(lang))
			}
		}
		views = append(views, NearView{Name: near.Organisation.Name, Href: memberPath(near.Organisation.ID), Missing: strings.ToLower(c.T("criterion." + string(near.Missed))), Text: text, WouldChange: near.Change.In(lang)})
	}
	return views
}

func (c *call) specify(answer *matching.Answer) ([]OrgRow, string) {
	rows := make([]OrgRow, 0, len(answer.Apart))
	for _, apart := range answer.Apart {
		naf := ""
		if apart.NAF != "" {
			naf = "NAF " + apart.NAF
		}
		km := ""
		if apart.Km != nil {
			km = c.Km(*apart.Km)
		}
		rows = append(rows, OrgRow{Name: apart.Organisation.Name, Href: memberPath(apart.Organisation.ID), Over: joined(", ", c.headWords(apart.Organisation, km), naf)})
	}
	return rows, c.N("opp.specify_said", answer.ApartTotal)
}

// fillMine shows a member where it stands on this opportunity's lots.
func (c *call) fillMine(page *OpportunityPage, o *opportunities.Opportunity) error {
	if c.who.Role != accounts.Member || c.who.OrganisationID == 0 {
		return nil
	}
	answer, err := c.s.cfg.Matching.MatchesOfOrganisation(c.r.Context(), network.ID(c.who.OrganisationID), matching.Query{Limit: every, Near: every, Passed: true, Expected: o.Kind == opportunities.Expected})
	if err != nil {
		return err
	}
	for _, item := range answer.Matches {
		if item.Lot.OpportunityID == o.ID {
			page.Mine = append(page.Mine, c.matchView(item, item.Lot))
		}
	}
	mine := matching.Answer{}
	for _, near := range answer.Near {
		if near.Lot.OpportunityID == o.ID {
			mine.Near = append(mine.Near, near)
		}
	}
	page.MineNear = c.nearLots(&mine)
	page.MineNone = len(page.Mine)+len(page.MineNear) == 0
	return nil
}

// fillCrossing draws the lot's place and the selected candidate's zone.
func (c *call) fillCrossing(page *OpportunityPage, o *opportunities.Opportunity, lot *opportunities.Lot, answer *matching.Answer) error {
	place := o.Place
	if lot != nil {
		place = lot.In(o).Place
	}
	if place.Scope != opportunities.InCommunes {
		page.MapNote = c.T("opp.place_none")
		if place.Scope == opportunities.WholeCountry {
			page.MapNote = c.T("opp.place_country")
		}
		return nil
	}
	var zone *territories.Perimeter
	name, points := "", []MapPoint{}
	for _, item := range answer.Matches {
		selected := c.query("candidat") == strconv.FormatInt(int64(item.Organisation.ID), 10)
		if point, ok := c.headPoint(item.Organisation, strconv.Itoa(item.Rank), selected); ok {
			points = append(points, point)
		}
		if selected {
			o, err := c.s.cfg.Network.Get(c.r.Context(), item.Organisation.ID)
			if err != nil {
				return err
			}
			zone, name = c.zoneOf(o, item.Activity), item.Organisation.Name
		}
	}
	page.Map = c.crossing("carte", c.s.compile(place.Perimeter), zone, name, points)
	return nil
}

// zoneOf is the zone of the activity that matched.
func (c *call) zoneOf(o *network.Organisation, activity int64) *territories.Perimeter {
	for _, a := range o.Activities {
		if a.ID == activity {
			return c.s.compile(a.Zone)
		}
	}
	return c.zonesOf(o.Activities)
}

func (c *call) headPoint(o matching.OrganisationHead, label string, on bool) (MapPoint, bool) {
	ord, ok := c.s.cfg.Atlas.Ordinal(territories.CommuneCode(o.Commune))
	if !ok || !c.s.cfg.Atlas.Commune(ord).HasPoint {
		return MapPoint{}, false
	}
	return MapPoint{Row: "o" + strconv.FormatInt(int64(o.ID), 10), Label: label, Name: label + ". " + o.Name, Href: memberPath(o.ID), At: c.s.cfg.Atlas.Commune(ord).Point, On: on}, true
}
