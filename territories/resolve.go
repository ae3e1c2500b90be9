package territories

import (
	"fmt"
	"slices"
	"strings"
)

// Interval is a period during which a code named a commune: from its first
// day, until the day it ceased (excluded), which is zero while it lasts. Both
// days are the same for a code given and taken back on one date. A life that
// began before the records begins with them, on 1943-01-01.
type Interval struct {
	From  Date       `json:"from"`
	Until Date       `json:"until"`
	Name  string     `json:"name"`            // the last it bore
	Names []NameFrom `json:"names,omitempty"` // all it bore, in order, when it was renamed
}

// NameFrom is a name that a code bore, from a day on.
type NameFrom struct {
	From Date   `json:"from"`
	Name string `json:"name"`
}

// Contains reports whether a date falls in the interval.
func (i Interval) Contains(d Date) bool {
	return !d.Before(i.From) && (i.Until.IsZero() || d.Before(i.Until))
}

// Held is a commune that holds a place, whole or in part.
type Held struct {
	Code CommuneCode `json:"code"`
	Name string      `json:"name"`
}

// Reason is a sentence in French and in English.
type Reason struct {
	FR string `json:"fr"`
	EN string `json:"en"`
}

// Resolution answers what a code was on a date: never a bare "not found".
type Resolution struct {
	Code      CommuneCode
	On        Date
	Known     bool       // the code named a commune on some date
	Valid     bool       // it did on the date asked
	Name      string     // its name on that date, or the nearest it bore
	Intervals []Interval // when it named a commune, in order
	HeldThen  []Held     // who held the place on that date; several when it was shared out
	Current   []Held     // who holds it in the vintage; several after a split
	Reason    Reason     // why, in words
}

// Today finds the current commune that holds the place of a code of any time, the
// first one where several do.
func (a *Atlas) Today(code CommuneCode) (int, bool) {
	if code == "" {
		return 0, false
	}
	if ord, ok := a.Ordinal(code); ok {
		return ord, true
	}
	r := a.Resolve(code, Date{})
	if len(r.Current) == 0 {
		return 0, false
	}
	return a.Ordinal(r.Current[0].Code)
}

// Resolve tells what an INSEE code was on a date, from the movements: who
// held its place then, who holds it in the vintage, and why. Days after the
// vintage are answered as the vintage is. An arrondissement answers for its
// commune. Where the movements and the derived tables published beside them
// differ, the movements win.
func (a *Atlas) Resolve(code CommuneCode, on Date) Resolution {
	r := Resolution{Code: code, On: on}
	h, err := a.history()
	if err != nil {
		r.Reason = Reason{"L'historique des communes est illisible : " + err.Error(), "The history of communes cannot be read: " + err.Error()}
		return r
	}
	if p, ok := a.Arrondissement(code); ok {
		return a.resolvePart(h, p, on)
	}
	r.Intervals = slices.Clone(h.lives[code])
	for i, l := range r.Intervals {
		r.Intervals[i].Names = h.namesIn(a, code, l)
	}
	r.Known = len(r.Intervals) > 0
	if !r.Known {
		r.Reason = a.neverExisted(code)
		return r
	}
	r.Name = h.nameOn(a, code, on)
	r.Valid = h.alive(code, on)
	held := h.holders(code, on)
	for _, c := range held {
		r.HeldThen = append(r.HeldThen, Held{c, h.nameOn(a, c, on)})
	}
	for _, c := range h.current(code, on, held) {
		r.Current = append(r.Current, Held{c, h.nameOn(a, c, a.vintage)})
	}
	r.Reason = h.reason(a, &r)
	return r
}

// resolvePart answers for a municipal arrondissement: a sub-unit, whose
// commune holds the place.
func (a *Atlas) resolvePart(h *history, p Arrondissement, on Date) Resolution {
	from := epoch
	if born, ok := h.parts[p.Code]; ok {
		from = born
	}
	r := Resolution{Code: p.Code, On: on, Known: true, Name: p.Name, Intervals: []Interval{{From: from, Name: p.Name}}}
	r.Valid = r.Intervals[0].Contains(on)
	commune := Held{p.Commune, h.nameOn(a, p.Commune, on)}
	if h.alive(p.Commune, on) {
		r.HeldThen = []Held{commune}
	}
	for _, c := range h.follow([]CommuneCode{p.Commune}, on, Date{}) {
		r.Current = append(r.Current, Held{c, h.nameOn(a, c, a.vintage)})
	}
	r.Reason = Reason{
		FR: string(p.Code) + " est un arrondissement de " + commune.Name + " (" + string(p.Commune) + "), non une commune.",
		EN: string(p.Code) + " is an arrondissement of " + commune.Name + " (" + string(p.Commune) + "), not a commune.",
	}
	if !r.Valid {
		r.Reason.FR += " Il n'existe que depuis le " + dateFR(from) + "."
		r.Reason.EN += " It exists only since " + dateEN(from) + "."
	}
	return r
}

// alive reports whether a code named a commune on a date.
func (h *history) alive(c CommuneCode, on Date) bool {
	return slices.ContainsFunc(h.lives[c], func(i Interval) bool { return i.Contains(on) })
}

// holders is who held the place of a code on a date: itself when it was a
// commune; else, after a life of its own, who inherited it; before its first
// life, who it was taken from.
func (h *history) holders(c CommuneCode, on Date) []CommuneCode {
	if h.alive(c, on) {
		return []CommuneCode{c}
	}
	lives := h.lives[c]
	last := -1
	for i, l := range lives {
		if !l.From.After(on) {
			last = i
		}
	}
	if last >= 0 {
		return h.follow(h.heirs(c, lives[last].Until), lives[last].Until, on)
	}
	return h.trace(c, lives[0].From, on)
}

// current is who holds the place in the vintage: through those who held it on
// the date or, of a time before the code's first life, through the code. A
// commune restored since has its place back, whatever else its holder held.
func (h *history) current(c CommuneCode, on Date, held []CommuneCode) []CommuneCode {
	first := h.lives[c][0].From
	switch {
	case h.alive(c, on):
		return h.follow(held, on, Date{})
	case on.Before(first) && h.alive(c, first):
		return h.follow([]CommuneCode{c}, first, Date{})
	case on.Before(first):
		return h.follow(h.heirs(c, first), first, Date{})
	}
	now := h.follow(held, on, Date{})
	if slices.Contains(now, c) {
		return []CommuneCode{c}
	}
	return now
}

// heirs is who held the place of a code just after an event of that date.
func (h *history) heirs(c CommuneCode, on Date) []CommuneCode {
	for _, s := range h.steps[c] {
		if s.on == on {
			return s.to
		}
	}
	return nil
}

// follow carries places forward through every event after one date, until
// another (included), or the vintage when it is zero. Each step is on a later
// date than the one before, so that it ends.
func (h *history) follow(codes []CommuneCode, after, until Date) []CommuneCode {
	if len(codes) == 1 && !h.movesOn(codes[0], after) {
		return codes
	}
	type place struct {
		code  CommuneCode
		after Date
	}
	seen := map[place]bool{}
	var out []CommuneCode
	var walk func(place)
	walk = func(p place) {
		if seen[p] {
			return
		}
		seen[p] = true
		for _, s := range h.steps[p.code] {
			if !s.on.After(p.after) {
				continue
			}
			if !until.IsZero() && s.on.After(until) {
				break
			}
			for _, to := range s.to {
				walk(place{to, s.on})
			}
			return
		}
		out = append(out, p.code)
	}
	for _, c := range codes {
		walk(place{c, after})
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// movesOn reports that a place changes hands after a date.
func (h *history) movesOn(c CommuneCode, after Date) bool {
	steps := h.steps[c]
	return len(steps) > 0 && steps[len(steps)-1].on.After(after)
}

// trace carries the place of a code born on a date backwards, to who held it
// on an earlier one; nobody when the records do not tell.
func (h *history) trace(c CommuneCode, born, on Date) []CommuneCode {
	var out []CommuneCode
	for _, s := range h.parents[c] {
		if s.on != born {
			continue
		}
		for _, from := range s.to {
			out = append(out, h.before(from, born, on)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// before is who held, on a date, the place of a code alive just before a
// later one.
func (h *history) before(c CommuneCode, end, on Date) []CommuneCode {
	for _, l := range slices.Backward(h.lives[c]) {
		if !l.From.Before(end) {
			continue
		}
		if !l.From.After(on) {
			return []CommuneCode{c}
		}
		return h.trace(c, l.From, on)
	}
	return nil
}

// neverExisted says what a code that no commune bore could have been.
func (a *Atlas) neverExisted(code CommuneCode) Reason {
	r := Reason{
		FR: "Aucune commune n'a porté le code " + string(code) + " depuis 1943.",
		EN: "No commune has borne the code " + string(code) + " since 1943.",
	}
	if s, ok := a.of(Ref{KindPostal, string(code)}); ok {
		var names []string
		s.Each(func(ord int) bool {
			names = append(names, a.communes[ord].Name)
			return len(names) < 3
		})
		list := strings.Join(names, ", ")
		if s.Len() > len(names) {
			list += "…"
		}
		r.FR += " C'est un code postal (" + list + ")."
		r.EN += " It is a postal code (" + list + ")."
	}
	return r
}

// Replay lists the communes on a date, sorted by code, under the names they
// bore. A date before 1943 or after the vintage is an error: nothing tells.
func (a *Atlas) Replay(on Date) ([]Held, error) {
	h, err := a.historyOn(on)
	if err != nil {
		return nil, fmt.Errorf("list communes on %s: %w", on, err)
	}
	list := h.communes(on)
	out := make([]Held, len(list))
	for i, c := range list {
		out[i] = Held{c, h.nameOn(a, c, on)}
	}
	return out, nil
}

// historyOn is the history, for a date it tells of.
func (a *Atlas) historyOn(on Date) (*history, error) {
	if on.Before(epoch) || on.After(a.vintage) {
		return nil, unread("les communes sont connues du %s au %s", "communes are known from %s to %s", epoch, a.vintage)
	}
	return a.history()
}

// communes lists the codes alive on a date, sorted.
func (h *history) communes(on Date) []CommuneCode {
	out := make([]CommuneCode, 0, 38_000)
	for c, lives := range h.lives {
		for i := range lives {
			if lives[i].Contains(on) {
				out = append(out, c)
				break
			}
		}
	}
	slices.Sort(out)
	return out
}
