package web

import (
	"slices"
	"strconv"
	"strings"

	"maillage/matching/placement"
	"maillage/matching/placement/card"
	"maillage/opportunities"
	"maillage/people"
)

// CardPage is a person's card for a position: read with the person, then presented.
type CardPage struct {
	Page
	Heading, Lead string
	Code, Journey string
	Reader        string // who reads the card
	Facts         []Fact
	Agreement     Tag
	AgreementSay  string
	Gestures      Gestures
	Alerts        []DueAlert
	Refused       string
	Card          *PresentedView
	Bare          string // the card says nothing of what the position asks
	Crowd         string
	Left          []string // what could not be told
	Silent        []Option // what the counsellor and the person would rather not tell
	Review        string   // where the card is composed again
	Propose       ProposeForm
	Follow        *FollowView
	Own           string   // of a position of one's own structure: there is no card
	Outcomes      []Option // what may be noted of it
	Conclude      string   // where it is noted
	GiveUp        GiveUpView
}

// ProposeForm is the gesture that presents the card as it was read; without an
// address, Why says what is missing.
type ProposeForm struct {
	Action, Seal, Why string
	Without           []string
	By                string // the answer is asked until then
}

// FollowView is where a proposal stands, and the gesture that takes it back.
type FollowView struct {
	State   Tag
	Say     string
	History []Link // when, what
	Action  string
	Rev     string
}

func (s *Server) card(c *call) error {
	lot, person, err := c.pair()
	if err != nil {
		return err
	}
	return c.showCard(lot, person, nil)
}

// pair reads a position and a person from the address.
func (c *call) pair() (opportunities.LotID, people.ID, error) {
	lot, err := c.id("id")
	if err != nil {
		return 0, 0, err
	}
	person, err := c.id("person")
	return opportunities.LotID(lot), people.ID(person), err
}

func (c *call) showCard(lot opportunities.LotID, person people.ID, errs map[string]string) error {
	without := c.leftOut()
	made, err := c.s.cfg.Placement.Prepare(c.r.Context(), placement.Offer{Person: person, Lot: lot, Without: without})
	if err != nil {
		return err
	}
	h := made.Position
	page := &CardPage{Page: c.page(c.T("placing.card_title", "Code", made.Person.Code), Crumb{c.T("nav.needs_all"), "/marches"}, Crumb{clip(h.Title, 60), candidatesPath(lot)}, Crumb{Text: made.Person.Code}),
		Heading: c.T("placing.card_title", "Code", made.Person.Code), Lead: c.T("placing.card_lead", "Title", h.Title, "Who", c.readerOf(h.Kind)), Reader: c.readerOf(h.Kind), Code: made.Person.Code, Journey: journeyPath(person), Facts: c.headFacts(h),
		Agreement: c.consentTag(made.Agreement), AgreementSay: c.consentWhen(made.Agreement), Gestures: c.gesturesFor(made.Agreement, person, h)}
	page.Gestures.Where, page.Gestures.Back = "fiche", cardPath(lot, person)
	page.Errors = summary(errs, page.Gestures.Until.ID)
	for _, a := range made.Alerts {
		page.Alerts = append(page.Alerts, c.placingAlert(a))
	}
	if made.Refused != nil {
		page.Refused = made.Refused.In(string(c.Lang))
	}
	if made.Own {
		c.fillOutcome(page, made)
	}
	if made.Runs() {
		page.Lead = c.T("placing.card_runs", "Title", h.Title, "Who", page.Reader)
	}
	if made.Card != nil {
		c.fillCard(page, made, without)
	}
	if made.Proposal != nil {
		if page.Follow, err = c.followView(made.Proposal); err != nil {
			return err
		}
	}
	return c.showForm(page, "card", errs)
}

// fillCard shows the card, what it leaves out and why, and what may be done of it.
func (c *call) fillCard(page *CardPage, made *placement.Prepared, without []card.Claim) {
	view := c.presentedView(*made.Card, made.Position)
	view.Answers, view.Action = nil, "" // read, not answered
	page.Card = &view
	for _, claim := range made.Sheet.Left {
		page.Left = append(page.Left, c.claimWords(claim))
	}
	if made.Sheet.Claims.Bare() {
		page.Bare = c.T("placing.bare")
	}
	if n := made.Sheet.Crowd; n > 0 {
		page.Crowd = c.N("placing.crowd", n)
	}
	if made.Runs() {
		return
	}
	path := cardPath(made.Position.Lot, made.Person.ID)
	page.Review = path
	for _, claim := range made.Sheet.Claims {
		if claim.Kind != card.Structure {
			page.Silent = append(page.Silent, Option{Value: claimKey(claim), Text: c.claimWords(claim)})
		}
	}
	for _, claim := range without {
		page.Silent = append(page.Silent, Option{Value: claimKey(claim), Text: c.claimWords(claim), Selected: true})
	}
	page.Propose = ProposeForm{Seal: made.Sheet.Seal(), By: c.When(*made.Card.AnswerBy, c.now), Why: c.T("placing.no_agreement_yet")}
	if made.Agreement.Moved {
		page.Propose.Why = c.T("placing.moved_since")
	}
	if made.Agreement.Holds {
		page.Propose.Action, page.Propose.Why = path, ""
	}
	for _, claim := range without {
		page.Propose.Without = append(page.Propose.Without, claimKey(claim))
	}
}

// claimKey writes a claim as a form sends it back.
func claimKey(claim card.Claim) string {
	return string(claim.Kind) + ":" + claim.Code + ":" + strconv.Itoa(int(claim.Level))
}

// mostClaims bounds what a form may leave out.
const mostClaims = 40

// leftOut reads the claims that the counsellor would rather not tell.
func (c *call) leftOut() (out []card.Claim) {
	if err := c.r.ParseForm(); err != nil {
		return nil
	}
	for _, key := range c.r.Form["sans"] {
		parts := strings.Split(key, ":")
		if len(parts) != 3 || len(out) == mostClaims {
			continue
		}
		level, _ := strconv.ParseUint(parts[2], 10, 8)
		claim := card.Claim{Kind: card.Kind(parts[0]), Code: parts[1], Level: uint8(level)}
		if c.claimWords(claim) != "" && !slices.Contains(out, claim) {
			out = append(out, claim)
		}
	}
	return out
}

// claimWords says a claim to the counsellor.
func (c *call) claimWords(claim card.Claim) string {
	if claim.Kind == card.Counsellor {
		return c.T("placing.claim_counsellor")
	}
	return placement.Words(claim, c.today()).In(string(c.Lang))
}

// followView says what became of a proposal.
func (c *call) followView(line *placement.Line) (*FollowView, error) {
	f, events, err := c.s.cfg.Placement.Get(c.r.Context(), line.ID)
	if err != nil {
		return nil, err
	}
	v := &FollowView{State: c.proposalTag(line), Say: c.proposalWhen(line)}
	for _, e := range events {
		what := upperFirst(c.s.cfg.Placement.Told(f, e.To).In(string(c.Lang)))
		if !line.Own && e.To != placement.Hired {
			what = c.T("placing.event." + string(e.To))
		}
		if e.Reason != placement.NoReason {
			what = joined(nbsp+": ", what, lowerFirst(e.Reason.Words().In(string(c.Lang))))
		}
		v.History = append(v.History, Link{Text: what, Href: c.When(e.At, c.now)})
	}
	if line.State.Runs() {
		v.Action, v.Rev = "/propositions/"+strconv.FormatInt(int64(line.ID), 10)+"/retirer", strconv.FormatInt(line.Revision, 10)
	}
	return v, nil
}

// propose presents the card that was read, and no other.
func (s *Server) propose(c *call) error {
	lot, person, err := c.pair()
	if err != nil {
		return err
	}
	if to := c.form("issue"); to != "" {
		return c.conclude(lot, person, placement.State(to))
	}
	seal := c.form("lue")
	if seal == "" {
		return c.showCard(lot, person, map[string]string{"": c.T("placing.read_first")})
	}
	_, err = s.cfg.Placement.Propose(c.r.Context(), placement.Offer{Person: person, Lot: lot, Without: c.leftOut(), Read: seal})
	if _, general, ok := c.faults(err); ok {
		return c.showCard(lot, person, map[string]string{"": general})
	}
	if err != nil {
		return err
	}
	return c.to(cardPath(lot, person), "person_proposed")
}

// fillOutcome leads to note what came of a position of one's own structure.
func (c *call) fillOutcome(page *CardPage, made *placement.Prepared) {
	page.Own, page.Refused = page.Refused, ""
	page.Lead = c.T("placing.own_lead", "Title", made.Position.Title)
	next := placement.Outcomes()
	if made.Proposal != nil {
		next = made.Proposal.Next
	}
	path, givesUp := cardPath(made.Position.Lot, made.Person.ID), slices.Equal(next, []placement.State{placement.NotRetained})
	if givesUp {
		page.GiveUp = GiveUpView{Code: made.Person.Code, Action: path, Back: path}
	}
	if givesUp || len(next) == 0 {
		page.Own = "" // it is said beside
		return
	}
	if !made.Agreement.Holds {
		return
	}
	page.Conclude = path
	for _, to := range next {
		page.Outcomes = append(page.Outcomes, Option{Value: string(to), Text: c.T(ofKind("placing.own_"+string(to), made.Position.Kind))})
	}
}

// conclude notes what came of a position of one's own structure.
func (c *call) conclude(lot opportunities.LotID, person people.ID, to placement.State) error {
	_, err := c.s.cfg.Placement.Conclude(c.r.Context(), person, lot, to)
	if _, general, ok := c.faults(err); ok {
		return c.showCard(lot, person, map[string]string{"": general})
	}
	if err != nil {
		return err
	}
	return c.to(localPath(or(c.form("retour"), cardPath(lot, person))), "person_concluded")
}

// withdrawProposal takes a card back: the employer learns that it is no longer
// proposed, never why.
func (s *Server) withdrawProposal(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	revision, err := c.revision()
	if err != nil {
		return err
	}
	p, err := s.cfg.Placement.Withdraw(c.r.Context(), placement.ID(id), revision)
	if err != nil {
		return err
	}
	return c.to(cardPath(p.LotID, p.PersonID), "proposal_withdrawn")
}
