package api

import (
	"context"
	"mime"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup/dossier"
	"maillage/matching"
	"maillage/network"
)

// PieceKind is a kind of piece that calls ask for.
type PieceKind struct {
	Code   string `json:"code"`
	Scope  string `json:"scope" enum:"kept,answer" doc:"Kept: it serves again. Answer: it is made for one answer."`
	Form   string `json:"form" enum:"obtained,written"`
	Usual  bool   `json:"usual" doc:"Most calls ask for it."`
	Rule   string `json:"rule" enum:"months,own,none" doc:"Until when it holds: so many months after its issue, until the day written on it, or as long as it is true."`
	Months int    `json:"months,omitempty"`
	Basis  string `json:"basis,omitempty" enum:"law,usage"`
	Name   string `json:"name" doc:"In the caller's language."`
	Get    string `json:"get" doc:"Where it comes from, in the caller's language."`
	Source string `json:"source"`
}

// AnswerPiece is one paper of an enterprise.
type AnswerPiece struct {
	ID         int64     `json:"id"`
	Kind       string    `json:"kind"`
	Match      *int64    `json:"match,omitempty" doc:"The answer it was made for; absent: it serves again."`
	Title      string    `json:"title,omitempty"`
	IssuedOn   string    `json:"issued_on,omitempty" format:"date"`
	ValidUntil string    `json:"valid_until,omitempty" format:"date" doc:"Absent: no end."`
	FileName   string    `json:"file_name,omitempty" doc:"Absent: the paper is kept elsewhere."`
	MediaType  string    `json:"media_type,omitempty"`
	Size       int64     `json:"size,omitempty" doc:"Bytes."`
	SHA256     string    `json:"sha256,omitempty"`
	AddedAt    time.Time `json:"added_at"`
}

// PieceInput is a paper to keep.
type PieceInput struct {
	Kind       string     `json:"kind" maxLength:"40"`
	Match      int64      `json:"match,omitempty" minimum:"0" doc:"The answer it is made for; of a kind that serves again, leave it out."`
	Title      string     `json:"title,omitempty" maxLength:"200"`
	IssuedOn   string     `json:"issued_on,omitempty" format:"date"`
	ValidUntil string     `json:"valid_until,omitempty" format:"date" doc:"Absent: by the rule of its kind."`
	File       *PieceFile `json:"file,omitempty" doc:"Absent: the paper is kept elsewhere."`
}

// PieceFile is a file to keep.
type PieceFile struct {
	Name    string `json:"name" minLength:"1" maxLength:"300"`
	Content []byte `json:"content" doc:"Base64; 10 MiB at most once read. PDF, PNG, JPEG, DOCX, XLSX, ODT or ODS without macros."`
}

// fileBody is the most that a request with a file in base64 weighs.
const fileBody = dossier.MaxFile/3*4 + 1<<16

// Download is a file to keep, never to show.
type Download struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Cache       string `header:"Cache-Control"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}

func download(name, kind string, content []byte) *Download {
	return &Download{kind, mime.FormatMediaType("attachment", map[string]string{"filename": name}), "private, no-store", "default-src 'none'; sandbox", content}
}

func (s *Server) dossier() {
	get, post, remove, tag := http.MethodGet, http.MethodPost, http.MethodDelete, tagFollowup
	read, edit := accounts.DossierRead, accounts.DossierEdit
	add(s, Operation{ID: "list-piece-kinds", Method: get, Path: "/v1/dossier/kinds", Tag: tag, Action: read, Summary: "List the kinds of pieces that calls ask for"}, s.listPieceKinds)
	add(s, Operation{ID: "list-pieces", Method: get, Path: "/v1/dossier/pieces", Tag: tag, Action: read, Summary: "List the pieces of one's enterprise that serve again",
		About: "In the order of an answer; of what replaces what, the one that holds longest first. One's own enterprise alone reads its file, whoever administers."}, s.listPieces)
	add(s, Operation{ID: "create-piece", Method: post, Path: "/v1/dossier/pieces", Tag: tag, Action: edit, Status: http.StatusCreated, Body: fileBody, Summary: "Keep a piece", About: "The same again gives what the first made.",
		Example: `{"kind":"social","issued_on":"2026-11-02","file":{"name":"vigilance.pdf","content":"JVBERi0xLjQK"}}`}, s.createPiece)
	add(s, Operation{ID: "remove-piece", Method: remove, Path: "/v1/dossier/pieces/{id}", Tag: tag, Action: edit, Status: http.StatusNoContent, Summary: "Take a piece out", About: "What was sent keeps its bytes."}, s.removePiece)
	add(s, Operation{ID: "download-piece", Method: get, Path: "/v1/dossier/pieces/{id}/file", Tag: tag, Action: read, Gives: "application/octet-stream", Summary: "Download the file of a piece"}, s.downloadPiece)
	s.dossierWords()
	s.answerPieces()
}

func (s *Server) listPieceKinds(ctx context.Context, _ *struct{}) (*Found[[]PieceKind], error) {
	out, lang := []PieceKind{}, accounts.From(ctx).Lang
	for _, k := range s.cfg.Dossier.Book().Kinds() {
		out = append(out, PieceKind{Code: string(k.Code), Scope: string(k.Scope), Form: string(k.Form), Usual: k.Usual, Rule: string(k.Validity.Rule), Months: k.Validity.Months, Basis: k.Validity.Basis, Name: k.Name.In(lang), Get: k.Get.In(lang), Source: k.Source})
	}
	return found(out), nil
}

// ownEnterprise is the caller's.
func ownEnterprise(ctx context.Context) network.ID {
	return network.ID(accounts.From(ctx).OrganisationID)
}

func (s *Server) listPieces(ctx context.Context, _ *struct{}) (*Found[[]AnswerPiece], error) {
	all, err := s.cfg.Dossier.Pieces(ctx, ownEnterprise(ctx))
	if err != nil {
		return nil, err
	}
	out := []AnswerPiece{}
	for i := range all {
		out = append(out, showPiece(&all[i]))
	}
	return found(out), nil
}

func showPiece(p *dossier.Piece) AnswerPiece {
	out := AnswerPiece{ID: int64(p.ID), Kind: string(p.Kind), Title: p.Title, IssuedOn: p.IssuedOn, ValidUntil: p.ValidUntil, FileName: p.FileName, MediaType: p.MediaType, Size: p.Size, SHA256: p.SHA256, AddedAt: p.AddedAt.UTC()}
	if p.MatchID != nil {
		id := int64(*p.MatchID)
		out.Match = &id
	}
	return out
}

func (s *Server) createPiece(ctx context.Context, in *struct{ Body PieceInput }) (*Found[AnswerPiece], error) {
	b := in.Body
	d := dossier.Draft{Organisation: ownEnterprise(ctx), Match: matching.ID(b.Match), Kind: dossier.Code(b.Kind), Title: b.Title, IssuedOn: b.IssuedOn, ValidUntil: b.ValidUntil}
	if b.File != nil {
		d.File = &dossier.Upload{Name: b.File.Name, Content: b.File.Content}
	}
	p, err := s.cfg.Dossier.Keep(ctx, d)
	if err != nil {
		return nil, err
	}
	return found(showPiece(p)), nil
}

func (s *Server) removePiece(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Dossier.Remove(ctx, dossier.PieceID(in.ID)))
}

func (s *Server) downloadPiece(ctx context.Context, in *ByID) (*Download, error) {
	p, content, err := s.cfg.Dossier.Open(ctx, dossier.PieceID(in.ID))
	if err != nil {
		return nil, err
	}
	return download(p.FileName, p.MediaType, content), nil
}
