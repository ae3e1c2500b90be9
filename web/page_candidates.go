package web

import (
	"slices"
	"strconv"

	"maillage/internal/fault"
	"maillage/matching/placement"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
)

// CandidatesPage is a position and whom of the structure it suits: prepared for
// the counsellor, who decides with the person.
type CandidatesPage struct {
	Page
	Heading, Lead string
	Facts         []Fact
	Places        Tag         // filled, or what is left; empty while no place is taken
	AnyTrade      string      // for whom a training that names no occupation is
	Room          string      // what the employer has to look at, and how many more
	Refused       string      // why nobody can be presented
	Placed        []PlacedRow // who has a place here already
	PlacedSaid    string
	People        []CandidateView
	Said          string
	None          Empty
	Near          []CandidateView
	Hired         []HiredRow // whom it would suit, and who have a job
	Pager         Pager
}

// PlacedRow is somebody who has a place, where it is read, and since when.
type PlacedRow struct {
	Code, Href string
	State      Tag
	Said       string
	See        Link
	GiveUp     GiveUpView
}

// GiveUpView is the gesture that says that somebody has their place no longer: of whom,
// where it is said, and the page to come back to. Without an address there is none.
type GiveUpView struct{ Code, Action, Back string }

// HiredRow is somebody with a job, in words.
type HiredRow struct{ Code, Href, Said string }

// candidatesPerPage and nearShown bound a page of candidates.
const (
	candidatesPerPage = 10
	nearShown         = 6
)

func candidatesPath(lot opportunities.LotID) string {
	return "/postes/" + strconv.FormatInt(int64(lot), 10) + "/personnes"
}

func cardPath(lot opportunities.LotID, person people.ID) string {
	return candidatesPath(lot) + "/" + strconv.FormatInt(int64(person), 10)
}

func (s *Server) candidates(c *call) error { return c.showCandidates(nil) }

func (c *call) showCandidates(errs map[string]string) error {
	lot, err := c.id("id")
	if err != nil {
		return err
	}
	after := max(0, int(c.number("apres")))
	found, err := c.s.cfg.Placement.PeopleFor(c.r.Context(), opportunities.LotID(lot), placement.Query{Limit: candidatesPerPage, After: after, Near: nearShown})
	if err != nil {
		return err
	}
	h := found.Position
	page := &CandidatesPage{Page: c.page(c.T("placing.candidates_title", "Title", clip(h.Title, 60)), Crumb{c.T("nav.needs_all"), "/marches"}, Crumb{clip(h.Title, 60), headPath(h)}, Crumb{Text: c.T("placing.people")}),
		Heading: h.Title, Lead: c.candidatesLead(found), Facts: c.headFacts(h)}
	page.Places, _ = c.placesTag(h.Kind, h.Left, h.Posts)
	page.Errors = summary(errs)
	if found.Refused != nil {
		page.Refused = found.Refused.In(string(c.Lang))
	} else {
		page.Room = joined(" ", upperFirst(c.countOrNone("placing.asked", found.Asked, "Who", c.readerOf(h.Kind))), c.countOrNone("placing.room", found.Room))
	}
	if found.AnyTrade {
		page.AnyTrade = c.T("placing.any_trade")
	}
	for i := range found.Placed {
		f := &found.Placed[i]
		row := PlacedRow{Code: f.PersonHead.Code, Href: journeyPath(f.PersonHead.ID), State: c.proposalTag(&f.Line), Said: c.proposalWhen(&f.Line), See: Link{c.placedLink(&f.Line), cardPath(f.Lot, f.Person)}}
		if slices.Contains(f.Next, placement.NotRetained) {
			row.GiveUp = GiveUpView{Code: row.Code, Action: row.See.Href, Back: candidatesPath(f.Lot)}
		}
		page.Placed = append(page.Placed, row)
	}
	page.PlacedSaid = c.N("placing.placed", len(page.Placed))
	for i := range found.People {
		page.People = append(page.People, c.candidateOf(&found.People[i]))
	}
	if after == 0 {
		for i := range found.Near {
			page.Near = append(page.Near, c.candidateOf(&found.Near[i]))
		}
		for _, p := range found.Hired {
			page.Hired = append(page.Hired, HiredRow{p.Code, journeyPath(p.ID), p.Post.Words.In(string(c.Lang))})
		}
	}
	page.None = Empty{Title: c.T("placing.nobody"), Text: c.T("placing.nobody_text"), Actions: []Link{{c.T("journey.list"), "/parcours"}}}
	if found.ToSpecify {
		page.None = Empty{Title: c.T("placing.to_specify"), Text: c.T("placing.to_specify_text")}
	}
	c.pageCandidates(&page.Pager, found.Total, len(found.People), found.Next, after)
	return c.showForm(page, "candidates", errs)
}

// placedLink names where it is read what became of somebody.
func (c *call) placedLink(p *placement.Line) string {
	if p.Own {
		return c.T("placing.see_own")
	}
	return c.T("placing.see_card")
}

// countOrNone is N with words of their own for none.
func (c *call) countOrNone(key string, n int, pairs ...any) string {
	if n == 0 {
		return c.T(key+"_none", pairs...)
	}
	return c.N(key, n, pairs...)
}

// readerOf names who reads the cards of a position.
func (c *call) readerOf(k opportunities.Kind) string {
	if k == opportunities.TrainingSession {
		return c.T("placing.organiser")
	}
	return c.T("placing.employer")
}

// ofKind is a key, or that of a training.
func ofKind(key string, k opportunities.Kind) string {
	if k == opportunities.TrainingSession {
		return key + "_training"
	}
	return key
}

func (c *call) candidatesLead(found *placement.Candidates) string {
	if found.Total == 0 {
		return c.T(ofKind("placing.lead_none", found.Position.Kind))
	}
	key := "placing.lead_people"
	if !found.Position.Open {
		key = "placing.lead_over" // there is nothing to speak about any more
	}
	return upperFirst(c.N(ofKind(key, found.Position.Kind), found.Total, "Count", c.Count(found.Total)))
}

// pageCandidates says where a page stands among all.
func (c *call) pageCandidates(p *Pager, total, shown, next, after int) {
	if total <= candidatesPerPage {
		return
	}
	p.Said = c.T("pager.said", "From", c.Num(after+1), "To", c.Num(after+shown), "Total", c.Num(total))
	if after > 0 {
		p.Previous = c.with("apres", strconv.Itoa(max(0, after-candidatesPerPage)))
	}
	if next > 0 {
		p.Next = c.with("apres", strconv.Itoa(next))
	}
}

// recordSaid writes what a person said of a position: asked, agreed until a day,
// no, or taken back. A no has no motive: there is nothing to ask.
func (s *Server) recordSaid(c *call) error {
	lot, err := c.id("id")
	if err != nil {
		return err
	}
	person, err := strconv.ParseInt(c.form("personne"), 10, 64)
	if err != nil || person <= 0 {
		return fault.NotFound("person", c.form("personne"))
	}
	err = c.recordAgreed(people.ID(person), lot, c.form("lu"))
	if fields, general, ok := c.faults(err); ok {
		return c.showSaid(opportunities.LotID(lot), people.ID(person), or(fields["until"], general))
	}
	if err != nil {
		return err
	}
	return c.to(localPath(or(c.form("retour"), candidatesPath(opportunities.LotID(lot)))), "agreement_recorded")
}

// showSaid shows where the gesture was made again, with what was wrong.
func (c *call) showSaid(lot opportunities.LotID, person people.ID, why string) error {
	errs := map[string]string{"": why}
	if c.form("ou") == "fiche" {
		return c.showCard(lot, person, errs)
	}
	return c.showCandidates(errs)
}

// recordAgreed records it of the scene that the form showed: of a position that moved
// since, nothing is asked before it is read again.
func (c *call) recordAgreed(person people.ID, lot int64, scene string) error {
	said := people.Saying{State: people.AgreementState(c.form("geste")), Scene: scene}
	switch said.State {
	case people.Given:
		said.Until = c.form("jusqu_au")
	case people.Asked, people.Refused, people.Withdrawn:
	default:
		return fault.NotFound("gesture", c.form("geste"))
	}
	return second(c.s.cfg.People.Say(c.r.Context(), person, lot, said))
}

// headPath is the position as everybody reads it.
func headPath(h placement.Head) string {
	return opportunityPath(h.Opportunity) + "?" + query("lot", strconv.FormatInt(int64(h.Lot), 10))
}

// headFacts says what a counsellor needs of a position.
func (c *call) headFacts(h placement.Head) []Fact {
	facts := []Fact{{Label: c.T("position.buyer." + string(h.Kind)), Lines: []string{h.Employer}}, {Label: c.T("opp.place"), Lines: []string{h.Place.In(string(c.Lang))}}}
	add := func(label string, lines ...string) {
		if lines = joinLines(lines); len(lines) > 0 {
			facts = append(facts, Fact{Label: c.T(label), Lines: lines})
		}
	}
	posts := c.Num(h.Posts)
	if day := c.civilDay(h.StartsOn); day != "" {
		posts = c.T("placing.posts_from", "N", posts, "Day", day)
	}
	add("position.posts."+string(h.Kind), posts, c.placesBeside(h.Kind, h.Left, h.Posts))
	hours := ""
	if h.Hours > 0 {
		hours = c.T("placing.hours_week", "N", c.Decimal(h.Hours, 1))
	}
	add("placing.contract", c.choiceWords("position.contract.", string(h.Contract)), hours)
	if slots, err := nomenclatures.ParseSlots(h.Slots...); err == nil && slots != 0 {
		add("position.when", upperFirst(c.slotsWords(slots)))
	}
	return facts
}
