package territories

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// PerimeterReport is what the command line prints of a perimeter. CodesSHA256
// is the SHA-256 of the sorted INSEE codes, each followed by a line feed, in
// small hexadecimal. BBox is west, south, east, north in degrees around the
// representative points, absent when no commune has one.
type PerimeterReport struct {
	Communes    int         `json:"communes"`
	CodesSHA256 string      `json:"codes_sha256"`
	Population  int64       `json:"population"`
	BBox        *[4]float64 `json:"bbox"`
	Vintage     string      `json:"vintage"`
}

// ReportPerimeter sums a perimeter up.
func (a *Atlas) ReportPerimeter(p *Perimeter) PerimeterReport {
	sum := sha256.New()
	for _, c := range a.Codes(p.Set) {
		sum.Write([]byte(c + "\n"))
	}
	r := PerimeterReport{
		Communes: p.Set.Len(), CodesSHA256: hex.EncodeToString(sum.Sum(nil)),
		Population: p.Population, Vintage: a.Vintage(),
	}
	if b, ok := a.Bound(p.Set); ok {
		r.BBox = &[4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
	}
	return r
}

// ResolveReport is what the command line prints of a resolution: codes only,
// their names being in the reason.
type ResolveReport struct {
	Code      CommuneCode      `json:"code"`
	On        string           `json:"on"`
	Valid     bool             `json:"valid"`
	Name      string           `json:"name"`
	Intervals []IntervalReport `json:"intervals"`
	HeldThen  []CommuneCode    `json:"held_then"`
	Current   []CommuneCode    `json:"current"`
	Reason    string           `json:"reason"`
}

// IntervalReport is a life of a code; Until is null while it lasts.
type IntervalReport struct {
	From  string       `json:"from"`
	Until *string      `json:"until"`
	Name  string       `json:"name"` // the last it bore
	Names []NameReport `json:"names,omitempty" doc:"All the names it bore in that life, in order, when it was renamed."`
}

// NameReport is a name that a code bore, from a day on.
type NameReport struct {
	From string `json:"from"`
	Name string `json:"name"`
}

// Report prints a resolution in a language, "fr" or "en".
func (r Resolution) Report(lang string) ResolveReport {
	out := ResolveReport{
		Code: r.Code, On: r.On.String(), Valid: r.Valid, Name: r.Name, Reason: r.Reason.FR,
		Intervals: []IntervalReport{}, HeldThen: []CommuneCode{}, Current: []CommuneCode{},
	}
	if strings.HasPrefix(strings.ToLower(lang), "en") {
		out.Reason = r.Reason.EN
	}
	for _, i := range r.Intervals {
		line := IntervalReport{From: i.From.String(), Name: i.Name}
		for _, n := range i.Names {
			line.Names = append(line.Names, NameReport{n.From.String(), n.Name})
		}
		if !i.Until.IsZero() {
			until := i.Until.String()
			line.Until = &until
		}
		out.Intervals = append(out.Intervals, line)
	}
	for _, h := range r.HeldThen {
		out.HeldThen = append(out.HeldThen, h.Code)
	}
	for _, h := range r.Current {
		out.Current = append(out.Current, h.Code)
	}
	return out
}

// ExitCode is the one of the command line: 0 valid on the date, 3 not valid
// on it, 4 never existed.
func (r Resolution) ExitCode() int {
	switch {
	case r.Valid:
		return 0
	case r.Known:
		return 3
	}
	return 4
}

// ParsePerimeter reads whichever way a person gives a perimeter: the JSON of
// ParseExpr, one territory such as "departement:26", or words.
func (a *Atlas) ParsePerimeter(text string) (Expr, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "{") {
		return ParseExpr(bytes.TrimSpace([]byte(text)))
	}
	if kind, _, found := strings.Cut(text, ":"); found {
		if _, err := ParseKind(kind); err == nil {
			ref, err := ParseRef(text)
			return In(ref), err
		}
	}
	return a.ParseWords(text)
}

// NamedSpan is a part of a life under one name; Until is empty while it lasts.
type NamedSpan struct{ From, Until, Name string }

// ByName cuts a life at each change of name.
func (i IntervalReport) ByName() []NamedSpan {
	last := NamedSpan{From: i.From, Name: i.Name}
	if i.Until != nil {
		last.Until = *i.Until
	}
	if len(i.Names) == 0 {
		return []NamedSpan{last}
	}
	out := make([]NamedSpan, len(i.Names))
	for k, n := range i.Names {
		out[k] = NamedSpan{From: n.From, Until: last.Until, Name: n.Name}
		if k > 0 {
			out[k-1].Until = out[k].From
		}
	}
	return out
}
