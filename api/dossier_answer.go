package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup/dossier"
	"maillage/matching"
)

// AnswerChecklist is what an answer is made of.
type AnswerChecklist struct {
	Match       int64        `json:"match"`
	Day         string       `json:"day" format:"date" doc:"On which pieces must hold: the deadline's, or today without one."`
	Deadline    *time.Time   `json:"deadline,omitempty"`
	WorkingDays int          `json:"working_days" doc:"Left before the deadline."`
	Read        bool         `json:"read" doc:"The call names pieces; false: the list is the usual one."`
	Missing     int          `json:"missing"`
	Items       []AnswerItem `json:"items" doc:"In the order of an answer."`
}

// AnswerItem is one piece of an answer.
type AnswerItem struct {
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	Status     string `json:"status" enum:"to_obtain,to_renew,to_write,have,not_needed"`
	Why        string `json:"why" enum:"asked,added,usual"`
	Quote      string `json:"quote,omitempty" doc:"What the call says, word for word."`
	ValidUntil string `json:"valid_until,omitempty" format:"date" doc:"Of the piece that is there, or ended."`
	Piece      *int64 `json:"piece,omitempty" doc:"To its enterprise alone."`
	Picked     int    `json:"picked,omitempty" doc:"References or paragraphs chosen."`
}

// AnswerArchive is what was sent, frozen.
type AnswerArchive struct {
	Number      int             `json:"number"`
	SubmittedOn string          `json:"submitted_on" format:"date"`
	FrozenAt    time.Time       `json:"frozen_at"`
	SHA256      string          `json:"sha256" doc:"Of the ZIP."`
	Size        int64           `json:"size" doc:"Of the ZIP, in bytes."`
	Manifest    json.RawMessage `json:"manifest" doc:"As it is in the ZIP."`
}

func (s *Server) answerPieces() {
	get, post, put, tag := http.MethodGet, http.MethodPost, http.MethodPut, tagFollowup
	add(s, Operation{ID: "get-answer-pieces", Method: get, Path: "/v1/matches/{id}/pieces", Tag: tag, Action: accounts.ChecklistRead, Summary: "What an answer is made of, and what it lacks",
		About: "Who follows the enterprise up reads what is missing, never a file."}, s.getAnswerPieces)
	add(s, Operation{ID: "decide-answer-piece", Method: put, Path: "/v1/matches/{id}/pieces/{kind}", Tag: tag, Action: accounts.ChecklistEdit, Status: http.StatusNoContent, Summary: "Say whether a piece is needed for an answer", Example: `{"needed":"no"}`}, s.decideAnswerPiece)
	add(s, Operation{ID: "pick-for-answer", Method: put, Path: "/v1/matches/{id}/picks/{what}", Tag: tag, Action: accounts.DossierEdit, Status: http.StatusNoContent, Summary: "Choose the references or the paragraphs of an answer", About: "The whole list, in its order. Paragraphs are taken at their latest version.", Example: `{"chosen":[]}`}, s.pickForAnswer)
	add(s, Operation{ID: "list-answer-archives", Method: get, Path: "/v1/matches/{id}/archives", Tag: tag, Action: accounts.DossierRead, Summary: "List what was sent for an answer"}, s.listAnswerArchives)
	add(s, Operation{ID: "freeze-answer", Method: post, Path: "/v1/matches/{id}/archives", Tag: tag, Action: accounts.DossierEdit, Summary: "Archive what was added since an answer was handed in", About: "The first archive is made when the answer is told handed in; none is ever changed. 409 not-submitted before."}, s.freezeAnswer)
	add(s, Operation{ID: "download-answer-archive", Method: get, Path: "/v1/matches/{id}/archives/{number}", Tag: tag, Action: accounts.DossierRead, Gives: "application/zip", Summary: "Download what was sent", About: "The same bytes each time."}, s.downloadAnswerArchive)
}

func (s *Server) getAnswerPieces(ctx context.Context, in *ByID) (*Found[AnswerChecklist], error) {
	c, err := s.cfg.Dossier.Checklist(ctx, matching.ID(in.ID))
	if err != nil {
		return nil, err
	}
	out := AnswerChecklist{Match: in.ID, Day: c.Day, Deadline: utc(c.Deadline), WorkingDays: c.Left, Read: c.Read, Missing: len(c.Missing()), Items: []AnswerItem{}}
	who := accounts.From(ctx)
	mine := who.Role == accounts.Member && ownEnterprise(ctx) == c.Organisation
	for i := range c.Items {
		out.Items = append(out.Items, showAnswerItem(&c.Items[i], who.Lang, mine))
	}
	return found(out), nil
}

func showAnswerItem(i *dossier.Item, lang string, mine bool) AnswerItem {
	out := AnswerItem{Kind: string(i.Kind.Code), Name: i.Kind.Name.In(lang), Status: string(i.Status), Why: string(i.Why), Quote: i.Quote, Picked: i.Picked}
	if i.Piece == nil {
		return out
	}
	out.ValidUntil = i.Piece.ValidUntil
	if mine {
		id := int64(i.Piece.ID)
		out.Piece = &id
	}
	return out
}

func (s *Server) decideAnswerPiece(ctx context.Context, in *struct {
	ByID
	Kind string `path:"kind" maxLength:"40"`
	Body struct {
		Needed string `json:"needed" enum:"yes,no,unsaid" doc:"Unsaid takes it back."`
	}
}) (*Nothing, error) {
	needed := dossier.Needed(in.Body.Needed)
	if in.Body.Needed == "unsaid" {
		needed = dossier.Unsaid
	}
	return none(s.cfg.Dossier.Decide(ctx, matching.ID(in.ID), dossier.Code(in.Kind), needed))
}

func (s *Server) pickForAnswer(ctx context.Context, in *struct {
	ByID
	What string `path:"what" enum:"reference,paragraph"`
	Body struct {
		Chosen []int64 `json:"chosen" maxItems:"100"`
	}
}) (*Nothing, error) {
	return none(s.cfg.Dossier.Pick(ctx, matching.ID(in.ID), dossier.What(in.What), in.Body.Chosen...))
}

func (s *Server) listAnswerArchives(ctx context.Context, in *ByID) (*Found[[]AnswerArchive], error) {
	all, err := s.cfg.Dossier.Archives(ctx, matching.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return found(each(all, func(a dossier.Archive) AnswerArchive { return showArchive(&a) })), nil
}

func showArchive(a *dossier.Archive) AnswerArchive {
	return AnswerArchive{a.Number, a.SubmittedOn, a.FrozenAt.UTC(), a.SHA256, a.Size, json.RawMessage(a.Manifest)}
}

func (s *Server) freezeAnswer(ctx context.Context, in *ByID) (*Found[AnswerArchive], error) {
	a, err := s.cfg.Dossier.Freeze(ctx, matching.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return found(showArchive(a)), nil
}

func (s *Server) downloadAnswerArchive(ctx context.Context, in *struct {
	ByID
	Number int `path:"number" minimum:"1"`
}) (*Download, error) {
	a, content, err := s.cfg.Dossier.Download(ctx, matching.ID(in.ID), in.Number)
	if err != nil {
		return nil, err
	}
	return download(a.FileName(), "application/zip", content), nil
}
