package release

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode"

	"maillage/internal/fault"
)

// Tokens of the statuses in a CSV and in a workbook; datapackage.json labels them.
const (
	tokenND         = "ND"
	tokenSuppressed = "suppressed"
	tokenNoBase     = "NA"
	tokenAwaited    = "awaited"
)

var statusTokens = map[Status]string{NotCollected: tokenND, Suppressed: tokenSuppressed, NoBase: tokenNoBase, Awaited: tokenAwaited}

// statuses lists the tokens, always in this order, with what they say.
func statuses() []missing {
	return []missing{
		{tokenND, fault.Text{FR: "non collecté : personne ne l’a demandé", EN: "not collected: nobody asked"}},
		{tokenAwaited, fault.Text{FR: "attendu : demandé, et personne n’a encore répondu", EN: "awaited: asked, and nobody has answered yet"}},
		{tokenSuppressed, fault.Text{FR: "masqué : connu, et protégé", EN: "suppressed: known, and protected"}},
		{tokenNoBase, fault.Text{FR: "sans objet : un taux dont la base vaut zéro", EN: "not applicable: a rate whose base is zero"}},
	}
}

type missing struct {
	Token string
	Label fault.Text
}

// largest keeps a figure within fifteen significant digits: a workbook holds no more.
const largest = 999_999_999_999_999

// power gives 10^n for n of 0 to 6.
func power(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// format writes a cell as the CSV has it: no thousands, a point, every decimal.
func (f Field) format(c Cell) string {
	if token, hidden := statusTokens[c.Status]; hidden {
		return token
	}
	if f.worded() {
		return c.Text
	}
	if f.Kind != Decimal {
		return strconv.FormatInt(c.Number, 10)
	}
	sign, n := "", c.Number
	if n < 0 {
		sign, n = "-", -n
	}
	unit := power(f.Decimals)
	return fmt.Sprintf("%s%d.%0*d", sign, n/unit, f.Decimals, n%unit)
}

// parse reads what format writes, and nothing else: one figure has one writing.
func (f Field) parse(s string) (Cell, error) {
	c, err := f.read(s)
	if err != nil {
		return Cell{}, err
	}
	if f.format(c) != s {
		return Cell{}, said(quoted(s)+" s’écrit autrement : "+f.format(c), quoted(s)+" is written otherwise: "+f.format(c))
	}
	return c, nil
}

func (f Field) read(s string) (Cell, error) {
	if f.worded() {
		return Word(s), nil
	}
	if f.Measure() {
		for status, token := range statusTokens {
			if s == token {
				return Cell{Status: status}, nil
			}
		}
	}
	n, err := f.units(s)
	if err != nil {
		return Cell{}, err
	}
	return Number(n), nil
}

// units reads a decimal number as a whole count of the field's last decimal;
// 12.5 and 12.50 are the same, 12.505 with two decimals is refused.
func (f Field) units(s string) (int64, error) {
	if len(s) > 40 || strings.ContainsAny(s, "/eExXpP_") {
		return 0, said(quoted(s)+" n’est pas un nombre", quoted(s)+" is no number")
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return 0, said(quoted(s)+" n’est pas un nombre", quoted(s)+" is no number")
	}
	decimals := 0
	if f.Kind == Decimal {
		decimals = f.Decimals
	}
	r.Mul(r, new(big.Rat).SetInt64(power(decimals)))
	if !r.IsInt() || !r.Num().IsInt64() || r.Num().CmpAbs(big.NewInt(largest)) > 0 {
		return 0, said(quoted(s)+" a plus de chiffres que le champ", quoted(s)+" has more digits than the field")
	}
	return r.Num().Int64(), nil
}

// rate divides exactly and rounds once, halves away from zero; false without a base.
func rate(numerator, denominator *big.Int) (int64, bool) {
	if denominator.Sign() == 0 {
		return 0, false
	}
	below := new(big.Int).Abs(denominator)
	above := new(big.Int).Abs(numerator)
	above.Lsh(above, 1).Add(above, below)
	q := above.Div(above, below.Lsh(below, 1))
	if numerator.Sign()*denominator.Sign() < 0 {
		q.Neg(q)
	}
	return q.Int64(), q.IsInt64()
}

// clip shortens what a stranger wrote before it is repeated, and takes off what would
// move the cursor of a terminal.
func clip(s string) string {
	const most = 120
	r := []rune(plain(s))
	if len(r) <= most {
		return string(r)
	}
	return string(r[:most]) + "…"
}

// plain replaces what is no letter of a line: control characters, broken bytes.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && r != '\u00a0' && r != '\u202f' {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}
