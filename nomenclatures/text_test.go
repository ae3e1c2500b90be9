package nomenclatures

import (
	"slices"
	"testing"
	"unicode/utf8"
)

func TestSectorsInText(t *testing.T) {
	t.Parallel()
	for _, tt := range cases(t, "texts.tsv", 4) {
		text, want, evidence, not := tt[0], Sector(tt[1]), tt[2], Sector(tt[3])
		got := SectorsInText(text)
		if len(got) == 0 {
			t.Errorf("%q: nothing found", text)
			continue
		}
		at := slices.IndexFunc(got, func(m Mention) bool { return m.Sector == want })
		if at < 0 || got[at].Confidence < got[0].Confidence-mentionShare {
			t.Errorf("%q: %+v, want %s", text, got, want)
			continue
		}
		if evidence != "" && got[at].Evidence != evidence {
			t.Errorf("%q: the evidence is %q, want %q", text, got[at].Evidence, evidence)
		}
		if slices.ContainsFunc(got, func(m Mention) bool { return m.Sector == not }) {
			t.Errorf("%q speaks of %s", text, not)
		}
	}
	for _, text := range []string{"Achat de titres restaurant", "Distribution publique : fourniture d'électricité", "Le conseil municipal se réserve"} {
		if got := SectorsInText(text); len(got) > 0 {
			t.Errorf("%q: %+v", text, got)
		}
	}
	for _, text := range []string{"", "Assurance dommages aux biens", "Location longue durée d'un IRM"} {
		if got := SectorsInText(text); len(got) > 0 && got[0].Confidence > mentionSure {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// A nursery that is built is a building site, not childcare.
func TestWorksOnAPlaceAreNotItsTrade(t *testing.T) {
	t.Parallel()
	built := SectorsInText("Construction d'une crèche et de sa cuisine : lot peinture intérieure, halte-garderie")
	if len(built) == 0 || built[0].Sector != "peinture" {
		t.Errorf("%+v", built)
	}
	for _, m := range built {
		if m.Sector == "garde-enfants" && m.Confidence >= 0.5 {
			t.Errorf("built, yet %+v", m)
		}
	}
	run := SectorsInText("Gestion d'une halte-garderie")
	if len(run) == 0 || run[0].Sector != "garde-enfants" || run[0].Confidence < 0.8 {
		t.Errorf("%+v", run)
	}
	if got := SectorsInText("Travaux de nettoyage de locaux"); len(got) == 0 || got[0].Confidence < 0.7 {
		t.Errorf("%+v", got)
	}
}

func TestWordingsConfirmEachOther(t *testing.T) {
	t.Parallel()
	one := SectorsInText("bureaux : nettoyage de bureaux")
	two := SectorsInText("nettoyage de bureaux et entretien des locaux")
	if two[0].Sector != one[0].Sector || two[0].Confidence <= one[0].Confidence {
		t.Errorf("one wording %+v, two %+v", one, two)
	}
}

func checkMentions(t *testing.T, text string) {
	seen := map[Sector]bool{}
	for _, m := range SectorsInText(text) {
		if m.Start < 0 || m.End > len(text) || m.Start >= m.End || text[m.Start:m.End] != m.Evidence {
			t.Fatalf("%q: %+v is not where it says", text, m)
		}
		if m.Confidence <= 0 || m.Confidence > 1 || seen[m.Sector] {
			t.Fatalf("%q: %+v", text, m)
		}
		if utf8.ValidString(text) && !utf8.ValidString(m.Evidence) {
			t.Fatalf("%q: the evidence %q cuts a letter", text, m.Evidence)
		}
		seen[m.Sector] = true
	}
}

func FuzzSectorsInText(f *testing.F) {
	for _, s := range []string{"Entretien d'espaces verts", "e\u0301lagage", "NETTOYAGE\x00\xff urbain", "œuvre d'art", "ﬁn İ"} {
		f.Add(s)
	}
	f.Fuzz(checkMentions)
}

func TestEveryWordingIsFoundInAText(t *testing.T) {
	t.Parallel()
	for i, list := range joined().words {
		for _, p := range list {
			if p.searchOnly {
				continue
			}
			want := joined().sectors[i].Code
			text := "Marché : " + p.text + "."
			checkMentions(t, text)
			if !slices.ContainsFunc(SectorsInText(text), func(m Mention) bool { return m.Sector == want }) {
				t.Errorf("%q does not speak of %s", text, want)
			}
		}
	}
}
