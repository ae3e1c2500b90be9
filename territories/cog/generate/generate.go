package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// job says which of our tables comes from which source and how.
type job struct {
	out, in, head string
	line          func(s *source, row []string) []string
}

func columns(names ...string) func(*source, []string) []string {
	return func(s *source, row []string) []string {
		out := make([]string, len(names))
		for i, n := range names {
			out[i] = s.get(row, n)
		}
		return out
	}
}

// Generate reads the official tables under in and writes ours under out.
func Generate(in, out, vintage, membership string) error {
	if in == "" {
		return fmt.Errorf("no input: give -in or MAILLAGE_SAMPLES")
	}
	zones, err := zonesOf(in)
	if err != nil {
		return fmt.Errorf("read time zones and NUTS codes: %w", err)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return fmt.Errorf("make the output folder: %w", err)
	}
	for _, j := range jobs(zones) {
		if err := j.run(filepath.Join(in, "territories"), out); err != nil {
			return fmt.Errorf("make %s: %w", j.out, err)
		}
	}
	dates := "key\tvalue\ncommunes\t" + vintage + "\nmembership\t" + membership + "\n"
	return os.WriteFile(filepath.Join(out, "vintage.tsv"), []byte(dates), 0o644)
}

func (j job) run(in, out string) error {
	s, err := open(in, j.in)
	if err != nil {
		return err
	}
	raw, err := s.build(j.head, func(row []string) []string { return j.line(s, row) })
	if err != nil {
		return err
	}
	if strings.HasSuffix(j.out, ".zst") {
		if raw, err = compress(raw); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(out, j.out), raw, 0o644)
}

// zonesOf reads what each département has of NUTS codes, time zone and BOAMP
// code, by département.
func zonesOf(in string) (map[string][]string, error) {
	s, err := open(filepath.Join(in, "tenders", "codelists"), "departements_regions_nuts.csv")
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	line := columns("nuts3_2021", "nuts3_2013", "timezone", "boamp_code")
	for _, r := range s.rows {
		out[s.get(r, "departement_insee")] = line(s, r)
	}
	if len(s.errs) > 0 {
		return nil, s.errs[0]
	}
	return out, nil
}

func jobs(zones map[string][]string) []job {
	return []job{
		{"communes.tsv.zst", "communes.csv", "code\tname\tdepartement\tepci\tept\tpopulation\tpostal\tsiren\tlon_e5\tlat_e5\thectares\tpoint", commune},
		{"movements.tsv.zst", "mouvements-communes.csv", "date\tkind\tfrom_type\tfrom\tfrom_name\tto_type\tto\tto_name", movement},
		{"arrondissements.tsv", "arrondissements_municipaux.csv", "code\tname\tcommune\tpopulation\tpostal\tlon_e5\tlat_e5", arrondissement},
		{"epci.tsv", "epci.csv", "code\tname\ttype", columns("code", "nom", "type")},
		{"ept.tsv", "ept.csv", "code\tname\ttype", columns("code", "nom", "type")},
		{"regions.tsv", "regions.csv", "code\tname\tprefecture\tzone", columns("code", "nom", "chef_lieu", "zone")},
		{"departements.tsv", "departements.csv", "code\tname\tregion\tprefecture\tzone\tnuts2021\tnuts2013\ttime_zone\tboamp",
			func(s *source, row []string) []string {
				more := zones[s.get(row, "code")]
				if more == nil { // Clipperton is in no table of the notices
					more = make([]string, 4)
				}
				return append(columns("code", "nom", "region", "chef_lieu", "zone")(s, row), more...)
			}},
		{"regions2015.tsv", "regions_avant_2016.csv", "code\tname\tdepartements\tregions\tregion2016",
			func(s *source, row []string) []string {
				return []string{s.get(row, "code"), s.get(row, "nom"), s.list(row, "departements"), "", s.get(row, "region_2016")}
			}},
		{"federation2012.tsv", "coorace_2012.csv", "code\tname\tdepartements\tregions\tregion2016",
			func(s *source, row []string) []string {
				return []string{slug(s.get(row, "nom")), s.get(row, "nom"), s.list(row, "departements"), s.list(row, "anciennes_regions"), ""}
			}},
	}
}

func commune(s *source, row []string) []string {
	return []string{
		s.get(row, "code"), s.get(row, "nom"), s.get(row, "departement"), s.get(row, "epci"), s.get(row, "ept"),
		s.get(row, "population"), s.list(row, "codes_postaux"), s.get(row, "siren"),
		s.scaled(row, "lon", 1e5), s.scaled(row, "lat", 1e5), s.scaled(row, "km2", 100), s.get(row, "pt"),
	}
}

func arrondissement(s *source, row []string) []string {
	return []string{
		s.get(row, "code"), s.get(row, "nom"), s.get(row, "commune"), s.get(row, "population"),
		s.list(row, "codes_postaux"), s.scaled(row, "lon", 1e5), s.scaled(row, "lat", 1e5),
	}
}

// movement starts with the date, so that sorted lines are in order of time.
func movement(s *source, row []string) []string {
	return []string{
		s.get(row, "DATE_EFF"), s.get(row, "MOD"),
		s.get(row, "TYPECOM_AV"), s.get(row, "COM_AV"), s.get(row, "LIBELLE_AV"),
		s.get(row, "TYPECOM_AP"), s.get(row, "COM_AP"), s.get(row, "LIBELLE_AP"),
	}
}
