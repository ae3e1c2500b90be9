package release

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"maillage/internal/fault"
)

// words says whom a figure is about in one line.
func (v Coverage) words(lang string) string {
	years := strconv.Itoa(v.From)
	if v.To != v.From {
		years += "–" + strconv.Itoa(v.To)
	}
	parts := []string{v.Frame.In(lang), v.Territory.In(lang), years}
	if rate := v.rate(); rate != "" {
		parts = append(parts, fmt.Sprintf(pick(lang, "réponse : %s %% (%d sur %d entreprises)", "response: %s%% (%d of %d enterprises)"), decimal(rate, lang), v.Answered, v.Asked))
	}
	return strings.Join(append(parts, v.Vintage.In(lang)), pick(lang, " ; ", "; "))
}

// rate is the percentage of those asked who answered, with one decimal; empty when nobody had to.
func (v Coverage) rate() string {
	if v.Asked == 0 {
		return ""
	}
	f := Field{Kind: Decimal, Decimals: 1, Ratio: &Ratio{Per: 100}}
	n, _ := f.quotient(int64(v.Answered), int64(v.Asked), 0, 0)
	return f.format(Number(n))
}

// unit says the unit in both languages, once where they are the same.
func (f Field) unit() string {
	if f.Unit.FR == f.Unit.EN {
		return f.Unit.FR
	}
	return f.Unit.FR + " / " + f.Unit.EN
}

func pick(lang, fr, en string) string {
	if lang == "en" {
		return en
	}
	return fr
}

// decimal writes a number with the comma of French.
func decimal(s, lang string) string { return strings.Replace(s, ".", pick(lang, ",", "."), 1) }

func quoted(s string) string { return strconv.Quote(clip(s)) }

// spoken is an error in the reader's language.
type spoken fault.Text

func (s spoken) Error() string { return s.EN }

func said(fr, en string) error { return spoken{FR: fr, EN: en} }

// inWords gives an error to a reader: ours in both languages, a library's as it says it.
func inWords(err error) fault.Text {
	var s spoken
	if errors.As(err, &s) {
		return fault.Text(s)
	}
	return fault.Text{FR: clip(err.Error()), EN: clip(err.Error())}
}

// located is an error at a line and a column of a file, counted from 1.
type located struct {
	line   int
	column string
	err    error
}

func (l located) Error() string { return fmt.Sprintf("line %d %s: %v", l.line, l.column, l.err) }
func (l located) Unwrap() error { return l.err }
