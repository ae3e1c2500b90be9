package web

import (
	"slices"
	"strconv"

	"maillage/internal/fault"
	"maillage/matching/engine/assignment"
	"maillage/matching/placement"
	"maillage/people"
)

// BatchPage is a batch that was kept, to be read in a meeting.
type BatchPage struct {
	Page
	Heading, Lead string
	Result        *BatchResult
	Last          *Link
	Stale         []string
	Action        string // computes it again
	Number        string
	Rules         []string
}

// BatchResult is what a batch says, position by position and person by person.
type BatchResult struct {
	Words, Compared []string
	Positions       []BatchPositionView
	Served          []BatchPersonView
	Unserved        []BatchPersonView // what suits is full, or an answer is awaited
	Without         []BatchPersonView // nothing suits
	Idle            []BatchPositionView
	NobodyThere     Empty
}

// BatchPositionView is a position and whom to speak with about it.
type BatchPositionView struct {
	ID, Title, Href, Over, Room string
	Lines                       []BatchLineView
	None                        string
}

// BatchLineView is a person to speak with about a position.
type BatchLineView struct {
	ID, Who, Over, Why string
	Facts              []Criterion
	State              *Tag
	Action, Revision   string
	Scene              string
	Gestures           []Option
	Note               string
	NoCard             string // why no card could be shown
}

// BatchPersonView is what a batch brings to a person.
type BatchPersonView struct {
	Who, Over string
	Gains     []Link
	Why       string
	Other     string
	SaidNo    string
	Help      string // address of what would help
}

func (s *Server) batch(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	v, err := s.cfg.Placement.ReadBatch(c.r.Context(), placement.BatchID(id))
	if err != nil {
		return err
	}
	heading := upperFirst(c.batchWords(v.Rules))
	page := &BatchPage{Page: c.page(heading, Crumb{c.T("prep.title"), batchesPath}, Crumb{Text: clip(heading, 60)}), Heading: heading,
		Lead: joined(" ", upperFirst(c.T("prep.number", "N", strconv.FormatInt(int64(v.ID), 10)))+".", c.T("prep.computed", "When", c.When(*v.CreatedAt, c.now))), Result: c.batchResult(v), Number: strconv.FormatInt(v.Number, 10)}
	if v.Number > 1 {
		page.Lead = joined(" ", page.Lead, c.T("prep.version", "N", c.Num(int(v.Number)))+".")
	}
	if v.Last != 0 {
		page.Last = &Link{c.T("prep.see_last"), batchPath(v.Last)}
	}
	for _, w := range v.Stale {
		page.Stale = append(page.Stale, w.In(string(c.Lang)))
	}
	if v.Last == 0 {
		page.Action, page.Rules = batchPath(v.ID), c.rulesWords(v.Rules)
	}
	return c.show("batch", page)
}

func (c *call) batchResult(v *placement.BatchView) *BatchResult {
	out := &BatchResult{NobodyThere: Empty{Title: c.T("prep.no_position"), Text: c.T("prep.no_position_text")}}
	for _, w := range v.Words {
		out.Words = append(out.Words, w.In(string(c.Lang)))
	}
	for _, w := range v.Compared {
		out.Compared = append(out.Compared, w.In(string(c.Lang)))
	}
	for _, p := range v.Positions {
		row := c.batchPosition(v, p)
		if len(row.Lines) == 0 {
			out.Idle = append(out.Idle, row)
			continue
		}
		out.Positions = append(out.Positions, row)
	}
	for _, p := range v.People {
		row := c.batchPersonView(v, p)
		switch {
		case len(p.Suggestions) > 0:
			out.Served = append(out.Served, row)
		case p.Reason == assignment.NoEdge.String():
			out.Without = append(out.Without, row)
		default:
			out.Unserved = append(out.Unserved, row)
		}
	}
	return out
}

// headLine names a position in one line.
func (c *call) headLine(h placement.Head) string {
	return joined(" · ", h.Title, h.Employer, h.Place.In(string(c.Lang)))
}

func (c *call) batchPosition(v *placement.BatchView, p placement.BatchPosition) BatchPositionView {
	h := p.Position
	out := BatchPositionView{ID: "poste-" + strconv.FormatInt(int64(h.Lot), 10), Title: h.Title, Href: opportunityPath(h.Opportunity),
		Over: joined(" · ", h.Employer, h.Place.In(string(c.Lang)), c.N("prep.posts", h.Posts)), Room: c.N("prep.room", p.Capacity)}
	if p.Capacity == 0 {
		out.Room = c.T("prep.room_none")
	}
	for _, x := range p.Suggestions {
		out.Lines = append(out.Lines, c.batchLine(v, x))
	}
	if len(out.Lines) == 0 {
		out.None = c.T("prep.nobody_suits")
		if p.Suits > 0 {
			out.None = c.N("prep.nobody_here", p.Suits)
			if p.Capacity == 0 {
				out.None = c.N("prep.nobody_yet", p.Suits)
			}
		}
	}
	return out
}

func (c *call) batchLine(v *placement.BatchView, x placement.BatchSuggestion) BatchLineView {
	who, over := c.batchWho(x.Who)
	out := BatchLineView{Who: who, Over: joined(" · ", over, x.Suits.In(string(c.Lang))), Why: x.Words.In(string(c.Lang))}
	for _, f := range x.Criteria {
		out.Facts = append(out.Facts, Criterion{Name: f.Sentence.In(string(c.Lang)), State: factState(f.State), Share: f.Value})
	}
	out.ID, out.Revision = strconv.FormatInt(int64(x.Line), 10), strconv.FormatInt(x.Revision, 10)
	out.Scene = x.Position.Scene
	if x.Agreement != nil && x.Agreement.State != "" {
		out.Note = upperFirst(x.Agreement.Words.In(string(c.Lang))) + "."
	}
	if x.NoCard != nil {
		out.NoCard = x.NoCard.In(string(c.Lang))
	}
	if v.ID == 0 {
		return out
	}
	tag := stateTag(x.State, x.StateWords.In(string(c.Lang)))
	out.State = &tag
	if v.Last == 0 && x.State != placement.Talked {
		out.Action, out.Gestures = batchPath(v.ID)+"/pistes/"+out.ID, c.gestures(x)
	}
	return out
}

func stateTag(s placement.LineState, words string) Tag {
	switch s {
	case placement.ToDiscuss, placement.Talked:
		return Tag{Text: words, State: Met}
	case placement.SetAside:
		return Tag{Text: words, State: Unknown}
	}
	return Tag{Text: words, Kind: true}
}

// gestures are what a counsellor may make of a suggestion; whoever said no is not
// asked again from here, and nobody is about a position that can no longer be taken.
func (c *call) gestures(x placement.BatchSuggestion) (out []Option) {
	no := !x.Position.Open || x.Agreement != nil && (x.Agreement.State == people.Refused || x.Agreement.State == people.Withdrawn)
	for _, s := range placement.LineStates() {
		if s != x.State && (!no || s == placement.SetAside) {
			out = append(out, Option{Value: string(s), Text: c.T("prep.do_" + string(s)), Selected: s == placement.ToDiscuss})
		}
	}
	return out
}

// factState is how a criterion stands, as the bars draw it.
func factState(s string) State {
	switch s {
	case "met":
		return Met
	case "partial":
		return Partial
	case "missed":
		return Missed
	}
	return Unknown
}

// batchWho names a person by the code of their journey.
func (c *call) batchWho(w placement.BatchWho) (name, over string) {
	return w.Person.Code, joined(" · ", w.Person.Town, c.waitWords(w.Waiting))
}

func (c *call) waitWords(days int) string {
	if days < 60 {
		return c.N("prep.days", days)
	}
	return c.N("prep.months", days/30)
}

func (c *call) batchPersonView(v *placement.BatchView, p placement.BatchPerson) BatchPersonView {
	name, over := c.batchWho(p.Who)
	out := BatchPersonView{Who: name, Over: over, Why: p.Words.In(string(c.Lang))}
	for _, x := range p.Suggestions {
		out.Gains = append(out.Gains, Link{joined(", ", x.Position.Title, x.Position.Employer), "#poste-" + strconv.FormatInt(int64(x.Position.Lot), 10)})
		out.Why = x.Words.In(string(c.Lang))
	}
	if o := p.Other; o != nil && o.Why != assignment.NoBetter.String() && p.Reason != assignment.OverK.String() {
		out.Other = c.T("prep.other", "Position", joined(", ", o.Position.Title, o.Position.Employer), "Why", o.Words.In(string(c.Lang)))
	}
	var no []string
	for _, h := range p.SaidNo {
		no = append(no, joined(", ", h.Title, h.Employer))
	}
	if len(no) > 0 {
		out.SaidNo = c.T("prep.said_no", "Positions", c.list(no))
	}
	if v.ID != 0 {
		out.Help = batchPath(v.ID) + "/personnes/" + strconv.FormatInt(int64(p.Who.Person.ID), 10)
	}
	return out
}

// recomputeBatch computes a batch again.
func (s *Server) recomputeBatch(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(or(c.form("version"), "0"), 10, 64)
	if err != nil {
		return fault.Stale()
	}
	v, err := s.cfg.Placement.RecomputeBatch(c.r.Context(), placement.BatchID(id), number)
	if err != nil {
		return err
	}
	if v.Number == number {
		return c.to(batchPath(v.ID), "batch_same")
	}
	return c.to(batchPath(v.ID), "batch_again")
}

// settleLine says what becomes of a suggestion.
func (s *Server) settleLine(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	line, err := c.id("n")
	if err != nil {
		return err
	}
	revision, err := strconv.ParseInt(or(c.form("revision"), "0"), 10, 64)
	if err != nil {
		return fault.Stale()
	}
	done, err := s.cfg.Placement.SettleLine(c.r.Context(), placement.BatchID(id), placement.BatchLineID(line), placement.LineState(c.form("geste")), revision, c.form("lu"))
	if err != nil {
		return err
	}
	return c.to(batchPath(placement.BatchID(id))+"#piste-"+strconv.FormatInt(line, 10), "batch_"+string(done.State))
}

// BatchHelpPage says what would open more to a person of a batch.
type BatchHelpPage struct {
	Page
	Heading, Lead string
	Gains         []GainView
	Empty         Empty
}

// batchHelp is the what-if of a person, from a batch that brings them little.
func (s *Server) batchHelp(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	n, err := c.id("n")
	if err != nil {
		return err
	}
	v, err := s.cfg.Placement.ReadBatch(c.r.Context(), placement.BatchID(id))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(v.People, func(p placement.BatchPerson) bool { return p.Who.Person.ID == people.ID(n) }) {
		return fault.NotFound("person", n)
	}
	w, err := s.cfg.Placement.WhatIf(c.r.Context(), people.ID(n))
	if err != nil {
		return err
	}
	title := c.T("prep.help", "Who", w.Person.Code)
	page := &BatchHelpPage{Page: c.page(title, Crumb{c.T("prep.title"), batchesPath}, Crumb{c.T("prep.one"), batchPath(placement.BatchID(id))}, Crumb{Text: w.Person.Code}),
		Heading: title, Lead: c.T("prep.help_lead"), Empty: Empty{Title: c.T("prep.help_none"), Text: c.T("prep.help_none_text")}}
	for i, g := range w.Gains {
		page.Gains = append(page.Gains, c.gainView(i+1, g))
	}
	return c.show("batch_help", page)
}
