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
	// WarnUnknownKind: a state or a family that is not known.
	WarnUnknownKind = "unknown_kind"
)

// boampFamilies says what the natures of the BOAMP do.
var boampFamilies = map[string]Nature{
	"APPEL_OFFRE": Call, "QUALIFICATION": Call, "RECTIFICATIF": Call, "ANNULATION": Call,
	"ATTRIBUTION": Award, "EX_ANTE_VOLONTAIRE": Award, "INTENTION_CONCLURE": Award, "MODIFICATION": Award,
	"PRE-INFORMATION": Planning, "PRE_INFORMATION": Planning, "PERIODIQUE": Planning,
}

// The states and families of the BOAMP.
var (
	boampStates = []string{"INITIAL", "RECTIFICATIF", "ANNULATION"}
	boampForms  = []string{"JOUE", "FNS", "MAPA", "DSP", "DIVERS"}
)

// everyDepartement is the number of départements of publication from which a
// notice is taken to concern the whole country.
const everyDepartement = 90

// boamp is one record of the API being read.
type boamp struct {
	*draft
	rec     jnode
	head    map[string]jnode // the fields of rec for a notice that has no flat record
	gestion jnode
	body    jnode        // what is under the root key of donnees, when it is understood
	schema  *boampSchema // of the body; never nil once it was opened
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

// readBOAMP reads a record of the BOAMP API v2.1: the flat fields, gestion and
// the full text (donnees), where they are there.
func readBOAMP(rec jnode, places *Places) (*Notice, error) {
	b := &boamp{draft: newDraft(BOAMP, places), rec: unwrapBOAMP(rec)}
	b.gestion = b.inner("gestion")
	return b.read(b.inner("donnees"))
}

// read reads the notice whose full text is donnees.
func (b *boamp) read(donnees jnode) (*Notice, error) {
	b.openRecord()
	if root := eFormsNode(donnees); root != nil {
		return b.readForms(root)
	}
	if err := b.identity(); err != nil {
		return nil, err
	}
	b.openBody(donnees)
	b.buyer()
	b.object()
	b.place()
	b.deadline()
	b.social()
	b.related()
	return b.finishRecord()
}

func (b *boamp) finishRecord() (*Notice, error) {
	page := b.field("url_avis")
	b.link(&b.Links.Official, "links.official", page.str(), page.path)
	return b.finish()
}

// field is a field of the flat record, wherever it was found.
func (b *boamp) field(name string) jnode {
	if b.head != nil {
		return b.head[name]
	}
	return b.rec.at(name)
}

func (b *boamp) identity() error {
	id, folder, family := b.field("idweb"), b.field("contractfolderid"), b.field("famille")
	b.fill(&b.ID, "id", id.str(), id.path)
	b.fill(&b.Procedure, "procedure", folder.str(), folder.path)
	kind := b.field("nature")
	nature, state := kind.str(), b.field("etat").str()
	does, ok := boampFamilies[nature]
	if !ok {
		return refuse(RefusedKind, "the nature %q of the BOAMP is not known", nature)
	}
	if strings.HasPrefix(b.field("nature_categorise").str(), "attribution") {
		does = Award
	}
	b.Form = Form{Type: strings.Trim(nature+"/"+state, "/"), Subtype: family.str(), Family: does}
	b.from("form.type", kind.path)
	b.from("form.subtype", family.path)
	b.Nature = does
	switch {
	case nature == "ANNULATION" || state == "ANNULATION":
		b.Nature = Cancellation
	case nature == "RECTIFICATIF" || state == "RECTIFICATIF":
		b.Nature = Correction
	}
	b.from("nature", kind.path)
	b.unknownKind("etat", b.field("etat"), boampStates)
	b.unknownKind("famille", family, boampForms)
	day := b.field("dateparution")
	b.Published = ""
	b.fill(&b.Published, "published", civilDate(day.str()), day.path)
	b.Language = firstNonEmpty(b.Language, "FRA")
	return nil
}

// unknownKind says and keeps a state or a family that no notice had so far: what
// the notice does may then be something else than it seems.
func (b *boamp) unknownKind(field string, n jnode, known []string) {
	if n.str() != "" && !slices.Contains(known, n.str()) {
		b.warn(WarnUnknownKind, "nature", "the %s %.40q of the BOAMP is not known", field, n.str())
		b.setAside(field, n.v)
	}
}

// inner decodes a field that is JSON in a string; absent when it is empty.
func (b *boamp) inner(name string) jnode {
	j := b.rec.at(name)
	if text, ok := j.v.(string); ok {
		if strings.TrimSpace(text) == "" {
			return jnode{}
		}
		inner, err := readJSON([]byte(text), j.path)
		if err != nil {
			b.warn(WarnBody, name, "the text of %s is no JSON: %v", name, err)
			b.setAside(name, text)
		}
		return inner
	}
	return j
}

// section is the part of a MAPA that describes the contract: initial, or what a
// correction repeats of it.
func (b *boamp) section() jnode {
	if b.schema == nil {
		return jnode{}
	}
	if len(b.schema.sections) == 0 {
		return b.body
	}
	for _, key := range b.schema.sections {
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
	b.Buyer.Country = firstNonEmpty(b.Buyer.Country, "FRA")
	flat := b.field("nomacheteur")
	name, path := flat.str(), flat.path
	var body jnode
	if b.schema != nil {
		body = b.body.one(b.schema.buyer)
		for _, id := range b.body.at(b.schema.organisation).deep(b.schema.identifiers...) {
			b.setBuyerID(id.str(), id.path)
		}
	}
	if name == "" || (isCourt(name) && body.str() != "") {
		name, path = body.str(), body.path
	}
	b.fill(&b.Buyer.Name, "buyer.name", b.clean("buyer.name", name), path)
	b.holders()
	if isCourt(b.Buyer.Name) {
		b.warn(WarnBuyerIsCourt, "buyer.name", "the buyer given is a court")
	}
}

// holders reads those of the decisions or, without any, of the record.
func (b *boamp) holders() {
	if b.schema != nil && b.schema.winners != "" {
		for _, decision := range b.section().one([]string{b.schema.winners}).list() {
			lot := decision.one([]string{"NUM_LOT", "numLot"}).str()
			for _, holder := range append(decision.at("TITULAIRE").list(), decision.at("titulaire").list()...) {
				name := holder.one([]string{"DENOMINATION", "denomination", "nom", "raisonSociale"})
				b.addWinner(Winner{Name: b.clean("winners", name.str()), Lot: lot}, holder.one([]string{"SIRET", "siret"}).str(), name.path)
			}
		}
	}
	if len(b.Winners) > 0 {
		return
	}
	for _, w := range b.field("titulaire").list() {
		b.addWinner(Winner{Name: b.clean("winners", w.str())}, "", w.path)
	}
}

// maxObjet is where the BOAMP cuts the title of a record.
const maxObjet = 200

func (b *boamp) object() {
	b.wording()
	section := b.section()
	for _, code := range section.at("OBJET", "CPV").deep(boampCPV...) {
		b.addCPV(&b.CPV, "cpv", code.str(), code.path)
	}
	if len(b.CPV) == 0 && b.schema != &schemaUpper {
		// The main code first: those of the lots would come before, by their name.
		for _, code := range append(section.at("natureMarche").deep(boampCPV...), section.deep(boampCPV...)...) {
			b.addCPV(&b.CPV, "cpv", code.str(), code.path)
		}
	}
	if b.schema != nil {
		raw, currency, path := section.amount(b.schema.value)
		b.Value = b.money("value", raw, currency, path)
	}
	for _, code := range b.field("descripteur_code").list() {
		if s := code.str(); s != "" && !slices.Contains(b.Descriptors, s) {
			b.Descriptors = append(b.Descriptors, s)
			b.from("descriptors", b.field("descripteur_code").path)
		}
	}
	if b.schema == nil {
		return
	}
	parts := section.one([]string{b.schema.lots}).list()
	for i, part := range parts[:min(len(parts), maxLots+1)] {
		b.Lots = append(b.Lots, b.lot(i, part))
	}
}

// wording reads the title and the description. The title of the full text is
// whole; that of the record may be cut.
func (b *boamp) wording() {
	var full, name jnode
	if b.schema != nil {
		full, name = b.section().one(b.schema.text), b.section().one(b.schema.title)
	}
	b.fill(&b.Title, "title", b.clean("title", name.str()), name.path)
	flat := b.field("objet")
	title, path := b.clean("title", flat.str()), flat.path
	long := b.clean("description", full.str())
	if cut := utf8.RuneCountInString(title) >= maxObjet-1; cut || title == "" {
		if n := utf8.RuneCountInString(long); n > utf8.RuneCountInString(title) && n <= maxTitle {
			title, path = long, full.path
		} else if cut && b.Title == "" {
			b.warn(WarnTitleCut, "title", "the title may be cut at %d characters", maxObjet)
		}
	}
	b.fill(&b.Title, "title", title, path)
	b.fill(&b.Description, "description", long, full.path)
}

func (b *boamp) lot(i int, part jnode) Lot {
	prefix := fmt.Sprintf("lots[%d].", i)
	number := part.one(boampLot.number)
	lot := newLot(firstNonEmpty(number.str(), fmt.Sprint(i+1)))
	b.from(prefix+"id", firstNonEmpty(number.path, part.path))
	for _, key := range boampLot.title {
		n := part.at(key)
		if strings.EqualFold(key, "description") && utf8.RuneCountInString(n.str()) > maxObjet {
			continue // no title, and the lot takes that of the notice
		}
		b.fill(&lot.Title, prefix+"title", b.clean(prefix+"title", n.str()), n.path)
	}
	n := part.one(boampLot.text)
	b.fill(&lot.Description, prefix+"description", b.clean(prefix+"description", n.str()), n.path)
	for _, code := range part.deep(boampCPV...) {
		b.addCPV(&lot.CPV, prefix+"cpv", code.str(), code.path)
	}
	raw, currency, path := part.amount(boampLot.value)
	lot.Value = b.money(prefix+"value", raw, currency, path)
	for _, key := range boampLot.info {
		info := part.at(key)
		b.addText(lot.Texts, prefix, "additional_information", b.clean(prefix+"texts", info.texts()), info.path)
	}
	for _, c := range part.deep(b.schema.criteria...) {
		b.addText(lot.Texts, prefix, "award_criteria", b.clean(prefix+"texts", c.str()), c.path)
	}
	if s, path := b.site(part); !s.empty() || s.text != "" {
		lot.Place = b.draft.place(prefix+"place", s)
		b.from(prefix+"place", path)
	}
	return lot
}

// site is the place of performance that a part of the full text gives: codes,
// towns, and words.
func (b *boamp) site(part jnode) (s sight, path string) {
	s.basis = ByPerformance
	for _, n := range part.deep("CODE_NUTS", "codeNUTS") {
		for _, code := range n.list() {
			s.nuts = append(s.nuts, code.str())
			path = firstNonEmpty(path, n.path)
		}
	}
	words := part.one([]string{"LIEU_PRINCIPAL", "lieuExecution", "lieuExecutionLivraison"})
	zip, city := words.at("cp").str(), words.at("ville").str()
	if zip != "" || city != "" {
		s.towns = append(s.towns, town{name: city, postcode: zip})
	}
	s.text = b.clean("place", words.texts())
	s.anywhere = saysCountry(s.text)
	return s, firstNonEmpty(path, words.path)
}

// place takes, in this order: the place of performance of the full text, the
// départements of performance, and only then those of publication, which say
// where a notice was printed and are flagged as an assumption.
func (b *boamp) place() {
	s, path := sight{basis: ByPerformance}, ""
	if b.schema != nil {
		s, path = b.performed(b.section().one(b.schema.places))
	}
	if s.empty() {
		if union := b.places.union(lotPlaces(b.Lots)); union.Scope != PlaceUnknown {
			b.Place = union
			b.from("place", b.Provenance["lots[0].place"])
			return
		}
	}
	if s.empty() {
		performed := b.field("code_departement_prestation")
		s.departements, path = b.departements(performed), performed.path
	}
	if s.empty() {
		published := b.field("code_departement")
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
}

// performed is the place of performance of the whole contract.
func (b *boamp) performed(site jnode) (sight, string) {
	s, path := sight{basis: ByPerformance}, site.path
	zip, city := site.one([]string{"cp", "CP"}).str(), site.one([]string{"ville", "VILLE"}).str()
	if zip != "" || city != "" {
		s.towns = []town{{name: city, postcode: zip}}
	}
	codes := site.one([]string{"CODE_NUTS", "codeNUTS"})
	for _, code := range codes.list() {
		s.nuts = append(s.nuts, code.str())
	}
	if len(s.nuts) == 0 || len(s.towns) > 0 {
		s.text = b.clean("place", site.texts())
	}
	s.anywhere = saysCountry(s.text)
	return s, path
}

func lotPlaces(lots []Lot) (places []Place) {
	for _, l := range lots {
		places = append(places, l.Place)
	}
	return places
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
	flat, record := b.clockAt(b.field("datelimitereponse"))
	if b.schema != nil {
		if full, ok := b.clockAt(b.section().one(b.schema.deadline)); ok {
			if record && !flat.wall.Equal(full.wall) {
				b.warn(WarnDeadlineConflict, "deadline", "the record prints %s, the full text %s", flat.wall.Format(wallLayout), full.wall.Format(wallLayout))
			}
			flat, record = full, true
		}
	}
	if record {
		b.keepClock(flat)
	}
}

// clockAt is the limit that a field prints, false when it prints none.
func (b *boamp) clockAt(n jnode) (clock, bool) {
	if n.str() == "" {
		return clock{}, false
	}
	p, err := parsePrinted(n.str())
	if err != nil {
		b.warn(WarnBadDate, "deadline", "%v", err)
		return clock{}, false
	}
	return clock{printed: p, lot: wholeNotice, utcIsLabel: b.Form.Subtype != "JOUE", path: n.path}, true
}

var reservedKey = regexp.MustCompile(`(?i)^(?:march?e_?reserve|reservation_?march?e)`)

// social keeps the criterion flag of the record, the reservation of the full
// text, and the passages where clauses are written.
func (b *boamp) social() {
	for _, c := range b.field("criteres").list() {
		if c.str() == "sociaux" {
			b.flag("", ToConfirm, c.path, "sociaux")
		}
	}
	section := b.section()
	section.walk(func(key string, j jnode) {
		no := j.v == false || j.at("non").v != nil || strings.EqualFold(j.str(), "false") || strings.EqualFold(j.str(), "non") || strings.HasSuffix(strings.ToUpper(key), "_NON")
		if reservedKey.MatchString(key) && !no {
			b.flag("", Reserved, j.path, key)
		}
	})
	if b.schema == nil {
		return
	}
	for _, p := range b.schema.passages {
		from := section.one([]string{p.path})
		b.addText(b.Texts, "", p.name, b.clean("texts."+p.name, from.texts()), from.path)
	}
	for _, c := range b.criteria(section) {
		b.addText(b.Texts, "", "award_criteria", b.clean("texts.award_criteria", c.str()), c.path)
	}
}

// criteria lists those of the whole contract.
func (b *boamp) criteria(section jnode) []jnode {
	for _, key := range []string{"criteres", "PROCEDURE", "procedure"} {
		if found := section.at(key).deep(b.schema.criteria...); len(found) > 0 {
			return found
		}
	}
	return nil
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
		linked := b.field(field)
		for _, id := range idweb.FindAllString(linked.texts(), -1) {
			if id != b.ID {
				b.relate(Reference{relation, BOAMP, id, ""}, linked.path)
			}
		}
	}
	for _, before := range b.gestion.at("MARCHE", "ANNONCE_ANTERIEUR").list() {
		id := before.at("REFERENCE", "IDWEB")
		if id.str() != b.ID {
			b.relate(Reference{relation, BOAMP, id.str(), ""}, id.path)
		}
	}
	for _, d := range b.body.deep("document") {
		b.link(&b.Links.Documents, "links.documents", d.at("coord", "url").str(), d.path)
	}
	if b.schema == nil {
		return
	}
	documents, submission := b.body.one(b.schema.documents), b.body.one(b.schema.submission)
	b.link(&b.Links.Documents, "links.documents", documents.str(), documents.path)
	b.link(&b.Links.Submission, "links.submission", submission.str(), submission.path)
}
