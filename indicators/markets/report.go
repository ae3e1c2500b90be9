package markets

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"maillage/indicators/delays"
	"maillage/internal/fault"
	"maillage/territories"
)

// Report is what an association tells who funds it of a period and a place: the same
// tables whatever the form in which it is read, each column with its definition.
type Report struct {
	Figures *Figures
	By      string // whose it is: the name of the association; empty: the whole federation
	Place   fault.Text
	Columns []Column
	Tables  []Table
	Notes   []fault.Text // beside what its markets are: see Shared
}

// Column is one number of each line.
type Column struct {
	ID         string
	Label      fault.Text
	Definition fault.Text
	Digits     int // after the comma
	of         func(Line) float64
	unsaid     func(Line) bool // nobody says it; nil: somebody always does
}

// Table is a cut of the figures.
type Table struct {
	ID    string
	Title fault.Text
	Head  fault.Text
	Rows  []Row

	Columns []Column // of its own; nil: those of the report
}

// Row is one line, a cell a column.
type Row struct {
	Name  fault.Text
	Cells []Cell
}

// Cell is a number, rounded once; one that nobody says is no zero.
type Cell struct {
	Value  float64
	Digits int
	Unsaid bool
	Beyond bool // a time that is not reached yet
}

func say(fr, en string) fault.Text { return fault.Text{FR: fr, EN: en} }

// Report tells a period. Policy: accounts.PursuitCount.
func (s *Service) Report(ctx context.Context, w Wanted) (*Report, error) {
	f, err := s.Look(ctx, w)
	if err != nil {
		return nil, err
	}
	r := &Report{Figures: f, Columns: columns()}
	if f.Association != nil {
		r.By = f.Association.Name
	}
	r.Place = s.placed(f)
	r.Tables = []Table{
		{ID: "ensemble", Title: say("Ensemble", "Total"), Head: say("Période", "Period"), Rows: []Row{r.row(r.Period(), f.Total)}},
		{ID: "territoires", Title: levelTitles[f.By], Head: say("Territoire", "Territory")},
		{ID: "mois", Title: say("Par mois", "By month"), Head: say("Mois", "Month")},
	}
	for _, l := range f.Places {
		r.Tables[1].Rows = append(r.Tables[1].Rows, r.row(s.placeName(f.By, l.Code), l))
	}
	for _, l := range f.Months {
		r.Tables[2].Rows = append(r.Tables[2].Rows, r.row(monthName(l.Code), l))
	}
	if f.Wait != nil {
		r.Tables = append(r.Tables, s.waitTable(f))
	}
	r.Notes = r.notes()
	return r, nil
}

// columns are those of a table.
func (r *Report) columns(t Table) []Column {
	if t.Columns != nil {
		return t.Columns
	}
	return r.Columns
}

func (r *Report) row(name fault.Text, l Line) Row {
	out := Row{Name: name}
	for _, c := range r.Columns {
		scale := math.Pow10(c.Digits)
		out.Cells = append(out.Cells, Cell{Value: math.Round(c.of(l)*scale) / scale, Digits: c.Digits, Unsaid: c.unsaid != nil && c.unsaid(l)})
	}
	return out
}

// columns are the numbers of the report, each with what it counts.
func columns() []Column {
	whole := func(id string, label, definition fault.Text, of func(Line) int) Column {
		return Column{ID: id, Label: label, Definition: definition, of: func(l Line) float64 { return float64(of(l)) }}
	}
	return []Column{
		whole("supported", say("Membres accompagnés", "Members supported"), say("Membres à qui l’association a répondu à l’appui juridique, avec qui elle a échangé, ou pour qui elle a composé un groupement : ce que ses propres chargés ont fait, quand ils étaient à elle. Un membre compte une fois par ligne : les mois ne s’additionnent pas.", "Members whose question to the legal desk the association answered, with whom it spoke, or for whom it composed a group: what its own officers did, while they were with it. A member counts once a line: months do not add up."), func(l Line) int { return l.Supported }),
		whole("shown", say("Marchés proposés", "Markets shown"), say("Lots proposés à un membre pour la première fois, ou achats pour lesquels un premier devis est demandé.", "Lots first proposed to a member, or purchases for which a first quote is asked."), func(l Line) int { return l.Shown }),
		whole("answered", say("Avec réponse", "Answered"), say("Marchés qui ont reçu leur première réponse d’une entreprise, quelle qu’elle soit : intéressée ou non.", "Markets that had their first answer of an enterprise, whatever it says: interested or not."), func(l Line) int { return l.Answered }),
		whole("submitted", say("Offres remises", "Submitted"), say("Marchés pour lesquels une offre est remise ou un devis envoyé, à la date dite par l’entreprise.", "Markets for which an answer is handed in or a quote sent, on the day that the enterprise says."), func(l Line) int { return l.Submitted }),
		whole("won", say("Gagnés", "Won"), say("Marchés gagnés par un membre, ou dont un membre réalise les heures : dits par l’entreprise, par l’acheteur ou par un avis d’attribution. Un marché compte une fois, d’où qu’on le sache.", "Markets that a member won, or of which a member fills the hours: told by the enterprise, the buyer or an award notice. A market counts once, wherever it is known from."), func(l Line) int { return l.Won }),
		{ID: "hours", Label: say("Heures d’insertion", "Hours of insertion"), Definition: say("Heures d’insertion prévues par la clause des marchés gagnés, pour toute leur durée. Celles qu’aucun avis ne dit ne sont pas estimées ; ND : aucun ne les dit. Un marché dont l’avis dit qu’il n’a pas de clause n’en a aucune.", "Hours of insertion in the clause of the markets won, for their whole duration. Those that no notice says are not estimated; ND: none says them. A market whose notice says that it has no clause has none."), of: func(l Line) float64 { return l.Hours }, unsaid: silent},
		{ID: "fte", Label: say("ETP", "FTE"), Digits: 2, Definition: say("Ces heures rapportées à la durée annuelle d’un temps plein de l’année d’attribution : des années de temps plein.", "These hours over the yearly hours of a full time in the year of the award: years of full time."), of: func(l Line) float64 { return l.FTE }, unsaid: silent},
	}
}

// silent tells that markets with a clause, or that may have one, were won and none says
// its hours.
func silent(l Line) bool { return l.Won > l.Unclaused && l.Told == 0 }

// Title names the report.
func (r *Report) Title() fault.Text { return say("Rapport d’activité", "Activity report") }

// Called is the period and who tells it, in one line.
func (r *Report) Called() fault.Text {
	p := r.Period()
	if r.By != "" {
		p = say(r.By+", "+p.FR, r.By+", "+p.EN)
	}
	return say(p.FR+", "+r.Place.FR, p.EN+", "+r.Place.EN)
}

// Period says the months, the first and the last.
func (r *Report) Period() fault.Text {
	from, until := monthName(r.Figures.From), monthName(r.Figures.Until)
	if r.Figures.From == r.Figures.Until {
		return from
	}
	return say("de "+from.FR+" à "+until.FR, from.EN+" to "+until.EN)
}

var levelTitles = map[By]fault.Text{ByRegion: say("Par région", "By région"), ByDepartement: say("Par département", "By département"), ByEPCI: say("Par EPCI", "By EPCI")}

var levelKinds = map[By]territories.Kind{ByRegion: territories.KindRegion, ByDepartement: territories.KindDepartement, ByEPCI: territories.KindEPCI}

func (s *Service) placeName(by By, code string) fault.Text {
	switch code {
	case Several:
		return say("Plusieurs territoires", "Several territories")
	case "":
		return say("Non précisé", "Not told")
	}
	if name, ok := s.atlas.Name(territories.Ref{Kind: levelKinds[by], Code: code}); ok {
		return say(name, name)
	}
	return say(code, code)
}

// placed says where, in the words of the territory that was asked.
func (s *Service) placed(f *Figures) fault.Text {
	if e, err := s.atlas.ParsePerimeter(f.Where); err == nil && f.Where != "" {
		return say(s.atlas.Describe(e, "fr"), s.atlas.Describe(e, "en"))
	}
	if f.Association != nil {
		return say(s.atlas.Describe(f.covers, "fr"), s.atlas.Describe(f.covers, "en"))
	}
	return say("toute la fédération", "the whole federation")
}

var monthsFR = strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")

func monthName(code string) fault.Text {
	t, err := time.Parse("2006-01", code)
	if err != nil {
		return say(code, code)
	}
	return say(fmt.Sprintf("%s %d", monthsFR[t.Month()-1], t.Year()), t.Format("January 2006"))
}

// Shared says what the markets of a report are: no association's alone.
func Shared() fault.Text {
	return say("Les marchés (proposés, avec réponse, offres remises, gagnés, heures et ETP) sont ceux du territoire, chacun compté une fois par rapport : ils ne sont pas le seul fait de l’association. Deux associations qui partagent un territoire y lisent les mêmes : leurs rapports ne s’additionnent pas.",
		"Markets (shown, answered, submitted, won, hours and FTE) are those of the territory, each counted once a report: they are not the work of the association alone. Two associations that share a territory read the same there: their reports do not add up.")
}

// written are the notes of a file, which has no other place to say what its markets are.
func (r *Report) written() []fault.Text { return append([]fault.Text{Shared()}, r.Notes...) }

func (r *Report) notes() []fault.Text {
	f := r.Figures
	hours := Cell{Value: float64(f.Reference.Hours)}
	out := []fault.Text{say(
		fmt.Sprintf("Accompagnement, en membres : réponses de l’appui juridique, %d ; échanges avec l’association, %d ; groupements composés, %d.", f.Support.Answered, f.Support.Advised, f.Support.Composed),
		fmt.Sprintf("Support, in members: answers of the legal desk, %d; exchanges with the association, %d; groups composed, %d.", f.Support.Answered, f.Support.Advised, f.Support.Composed))}
	if f.Wait != nil {
		out = append(out, f.Wait.note())
	}
	out = append(out,
		say(fmt.Sprintf("Couverture : marchés gagnés dont les heures d’insertion sont dites, %d sur les %d qui ne sont pas dits sans clause ; connus par un avis d’attribution seulement : %d sur %d.", f.Total.Told, f.Total.Won-f.Total.Unclaused, f.Total.Noticed, f.Total.Won),
			fmt.Sprintf("Coverage: markets won whose hours of insertion are told, %d of the %d that are not said to have no clause; known from an award notice alone: %d of %d.", f.Total.Told, f.Total.Won-f.Total.Unclaused, f.Total.Noticed, f.Total.Won)),
		say(fmt.Sprintf("ETP : %s heures par an. Source : %s.", hours.Text("fr"), cmp.Or(f.Reference.Source, "code du travail, L3121-41")), fmt.Sprintf("FTE: %s hours a year. Source: %s.", hours.Text("en"), sourceEN(f.Reference.Source))),
		say("Un marché est compté dans le territoire où il se trouve en entier, sinon dans « plusieurs territoires ». Chaque nombre est daté du mois où la chose est arrivée.", "A market is counted in the territory in which it lies whole, else in “several territories”. Each number is dated of the month in which it happened."),
		say("Suivi au "+dayName(f.At, "fr")+".", "Followed until "+dayName(f.At, "en")+"."))
	return out
}

// sourceEN is the source of a reference in English where it is the law; another is
// quoted as it was written.
func sourceEN(source string) string {
	if source == "" || strings.Contains(source, "L3121-41") {
		return "French labour code, L3121-41"
	}
	return source
}

// waitTable is the time to a first answer, of all and by territory.
func (s *Service) waitTable(f *Figures) Table {
	count := func(id, fr, en string) Column { return Column{ID: id, Label: say(fr, en)} }
	t := Table{ID: "delais", Title: say("Délai de première réponse", "Time to a first answer"), Head: say("Territoire", "Territory"), Columns: []Column{
		count("followed", "Marchés suivis", "Markets followed"), count("answered", "Avec réponse", "Answered"), count("first", "Un quart, en semaines", "A quarter, in weeks"),
		count("median", "La moitié, en semaines", "Half, in weeks"), count("low", "Au moins (95 %)", "At least (95%)"), count("high", "Au plus (95 %)", "At most (95%)"), count("third", "Trois quarts, en semaines", "Three quarters, in weeks")}}
	t.Rows = append(t.Rows, f.Wait.row(say("Ensemble", "Total")))
	for _, w := range f.Waits {
		t.Rows = append(t.Rows, w.row(s.placeName(f.By, w.Code)))
	}
	return t
}

func (w *Wait) row(name fault.Text) Row {
	out := Row{Name: name, Cells: []Cell{{Value: float64(w.Followed)}, {Value: float64(w.Answered)}}}
	for _, at := range []float64{w.First, w.Median, w.Low, w.High, w.Third} {
		c := Cell{Value: at, Unsaid: w.Withheld, Beyond: math.IsInf(at, 1)}
		if c.Unsaid || c.Beyond {
			c.Value = 0
		}
		out.Cells = append(out.Cells, c)
	}
	return out
}

// note says how the time to a first answer is estimated, when it is not told, and which
// markets it leaves out.
func (w *Wait) note() fault.Text {
	out := say(fmt.Sprintf("Première réponse : en semaines, celles commencées comprises, des marchés proposés dans la période. Ceux qui attendent encore sont gardés (Kaplan-Meier, Aalen-Johansen). Le délai n’est pas dit (ND) de moins de %d marchés ou %d groupes économiques, de moins de %d réponses, ou si toutes sont venues ; ni d’un territoire qui le dévoilerait d’un autre.", delays.Few, delays.FewGroups, delays.Step),
		fmt.Sprintf("First answer: in weeks, those begun included, of the markets shown in the period. Those that still wait are kept (Kaplan-Meier, Aalen-Johansen). The time is not told (ND) of fewer than %d markets or %d economic groups, of fewer than %d answers, or where all came; nor of a territory that would tell it of another.", delays.Few, delays.FewGroups, delays.Step))
	if w.LeftOut == 0 {
		return out
	}
	return say(out.FR+fmt.Sprintf(" Laissés de côté, car déjà clos ou répondus quand ils ont été proposés : %d.", w.LeftOut),
		out.EN+fmt.Sprintf(" Left out, since they were over or answered before they were shown: %d.", w.LeftOut))
}

func dayName(t time.Time, lang string) string {
	if lang == "en" {
		return t.Format("2 January 2006")
	}
	return strings.Replace(fmt.Sprintf("%d %s %d", t.Day(), monthsFR[t.Month()-1], t.Year()), "1 ", map[bool]string{true: "1er ", false: "1 "}[t.Day() == 1], 1)
}

// Text writes a number in a language.
func (c Cell) Text(lang string) string {
	if c.Unsaid {
		return "ND"
	}
	if c.Beyond {
		return say("non atteint", "not reached").In(lang)
	}
	integer, rest, _ := strings.Cut(fmt.Sprintf("%.*f", c.Digits, c.Value), ".")
	group, comma := "\u202f", ","
	if lang == "en" {
		group, comma = ",", "."
	}
	for at := len(integer) - 3; at > 0; at -= 3 {
		integer = integer[:at] + group + integer[at:]
	}
	if rest == "" {
		return integer
	}
	return integer + comma + rest
}
