package nomenclatures

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// appellationIndex finds job titles by number and, folded, by name.
type appellationIndex struct {
	number map[string]int32
	name   map[string]int32 // the first of those that bear it
	rome   map[string]ROME  // occupations by their own folded names
}

var appellationsBy = sync.OnceValue(func() appellationIndex {
	t := tables()
	x := appellationIndex{number: make(map[string]int32, len(t.appellations)), name: make(map[string]int32, 2*len(t.appellations)), rome: map[string]ROME{}}
	for i, a := range t.appellations {
		x.number[a.number] = int32(i)
		for _, form := range genders(a.name) {
			if _, taken := x.name[fold(form)]; !taken {
				x.name[fold(form)] = int32(i)
			}
		}
	}
	for c, label := range t.rome {
		x.rome[fold(label)] = c
	}
	return x
})

// genders are the ways to say a title: "Agent / Agente de propreté" is said
// whole, "Agente de propreté" and, what follows being shared, "Agent de propreté".
func genders(name string) []string {
	left, right, both := strings.Cut(name, " / ")
	if !both {
		return []string{name}
	}
	out := []string{name, right, left}
	if words := strings.SplitN(right, " ", 2+strings.Count(left, " ")); len(words) == 2+strings.Count(left, " ") {
		out = append(out, left+" "+words[len(words)-1])
	}
	return out
}

// LookupAppellation finds a job title by its number: the occupation it is filed
// under and its name.
func LookupAppellation(number string) (rome ROME, name string, ok bool) {
	i, ok := appellationsBy().number[number]
	if !ok {
		return "", "", false
	}
	a := tables().appellations[i]
	return a.rome, a.name, true
}

var errOccupation = errors.New("an occupation is a ROME code, the number of a job title, or the name of either")

// ParseOccupation reads what a person writes of an occupation: a ROME code, the
// number of a job title, the name of an occupation or that of a job title,
// whatever its gender, case and accents. number is empty for a whole occupation.
func ParseOccupation(text string) (rome ROME, number string, err error) {
	text = strings.TrimSpace(text)
	if c, bad := ParseROME(text); bad == nil {
		if !c.Known() {
			return "", "", fmt.Errorf("ROME %s: no such occupation", c)
		}
		return c, "", nil
	}
	x := appellationsBy()
	if c, known := x.rome[fold(text)]; known {
		return c, "", nil
	}
	i, known := x.number[text]
	if !known {
		i, known = x.name[fold(text)]
	}
	if !known {
		return "", "", errOccupation
	}
	a := tables().appellations[i]
	return a.rome, a.number, nil
}
