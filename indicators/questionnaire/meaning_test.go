package questionnaire_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/questionnaire"
	"maillage/territories"
)

// word is what a definition is made of: a number, or a word of four letters and
// more. Five letters of it are enough to know it in another form.
var word = regexp.MustCompile(`[0-9]+|[a-z]{4,}`)

// apart are the words by which a definition says how a figure is made of the
// answers or how it is published: no question repeats them.
var apart = []string{"part", "nombre", "moyenne", "mediane", "avec", "celle", "celles", "ceux", "aucun", "pour", "dans", "dont", "autres", "hors", "rapportees", "parmi", "moins", "sont", "sous",
	"share", "number", "mean", "average", "median", "with", "none", "over", "whose", "those", "that", "which", "have", "minus", "they", "their", "where", "were", "from", "other", "than", "among", "these", "ones"}

// stems are the words of a text, cut short.
func stems(texts ...string) map[string]bool {
	out := map[string]bool{}
	for _, w := range word.FindAllString(territories.Fold(strings.Join(texts, " ")), -1) {
		if !slices.Contains(apart, w) {
			out[w[:min(len(w), 5)]] = true
		}
	}
	return out
}

// askedFor are the questions that answer some terms; false where one of the terms
// is not answered by enterprises.
func askedFor(b *questionnaire.Book, terms []compute.Term) ([]questionnaire.Question, bool) {
	var out []questionnaire.Question
	for _, t := range terms {
		q, ok := b.Find(t.Measure)
		if !ok || t.Of != compute.AnySex { // nothing is asked by sex
			return nil, false
		}
		out = append(out, q)
	}
	return out, len(out) > 0
}

// lacking lists what a part of a definition says and none of its questions does.
func lacking(of, definition string, questions []questionnaire.Question, lang string) []string {
	var said []string
	for _, q := range questions {
		said = append(said, q.Label.In(lang), q.Help.In(lang))
	}
	has := stems(said...)
	first, _, _ := strings.Cut(definition, ". ") // what follows says how it is published
	var out []string
	for w := range stems(of, first) {
		if !has[w] {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

// Each question asks what the catalogue defines, in its words: whatever is said by
// the numerator, by the denominator and by the first sentence of the definition of
// an indicator is said by the questions that they are computed from.
func TestAQuestionAsksWhatTheCatalogueDefines(t *testing.T) {
	t.Parallel()
	b, all := book(t), func() *catalogue.Catalogue { c, err := catalogue.Load(); must(t, err); return c }()
	tied := map[compute.Measure]bool{}
	for _, id := range b.Indicators() {
		i, _ := all.Get(id)
		var top, bottom []questionnaire.Question
		whole := true // every count of it is answered by enterprises
		for _, f := range compute.Formulas() {
			if !strings.HasPrefix(f.Indicator+".", string(id)+".") {
				continue
			}
			n, asked := askedFor(b, f.Numerator)
			d, divided := askedFor(b, f.Base)
			whole = whole && asked && (divided || len(f.Base) == 0)
			top, bottom = append(top, n...), append(bottom, d...)
		}
		for _, v := range i.Versions {
			for _, lang := range []string{"fr", "en"} {
				both := append(slices.Clone(top), bottom...)
				for _, q := range both {
					tied[q.Code] = true
				}
				if len(top) > 0 {
					said(t, id, "numerator", lang, lacking(v.Numerator.In(lang), "", top, lang))
				}
				if len(bottom) > 0 && !strings.Contains(v.Denominator.In(lang), "(C0") { // another indicator's, which is looked at for itself
					said(t, id, "denominator", lang, lacking(v.Denominator.In(lang), "", bottom, lang))
				}
				if whole {
					said(t, id, "definition", lang, lacking("", v.Definition.In(lang), both, lang))
				}
			}
		}
	}
	for _, q := range b.Questions {
		if !tied[q.Code] && len(q.Serves()) > 0 {
			t.Errorf("%s is held against no definition", q.Code)
		}
	}
}

func said(t *testing.T, id catalogue.ID, part, lang string, lacks []string) {
	t.Helper()
	if len(lacks) > 0 {
		t.Errorf("%s, %s (%s): the questions do not say %v", id, part, lang, lacks)
	}
}
