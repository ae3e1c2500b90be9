package tenders

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"maillage/nomenclatures"
)

// SectorBasis says what a sector was read from.
type SectorBasis string

const (
	// FromCPV: a code of the common vocabulary; words are then not read.
	FromCPV SectorBasis = "cpv"
	// FromDescriptors: keywords that the BOAMP gives.
	FromDescriptors SectorBasis = "descriptors"
	// FromWords: the words of the notice.
	FromWords SectorBasis = "words"
	// FromBoth: descriptors and words agree.
	FromBoth SectorBasis = "descriptors_words"
)

// Classified is a sector that a notice or a lot concerns.
type Classified struct {
	// Sector is a code of the nomenclatures.
	Sector string `json:"sector"`
	// Confidence is in 0..1; docs/classification.md gives the rule and how often it is right.
	Confidence float64        `json:"confidence"`
	Basis      SectorBasis    `json:"basis"`
	Evidence   []SectorReason `json:"evidence"`
}

// SectorReason is a code or a passage that names a sector. For a code, Field is
// "cpv", "lots[0].cpv" or "descriptors", Quote the code, Start and End are 0. For
// words, the characters [Start,End) of Field are Quote exactly.
type SectorReason struct {
	Field string `json:"field"`
	Quote string `json:"quote"`
	// Start and End count characters (Unicode code points), not bytes.
	Start int `json:"start"`
	End   int `json:"end"`
}

// The rule. Confidences are of one clue; clues of different kinds are joined as
// independent ones, 1-(1-a)(1-b), and what is doubtful is shown but is not a
// sector of the notice. docs/classification.md says how often that is right.
const (
	sureCPV          = 0.95 // the code is of the trade alone
	looseCode        = 0.35 // the code may be of the trade
	sureDescriptor   = 0.75
	sharedDescriptor = 0.55 // one of the several trades of a descriptor
	descriptionShare = 0.55 // of a wording far from a title, which says what is around the contract too
	surelyJoined     = 0.97

	// SectorFloor is the confidence from which a sector is one of Sectors.
	SectorFloor = 0.50
	// leastShown is the confidence below which a sector is not worth a line.
	leastShown = 0.20

	// longestRead is how much of a description is read, in bytes: what is bought
	// is said first.
	longestRead = 600
)

// saying is a text that may name a sector, with what a wording in it is worth.
type saying struct {
	field, text string
	share       float64
}

// classify gives sectors, with their reasons, to the notice and its lots: from
// the CPV; where that names no trade, from the descriptors and the words.
func (d *draft) classify() {
	for _, code := range d.CPV {
		if !code.Known() {
			d.warn(WarnUnknownCPV, "cpv", "the vocabulary of 2008 has no %s", code)
		}
	}
	d.Classification = d.sectorsIn("cpv", d.CPV, d.sayings())
	d.Sectors = retained(d.Classification)
	if len(d.Classification) > 0 {
		d.from("sectors", d.sectorSource())
	}
	for i := range d.Lots {
		lot := &d.Lots[i]
		lot.Classification = d.sectorsIn(fmt.Sprintf("lots[%d].cpv", i), lot.CPV, d.lotSayings(i))
		lot.Sectors = retained(lot.Classification)
	}
}

// sectorSource is the origin of the first reason of the first sector.
func (d *draft) sectorSource() string {
	return firstNonEmpty(d.Provenance[d.Classification[0].Evidence[0].Field], d.Provenance["cpv"], d.Provenance["title"])
}

// sayings are the texts of the notice: the titles of its lots say what it buys
// when its own is a reference.
func (d *draft) sayings() []saying {
	list := []saying{{"title", d.Title, 1}, {"description", d.Description, descriptionShare}}
	for i, lot := range d.Lots[:min(len(d.Lots), maxLotTitles)] {
		if lot.Title != d.Title {
			list = append(list, saying{fmt.Sprintf("lots[%d].title", i), lot.Title, 1})
		}
	}
	return list
}

// maxLotTitles bounds the titles read for the whole; each lot reads its own.
const maxLotTitles = 100

// lotSayings are the texts of a lot; those of the notice speak for it only
// where it is alone or says nothing itself.
func (d *draft) lotSayings(i int) []saying {
	lot, prefix := d.Lots[i], fmt.Sprintf("lots[%d].", i)
	list := []saying{{prefix + "title", lot.Title, 1}, {prefix + "description", lot.Description, descriptionShare}}
	if len(d.Lots) == 1 {
		list = append(list, saying{"title", d.Title, 1}, saying{"description", d.Description, descriptionShare})
	}
	return list
}

// sectorsIn joins the clues about one notice or lot.
func (d *draft) sectorsIn(field string, cpv []nomenclatures.CPV, texts []saying) []Classified {
	codes := make([]nomenclatures.Code, len(cpv))
	for i, c := range cpv {
		codes[i] = c.Code()
	}
	if found := fromCodes(field, codes, FromCPV); len(found) > 0 {
		return found
	}
	codes = codes[:0]
	for _, raw := range d.Descriptors {
		if c, err := nomenclatures.ParseDescriptor(raw); err == nil {
			codes = append(codes, c.Code())
		}
	}
	return joined(fromCodes("descriptors", codes, FromDescriptors), fromWords(texts))
}

// fromCodes gives the sectors of codes in the order of the codes, the first
// being what is mainly bought.
func fromCodes(field string, codes []nomenclatures.Code, basis SectorBasis) []Classified {
	list := []Classified{}
	for _, code := range codes {
		sectors := nomenclatures.SectorsOf(code)
		for _, s := range sectors {
			list = noteSector(list, Classified{
				Sector: string(s), Confidence: codeConfidence(s, code, len(sectors)), Basis: basis,
				Evidence: []SectorReason{{Field: field, Quote: code.Value}},
			})
		}
	}
	return list
}

func codeConfidence(s nomenclatures.Sector, code nomenclatures.Code, among int) float64 {
	_, value := nomenclatures.Closeness(s.Code(), code)
	switch {
	case value < 0.9:
		return looseCode
	case code.Scheme == nomenclatures.SchemeCPV:
		return sureCPV
	case among > 1:
		return sharedDescriptor
	}
	return sureDescriptor
}

// fromWords gives the sectors that passages name, with where they do.
func fromWords(texts []saying) []Classified {
	var list []Classified
	for _, p := range texts {
		for _, m := range nomenclatures.SectorsInText(head(p.text)) {
			start := utf8.RuneCountInString(p.text[:m.Start])
			list = noteSector(list, Classified{
				Sector: string(m.Sector), Confidence: m.Confidence * p.share, Basis: FromWords,
				Evidence: []SectorReason{{Field: p.field, Quote: m.Evidence, Start: start, End: start + utf8.RuneCountInString(m.Evidence)}},
			})
		}
	}
	return list
}

// head is the beginning of a text, cut between words.
func head(text string) string {
	if len(text) <= longestRead {
		return text
	}
	if at := strings.LastIndexAny(text[:longestRead], " \n"); at > 0 {
		return text[:at]
	}
	return text[:0]
}

// maxReasons bounds the reasons kept for one sector.
const maxReasons = 5

// noteSector adds a clue: another of the same kind only raises a sector to the
// better of the two, since a title and its description repeat each other.
func noteSector(list []Classified, c Classified) []Classified {
	for i := range list {
		if list[i].Sector == c.Sector {
			reasons := append(list[i].Evidence, c.Evidence...)
			if c.Confidence > list[i].Confidence { // the best reason is shown first
				reasons = append(c.Evidence, list[i].Evidence...)
			}
			list[i].Evidence = reasons[:min(len(reasons), maxReasons)]
			list[i].Confidence = max(list[i].Confidence, c.Confidence)
			return list
		}
	}
	return append(list, c)
}

// joined unites descriptors and words, the surest first.
func joined(codes, words []Classified) []Classified {
	list := codes
	for _, w := range words {
		at := slices.IndexFunc(list, func(c Classified) bool { return c.Sector == w.Sector })
		if at < 0 {
			list = append(list, w)
			continue
		}
		both := &list[at]
		both.Basis, both.Evidence = FromBoth, append(both.Evidence, w.Evidence...)
		both.Confidence = min(surelyJoined, 1-(1-both.Confidence)*(1-w.Confidence))
	}
	list = slices.DeleteFunc(list, func(c Classified) bool { return c.Confidence < leastShown })
	for i := range list {
		list[i].Confidence = math.Round(list[i].Confidence*100) / 100
	}
	slices.SortStableFunc(list, func(a, b Classified) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return list[:min(len(list), maxSectors)]
}

// maxSectors bounds the sectors read in words: a notice that names more is a catalogue.
const maxSectors = 30

// retained lists the sectors of a classification. Every sector of a CPV counts,
// which the buyer chose; of the others, those that are likelier than not.
func retained(list []Classified) []string {
	out := []string{}
	for _, c := range list {
		if c.Basis == FromCPV || c.Confidence >= SectorFloor {
			out = append(out, c.Sector)
		}
	}
	return out
}
