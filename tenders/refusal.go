package tenders

import (
	"regexp"

	"maillage/internal/fault"
)

// Text says a refusal to people, place included, in both languages.
func (r *Refusal) Text() fault.Text { return refusalText(r.Code, r.Where, r.Reason) }

// Text says why a record is in quarantine, in both languages.
func (q *Quarantined) Text() fault.Text { return refusalText(q.Code, "", q.Reason) }

// PlaceText says where the record stands in its file.
func (q *Quarantined) PlaceText() fault.Text {
	return fault.Text{FR: inFrench(q.Place), EN: q.Place}
}

// refusalText gives both languages from the English kept with the record, so
// that a record refused long ago is said as well as one refused today. What the
// readers of XML and JSON say of a syntax stays as a detail after its family.
func refusalText(code, where, reason string) fault.Text {
	fr := inFrench(reason)
	if fr == reason {
		fr = families[code] + " (détail : " + reason + ")"
	}
	if where == "" {
		return fault.Text{FR: fr, EN: reason}
	}
	return fault.Text{FR: inFrench(where) + " : " + fr, EN: where + ": " + reason}
}

// families says each code of a refusal in a few French words.
var families = map[string]string{
	"":                "l’enregistrement est refusé",
	RefusedSyntax:     "le texte est mal formé",
	RefusedTruncated:  "le texte s’arrête avant la fin",
	RefusedTooLarge:   "l’enregistrement est trop volumineux",
	RefusedFormat:     "le format n’est pas reconnu",
	RefusedKind:       "ce n’est pas un avis de marché",
	RefusedMissing:    "une information indispensable manque",
	RefusedImport:     "la plateforme n’a pas accepté l’avis",
	RefusedIncoherent: "l’avis se contredit",
	RefusedGivenUp:    "trop d’enregistrements refusés à la suite",
	RefusedLost:       "la source annonce l’avis et ne le donne pas",
}

// phrase is a sentence of the readers and its French.
type phrase struct {
	en *regexp.Regexp
	fr string
}

var phrases = []phrase{
	{regexp.MustCompile(`line (\d+), column (\d+), in `), "ligne $1, colonne $2, dans "},
	{regexp.MustCompile(`before the root element`), "avant l’élément racine"},
	{regexp.MustCompile(`line (\d+), column (\d+)`), "ligne $1, colonne $2"},
	{regexp.MustCompile(`\bline (\d+)`), "ligne $1"},
	{regexp.MustCompile(`^record (\d+)`), "enregistrement $1"},
	{regexp.MustCompile(`\bbyte (\d+)`), "octet $1"},
	{regexp.MustCompile(`the nature (".*") of the BOAMP is not known`), "la nature $1 du BOAMP n’est pas connue"},
	{regexp.MustCompile(`the form (".*") of TED is not known`), "le formulaire $1 du TED n’est pas connu"},
	{regexp.MustCompile(`more than (\d+) lots`), "plus de $1 lots"},
	{regexp.MustCompile(`more than (\d+) nodes`), "plus de $1 éléments"},
	{regexp.MustCompile(`more than (\d+) levels`), "plus de $1 niveaux"},
	{regexp.MustCompile(`the notice lacks (.*)`), "il manque à l’avis : $1"},
	{regexp.MustCompile(`an identifier`), "un identifiant"},
	{regexp.MustCompile(`a title`), "un intitulé"},
	{regexp.MustCompile(`the name of a buyer`), "le nom d’un acheteur"},
	{regexp.MustCompile(`a second main classification at (.*)`), "une seconde classification principale en $1"},
	{regexp.MustCompile(`no lot can be won by the limit at (.*)`), "aucun lot ne peut être attribué d’après la limite en $1"},
	{regexp.MustCompile(`a registration of a business entity, not a procurement`), "c’est l’inscription d’une entreprise, non un marché"},
	{regexp.MustCompile(`the document (".*") is no notice`), "le document $1 n’est pas un avis"},
	{regexp.MustCompile(`an archive in an archive in an archive is not read`), "les archives emboîtées trois fois ne sont pas lues"},
	{regexp.MustCompile(`the archive has more than (\d+) entries`), "l’archive compte plus de $1 fichiers"},
	{regexp.MustCompile(`neither XML nor JSON: no format of notices that is read`), "ni XML ni JSON : ce n’est pas un format d’avis que l’on sait lire"},
	{regexp.MustCompile(`the root element (".*") is of no format that is read`), "l’élément racine $1 n’est d’aucun format que l’on sait lire"},
	{regexp.MustCompile(`the record is of no format that is read \(no idweb: not BOAMP\)`), "l’enregistrement n’est d’aucun format que l’on sait lire (sans idweb, ce n’est pas le BOAMP)"},
	{regexp.MustCompile(`no format of notices that is read: neither XML (\(.*?\)), nor JSON (\(.*?\)), nor a table`), "ce n’est pas un format d’avis que l’on sait lire : ni XML $1, ni JSON $2, ni tableau"},
	{regexp.MustCompile(`the record is of no format that is read`), "l’enregistrement n’est d’aucun format que l’on sait lire"},
	{regexp.MustCompile(`a (zip|gzip) is read as a file of its own only, not inside another archive or a stream`), "un $1 n’est lu que comme fichier à part, ni dans une autre archive ni dans un flux"},
	{regexp.MustCompile(`the archive unfolds to more than (\d+) bytes: the rest of it is not read`), "l’archive se déplie en plus de $1 octets : la suite n’est pas lue"},
	{regexp.MustCompile(`(\d+) records refused in a row: what follows in the file is not read`), "$1 enregistrements refusés à la suite : le reste du fichier n’est pas lu"},
	{regexp.MustCompile(`a link to a release, not the release`), "c’est le lien vers une publication OCDS, non la publication"},
	{regexp.MustCompile(`the release tells of no tender and no award`), "la publication OCDS ne dit rien d’un appel ni d’une attribution"},
	{regexp.MustCompile(`the text holds no record`), "le texte ne contient aucun enregistrement"},
	{regexp.MustCompile(`no form in FORM_SECTION`), "aucun formulaire dans FORM_SECTION"},
	{regexp.MustCompile(`truncated: the list of records is not closed after record (\d+)`), "fichier tronqué : la liste n’est pas fermée après l’enregistrement $1"},
	{regexp.MustCompile(`truncated: the file ends inside record (\d+)`), "fichier tronqué : il s’arrête dans l’enregistrement $1"},
	{regexp.MustCompile(`the record is not closed before the next one begins`), "l’enregistrement n’est pas fermé avant que le suivant commence"},
	{regexp.MustCompile(`a text of the record is not closed before the end of the line`), "un texte de l’enregistrement n’est pas fermé avant la fin de la ligne"},
	{regexp.MustCompile(`larger than the bound for one record \((\d+) bytes\)`), "plus grand que la limite d’un enregistrement ($1 octets)"},
	{regexp.MustCompile(`a quote that opens in this row is not closed; lines (\d+) to (\d+) are not read`), "un guillemet ouvert dans cette ligne n’est pas fermé ; les lignes $1 à $2 ne sont pas lues"},
	{regexp.MustCompile(`lines (\d+) to (\d+) begin no row and are not read`), "les lignes $1 à $2 ne commencent aucun enregistrement et ne sont pas lues"},
	{regexp.MustCompile(`the row is cut: (\d+) cells of (\d+)`), "la ligne est incomplète : $1 cellules sur $2"},
	{regexp.MustCompile(`the row has more cells than the header \((\d+)\)`), "la ligne a plus de cellules que l’en-tête ($1)"},
	{regexp.MustCompile(`the source announces this notice and does not give it`), "la source annonce cet avis et ne le donne pas"},
	{regexp.MustCompile(`: notice (\S+): `), " (avis $1) : "},
	{regexp.MustCompile(`: asked again: `), " (redemandé) : "},
	{regexp.MustCompile(`after (\d+) attempts: `), "après $1 essais, "},
	{regexp.MustCompile(`answers (\d+)[A-Za-z ]*`), "répond $1"},
	{regexp.MustCompile(`this address may not be asked: .*`), "son adresse n’est pas permise"},
	{regexp.MustCompile(`not a JSON object, nor the others of (\d+) in a row`), "ce n’est pas un objet JSON, ni les suivants, $1 en tout"},
	{regexp.MustCompile(`not a JSON object`), "ce n’est pas un objet JSON"},
	{regexp.MustCompile(`text after the value`), "il y a du texte après la valeur"},
	{regexp.MustCompile(`no element in the document`), "le document ne contient aucun élément"},
	{regexp.MustCompile(`entity declarations are not accepted`), "les déclarations d’entités ne sont pas acceptées"},
	{regexp.MustCompile(`a second root element`), "un second élément racine"},
	{regexp.MustCompile(`unexpected EOF`), "fin inattendue"},
}

func inFrench(text string) string {
	for _, p := range phrases {
		text = p.en.ReplaceAllString(text, p.fr)
	}
	return text
}
