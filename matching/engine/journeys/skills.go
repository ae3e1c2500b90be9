package journeys

// What counts in the grade of skills: a required one for two wished ones, and
// one that a session nearby gives for half of one that is held.
const (
	requiredWorth  = 2
	trainableWorth = 0.5
)

// skilled grades how the skills asked are held, by level.
func (q *question) skilled(w *who) mark {
	d := w.said()
	if d.told&ToldSkills == 0 {
		return unsaid(weightSkills)
	}
	sum, of := 0.0, 0.0
	for i := range q.skills {
		worth := 1.0
		if i < q.required {
			worth = requiredWorth
		}
		of += worth
		sum += float64(worth * q.worth(w, d, &q.skills[i]))
	}
	return graded(weightSkills, sum/of)
}

// worth is what a person brings of one skill, 0 to 1.
func (q *question) worth(w *who, d *dossier, x *want) float64 {
	level, ok := d.levelOf(x)
	if ok && (level >= x.level || level == 0) {
		return 1
	}
	got := 0.0
	if ok {
		got = float64(level) / float64(x.level)
	}
	if got < trainableWorth && q.session(w, x) != nil {
		return trainableWorth
	}
	return got
}

func (q *question) explainSkills(w *who) Finding {
	m := q.skilled(w)
	f := Finding{Criterion: Skills, Key: "skills.unknown"}
	f.Params.Want = float64(len(q.skills))
	if m.state == Unknown {
		return f.with(m)
	}
	d := q.detail(w, q.skills, func(i int) *session { return q.session(w, &q.skills[i]) })
	f.Params.Detail, f.Params.Have = d, float64(len(d.Held))
	switch {
	case len(d.Held) == len(q.skills):
		f.Key = "skills.held"
	case len(d.Missing) == 0:
		f.Key = "skills.trainable"
	case len(d.Held) == 0 && len(d.Trainable) == 0:
		f.Key = "skills.missing"
	default:
		f.Key = "skills.some"
	}
	if n := len(q.skills) - len(d.Held); n > 0 {
		f.By, f.Unit = float32(n), Count
	}
	return f.with(m)
}
