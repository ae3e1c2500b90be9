package network

import (
	"slices"

	"maillage/nomenclatures"
)

// registerLayout is that of the public register of social enterprises under
// convention: siret, name, brand, kind, naf, address, post_code, city,
// departement, lon, lat, website, description.
func registerLayout() layout {
	columns := []string{
		"siret", "name", "brand", "kind", "naf", "address", "post_code", "city", "departement", "lon", "lat", "website", "description",
	}
	return layout{
		name:     "register",
		required: []string{"siret", "name", "kind", "post_code", "city"},
		knows:    func(c string) bool { return slices.Contains(columns, c) },
		read:     readRegister,
	}
}

func readRegister(r *rowReader) {
	r.identity("siret", "kind")
	r.say("name", "name")
	r.say("brand", "brand")
	r.say("website", "website")
	r.say("description", "description")
	r.naf("naf")
	r.place("address", "post_code", "city", "lon", "lat")
	if r.e.said["name"] == "" {
		r.refuse("name", "il manque", "it is missing")
	}
	r.e.statuses = registered(r.e.kind)
	r.tidyTexts()
}

// registerProof is what a status read from the register refers to.
const registerProof = "registre des structures conventionnées"

// registered is the legal status that being in the register declares. The kind
// of an enterprise gives no right by itself; but this register lists only those
// that the State has under convention (or approves, or labels), so the status
// is declared. Its dates are not in the register: both are unknown, and a
// reservation answered with it is neither met nor missed until the member gives
// them (Status.On says unknown).
func registered(k Kind) []Status {
	kinds := map[Kind]StatusKind{
		KindAI: ConventionAI, KindACI: ConventionACI, KindEI: ConventionEI, KindETTI: ConventionETTI, KindEITI: ConventionEITI,
		KindEA: AgrementEA, KindESAT: AgrementESAT, KindGEIQ: LabelGEIQ,
	}
	if status, ok := kinds[k]; ok {
		return []Status{{Kind: status, Proof: registerProof, Origin: Declared}}
	}
	return nil
}

// naf reads an activity code; one that cannot be read is noticed, not refused.
func (r *rowReader) naf(column string) {
	raw := r.cell(column)
	if raw == "" {
		return
	}
	if raw == erased {
		r.e.said["naf"] = ""
		return
	}
	naf, err := nomenclatures.ParseNAF(raw)
	if err != nil {
		r.e.find("naf", raw)
		return
	}
	r.e.said["naf"] = string(naf)
}
