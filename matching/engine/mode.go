package engine

// mode asks whether the activity is done in a way that the lot accepts.
func (q *question) mode(offered Modes) mark {
	switch {
	case q.lot.Modes == 0 || offered == 0:
		return gate(unknown)
	case q.lot.Modes&offered == 0:
		return gate(missed)
	}
	return gate(met)
}

func (q *question) explainMode(a *Activity) Finding {
	f := Finding{Criterion: ServiceMode, Gate: true, Key: "mode.shared"}
	f.Params = &Params{Modes: a.Modes, AskedModes: q.lot.Modes}
	switch {
	case q.lot.Modes == 0:
		f.Key = "mode.not_said"
	case a.Modes == 0:
		f.Key = "mode.unknown"
	case q.lot.Modes&a.Modes == 0:
		f.Key, f.By, f.Unit = "mode.other", 1, Requirement
	}
	return f.with(q.mode(a.Modes))
}
