package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup/bulletin"
)

// LetterView is the next letter of an association to an audience, as it stands.
type LetterView struct {
	Audience string       `json:"audience" enum:"members,partners"`
	Week     string       `json:"week" format:"date" doc:"The day on which it leaves."`
	From     string       `json:"from,omitempty"`
	Word     string       `json:"word,omitempty" doc:"Of the association, before the rest."`
	Decision string       `json:"decision,omitempty" enum:"agreed,held" doc:"Absent: a members' letter leaves, a partners' one waits."`
	Calls    []LetterLine `json:"calls" doc:"Public calls; empty in a members' letter, where each enterprise reads those that suit it."`
	Events   []LetterLine `json:"events"`
	Answers  []LetterLine `json:"answers"`
	Last     *LetterSent  `json:"last,omitempty" doc:"The last one that left."`
}

// LetterLine is one thing that a letter names.
type LetterLine struct {
	ID    int64      `json:"id"`
	Title string     `json:"title"`
	At    *time.Time `json:"at,omitempty" doc:"Deadline of a call, start of an event."`
}

// LetterSent is how far a letter that left is.
type LetterSent struct {
	Week string `json:"week" format:"date"`
	Made int    `json:"made"`
	Sent int    `json:"sent" doc:"Of those made, how many a mail server took. The others wait, or had nothing left to say."`
}

// LetterDecision is what an association says of its next letter.
type LetterDecision struct {
	Word     string `json:"word,omitempty" maxLength:"2000"`
	Decision string `json:"decision,omitempty" enum:"agreed,held" doc:"Absent: none."`
}

// PartnerView is a partner who reads the letter of an association.
type PartnerView struct {
	ID          int64           `json:"id"`
	Email       string          `json:"email"`
	Lang        string          `json:"lang" enum:"fr,en"`
	Territory   json.RawMessage `json:"territory,omitempty" doc:"Perimeter; absent: the whole country."`
	Reason      string          `json:"reason,omitempty" doc:"Why an officer added them; absent: they asked themself."`
	ConfirmedAt *time.Time      `json:"confirmed_at,omitempty"`
	EndedAt     *time.Time      `json:"ended_at,omitempty"`
	SuspendedAt *time.Time      `json:"suspended_at,omitempty" doc:"Since when the address takes no letters."`
}

// PartnerInput adds one.
type PartnerInput struct {
	Email     string `json:"email" maxLength:"254"`
	Lang      string `json:"lang,omitempty" enum:"fr,en" doc:"Absent: French."`
	Territory string `json:"territory,omitempty" maxLength:"2000" doc:"In words or as a perimeter; absent: the whole country." example:"Drôme et Ardèche"`
	Reason    string `json:"reason" maxLength:"300" doc:"Kept."`
}

// ByAudience names a letter.
type ByAudience struct {
	Audience string `path:"audience" enum:"members,partners"`
}

func (s *Server) bulletin() {
	read, decide := accounts.BulletinRead, accounts.BulletinDecide
	add(s, Operation{ID: "get-next-letter", Method: http.MethodGet, Path: "/v1/letters/{audience}", Tag: tagFollowup, Action: read, Summary: "The next letter of one's own association, as it stands",
		About: "To a reader of the caller's perimeter. It holds what a visitor may read."}, s.nextLetter)
	add(s, Operation{ID: "decide-next-letter", Method: http.MethodPut, Path: "/v1/letters/{audience}", Tag: tagFollowup, Action: decide, Summary: "Say a word before a letter leaves, agree to it or hold it",
		About: "A decision is of one week. A partners' letter leaves only once it is agreed to.", Example: `{"word":"Bonne semaine","decision":"agreed"}`, Status: http.StatusNoContent, Errors: []int{http.StatusPreconditionFailed}}, s.decideLetter)
	add(s, Operation{ID: "list-letter-partners", Method: http.MethodGet, Path: "/v1/letter-partners", Tag: tagFollowup, Action: read, Summary: "Who reads the partners' letter of one's own association",
		About: "Those who wait to confirm and those who ended it too."}, s.listPartners)
	add(s, Operation{ID: "add-letter-partner", Method: http.MethodPost, Path: "/v1/letter-partners", Tag: tagFollowup, Action: decide, Summary: "Make somebody a reader of the partners' letter",
		About: "Again changes nothing. Who ended the letter can be put back by nobody but themself.", Example: `{"email":"zoe@example.org","reason":"Convention de 2026"}`, Status: http.StatusNoContent, Errors: []int{http.StatusConflict}}, s.addPartner)
	add(s, Operation{ID: "remove-letter-partner", Method: http.MethodDelete, Path: "/v1/letter-partners/{id}", Tag: tagFollowup, Action: decide, Summary: "End the letters of a reader", Status: http.StatusNoContent}, s.removePartner)
	add(s, Operation{ID: "lift-letter-partner", Method: http.MethodDelete, Path: "/v1/letter-partners/{id}/suspension", Tag: tagFollowup, Action: decide, Summary: "Say that the address of a reader works again",
		About: "Letters go to it from then on. Again changes nothing.", Status: http.StatusNoContent}, s.resumePartner)
}

func (s *Server) nextLetter(ctx context.Context, in *ByAudience) (*Found[LetterView], error) {
	audience := bulletin.Audience(in.Audience)
	e, issue, err := s.cfg.Bulletin.Next(ctx, audience)
	if err != nil {
		return nil, err
	}
	left, err := s.cfg.Bulletin.Left(ctx, audience)
	if err != nil {
		return nil, err
	}
	return revised(showLetter(e, issue, left), letterRevision(e)), nil
}

// letterRevision counts from one: that nobody said anything is a version too, which
// somebody may have read.
func letterRevision(e *bulletin.Edition) int64 { return e.Revision + 1 }

func (s *Server) decideLetter(ctx context.Context, in *struct {
	ByAudience
	IfMatch
	Body LetterDecision
}) (*Nothing, error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	audience := bulletin.Audience(in.Audience)
	if revision == 0 { // not checked
		e, _, err := s.cfg.Bulletin.Next(ctx, audience)
		if err != nil {
			return nil, err
		}
		revision = letterRevision(e)
	}
	return none(s.cfg.Bulletin.Decide(ctx, audience, revision-1, in.Body.Word, bulletin.Decision(in.Body.Decision)))
}

func (s *Server) listPartners(ctx context.Context, _ *Empty) (*Found[[]PartnerView], error) {
	all, err := s.cfg.Bulletin.Readers(ctx)
	return found(each(all, showPartner)), err
}

func (s *Server) addPartner(ctx context.Context, in *struct{ Body PartnerInput }) (*Nothing, error) {
	return none(s.cfg.Bulletin.Add(ctx, bulletin.Request{Email: in.Body.Email, Lang: in.Body.Lang, Territory: in.Body.Territory, Reason: in.Body.Reason}))
}

func (s *Server) removePartner(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Bulletin.Remove(ctx, bulletin.PartnerID(in.ID)))
}

func (s *Server) resumePartner(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Bulletin.Resume(ctx, bulletin.PartnerID(in.ID)))
}

func showLetter(e *bulletin.Edition, issue *bulletin.Issue, left *bulletin.Departure) LetterView {
	out := LetterView{Audience: string(e.Audience), Week: e.Week, From: issue.From, Word: e.Word, Decision: string(e.Decision), Calls: []LetterLine{}, Events: []LetterLine{}, Answers: []LetterLine{}}
	if e.Audience == bulletin.Partners {
		for _, o := range issue.Calls {
			out.Calls = append(out.Calls, LetterLine{ID: int64(o.ID), Title: o.Title, At: o.Deadline})
		}
	}
	for _, r := range issue.Events {
		out.Events = append(out.Events, LetterLine{ID: int64(r.ID), Title: r.Title, At: &r.StartsAt})
	}
	for _, a := range issue.Answers {
		out.Answers = append(out.Answers, LetterLine{ID: int64(a.ID), Title: a.Title})
	}
	if left != nil {
		out.Last = &LetterSent{Week: left.Week, Made: left.Made, Sent: left.Sent}
	}
	return out
}

func showPartner(r bulletin.Reader) PartnerView {
	return PartnerView{ID: int64(r.ID), Email: r.Email, Lang: r.Lang, Territory: json.RawMessage(r.Territory), Reason: r.Reason, ConfirmedAt: when(r.ConfirmedAt), EndedAt: when(r.EndedAt), SuspendedAt: r.SuspendedAt}
}
