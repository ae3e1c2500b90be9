package engine

import "strings"

// holdersNamed bounds the holders that a line names; the others are counted.
const holdersNamed = 2

// lineHours says hours to fill: how many, for whom, until when; of what is not
// known it says that it is not, or nothing.
func (w Writer) lineHours(lot *Lot) string {
	text := w.hoursAsked(lot) + w.holders(lot.Holders)
	if lot.Until.IsZero() {
		return text
	}
	text += w.say(" jusqu’au ", " until ") + w.Date(lot.Until)
	if lot.UntilSupposed {
		text += w.say(" (fin supposée)", " (supposed end)")
	}
	return text
}

func (w Writer) hoursAsked(lot *Lot) string {
	switch {
	case lot.InsertionHours > 0:
		return w.Amount(lot.InsertionHours, WorkHours) + w.say(" d’insertion à remplir", " of insertion to fill")
	case lot.InsertionShare > 0:
		return w.Percent(lot.InsertionShare) + w.say(" du temps de travail à remplir en insertion", " of the working time to fill through insertion")
	case lot.Asked.Hours > 0:
		return w.Amount(lot.Asked.Hours, WorkHours) + w.say(" à remplir", " to fill")
	}
	return w.say("heures d’insertion à remplir (nombre non dit)", "insertion hours to fill (number not said)")
}

// holders names who has the hours to fill.
func (w Writer) holders(all []Holder) string {
	var names []string
	for _, h := range all {
		if h.Name != "" {
			names = append(names, h.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	and := w.say(" et ", " and ")
	if n := len(names) - holdersNamed; n > 0 {
		return w.say(" pour ", " for ") + strings.Join(names[:holdersNamed], ", ") + and + w.plural(float64(n), "autre", "other")
	}
	return w.say(" pour ", " for ") + strings.Join(names, and)
}
