package journeys

// findingsMost is how many findings a pair can have.
const findingsMost = criteria

// asks counts the findings that each pair of this position has.
func (q *question) asks() int {
	n := 4
	for _, asked := range [...]bool{len(q.licences) > 0, len(q.languages) > 0, len(q.entry) > 0, len(q.gives) > 0, !q.p.Hours.IsZero(),
		q.slots != 0, len(q.skills) > 0, q.p.Years > 0} {
		if asked {
			n++
		}
	}
	return n
}

// match writes a pair out, criterion by criterion, in the room given; nil leaves
// the criteria out.
func (q *question) match(w *who, r *reading, v *verdict, room []Finding) Match {
	m := Match{Position: q.p.ID, PositionRevision: q.p.Revision, Person: w.id, PersonRevision: w.revision,
		Score: v.score, Confidence: v.confidence, History: q.history}
	if room == nil {
		return m
	}
	m.Findings = q.explain(w, r, room)
	return m
}

// explain answers each question that the position asks.
func (q *question) explain(w *who, r *reading, out []Finding) []Finding {
	out = append(out, *q.tellAvailable(w), *q.tellTrade(w, &r.fit), q.explainReach(&r.gauge), q.explainTravel(&r.way, &r.gauge))
	if len(q.licences) > 0 {
		out = append(out, q.explainHeld(Licences, w, q.licences))
	}
	if len(q.languages) > 0 {
		out = append(out, q.explainHeld(Languages, w, q.languages))
	}
	if len(q.entry) > 0 {
		out = append(out, q.explainHeld(Entry, w, q.entry))
	}
	if len(q.gives) > 0 {
		out = append(out, q.explainOutcomes(w))
	}
	if !q.p.Hours.IsZero() {
		out = append(out, q.explainHours(w))
	}
	if q.slots != 0 {
		out = append(out, q.explainSlots(w))
	}
	if len(q.skills) > 0 {
		out = append(out, q.explainSkills(w))
	}
	if q.p.Years > 0 {
		out = append(out, q.explainExperience(w))
	}
	return out
}

// told is what was said last: most people are free and have no dossier, and many
// answer by the same occupation.
type told struct {
	free  Finding // of those who have none
	other Finding
	trade Finding
	fit   fit // of trade
}

func (q *question) tellAvailable(w *who) *Finding {
	if w.more != nil || !w.available {
		q.told.other = q.explainAvailable(w)
		return &q.told.other
	}
	if q.told.free.Key == "" {
		q.told.free = q.explainAvailable(w)
	}
	return &q.told.free
}

func (q *question) tellTrade(w *who, by *fit) *Finding {
	t := &q.told
	if t.trade.Key == "" || by.class == stranger || t.fit != *by {
		t.fit, t.trade = *by, q.explainTrade(w, *by)
	}
	return &t.trade
}

// findingsAt is the room for the findings of one pair among many; nil when they
// aren't wanted.
func findingsAt(room []Finding, i, each int, o Options) []Finding {
	if o.Brief {
		return nil
	}
	return room[i*each : i*each : (i+1)*each]
}
