package publication_test

import (
	"fmt"
	"slices"
	"testing"

	"maillage/indicators/catalogue"
	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/internal/fault"
)

// answer loads what enterprises of four regions answer, three of a kind in each: few in the
// first, as first says it of each of them, and more in the others.
func (h *house) answer(kind string, first, others map[string]string) {
	h.t.Helper()
	enterprises, answers := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;annee;question;valeur"}
	for r, town := range []string{"26362", "31555", "59350", "35238"} {
		for e := range 3 {
			id := fmt.Sprintf("%s%d%d", kind, r, e)
			enterprises = append(enterprises, fmt.Sprintf("%s;2025;%s;%s;", id, kind, town))
			said := others
			if r == 0 {
				said = first
			}
			for question, value := range said {
				answers = append(answers, fmt.Sprintf("%s;2025;%s;%s", id, question, value))
			}
		}
	}
	slices.Sort(answers[1:])
	h.load(microdata.Enterprises, enterprises, 1)
	h.load(microdata.Answers, answers, 1)
	_, err := h.count.Refresh(system())
	must(h.t, err)
}

// Of an answer nobody told the persons one by one: where it is a number of people, it is
// judged by its own value, what it leaves of its base included, by the bound of the rule.
func TestAnswersAreJudgedByTheirOwnValue(t *testing.T) {
	t.Parallel()
	for id, c := range map[catalogue.ID]struct {
		part, base string
		few        [2]string
		least      int64
	}{
		"C09":  {"after_6_months.employed", "after_6_months.followed", [2]string{"1", "2"}, 5},
		"R6.4": {"after_12_months.durable", "after_12_months.followed", [2]string{"3", "4"}, 5}, // few are left of the base
		"R2.4": {"bodies.participants", "bodies.present_3_months", [2]string{"1", "1"}, 5},
		"R2.1": {"barriers.resolved", "barriers.identified", [2]string{"2", "6"}, 11},
	} {
		t.Run(string(id), func(t *testing.T) {
			t.Parallel()
			sqlite(t, func(h *house) {
				h.answer("AI", map[string]string{c.part: c.few[0], c.base: c.few[1]}, map[string]string{c.part: "6", c.base: "13"})
				if r := h.publish(publication.Plan{Indicators: []publication.Chosen{{ID: id, Version: 1}}, Level: publication.Region, Years: []int{2025}}); r.State != publication.Published {
					t.Fatal(r.Reason)
				}
				_, file := h.latest()
				if r := verified(t, file); !r.Sound() {
					t.Errorf("%+v", r.Findings)
				}
				parts, bases := h.flat(c.part), h.flat(c.base)
				if len(bases) == 0 {
					t.Error("nothing is told")
				}
				for at, n := range parts {
					base, both := bases[at]
					if n < c.least || both && base-n < c.least {
						t.Errorf("%s: %d of %d are told", at, n, base)
					}
				}
			})
		})
	}
}

// Managers are answered too, as permanent staff are, with their FTE: none is told of fewer
// than five persons, nor where their number was not answered and may be so; of many who
// work little they are.
func TestFTEOfAFewPersonsAreNotTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fte           string
		first, others map[string]string
		told          bool
	}{
		{"permanent.fte", map[string]string{"permanent.persons": "1", "permanent.fte": "0.9"}, map[string]string{"permanent.persons": "9", "permanent.fte": "6.5"}, false},
		{"permanent.fte", map[string]string{"permanent.fte": "0.9"}, map[string]string{"permanent.fte": "6.5"}, false},
		{"permanent.fte", map[string]string{"permanent.persons": "9", "permanent.fte": "1.2"}, map[string]string{"permanent.persons": "9", "permanent.fte": "6.5"}, true},
		{"fte", map[string]string{"workers": "1", "fte": "0.9"}, map[string]string{"workers": "9", "fte": "6.5"}, false},
	} {
		t.Run(fmt.Sprint(c.first), func(t *testing.T) {
			t.Parallel()
			sqlite(t, func(h *house) {
				h.answer("AI", c.first, c.others)
				id := catalogue.ID("C03")
				if c.fte == "fte" {
					id = "C02"
				}
				if r := h.publish(publication.Plan{Indicators: []publication.Chosen{{ID: id, Version: 1}}, Level: publication.Region, Years: []int{2025}}); r.State != publication.Published {
					t.Fatal(r.Reason)
				}
				told := h.flat(c.fte)
				if _, of := told["R84 all"]; of != c.told || len(told) < 2 {
					t.Errorf("%v", told)
				}
			})
		})
	}
	sqlite(t, func(h *house) {
		h.answer("SAP", map[string]string{"home_workers.persons": "9", "managers.persons": "1", "managers.fte": "0.7"}, map[string]string{"home_workers.persons": "12"})
		if r := h.publish(publication.Plan{Report: true, Level: publication.Federation, Years: []int{2025}}); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		if told := h.flat("managers.persons"); len(told) > 0 {
			t.Errorf("managers: %v", told)
		}
		if told := h.flat("managers.fte"); len(told) > 0 {
			t.Errorf("FTE of managers: %v", told)
		}
		if told := h.flat("home_workers.persons"); len(told) != 1 {
			t.Errorf("home workers: %v", told)
		}
	})
}

// What is about to be written is attacked as anybody may attack it: where the judgement lets
// out what that attack calls unsound, nothing is released.
func TestABuildRefusesWhatVerificationWould(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.answer("AI", map[string]string{"after_6_months.employed": "1", "after_6_months.followed": "2"}, map[string]string{"after_6_months.employed": "6", "after_6_months.followed": "13"})
		r := h.start(publication.Plan{Indicators: []publication.Chosen{{ID: "C09", Version: 1}}, Level: publication.Region, Years: []int{2025}})
		must(t, h.Judged(system(), r, false))
		if err := h.Judged(system(), r, true); !fault.Is(err, fault.KindConflict) || fault.Of(err).Code != "recovered" {
			t.Errorf("three persons told: %v", err)
		}
	})
}
