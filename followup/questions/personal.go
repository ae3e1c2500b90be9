package questions

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"maillage/network"
	"maillage/territories"
)

// What tells who somebody is, in a text for everybody: a number or an address always
// does; a name only may, since a rule or a place is called as people are.

// numbersIn gives the numbers and addresses of a text that are of somebody: a SIREN or
// SIRET whose key is right, a telephone number, an address of electronic mail, a
// number of the NIR and an IBAN.
func numbersIn(text string) (out []string) {
	text = plainly(text)
	for _, re := range []*regexp.Regexp{address, abroad, nir} {
		out = append(out, re.FindAllString(text, -1)...)
	}
	for _, one := range iban.FindAllString(text, -1) {
		if ibanKey(one) {
			out = append(out, strings.TrimSpace(one))
		}
	}
	for _, run := range digitRuns.FindAllString(text, -1) {
		out = append(out, grouped(run)...)
	}
	return distinct(out)
}

// NamesIn gives the words of a text that may name somebody: what follows a civility, a
// first name before or after a surname.
func NamesIn(text string) (out []string) {
	text = plainly(text)
	for _, m := range civil.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	words := wordRuns.FindAllStringIndex(text, -1)
	for i := 0; i+1 < len(words); i++ {
		between := text[words[i][1]:words[i+1][0]]
		if strings.Trim(between, " \n\t") != "" {
			continue
		}
		if named(text[words[i][0]:words[i][1]], text[words[i+1][0]:words[i+1][1]]) {
			out = append(out, strings.Join(strings.Fields(text[words[i][0]:words[i+1][1]]), " "))
		}
	}
	return distinct(out)
}

// named tells whether two words that follow one another are a first name and a
// surname: one is a known first name, or the second is all in capitals and no acronym.
func named(a, b string) bool {
	if !capital(a) || !capital(b) {
		return false
	}
	if known(a) || known(b) && shouted(a) {
		return true
	}
	return !shouted(a) && shouted(b) && len([]rune(a)) > 2 && !slices.Contains(openers, territories.Fold(a))
}

// shouted is a surname as forms write it: all in capitals, and no acronym of the field.
func shouted(word string) bool {
	letters := []rune(strings.Trim(word, "-’'"))
	return len(letters) > 2 && !slices.ContainsFunc(letters, unicode.IsLower) && !slices.Contains(acronyms, word)
}

func capital(word string) bool {
	for _, r := range word {
		return unicode.IsUpper(r)
	}
	return false
}

func known(word string) bool {
	first, _, _ := strings.Cut(strings.ReplaceAll(territories.Fold(word), "-", " "), " ")
	_, found := slices.BinarySearch(firstNames, first)
	return found
}

// plainly writes a text as it is compared: one kind of blank, the digits of keyboards,
// and nothing that is not seen.
func plainly(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		case r >= '！' && r <= '～': // full width
			return r - '！' + '!'
		}
		return r
	}, strings.ToValidUTF8(text, " "))
}

var (
	address     = regexp.MustCompile(`[\p{L}\p{N}._%+-]+ ?(?:@|\(at\)|\[at\]) ?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)
	abroad      = regexp.MustCompile(`(?:\+|\b00) ?[1-9](?:[ .()-]*\d){7,13}`)
	nir         = regexp.MustCompile(`\b[1-478] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[ABab]) ?\d{3} ?\d{3}(?: ?\d{2})?\b`)
	iban        = regexp.MustCompile(`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b`)
	digitRuns   = regexp.MustCompile(`\d+(?:[ .\-]\d+)*`)
	digitGroups = regexp.MustCompile(`\d+`)
	civil       = regexp.MustCompile(`(?:^|[^\p{L}])((?:MM?\.|M|Mr\.?|Mmes?|Mlles?|(?i:monsieur|madame|mademoiselle|messieurs|mesdames)|Me|Maître|Dr\.?|Docteure?|Pr\.?)\s+(?:(?:de|du|des|la|le|von|van)\s+|d[’'])*\p{Lu}[\p{L}\p{M}’'-]+(?: \p{Lu}[\p{L}\p{M}’'-]+)*)`)
	wordRuns    = regexp.MustCompile(`\p{L}[\p{L}\p{M}’'-]*`)
)

// grouped gives the numbers of somebody in digits that people part by groups.
func grouped(run string) (out []string) {
	groups := digitGroups.FindAllStringIndex(run, -1)
	for i := range groups {
		digits, sizes := "", ""
		for j := i; j < len(groups) && len(digits) < 15; j++ {
			one := run[groups[j][0]:groups[j][1]]
			digits, sizes = digits+one, sizes+strconv.Itoa(len(one))+"."
			if ofSomebody(digits, sizes, run[groups[i][0]:groups[j][1]]) {
				out = append(out, run[groups[i][0]:groups[j][1]])
			}
		}
	}
	return out
}

// ofSomebody tells whether digits, by groups of so many, are a SIREN or a SIRET, also
// in the number of the tax on value added, or a telephone number.
func ofSomebody(digits, sizes, written string) bool {
	switch sizes {
	case "9.", "3.3.3.", "3.3.3.5.", "9.5.", "14.":
		return enterprise(digits)
	case "11.", "2.9.", "2.3.3.3.":
		return enterprise(digits[2:])
	}
	phone := len(digits) == 10 && digits[0] == '0' && digits[1] != '0'
	return phone && (len(written) == 10 || sizes == "2.2.2.2.2." || !strings.ContainsAny(written, ".-"))
}

// enterprise tells a SIREN or a SIRET: its key is right, or that of the legal unit in it.
func enterprise(digits string) bool {
	id := network.SIRET(digits)
	return id.Valid() || network.SIRET(id.SIREN()).Valid()
}

// ibanKey is the key of ISO 13616: what is left by 97 is 1.
func ibanKey(written string) bool {
	one := strings.ReplaceAll(written, " ", "")
	if len(one) < 15 || len(one) > 34 {
		return false
	}
	var digits strings.Builder
	for _, r := range one[4:] + one[:4] {
		if r >= 'A' {
			digits.WriteString(big.NewInt(int64(r - 'A' + 10)).String())
		} else {
			digits.WriteRune(r)
		}
	}
	n, ok := new(big.Int).SetString(digits.String(), 10)
	return ok && n.Mod(n, big.NewInt(97)).Int64() == 1
}

func distinct(words []string) (out []string) {
	for _, w := range words {
		if w = strings.TrimSpace(w); !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// openers begin a sentence before an acronym; they are no first name.
var openers = strings.Fields(`article arrete association au aucun aucune aux avec avis ce ces cet cette chaque circulaire code comme contrat convention cour dans de decret
	des dispositif du elle en entre est et federation formation groupement il ils instruction la le les leur leurs loi mais marche note nos notre ordonnance ou par pas
	plan pole pour prefecture projet quand que quel quelle quelles quels qui region regle reponse reseau sans selon si son sous sur tout toute toutes tous tribunal un une
	vos votre via vers statut statuts service services rapport question taux tva the of`)

// acronyms of the field and of the law, written as surnames are.
var acronyms = strings.Fields(`AAH ACI AFEST AFPA APA ARE ASS ASP AURA CAE CAF CAP CARSAT CCAG CCAP CCTP CDAPH CDD CDDI CDI CDIE CESU CFA CIP CNIL CPAM CPF CPV CSE CSS CUI
	DDETS DGCCRF DGCS DGEFP DIRECCTE DPAE DREETS DRIEETS DSN DUERP EPCI ESAT ESS ESUS ETP ETTI EITI EURL FAQ FSE GEIQ GES GIP GME HACCP IAE INSEE JORF MSA NAF OPCO ONG
	PACA PCH PDI PEC PLIE PMI PMSMP PPSPS PTCE QPV RCS RGPD RNA ROME RSA RSE SAAD SAP SARL SAS SASU SCIC SCOP SIAE SIREN SIRET SMIC SPE SSIAD TPE PME TVA UES URSSAF VAE`)
