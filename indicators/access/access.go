// Package access lets a researcher read records one by one, under an agreement that
// says who, for what, which years and until when. What is read is made once for
// each year, protected (package record), and every reading is kept, refused or not.
//
// It refuses a reader whom no agreement names, a day outside its dates, an agreement
// revoked; a purpose in free words; and a file whose difference with the one before
// it would tell of somebody. Nobody reads records through it by administering.
package access

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/indicators/access/record"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/territories"
)

// Purpose is why records are read: a closed list.
type Purpose string

// Purposes lists them.
func Purposes() []Purpose { return []Purpose{"research", "thesis", "evaluation", "statistics"} }

// Label names a purpose.
func (p Purpose) Label() fault.Text {
	return map[Purpose]fault.Text{"research": {FR: "Recherche scientifique", EN: "Scientific research"}, "thesis": {FR: "Thèse ou mémoire", EN: "Thesis or dissertation"},
		"evaluation": {FR: "Évaluation d’une politique publique", EN: "Evaluation of a public policy"}, "statistics": {FR: "Statistique publique", EN: "Official statistics"}}[p]
}

// Reason is why an agreement was revoked: a closed list.
type Reason string

// Reasons lists them.
func Reasons() []Reason { return []Reason{"ended", "asked", "breach", "error"} }

// Label names a reason.
func (r Reason) Label() fault.Text {
	return map[Reason]fault.Text{"ended": {FR: "Travaux terminés", EN: "The work has ended"}, "asked": {FR: "À la demande de la personne", EN: "At the person’s request"},
		"breach": {FR: "Manquement à l’accord", EN: "The agreement was broken"}, "error": {FR: "Accordé par erreur", EN: "Granted by mistake"}}[r]
}

// Agreement is who may read what. What happens to it is in its events.
type Agreement struct {
	bun.BaseModel `bun:"table:access_agreements,alias:aa"`

	ID          int64           `bun:"id,pk,autoincrement"`
	UserID      accounts.UserID `bun:"user_id"`
	Institution string          `bun:"institution"`
	Purpose     Purpose         `bun:"purpose"`
	Reference   string          `bun:"reference"` // of the project, at the institution
	File        record.Kind     `bun:"file"`
	Years       string          `bun:"years"`     // separated by spaces
	Variables   string          `bun:"variables"` // separated by spaces; empty: all
	FromOn      string          `bun:"from_on"`   // YYYY-MM-DD
	UntilOn     string          `bun:"until_on"`  // the last day
	GrantedAt   time.Time       `bun:"granted_at"`

	Name   string  `bun:"name,scanonly"` // of the person
	Events []Event `bun:"-"`
}

// Number is what an agreement is called by.
func (a *Agreement) Number() string { return fmt.Sprintf("MD-%d-%04d", a.GrantedAt.Year(), a.ID) }

// AsYears are the years it opens.
func (a *Agreement) AsYears() []int {
	var out []int
	for _, f := range strings.Fields(a.Years) {
		if n, err := strconv.Atoi(f); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// EventKind is what happened to an agreement.
type EventKind string

// The events, each once.
const (
	Granted EventKind = "granted"
	Revoked EventKind = "revoked"
	Warned  EventKind = "warned" // that its last day comes
	Lapsed  EventKind = "lapsed" // recorded the night after the last day; the dates alone decide
)

// Event is one of them; actor 0 is the program.
type Event struct {
	bun.BaseModel `bun:"table:access_events,alias:ae"`

	ID          int64     `bun:"id,pk,autoincrement"`
	AgreementID int64     `bun:"agreement_id"`
	Kind        EventKind `bun:"kind"`
	Reason      Reason    `bun:"reason"`
	ActorID     int64     `bun:"actor_id"`
	At          time.Time `bun:"at"`
}

// State is what an agreement allows on a day.
type State string

// The states.
const (
	Early  State = "early" // its first day has not come
	Open   State = "open"
	Over   State = "over" // its last day has passed
	Closed State = "revoked"
)

// StateOn is its state on a day, YYYY-MM-DD. Revoked wins over the dates.
func (a *Agreement) StateOn(day string) State {
	switch {
	case slices.ContainsFunc(a.Events, func(e Event) bool { return e.Kind == Revoked }):
		return Closed
	case day < a.FromOn:
		return Early
	case day > a.UntilOn:
		return Over
	}
	return Open
}

// made is the protected records of a year, made once: files are views of it.
type made struct {
	bun.BaseModel `bun:"table:access_files,alias:af"`

	ID       int64                 `bun:"id,pk,autoincrement"`
	Year     int                   `bun:"year"`
	Vintage  int                   `bun:"vintage"`  // 1, 2… of the facts
	Communes string                `bun:"communes"` // vintage of the list of communes
	MadeAt   time.Time             `bun:"made_at"`
	Facts    string                `bun:"facts"` // digest of the records that it was made from
	Hash     string                `bun:"hash"`  // SHA-256 of the content
	Views    map[record.Kind]about `bun:"views,type:jsonb"`
	Kept     record.Kept           `bun:"kept,type:jsonb"`
	Content  string                `bun:"content"` // CSV, every column of every file
}

// about is what is said of a file, which may hold nothing.
type about struct {
	Hash string      `json:"hash"` // SHA-256 of the whole view
	Done record.Done `json:"done"`
}

// File is what researchers read of a year: a view of its protected records.
type File struct {
	Kind     record.Kind
	Year     int
	Vintage  int
	Communes string
	MadeAt   time.Time
	Hash     string // SHA-256 of the whole file, every column
	Done     record.Done
}

// Label names a file: exits 2011, vintage 1.
func (f *File) Label() string { return fmt.Sprintf("%s-%d.v%d", f.Kind, f.Year, f.Vintage) }

// file is a view; nothing where it holds no record.
func (m *made) file(k record.Kind) *File {
	v := m.Views[k]
	if v.Done.Records == 0 {
		return nil
	}
	return &File{Kind: k, Year: m.Year, Vintage: m.Vintage, Communes: m.Communes, MadeAt: m.MadeAt, Hash: v.Hash, Done: v.Done}
}

// Attempt is what came of asking for a year.
type Attempt struct {
	bun.BaseModel `bun:"table:access_makes,alias:am"`

	ID      int64     `bun:"id,pk,autoincrement"`
	Year    int       `bun:"year"`
	Outcome Outcome   `bun:"outcome"`
	At      time.Time `bun:"at"`
}

// Use is one reading.
type Use struct {
	bun.BaseModel `bun:"table:access_uses,alias:au"`

	ID          int64           `bun:"id,pk,autoincrement"`
	AgreementID int64           `bun:"agreement_id"`
	UserID      accounts.UserID `bun:"user_id"`
	What        string          `bun:"what"`  // read, download, refused
	Files       string          `bun:"files"` // labels, separated by spaces; of a refusal, the code of why
	Hash        string          `bun:"hash"`  // SHA-256 of what was taken; empty when it was read
	At          time.Time       `bun:"at"`
	Name        string          `bun:"name,scanonly"`
	GrantedAt   time.Time       `bun:"granted_at,scanonly"`
}

// Number is that of the agreement.
func (u *Use) Number() string {
	a := Agreement{ID: u.AgreementID, GrantedAt: u.GrantedAt}
	return a.Number()
}

// Make asks that the files of a year be made; Again makes a vintage where facts changed.
type Make struct {
	Year  int  `json:"year"`
	Again bool `json:"again"`
}

// Kind names the job.
func (Make) Kind() string { return "access.make" }

// Config is what the service needs. Now defaults to time.Now, Random to crypto/rand;
// without Mail no letter is asked for. Site is the address of the pages.
type Config struct {
	Store  *store.Store
	Atlas  *territories.Atlas
	Now    func() time.Time
	Random io.Reader
	Mail   mail.Sender
	Site   string
}
