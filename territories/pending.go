package territories

type nameIndex struct{ byName map[string][]int }

func newNameIndex(a *Atlas) *nameIndex {
	x := &nameIndex{byName: map[string][]int{}}
	for i := range a.communes {
		f := Fold(a.communes[i].Name)
		x.byName[f] = append(x.byName[f], i)
	}
	return x
}

func (a *Atlas) unknown(r Ref) error { return &UnknownError{Ref: r} }

// Locate finds a commune by name and postal code.
func (a *Atlas) Locate(name, postcode string) (ord int, alternatives []int, ok bool) {
	for _, i := range a.names().byName[Fold(name)] {
		for _, p := range a.communes[i].Postal {
			if p == postcode {
				alternatives = append(alternatives, i)
			}
		}
	}
	if len(alternatives) == 0 {
		return 0, nil, false
	}
	return alternatives[0], alternatives[1:], true
}

// Search finds territories by name.
func (a *Atlas) Search(query string, opt SearchOptions) []Hit {
	var out []Hit
	for _, i := range a.names().byName[Fold(query)] {
		c := &a.communes[i]
		out = append(out, Hit{Ref{KindCommune, string(c.Code)}, c.Name, c.Departement, int64(c.Population)})
	}
	return out
}

// ParseWords reads a perimeter written in words.
func (a *Atlas) ParseWords(text string) (Expr, error) { return ParseExpr([]byte(text)) }

// Describe says a perimeter in words.
func (a *Atlas) Describe(e Expr, lang string) string { return e.String() }
