package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"maillage/network"
)

// The names are made of two halves so that no real enterprise is meant.
var (
	firstHalves = []string{
		"Brinde", "Passe", "Mille", "Ronce", "Clair", "Haute", "Vire", "Grand", "Belle", "Tisse", "Chante", "Pierre",
		"Longue", "Bois", "Fil", "Sous", "Trois", "Terre", "Coud", "Rive", "Vent", "Neuve", "Pas", "Tourne",
		"Orme", "Gai", "Prime", "Sauve", "Lueur", "Temps",
	}
	secondHalves = []string{
		"saule", "rivière", "gestes", "compas", "fontaine", "lisière", "mains", "semence", "ruche", "navette", "pont",
		"chemin", "tuile", "sillon", "colline", "chaume", "verger", "lanterne", "moulin", "passerelle", "étoffe", "cime",
		"rabot", "oseraie", "halte", "ricochet", "bruyère", "charrue", "alouette", "courtil",
	}
)

// namer gives names that are never given twice.
type namer struct {
	random *rand.Rand
	given  map[string]bool
}

func newNamer(random *rand.Rand) *namer { return &namer{random: random, given: map[string]bool{}} }

func (n *namer) name() string {
	for {
		name := firstHalves[n.random.IntN(len(firstHalves))] + "-" + capital(secondHalves[n.random.IntN(len(secondHalves))])
		if !n.given[name] {
			n.given[name] = true
			return name
		}
	}
}

func capital(s string) string {
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// siret makes the number of an establishment that cannot exist: no SIREN
// begins with three zeros. It passes the check digit, as real ones do.
func siret(n int) network.SIRET {
	siren := withCheckDigit(fmt.Sprintf("000%05d", n))
	return network.SIRET(withCheckDigit(siren + "0001"))
}

func withCheckDigit(digits string) string {
	for d := '0'; d <= '9'; d++ {
		if s := digits + string(d); luhn(s) {
			return s
		}
	}
	return digits // one of ten digits always fits
}

func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return sum%10 == 0
}
