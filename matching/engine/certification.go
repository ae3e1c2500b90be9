package engine

// certified asks for the certifications the lot names, valid on the day of the
// deadline. It is a gate only when one is required, and "or equivalent" is
// always understood: what the enterprise hasn't declared at all is unknown.
func (q *question) certified(e *Enterprise) (m mark, required bool) {
	if len(q.lot.Certifications) == 0 {
		return mark{state: met}, false
	}
	held, lacking, known := 0, false, e.CertificationsKnown || len(e.Certifications) > 0
	for _, w := range q.lot.Certifications {
		_, ok := q.certificate(e, w.Code)
		required = required || w.Required
		lacking = lacking || w.Required && !ok
		if ok {
			held++
		}
	}
	if !known {
		return mark{counted: true, weight: weightCertification}, required
	}
	m = graded(weightCertification, float64(held)/float64(len(q.lot.Certifications)), false)
	if lacking {
		m.state = missed
	} else if required && m.state == missed {
		m.state = partial
	}
	return m, required
}

// certificate finds the certification that runs longest, and says whether it is
// valid on the day.
func (q *question) certificate(e *Enterprise, code string) (found Certification, ok bool) {
	for _, c := range e.Certifications {
		if c.Code != code {
			continue
		}
		if c.on(q.day) {
			return c, true
		}
		if found.Code == "" || found.Until.Before(c.Until) {
			found = c
		}
	}
	return found, false
}

func (q *question) explainCertified(e *Enterprise) Finding {
	m, required := q.certified(e)
	f := Finding{Criterion: Certifications, Gate: required, Key: "certification.held", Params: &Params{}}
	missing := q.firstMissing(e)
	switch {
	case m.state == unknown:
		f.Key, f.Params.Name = "certification.unknown", q.lot.Certifications[0].Code
	case missing != "":
		f.Key, f.Params.Name, f.By, f.Unit = "certification.missing", missing, 1, Requirement
		if c, _ := q.certificate(e, missing); c.Code != "" && !c.Until.IsZero() && c.Until.Before(q.day) {
			f.Key, f.Params.Date = "certification.expired", c.Until
			f.By, f.Unit = float64(daysBetween(c.Until, q.day)), Days
		}
	default:
		f.Params.Name = q.lot.Certifications[0].Code
	}
	f.Params.Of = len(q.lot.Certifications)
	f.Params.Count = int(m.value*float64(len(q.lot.Certifications)) + 0.5)
	return f.with(m)
}

// firstMissing is the certification that lacks, a required one before a wish.
func (q *question) firstMissing(e *Enterprise) string {
	missing := ""
	for _, w := range q.lot.Certifications {
		if _, ok := q.certificate(e, w.Code); ok {
			continue
		}
		if w.Required {
			return w.Code
		}
		if missing == "" {
			missing = w.Code
		}
	}
	return missing
}
