package tenders

import "strconv"

// RefusedIncoherent: the notice contradicts itself where it says what is bought
// or what may be won.
const RefusedIncoherent = "incoherent"

// coherent refuses the documents that no publisher of the EU lets through and
// that would be read wrongly: a second main classification (BT-262, one in each
// lot), and a limit under which no lot can be won (BT-33, one at least). The
// other rules of the SDK bear on fields that are not read, or on the notice that
// is changed, which may not be known: they are not judged.
func (e *eForms) coherent() error {
	for _, part := range append([]*node{e.root}, e.root.all("ProcurementProjectLot")...) {
		if mains := part.all("ProcurementProject", "MainCommodityClassification"); len(mains) > 1 {
			return refuse(RefusedIncoherent, "a second main classification at %s", mains[1].path())
		}
	}
	for _, most := range e.root.all("TenderingTerms", "LotDistribution", "MaximumLotsAwardedNumeric") {
		if n, err := strconv.Atoi(most.str()); err == nil && n < 1 {
			return refuse(RefusedIncoherent, "no lot can be won by the limit at %s", most.path())
		}
	}
	return nil
}
