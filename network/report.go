package network

import (
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"

	"maillage/internal/fault"
)

// Report is what an import did. Read = Made + Updated + Unchanged + Rejected.
type Report struct {
	Layout    string
	Read      int // rows, without the header and blank lines
	Made      int
	Updated   int
	Unchanged int
	Rejected  int

	// Of the rows that are not rejected, by what the file says:
	Placed    int // their site is on a commune
	ToSpecify int // no activity says a trade
	Assumed   int // an activity or its zone is deduced

	Findings []Noticed // in the order of the lines; the rows are kept
	Refused  []Refused // in the order of the lines
	Unread   []string  // columns of the header that nothing reads, and « other sheets » with columns that are known
	header   []string  // as it was
	comma    byte
}

// Noticed is a finding and the line it is about.
type Noticed struct {
	Line  int
	SIRET SIRET
	Finding
}

// Refused is a row that was not kept, and why.
type Refused struct {
	Line    int
	Reasons []fault.Text
	Cells   []string
}

// FindingCount is a number of findings of one code, and where.
type FindingCount struct {
	Code  string
	Count int
	Lines []int
}

// Counted gathers the findings by code, in the order of the codes. A SIRET that
// comes on two lines is one finding.
func (r *Report) Counted() []FindingCount {
	byCode := map[string]*FindingCount{}
	for _, f := range r.Findings {
		c := byCode[f.Code]
		if c == nil {
			c = &FindingCount{Code: f.Code}
			byCode[f.Code] = c
		}
		c.Count++
		c.Lines = append(c.Lines, f.Line)
	}
	var out []FindingCount
	for _, c := range byCode {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b FindingCount) int { return cmp.Compare(a.Code, b.Code) })
	return out
}

// Words says a finding's code to people.
func (f Finding) Words(lang string) string {
	words := map[string]fault.Text{
		"luhn":               {FR: "le SIRET ne vérifie pas sa clé de contrôle", EN: "the SIRET fails its check digit"},
		"padded_siret":       {FR: "le SIRET avait perdu son zéro initial", EN: "the SIRET had lost its leading zero"},
		"repeated_siret":     {FR: "le même SIRET porte deux types de structure", EN: "the same SIRET has two kinds"},
		"no_point":           {FR: "aucun point géographique", EN: "no geographic point"},
		"bad_point":          {FR: "la coordonnée n’est pas comprise", EN: "the coordinate is not understood"},
		"far_from_postcode":  {FR: "le point est à plus de 20 km du code postal", EN: "the point is over 20 km from the postal code"},
		"unknown_postcode":   {FR: "le code postal n’est celui d’aucune commune", EN: "no commune has this postal code"},
		"unknown_commune":    {FR: "le code INSEE n’est celui d’aucune commune actuelle", EN: "no present commune has this INSEE code"},
		"placed_by_point":    {FR: "le nom et le code postal se contredisent : placé d’après le point", EN: "name and postal code disagree: placed by the point"},
		"placed_by_postcode": {FR: "le nom n’est pas reconnu : placé d’après le code postal", EN: "the name is not recognised: placed by the postal code"},
		"not_placed":         {FR: "l’adresse n’a pu être placée sur une commune", EN: "the address could not be placed on a commune"},
		"naf":                {FR: "le code NAF n’est pas compris", EN: "the NAF code is not understood"},
		"website":            {FR: "l’adresse web n’est pas comprise", EN: "the web address is not understood"},
		"email":              {FR: "l’adresse électronique n’est pas comprise", EN: "the e-mail address is not understood"},
		"cut":                {FR: "un texte trop long a été coupé", EN: "a text that was too long was cut"},
		"unknown_network":    {FR: "le réseau cité n’est pas connu", EN: "the network named is not known"},
	}
	t, ok := words[f.Code]
	if !ok {
		return f.Code
	}
	return t.In(lang)
}

// WriteRejected writes the rows that were not kept as a file of the same
// layout, each with its line and its reasons in front: once put right, it can be
// imported as it is.
func (r *Report) WriteRejected(w io.Writer, lang string) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil { // a spreadsheet reads UTF-8 by this mark
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = rune(r.comma)
	if err := out.Write(append([]string{"ligne", "motif"}, r.header...)); err != nil {
		return err
	}
	for _, row := range r.Refused {
		why := ""
		for i, reason := range row.Reasons {
			if i > 0 {
				why += " ; "
			}
			why += reason.In(lang)
		}
		if err := out.Write(append([]string{strconv.Itoa(row.Line), why}, row.Cells...)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// finish puts the report in the order of the lines.
func (r *Report) finish() {
	slices.SortStableFunc(r.Findings, func(a, b Noticed) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Code, b.Code))
	})
	slices.SortStableFunc(r.Refused, func(a, b Refused) int { return cmp.Compare(a.Line, b.Line) })
}
