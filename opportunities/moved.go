package opportunities

import "maillage/nomenclatures"

// setting is where and when a lot is, as it stands in its opportunity: what somebody
// agrees to be proposed for. A place told in other words is the same place, unless
// words are all that is known of it.
type setting struct {
	scope     Scope
	perimeter string
	words     string
	slots     nomenclatures.Slots
	split     bool
	hours     float64
}

func settingOf(l *Lot, o *Opportunity) setting {
	place := l.In(o).Place
	out := setting{scope: place.Scope, perimeter: place.Perimeter}
	if out.scope == "" || out.scope == PlaceUnknown {
		out.scope, out.words = PlaceUnknown, place.Words
	}
	if l.Terms != nil {
		out.slots, out.split, out.hours = l.Terms.Slots, l.Terms.Split, l.Terms.Hours
	}
	return out
}

// settings are those of the lots that are kept, before a change.
func settings(o *Opportunity) map[LotID]setting {
	out := make(map[LotID]setting, len(o.Lots))
	for i := range o.Lots {
		if l := &o.Lots[i]; l.ID != 0 {
			out[l.ID] = settingOf(l, o)
		}
	}
	return out
}

// moved dates a lot whose place or hours are no longer what they were: what people
// agreed to before was another position. Said again the same, it has not moved.
func (c *change) moved(l *Lot) {
	if was, known := c.was[l.ID]; known && was != settingOf(l, c.o) {
		l.MovedAt = &c.now
	}
}
