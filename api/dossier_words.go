package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup/dossier"
	"maillage/matching"
)

// ShownReference is a contract that an enterprise shows to buyers.
type ShownReference struct {
	ID       int64   `json:"id,omitempty" minimum:"0" doc:"On a write: the one to change; absent: a new one."`
	Match    int64   `json:"match,omitempty" minimum:"0" doc:"The answer that was won here; absent: told by the enterprise."`
	Object   string  `json:"object" maxLength:"200"`
	Buyer    string  `json:"buyer" maxLength:"200"`
	Amount   float64 `json:"amount,omitempty" minimum:"0" doc:"Euros, excluding taxes."`
	Year     int     `json:"year" minimum:"1990"`
	Contact  string  `json:"contact,omitempty" maxLength:"200" doc:"Who agreed to be named."`
	AgreedOn string  `json:"agreed_on,omitempty" format:"date" doc:"Goes with contact."`
	Revision int64   `json:"revision,omitempty" minimum:"0" doc:"On a change: the one that was read; 0 not to check."`
}

// MemoParagraph is a text of a technical memo that serves again.
type MemoParagraph struct {
	ID        int64      `json:"id,omitempty" minimum:"0" doc:"On a write: the one to add a version to; absent: a new one."`
	Theme     string     `json:"theme" enum:"enterprise,team,method,insertion,environment,safety,quality,planning"`
	Title     string     `json:"title" maxLength:"200"`
	Words     string     `json:"words" maxLength:"20000" doc:"Nothing about a person in insertion."`
	Version   int        `json:"version,omitempty" minimum:"0" doc:"On a change: the one that was read."`
	WrittenAt *time.Time `json:"written_at,omitempty" readOnly:"true"`
}

// MemoVersions is a paragraph with its history, the latest first.
type MemoVersions struct {
	MemoParagraph
	Versions []MemoVersion `json:"versions"`
}

// MemoVersion is a paragraph as it was written once.
type MemoVersion struct {
	Version   int       `json:"version"`
	Title     string    `json:"title"`
	Words     string    `json:"words"`
	WrittenAt time.Time `json:"written_at"`
}

// CandidateData is what the forms of an application ask for (DC1, DC2, ESPD).
type CandidateData struct {
	Name      string       `json:"name,omitempty" readOnly:"true"`
	SIRET     string       `json:"siret,omitempty" readOnly:"true"`
	LegalForm string       `json:"legal_form,omitempty" enum:"association,sarl,sas,sa,scic,scop,eurl,public,other"`
	Signatory string       `json:"signatory,omitempty" maxLength:"200"`
	Quality   string       `json:"quality,omitempty" maxLength:"200"`
	Capacity  string       `json:"capacity,omitempty" maxLength:"4000" doc:"Technical and human, in words."`
	Years     []ClosedYear `json:"years" maxItems:"3" doc:"The latest first."`
	Revision  int64        `json:"revision,omitempty" minimum:"0" doc:"On a write: the one that was read; 0 not to check."`
}

// ClosedYear is a year of accounts.
type ClosedYear struct {
	Year     int     `json:"year" minimum:"1990"`
	Turnover float64 `json:"turnover" minimum:"0" doc:"Euros, excluding taxes."`
	Share    float64 `json:"share,omitempty" minimum:"0" maximum:"100" doc:"Percent that comes from what the contract is about."`
	Staff    float64 `json:"staff,omitempty" minimum:"0" doc:"On average, persons."`
}

func (s *Server) dossierWords() {
	get, post, put, remove, tag := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, tagFollowup
	read, edit := accounts.DossierRead, accounts.DossierEdit
	add(s, Operation{ID: "list-answer-references", Method: get, Path: "/v1/dossier/references", Tag: tag, Action: read, Summary: "List the references of one's enterprise"}, s.listShownReferences)
	add(s, Operation{ID: "save-answer-reference", Method: post, Path: "/v1/dossier/references", Tag: tag, Action: edit, Summary: "Add or change a reference", About: "One drawn from a contract won here is there once.",
		Example: `{"object":"Espaces verts","buyer":"Ville d’exemple","year":2025,"amount":48000,"contact":"Service technique","agreed_on":"2026-11-02"}`}, s.saveShownReference)
	add(s, Operation{ID: "remove-answer-reference", Method: remove, Path: "/v1/dossier/references/{id}", Tag: tag, Action: edit, Status: http.StatusNoContent, Summary: "Take a reference out"}, s.removeShownReference)
	add(s, Operation{ID: "list-paragraphs", Method: get, Path: "/v1/dossier/paragraphs", Tag: tag, Action: read, Summary: "List the paragraphs of one's technical memos"}, s.listParagraphs)
	add(s, Operation{ID: "write-paragraph", Method: post, Path: "/v1/dossier/paragraphs", Tag: tag, Action: edit, Summary: "Write a paragraph, or a version of one", About: "The same words again add nothing.",
		Example: `{"theme":"insertion","title":"Accompagnement","words":"Chaque salarié a un référent."}`}, s.writeParagraph)
	add(s, Operation{ID: "get-paragraph", Method: get, Path: "/v1/dossier/paragraphs/{id}", Tag: tag, Action: read, Summary: "Read a paragraph with its versions"}, s.getParagraph)
	add(s, Operation{ID: "retire-paragraph", Method: remove, Path: "/v1/dossier/paragraphs/{id}", Tag: tag, Action: edit, Status: http.StatusNoContent, Summary: "No longer offer a paragraph", About: "Its versions stay."}, s.retireParagraph)
	add(s, Operation{ID: "get-candidate", Method: get, Path: "/v1/dossier/candidate", Tag: tag, Action: read, Summary: "Read the data that the forms of an application ask for"}, s.getCandidate)
	add(s, Operation{ID: "save-candidate", Method: put, Path: "/v1/dossier/candidate", Tag: tag, Action: edit, Summary: "Keep that data",
		Example: `{"legal_form":"association","signatory":"Présidence","years":[{"year":2025,"turnover":612000,"share":64,"staff":15}]}`}, s.saveCandidate)
}

func (s *Server) listShownReferences(ctx context.Context, _ *struct{}) (*Found[[]ShownReference], error) {
	all, err := s.cfg.Dossier.References(ctx, ownEnterprise(ctx))
	if err != nil {
		return nil, err
	}
	return found(each(all, func(r dossier.Reference) ShownReference { return showShownReference(&r) })), nil
}

func showShownReference(r *dossier.Reference) ShownReference {
	out := ShownReference{ID: int64(r.ID), Object: r.Object, Buyer: r.Buyer, Amount: r.Amount, Year: r.Year, Contact: r.Contact, AgreedOn: r.AgreedOn, Revision: r.Revision}
	if r.MatchID != nil {
		out.Match = int64(*r.MatchID)
	}
	return out
}

func (s *Server) saveShownReference(ctx context.Context, in *struct{ Body ShownReference }) (*Found[ShownReference], error) {
	b := in.Body
	r := dossier.Reference{ID: dossier.ReferenceID(b.ID), OrganisationID: ownEnterprise(ctx), Object: b.Object, Buyer: b.Buyer, Amount: b.Amount, Year: b.Year, Contact: b.Contact, AgreedOn: b.AgreedOn, Revision: b.Revision}
	if b.Match != 0 {
		id := matching.ID(b.Match)
		r.MatchID = &id
	}
	saved, err := s.cfg.Dossier.SaveReference(ctx, r)
	if err != nil {
		return nil, err
	}
	return found(showShownReference(saved)), nil
}

func (s *Server) removeShownReference(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Dossier.RemoveReference(ctx, ownEnterprise(ctx), dossier.ReferenceID(in.ID)))
}

func (s *Server) listParagraphs(ctx context.Context, _ *struct{}) (*Found[[]MemoParagraph], error) {
	all, err := s.cfg.Dossier.Paragraphs(ctx, ownEnterprise(ctx))
	if err != nil {
		return nil, err
	}
	return found(each(all, func(p dossier.Paragraph) MemoParagraph { return showParagraph(&p) })), nil
}

func showParagraph(p *dossier.Paragraph) MemoParagraph {
	at := p.WrittenAt.UTC()
	return MemoParagraph{ID: int64(p.ID), Theme: string(p.Theme), Title: p.Title, Words: p.Words, Version: p.Version, WrittenAt: &at}
}

func (s *Server) writeParagraph(ctx context.Context, in *struct{ Body MemoParagraph }) (*Found[MemoParagraph], error) {
	b := in.Body
	p, err := s.cfg.Dossier.WriteParagraph(ctx, dossier.Paragraph{ID: dossier.ParagraphID(b.ID), OrganisationID: ownEnterprise(ctx), Theme: dossier.Theme(b.Theme), Title: b.Title, Words: b.Words}, b.Version)
	if err != nil {
		return nil, err
	}
	return found(showParagraph(p)), nil
}

func (s *Server) getParagraph(ctx context.Context, in *ByID) (*Found[MemoVersions], error) {
	p, versions, err := s.cfg.Dossier.Versions(ctx, dossier.ParagraphID(in.ID))
	if err != nil {
		return nil, err
	}
	return found(MemoVersions{showParagraph(p), each(versions, func(v dossier.Version) MemoVersion {
		return MemoVersion{v.Version, v.Title, v.Words, v.WrittenAt.UTC()}
	})}), nil
}

func (s *Server) retireParagraph(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Dossier.RetireParagraph(ctx, dossier.ParagraphID(in.ID)))
}

func (s *Server) getCandidate(ctx context.Context, _ *struct{}) (*Found[CandidateData], error) {
	c, err := s.cfg.Dossier.Candidate(ctx, ownEnterprise(ctx))
	if err != nil {
		return nil, err
	}
	return found(showCandidate(c)), nil
}

func showCandidate(c *dossier.Candidate) CandidateData {
	out := CandidateData{LegalForm: c.LegalForm, Signatory: c.Signatory, Quality: c.Quality, Capacity: c.Capacity, Years: each(c.Years, func(y dossier.Year) ClosedYear { return ClosedYear(y) }), Revision: c.Revision}
	if c.Organisation != nil {
		out.Name, out.SIRET = c.Organisation.Name, string(c.Organisation.SIRET)
	}
	return out
}

func (s *Server) saveCandidate(ctx context.Context, in *struct{ Body CandidateData }) (*Found[CandidateData], error) {
	b := in.Body
	c, err := s.cfg.Dossier.SaveCandidate(ctx, dossier.Candidate{OrganisationID: ownEnterprise(ctx), LegalForm: b.LegalForm, Signatory: b.Signatory, Quality: b.Quality, Capacity: b.Capacity, Years: each(b.Years, func(y ClosedYear) dossier.Year { return dossier.Year(y) })}, b.Revision)
	if err != nil {
		return nil, err
	}
	return found(showCandidate(c)), nil
}
