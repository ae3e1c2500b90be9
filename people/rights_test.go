package people_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/nomenclatures"
	"maillage/people"
)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func right(kind people.RightKind, from, until string) people.Right {
	return people.Right{Kind: kind, From: from, Until: until}
}

// said writes alerts as "kind severity due", in their order.
func said(alerts []people.Alert) string {
	var out []string
	for _, a := range alerts {
		out = append(out, string(a.Kind)+" "+string(a.Severity)+" "+a.Due)
	}
	return strings.Join(out, ", ")
}

func TestWhatIsDue(t *testing.T) {
	t.Parallel()
	pass, suspended, extended, clause := people.PassIAE, people.PassSuspension, people.PassExtension, people.ClauseEligible
	for name, c := range map[string]struct {
		on     string
		rights []people.Right
		hours  []people.MonthHours
		want   string
	}{
		"nothing":                            {on: "2026-11-23"},
		"a pass that has long to run":        {on: "2026-11-23", rights: []people.Right{right(pass, "2026-01-05", "")}},
		"24 months, four months before":      {on: "2027-09-10", rights: []people.Right{right(pass, "2026-01-05", "")}, want: "pass_ending notice 2028-01-04"},
		"":                                   {on: "2027-09-05", rights: []people.Right{right(pass, "2026-01-05", "")}},
		"within the month":                   {on: "2027-12-20", rights: []people.Right{right(pass, "2026-01-05", "")}, want: "pass_ending soon 2028-01-04"},
		"on its last day it holds":           {on: "2028-01-04", rights: []people.Right{right(pass, "2026-01-05", "")}, want: "pass_ending soon 2028-01-04"},
		"the day after it has ended":         {on: "2028-01-05", rights: []people.Right{right(pass, "2026-01-05", "")}, want: "pass_ended late 2028-01-04"},
		"half a year after it is history":    {on: "2028-07-05", rights: []people.Right{right(pass, "2026-01-05", "")}},
		"the day that is said wins":          {on: "2027-03-20", rights: []people.Right{right(pass, "2026-01-05", "2027-03-31")}, want: "pass_ending soon 2027-03-31"},
		"a suspension puts off":              {on: "2028-01-05", rights: []people.Right{right(pass, "2026-01-05", ""), right(suspended, "2026-03-01", "2026-03-31")}, want: "pass_ending soon 2028-02-04"},
		"not a day that is said":             {on: "2028-01-05", rights: []people.Right{right(pass, "2026-01-05", "2028-01-04"), right(suspended, "2026-03-01", "2026-03-31")}, want: "pass_ended late 2028-01-04"},
		"a prolongation":                     {on: "2028-01-05", rights: []people.Right{right(pass, "2026-01-05", ""), right(extended, "2028-01-05", "2029-01-04")}},
		"an older prolongation":              {on: "2028-01-05", rights: []people.Right{right(extended, "2020-01-05", "2029-01-04"), right(pass, "2026-01-05", "")}, want: "pass_ended late 2028-01-04"},
		"a leap day":                         {on: "2026-02-01", rights: []people.Right{right(pass, "2024-02-29", "")}, want: "pass_ending soon 2026-02-27"},
		"a suspension ends":                  {on: "2026-11-23", rights: []people.Right{right(suspended, "2026-10-01", "2026-12-01")}, want: "suspension_ending soon 2026-12-01"},
		"a suspension of a year":             {on: "2026-11-23", rights: []people.Right{right(suspended, "2025-12-10", "")}, want: "suspension_twelve_months soon 2026-12-10"},
		"in a row":                           {on: "2026-11-23", rights: []people.Right{right(suspended, "2025-12-10", "2026-05-31"), right(suspended, "2026-06-01", "")}, want: "suspension_twelve_months soon 2026-12-10"},
		"with a gap":                         {on: "2026-11-23", rights: []people.Right{right(suspended, "2025-12-10", "2026-05-31"), right(suspended, "2026-06-15", "")}},
		"three years":                        {on: "2026-11-23", rights: []people.Right{right(suspended, "2023-12-10", "")}, want: "suspension_twelve_months late 2024-12-10, suspension_thirty_six_months soon 2026-12-08"},
		"a suspension that is over":          {on: "2026-11-23", rights: []people.Right{right(suspended, "2023-12-10", "2026-11-22")}},
		"a clause":                           {on: "2026-11-23", rights: []people.Right{{Kind: clause, From: "2025-01-05", Until: "2027-01-04", Body: people.Facilitator}}, want: "clause_ending notice 2027-01-04"},
		"a clause without an end":            {on: "2026-11-23", rights: []people.Right{{Kind: clause, From: "2025-01-05", Body: people.Prescriber}}},
		"a first mission":                    {on: "2026-11-23", rights: []people.Right{right(people.FirstMission, "2026-11-10", "")}, want: "medical_visit_due soon 2026-12-10"},
		"a first mission on the 31st":        {on: "2026-02-10", rights: []people.Right{right(people.FirstMission, "2026-01-31", "")}, want: "medical_visit_due soon 2026-02-28"},
		"the visit is late":                  {on: "2026-12-11", rights: []people.Right{right(people.FirstMission, "2026-11-10", "")}, want: "medical_visit_due late 2026-12-10"},
		"the visit is done":                  {on: "2026-12-11", rights: []people.Right{right(people.FirstMission, "2026-11-10", ""), right(people.MedicalVisit, "2026-11-20", "")}},
		"the next visit":                     {on: "2026-11-23", rights: []people.Right{right(people.MedicalVisit, "2024-12-20", "2026-12-20")}, want: "medical_visit_next soon 2026-12-20"},
		"399 hours":                          {on: "2026-11-23", hours: months("2026-01", 133, 3)},
		"400 hours":                          {on: "2026-11-23", hours: months("2026-01", 100, 4), want: "ai_hours soon 2027-12-31"},
		"480 hours":                          {on: "2026-11-23", hours: months("2026-01", 120, 4), want: "ai_hours late 2027-12-31"},
		"derogated":                          {on: "2026-11-23", hours: derogated(months("2026-01", 120, 4))},
		"24 months from the first provision": {on: "2028-01-01", hours: months("2026-01", 120, 4)},
		"the last day of the 24 months":      {on: "2027-12-31", hours: months("2026-01", 120, 4), want: "ai_hours late 2027-12-31"},
		"a new period":                       {on: "2028-06-15", hours: append(months("2026-01", 120, 4), months("2028-03", 90, 4)...)},
		"a new period counts":                {on: "2028-06-15", hours: append(months("2026-01", 120, 4), months("2028-03", 100, 4)...), want: "ai_hours soon 2030-02-28"},
		"what is to come":                    {on: "2026-02-15", hours: months("2026-01", 120, 6)},
		"all at once": {on: "2027-12-20", rights: []people.Right{right(pass, "2026-01-05", ""), right(people.FirstMission, "2027-12-01", "")}, hours: months("2027-01", 100, 4),
			want: "medical_visit_due soon 2028-01-01, pass_ending soon 2028-01-04, ai_hours soon 2028-12-31"},
	} {
		if got := said(people.Alerts(c.rights, c.hours, day(c.on))); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// months are so many hours a month for n months.
func months(first string, hours float64, n int) []people.MonthHours {
	at := day(first + "-01")
	var out []people.MonthHours
	for i := range n {
		out = append(out, people.MonthHours{Month: at.AddDate(0, i, 0).Format("2006-01"), Hours: hours})
	}
	return out
}

func derogated(hours []people.MonthHours) []people.MonthHours {
	for i := range hours {
		hours[i].Derogated = true
	}
	return hours
}

// Every alert says what to do, by when and by which rule, in both languages, and
// none of them excludes.
func TestAnAlertSaysWhatToDo(t *testing.T) {
	t.Parallel()
	rights := []people.Right{right(people.PassIAE, "2024-12-05", ""), right(people.PassSuspension, "2025-12-10", ""), right(people.FirstMission, "2026-11-10", ""),
		{Kind: people.ClauseEligible, From: "2025-01-05", Until: "2026-12-04", Body: people.Facilitator}}
	alerts := people.Alerts(rights, months("2026-01", 110, 4), day("2026-11-23"))
	if len(alerts) < 4 {
		t.Fatalf("%s", said(alerts))
	}
	for _, a := range alerts {
		if a.Source == "" || a.Text.FR == "" || a.Text.EN == "" || !strings.Contains(a.Text.FR, "20") || strings.Contains(a.Text.FR, "exclu") {
			t.Errorf("%+v", a)
		}
	}
}

func TestAlertsOfAStructure(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		ctx, p := h.as(), h.made(h.gardener())
		must(t, h.SetRights(ctx, p.ID, 1, []people.Right{right(people.PassIAE, "2025-01-05", ""), {Kind: people.MedicalVisit, From: "2024-12-20", Until: "2026-12-20", Occupations: nil}}))
		wantKind(t, h.SetRights(ctx, p.ID, 1, nil), fault.KindPrecondition)
		must(t, h.SetRights(ctx, p.ID, 2, []people.Right{right(people.PassIAE, "2025-01-05", ""), right(people.MedicalVisit, "2024-12-20", "2026-12-20")})) // the same: no trace
		got, err := h.Alerts(ctx, h.near, h.clock.Now())
		must(t, err)
		if len(got) != 2 || got[0].Person.ID != p.ID || got[0].Kind != people.AlertMedicalNext || got[1].Due != "2027-01-04" {
			t.Errorf("%+v", got)
		}
		now, err := h.Get(ctx, p.ID)
		must(t, err)
		if now.Revision != 2 || now.State != people.Active {
			t.Errorf("%+v", now)
		}
		_, err = h.End(ctx, p.ID, 0, "")
		must(t, err)
		got, err = h.Alerts(ctx, h.near, h.clock.Now())
		must(t, err)
		if len(got) != 0 {
			t.Errorf("of an ended journey: %+v", got)
		}
	})
}

func TestEveryFaultOfARightIsLocated(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	id := h.made(h.gardener()).ID
	for want, r := range map[string]people.Right{
		"rights[0].kind=unknown":           right("debts", "2026-01-01", ""),
		"rights[0].from=required":          right(people.PassIAE, "", ""),
		"rights[0].from=date":              right(people.PassIAE, "hier", ""),
		"rights[0].until=order":            right(people.PassIAE, "2026-02-01", "2026-01-01"),
		"rights[0].until=required":         right(people.PassExtension, "2026-02-01", ""),
		"rights[0].body=unknown":           right(people.ClauseEligible, "2026-02-01", ""),
		"rights[0].occupations=too-many":   {Kind: people.PassIAE, From: "2026-02-01", Occupations: []nomenclatures.ROME{"K2204"}},
		"rights[0].occupations[0]=unknown": {Kind: people.MedicalVisit, From: "2026-02-01", Occupations: []nomenclatures.ROME{"A9999"}},
	} {
		if got := located(h.SetRights(h.as(), id, 0, []people.Right{r})); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	bad := h.SetHours(context.WithoutCancel(h.as()), id, 0, []people.MonthHours{{Month: "2026-13", Hours: 1}, {Month: "2026-01", Hours: -1}, {Month: "2026-01", Hours: nan()}})
	if got := located(bad); got != "hours[0].hours=range hours[1].hours=range hours[1].month=repeated hours[2].month=date" {
		t.Errorf("%q", got)
	}
}
