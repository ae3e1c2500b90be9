package questionnaire

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
)

//go:embed data/questions.json
var data []byte

// Load reads the embedded questions, once. It fails on the first that is not the
// catalogue's: a test reads it, so that a build that is tested never does.
var Load = sync.OnceValues(func() (*Book, error) {
	b := new(Book)
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(b); err != nil {
		return nil, fmt.Errorf("read the questions: %w", err)
	}
	return b, b.check()
})

// check makes sure that every question that may be asked is, once, and that the
// checks name questions.
func (b *Book) check() error {
	if b.Minutes <= 0 {
		return fmt.Errorf("a question takes %d minutes", b.Minutes)
	}
	may := compute.Questions(compute.AllKinds)
	for i, q := range b.Questions {
		switch {
		case !slices.Contains(may, q.Code):
			return fmt.Errorf("question %s is answered by nobody", q.Code)
		case slices.ContainsFunc(b.Questions[:i], func(o Question) bool { return o.Code == q.Code }):
			return fmt.Errorf("question %s is there twice", q.Code)
		case !slices.Contains(Units(), q.Unit), !slices.Contains(catalogue.Registers(), q.Register), q.Label.FR == "", q.Label.EN == "", q.Help.FR == "", q.Help.EN == "":
			return fmt.Errorf("question %s lacks a word", q.Code)
		}
	}
	for _, code := range may {
		if _, ok := b.Find(code); !ok {
			return fmt.Errorf("%s is not asked", code)
		}
	}
	return b.checkChecks()
}

func (b *Book) checkChecks() error {
	for _, c := range b.Checks {
		if len(c.Left) == 0 || len(c.Right) == 0 && c.Bound == 0 || c.Text.FR == "" || c.Text.EN == "" || c.Level != Refuse && c.Level != Confirm {
			return fmt.Errorf("check %s lacks a part", c.Code)
		}
		for _, code := range append(slices.Clone(c.Left), c.Right...) {
			if _, ok := b.Find(code); !ok {
				return fmt.Errorf("check %s names %s, which is not asked", c.Code, code)
			}
		}
	}
	return nil
}

// IndicatorOf is the indicator of the catalogue that a formula computes: C03.fte is C03's.
func indicatorOf(f compute.Formula) catalogue.ID {
	id := catalogue.ID(f.Indicator)
	if all, err := catalogue.Load(); err == nil {
		if _, ok := all.Get(id); ok {
			return id
		}
	}
	return catalogue.ID(f.Indicator[:strings.LastIndexByte(f.Indicator, '.')])
}

// Serves lists the indicators of the catalogue that an answer is used for, in its order.
func (q Question) Serves() []catalogue.ID {
	var out []catalogue.ID
	for _, f := range compute.Formulas() {
		uses := func(t compute.Term) bool { return t.Measure.Answered() == q.Code }
		if id := indicatorOf(f); (slices.ContainsFunc(f.Numerator, uses) || slices.ContainsFunc(f.Base, uses)) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// Serving lists the questions that some indicators need, with those of the
// table of the workforce; no indicator is every question. The others ask nothing.
func (b *Book) Serving(indicators []catalogue.ID) []compute.Measure {
	var out []compute.Measure
	for _, q := range b.Questions {
		serves := slices.ContainsFunc(q.Serves(), func(id catalogue.ID) bool { return slices.Contains(indicators, id) })
		if len(indicators) == 0 || q.Report || serves {
			out = append(out, q.Code)
		}
	}
	return out
}

// Indicators lists those that questions serve, in the order of the catalogue.
func (b *Book) Indicators() []catalogue.ID {
	var out []catalogue.ID
	for _, f := range compute.Formulas() {
		id := indicatorOf(f)
		asked := slices.ContainsFunc(b.Questions, func(q Question) bool { return slices.Contains(q.Serves(), id) })
		if asked && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
