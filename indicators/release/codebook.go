package release

import (
	"bytes"
	_ "embed" // the page of the codebook
	"html/template"
	"strings"

	"maillage/internal/fault"
)

//go:embed codebook.html.tmpl
var codebookHTML string

// codebookPage is what the codebook says, on a page as on paper.
type codebookPage struct {
	D        Dataset
	Day      string
	Cite     fault.Text
	Coverage fault.Text
	Statuses []missing
	Tables   []codebookTable
}

type codebookTable struct {
	Name      string
	Title     fault.Text
	Count     int
	Variables []variable
}

// variable is one field with its facts in words.
type variable struct {
	Field
	Table string
	Facts []fact
}

// fact is a named line: the unit, the version of the definition, the coverage.
type fact struct{ Name, Text fault.Text }

func (d Dataset) codebook() codebookPage {
	p := codebookPage{D: d, Day: day(d.IssuedOn), Cite: fault.Text{FR: d.cite("fr"), EN: d.cite("en")},
		Coverage: d.Coverage.both(), Statuses: statuses()}
	for _, t := range d.Tables {
		c := codebookTable{Name: t.Name, Title: t.Title, Count: len(t.Rows)}
		for _, f := range t.Fields {
			c.Variables = append(c.Variables, variable{f, t.Name, f.facts()})
		}
		p.Tables = append(p.Tables, c)
	}
	return p
}

func (v Coverage) both() fault.Text { return fault.Text{FR: v.words("fr"), EN: v.words("en")} }

// facts says what a reader of a figure must know, in the order in which it is asked.
func (f Field) facts() []fact {
	facts := []fact{{fault.Text{FR: "Nature", EN: "Kind"}, f.kindWords()}}
	add := func(fr, en string, t fault.Text) {
		if t.FR != "" {
			facts = append(facts, fact{fault.Text{FR: fr, EN: en}, t})
		}
	}
	add("Unité", "Unit", f.Unit)
	add("Indicateur", "Indicator", same(strings.TrimSpace(f.Indicator)))
	add("Version de la définition", "Version of the definition", same(f.Edition))
	if f.Measure() {
		add("Couverture", "Coverage", f.Coverage.both())
	}
	add("Publication", "Publication", f.Rule)
	add("Additivité", "Additivity", f.closingWords())
	for _, s := range f.Sums {
		add("Total", "Total", same(s.Total+" = "+strings.Join(s.Parts, " + ")))
	}
	return facts
}

func same(s string) fault.Text { return fault.Text{FR: s, EN: s} }

func (f Field) kindWords() fault.Text {
	switch f.Kind {
	case Code:
		return fault.Text{FR: "dimension, code d’une liste fermée", EN: "dimension, code of a closed list"}
	case Year:
		return fault.Text{FR: "dimension, année", EN: "dimension, year"}
	case Integer:
		return fault.Text{FR: "mesure, nombre entier", EN: "measure, whole number"}
	case Decimal:
		n := string(rune('0' + f.Decimals))
		return fault.Text{FR: "mesure, décimales fixes : " + n, EN: "measure, fixed decimals: " + n}
	}
	return fault.Text{FR: "note", EN: "note"}
}

func (f Field) closingWords() fault.Text {
	switch {
	case f.Bound != nil:
		return f.Bound.words()
	case f.Ratio != nil:
		return fault.Text{FR: "taux : " + f.Ratio.Numerator + " ÷ " + f.Ratio.Denominator + ", arrondi une fois, à partir des comptes",
			EN: "rate: " + f.Ratio.Numerator + " ÷ " + f.Ratio.Denominator + ", rounded once, from the counts"}
	case f.Adds == Exact:
		return fault.Text{FR: "les totaux sont la somme exacte de leurs parties", EN: "totals are the exact sum of their parts"}
	case f.Adds == Rounded:
		return fault.Text{FR: "parties et total sont arrondis chacun une fois : leur somme peut différer du total de quelques unités du dernier chiffre", EN: "parts and total are each rounded once: their sum may miss the total by a few units of the last digit"}
	case f.Measure():
		return fault.Text{FR: "ne s’additionne pas", EN: "does not add up"}
	}
	return fault.Text{}
}

func (d Dataset) writeHTML() ([]byte, error) {
	t, err := template.New("codebook").Parse(codebookHTML)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, d.codebook()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
