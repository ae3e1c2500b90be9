package engine

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// Line says a match in one sentence without its score: "Couvre toute la commune
// du lot, espaces verts (CPV 77310000), à 12 km, clause d’insertion 420 h, 9
// jours ouvrés." Of hours to fill it says how many, for whom and until when.
func (w Writer) Line(m Match, lot *Lot) string {
	territory := m.Finding(Territory)
	parts := []string{w.lineTerritory(territory), w.lineTrade(m.Finding(Trade))}
	if p := territory.said(); p.HasKm {
		parts = append(parts, w.lineDistance(p.Km))
	}
	parts = append(parts, w.lineClause(lot), w.lineTime(m.Finding(TimeLeft)))
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	return upperFirst(strings.Join(parts, ", ")) + "."
}

// Headline is the score and the line: "86 % — couvre …".
func (w Writer) Headline(m Match, lot *Lot) string {
	return w.Number(float64(m.Score)) + w.say(nbsp+"%", "%") + " — " + mapFirst(w.Line(m, lot), unicode.ToLower)
}

// inLine takes the sentence of a finding into the line.
func (w Writer) inLine(f Finding) string {
	return lowerFirst(strings.TrimSuffix(w.Finding(f), "."))
}

func (w Writer) lineTerritory(f Finding) string {
	switch f.Key {
	case "territory.zone_unknown":
		return w.say("zone à préciser", "zone to be specified")
	case "territory.place_unknown":
		return w.say("lieu à préciser", "place to be specified")
	}
	text := w.inLine(f)
	if f.Assumed {
		text += w.say(" (zone supposée)", " (assumed zone)")
	}
	return text
}

// lineTrade gives what is asked, and in the brackets of its code how what is
// offered differs.
func (w Writer) lineTrade(f Finding) string {
	label, number := w.codeParts(f.said().Asked)
	var notes []string
	if number != "" {
		notes = append(notes, number)
	}
	switch f.said().Kinship {
	case "child":
		notes = append(notes, w.say("activité plus précise", "narrower activity"))
	case "parent":
		notes = append(notes, w.say("activité plus large", "broader activity"))
	case "sibling":
		notes = append(notes, w.say("métier voisin", "close trade"))
	case "sector":
		notes = append(notes, w.say("même secteur", "same sector"))
	case "lent":
		notes = append(notes, w.say("personnel mis à disposition", "staff lent"))
	}
	if f.Assumed {
		notes = append(notes, w.say("supposé d’après le code NAF", "assumed from the NAF code"))
	}
	if label == "" {
		label = w.say("métier non précisé", "trade not said")
	}
	if len(notes) == 0 {
		return label
	}
	return label + " (" + strings.Join(notes, ", ") + ")"
}

func (w Writer) lineDistance(km float64) string {
	if km < 1 {
		return w.say("sur place", "on the spot")
	}
	text := w.Number(math.Round(km)) + nbsp + "km"
	return w.say("à "+text, text+" away")
}

func (w Writer) lineClause(lot *Lot) string {
	switch {
	case lot == nil:
		return ""
	case lot.Kind == InsertionHours:
		return w.lineHours(lot)
	case lot.Reservation != Unreserved:
		return w.Reserved(lot.Reservation)
	case lot.InsertionHours > 0:
		return w.say("clause d’insertion ", "insertion clause of ") + w.Amount(lot.InsertionHours, WorkHours)
	}
	return ""
}

func (w Writer) lineTime(f Finding) string {
	switch f.Key {
	case "time.enough":
		return w.days(int(f.said().Have))
	case "time.unknown":
		return w.say("date limite inconnue", "deadline unknown")
	case "time.expected":
		return w.say("appel attendu", "expected call")
	case "time.hours", "time.hours_until":
		return "" // lineHours says until when
	}
	return w.inLine(f)
}
