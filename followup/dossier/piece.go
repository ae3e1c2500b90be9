package dossier

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/matching"
	"maillage/network"
)

// PieceID identifies a piece.
type PieceID int64

// Piece is one paper of an enterprise, with the days between which it holds.
type Piece struct {
	bun.BaseModel `bun:"table:dossier_pieces,alias:dp"`

	ID             PieceID      `bun:"id,pk,autoincrement"`
	OrganisationID network.ID   `bun:"organisation_id"`
	MatchID        *matching.ID `bun:"match_id"` // the answer it was made for; nil: it serves again
	Kind           Code         `bun:"kind"`
	Title          string       `bun:"title"`       // of Other; elsewhere what tells two of a kind apart
	IssuedOn       string       `bun:"issued_on"`   // civil day; empty: not told
	ValidUntil     string       `bun:"valid_until"` // last civil day, as written or by its rule; empty: no end
	FileID         *FileID      `bun:"file_id"`     // nil: kept elsewhere
	FileName       string       `bun:"file_name"`
	AddedBy        *int64       `bun:"added_by"`
	AddedAt        time.Time    `bun:"added_at"`

	Size      int64  `bun:"size,scanonly"`       // bytes; 0: no file
	MediaType string `bun:"media_type,scanonly"` // of the file
	SHA256    string `bun:"sha256,scanonly"`     // of the file, hexadecimal
}

// Holds tells that a piece is valid on a civil day.
func (p *Piece) Holds(day string) bool {
	return p.ValidUntil == "" || day <= p.ValidUntil
}

// Draft is a piece as it is handed to the dossier.
type Draft struct {
	Organisation network.ID
	Match        matching.ID // 0: it serves again
	Kind         Code
	Title        string
	IssuedOn     string
	ValidUntil   string // empty: by the rule of its kind
	File         *Upload
}

// The bounds of what is told, in characters.
const (
	longestTitle     = 200
	longestParagraph = 20_000
	longestName      = 120
)

// check refuses what is no piece, every fault located, and fills in its last day.
func (d *Draft) check(b *Book, today string) error {
	d.Title, d.IssuedOn, d.ValidUntil = strings.TrimSpace(d.Title), strings.TrimSpace(d.IssuedOn), strings.TrimSpace(d.ValidUntil)
	k, known := b.Get(d.Kind)
	var f fault.List
	f.At(!known, "kind", "unknown", "Dites de quelle pièce il s’agit.", "Say which piece this is.")
	f.At(d.Kind == Other && d.Title == "", "title", "required", "Nommez cette pièce.", "Name this piece.")
	f.At(utf8.RuneCountInString(d.Title) > longestTitle, "title", "too_long", "200 caractères au plus.", "200 characters at most.")
	f.At(known && k.Scope == Answer && d.Match == 0, "match", "required", "Cette pièce se fait pour une réponse : ajoutez-la depuis la page de la réponse.", "This piece is made for one answer: add it from the page of the answer.")
	f.Day("issued_on", d.IssuedOn)
	f.Day("valid_until", d.ValidUntil)
	f.At(d.IssuedOn > today && isDay(d.IssuedOn), "issued_on", "future", "Cette date est à venir.", "This date is still to come.")
	f.At(known && k.Validity.Rule == Months && d.IssuedOn == "" && d.ValidUntil == "", "issued_on", "required", "Dites de quand elle date, ou jusqu’à quand elle vaut.", "Say its date of issue, or until when it holds.")
	f.At(known && k.Validity.Rule == Own && d.ValidUntil == "", "valid_until", "required", "Dites jusqu’à quand elle vaut : c’est écrit dessus.", "Say until when it holds: it is written on it.")
	f.At(isDay(d.IssuedOn) && isDay(d.ValidUntil) && d.ValidUntil < d.IssuedOn, "valid_until", "before", "Elle finirait avant d’avoir commencé.", "It would end before it began.")
	if err := f.Err(); err != nil {
		return err
	}
	if d.ValidUntil == "" {
		d.ValidUntil = k.Validity.until(d.IssuedOn)
	}
	return nil
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
