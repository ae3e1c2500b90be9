// Package dossier keeps what an enterprise hands in each time it answers a call,
// once: its pieces with the day until which they hold, its references, the
// paragraphs of its technical memos, and the data that the forms ask. From them
// it tells, for one answer, what is there, what must be renewed, asked for or
// written, and freezes what was sent.
//
// It refuses to be read by anybody but the enterprise: an officer reads which
// pieces an answer lacks, never a file, a paragraph or a price. It judges no
// piece: it compares dates. What was frozen is never changed.
package dossier

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"maillage/internal/fault"
)

// Code names a kind of piece: "dc1", "social"…
type Code string

// The codes that mean something here; data/pieces.json has the others.
const (
	DC1        Code = "dc1"
	DC2        Code = "dc2"
	Insurance  Code = "insurance"
	Convention Code = "iae"
	Accounts   Code = "accounts"
	References Code = "references"
	Memo       Code = "memo"
	Other      Code = "other"
)

// Scope is whether a piece serves again.
type Scope string

// The scopes.
const (
	Kept   Scope = "kept"   // once for every answer
	Answer Scope = "answer" // made for one answer
)

// Form is how a piece comes to be.
type Form string

// The forms.
const (
	Obtained Form = "obtained" // somebody else delivers it
	Written  Form = "written"
)

// Rule is until when a piece holds.
type Rule string

// The rules. Whatever the rule, a last day written on the piece goes before it.
const (
	Months Rule = "months" // so many months after its issue
	Own    Rule = "own"    // until the day written on it, which must be told
	None   Rule = "none"   // as long as it is true
)

// Validity is a rule with its figure; Basis tells whether a text sets it ("law")
// or buyers usually ask so ("usage").
type Validity struct {
	Rule   Rule   `json:"rule"`
	Months int    `json:"months"`
	Basis  string `json:"basis"`
}

// Kind is a kind of piece that calls ask for.
type Kind struct {
	Code     Code       `json:"code"`
	Scope    Scope      `json:"scope"`
	Form     Form       `json:"form"`
	Usual    bool       `json:"usual"` // most calls ask for it
	Validity Validity   `json:"validity"`
	Name     fault.Text `json:"name"`
	Get      fault.Text `json:"get"`    // where it comes from
	Source   string     `json:"source"` // the article, or "usage"
	Words    []string   `json:"words"`  // that name it in a notice, folded
}

//go:embed data/pieces.json
var kindsFile []byte

// Book is the kinds that are known.
type Book struct{ all []Kind }

// LoadKinds reads the kinds; it fails on one that does not hold together.
func LoadKinds() (*Book, error) {
	b := &Book{}
	if err := json.Unmarshal(kindsFile, &b.all); err != nil {
		return nil, fmt.Errorf("read the kinds of pieces: %w", err)
	}
	seen := map[Code]bool{}
	for _, k := range b.all {
		if seen[k.Code] || !k.sound() {
			return nil, fmt.Errorf("read the kinds of pieces: %q does not hold together", k.Code)
		}
		seen[k.Code] = true
	}
	return b, nil
}

func (k *Kind) sound() bool {
	return k.Code != "" && k.Source != "" && k.Name.FR != "" && k.Name.EN != "" && k.Get.FR != "" && k.Get.EN != "" &&
		slices.Contains([]Scope{Kept, Answer}, k.Scope) && slices.Contains([]Form{Obtained, Written}, k.Form) && slices.Contains([]Rule{Months, Own, None}, k.Validity.Rule) &&
		(k.Validity.Rule == Months) == (k.Validity.Months > 0 && k.Validity.Basis != "")
}

// Kinds lists them in the order of an answer.
func (b *Book) Kinds() []Kind { return slices.Clone(b.all) }

// Get finds a kind.
func (b *Book) Get(code Code) (Kind, bool) {
	i := slices.IndexFunc(b.all, func(k Kind) bool { return k.Code == code })
	if i < 0 {
		return Kind{}, false
	}
	return b.all[i], true
}

// place is where a kind comes in the order of an answer.
func (b *Book) place(code Code) int {
	return slices.IndexFunc(b.all, func(k Kind) bool { return k.Code == code })
}

// until is the last civil day on which a piece issued on a day holds; empty: no
// end is known. A rule of months means less than so many months: the eve of the
// same day of the month, or of the last one of a shorter month.
func (v Validity) until(issued string) string {
	at, err := time.Parse(time.DateOnly, issued)
	if v.Rule != Months || err != nil {
		return ""
	}
	last := time.Date(at.Year(), at.Month()+time.Month(v.Months)+1, 0, 0, 0, 0, 0, time.UTC) // of the month reached
	day := time.Date(last.Year(), last.Month(), min(at.Day(), last.Day()), 0, 0, 0, 0, time.UTC)
	return day.AddDate(0, 0, -1).Format(time.DateOnly)
}
