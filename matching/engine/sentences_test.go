package engine_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"maillage/matching/engine"
)

// Every key that the code writes has its sentences, and every sentence is
// written by the code.
func TestEveryKeyHasItsSentences(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("sentences.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if cells := strings.Split(strings.TrimSpace(line), "\t"); len(cells) == 3 && cells[0][0] != '#' {
			rows[cells[0]] = true
		}
	}
	key := regexp.MustCompile(`^(open|reservation|activity|mode|territory|capacity|certification|time|references|ties|change)\.[a-z_.]+[a-z]$`)
	for _, k := range literals(t) {
		if key.MatchString(k) && !rows[k] {
			t.Errorf("%s has no sentence", k)
		}
	}
	if len(rows) < 60 {
		t.Errorf("only %d sentences", len(rows))
	}
}

// literals lists the strings written in the code of the package.
func literals(t *testing.T) (out []string) {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					out = append(out, s)
				}
			}
			return true
		})
	}
	return out
}

// Every finding and change that random worlds give reads well in both
// languages: no brace left, no key shown, French spaces in French.
func TestSentencesOfRandomWorlds(t *testing.T) {
	t.Parallel()
	fr, en := engine.Writer{Atlas: atlas(t), Lang: "fr"}, engine.Writer{Atlas: atlas(t), Lang: "en"}
	rules := engine.NewRules(engine.Config{Atlas: atlas(t)})
	badSpace := regexp.MustCompile(`[^\x{a0}] ?[%€]| [:;!?]|[a-zé]:|\d \d`)
	check := func(key, text string, french bool) {
		if text == "" || strings.ContainsAny(text, "{}") || strings.Contains(text, key) || strings.Contains(text, "  ") {
			t.Errorf("%s reads %q", key, text)
		}
		if french && badSpace.MatchString(text) {
			t.Errorf("%s: ordinary spaces in %q", key, text)
		}
	}
	seen := map[string]bool{}
	for seed := range uint64(25) {
		w := newWorld(t, seed)
		es, ls := w.people(40, 6)
		for _, l := range ls {
			c := rules.Scan(l, es, now, engine.Options{Near: 8})
			for _, n := range c.Near {
				c.Matches = append(c.Matches, n.Match)
				check(n.Change.Key, fr.Change(n.Change), true)
				check(n.Change.Key, en.Change(n.Change), false)
				seen[n.Change.Key] = true
			}
			for _, m := range c.Matches {
				check("§line", fr.Line(m, l), true)
				check("§line", en.Line(m, l), false)
				for _, f := range m.Findings {
					check(f.Key, fr.Finding(f), true)
					check(f.Key, en.Finding(f), false)
					seen[f.Key] = true
				}
			}
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d keys were met", len(seen))
	}
}

func TestNumbersAndTypography(t *testing.T) {
	t.Parallel()
	fr, en := engine.Writer{Lang: "fr"}, engine.Writer{Lang: "en"}
	for _, c := range []struct{ got, want string }{
		{fr.Number(1234567.26), "1\u00a0234\u00a0567,3"},
		{en.Number(1234567.26), "1,234,567.3"},
		{fr.Number(2.9), "2,9"},
		{fr.Number(-12), "−12"},
		{fr.Percent(0.884), "88\u00a0%"},
		{fr.Percent(0.001), "moins de 1\u00a0%"},
		{fr.Percent(0.999), "plus de 99\u00a0%"},
		{fr.Percent(1), "100\u00a0%"},
		{en.Percent(0.884), "88%"},
		{fr.Amount(186000, engine.Euros), "186\u00a0000\u00a0€"},
		{fr.Amount(1, engine.WorkDays), "1\u00a0jour ouvré"},
		{fr.Amount(4.46, engine.Kilometres), "4,5\u00a0km"},
		{fr.Date(on("2026-12-01")), "1er\u00a0décembre 2026"},
		{en.Date(on("2026-12-01")), "1 December 2026"},
		{fr.Code("sector:inconnu"), ""},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// The line of the drawn page.
func TestTheLineOfTheDrawnPage(t *testing.T) {
	t.Parallel()
	lot := greenSpaces(t)
	e := grower(t, `{"radius":{"commune":"26108","km":60}}`, 2.9)
	e.Site = ordinal(t, "26108")
	m := one(t, lot, e)
	const want = "86\u00a0% — couvre toutes les communes du lot, réalisation et entretien d'espaces verts (CPV\u00a077310000), à 16\u00a0km, clause d’insertion 420\u00a0h, 10\u00a0jours ouvrés."
	if got := (engine.Writer{Atlas: atlas(t), Lang: "fr"}).Headline(m, lot); got != want {
		t.Errorf("%q\nwant %q", got, want)
	}
	const english = "86% — covers every commune of the lot, réalisation et entretien d'espaces verts (CPV\u00a077310000), 16\u00a0km away, insertion clause of 420\u00a0h, 10\u00a0working days."
	if got := (engine.Writer{Atlas: atlas(t), Lang: "en"}).Headline(m, lot); got != english {
		t.Errorf("%q\nwant %q", got, english)
	}
}
