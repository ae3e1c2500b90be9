package network

import "maillage/territories"

// Held says whether a legal status is in force on a day.
type Held string

// The answers. A status read in a register without its dates is neither held
// nor not held: it is probably so, and nobody has shown it.
const (
	HeldYes     Held = "yes"
	HeldNo      Held = "no"
	HeldUnknown Held = "unknown"
)

// On tells whether the status is in force on a day, both its first and its
// last day included. Without a first day it is unknown, unless the organisation
// itself confirmed it; without a last day it goes on.
func (s Status) On(day territories.Date) Held {
	if until, err := territories.ParseDate(s.Until); err == nil && day.After(until) {
		return HeldNo
	}
	from, err := territories.ParseDate(s.From)
	switch {
	case err == nil && day.Before(from):
		return HeldNo
	case err != nil && s.Origin != Confirmed:
		return HeldUnknown
	}
	return HeldYes
}

// StatusesOn gives the statuses that are, or may be, in force on a day.
func (o *Organisation) StatusesOn(day territories.Date) []Status {
	var out []Status
	for _, s := range o.Statuses {
		if s.On(day) != HeldNo {
			out = append(out, s)
		}
	}
	return out
}

// StatusOn tells whether a status is in force on a day: the surest answer of
// its periods.
func (o *Organisation) StatusOn(kind StatusKind, day territories.Date) Held {
	best := HeldNo
	for _, s := range o.Statuses {
		if s.Kind != kind {
			continue
		}
		switch s.On(day) {
		case HeldYes:
			return HeldYes
		case HeldUnknown:
			best = HeldUnknown
		case HeldNo:
		}
	}
	return best
}

// CertifiedOn reports whether a certification is valid on a day; one without
// dates is.
func (o *Organisation) CertifiedOn(code string, day territories.Date) bool {
	for _, c := range o.Certifications {
		s := Status{From: c.From, Until: c.Until, Origin: Confirmed}
		if c.Code == code && s.On(day) == HeldYes {
			return true
		}
	}
	return false
}

// ToSpecify reports that no activity says a trade: the organisation stands
// apart from rankings until it does.
func (o *Organisation) ToSpecify() bool {
	for _, a := range o.Activities {
		if len(a.Codes) > 0 {
			return false
		}
	}
	return true
}

// IsAssumed reports that an activity or its zone is deduced, not said.
func (a *Activity) IsAssumed() bool { return a.Origin == Assumed || a.ZoneOrigin == Assumed }
