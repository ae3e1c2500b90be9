package funder

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/internal/fault"
)

// Title names the report.
func (r *Report) Title() fault.Text {
	return say(fmt.Sprintf("Bilan d’insertion %d", r.Own.Year), fmt.Sprintf("Insertion report %d", r.Own.Year))
}

// Called is whose report it is.
func (r *Report) Called() string {
	if r.Own.Name != "" {
		return r.Own.Name
	}
	return r.Own.Key
}

// HiddenWord stands for a number that is hidden, in all that goes out.
func (l Line) HiddenWord() fault.Text {
	n := max(l.Least, least)
	return say(fmt.Sprintf("moins de %d, ou masqué", n), fmt.Sprintf("under %d, or hidden", n))
}

// notes say the definition, the coverage, the sources and the protection.
func notes(r *Report) []fault.Text {
	out := []fault.Text{definitionNote(r), presenceNote(r)}
	out = append(out, coverage(r)...)
	if r.Protected {
		out = append(out, say(
			"« Moins de 5, ou masqué » : le nombre est inférieur à cinq (à onze pour la santé : travailleurs handicapés, AAH), zéro compris, ou permettrait d’en retrouver un par soustraction. Les deux cas ne sont pas distingués, et les totaux ont été attaqués avant l’impression.",
			"“Under 5, or hidden”: the number is below five (eleven for health: disabled workers, AAH), zero included, or would give one back by subtraction. The two cases are not told apart, and the totals were attacked before printing."))
	}
	return append(out, say("Les pourcentages sont calculés sur les nombres exacts et arrondis une seule fois.", "Percentages are computed from exact counts and rounded once."))
}

func definitionNote(r *Report) fault.Text {
	if r.Definition == compute.Dares {
		return say("Définition des sorties : Dares (C04 et C05, version 2) : un CDD ou un intérim d’au moins six mois est durable.", "Definition of the exits: Dares (C04 and C05, version 2): fixed-term or temporary work of at least six months is durable.")
	}
	return say("Définition des sorties : COORACE (C04 et C05, version 1) : un CDD ou un intérim de plus de six mois est durable.", "Definition of the exits: COORACE (C04 and C05, version 1): fixed-term or temporary work of more than six months is durable.")
}

func presenceNote(r *Report) fault.Text {
	if d := compute.COORACE; d.In(r.Own.Year) == d {
		return say("Sorties constatées : règle de 2026 (C08, version 2) : ACI et EI, au moins une heure et plus de 2,65 mois ; AI et ETTI, 150 heures.", "Observed exits: rule of 2026 (C08, version 2): ACI and EI, at least one hour and more than 2.65 months; AI and ETTI, 150 hours.")
	}
	return say("Sorties constatées : règle d’avant 2026 (C08, version 1) : ACI et EI, au moins une heure et trois mois ; AI et ETTI, 150 heures.", "Observed exits: rule before 2026 (C08, version 1): ACI and EI, at least one hour and three months; AI and ETTI, 150 hours.")
}

var sectionNames = map[compute.Section]fault.Text{
	compute.Contracts: say("contrats", "contracts"), compute.Hours: say("heures", "hours"), compute.Exits: say("sorties", "exits"),
	compute.Placements: say("placements et immersions", "placements and immersions"), compute.Trainings: say("formations", "trainings"),
}

// coverage says which sections were sent, which were not, and from where.
func coverage(r *Report) []fault.Text {
	var sent, lacking, awaited [2][]string
	for _, s := range compute.Sections() {
		into := map[compute.Status]*[2][]string{compute.Collected: &sent, compute.ND: &lacking, compute.Waiting: &awaited}[r.Own.Section(s)]
		into[0], into[1] = append(into[0], sectionNames[s].FR), append(into[1], sectionNames[s].EN)
	}
	var out []fault.Text
	if len(sent[0]) > 0 {
		out = append(out, say("Couverture : "+strings.Join(sent[0], ", ")+", de toute l’année.", "Coverage: "+strings.Join(sent[1], ", ")+", for the whole year."))
	}
	if len(lacking[0]) > 0 {
		out = append(out, say("Non collecté, donc marqué ND : "+strings.Join(lacking[0], ", ")+".", "Not collected, thus marked ND: "+strings.Join(lacking[1], ", ")+"."))
	}
	if len(awaited[0]) > 0 {
		out = append(out, say("Attendu, pas encore envoyé : "+strings.Join(awaited[0], ", ")+".", "Awaited, not sent yet: "+strings.Join(awaited[1], ", ")+"."))
	}
	from := say("fichiers envoyés par l’entreprise", "files sent by the enterprise")
	if r.Own.Origin == microdata.FromPlatform {
		from = say("suivi des parcours sur la plateforme", "journeys followed on the platform")
	}
	return append(out, say("Source : "+from.FR+", déclarés le "+day(r.Own.DeclaredAt, "fr")+", comptés le "+day(r.Own.CountedAt, "fr")+".",
		"Source: "+from.EN+", declared on "+day(r.Own.DeclaredAt, "en")+", counted on "+day(r.Own.CountedAt, "en")+"."))
}

var months = strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")

// day writes a date in words.
func day(t time.Time, lang string) string {
	t = t.UTC()
	if lang == "en" {
		return t.Format("2 January 2006")
	}
	number := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		number = "1er"
	}
	return number + " " + months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// Number writes the value of a line in a language, rounded once.
func (l Line) Number(lang string) string {
	switch l.Status {
	case ND:
		return "ND"
	case Awaits:
		return awaitedWord.In(lang)
	case Hidden:
		return l.HiddenWord().In(lang)
	}
	return written(float64(compute.Rounded(l.Value, l.Digits))/math.Pow10(l.Digits), l.Digits, lang)
}

// noShare says why a line has no share: its number, or what it is out of, is not
// shown; or nobody is counted in what it is out of.
var noShare = map[Status]fault.Text{Hidden: say("masqué", "hidden"), ND: say("ND", "ND"), Awaits: awaitedWord, Shown: say("sans objet", "none")}

var awaitedWord = say("attendu", "awaited")

// Percent writes the share of a line, or why there is none; it is empty in a block
// without shares.
func (l Line) Percent(lang string) string {
	if l.Share == nil {
		return l.without.In(lang)
	}
	text := written(float64(compute.Rounded(l.Share, 1))/10, 1, lang)
	if lang == "en" {
		return text + "%"
	}
	return text + "\u00a0%"
}

// written groups thousands and puts the comma of the language.
func written(v float64, digits int, lang string) string {
	text := strconv.FormatFloat(v, 'f', digits, 64)
	integer, rest, _ := strings.Cut(text, ".")
	group, comma := "\u00a0", ","
	if lang == "en" {
		group, comma = ",", "."
	}
	for at := len(integer) - 3; at > 0; at -= 3 {
		integer = integer[:at] + group + integer[at:]
	}
	if rest != "" {
		return integer + comma + rest
	}
	return integer
}
