package journeys

import (
	_ "embed"
	"math"
	"strings"
	"sync"

	"maillage/matching/engine"
	"maillage/nomenclatures"
)

//go:embed sentences.tsv
var sentenceTable string

// sentences reads the table once.
var sentences = sync.OnceValue(func() engine.Phrases { return engine.ReadPhrases(sentenceTable) })

// Writer says findings in words, to those who accompany the person. Lang is "fr"
// or "en"; anything else is French.
type Writer struct {
	Lang string
	// Name gives the label of a skill, a licence or a language by its code; the
	// code itself when nil.
	Name func(code string) string
}

func (w Writer) say(fr, en string) string {
	if w.Lang == "en" {
		return en
	}
	return fr
}

func (w Writer) base() engine.Writer { return engine.Writer{Lang: w.Lang} }

// Finding is the sentence of one criterion.
func (w Writer) Finding(f Finding) string { return w.sentence(f.Key, &f.Params, f.By, f.Unit) }

// Remedy is the sentence of what would make a near miss a match.
func (w Writer) Remedy(r Remedy) string { return w.sentence(r.Key, &r.Params, r.By, r.Unit) }

func (w Writer) sentence(key string, p *Params, by float32, unit Unit) string {
	return sentences().Say(key, w.Lang, func(name string) string { return w.fill(name, key, p, by, unit) })
}

// fill gives the words of one brace.
func (w Writer) fill(name, key string, p *Params, by float32, unit Unit) string {
	d := p.Detail
	if d == nil {
		d = &Detail{}
	}
	switch name {
	case "by":
		return w.Amount(float64(by), unit)
	case "have", "want":
		return w.measure(name, key, p)
	case "offered":
		return w.Occupation(p.Offered)
	case "asked":
		return w.Occupation(p.Asked)
	case "mode":
		return w.Mode(p.Mode)
	case "slots":
		return w.Slots(p.Slots)
	case "from":
		return w.base().Date(d.From)
	case "start":
		return w.base().Date(d.Start)
	case "count_held":
		return w.plural(float64(len(d.Held)), "compétence", "skill")
	case "held":
		return w.list(d.Held)
	case "trainable":
		return w.list(d.Trainable)
	case "lacking":
		return w.list(append(append([]string{}, d.Missing...), d.Trainable...))
	case "gaps":
		return w.gaps(d)
	}
	return "{" + name + "}"
}

// measure is the value seen or wanted, in the unit of the criterion.
func (w Writer) measure(name, key string, p *Params) string {
	value := p.Have
	if name == "want" {
		value = p.Want
	}
	switch criterion, _, _ := strings.Cut(strings.TrimPrefix(key, "remedy."), "."); criterion {
	case "reach", "travel":
		return w.distance(value)
	case "experience":
		return w.Amount(value, YearsHeld)
	}
	return w.base().Number(value)
}

// distance rounds as a person would say it: nobody counts metres.
func (w Writer) distance(km float64) string {
	if km < 1 {
		return w.say("moins d’un", "less than a") + "\u00a0km"
	}
	return w.base().Amount(km, engine.Kilometres)
}

// gaps lists what is missing, saying which of it a session nearby would give.
func (w Writer) gaps(d *Detail) string {
	out := make([]string, 0, len(d.Missing)+len(d.Trainable))
	for _, s := range d.Missing {
		out = append(out, w.name(s))
	}
	for _, s := range d.Trainable {
		out = append(out, w.name(s)+w.say(" (session proche)", " (session nearby)"))
	}
	return strings.Join(out, ", ")
}

func (w Writer) list(codes []string) string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = w.name(c)
	}
	return strings.Join(names, ", ")
}

func (w Writer) name(code string) string {
	if w.Name == nil {
		return code
	}
	return w.Name(code)
}

// Amount writes a number with its unit.
func (w Writer) Amount(f float64, u Unit) string {
	switch u {
	case Kilometres:
		return w.base().Amount(f, engine.Kilometres)
	case Days:
		return w.base().Amount(f, engine.Days)
	case HoursAWeek:
		return w.base().Number(f) + "\u00a0h"
	case HalfDays:
		return w.plural(f, "plage", "slot")
	case YearsHeld:
		if f < 1 {
			return w.plural(math.Round(f*12), "mois", "month")
		}
		return w.plural(f, "an", "year")
	}
	return w.base().Number(f)
}

func (w Writer) plural(f float64, fr, en string) string {
	word := w.say(fr, en)
	if (f >= 2 || w.Lang == "en" && f != 1) && !strings.HasSuffix(word, "s") {
		word += "s"
	}
	return w.base().Number(f) + "\u00a0" + word
}

// Occupation writes an occupation with its label: "nettoyage de locaux (ROME K2204)".
func (w Writer) Occupation(o Occupation) string {
	r, err := nomenclatures.ParseROME(string(o))
	if err != nil {
		return string(o)
	}
	return w.base().Code(r.Code().String())
}

// Mode says how one travels: "en bus ou en train".
func (w Writer) Mode(m Mode) string {
	switch m {
	case Walk:
		return w.say("à pied", "on foot")
	case Bike:
		return w.say("à vélo", "by bike")
	case Transit:
		return w.say("en transport en commun", "by public transport")
	case Car:
		return w.say("en voiture", "by car")
	case Moped:
		return w.say("en cyclomoteur", "by moped")
	}
	return w.say("avec quelqu’un qui conduit", "driven by somebody else")
}

// slotsNamed bounds the parts of the week that a sentence names.
const slotsNamed = 3

// Slots names a few parts of the week, or counts them: "lundi soir, mardi soir".
func (w Writer) Slots(s nomenclatures.Slots) string {
	if n := s.Count(); n > slotsNamed {
		return w.plural(float64(n), "plage", "slot") + w.say(" de la semaine", " of the week")
	}
	var out []string
	for day := range frenchDays {
		for part := range frenchParts {
			if s.Has(day, part) {
				out = append(out, w.say(frenchDays[day]+" "+frenchParts[part], englishDays[day]+" "+englishParts[part]))
			}
		}
	}
	return strings.Join(out, ", ")
}

var (
	frenchDays   = [...]string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}
	englishDays  = [...]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	frenchParts  = [...]string{"matin", "après-midi", "soir", "nuit"}
	englishParts = [...]string{"morning", "afternoon", "evening", "night"}
)
