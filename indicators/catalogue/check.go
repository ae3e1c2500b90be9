package catalogue

import (
	"errors"
	"fmt"
	"slices"
)

// check holds every indicator to what the pages, the API and a release rely on,
// and tells all that is wrong at once.
func (c *Catalogue) check() error {
	var faults []error
	for _, i := range c.all {
		for _, err := range append(i.codes(), i.texts()...) {
			faults = append(faults, fmt.Errorf("%s: %w", i.ID, err))
		}
		for _, id := range i.Depends {
			if c.by[id] == nil || id == i.ID {
				faults = append(faults, fmt.Errorf("%s depends on %s", i.ID, id))
			}
		}
	}
	return errors.Join(faults...)
}

// codes tells which codes have no words: they are unknown.
func (i *Indicator) codes() (faults []error) {
	word := func(family, code string) {
		if label(family, code).FR == "" || label(family, code).EN == "" {
			faults = append(faults, fmt.Errorf("the %s %q is unknown", family, code))
		}
	}
	word("register", string(i.Register))
	word("unit", string(i.Unit))
	word("level", string(i.Level))
	word("population", string(i.Population))
	word("direction", string(i.Direction))
	for _, s := range i.Sources {
		word("source", string(s.Kind))
		word("origin", string(s.From))
	}
	for _, b := range i.Breakdowns {
		word("breakdown", string(b))
	}
	for _, l := range i.Links {
		word("scheme", string(l.Scheme))
		word("fit", string(l.Fit))
		if l.Verified != (l.At != "") {
			faults = append(faults, fmt.Errorf("the link %s says where it was read if it is verified, and only then", l.Code))
		}
	}
	if len(i.Sources) == 0 || len(i.Breakdowns) == 0 || len(i.Versions) == 0 {
		faults = append(faults, errors.New("sources, breakdowns and versions are needed"))
	}
	if slices.Contains(i.Breakdowns, ByPublic) && i.Publication.Sensitive == 0 {
		faults = append(faults, errors.New("what is cut by public says how many persons a sensitive criterion asks for"))
	}
	return append(faults, i.Publication.bounds()...)
}

func (p Publication) bounds() (faults []error) {
	if !p.Free && p.Contributors == 0 && p.Respondents == 0 && p.Persons == 0 {
		faults = append(faults, errors.New("no rule of publication"))
	}
	if p.Sensitive < p.Persons && p.Persons > 0 {
		faults = append(faults, errors.New("what is sensitive asks for as many persons at least"))
	}
	if p.Dominance < 0 || p.Dominance > 100 {
		faults = append(faults, fmt.Errorf("a dominance of %d %%", p.Dominance))
	}
	return faults
}

// texts tells what is not said in both languages, and versions out of order.
func (i *Indicator) texts() (faults []error) {
	say := func(what string, t *Text) {
		if t != nil && (t.FR == "" || t.EN == "" || t.FR == t.EN && len(t.FR) > 12) {
			faults = append(faults, fmt.Errorf("%s is not said in both languages", what))
		}
	}
	say("the label", &i.Label)
	say("the caution", i.Caution)
	say("why nothing is released", i.Pending)
	for _, l := range i.Links {
		say("the note of "+l.Code, l.Note)
	}
	for n, v := range i.Versions {
		at := func(what string) string { return fmt.Sprintf("version %d: %s", v.Number, what) }
		say(at("the name"), &v.Name)
		say(at("the definition"), &v.Definition)
		say(at("the numerator"), &v.Numerator)
		say(at("the denominator"), v.Denominator)
		say(at("what changes"), v.Changes)
		if v.Number != n+1 || v.From.day.IsZero() || len(v.UsedBy) == 0 || (n > 0) != (v.Changes != nil) || n == 0 && v.Alternative {
			faults = append(faults, errors.New(at("number, date, users or changes are wrong")))
		}
		for _, b := range v.UsedBy {
			if b.Label().FR == "" {
				faults = append(faults, fmt.Errorf("version %d: the body %q is unknown", v.Number, b))
			}
		}
	}
	return faults
}
