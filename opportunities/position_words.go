package opportunities

import (
	"strconv"
	"strings"
)

// termsAspects tells terms by each thing that they say. Who answers is private:
// a history is read by more people than those who may know it.
func termsAspects() []aspect[*Terms] {
	of := func(name string, words func(*Terms) any) aspect[*Terms] {
		return aspect[*Terms]{name: name, words: func(t *Terms) any {
			if t == nil {
				return nil
			}
			return words(t)
		}}
	}
	contact := of("contact", func(t *Terms) any { return spoken(t.Contact) })
	contact.private = true
	return []aspect[*Terms]{
		of("", func(*Terms) any { return nil }), // the order of a list, say
		of("contract", func(t *Terms) any { return spoken(string(t.Contract)) }),
		of("hours", func(t *Terms) any { return spoken(t.Hours) }),
		of("slots", func(t *Terms) any { return spoken(t.Slots.String()) }),
		of("split", func(t *Terms) any { return spoken(t.Split) }),
		of("reach", func(t *Terms) any { return spoken(t.Reach) }),
		of("beginner", func(t *Terms) any { return spoken(t.Beginner) }),
		of("required", func(t *Terms) any { return spoken(wantedWords(t.Requires())) }),
		of("appreciated", func(t *Terms) any { return spoken(wantedWords(t.Appreciates())) }),
		of("languages", func(t *Terms) any { return spoken(languageWords(t.Languages)) }),
		contact,
		of("aim", func(t *Terms) any { return spoken(string(t.Aim)) }),
		of("audience", func(t *Terms) any { return spoken(string(t.Audience)) }),
		of("outcomes", func(t *Terms) any { return spoken(gainWords(t.Outcomes)) }),
		of("leads", func(t *Terms) any { return spoken(joinedCodes(t.Leads)) }),
	}
}

// The words of a list of aptitudes are "permis-b, chambres (3)": a code, with its
// level where it has one.
func wantedWords(all []Wanted) string {
	out := make([]string, len(all))
	for i, w := range all {
		out[i] = graded(string(w.Code), levelText(uint8(w.Level)))
	}
	return strings.Join(out, ", ")
}

func gainWords(all []Gain) string {
	out := make([]string, len(all))
	for i, g := range all {
		out[i] = graded(string(g.Code), levelText(uint8(g.Level)))
	}
	return strings.Join(out, ", ")
}

// languageWords is "fr (B1), en (A2)?": a question mark for one that is only appreciated.
func languageWords(all []Speaking) string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = graded(s.Language, s.Level.String())
		if !s.Required {
			out[i] += "?"
		}
	}
	return strings.Join(out, ", ")
}

func levelText(n uint8) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(int(n))
}

func graded(code, level string) string {
	if level == "" {
		return code
	}
	return code + " (" + level + ")"
}

func joinedCodes[T ~string](codes []T) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = string(c)
	}
	return strings.Join(out, ", ")
}
