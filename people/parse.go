package people

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"maillage/internal/fault"
	"maillage/internal/sheet"
	"maillage/nomenclatures"
	"maillage/territories"
)

// cellFault says what a cell should have held.
type cellFault fault.Text

func (f cellFault) Error() string { return f.EN }

// What a cell of a file means. No error repeats the cell: the faults of an
// import never say what a person may have typed in the wrong place.
var (
	errMobility = cellFault{FR: "un moyen (à pied, vélo, bus, cyclomoteur, covoiturage, voiture) puis des km ou des minutes : « voiture 30 km ; bus 45 min »", EN: "a way of moving (à pied, vélo, bus, cyclomoteur, covoiturage, voiture), then km or minutes: “voiture 30 km ; bus 45 min”"}
	errNowhere  = cellFault{FR: "plus de 0 km et plus de 0 minute : un moyen qui ne sert pas ne s’écrit pas", EN: "more than 0 km and more than 0 minutes: a way of moving that is of no use is not written"}
	errWished   = cellFault{FR: "un métier est un code ROME, un numéro ou un nom d’appellation : « K2204 »", EN: "an occupation is a ROME code, the number or the name of a job title: “K2204”"}
	errHeld     = cellFault{FR: "un métier, puis une durée : « K2204 24 mois »", EN: "an occupation, then a duration: “K2204 24 mois”"}
	errHolding  = cellFault{FR: "un permis ou un titre de la liste, puis sa fin : « permis-b ; caces-r489-3 jusqu’au 31/12/2027 »", EN: "a licence or a certificate of the list, then its end: “permis-b ; caces-r489-3 jusqu’au 31/12/2027”"}
	errSkill    = cellFault{FR: "un savoir-faire de la liste et un niveau de 1 à 4 : « tonte:3 »", EN: "a skill of the list and a level from 1 to 4: “tonte:3”"}
	errLanguage = cellFault{FR: "une langue connue et son niveau : « fr:B1 »", EN: "a known language and its level: “fr:B1”"}
	errSlots    = cellFault{FR: "des moments et des jours : « matin lun-ven ; soir sam »", EN: "parts of days and days: “matin lun-ven ; soir sam”"}
	errNumber   = cellFault{FR: "un nombre est attendu : « 24 »", EN: "a number is expected: “24”"}
	errDate     = cellFault{FR: "une date s’écrit 31/12/2026 ou 2026-12-31", EN: "a date is written 31/12/2026 or 2026-12-31"}
	errYesNo    = cellFault{FR: "oui ou non", EN: "oui or non"}
)

// list cuts a cell at "|", ";" or a new line.
func list(cell string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(cell, func(c rune) bool { return c == '|' || c == ';' || c == '\n' }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// each reads every part of a cell.
func each[T any](cell string, read func(string) (T, error)) ([]T, error) {
	var out []T
	for _, part := range list(cell) {
		v, err := read(part)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

var modeWords = map[string]Mode{
	"a pied": OnFoot, "pied": OnFoot, "marche": OnFoot, "velo": Bicycle, "trottinette": Bicycle,
	"bus": Transit, "train": Transit, "tram": Transit, "metro": Transit, "transports": Transit, "transport en commun": Transit, "transports en commun": Transit,
	"cyclomoteur": Moped, "scooter": Moped, "mobylette": Moped, "voiturette": Moped,
	"covoiturage": Carried, "accompagne": Carried, "navette": Carried, "voiture": Car, "auto": Car,
}

var reachForm = regexp.MustCompile(`(?i)(?:^|\s)(\d+(?:[.,]\d+)?)\s*(km|min|mn|minutes?|h)\b`)

// parseMobility reads "voiture 30 km", "bus 45 min", "vélo".
func parseMobility(part string) (Mobility, error) {
	var m Mobility
	words, said := part, map[bool]bool{} // a distance, a duration: each once
	for _, f := range reachForm.FindAllStringSubmatch(part, -1) {
		words = strings.Replace(words, f[0], " ", 1)
		n, err := strconv.ParseFloat(strings.Replace(f[1], ",", ".", 1), 64)
		km := strings.EqualFold(f[2], "km")
		if err != nil || n > 10_000 || said[km] {
			return m, errMobility
		}
		said[km] = true
		switch strings.ToLower(f[2]) {
		case "km":
			m.Km = n
		case "h":
			m.Minutes = int(math.Round(60 * n))
		default:
			m.Minutes = int(math.Round(n))
		}
		if km && m.Km == 0 || !km && m.Minutes == 0 {
			return m, errNowhere
		}
	}
	if strings.ContainsAny(words, "0123456789") {
		return m, errMobility // "-5 km", "1h30": not what was understood
	}
	mode, ok := modeWords[territories.Fold(words)]
	if m.Mode = mode; !ok {
		return m, errMobility
	}
	return m, nil
}

func parseWish(part string) (Wish, error) {
	rome, number, err := nomenclatures.ParseOccupation(part)
	if err != nil {
		return Wish{}, errWished
	}
	return Wish{ROME: rome, Appellation: number}, nil
}

var spanForm = regexp.MustCompile(`(?i)^(.*\S)\s+(\d{1,3})\s*(mois|ans?|années?)$`)

// parseHeld reads "K2204 24 mois", "cuisinier 2 ans", "K2204".
func parseHeld(part string) (Held, error) {
	months := 0
	if f := spanForm.FindStringSubmatch(part); f != nil {
		part = f[1]
		months, _ = strconv.Atoi(f[2])
		if !strings.EqualFold(f[3], "mois") {
			months *= 12
		}
	}
	rome, _, err := nomenclatures.ParseOccupation(part)
	if err != nil {
		return Held{}, errHeld
	}
	return Held{ROME: rome, Months: months}, nil
}

var untilForm = regexp.MustCompile(`(?i)^(.*\S)\s+jusqu[’'\s]?au\s+(\S+)$`)

// parseHolding reads a licence or a certificate and until when it holds.
func parseHolding(part string) (Holding, error) {
	var h Holding
	if f := untilForm.FindStringSubmatch(part); f != nil {
		day, ok := sheet.Date(f[2])
		if !ok {
			return h, errHolding
		}
		part, h.Until = f[1], day
	}
	code, err := nomenclatures.ParseAptitude(part)
	if err != nil {
		return h, errHolding
	}
	if info, _ := nomenclatures.LookupAptitude(code); info.Kind == nomenclatures.Skill {
		return h, errHolding
	}
	h.Code = code
	return h, nil
}

// parseSkill reads "tonte:3", "tonte".
func parseSkill(part string) (Holding, error) {
	name, level, leveled := cutLast(part, ":")
	code, err := nomenclatures.ParseAptitude(name)
	if err != nil {
		return Holding{}, errSkill
	}
	if info, _ := nomenclatures.LookupAptitude(code); info.Kind != nomenclatures.Skill {
		return Holding{}, errSkill
	}
	h := Holding{Code: code}
	if leveled {
		n, err := strconv.Atoi(strings.TrimSpace(level))
		if err != nil || n < 1 || n > 4 {
			return Holding{}, errSkill
		}
		h.Level = nomenclatures.Mastery(n)
	}
	return h, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// languageNames are those most met; the others are written in two letters.
var languageNames = map[string]string{
	"francais": "fr", "anglais": "en", "arabe": "ar", "espagnol": "es", "portugais": "pt", "italien": "it", "allemand": "de", "turc": "tr",
	"russe": "ru", "ukrainien": "uk", "roumain": "ro", "albanais": "sq", "georgien": "ka", "armenien": "hy", "persan": "fa", "dari": "fa",
	"pachto": "ps", "tigrigna": "ti", "somali": "so", "lingala": "ln", "bambara": "bm", "wolof": "wo", "peul": "ff", "soninke": "sn",
	"bengali": "bn", "tamoul": "ta", "chinois": "zh", "vietnamien": "vi", "kurde": "ku", "polonais": "pl", "bulgare": "bg", "serbe": "sr",
}

// parseLanguage reads "fr:B1", "arabe", "anglais A2".
func parseLanguage(part string) (Speaks, error) {
	name, level, found := cutLast(part, ":")
	if !found {
		if fields := strings.Fields(part); len(fields) == 2 {
			name, level = fields[0], fields[1]
		}
	}
	code := territories.Fold(name)
	if known, ok := languageNames[code]; ok {
		code = known
	}
	if !nomenclatures.KnownLanguage(code) {
		return Speaks{}, errLanguage
	}
	fluency, err := nomenclatures.ParseFluency(level)
	if err != nil {
		return Speaks{}, errLanguage
	}
	return Speaks{Language: code, Level: fluency}, nil
}

var partWords = map[string][]int{
	"matin": {nomenclatures.Morning}, "matinee": {nomenclatures.Morning}, "apres": {nomenclatures.Afternoon}, "aprem": {nomenclatures.Afternoon},
	"soir": {nomenclatures.Evening}, "soiree": {nomenclatures.Evening}, "nuit": {nomenclatures.Night},
	"journee": {nomenclatures.Morning, nomenclatures.Afternoon}, "jour": {nomenclatures.Morning, nomenclatures.Afternoon},
	"toujours": {nomenclatures.Morning, nomenclatures.Afternoon, nomenclatures.Evening, nomenclatures.Night},
}

// parseSlots reads "matin lun-ven", "journée", "soir sam dim". Without days it
// is Monday to Friday, but "toujours" which is the whole week.
func parseSlots(part string) (Slots, error) {
	text := strings.NewReplacer("week-end", "weekend", " à ", "-", "–", "-", " - ", "-").Replace(part)
	var parts, days []int
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,+/\u00a0", r) }) {
		if named := partsNamed(word); named != nil {
			parts = append(parts, named...)
			continue
		}
		which, ok := daysNamed(word)
		if !ok {
			return 0, errSlots
		}
		days = append(days, which...)
	}
	if len(parts) == 0 {
		return 0, errSlots
	}
	if len(days) == 0 {
		days = usualDays(parts)
	}
	var s Slots
	for _, d := range days {
		for _, p := range parts {
			s |= nomenclatures.SlotAt(d, p)
		}
	}
	return s, nil
}

// usualDays are those of who names none.
func usualDays(parts []int) []int {
	if len(parts) == 4 { // "toujours"
		return []int{0, 1, 2, 3, 4, 5, 6}
	}
	return []int{0, 1, 2, 3, 4}
}

func partsNamed(word string) []int {
	folded := territories.Fold(word)
	if strings.HasPrefix(folded, "apres midi") || folded == "apresmidi" {
		folded = "apres"
	}
	return partWords[strings.TrimSuffix(folded, "s")+plural(folded)]
}

// plural keeps the s of words that end with one.
func plural(folded string) string {
	if folded == "apres" || folded == "toujours" {
		return "s"
	}
	return ""
}

// daysNamed reads "lun", "lundi", "lun-ven", "semaine", "weekend".
func daysNamed(word string) ([]int, bool) {
	switch territories.Fold(word) {
	case "semaine":
		return []int{0, 1, 2, 3, 4}, true
	case "weekend":
		return []int{5, 6}, true
	case "et", "du", "au", "le", "les", "la":
		return nil, true
	}
	from, to, span := strings.Cut(word, "-")
	first := dayNamed(from)
	last := first
	if span {
		last = dayNamed(to)
	}
	if first < 0 || last < first {
		return nil, false
	}
	var out []int
	for d := first; d <= last; d++ {
		out = append(out, d)
	}
	return out, true
}

func dayNamed(word string) int {
	folded := territories.Fold(word)
	if len(folded) < 3 {
		return -1
	}
	full := []string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}
	folded = strings.TrimSuffix(folded, "s")
	return slices.IndexFunc(full, func(d string) bool { return d == folded || d[:3] == folded })
}

// numberForm is a number as people write it: no sign, no power, no hexadecimal.
var numberForm = regexp.MustCompile(`^\d{1,6}(?:[.,]\d{1,20})?(?: ?h)?$`)

func parseNumber(cell string) (float64, error) {
	text := strings.TrimSpace(strings.ReplaceAll(cell, "\u00a0", " "))
	v, err := strconv.ParseFloat(strings.Replace(strings.TrimRight(text, " h"), ",", ".", 1), 64)
	if err != nil || !numberForm.MatchString(text) {
		return 0, errNumber
	}
	return v, nil
}

func parseYesNo(cell string) (bool, error) {
	switch territories.Fold(cell) {
	case "oui", "o", "yes", "1", "vrai", "true":
		return true, nil
	case "non", "n", "no", "0", "faux", "false":
		return false, nil
	}
	return false, errYesNo
}
