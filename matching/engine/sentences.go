package engine

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"maillage/nomenclatures"
	"maillage/territories"
)

//go:embed sentences.tsv
var sentenceTable string

// sentences reads the table once.
var sentences = sync.OnceValue(func() Phrases { return ReadPhrases(sentenceTable) })

// Writer says findings in words. Lang is "fr" or "en"; anything else is French.
type Writer struct {
	Atlas *territories.Atlas
	Lang  string
}

func (w Writer) en() bool { return w.Lang == "en" }

func (w Writer) say(fr, en string) string {
	if w.en() {
		return en
	}
	return fr
}

// Finding is the sentence of one criterion.
func (w Writer) Finding(f Finding) string {
	return w.sentence(f.Key, f.said(), f.By, f.Unit)
}

// Change is the sentence of what would make a near miss a match.
func (w Writer) Change(c Change) string { return w.sentence(c.Key, &c.Params, 0, "") }

func (w Writer) sentence(key string, p *Params, by float64, unit Unit) string {
	return sentences().Say(key, w.Lang, func(name string) string { return w.fill(name, p, by, unit) })
}

// fill gives the words of one brace.
func (w Writer) fill(name string, p *Params, by float64, unit Unit) string {
	switch name {
	case "have":
		return w.Number(p.Have)
	case "want":
		return w.Number(p.Want)
	case "have_days":
		return w.days(int(p.Have))
	case "by":
		return w.Amount(by, unit)
	case "km":
		return w.Amount(p.Km, Kilometres)
	case "communes":
		return w.Number(float64(p.Communes))
	case "of":
		return w.Number(float64(p.Of))
	case "all_communes":
		return w.allCommunes(p.Of)
	case "share":
		return w.Share(p.Population, p.OfPeople)
	case "commune":
		return p.Commune
	case "offered":
		return w.Code(p.Offered)
	case "asked":
		return w.Code(p.Asked)
	case "modes":
		return w.Modes(p.Modes)
	case "asked_modes":
		return w.Modes(p.AskedModes)
	case "date":
		return w.Date(p.Date)
	case "year":
		return strconv.Itoa(p.Date.Year)
	case "reserved":
		return w.Reserved(Reservation(p.Asked))
	}
	return w.fillText(name, p)
}

func (w Writer) fillText(name string, p *Params) string {
	switch name {
	case "status":
		return w.Status(StatusKind(p.Status))
	case "article":
		return p.Article
	case "name":
		return p.Name
	case "count":
		return w.Number(float64(p.Count))
	}
	return "{" + name + "}"
}

func (w Writer) allCommunes(n int) string {
	if n == 1 {
		return w.say("toute la commune", "the whole commune")
	}
	return w.say("toutes les communes", "every commune")
}

// Number writes a number with one decimal at most, as the language does.
func (w Writer) Number(f float64) string {
	rounded := math.Round(f*10) / 10
	text := strconv.FormatFloat(math.Abs(rounded), 'f', -1, 64)
	units, decimals, _ := strings.Cut(text, ".")
	separator, point := nbsp, ","
	if w.en() {
		separator, point = ",", "."
	}
	for i := len(units) - 3; i > 0; i -= 3 {
		units = units[:i] + separator + units[i:]
	}
	if decimals != "" {
		units += point + decimals
	}
	if rounded < 0 {
		units = "−" + units
	}
	return units
}

// Amount writes a number with its unit.
func (w Writer) Amount(f float64, u Unit) string {
	switch u {
	case Kilometres:
		if f >= 10 {
			f = math.Round(f)
		}
		return w.Number(max(f, 0.1)) + nbsp + "km"
	case WorkDays:
		return w.days(int(f))
	case Days:
		return w.plural(f, "jour", "day")
	case FTEs:
		return w.Number(f) + nbsp + w.say("ETP", "FTE")
	case WorkHours:
		return w.Number(math.Round(f)) + nbsp + "h"
	case Euros:
		return w.Number(math.Round(f)) + nbsp + "€"
	case Percentage:
		return w.Percent(f / 100)
	case Contracts:
		return w.plural(f, "référence", "reference")
	}
	return w.Number(f)
}

func (w Writer) plural(f float64, fr, en string) string {
	word := w.say(fr, en)
	if f >= 2 || w.en() && f != 1 {
		word += "s"
	}
	return w.Number(f) + nbsp + word
}

func (w Writer) days(n int) string {
	if n < 2 {
		return w.Number(float64(n)) + nbsp + w.say("jour ouvré", "working day")
	}
	return w.Number(float64(n)) + nbsp + w.say("jours ouvrés", "working days")
}

// Percent writes a share of 0 to 1; what is above nothing and rounds to it is
// "less than 1 %", what is below all and rounds to it "more than 99 %".
func (w Writer) Percent(share float64) string {
	n := math.Round(share * 100)
	sign := w.say(nbsp+"%", "%")
	switch {
	case share > 0 && n == 0:
		return w.say("moins de 1", "less than 1") + sign
	case share < 1 && n == 100:
		return w.say("plus de 99", "more than 99") + sign
	}
	return w.Number(n) + sign
}

// Share writes a part of a whole as a percentage.
func (w Writer) Share(part, of int64) string {
	if of == 0 {
		return w.Percent(0)
	}
	return w.Percent(float64(part) / float64(of))
}

// Date writes a date in full.
func (w Writer) Date(d territories.Date) string {
	if d.IsZero() {
		return w.say("une date inconnue", "an unknown date")
	}
	if w.en() {
		return strconv.Itoa(d.Day) + " " + d.Month.String() + " " + strconv.Itoa(d.Year)
	}
	day := strconv.Itoa(d.Day)
	if d.Day == 1 {
		day = "1er"
	}
	return day + nbsp + frenchMonth(d.Month) + " " + strconv.Itoa(d.Year)
}

func frenchMonth(m time.Month) string {
	names := [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
		"septembre", "octobre", "novembre", "décembre"}
	return names[(int(m)+11)%12]
}

// Code writes a code with its label: "entretien d'espaces verts (CPV 77310000)".
// A sector has no number to show.
func (w Writer) Code(text string) string {
	label, number := w.codeParts(text)
	switch {
	case label == "":
		return number
	case number == "":
		return label
	}
	return label + " (" + number + ")"
}

func (w Writer) codeParts(text string) (label, number string) {
	scheme, value, ok := strings.Cut(text, ":")
	if !ok {
		return text, ""
	}
	switch nomenclatures.Scheme(scheme) {
	case nomenclatures.SchemeSector:
		return lowerFirst(nomenclatures.Sector(value).Label(w.Lang)), ""
	case nomenclatures.SchemeCPV:
		number = "CPV" + nbsp + value
	case nomenclatures.SchemeROME:
		number = "ROME" + nbsp + value
	case nomenclatures.SchemeNAF:
		number = "NAF" + nbsp + value
	default:
		number = w.say("descripteur", "descriptor") + nbsp + value
	}
	c := nomenclatures.Code{Scheme: nomenclatures.Scheme(scheme), Value: value}
	return lowerFirst(strings.TrimSuffix(strings.TrimSpace(c.Label()), ".")), number
}

// Modes lists the ways of serving.
func (w Writer) Modes(m Modes) string {
	var names []string
	for _, x := range []struct {
		mode   Modes
		fr, en string
	}{
		{Provision, "prestation", "service"}, {Secondment, "mise à disposition", "staff lent"},
		{Supply, "fourniture", "supply"}, {Mandate, "mandataire", "agency"},
	} {
		if m&x.mode != 0 {
			names = append(names, w.say(x.fr, x.en))
		}
	}
	if len(names) == 0 {
		return w.say("non précisé", "not said")
	}
	return strings.Join(names, w.say(" ou ", " or "))
}

// Reserved says to whom a lot is reserved.
func (w Writer) Reserved(r Reservation) string {
	switch r {
	case ReservedSIAE:
		return w.say("réservé aux SIAE", "reserved to SIAE")
	case ReservedEAESAT:
		return w.say("réservé aux EA et ESAT", "reserved to EA and ESAT")
	case ReservedBoth:
		return w.say("réservé aux SIAE, EA et ESAT", "reserved to SIAE, EA and ESAT")
	case ReservedESS:
		return w.say("réservé à l’économie sociale et solidaire", "reserved to the social economy")
	case ReservedPrison:
		return w.say("réservé au travail en prison", "reserved to work in prison")
	case ReservedUnclear:
		return w.say("réservé", "reserved")
	}
	return w.say("non réservé", "not reserved")
}

// Status names a legal status.
func (w Writer) Status(k StatusKind) string {
	switch k {
	case ConventionAI, ConventionACI, ConventionEI, ConventionETTI, ConventionEITI:
		kind := strings.ToUpper(strings.TrimPrefix(string(k), "convention_"))
		return w.say("convention "+kind, kind+" convention")
	case AgrementEA:
		return w.say("agrément EA", "EA approval")
	case AgrementESAT:
		return w.say("autorisation ESAT", "ESAT authorisation")
	case StatusESS:
		return w.say("entreprise de l’ESS", "enterprise of the social economy")
	case EquivalentDisadvantaged, EquivalentDisabled:
		return w.say("structure équivalente", "equivalent structure")
	case StatusPrison:
		return w.say("activité en établissement pénitentiaire", "activity in a prison")
	}
	return string(k)
}

// lowerFirst leaves acronyms alone.
func lowerFirst(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	if second, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(second) {
		return s
	}
	return mapFirst(s, unicode.ToLower)
}
