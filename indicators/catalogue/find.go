package catalogue

import (
	"slices"
	"strings"

	"maillage/territories"
)

// Filter narrows the catalogue; its zero value keeps everything.
type Filter struct {
	Register Register
	Source   SourceKind
	Words    string // everyday words in either language; every one must be there
}

// Find lists the indicators that a filter keeps, in the catalogue's order. Words
// are looked for in the id, the label, the definitions and what they count,
// without accents nor case.
func (c *Catalogue) Find(f Filter) []*Indicator {
	words := strings.Fields(territories.Fold(f.Words))
	return slices.DeleteFunc(c.All(), func(i *Indicator) bool {
		if f.Register != "" && i.Register != f.Register || f.Source != "" && !i.from(f.Source) {
			return true
		}
		text := ""
		if len(words) > 0 {
			text = i.text()
		}
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
	})
}

func (i *Indicator) from(kind SourceKind) bool {
	return slices.ContainsFunc(i.Sources, func(s Source) bool { return s.Kind == kind })
}

func (i *Indicator) text() string {
	var b strings.Builder
	say := func(t Text) { b.WriteString(t.FR + " " + t.EN + " ") }
	b.WriteString(string(i.ID) + " ")
	say(i.Label)
	say(i.Register.Label())
	for _, v := range i.Versions {
		say(v.Name)
		say(v.Definition)
		say(v.Numerator)
	}
	return territories.Fold(b.String())
}
