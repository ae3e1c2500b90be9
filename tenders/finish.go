package tenders

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// WarnUnknownCPV: a code that the vocabulary of 2008 does not hold (that of
// 2003 still shows up).
const WarnUnknownCPV = "unknown_cpv"

// finish completes a notice once its format is read: people are masked, then what lots and notice lend
// each other, sectors, checks and the social verdict. It refuses a notice that
// lacks what no import can do without.
func (d *draft) finish() (*Notice, error) {
	d.maskPeople()
	d.stripTitle()
	if err := d.require(); err != nil {
		return nil, err
	}
	d.abroadAnywhere()
	d.placeInWords()
	d.oneLot()
	d.lend()
	d.lotPlacesInWords()
	d.readClocks()
	d.lendDeadlines()
	d.grade()
	d.classify()
	d.checkBuyer()
	d.judge()
	d.wholeWords()
	d.keepAside()
	return d.Notice, nil
}

var tedPrefix = regexp.MustCompile(`^France\s*[–-]\s*(.+?)\s+[–-]\s+(.+)$`)

// stripTitle drops the "France – <CPV label> – " that TED puts before a title,
// when the middle is the label of a code of the notice (trap 3).
func (d *draft) stripTitle() {
	m := tedPrefix.FindStringSubmatch(d.Title)
	if m == nil {
		return
	}
	codes := slices.Clone(d.CPV)
	for _, l := range d.Lots {
		codes = append(codes, l.CPV...)
	}
	for _, code := range codes {
		if label := code.Label(); label != "" && samePerson(label, m[1]) {
			d.Title = m[2]
			return
		}
	}
}

// oneLot gives a notice that is not divided its single lot. An award may name
// no lot at all, and then has none.
func (d *draft) oneLot() {
	if len(d.Lots) > 0 || d.Form.Family == Award {
		return
	}
	lot := newLot("1")
	lot.Place = d.Place
	d.Lots = append(d.Lots, lot)
}

// lend completes lots from the notice and the notice from its lots.
func (d *draft) lend() {
	if len(d.CPV) == 0 {
		d.gatherCPV()
	}
	for i := range d.Lots {
		d.lendLot(&d.Lots[i], fmt.Sprintf("lots[%d].", i))
	}
	for i := range d.Lots {
		d.borrow(&d.Lots[i], fmt.Sprintf("lots[%d].", i))
	}
}

// gatherCPV gives the notice the codes of its lots.
func (d *draft) gatherCPV() {
	for i, lot := range d.Lots {
		for _, code := range lot.CPV {
			if !slices.Contains(d.CPV, code) && len(d.CPV) < maxList {
				d.CPV = append(d.CPV, code)
				d.from("cpv", firstNonEmpty(d.Provenance["cpv"], d.Provenance[fmt.Sprintf("lots[%d].cpv", i)]))
			}
		}
	}
}

// lendLot gives a lot what only the notice says.
func (d *draft) lendLot(lot *Lot, prefix string) {
	if lot.Title == "" {
		lot.Title = d.Title
		d.from(prefix+"title", d.Provenance["title"])
	}
	if len(d.Lots) == 1 && lot.Value == nil && d.Value != nil {
		lot.Value = d.Value
		d.from(prefix+"value", d.Provenance["value"])
	}
	if lot.Place.Scope == PlaceUnknown && len(lot.Place.NUTS) == 0 && isFrance(lot.Place.Country) && lot.Place.Text == "" {
		lot.Place = d.Place
	}
	if lot.Place.Scope != PlaceUnknown && d.Provenance[prefix+"place"] == "" {
		d.from(prefix+"place", d.Provenance["place"])
	}
}

// borrow gives a lot the codes of the notice where it has none.
func (d *draft) borrow(lot *Lot, prefix string) {
	if len(lot.CPV) == 0 {
		lot.CPV = append(lot.CPV, d.CPV...)
		d.from(prefix+"cpv", d.Provenance["cpv"])
	}
}

// checkBuyer flags a buyer that is named as the winner (trap 5).
func (d *draft) checkBuyer() {
	for _, w := range d.Winners {
		if samePerson(w.Name, d.Buyer.Name) {
			d.warn(WarnBuyerIsWinner, "buyer.name", "the buyer is also named as the winner")
		}
	}
	d.Title = strings.TrimSpace(d.Title)
}
