package tenders

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Warnings of the BOAMP reader.
const (
	// WarnBody: the full text (donnees) has a structure that is not read yet.
	WarnBody = "body_not_understood"
	// WarnTitleCut: the title is cut by the publisher at 200 characters.
	WarnTitleCut = "title_cut"
	// WarnRepaired: "?" stood for œ or an apostrophe and was put back.
	WarnRepaired = "repaired_characters"
	// WarnDeadlineConflict: the record and the full text print two deadlines.
	WarnDeadlineConflict = "deadline_conflict"
)

// boampFamilies says what the natures of the BOAMP do.
var boampFamilies = map[string]Nature{
	"APPEL_OFFRE": Call, "QUALIFICATION": Call, "RECTIFICATIF": Call, "ANNULATION": Call,
	"ATTRIBUTION": Award, "EX_ANTE_VOLONTAIRE": Award, "INTENTION_CONCLURE": Award, "MODIFICATION": Award,
	"PRE-INFORMATION": Planning, "PRE_INFORMATION": Planning, "PERIODIQUE": Planning,
}

// everyDepartement is the number of départements of publication from which a
// notice is taken to concern the whole country.
const everyDepartement = 90

// boamp is one record of the API being read.
type boamp struct {
	*draft
	rec  jnode
	body jnode // what is under the root key of donnees, when it is understood
	zone string
}

// isBOAMP recognises a record of the BOAMP API, bare or in the envelope of its
// first version.
func isBOAMP(rec jnode) bool { return unwrapBOAMP(rec).at("idweb").str() != "" }

func unwrapBOAMP(rec jnode) jnode {
	for _, path := range [][]string{{"fields"}, {"record", "fields"}} {
		if inner := rec.at(path...); inner.v != nil {
			return inner
		}
	}
	return rec
}

// readBOAMP reads a record of the BOAMP API v2.1: the flat fields and, when
// donnees is there and of the MAPA schema, the full text.
func readBOAMP(rec jnode, places *Places) (*Notice, error) {
	b := &boamp{draft: newDraft(BOAMP, places), rec: unwrapBOAMP(rec)}
	if err := b.identity(); err != nil {
		return nil, err
	}
	b.openBody()
	b.buyer()
	b.object()
	b.place()
	b.deadline()
	b.social()
	b.related()
	b.link(&b.Links.Official, "links.official", b.rec.at("url_avis").str(), "/url_avis")
	return b.finish()
}

func (b *boamp) identity() error {
	b.fill(&b.ID, "id", b.rec.at("idweb").str(), "/idweb")
	b.fill(&b.Procedure, "procedure", b.rec.at("contractfolderid").str(), "/contractfolderid")
	nature, state := b.rec.at("nature").str(), b.rec.at("etat").str()
	family, ok := boampFamilies[nature]
	if !ok {
		return refuse(RefusedKind, "the nature %q of the BOAMP is not known", nature)
	}
	if strings.HasPrefix(b.rec.at("nature_categorise").str(), "attribution") {
		family = Award
	}
	b.Form = Form{Type: strings.Trim(nature+"/"+state, "/"), Subtype: b.rec.at("famille").str(), Family: family}
	b.from("form.type", "/nature")
	b.from("form.subtype", "/famille")
	b.Nature = family
	switch {
	case nature == "ANNULATION" || state == "ANNULATION":
		b.Nature = Cancellation
	case nature == "RECTIFICATIF" || state == "RECTIFICATIF":
		b.Nature = Correction
	}
	b.from("nature", "/nature")
	b.fill(&b.Published, "published", civilDate(b.rec.at("dateparution").str()), "/dateparution")
	b.Language = "FRA"
	return nil
}

// openBody decodes donnees, which is JSON in a string. A schema that is not
// read yet stays in the raw record and is counted through its warning.
func (b *boamp) openBody() {
	donnees := b.rec.at("donnees")
	if text, ok := donnees.v.(string); ok && strings.TrimSpace(text) != "" {
		inner, err := readJSON([]byte(text), donnees.path)
		if err != nil {
			b.warn(WarnBody, "donnees", "the full text is no JSON: %v", err)
			return
		}
		donnees = inner
	}
	if donnees.v == nil || donnees.v == "" {
		return
	}
	if b.body = donnees.at("MAPA"); b.body.v == nil {
		b.warn(WarnBody, "donnees", "the full text has the schema %q, read later", strings.Join(donnees.keys(), ","))
	}
}

// section is the part of a MAPA that describes the contract: initial, or what a
// correction repeats of it.
func (b *boamp) section() jnode {
	for _, key := range []string{"initial", "rectificatif", "annulation", "attribution"} {
		if s := b.body.at(key); s.v != nil {
			return s
		}
	}
	return jnode{}
}

// clean puts back lost characters in a text of the record.
func (b *boamp) clean(field, text string) string {
	fixed, changed := restoreMarks(text)
	if changed {
		b.warn(WarnRepaired, field, "a lost œ or apostrophe was put back")
	}
	return fixed
}

func (b *boamp) buyer() {
	b.Buyer.Country = "FRA"
	name, path := b.rec.at("nomacheteur").str(), "/nomacheteur"
	body := b.body.at("organisme", "acheteurPublic")
	if name == "" || (isCourt(name) && body.str() != "") {
		name, path = body.str(), body.path
	}
	b.fill(&b.Buyer.Name, "buyer.name", b.clean("buyer.name", name), path)
	for _, id := range b.body.at("organisme").deep("siret", "SIRET", "codeIdentificationNational", "numeroNationalIdentification") {
		b.setBuyerID(id.str(), id.path)
	}
	for _, w := range b.rec.at("titulaire").list() {
		b.addWinner(Winner{Name: b.clean("winners", w.str())}, "", w.path)
	}
	if isCourt(b.Buyer.Name) {
		b.warn(WarnBuyerIsCourt, "buyer.name", "the buyer given is a court")
	}
}

// maxObjet is where the BOAMP cuts the title of a record.
const maxObjet = 200

func (b *boamp) object() {
	flat, full := b.rec.at("objet"), b.section().at("description", "objet")
	title, path := b.clean("title", flat.str()), flat.path
	long := b.clean("description", full.str())
	if cut := utf8.RuneCountInString(title) >= maxObjet-1; cut || title == "" {
		if utf8.RuneCountInString(long) > utf8.RuneCountInString(title) {
			title, path = long, full.path
		} else if cut {
			b.warn(WarnTitleCut, "title", "the title may be cut at %d characters", maxObjet)
		}
	}
	b.fill(&b.Title, "title", title, path)
	b.fill(&b.Description, "description", long, full.path)
	for _, code := range b.section().deep("classPrincipale", "codeCPV", "cpv", "CPV") {
		if s := code.str(); s != "" {
			b.addCPV(&b.CPV, "cpv", s, code.path)
		}
	}
	for _, code := range b.rec.at("descripteur_code").list() {
		if s := code.str(); s != "" && !slices.Contains(b.Descriptors, s) {
			b.Descriptors = append(b.Descriptors, s)
			b.from("descriptors", "/descripteur_code")
		}
	}
	parts := b.section().at("lots", "lot").list()
	for i, part := range parts[:min(len(parts), maxLots+1)] {
		b.Lots = append(b.Lots, b.lot(i, part))
	}
}

func (b *boamp) lot(i int, part jnode) Lot {
	prefix := fmt.Sprintf("lots[%d].", i)
	number := part.at("numLot")
	lot := newLot(firstNonEmpty(number.str(), fmt.Sprint(i+1)))
	b.from(prefix+"id", firstNonEmpty(number.path, part.path))
	for _, key := range []string{"intitule", "objet", "description"} {
		n := part.at(key)
		b.fill(&lot.Title, prefix+"title", b.clean(prefix+"title", n.str()), n.path)
	}
	n := part.at("description")
	b.fill(&lot.Description, prefix+"description", b.clean(prefix+"description", n.str()), n.path)
	for _, code := range part.deep("classPrincipale", "codeCPV", "cpv", "CPV") {
		if s := code.str(); s != "" {
			b.addCPV(&lot.CPV, prefix+"cpv", s, code.path)
		}
	}
	return lot
}

// place takes, in this order: the place of performance of the full text, the
// départements of performance, and only then those of publication, which say
// where a notice was printed and are flagged as an assumption.
func (b *boamp) place() {
	s, path := sight{basis: ByPerformance}, ""
	site := b.section().at("description", "lieuExecutionLivraison")
	if zip, city := site.at("cp").str(), site.at("ville").str(); zip != "" || city != "" {
		s.towns, path = []town{{city, zip}}, site.path
	}
	s.text = b.clean("place", site.texts())
	if s.empty() {
		performed := b.rec.at("code_departement_prestation")
		s.departements, path = b.departements(performed), performed.path
	}
	if s.empty() {
		published := b.rec.at("code_departement")
		s.departements, path, s.basis = b.departements(published), published.path, ByPublication
		if len(s.departements) > 0 {
			b.warn(WarnPublicationPlace, "place", "only the départements of publication are known")
		}
	}
	if len(s.departements) >= everyDepartement {
		s.anywhere = true
	}
	b.Place = b.draft.place("place", s)
	if b.Place.Scope != PlaceUnknown {
		b.from("place", path)
	}
	b.zone = b.places.zone(b.Place.Departements)
	if len(b.Place.Departements) == 0 {
		b.zone = b.places.zone(s.departements)
	}
}

// WarnBadDepartement: a code that is no département.
const WarnBadDepartement = "bad_departement"

func (b *boamp) departements(codes jnode) (list []string) {
	for _, raw := range codes.list() {
		code := b.places.departement(raw.str())
		if code == "" {
			b.warn(WarnBadDepartement, "place", "no département %.10q", raw.str())
			continue
		}
		list = append(list, code)
	}
	return sortedSet(list)
}

// deadline prefers the wall clock of the full text. In the record, only JOUE
// notices are in UTC; the others are Paris clocks labelled so (trap 1).
func (b *boamp) deadline() {
	flat := b.rec.at("datelimitereponse")
	how := reading{zone: b.zone, utcIsLabel: b.Form.Subtype != "JOUE"}
	if flat.str() != "" {
		if p, err := parsePrinted(flat.str()); err != nil {
			b.warn(WarnBadDate, "deadline", "%v", err)
		} else {
			b.Deadline = p.deadline(how)
			b.from("deadline", flat.path)
		}
	}
	full := b.section().at("delais", "receptionOffres")
	if full.str() == "" {
		return
	}
	p, err := parsePrinted(full.str())
	if err != nil {
		b.warn(WarnBadDate, "deadline", "%v", err)
		return
	}
	if b.Deadline != nil && b.Deadline.Wall != p.wall.Format(wallLayout) {
		b.warn(WarnDeadlineConflict, "deadline", "the record prints %s, the full text %s", b.Deadline.Wall, p.wall.Format(wallLayout))
	}
	b.Deadline = p.deadline(how)
	b.from("deadline", full.path)
}

var reservedKey = regexp.MustCompile(`(?i)^march?e_?reserve`)

// social keeps the criterion flag of the record, the reservation of the full
// text, and the passages where clauses are written.
func (b *boamp) social() {
	for _, c := range b.rec.at("criteres").list() {
		if c.str() == "sociaux" {
			b.flag("", ToConfirm, c.path, "sociaux")
		}
	}
	section := b.section()
	section.walk(func(key string, j jnode) {
		no := j.at("non").v != nil || strings.EqualFold(j.str(), "non") || strings.HasSuffix(strings.ToUpper(key), "_NON")
		if reservedKey.MatchString(key) && !no {
			b.flag("", Reserved, j.path, key)
		}
	})
	passages := []struct {
		name string
		from jnode
	}{
		{"additional_information", section.at("renseignements", "rensgComplt")},
		{"conditions", section.at("conditions")},
		{"characteristics", section.at("caracteristiques")},
		{"change", section.at("rectification")},
	}
	for _, p := range passages {
		b.addText(b.Texts, "", p.name, b.clean("texts."+p.name, p.from.texts()), p.from.path)
	}
	for _, c := range section.at("criteres").deep("critere") {
		b.addText(b.Texts, "", "award_criteria", b.clean("texts.award_criteria", c.str()), c.path)
	}
}

var idweb = regexp.MustCompile(`\b\d{2}-\d{1,7}\b`)

// related finds the earlier notices: in the full text, because the fields of
// the record made for it are empty in practice.
func (b *boamp) related() {
	relation := Follows
	if b.Nature == Correction || b.Nature == Cancellation {
		relation = Changes
	}
	for _, first := range b.body.deep("avisInitial") {
		for _, id := range first.deep("idWeb", "idweb", "IDWEB") {
			b.relate(Reference{relation, BOAMP, id.str(), ""}, id.path)
		}
	}
	for _, field := range []string{"annonce_lie", "annonces_anterieures"} {
		linked := b.rec.at(field)
		for _, id := range idweb.FindAllString(linked.texts(), -1) {
			if id != b.ID {
				b.relate(Reference{relation, BOAMP, id, ""}, linked.path)
			}
		}
	}
	docs := b.body.deep("document")
	for _, d := range docs {
		b.link(&b.Links.Documents, "links.documents", d.at("coord", "url").str(), d.path)
	}
	profile := b.body.at("organisme", "urlProfilAcheteur")
	b.link(&b.Links.Documents, "links.documents", profile.str(), profile.path)
	b.link(&b.Links.Submission, "links.submission", profile.str(), profile.path)
}
