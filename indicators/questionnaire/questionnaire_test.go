package questionnaire_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/questionnaire"
)

func book(t testing.TB) *questionnaire.Book {
	t.Helper()
	b, err := questionnaire.Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What is asked is what the catalogue counts from answers, and nothing of the
// catalogue that is answered is left out.
func TestQuestionsAreOfTheCatalogue(t *testing.T) {
	t.Parallel()
	b, all := book(t), func() *catalogue.Catalogue { c, err := catalogue.Load(); must(t, err); return c }()
	for _, q := range b.Questions {
		if len(q.Serves()) == 0 && !q.Report {
			t.Errorf("%s serves no indicator", q.Code)
		}
		for _, id := range q.Serves() {
			if i, ok := all.Get(id); !ok || !q.Report && i.Register != q.Register && !serves(q, all, q.Register) {
				t.Errorf("%s is asked under %s and serves %s", q.Code, q.Register, id)
			}
		}
	}
	for _, i := range all.Find(catalogue.Filter{Source: catalogue.Survey}) {
		_, computed := compute.FormulaOf(string(i.ID), compute.COORACE)
		if computed && !slices.Contains(b.Indicators(), i.ID) {
			t.Errorf("%s comes from a survey and nothing is asked for it", i.ID)
		}
	}
}

func serves(q questionnaire.Question, all *catalogue.Catalogue, r catalogue.Register) bool {
	return slices.ContainsFunc(q.Serves(), func(id catalogue.ID) bool { i, ok := all.Get(id); return ok && i.Register == r })
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAKindIsAskedWhatItCanKnow(t *testing.T) {
	t.Parallel()
	b := book(t)
	has := func(kind compute.Kind, code compute.Measure) bool {
		return slices.ContainsFunc(b.For(kind, b.Serving(nil)), func(q questionnaire.Question) bool { return q.Code == code })
	}
	if has(compute.SAP, compute.PermanentFTE) || !has(compute.SAP, compute.HomeWorkerFTE) || has(compute.ACI, compute.HomeWorkerFTE) || !has(compute.GEIQ, compute.Purchases) {
		t.Error("kinds are asked what is not theirs")
	}
	some := b.Serving([]catalogue.ID{"R4.2"})
	if !slices.Contains(some, compute.LocalPurchases) || !slices.Contains(some, compute.PermanentFTE) || slices.Contains(some, compute.Tonnes) {
		t.Errorf("the questions of local purchases are %v", some)
	}
	if !b.Total(compute.StaffFTE, compute.SAP) || b.Total(compute.StaffFTE, compute.GEIQ) {
		t.Error("a total is one where it has parts")
	}
}

func TestWhatIsTypedIsRead(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, c := range []struct {
		code  compute.Measure
		typed string
		want  compute.Answer
		wrong string
	}{
		{compute.PermanentFTE, "1 234,5", collected(123450), ""},
		{compute.PermanentFTE, "1\u202f234.05", collected(123405), ""},
		{compute.PermanentPersons, " 12 ", collected(1200), ""},
		{compute.PermanentPersons, "12,00", collected(1200), ""},
		{compute.PermanentPersons, "0", collected(0), ""},
		{compute.PermanentPersons, "", compute.Answer{}, ""},
		{compute.PermanentPersons, "nd", compute.Answer{Status: compute.ND}, ""},
		{compute.PermanentPersons, "Ne sait pas", compute.Answer{Status: compute.ND}, ""},
		{compute.PermanentPersons, "non collecté", compute.Answer{Status: compute.ND}, ""},
		{compute.PermanentPersons, "n/d", compute.Answer{Status: compute.ND}, ""},
		{compute.PermanentPersons, "N. D.", compute.Answer{Status: compute.ND}, ""},
		{compute.PermanentPersons, "nd 12", compute.Answer{}, "Write a number"},
		{compute.Sales, "06 12 34 56 78", compute.Answer{}, "Write a number"},
		{compute.ScaleChange, "−12,5", collected(-1250), ""},
		{compute.Sales, "12 000 €", collected(1200000), ""},
		{compute.PermanentPersons, "12,5", compute.Answer{}, "whole"},
		{compute.PermanentPersons, "-1", compute.Answer{}, "negative"},
		{compute.Sales, "1.234", compute.Answer{}, "Two decimals"}, // a thousand, or one and a bit
		{compute.Sales, "1.234.567", compute.Answer{}, "Write a number"},
		{compute.Sales, "1 234 567,8", collected(123456780), ""},
		{compute.Sales, "- 12’000 €", compute.Answer{}, "negative"},
		{compute.Sales, "1 0,5", compute.Answer{}, "Write a number"}, // ten and a half, or one, or two numbers
		{compute.PermanentPersons, "4 0", compute.Answer{}, "Write a number"},
		{compute.Sales, "12 00", compute.Answer{}, "Write a number"},
		{compute.Sales, "1 234, 5", compute.Answer{}, "Write a number"},
		{compute.Sales, "douze", compute.Answer{}, "Write a number"},
		{compute.Sales, "12,", compute.Answer{}, "Write a number"},
		{compute.Sales, "1e3", compute.Answer{}, "Write a number"},
		{compute.Sales, "99999999999", compute.Answer{}, "too large"},
	} {
		q, _ := b.Find(c.code)
		got, wrong := q.Parse(c.typed)
		said := ""
		if wrong != nil {
			said = wrong.EN
		}
		if got != c.want || (wrong == nil) != (c.wrong == "") || !strings.Contains(said, c.wrong) {
			t.Errorf("%s %q is %+v %q, want %+v %q", c.code, c.typed, got, said, c.want, c.wrong)
		}
	}
}

func collected(v int64) compute.Answer { return compute.Answer{Status: compute.Collected, Value: v} }

// What is written is read back, and no text makes the reader fail.
func TestAnswersAreWrittenAndReadBack(t *testing.T) {
	t.Parallel()
	b := book(t)
	rapid.Check(t, func(r *rapid.T) {
		q := rapid.SampledFrom(b.Questions).Draw(r, "question")
		v := rapid.Int64Range(0, 1e11).Draw(r, "value")
		if q.Code.Signed() && rapid.Bool().Draw(r, "negative") {
			v = -v
		}
		if q.Code.Whole() {
			v = v / 100 * 100
		}
		a := rapid.SampledFrom([]compute.Answer{collected(v), {Status: compute.ND}, {}}).Draw(r, "answer")
		if got, wrong := q.Parse(questionnaire.Write(a)); wrong != nil || got != a {
			r.Fatalf("%+v is written %q and read %+v", a, questionnaire.Write(a), got)
		}
		typed := rapid.String().Draw(r, "typed")
		if got, wrong := q.Parse(typed); wrong == nil {
			if again, _ := q.Parse(questionnaire.Write(got)); again != got {
				r.Fatalf("%q is read %+v and again %+v", typed, got, again)
			}
		}
	})
}

func TestWhatDoesNotHoldIsFound(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, c := range []struct {
		name        string
		kind        compute.Kind
		now, before map[compute.Measure]int64 // units
		want        string                    // check@question:level
	}{
		{"nothing answered", compute.ACI, nil, nil, ""},
		{"all is well", compute.ACI, of{compute.Workers: 20, compute.FTE: 12, compute.PermanentPersons: 4, compute.PermanentFTE: 3, compute.StaffPersons: 24, compute.StaffFTE: 15}, nil, ""},
		{"more FTE than persons", compute.SAP, of{compute.HomeWorkerPersons: 3, compute.HomeWorkerFTE: 4}, nil, "home_workers_fte@home_workers.fte:refuse"},
		{"permanents who left", compute.ACI, of{compute.PermanentPersons: 3, compute.PermanentFTE: 4}, nil, "permanent_fte@permanent.fte:confirm"},
		{"a sum", compute.ACI, of{compute.Workers: 20, compute.PermanentPersons: 4, compute.StaffPersons: 25}, nil, "staff_persons_insertion@staff.persons:refuse"},
		{"the sum of another kind", compute.SAP, of{compute.Workers: 20, compute.PermanentPersons: 4, compute.StaffPersons: 25}, nil, ""},
		{"a part unknown", compute.ACI, of{compute.Workers: 20, compute.StaffPersons: 25}, nil, ""},
		{"women", compute.EA, of{compute.Positions: 5, compute.PositionsOfWomen: 6}, nil, "women@boards.women:refuse"},
		{"women in every seat", compute.EA, of{compute.Positions: 5, compute.PositionsOfWomen: 5, compute.Cooperating: 1}, nil, ""},
		{"local purchases", compute.EI, of{compute.Purchases: 100, compute.LocalPurchases: 101}, nil, "local_purchases@purchases.local:refuse"},
		{"opinions", compute.EI, of{compute.ClientsAsked: 10, compute.ClientsPositive: 7, compute.ClientsNegative: 4}, nil, "clients@clients.more_positive:refuse"},
		{"autonomy", compute.EI, of{compute.ScalePairs: 3, compute.ScaleChange: -13}, nil, "autonomy@autonomy.change:refuse"},
		{"autonomy at its bound", compute.EI, of{compute.ScalePairs: 3, compute.ScaleChange: -12}, nil, ""},
		{"yes or no", compute.EI, of{compute.Cooperating: 2}, nil, "yes@cooperating:refuse"},
		{"the end of last year", compute.ACI, of{compute.PermanentStart: 3}, of{compute.PermanentEnd: 4}, "start_is_end@permanent.fte.start:confirm"},
		{"the report's home workers", compute.SAP, of{compute.HomeWorkerPersons: 9996, compute.HomeWorkerFTE: 3170}, of{compute.HomeWorkerPersons: 8288, compute.HomeWorkerFTE: 3354}, "out_of_line@home_workers.persons:confirm"},
		{"few persons", compute.SAP, of{compute.HomeWorkerPersons: 12, compute.HomeWorkerFTE: 3}, of{compute.HomeWorkerPersons: 9, compute.HomeWorkerFTE: 4}, ""},
		{"sales double, as the FTE do", compute.GEIQ, of{compute.Sales: 200000, compute.StaffFTE: 20, compute.StaffPersons: 30}, of{compute.Sales: 100000, compute.StaffFTE: 10, compute.StaffPersons: 15}, ""},
		{"sales double alone", compute.GEIQ, of{compute.Sales: 200000, compute.StaffFTE: 10, compute.StaffPersons: 15}, of{compute.Sales: 100000, compute.StaffFTE: 10, compute.StaffPersons: 15}, "jump@sales:confirm"},
		{"sales double, FTE by their parts", compute.SAP, of{compute.Sales: 200000, compute.HomeWorkerFTE: 8, compute.ManagerFTE: 2}, of{compute.Sales: 100000, compute.HomeWorkerFTE: 4, compute.ManagerFTE: 1}, ""},
	} {
		var got []string
		for _, f := range b.Check(c.kind, answers(c.now), answers(c.before)) {
			got = append(got, f.Check+"@"+string(f.Question)+":"+string(f.Level))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: found %v, want %s", c.name, got, c.want)
		}
	}
}

type of = map[compute.Measure]int64

func answers(units map[compute.Measure]int64) questionnaire.Answers {
	out := questionnaire.Answers{}
	for m, v := range units {
		out[m] = collected(100 * v)
	}
	return out
}

// ND and what is awaited are neither zero nor a fault.
func TestWhatIsNotCollectedFaultsNothing(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, c := range b.Checks {
		for _, status := range []compute.Status{compute.ND, compute.Waiting} {
			now := questionnaire.Answers{c.Left[0]: {Status: status}}
			for _, m := range c.Right {
				now[m] = collected(0)
			}
			for _, kind := range compute.Kinds() {
				if got := b.Check(kind, now, now); len(got) > 0 {
					t.Errorf("%s with %q finds %+v", c.Code, status, got)
				}
			}
		}
	}
}
