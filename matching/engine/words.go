package engine

import "maillage/territories"

// Seen says what a criterion saw on the side of the enterprise, in a few words;
// empty where there is nothing to show.
func (w Writer) Seen(f Finding) string {
	p := f.said()
	switch f.Criterion {
	case Reserved:
		if p.Status == "" {
			return ""
		}
		return w.Status(StatusKind(p.Status))
	case Trade:
		return w.codeOrNothing(p.Offered)
	case ServiceMode:
		return w.Modes(p.Modes)
	case Territory:
		return w.perimeter(p.Zone)
	case Strength:
		return w.measured(f, p.Have)
	case Certifications, Ties:
		return p.Name
	case TimeLeft:
		if f.Key == "time.enough" || f.Key == "time.short" {
			return w.days(int(p.Have))
		}
	case TrackRecord:
		if f.Key == "references.some" || f.Key == "references.none" {
			return w.Amount(p.Have, Contracts)
		}
	}
	return ""
}

// Wanted says what the lot wants, in a few words.
func (w Writer) Wanted(f Finding) string {
	p := f.said()
	switch f.Criterion {
	case Reserved:
		return w.Reserved(Reservation(p.Asked))
	case Trade:
		return w.codeOrNothing(p.Asked)
	case ServiceMode:
		return w.Modes(p.AskedModes)
	case Territory:
		if f.Key == "territory.country" {
			return w.say("toute la France", "the whole country")
		}
		return w.perimeter(p.Place)
	case Strength:
		return w.measured(f, p.Want)
	case TimeLeft:
		if f.Key == "time.enough" || f.Key == "time.short" {
			return w.days(int(p.Want))
		}
	case TrackRecord:
		if f.Key == "references.some" || f.Key == "references.none" {
			return w.Amount(p.Want, Contracts)
		}
	}
	return ""
}

func (w Writer) codeOrNothing(code string) string {
	if code == "" {
		return ""
	}
	return w.Code(code)
}

func (w Writer) measured(f Finding, v float64) string {
	if f.State == Unknown {
		return ""
	}
	return w.Amount(v, f.Unit)
}

func (w Writer) perimeter(text string) string {
	if text == "" {
		return ""
	}
	e, err := territories.ParseExpr([]byte(text))
	if err != nil {
		return ""
	}
	return w.Atlas.Describe(e, w.Lang)
}
