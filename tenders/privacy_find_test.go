//nolint:misspell // the words are French
package tenders

import (
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillage/internal/testkit"
)

// asPatterns masks with the patterns tried everywhere, as they read.
type asPatterns struct{ phone, civility *regexp.Regexp }

func newAsPatterns() asPatterns {
	return asPatterns{
		phone:    regexp.MustCompile(strings.TrimPrefix(phoneAt.String(), "^")),
		civility: regexp.MustCompile(`(?:^|[^\p{L}\p{N}.])(Monsieur|MONSIEUR|Madame|MADAME|Mademoiselle|Messieurs|Mesdames|(?:Mmes?|MME|Mlles?|MLLE|Mrs|Mr|MR|MM?)\.?)[\s ]*`),
	}
}

func (a asPatterns) mask(text string) string {
	if strings.ContainsAny(text, "@([") {
		text = signed.ReplaceAllString(text, maskedName+" "+maskedMail)
		text = angled.ReplaceAllString(mailIn.ReplaceAllStringFunc(text, maskOneMail), "$1")
	}
	return a.names(a.phone.ReplaceAllString(text, maskedPhone))
}

func (a asPatterns) names(text string) string {
	var b strings.Builder
	for {
		m := a.civility.FindStringSubmatchIndex(text)
		if m == nil {
			b.WriteString(text)
			return b.String()
		}
		rest, title := text[m[1]:], text[m[2]:m[3]]
		from, to := nameAfter(rest)
		if title == "M" || title == "MM" || (m[1] == m[3] && !strings.HasSuffix(title, ".")) {
			to = 0
		}
		b.WriteString(text[:m[1]])
		if to > 0 {
			b.WriteString(rest[:from] + maskedName)
		}
		text = rest[to:]
	}
}

func (a asPatterns) buyer(name string) string {
	short := reachedBy.ReplaceAllString(spokenBy.ReplaceAllString(a.mask(name), ""), " ")
	return strings.Trim(strings.Join(strings.Fields(short), " "), " ,;:-–—/(<>|")
}

// TestMaskAsPatterns: looking for what a pattern needs, then trying it there,
// finds what the pattern finds everywhere; on texts made of what is alike.
func TestMaskAsPatterns(t *testing.T) {
	t.Parallel()
	slow := newAsPatterns()
	parts := []string{
		" ", "  ", "\n", ".", ",", ";", ":", "-", "–", "/", "(", ")", "[", "]", "<", ">", "@", "(at)", "[AT]", "(a", "mailto:", "a@b.example", "o.zabuth", "É",
		"0", "00", "+", "+33", "(+33)", "(0)", "0033", "04", "06 12 34 56 78", "0612345678", "04.75.00.11.22", "4 75 00 11 22", "590", "12", "3", "_", "x",
		"M", "MM", "M.", "Mme", "Mmes.", "MME", "Mlle", "Mr", "Mrs", "Monsieur", "MADAME", "Mademoiselle", "Messieurs", "Mairie", "SMM", "le Maire", "la", "de", "Odile", "ZABUTH", "Zabuth-Perrel", "O.", "représentée par", "Tél", "fax",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 25).Draw(t, "parts"), "")
		if got, want := mask(text), slow.mask(text); got != want {
			t.Fatalf("%q:\n got %q\nwant %q", text, got, want)
		}
		if got, want := maskBuyer(text), firstNonEmpty(slow.buyer(text), maskedName); text != "" && got != want {
			t.Fatalf("buyer %q:\n got %q\nwant %q", text, got, want)
		}
	})
}

// TestMaskSamplesAsPatterns does the same on every raw text of the samples.
func TestMaskSamplesAsPatterns(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: masks 5 MB of real texts twice")
	}
	t.Parallel()
	dir, slow := filepath.Join(testkit.Samples(t), "tenders"), newAsPatterns()
	masked := 0
	check := func(text string) {
		got := mask(text)
		if want := slow.mask(text); got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
		if got != text {
			masked++
		}
	}
	for rec := range testParser(t).Walk(context.Background(), filepath.Join(dir, "boamp"), filepath.Join(dir, "eforms", "ted-r209-fr")) {
		if root, err := readTree(rec.Raw); err == nil {
			for _, name := range []string{"P", "CONTACT_POINT", "E_MAIL", "PHONE", "OFFICIALNAME", "TITRE_MARCHE", "OBJET_COMPLET", "RENS_COMPLEMENT"} {
				for _, n := range root.deep(name) {
					check(n.str())
				}
			}
			continue
		}
		if doc, err := readJSON(rec.Raw, ""); err == nil {
			doc.walk(func(_ string, j jnode) {
				if text, ok := j.v.(string); ok {
					check(tidy(text))
				}
			})
		}
	}
	if masked < 100 {
		t.Errorf("%d texts masked", masked)
	}
}
