package tenders

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"maillage/nomenclatures"
)

// Refusal says why a record is no notice we can use. It goes to quarantine.
type Refusal struct {
	// Code is stable: "syntax", "truncated", "too_large", "format", "kind",
	// "missing", "incoherent", "import".
	Code string
	// Where locates the record in its file, and the fault where it is known.
	Where  string
	Reason string
}

func (r *Refusal) Error() string {
	if r.Where == "" {
		return r.Reason
	}
	return r.Where + ": " + r.Reason
}

// Codes of a Refusal.
const (
	RefusedSyntax = "syntax"
	// RefusedTruncated: the text ends before its end. What is broken in its
	// middle is syntax, so that this one tells a body that was cut on its way.
	RefusedTruncated = "truncated"
	RefusedTooLarge  = "too_large"
	RefusedFormat    = "format"
	RefusedKind      = "kind"
	RefusedMissing   = "missing"
)

func refuse(code, format string, args ...any) error {
	return &Refusal{Code: code, Reason: fmt.Sprintf(format, args...)}
}

// Bounds of the lists of a notice: beyond, a file is not a notice but an attack
// or a mistake. The largest of the samples has 100 lots.
const (
	maxList = 500
	maxLots = 2000
)

// draft is a notice being filled: it keeps provenance and warnings as the
// readers go.
type draft struct {
	*Notice
	places *Places
	aside  map[string]any     // what was not understood, by its path in the source
	flags  map[string][]claim // structured social flags, by prefix of field ("" or "lots[0].")
	clocks []clock            // limits to answer, not read yet
}

func newDraft(source Source, places *Places) *draft {
	return &draft{
		places: places,
		flags:  map[string][]claim{},
		Notice: &Notice{
			Source: source, Texts: map[string]string{}, CPV: []nomenclatures.CPV{}, Descriptors: []string{}, Sectors: []string{}, Classification: []Classified{},
			Lots: []Lot{}, Place: emptyPlace(), Related: []Reference{}, Winners: []Winner{},
			Provenance: map[string]string{}, Warnings: []Warning{}, Social: noSocial(),
		},
	}
}

func newLot(id string) Lot {
	return Lot{
		ID: id, Texts: map[string]string{}, CPV: []nomenclatures.CPV{}, Sectors: []string{}, Classification: []Classified{},
		Place: emptyPlace(), Reserved: []Beneficiary{}, Social: noSocial(),
	}
}

func noSocial() Social {
	return Social{Verdict: NoClause, ReservedTo: []Beneficiary{}, Confidence: 1, Evidence: []Evidence{}}
}

// from records where a filled field came from; an empty path records nothing.
func (d *draft) from(field, path string) {
	if path != "" {
		d.Provenance[field] = path
	}
}

// fill sets a text field that is not yet set and records its origin.
func (d *draft) fill(target *string, field, value, path string) {
	if *target != "" || value == "" {
		return
	}
	*target = value
	d.from(field, path)
}

func (d *draft) warn(code, field, format string, args ...any) {
	w := Warning{Code: code, Field: field, Message: fmt.Sprintf(format, args...)}
	whole := w
	if strings.HasPrefix(field, "lots[") && strings.HasSuffix(field, ".place") {
		whole.Field = "place" // said once for the notice, not again for each lot
	}
	if len(d.Warnings) < maxList && !slices.Contains(d.Warnings, w) && !slices.Contains(d.Warnings, whole) {
		d.Warnings = append(d.Warnings, w)
	}
}

// addText joins a passage to a named text.
func (d *draft) addText(texts map[string]string, prefix, name, value, path string) {
	if value == "" || strings.Contains(texts[name], value) {
		return
	}
	if texts[name] != "" {
		texts[name] += "\n" + value
		return
	}
	texts[name] = value
	d.from(prefix+"texts."+name, path)
}

// addCPV appends a code read from raw to a list, once.
func (d *draft) addCPV(list *[]nomenclatures.CPV, field, raw, path string) {
	if tidy(raw) == "" {
		return
	}
	code, err := nomenclatures.ParseCPV(raw)
	if err != nil {
		d.warn(WarnBadCPV, field, "CPV %.20q is not a code of the vocabulary", tidy(raw))
		return
	}
	if slices.Contains(*list, code) || len(*list) >= maxList {
		return
	}
	if len(*list) == 0 {
		d.from(field, path)
	}
	*list = append(*list, code)
}

// setBuyerID reads an identifier field of the buyer.
func (d *draft) setBuyerID(raw, path string) {
	if tidy(raw) == "" || d.Buyer.SIREN != "" || !isFrance(d.Buyer.Country) {
		return
	}
	siret, siren, warning := readSIRET(raw)
	switch warning {
	case WarnNotSIRET:
		d.warn(warning, "buyer.siret", "the identifier %.40q is no SIRET", tidy(raw))
		return
	case WarnLuhn:
		d.warn(warning, "buyer.siret", "%s%s fails the Luhn check", siret, sirenAlone(siret, siren))
	}
	d.Buyer.SIRET, d.Buyer.SIREN = siret, siren
	if siret != "" {
		d.from("buyer.siret", path)
	}
	d.from("buyer.siren", path)
}

func sirenAlone(siret, siren string) string {
	if siret != "" {
		return ""
	}
	return siren
}

// addWinner keeps a holder once per lot.
func (d *draft) addWinner(w Winner, rawID, path string) {
	if w.Name == "" {
		return
	}
	siret, _, warning := readSIRET(rawID)
	if warning != WarnNotSIRET {
		w.SIRET = siret
	}
	if slices.Contains(d.Winners, w) || len(d.Winners) >= maxList {
		return
	}
	d.from(fmt.Sprintf("winners[%d].name", len(d.Winners)), path)
	if w.SIRET != "" {
		d.from(fmt.Sprintf("winners[%d].siret", len(d.Winners)), path)
	}
	d.Winners = append(d.Winners, w)
}

// relate keeps a reference to another notice once.
func (d *draft) relate(r Reference, path string) {
	if r.ID == "" || len(d.Related) >= maxList || slices.Contains(d.Related, r) {
		return
	}
	d.from(fmt.Sprintf("related[%d]", len(d.Related)), path)
	d.Related = append(d.Related, r)
}

// require refuses a notice that lacks what no import can do without.
func (d *draft) require() error {
	var missing []string
	if d.ID == "" {
		missing = append(missing, "an identifier")
	}
	if d.Title == "" {
		missing = append(missing, "a title")
	}
	if d.Buyer.Name == "" {
		missing = append(missing, "the name of a buyer")
	}
	if len(d.Lots) > maxLots {
		return refuse(RefusedTooLarge, "more than %d lots", maxLots)
	}
	if len(missing) > 0 {
		return refuse(RefusedMissing, "the notice lacks %s", strings.Join(missing, ", "))
	}
	return nil
}

// asRefusal gives any error of a reader the shape of a Refusal.
func asRefusal(err error, code, where string) *Refusal {
	var r *Refusal
	if !errors.As(err, &r) {
		r = &Refusal{Code: code, Reason: err.Error()}
	}
	if errors.Is(err, errTooLarge) {
		r.Code = RefusedTooLarge
	}
	if r.Where == "" {
		r.Where = where
	}
	return r
}
