package tenders

import (
	"fmt"
	"slices"
	"testing"
	"unicode/utf8"

	"maillage/nomenclatures"
)

// classified reads a notice of a title and a description, without CPV.
func classified(title, description string, descriptors ...string) *Notice {
	d := newDraft(BOAMP, nil)
	d.Title, d.Description, d.Descriptors = title, description, descriptors
	d.oneLot()
	d.classify()
	return d.Notice
}

func TestClassifyWithoutCPV(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, title, description string
		descriptors              []string
		want                     []string
		basis                    SectorBasis
	}{
		{"words alone", "Nettoyage des locaux communaux", "", nil, []string{"nettoyage-locaux"}, FromWords},
		{"a descriptor and words agree", "Entretien des espaces verts", "", []string{"116"}, []string{"espaces-verts"}, FromBoth},
		{"a reference and a descriptor", "Marché n° 2024-17", "", []string{"116"}, []string{"espaces-verts"}, FromDescriptors},
		{"nothing", "Marché n° 2024-17", "Voir le règlement", nil, nil, ""},
		{"a word in a description is a clue, not a sector", "Marché n° 2024-17", "Les agents présents dans les bureaux lors du ménage", nil, nil, FromWords},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := classified(c.title, c.description, c.descriptors...)
			if !slices.Equal(n.Sectors, c.want) {
				t.Errorf("got %v (%+v), want %v", n.Sectors, n.Classification, c.want)
			}
			if len(n.Sectors) > 0 && n.Classification[0].Basis != c.basis {
				t.Errorf("basis %q, want %q", n.Classification[0].Basis, c.basis)
			}
		})
	}
}

func TestClassifyPrefersTheCPV(t *testing.T) {
	t.Parallel()
	d := newDraft(TED, nil)
	d.Title, d.CPV = "Nettoyage des locaux", []nomenclatures.CPV{"77310000"}
	d.classify()
	if d.Sectors[0] != "espaces-verts" || slices.Contains(d.Sectors, "nettoyage-locaux") {
		t.Errorf("got %v", d.Sectors)
	}
}

func TestAgreementRaisesConfidence(t *testing.T) {
	t.Parallel()
	both := classified("Entretien des espaces verts", "", "116").Classification[0]
	for _, alone := range []*Notice{classified("Entretien des espaces verts", ""), classified("Marché", "", "116")} {
		if one := alone.Classification[0]; one.Confidence >= both.Confidence {
			t.Errorf("alone %+v, both %+v", one, both)
		}
	}
}

func FuzzClassify(f *testing.F) {
	f.Add("Entretien d’espaces verts", "élagage, cœur de ville\xff", "116")
	f.Add("", "\xff\xfe", "x")
	f.Fuzz(func(t *testing.T, title, description, descriptor string) {
		if !utf8.ValidString(title) || !utf8.ValidString(description) {
			t.Skip() // readers keep valid text only
		}
		for _, fault := range classificationFaults(classified(title, description, descriptor)) {
			t.Error(fault)
		}
	})
}

// classificationFaults lists quotes that are not where they say, sectors that
// no reason supports and confidences out of order.
func classificationFaults(n *Notice) (list []string) {
	check := func(sectors []string, all []Classified) {
		for i, c := range all {
			if c.Confidence < 0 || c.Confidence > 1 || len(c.Evidence) == 0 {
				list = append(list, fmt.Sprintf("%+v has no reason or is out of 0..1", c))
			}
			if c.Basis != FromCPV && i > 0 && c.Confidence > all[i-1].Confidence {
				list = append(list, fmt.Sprintf("%+v is not in order", c))
			}
			for _, e := range c.Evidence {
				if e.End == 0 {
					continue
				}
				if text := []rune(fieldText(n, e.Field)); e.End > len(text) || e.Start >= e.End || string(text[e.Start:e.End]) != e.Quote {
					list = append(list, fmt.Sprintf("reason %+v is not in its field", e))
				}
			}
		}
		for _, s := range sectors {
			if !slices.ContainsFunc(all, func(c Classified) bool { return c.Sector == s }) {
				list = append(list, "no reason for the sector "+s)
			}
		}
	}
	check(n.Sectors, n.Classification)
	for _, l := range n.Lots {
		check(l.Sectors, l.Classification)
	}
	return list
}
