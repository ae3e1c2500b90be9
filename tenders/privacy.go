package tenders

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The people named in a notice. A notice is public, but it is published for its
// procurement, not to spread the name and telephone of an officer: minimisation
// (article 5-1-c of Regulation (EU) 2016/679) asks that what is of no use be not
// kept. So, before anything else is read from a draft:
//
//   - every e-mail address and every telephone number goes, of a person or of a
//     service: the official page, which stays linked, gives them;
//   - a name after "M.", "Mme", "Monsieur", "Madame"… goes, and one before an
//     address between angle brackets; a function ("M. le Maire") stays;
//   - the name of a buyer ends where that of its representative begins.
//
// It is done before clauses are looked for, so that what they quote is what is
// stored, at its place. The raw text of what was refused or not understood is
// masked too (privacy_raw.go).
const (
	maskedMail  = "[adresse masquée]"
	maskedPhone = "[téléphone masqué]"
	maskedName  = "[nom masqué]"
)

var (
	mailLink  = regexp.MustCompile(`(?i)^\s*(?:mailto:|(?:[a-z]+://)?[^/?#]*@)`)
	mailIn    = regexp.MustCompile(`(?i)(?:mailto:)?[^\s<>()\[\],;:"|=/?&]+ ?(?:@|\(at\)|\[at\]) ?[\p{L}\p{N}][^\s<>()\[\],;:"|]*`)
	signed    = regexp.MustCompile(`(?:\p{Lu}[\p{L}'’.-]*[  ]+){1,3}<[^<>]*@[^<>]*>`)
	angled    = regexp.MustCompile(`<\s*(` + regexp.QuoteMeta(maskedMail) + `)\s*>`)
	phoneAt   = regexp.MustCompile(`^(?:(?:\(?(?:\+|\b00)(?:3[0-46-9]|35[0-9]|4\d|262|508|590|59[46]|687|689)\)?(?:[ .\-/]?\(0\))?(?:[ .\-/]?\d){8,10}\b)|\b0[1-9](?:(?:[  ]\d\d){4}|(?:\.\d\d){4}|(?:-\d\d){4}|(?:/\d\d){4}|(?:[ ]?[.\-][ ]?\d\d){4}|\d{8})\b)`)
	nextWord  = regexp.MustCompile(`^[\s ]*((?:(?:de|du|des|d['’]|le|la|DE|DU)[\s ]*)?)(\p{Lu}\.-?\p{Lu}?\.?|\p{Lu}[\p{L}'’]*(?:-\p{L}+)*)`)
	strictly  = regexp.MustCompile(`^[\s ]*(?:(?i:l[ea]|l['’])[\s ]*\p{L}+[\s ]*[,:–-]?[\s ]*)?(\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?[\s ]+\p{Lu}[\p{Lu}'’-]{2,})`)
	reachedBy = regexp.MustCompile(`(?i)[\s,;(–-]*(?:\b(?:t[ée]l(?:[ée]phone)?|fax|(?:e-?)?mail|courriel|m[ée]l)\b\.?\s*:?\s*)?(?:` + regexp.QuoteMeta(maskedMail) + `|` + regexp.QuoteMeta(maskedPhone) + `)`)
	spokenBy  = regexp.MustCompile(`[\s ]*(?:[-–—,;:(/]|représentée? par|(?i:à l['’]attention de))[\s ]*(?:(?:MM?|Mr|MR|Mmes?|MME|Mlle|MLLE)\.?|Monsieur|MONSIEUR|Madame|MADAME)[\s ]+.*$`)
)

// functions are the words that follow a civility and name nobody.
var functions = strings.Fields(`le la les l un une des du de ce cette en et ou à au aux pour dans par sur si il elle
	monsieur madame messieurs mesdames maire mairie président présidente directeur directrice adjoint adjointe préfet préfète chef cheffe
	responsable gestionnaire trésorier trésorière receveur comptable ministre secrétaire recteur rectrice proviseur commissaire
	représentant représentante conseiller conseillère vice général générale régional régionale service direction
	pouvoir adjudicateur acheteur acheteuse candidat candidate titulaire greffier greffière juge`)

// maskPeople takes the people out of every text of a draft.
func (d *draft) maskPeople() {
	for _, text := range []*string{&d.Title, &d.Description, &d.Place.Text} {
		*text = mask(*text)
	}
	maskTexts(d.Texts)
	d.Buyer.Name = maskBuyer(d.Buyer.Name)
	for i := range d.Lots {
		l := &d.Lots[i]
		l.Title, l.Description, l.Place.Text = mask(l.Title), mask(l.Description), mask(l.Place.Text)
		maskTexts(l.Texts)
	}
	for i := range d.Winners {
		d.Winners[i].Name = mask(d.Winners[i].Name)
	}
	for i := range d.Warnings {
		d.Warnings[i].Message = mask(d.Warnings[i].Message)
	}
	for _, list := range d.flags {
		for i := range list {
			list[i].value = mask(list[i].value)
		}
	}
	for name, link := range map[string]*string{"official": &d.Links.Official, "documents": &d.Links.Documents, "submission": &d.Links.Submission} {
		if (strings.Contains(*link, "@") || strings.Contains(strings.ToLower(*link), "mailto")) && mailLink.MatchString(*link) {
			*link = ""
			delete(d.Provenance, "links."+name)
		}
	}
}

func maskTexts(texts map[string]string) {
	for name, text := range texts {
		texts[name] = mask(text)
	}
}

// mask hides the addresses, the telephones and the names of people in a text.
func mask(text string) string {
	if at, _ := atSign(text, 0); at >= 0 {
		if strings.Contains(text, "<") {
			text = signed.ReplaceAllString(text, maskedName+" "+maskedMail)
		}
		text = maskMails(text)
	}
	if strings.Contains(text, "<") && strings.Contains(text, maskedMail) {
		text = angled.ReplaceAllString(text, "$1")
	}
	return maskNames(maskPhones(text))
}

// maskOneMail keeps the full stop that ends the sentence of an address.
func maskOneMail(found string) string {
	end := strings.TrimRight(found, ".!'’")
	return maskedMail + found[len(end):]
}

func maskNames(text string) string {
	var b strings.Builder
	for {
		start, end, after := nextCivility(text)
		if start < 0 {
			b.WriteString(text)
			return b.String()
		}
		rest, title := text[after:], text[start:end]
		apart := after > end || strings.HasSuffix(title, ".")
		from, to := 0, 0
		if title != "M" && title != "MM" && apart { // else a metre, a module, the first letters of a word
			from, to = nameAfter(rest)
		}
		b.WriteString(text[:after])
		if to > 0 {
			b.WriteString(rest[:from] + maskedName)
		}
		text = rest[to:]
	}
}

// longestName bounds, in bytes, what is read for a name.
const longestName = 400

// nameAfter gives the bytes of the name that opens a text, 0, 0 without one: up
// to four words in capitals or capitalised, none of them a function.
func nameAfter(text string) (from, to int) {
	text = beginning(text, longestName)
	if m := strictly.FindStringSubmatchIndex(text); m != nil && !isFunction(text[m[2]:m[3]]) {
		return m[2], m[3]
	}
	for range 4 {
		m := nextWord.FindStringSubmatchIndex(text[to:])
		if m == nil || isFunction(text[to+m[4]:to+m[5]]) || (to == 0 && articled(text[m[2]:m[3]])) {
			return 0, to
		}
		if strings.Contains(text[to:to+m[2]], "\n") || (to == 0 && utf8.RuneCountInString(text[m[4]:m[5]]) < 2) {
			return 0, to
		}
		to += m[5]
	}
	return 0, to
}

// articled tells the article of a function ("le", "la") from the particle of a name.
func articled(particle string) bool {
	return slices.Contains([]string{"le", "la", "des"}, strings.ToLower(strings.TrimSpace(particle)))
}

// isFunction tells a function ("Maire", "Présidente") by its first word.
func isFunction(word string) bool {
	first := strings.FieldsFunc(strings.ToLower(word), func(r rune) bool { return !unicode.IsLetter(r) })
	return len(first) == 0 || slices.Contains(functions, first[0])
}

// maskBuyer leaves the name of the organisation alone.
func maskBuyer(name string) string {
	if name == "" {
		return ""
	}
	short := mask(name)
	if speaks(short) {
		short = spokenBy.ReplaceAllString(short, "")
	}
	if strings.Contains(short, maskedMail) || strings.Contains(short, maskedPhone) {
		short = reachedBy.ReplaceAllString(short, " ")
	}
	short = strings.Trim(strings.Join(strings.Fields(short), " "), " ,;:-–—/(<>|")
	return firstNonEmpty(short, maskedName)
}
