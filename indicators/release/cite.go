package release

import (
	"fmt"
	"strings"
)

// cite is how the release is cited, as DataCite recommends: creator (year). Title.
// Version. Publisher. [Type]. Identifier.
func (d Dataset) cite(lang string) string {
	s := fmt.Sprintf("%s (%d). %s. Version %s. %s. [%s]", strings.Join(d.Creators, pick(lang, " ; ", "; ")), d.IssuedOn.UTC().Year(),
		strings.TrimSuffix(d.Title.In(lang), "."), d.Version, d.Publisher, pick(lang, "Jeu de données", "Data set"))
	switch {
	case d.DOI != "":
		return s + ". https://doi.org/" + d.DOI
	case d.URL != "":
		return s + ". " + d.URL
	}
	return s + "."
}

// bibtex is the same for a bibliography: @misc, which every style knows.
func (d Dataset) bibtex() string {
	escape := strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "&", `\&`, "%", `\%`, "#", `\#`, "_", `\_`, "$", `\$`)
	var b strings.Builder
	fmt.Fprintf(&b, "@misc{%s-%s,\n", d.ID, d.Version)
	names := make([]string, len(d.Creators))
	for i, c := range d.Creators {
		names[i] = "{" + escape.Replace(c) + "}"
	}
	fmt.Fprintf(&b, "  author    = {%s},\n", strings.Join(names, " and "))
	fmt.Fprintf(&b, "  title     = {{%s}},\n  year      = {%d},\n  version   = {%s},\n  publisher = {%s}", escape.Replace(d.Title.FR), d.IssuedOn.UTC().Year(), d.Version, escape.Replace(d.Publisher))
	if d.DOI != "" {
		fmt.Fprintf(&b, ",\n  doi       = {%s}", d.DOI)
	}
	if d.URL != "" {
		fmt.Fprintf(&b, ",\n  url       = {%s}", d.URL)
	}
	return b.String() + "\n}\n"
}

// Cite is how the release is cited, in a language.
func (d Dataset) Cite(lang string) string { return d.cite(lang) }
