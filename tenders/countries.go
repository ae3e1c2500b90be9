package tenders

import (
	"regexp"
	"strings"
)

// abroadUnsaid is the code that ISO 3166-1 leaves to its users, for a place
// abroad whose country is not said.
const abroadUnsaid = "ZZZ"

var beyondFrance = regexp.MustCompile(`^(?:a )?(?:l.)?etranger$|^hors (?:de )?(?:la )?france$`)

// neighbours are the countries that French notices name as a place, under their
// folded French names.
//
//nolint:misspell // the words are French
var neighbours = map[string]string{
	"allemagne": "DEU", "andorre": "AND", "autriche": "AUT", "belgique": "BEL", "espagne": "ESP", "grande-bretagne": "GBR", "italie": "ITA",
	"luxembourg": "LUX", "monaco": "MCO", "pays-bas": "NLD", "portugal": "PRT", "royaume-uni": "GBR", "suisse": "CHE", "irlande": "IRL",
	"algerie": "DZA", "maroc": "MAR", "tunisie": "TUN", "senegal": "SEN", "cote d'ivoire": "CIV", "madagascar": "MDG", "maurice": "MUS",
	"comores": "COM", "canada": "CAN", "etats-unis": "USA", "bresil": "BRA", "suriname": "SUR", "japon": "JPN", "chine": "CHN",
	"liban": "LBN", "djibouti": "DJI", "cameroun": "CMR", "gabon": "GAB", "benin": "BEN", "togo": "TGO", "vietnam": "VNM", "vanuatu": "VUT",
}

var countryHead = regexp.MustCompile(`^(?:en |au |aux |a )?(?:la |le |les |l')?(?:ile )?`)

// countryIn is the foreign country that a text names and nothing else, "" for
// any other text.
func countryIn(text string) string {
	said := strings.ReplaceAll(strings.TrimRight(foldText(text), ". "), "’", "'")
	if said == "" || len(said) > 40 {
		return ""
	}
	if beyondFrance.MatchString(said) {
		return abroadUnsaid
	}
	return neighbours[countryHead.ReplaceAllString(said, "")]
}
