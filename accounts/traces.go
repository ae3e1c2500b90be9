package accounts

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"maillage/territories"
)

// TracesOf are the words that would tell everybody who an organisation is: its names,
// with and without their legal form, its numbers, and where to write, call or come; and
// the names and addresses of those who speak for it. The commune is not one: others are
// there too. Nouns that do not know one another read it here.
func TracesOf(ctx context.Context, db bun.IDB, organisation int64) ([]string, error) {
	names, sites, all, err := tracesOf(ctx, db, organisation)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		all = append(all, n, bare(n))
	}
	for _, site := range sites {
		all = append(all, hostOf(site))
	}
	return all, nil
}

// Trace is the first of some words that would tell who somebody is and that a text
// holds, however it writes them; empty: none. Letters are compared as whole words,
// without accents or case; a long number, without what parts its digits.
func Trace(text string, of []string) string {
	folded := " " + territories.Fold(text) + " "
	var numbers []string
	for _, run := range runs.FindAllString(text, -1) {
		numbers = append(numbers, digits(run))
	}
	for _, name := range of {
		if f := territories.Fold(name); len(f) > 2 && strings.Contains(folded, " "+f+" ") {
			return name
		}
		if n := number(name); n != "" && slices.ContainsFunc(numbers, func(run string) bool { return strings.Contains(run, n) }) {
			return name
		}
	}
	return ""
}

// runs are digits, and what people put between them.
var runs = regexp.MustCompile(`[0-9](?:[\s.\-/()\x{a0}\x{202f}]*[0-9])*`)

// longNumber is how many digits tell who it is: those of a SIREN, or of a telephone
// number without its first.
const longNumber = 9

// number is what tells of a SIREN, or of a telephone number in any of its writings;
// empty: it is neither.
func number(name string) string {
	if strings.Trim(name, "+0123456789 .-/()\u00a0\u202f") != "" {
		return ""
	}
	d := digits(name)
	if len(d) < longNumber {
		return ""
	}
	return d[len(d)-longNumber:]
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

var legalForms = []string{"association", "asso", "eurl", "sa", "sarl", "sas", "sasu", "scic", "scop", "societe"}

// bare is a name without the legal form that begins or ends it.
func bare(name string) string {
	words := strings.Fields(territories.Fold(name))
	for len(words) > 1 && slices.Contains(legalForms, words[0]) {
		words = words[1:]
	}
	for len(words) > 1 && slices.Contains(legalForms, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

func hostOf(site string) string {
	u, err := url.Parse(site)
	if err != nil || u.Host == "" {
		u, err = url.Parse("https://" + site)
	}
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}
