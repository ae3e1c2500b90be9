package opportunities

import (
	"slices"
	"strings"
)

// aspect is one thing that a compound value says. Its words are a text, a number
// or a yes; nil where it says nothing.
type aspect[V any] struct {
	name    string
	words   func(V) any
	private bool // its words are compared, never kept
}

// clauseAspects tells a clause by its verdict, then by what supports it.
func clauseAspects() []aspect[Clause] {
	return []aspect[Clause]{
		{name: "", words: func(c Clause) any {
			if c.ReservedTo != NotReserved {
				return string(c.Verdict) + " (" + string(c.ReservedTo) + ")"
			}
			return string(c.Verdict)
		}},
		{name: "hours", words: func(c Clause) any { return spoken(c.Hours) }},
		{name: "evidence", words: func(c Clause) any { return spoken(quotes(c.Evidence)) }},
		{name: "confidence", words: func(c Clause) any { return spoken(c.Confidence) }},
	}
}

func quotes(all []Evidence) string {
	var out []string
	for _, e := range all {
		if e.Quote != "" && !slices.Contains(out, e.Quote) {
			out = append(out, e.Quote)
		}
	}
	return strings.Join(out, " … ")
}

// insertionAspects tells what an award says by its holders, then by the rest.
func insertionAspects() []aspect[*Insertion] {
	of := func(name string, words func(*Insertion) any) aspect[*Insertion] {
		return aspect[*Insertion]{name: name, words: func(i *Insertion) any {
			if i == nil {
				return nil
			}
			return words(i)
		}}
	}
	return []aspect[*Insertion]{
		of("", func(i *Insertion) any { return spoken(strings.Join(i.Names(), ", ")) }),
		of("siret", func(i *Insertion) any { return spoken(strings.Join(sirets(i.Holders), ", ")) }),
		of("share", func(i *Insertion) any { return spoken(i.Share) }),
		of("publics", func(i *Insertion) any { return spoken(strings.Join(i.Publics, ", ")) }),
		of("facilitator", func(i *Insertion) any { return spoken(i.Facilitator) }),
		of("lot", func(i *Insertion) any { return spoken(i.Lot) }),
		of("awarded", func(i *Insertion) any { return spoken(i.Awarded) }),
		of("months", func(i *Insertion) any { return spoken(i.Months) }),
		of("supposed", func(i *Insertion) any { return spoken(i.Supposed) }),
	}
}

func sirets(holders []Holder) (out []string) {
	for _, h := range holders {
		if h.SIRET != "" {
			out = append(out, h.SIRET)
		}
	}
	return out
}

// forecastField tells an expected call by its window, how it ended, who holds
// the contracts and how sure it is.
func forecastField() field[Opportunity] {
	of := func(name string, words func(*Forecast) any) aspect[*Forecast] {
		return aspect[*Forecast]{name: name, words: func(f *Forecast) any {
			if f == nil {
				return nil
			}
			return words(f)
		}}
	}
	return parted("forecast", false, func(x *Opportunity) **Forecast { return &x.Forecast },
		of("", func(f *Forecast) any { return f.From + windowMark + f.Until }),
		of("end", func(f *Forecast) any { return spoken(string(f.End)) }),
		of("holders", func(f *Forecast) any { return spoken(strings.Join(f.Holders(), ", ")) }),
		of("amount", func(f *Forecast) any { return spoken(f.Amount) }),
		of("confidence", func(f *Forecast) any { return spoken(f.Confidence) }))
}

// windowMark parts the two days of a window, as events keep it.
const windowMark = " – "

// Window reads the first and the last day of an expected window, as an event
// keeps it; ok is false for another text.
func Window(text string) (from, until string, ok bool) { return strings.Cut(text, windowMark) }

// spoken is a value, nil where it is the one that says nothing.
func spoken[V comparable](v V) any {
	var zero V
	if v == zero {
		return nil
	}
	return shown(v)
}

// ChangeFields lists the fields that a [Change] can name, those of a lot without
// its path, so that the doors can put each in words.
func ChangeFields() []string {
	out := append(namesOf(opportunityFields()), namesOf(lotFields())...)
	out = append(out, "state", "note", "withdrawn", "number")
	slices.Sort(out)
	return slices.Compact(out)
}

func namesOf[T any](fields []field[T]) (out []string) {
	for _, f := range fields {
		out = append(out, f.name)
		for _, p := range f.parts {
			out = append(out, joinPath(f.name, p.name))
		}
	}
	return out
}
