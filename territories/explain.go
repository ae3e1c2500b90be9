package territories

import (
	"errors"
	"fmt"
	"strings"
)

// DatedError is a territory that the facts do not tell of on a date.
type DatedError struct {
	Ref Ref
	On  Date
	Why Reason
}

func (e *DatedError) Error() string { return fmt.Sprintf("%s on %s: %s", e.Ref, e.On, e.Why.EN) }

// TextError is a text, or a value, that the package does not take: a code, a
// date, a figure. It says why in the two languages.
type TextError struct{ Reason Reason }

func (e *TextError) Error() string { return e.Reason.EN }

// unread words a TextError: both formats take the same values.
func unread(fr, en string, args ...any) error {
	return &TextError{Reason{fmt.Sprintf(fr, args...), fmt.Sprintf(en, args...)}}
}

// amiss places an error in the JSON of a perimeter.
func amiss(path string, err error) error { return &ExprError{Path: path, Reason: both(err)} }

// Explain says an error of this package to a person, in French ("fr", the
// default) or English ("en"): what is wrong, and what to write instead. An
// error of another origin is given as it is.
func Explain(err error, lang string) string {
	if strings.HasPrefix(strings.ToLower(lang), "en") {
		return err.Error()
	}
	var words *WordsError
	var unknown *UnknownError
	var dated *DatedError
	var expr *ExprError
	var text *TextError
	switch {
	case errors.As(err, &words):
		return "périmètre en mots, à « " + words.Part + " » : " + words.Reason.FR + listHits(" : ", words.Alternatives)
	case errors.As(err, &unknown):
		out := unknown.Ref.String() + " ne désigne aucun territoire actuel"
		if len(unknown.Held) > 0 {
			out += " ; sa place est tenue par " + joinCodes(unknown.Held)
		}
		return out + listHits(" ; au plus près : ", unknown.Nearest)
	case errors.As(err, &dated):
		return fmt.Sprintf("%s au %s : %s", dated.Ref, dateFR(dated.On), dated.Why.FR)
	case errors.As(err, &expr) && expr.Path != "":
		return "périmètre mal écrit, à " + expr.Path + " : " + expr.Reason.FR
	case errors.As(err, &expr):
		return "périmètre mal écrit : " + expr.Reason.FR
	case errors.As(err, &text):
		return text.Reason.FR
	case errors.Is(err, ErrNoPoint):
		return "aucun point représentatif n'est publié pour ce lieu : ni rayon ni voisins ne se calculent"
	case errors.Is(err, ErrNoMesh):
		return "les voisinages ne sont pas connus pour cette liste de communes"
	}
	return err.Error()
}

func listHits(before string, hits []Hit) string {
	if len(hits) == 0 {
		return ""
	}
	out := make([]string, len(hits))
	for i, h := range hits {
		out[i] = h.Name + " (" + h.Ref.String() + ")"
	}
	return before + strings.Join(out, ", ")
}

// both explains an error in the two languages.
func both(err error) Reason { return Reason{Explain(err, "fr"), Explain(err, "en")} }
