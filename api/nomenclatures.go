package api

import (
	"context"
	"net/http"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/nomenclatures"
)

// Sector is a trade and the codes that mean it.
type Sector struct {
	Code     string   `json:"code" example:"espaces-verts"`
	Label    Words    `json:"label"`
	Group    Words    `json:"group"`
	Staffing bool     `json:"staffing" doc:"The sector lends staff: its trade is told by occupations."`
	Codes    []string `json:"codes" example:"[\"cpv:77310000\",\"rome:A1203\"]"`
}

// Code is a code of a nomenclature with its label.
type Code struct {
	Code  string `json:"code" example:"cpv:77310000"`
	Label string `json:"label,omitempty" doc:"In French: the nomenclatures are published so."`
}

// CodeFound is a code found from words.
type CodeFound struct {
	Code
	Matched string   `json:"matched" doc:"The wording that answered."`
	Score   float64  `json:"score" doc:"0 to 1, 1 when the wording is the query itself."`
	Sectors []string `json:"sectors" doc:"The sectors that the code leads to, the surest first."`
}

// Closeness is how near two codes are.
type Closeness struct {
	Kinship string  `json:"kinship" enum:"same,parent,child,sibling,sector,group,none" doc:"\"parent\": what is offered is broader than what is asked."`
	Value   float64 `json:"value" doc:"0 to 1, 1 is the same."`
}

func (s *Server) nomenclatures() {
	add(s, Operation{ID: "list-sectors", Method: http.MethodGet, Path: "/v1/sectors", Tag: tagNomenclatures, Action: accounts.NomenclatureRead,
		Summary: "List the sectors", About: "Every sector of the crosswalk, group by group, with the codes that mean it."}, s.listSectors)
	add(s, Operation{ID: "search-codes", Method: http.MethodGet, Path: "/v1/codes", Tag: tagNomenclatures, Action: accounts.NomenclatureRead,
		Summary: "Find codes from everyday words", About: "“élagage” finds the CPV, the occupation and the sector; occupations answer to their job titles."}, s.searchCodes)
	add(s, Operation{ID: "list-aptitudes", Method: http.MethodGet, Path: "/v1/aptitudes", Tag: tagNomenclatures, Action: accounts.NomenclatureRead,
		Summary: "Licences, certificates and skills", About: "The closed list from which what people hold, positions ask and training gives is chosen."}, s.listAptitudes)
	add(s, Operation{ID: "compare-codes", Method: http.MethodGet, Path: "/v1/codes/closeness", Tag: tagNomenclatures, Action: accounts.NomenclatureRead,
		Summary: "How close two codes are", About: "Of any two schemes, through the crosswalk."}, s.compareCodes)
}

func (s *Server) listSectors(context.Context, *Empty) (*Found[[]Sector], error) {
	var out []Sector
	for _, x := range nomenclatures.Sectors() {
		v := Sector{Code: string(x.Code), Label: Words{x.FR, x.EN}, Group: Words{x.GroupFR, x.GroupEN}, Staffing: x.Staffing, Codes: []string{}}
		for _, c := range x.CPV {
			v.Codes = append(v.Codes, c.Code().String())
		}
		for _, c := range x.NAF {
			v.Codes = append(v.Codes, c.Code().String())
		}
		for _, c := range x.ROME {
			v.Codes = append(v.Codes, c.Code().String())
		}
		for _, c := range x.Descriptors {
			v.Codes = append(v.Codes, c.Code().String())
		}
		out = append(out, v)
	}
	return found(out), nil
}

func (s *Server) searchCodes(_ context.Context, in *struct {
	Q      string `query:"q" required:"true" minLength:"1" maxLength:"200" example:"élagage"`
	Scheme string `query:"scheme" enum:"sector,cpv,naf,rome,descriptor" default:"cpv"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}) (*Found[[]CodeFound], error) {
	out := []CodeFound{}
	for _, f := range nomenclatures.Search(nomenclatures.Scheme(in.Scheme), in.Q, in.Limit) {
		v := CodeFound{Code: Code{f.Code.String(), f.Label}, Matched: f.Matched, Score: f.Score, Sectors: []string{}}
		for _, x := range nomenclatures.SectorsOf(f.Code) {
			v.Sectors = append(v.Sectors, string(x))
		}
		out = append(out, v)
	}
	return found(out), nil
}

func (s *Server) compareCodes(_ context.Context, in *struct {
	Offered string `query:"offered" required:"true" maxLength:"120" example:"sector:espaces-verts"`
	Asked   string `query:"asked" required:"true" maxLength:"120" example:"cpv:77310000"`
}) (*Found[Closeness], error) {
	codes, err := parseCodes("query.", map[string]string{"offered": in.Offered, "asked": in.Asked})
	if err != nil {
		return nil, err
	}
	kinship, value := nomenclatures.Closeness(codes["offered"], codes["asked"])
	return found(Closeness{Kinship: string(kinship), Value: value}), nil
}

func parseCodes(prefix string, texts map[string]string) (map[string]nomenclatures.Code, error) {
	out := map[string]nomenclatures.Code{}
	var faults []fault.Field
	for _, name := range []string{"offered", "asked"} {
		c, err := nomenclatures.ParseCode(texts[name])
		if err != nil {
			faults = append(faults, badCode(prefix+name, texts[name]))
		}
		out[name] = c
	}
	if len(faults) > 0 {
		return nil, fault.Invalid(faults...)
	}
	return out, nil
}

func badCode(path, text string) fault.Field {
	return fault.At(path, "unknown", "« "+text+" » n’est pas un code connu (écrivez cpv:77310000).", "“"+text+"” is not a known code (write cpv:77310000).")
}

// codesOf reads codes written scheme:value; each that is not one is located.
func codesOf(path string, texts []string) ([]nomenclatures.Code, []fault.Field) {
	out := make([]nomenclatures.Code, 0, len(texts))
	var faults []fault.Field
	for i, text := range texts {
		c, err := nomenclatures.ParseCode(text)
		if err != nil {
			faults = append(faults, badCode(at(path, i), text))
			continue
		}
		out = append(out, c)
	}
	return out, faults
}

func showCodes(codes []nomenclatures.Code) []Code {
	out := make([]Code, 0, len(codes))
	for _, c := range codes {
		out = append(out, Code{c.String(), c.Label()})
	}
	return out
}
