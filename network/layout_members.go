package network

import (
	"slices"
	"strconv"
	"strings"

	"maillage/internal/sheet"
	"maillage/nomenclatures"
	"maillage/territories"
)

// repeats is how many activities, and how many statuses, one row can hold: the
// columns of the second end with _2, and so on.
const repeats = 9

// membersLayout is ours, in French, described in docs/import-membres.md.
func membersLayout() layout {
	single := []string{
		"siret", "type", "nom", "enseigne", "naf", "adresse", "code_postal", "commune", "code_insee", "longitude", "latitude",
		"site_web", "courriel", "telephone", "description", "ess_depuis", "actif", "reseaux", "certifications",
	}
	repeated := append(activityColumns(), statusColumns()...)
	return layout{
		name:     "members",
		required: []string{"siret", "type", "nom"},
		knows: func(c string) bool {
			if slices.Contains(single, c) || slices.Contains(repeated, c) {
				return true
			}
			base, suffix, ok := cutLast(c)
			n, err := strconv.Atoi(suffix)
			return ok && err == nil && n >= 2 && n <= repeats && slices.Contains(repeated, base)
		},
		read: readMember,
	}
}

func activityColumns() []string {
	return []string{"activite", "secteurs", "cpv", "metiers", "modes", "zone", "etp", "heures", "montant"}
}

func statusColumns() []string {
	return []string{"statut", "statut_debut", "statut_fin", "statut_etp", "statut_part", "statut_preuve"}
}

func cutLast(column string) (base, suffix string, ok bool) {
	i := strings.LastIndexByte(column, '_')
	if i < 0 {
		return column, "", false
	}
	return column[:i], column[i+1:], true
}

func readMember(r *rowReader) {
	r.identity("siret", "type")
	for field, column := range map[string]string{
		"name": "nom", "brand": "enseigne", "website": "site_web", "email": "courriel", "phone": "telephone", "description": "description",
	} {
		r.say(field, column)
	}
	r.naf("naf")
	if since := r.date("ess_depuis"); since != "" {
		r.e.said["ess_since"] = since
	}
	r.place("adresse", "code_postal", "commune", "longitude", "latitude")
	r.commune("code_insee")
	r.activeCell("actif")
	r.networks("reseaux")
	r.certified("certifications")
	for n := 1; n <= repeats; n++ {
		suffix := ""
		if n > 1 {
			suffix = "_" + strconv.Itoa(n)
		}
		r.activity(suffix)
		r.status(suffix)
	}
	if r.e.said["name"] == "" {
		r.refuse("nom", "il manque", "it is missing")
	}
	r.tidyTexts()
}

// commune reads an INSEE code: where it is given, it places the site.
func (r *rowReader) commune(column string) {
	raw := r.cell(column)
	if raw == "" || raw == erased {
		return
	}
	if len(raw) == 4 {
		raw = "0" + raw
	}
	code, err := territories.ParseCommuneCode(raw)
	if err == nil {
		if _, ok := r.atlas.Ordinal(code); ok {
			r.e.insee = code
			if r.e.site == nil {
				r.e.site = &Site{Main: true}
			}
			return
		}
	}
	r.e.find("unknown_commune", raw)
}

func (r *rowReader) activeCell(column string) {
	switch territories.Fold(r.cell(column)) {
	case "":
	case "oui", "o", "1", "vrai", "true", "yes":
		yes := true
		r.e.active = &yes
	case "non", "n", "0", "faux", "false", "no":
		no := false
		r.e.active = &no
	default:
		r.refuse(column, "oui ou non est attendu", "oui (yes) or non (no) is expected")
	}
}

func (r *rowReader) networks(column string) {
	for _, raw := range r.list(column) {
		siret, err := ParseSIRET(raw)
		if err != nil {
			r.refuse(column, "« "+raw+" » n’est pas le SIRET d’un réseau", "“"+raw+"” is not the SIRET of a network")
			continue
		}
		r.e.networks = append(r.e.networks, siret)
	}
}

// certified reads "cedre" or "iso9001:2025-01-01:2027-12-31".
func (r *rowReader) certified(column string) {
	for _, raw := range r.list(column) {
		parts := strings.Split(raw, ":")
		c := Certification{Code: strings.ToLower(strings.TrimSpace(parts[0]))}
		ok := len(parts) <= 3 && c.Code != ""
		for i, to := range []*string{&c.From, &c.Until} {
			if len(parts) > i+1 && strings.TrimSpace(parts[i+1]) != "" {
				var read bool
				*to, read = sheet.Date(strings.TrimSpace(parts[i+1]))
				ok = ok && read
			}
		}
		if !ok {
			r.refuse(column, "« "+raw+" » n’est pas compris (code, ou code:début:fin)", "“"+raw+"” is not understood (code, or code:from:until)")
			continue
		}
		r.e.certifications = append(r.e.certifications, c)
	}
}

func (r *rowReader) activity(suffix string) {
	said := slices.ContainsFunc(activityColumns(), func(c string) bool { v := r.cell(c + suffix); return v != "" && v != erased })
	if !said {
		return
	}
	a := Activity{Origin: Declared, ZoneOrigin: Declared, Label: r.cell("activite" + suffix)}
	for _, scheme := range []struct {
		column string
		scheme nomenclatures.Scheme
		fr, en string
	}{
		{"secteurs", nomenclatures.SchemeSector, "un secteur", "a sector"},
		{"cpv", nomenclatures.SchemeCPV, "un code CPV", "a CPV code"},
		{"metiers", nomenclatures.SchemeROME, "un métier ROME", "a ROME occupation"},
	} {
		for _, raw := range r.list(scheme.column + suffix) {
			code, err := nomenclatures.NewCode(scheme.scheme, raw)
			if err != nil {
				near := nearCodes(scheme.scheme, raw)
				r.refuse(scheme.column+suffix, "« "+raw+" » n’est pas "+scheme.fr+near, "“"+raw+"” is not "+scheme.en+near)
				continue
			}
			a.Codes = append(a.Codes, code)
		}
	}
	for _, raw := range r.list("modes" + suffix) {
		mode, ok := parseMode(raw)
		if !ok {
			r.refuse("modes"+suffix, "« "+raw+" » n’est pas un mode de réalisation", "“"+raw+"” is no service mode")
			continue
		}
		a.Modes = append(a.Modes, mode)
	}
	a.Zone = r.zone("zone" + suffix)
	a.FTE, a.Hours, a.Amount = r.number("etp"+suffix), r.number("heures"+suffix), r.number("montant"+suffix)
	r.e.activities = append(r.e.activities, a)
}

// nearCodes proposes what could be meant: " (nettoyage-locaux, pressing ?)".
func nearCodes(scheme nomenclatures.Scheme, words string) string {
	var near []string
	for _, f := range nomenclatures.Search(scheme, words, 3) {
		near = append(near, f.Code.Value+" "+f.Label)
	}
	if len(near) == 0 {
		return ""
	}
	return " (" + strings.Join(near, ", ") + " ?)"
}

// aroundSite stands for the zone of an activity until the site is placed: so
// many kilometres around it. It is no perimeter expression.
const aroundSite = "around:"

// zone reads "30 km" (around the site), words ("Drôme sauf Montélimar") or an expression.
func (r *rowReader) zone(column string) string {
	raw := r.cell(column)
	if raw == "" || raw == erased {
		return ""
	}
	if km, ok := kilometres(raw); ok {
		return aroundSite + strconv.FormatFloat(km, 'f', -1, 64)
	}
	var e territories.Expr
	var err error
	if strings.HasPrefix(raw, "{") {
		e, err = territories.ParseExpr([]byte(raw))
	} else {
		e, err = r.atlas.ParseWords(raw)
	}
	if err == nil {
		_, err = r.atlas.Compile(e)
	}
	if err != nil {
		why := perimeterReason(err)
		r.refuse(column, why.FR, why.EN)
		return ""
	}
	return e.String()
}

func kilometres(s string) (float64, bool) {
	number, ok := strings.CutSuffix(strings.ToLower(strings.ReplaceAll(s, " ", "")), "km")
	if !ok {
		return 0, false
	}
	km, err := strconv.ParseFloat(strings.ReplaceAll(number, ",", "."), 64)
	return km, err == nil && km > 0 && km <= 1000
}

func (r *rowReader) status(suffix string) {
	raw := r.cell("statut" + suffix)
	if raw == "" || raw == erased {
		return
	}
	kind, ok := parseStatus(raw)
	if !ok {
		r.refuse("statut"+suffix, "« "+raw+" » n’est pas un statut", "“"+raw+"” is no legal status")
		return
	}
	s := Status{
		Kind: kind, Origin: Declared, From: r.date("statut_debut" + suffix), Until: r.date("statut_fin" + suffix),
		FTE: r.number("statut_etp" + suffix), Share: r.share("statut_part" + suffix), Proof: r.cell("statut_preuve" + suffix),
	}
	if kind == Equivalent && (s.Share == 0 || s.Proof == "") {
		r.refuse("statut_preuve"+suffix, "une structure équivalente déclare sa part de travailleurs concernés (statut_part) et sa preuve",
			"an equivalent structure declares its share of workers (statut_part) and its proof")
	}
	if s.From != "" && s.Until != "" && s.Until < s.From {
		r.refuse("statut_fin"+suffix, "la fin précède le début", "the end comes before the start")
	}
	r.e.statuses = append(r.e.statuses, s)
}

// share reads "0,55" or "55 %".
func (r *rowReader) share(column string) float64 {
	raw := r.cell(column)
	number, percent := strings.CutSuffix(raw, "%")
	if raw == "" || raw == erased {
		return 0
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(number), ",", "."), 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v >= 0 && v <= 1) {
		r.refuse(column, "« "+raw+" » n’est pas une part (0,55 ou 55 %)", "“"+raw+"” is not a share (0.55 or 55%)")
		return 0
	}
	return v
}

func parseMode(s string) (Mode, bool) {
	folded := strings.ReplaceAll(territories.Fold(s), " ", "_")
	for _, m := range Modes() {
		if string(m) == folded {
			return m, true
		}
	}
	return "", false
}

// parseStatus reads the name of a status or its French words: "Convention ACI", "Agrément EA".
func parseStatus(s string) (StatusKind, bool) {
	folded := strings.ReplaceAll(territories.Fold(s), " ", "_")
	for _, k := range StatusKinds() {
		if string(k) == folded {
			return k, true
		}
	}
	words := map[string]StatusKind{"structure_equivalente": Equivalent, "equivalente": Equivalent, "geiq": LabelGEIQ, "sap": DeclarationSAP,
		"economie_sociale_et_solidaire": StatusESS, "entreprise_de_l_ess": StatusESS, "agrement_esus": StatusESS}
	k, ok := words[folded]
	return k, ok
}
