// Package cog holds the facts of the French official geographic code that the
// platform stands on: the communes of one vintage with their names,
// populations and representative points, the groupings they belong to, and
// every movement the INSEE recorded since 1943. The tables are embedded in
// the binary; they are written by the generator beside this file, from the
// sources and under the licence named in NOTICE.
//
// It refuses to interpret: no sets, no dates resolved, no search. It hands
// rows to package territories, which gives them meaning. It holds no contour.
package cog

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:generate go run ./generate -in $MAILLAGE_SAMPLES -out facts

//go:embed facts
var embedded embed.FS

// Embedded returns the tables shipped with the binary, as files that Read and
// ReadMovements understand.
func Embedded() fs.FS {
	sub, err := fs.Sub(embedded, "facts")
	if err != nil {
		panic(fmt.Sprintf("cog: embedded facts: %v", err)) // a constant name: cannot happen
	}
	return sub
}

// Facts are the rows of one vintage, each table sorted by code.
type Facts struct {
	Vintage         string // the date of the list of communes, "2026-01-01"
	Membership      string // the date of the EPCI and EPT memberships, "2025-01-01"
	Communes        []Commune
	Arrondissements []Arrondissement
	EPCI            []Group // intermunicipal bodies with their own taxation
	EPT             []Group // territories inside the Métropole du Grand Paris
	Departements    []Departement
	Regions         []Region
	Regions2015     []Union // the régions before 2016, as unions of départements
	Federation2012  []Union // the federation's regions of 2012, likewise
}

// Commune is a row of the official list. Population is -1 where no census
// gives one. Lon and Lat are degrees (WGS 84) and mean something only when
// HasPoint; Km2 is 0 when unknown.
type Commune struct {
	Code, Name, Departement, EPCI, EPT, SIREN string
	Population                                int
	Postal                                    []string
	Lon, Lat                                  float64
	HasPoint, Inside                          bool // Inside: a pole of the surface, its centroid falling outside
	Km2                                       float64
}

// Arrondissement is a part of Paris, Lyon or Marseille.
type Arrondissement struct {
	Code, Name, Commune string
	Population          int
	Postal              []string
	Lon, Lat            float64
}

// Group is a body whose members are named on the rows of its communes. Type
// is the INSEE's: CC, CA, CU, METRO, MET69, EPT.
type Group struct{ Code, Name, Type string }

// Departement carries what notices need beside its name: the NUTS 3 codes of
// the 2021 and 2013 versions (empty for most COM), the IANA time zone (empty
// for Clipperton, which nobody inhabits) and the code BOAMP prints.
type Departement struct {
	Code, Name, Region, Prefecture, Zone string
	NUTS2021, NUTS2013, TimeZone, BOAMP  string
}

// Region is a région of today or a COM standing for itself.
type Region struct{ Code, Name, Prefecture, Zone string }

// Union is a territory defined as a union of départements. Regions are the
// pre-2016 régions it is made of, for a federation region; Region2016 is the
// région that took an old one over.
type Union struct {
	Code, Name   string
	Departements []string
	Regions      []string
	Region2016   string
}

// Movement is one row of the INSEE's history, its names as written. Types are
// COM, COMA (associated), COMD (delegated), ARM; Kind is the INSEE's number:
// 10 renaming, 20 creation, 21 restoration, 30 suppression, 31 merger, 32 new
// commune, 33 and 34 association and its end, 35 end of a delegated commune,
// 41 change of département, 50 change of seat, 70 to 72 change of status.
type Movement struct {
	Kind                  int
	Date                  string
	FromType, From, FromN string
	ToType, To, ToN       string
}
