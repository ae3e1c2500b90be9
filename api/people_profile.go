package api

import (
	"errors"
	"slices"
	"strings"

	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/people"
)

// readSlots reads "mon-morning"…, as the terms of a position write it.
func readSlots(path string, in []string) (people.Slots, []fault.Field) {
	var out people.Slots
	for i, text := range in {
		one, err := nomenclatures.ParseSlots(text)
		if err != nil {
			return 0, []fault.Field{fault.At(at(path, i), "unknown", "Un moment s’écrit mon-morning.", "A part of a day is written mon-morning.")}
		}
		out |= one
	}
	return out, nil
}

func readProfile(in PersonProfile) (people.Profile, []fault.Field) {
	out := people.Profile{Hours: people.WeeklyHours{Min: in.HoursMin, Max: in.HoursMax}, Split: in.Split}
	slots, faults := readSlots("body.profile.slots", in.Slots)
	out.Slots = slots
	for i, m := range in.Mobility {
		slots, bad := readSlots(at("body.profile.mobility", i)+".slots", m.Slots)
		faults = append(faults, bad...)
		out.Mobility = append(out.Mobility, people.Mobility{Mode: people.Mode(m.Mode), Km: m.Km, Minutes: m.Minutes, Slots: slots})
	}
	for _, w := range in.Wished {
		out.Wished = append(out.Wished, people.Wish{ROME: nomenclatures.ROME(w.ROME), Appellation: w.Appellation})
	}
	for _, h := range in.Held {
		out.Held = append(out.Held, people.Held{ROME: nomenclatures.ROME(h.ROME), Months: h.Months})
	}
	for _, h := range in.Aptitudes {
		out.Aptitudes = append(out.Aptitudes, people.Holding{Code: nomenclatures.Aptitude(h.Code), Level: nomenclatures.Mastery(h.Level), On: h.On, Until: h.Until, Source: people.Source(h.Source)})
	}
	for _, l := range in.Languages {
		level, _ := nomenclatures.ParseFluency(l.Level) // one of the enumeration
		out.Languages = append(out.Languages, people.Speaks{Language: l.Language, Level: level})
	}
	return out, faults
}

func showProfile(f people.Profile) PersonProfile {
	return PersonProfile{
		Mobility: each(f.Mobility, func(m people.Mobility) PersonMobility {
			return PersonMobility{string(m.Mode), m.Km, m.Minutes, m.Slots.Names()}
		}),
		Wished: each(f.Wished, func(w people.Wish) PersonWish { return PersonWish{string(w.ROME), w.Appellation} }),
		Held:   each(f.Held, func(h people.Held) PersonHeld { return PersonHeld{string(h.ROME), h.Months} }),
		Aptitudes: each(f.Aptitudes, func(h people.Holding) PersonHolding {
			return PersonHolding{string(h.Code), int(h.Level), h.On, h.Until, string(h.Source)}
		}),
		Languages: each(f.Languages, func(l people.Speaks) PersonSpeaks { return PersonSpeaks{l.Language, l.Level.String()} }),
		HoursMin:  f.Hours.Min, HoursMax: f.Hours.Max, Slots: f.Slots.Names(), Split: f.Split}
}

// atProfile locates the noun's faults in the body as it is laid out here.
func atProfile(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Fields) == 0 {
		return err
	}
	moved := *f
	moved.Fields = slices.Clone(f.Fields)
	for i, field := range moved.Fields {
		moved.Fields[i].Path = bodyPath(field.Path)
	}
	return &moved
}

func bodyPath(path string) string {
	switch head, _, _ := strings.Cut(path, "["); head {
	case "mobility", "wished", "held", "aptitudes", "languages", "slots":
		return "body.profile." + path
	case "hours":
		return "body.profile.hours_max"
	case "key":
		return "body.number"
	case "counsellor_id":
		return "body.counsellor"
	}
	return path
}
