package territories

// Hit is a territory found by name. Departement is the code of its
// département (for a grouping or a postal code, that of most of its
// inhabitants), empty above that level: homonyms are told apart by it.
type Hit struct {
	Ref         Ref    `json:"ref"`
	Name        string `json:"name"`
	Departement string `json:"departement,omitempty"`
	Population  int64  `json:"population"`
}

// SearchOptions narrows a search. Its zero value gives the ten best of every
// kind but the old régions and the federation's.
type SearchOptions struct {
	Kinds       []Kind // only these; empty: the territories of today
	Departement string // only inside this département
	Limit       int    // 10 when 0, at most 100
}
