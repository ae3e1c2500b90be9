package web

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func speak(t testing.TB) (fr, en *Locale) {
	t.Helper()
	locales, err := loadLocales()
	if err != nil {
		t.Fatal(err)
	}
	return locales[French], locales[English]
}

func TestNumbersReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	fr, en := speak(t)
	deadline := time.Date(2026, 12, 7, 11, 0, 0, 0, time.UTC)
	first := time.Date(2027, 1, 1, 8, 30, 0, 0, time.UTC)
	for name, pair := range map[string][2]string{
		"thousands":        {fr.Num(68952941), "68 952 941"},
		"three digits":     {fr.Num(999), "999"},
		"negative":         {fr.Num(-1234), "−1 234"},
		"decimals":         {fr.Decimal(22.10, 2), "22,1"},
		"rounded to zero":  {fr.Decimal(-0.04, 1), "0"},
		"money":            {fr.Money(412000, "EUR"), "412 000 €"},
		"cents":            {fr.Money(9.5, ""), "9,50 €"},
		"share":            {fr.Percent(0.88), "88 %"},
		"nearly all":       {fr.Percent(0.9999), "99 %"},
		"hardly any":       {fr.Percent(0.0001), "1 %"},
		"near":             {fr.Km(4.52), "4,5 km"},
		"far":              {fr.Km(16.4), "16 km"},
		"day":              {fr.Day(deadline), "lundi 7 décembre"},
		"first of a month": {fr.Date(first), "vendredi 1er janvier 2027"},
		"hour":             {fr.Hour(deadline), "12 h"},
		"half past":        {fr.Hour(first), "9 h 30"},
		"when":             {fr.When(deadline, deadline), "lundi 7 décembre, 12 h"},
		"another year":     {fr.When(first, deadline), "vendredi 1er janvier 2027, 9 h 30"},
		"one":              {fr.N("days.count", 1), "1 jour ouvré"},
		"none":             {fr.N("days.count", 0), "0 jour ouvré"},
		"a million":        {fr.N("communes", 1000000), "1 000 000 communes"},
		"english":          {en.Num(68952941), "68,952,941"},
		"english money":    {en.Money(412000, "EUR"), "€412,000"},
		"english share":    {en.Percent(0.88), "88%"},
		"english when":     {en.When(deadline, deadline), "Monday 7 December, 12:00"},
		"english none":     {en.N("days.count", 0), "0 working days"},
		"words":            {fr.Count(3), "trois"},
		"many":             {fr.Count(1500), "1 500"},
		"an hour ago":      {fr.Ago(deadline.Add(-time.Hour), deadline), "il y a 1 heure"},
		"long ago":         {fr.Ago(deadline.AddDate(0, -2, 0), deadline), "le 7 octobre 2026"},
		"duration":         {fr.Duration(125 * time.Second), "2 min 5 s"},
	} {
		if got := spaces.ReplaceAllString(pair[0], " "); got != pair[1] {
			t.Errorf("%s: %q, want %q", name, got, pair[1])
		}
	}
	if got := fr.Num(1234); got != "1"+nbsp+"234" {
		t.Errorf("the group is parted by %q, which the typeface draws too thin", got)
	}
}

func TestSpacesOfFrenchTypography(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Pourquoi ?":  "Pourquoi\u202f?",
		"50 % : oui":  "50\u00a0%\u00a0: oui",
		"« l'avis »":  "«\u00a0l’avis\u00a0»",
		"a ; b ! c":   "a\u202f; b\u202f! c",
		"http://x.fr": "http://x.fr",
	} {
		if got := typo(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
	got := typoText(`<p class="a : b">Quoi ? {{t "c ? d"}} fin !</p>`)
	if want := "<p class=\"a : b\">Quoi\u202f? {{t \"c ? d\"}} fin\u202f!</p>"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestMessagesEscapeWhatTheyAreGiven(t *testing.T) {
	t.Parallel()
	fr, _ := speak(t)
	said := string(fr.H("opp.legend_offered", "Name", `<b onclick="x">Ronce & Compas</b>`))
	if said != `Zone de &lt;b onclick=&#34;x&#34;&gt;Ronce &amp; Compas&lt;/b&gt;, fils horizontaux` {
		t.Errorf("%s", said)
	}
}

// TestANumberWrittenIsReadBack holds the fields to the numbers they show.
func TestANumberWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	fr, en := speak(t)
	rapid.Check(t, func(t *rapid.T) {
		n := float64(rapid.IntRange(-1_000_000_000, 1_000_000_000).Draw(t, "n")) / 100
		for _, l := range []*Locale{fr, en} {
			if got, ok := l.number(l.Decimal(n, 2)); !ok || got != n {
				t.Fatalf("%q is read as %v (%s)", l.Decimal(n, 2), got, l.Lang)
			}
		}
	})
}

func TestANumberIsReadAsItWasMeant(t *testing.T) {
	t.Parallel()
	fr, en := speak(t)
	for _, one := range []struct {
		l    *Locale
		text string
		want float64
		ok   bool
	}{{fr, "1 234,5", 1234.5, true}, {fr, "1.5", 1.5, true}, {en, "1,234.5", 1234.5, true}, {en, "2,5", 2.5, true}, {en, "1,234", 1234, true}, {fr, "1,234", 1.234, true}, {fr, "200\u00a0000 €", 200000, true}, {fr, "beaucoup", 0, false}, {fr, "1e999", 0, false}, {fr, "NaN", 0, false}} {
		if got, ok := one.l.number(one.text); ok != one.ok || ok && got != one.want {
			t.Errorf("%q in %s is %v %v, want %v %v", one.text, one.l.Lang, got, ok, one.want, one.ok)
		}
	}
}

func TestABarSaysHowMuchWithoutLying(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		share := rapid.Float64Range(-1, 2).Draw(t, "share")
		state := rapid.SampledFrom([]State{Met, Partial, Missed, Assumed, Unknown}).Draw(t, "state")
		w := Criterion{State: state, Share: share}.Width()
		if w < 0 || w > 100 || state == Partial && (w < 1 || w > 99) {
			t.Fatalf("%s %v is drawn %d wide", state, share, w)
		}
	})
}
