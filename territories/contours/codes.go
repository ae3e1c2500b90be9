package contours

import (
	"errors"
	"fmt"
	"strings"

	"maillage/internal/fault"
	"maillage/territories"
)

// codeProperties lists where files of a kind keep the code, in small letters: the
// names of IGN's ADMIN EXPRESS, of Etalab's contours, of INSEE's tables and of
// those made from them.
func codeProperties(kind territories.Kind) []string {
	switch kind {
	case territories.KindCommune:
		return []string{"code", "insee_com", "code_insee", "insee", "codgeo", "code_commune", "com", "depcom"}
	case territories.KindEPCI:
		return []string{"code", "code_siren", "siren_epci", "code_epci", "siren", "epci"}
	case territories.KindDepartement:
		return []string{"code", "insee_dep", "code_insee", "code_departement", "code_dept", "dep", "departement"}
	}
	return []string{"code", "insee_reg", "code_insee", "code_region", "reg", "region"}
}

var nameProperties = []string{"nom", "name", "libelle", "nom_officiel", "nom_com", "nom_m", "libgeo"}

func (f feature) name() string {
	for _, p := range nameProperties {
		if f.properties[p] != "" {
			return f.properties[p]
		}
	}
	return ""
}

// normal writes a code as the atlas does: zeros that a spreadsheet ate are back.
func normal(kind territories.Kind, code string) string {
	code = strings.ToUpper(strings.TrimSpace(code))
	width := map[territories.Kind]int{territories.KindCommune: 5, territories.KindEPCI: 9}[kind]
	if width == 0 {
		width = 2
	}
	if code != "" && len(code) < width {
		code = strings.Repeat("0", width-len(code)) + code
	}
	return code
}

// recognise finds which kind the file draws, and in which property its codes are:
// those that give most distinct current codes, names deciding between an old and
// a new meaning of the same number (11 is the Aude and Île-de-France).
func recognise(atlas *territories.Atlas, asked territories.Kind, features []feature) (territories.Kind, string, error) {
	kinds := []territories.Kind{territories.KindCommune, territories.KindEPCI, territories.KindDepartement, territories.KindRegion}
	if asked != "" {
		kinds = []territories.Kind{asked}
	}
	var best, second int
	var kind territories.Kind
	var property string
	for _, k := range kinds {
		score, p := bestProperty(atlas, k, features)
		switch {
		case score > best:
			best, second, kind, property = score, best, k, p
		case score > second:
			second = score
		}
	}
	if best == 0 {
		return "", "", refused("features", "no-codes",
			"Aucun code connu : il faut une propriété « code » (ou insee_com, code_siren, insee_dep, insee_reg).",
			"No known code: a property \"code\" is needed (or insee_com, code_siren, insee_dep, insee_reg).")
	}
	if best == second {
		return "", "", refused("layer", "ambiguous",
			"Ces codes peuvent être ceux de plusieurs échelons : précisez --layer.",
			"These codes may be those of several levels: give --layer.")
	}
	return kind, property, nil
}

func bestProperty(atlas *territories.Atlas, kind territories.Kind, features []feature) (best int, property string) {
	for _, p := range codeProperties(kind) {
		seen := map[string]bool{}
		score := 0
		for _, f := range features {
			code := normal(kind, f.properties[p])
			if code == "" || seen[code] {
				continue
			}
			name, ok := atlas.Name(territories.Ref{Kind: kind, Code: code})
			if !ok {
				continue
			}
			seen[code] = true
			score += 2
			if territories.Fold(name) == territories.Fold(f.name()) {
				score++
			}
		}
		if score > best {
			best, property = score, p
		}
	}
	return best, property
}

// standing is how a code of the file relates to a territory of the atlas.
type standing int

const (
	direct    standing = iota
	part               // a municipal arrondissement, or a half of the Rhône
	inherited          // a commune that is no more
)

// holder finds which territory of the atlas a code of the file belongs to.
func holder(atlas *territories.Atlas, kind territories.Kind, code string, on territories.Date) (string, standing, *wrong) {
	if kind == territories.KindDepartement && (code == "69D" || code == "69M") {
		return "69", part, nil
	}
	if kind == territories.KindCommune {
		return communeHolder(atlas, code, on)
	}
	if _, ok := atlas.Name(territories.Ref{Kind: kind, Code: code}); ok {
		return code, direct, nil
	}
	return "", direct, unknown(atlas, kind, code)
}

func communeHolder(atlas *territories.Atlas, code string, on territories.Date) (string, standing, *wrong) {
	c, err := territories.ParseCommuneCode(code)
	if err != nil {
		return "", direct, wrongf("code", "« %s » n’est pas un code INSEE de commune.", "%q is not the INSEE code of a commune.", code)
	}
	if a, ok := atlas.Arrondissement(c); ok {
		return string(a.Commune), part, nil
	}
	if _, ok := atlas.Ordinal(c); ok {
		return code, direct, nil
	}
	switch now := atlas.Resolve(c, on).Current; len(now) {
	case 0:
		return "", direct, unknown(atlas, territories.KindCommune, code)
	case 1:
		return string(now[0].Code), inherited, nil
	}
	return "", direct, wrongf("shared-out", "%s n’existe plus et plusieurs communes se partagent son territoire : il faut des contours plus récents.",
		"%s is no more and several communes share its territory: newer contours are needed.", code)
}

// unknown says which code was perhaps meant.
func unknown(atlas *territories.Atlas, kind territories.Kind, code string) *wrong {
	_, err := atlas.Of(territories.Ref{Kind: kind, Code: code})
	var missing *territories.UnknownError
	var near []string
	if errors.As(err, &missing) {
		for _, h := range missing.Nearest {
			if h.Ref.Kind == kind {
				near = append(near, fmt.Sprintf("%s (%s)", h.Ref.Code, h.Name))
			}
		}
	}
	if len(near) == 0 {
		return wrongf("unknown-code", "Le code %s ne désigne rien.", "The code %s names nothing.", code)
	}
	list := strings.Join(near, ", ")
	return wrongf("unknown-code", "Le code %s ne désigne rien. Les plus proches : %s.", "The code %s names nothing. The nearest: %s.", code, list)
}

// errNoFeature is for a file without any feature.
var errNoFeature = fault.Invalid(fault.At("features", "empty", "Le fichier ne contient aucun contour.", "The file holds no contour."))
