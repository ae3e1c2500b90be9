package territories

import (
	"fmt"
	"slices"
	"strings"
)

var monthsFR = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}

func dateFR(d Date) string {
	day := fmt.Sprint(d.Day)
	if d.Day == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %d", day, monthsFR[d.Month-1], d.Year)
}

func dateEN(d Date) string { return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year) }

// cause names a kind of movement as the INSEE's notice does.
func cause(kind int) Reason {
	switch kind {
	case modCreate:
		return Reason{"création d'une commune sur une partie de son territoire", "a commune was created on part of it"}
	case modRestore:
		return Reason{"rétablissement de communes qui y étaient réunies", "communes merged into it were restored"}
	case modSuppress:
		return Reason{"suppression", "suppression"}
	case modMerge:
		return Reason{"fusion simple", "merger"}
	case modNew:
		return Reason{"création d'une commune nouvelle", "creation of a new commune"}
	case modAssociate:
		return Reason{"fusion-association", "merger as an associated commune"}
	case modFuse:
		return Reason{"passage de la fusion-association à la fusion simple", "an associated commune was merged"}
	case modDepart:
		return Reason{"changement de département", "change of département"}
	case modSeat:
		return Reason{"transfert du chef-lieu", "transfer of its seat"}
	case statusCOM:
		return Reason{"érection en collectivité d'outre-mer", "it became an overseas collectivity"}
	}
	return Reason{"modification du code officiel", "change in the official code"}
}

// reason explains a resolution: what the code was, and what came of it.
func (h *history) reason(a *Atlas, r *Resolution) Reason {
	if r.Valid {
		return h.reasonValid(a, r)
	}
	if r.On.Before(epoch) {
		return Reason{
			FR: "Les mouvements de communes ne sont connus que depuis le " + dateFR(epoch) + ".",
			EN: "The movements of communes are known only since " + dateEN(epoch) + ".",
		}
	}
	last := -1
	for i, l := range r.Intervals {
		if !l.From.After(r.On) {
			last = i
		}
	}
	if last < 0 {
		return h.reasonUnborn(a, r)
	}
	return h.reasonEnded(a, r, r.Intervals[last], r.Intervals[last+1:])
}

func (h *history) reasonValid(a *Atlas, r *Resolution) Reason {
	out := Reason{
		FR: fmt.Sprintf("%s est la commune %s à cette date.", r.Code, r.Name),
		EN: fmt.Sprintf("%s is the commune %s on that date.", r.Code, r.Name),
	}
	if r.On.After(a.vintage) {
		out.FR += " (Dernier état connu : " + dateFR(a.vintage) + ".)"
		out.EN += " (Last known state: " + dateEN(a.vintage) + ".)"
	}
	for _, s := range h.steps[r.Code] {
		if !s.on.After(r.On) {
			out.add(h.shared(a, r, s))
			continue
		}
		why := cause(s.kind)
		to := h.named(a, s.to, s.on)
		out.FR += fmt.Sprintf(" Le %s (%s), sa place revient à %s.", dateFR(s.on), why.FR, joined(to, "et"))
		out.EN += fmt.Sprintf(" On %s (%s), its place goes to %s.", dateEN(s.on), why.EN, joined(to, "and"))
		break
	}
	return out
}

// shared tells of a commune that others were taken from, in the life the
// question is about: its code went on over less ground.
func (h *history) shared(a *Atlas, r *Resolution, s step) (out Reason) {
	for _, l := range r.Intervals {
		if len(s.to) > 1 && l.Contains(r.On) && l.Contains(s.on) {
			why, to := cause(s.kind), h.named(a, s.to, s.on)
			out.FR = fmt.Sprintf(" Le %s (%s), sa place a été partagée entre %s.", dateFR(s.on), why.FR, joined(to, "et"))
			out.EN = fmt.Sprintf(" On %s (%s), its place was shared out between %s.", dateEN(s.on), why.EN, joined(to, "and"))
		}
	}
	return out
}

func (h *history) reasonEnded(a *Atlas, r *Resolution, l Interval, later []Interval) Reason {
	kind := 0
	for _, s := range h.steps[r.Code] {
		if s.on == l.Until {
			kind = s.kind
		}
	}
	why := cause(kind)
	verbFR, verbEN := "a cessé d'exister le", "ceased on"
	if l.From == l.Until {
		verbFR, verbEN = "n'a existé qu'un instant, le", "existed for one instant, on"
	}
	out := Reason{
		FR: fmt.Sprintf("%s (%s) %s %s : %s.", r.Code, l.Name, verbFR, dateFR(l.Until), why.FR),
		EN: fmt.Sprintf("%s (%s) %s %s: %s.", r.Code, l.Name, verbEN, dateEN(l.Until), why.EN),
	}
	out.add(holding(r))
	if len(later) > 0 {
		out.FR += " Le code reprend le " + dateFR(later[0].From) + "."
		out.EN += " The code comes back on " + dateEN(later[0].From) + "."
	}
	return out
}

func (h *history) reasonUnborn(a *Atlas, r *Resolution) Reason {
	born := r.Intervals[0].From
	out := Reason{
		FR: fmt.Sprintf("%s (%s) n'existe qu'à partir du %s", r.Code, r.Intervals[0].Name, dateFR(born)),
		EN: fmt.Sprintf("%s (%s) exists only from %s", r.Code, r.Intervals[0].Name, dateEN(born)),
	}
	for _, s := range h.parents[r.Code] {
		if s.on == born {
			why := cause(s.kind)
			out.FR, out.EN = out.FR+" : "+why.FR, out.EN+": "+why.EN
			break
		}
	}
	out.FR, out.EN = out.FR+".", out.EN+"."
	out.add(holding(r))
	return out
}

func (r *Reason) add(more Reason) { r.FR, r.EN = r.FR+more.FR, r.EN+more.EN }

// holding says who held the place then and, when it is not the same, who
// holds it now.
func holding(r *Resolution) Reason {
	var out Reason
	if len(r.HeldThen) > 0 {
		out.FR = " Sa place était alors tenue par " + joined(heldNames(r.HeldThen), "et") + "."
		out.EN = " Its place was then held by " + joined(heldNames(r.HeldThen), "and") + "."
	}
	if held := r.Current; len(held) > 0 && !slices.EqualFunc(held, r.HeldThen, func(x, y Held) bool { return x.Code == y.Code }) {
		out.FR += " Elle l'est aujourd'hui par " + joined(heldNames(held), "et") + "."
		out.EN += " It is now held by " + joined(heldNames(held), "and") + "."
	}
	return out
}

func (h *history) named(a *Atlas, codes []CommuneCode, on Date) []string {
	held := make([]Held, len(codes))
	for i, c := range codes {
		held[i] = Held{c, h.nameOn(a, c, on)}
	}
	return heldNames(held)
}

func heldNames(held []Held) []string {
	out := make([]string, len(held))
	for i, c := range held {
		out[i] = string(c.Code) + " " + c.Name
	}
	return out
}

// joined lists words: "a, b et c".
func joined(words []string, and string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " " + and + " " + words[n]
}
