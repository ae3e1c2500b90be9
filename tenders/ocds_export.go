package tenders

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"maillage/opportunities"
)

// The way out to OCDS 1.1: each notice of a procurement becomes a release of
// its contracting process, in the order of publication, saying what the notice
// says and no more. What was assumed here (a place taken from the départements
// of publication, a sector guessed from words) stays here. Texts leave as they
// are stored, so without the people that maskPeople took out.

// noPrefix stands in the ocid of who has no prefix of its own; the Open
// Contracting Partnership gives one to each publisher that asks.
const noPrefix = "ocds-000000"

var (
	ocidPrefix = regexp.MustCompile(`^ocds-[a-z0-9]{6}$`)
	plainID    = regexp.MustCompile(`^[A-Za-z0-9.-]{1,80}$`)
	unsafeID   = regexp.MustCompile(`[^A-Za-z0-9.-]+`)
)

// ocidOf names a procurement by its key, which is made of its public
// identifiers: the same procurement has the same ocid in two databases. A key
// that does not hold in an identifier, or looks like that of another kind,
// keeps what it can, and its digest.
func ocidOf(prefix, key string) string {
	kind, id, _ := strings.Cut(key, ":")
	local := kind + "-" + id
	if kind == "procedure" {
		local = id
	}
	alike := kind == "procedure" && slices.ContainsFunc(notable(), func(s Source) bool { return strings.HasPrefix(id, string(s)+"-") })
	if alike || !plainID.MatchString(id) {
		local = strings.Trim(unsafeID.ReplaceAllString(local, "-"), "-")
		sum := sha256.Sum256([]byte(key))
		local = local[:min(len(local), 60)] + "-" + hex.EncodeToString(sum[:4])
	}
	return prefix + "-" + local
}

// notable are the sources of notices.
func notable() []Source { return []Source{BOAMP, TED, EForms, DECP, OCDS} }

// releasesOf makes the releases of a procurement from all its notices, the
// first published first.
func (p *Places) releasesOf(prefix, key string, rows []noticeRow) ([]*Release, error) {
	ocid := ocidOf(prefix, key)
	out := []*Release{}
	seen, last := map[string]bool{}, time.Time{}
	all := inOrder(rows)
	for i, n := range all {
		at := releaseDate(n, rows)
		if !at.After(last) {
			at = last.Add(time.Second)
		}
		w := writer{Notice: n, places: p, ocid: ocid, at: at}
		if n.Nature == Cancellation {
			w.ends(endingOf(all, i, offered(rows)))
		}
		r, err := w.release()
		if err != nil {
			return nil, err
		}
		if seen[r.ID] {
			continue
		}
		seen[r.ID], last = true, at
		out = append(out, r)
	}
	return out, nil
}

// releaseDate is midnight in Paris on the day of publication; of a notice that
// gives none, when it was read here.
func releaseDate(n *Notice, rows []noticeRow) time.Time {
	at, err := time.ParseInLocation("2006-01-02", n.Published, zoneOf(paris))
	if err == nil {
		return at
	}
	for _, r := range rows {
		if r.Document == n {
			return r.ImportedAt.In(zoneOf(paris)).Truncate(time.Second)
		}
	}
	return time.Time{}
}

// writer makes the release of one notice.
type writer struct {
	*Notice
	places *Places
	ocid   string
	at     time.Time
	out    *Release
	end    ending // of a cancellation
}

// offered is what the notices of a procurement offer together.
func offered(rows []noticeRow) *opportunities.Opportunity {
	offer := opportunityOf(replay(rows).notice)
	return &offer
}

// ends takes what a cancellation ends: that of an award is told as one, even
// where its source files it with the calls.
func (w *writer) ends(e ending) {
	w.end = e
	if e.ofAward && w.Form.Family != Award {
		n := *w.Notice
		n.Form.Family = Award
		w.Notice = &n
	}
}

func (w *writer) release() (*Release, error) {
	w.out = &Release{OCID: w.ocid, Date: w.at.Format(time.RFC3339), Tag: w.tags(), InitiationType: "tender", Language: twoLetters(w.Language)}
	w.buyer()
	w.tender()
	if w.Form.Family == Award && (len(w.end.ended) == 0 || len(w.Winners) > 0) {
		w.awards()
	}
	w.endAwards()
	raw, err := json.Marshal(w.out)
	if err != nil {
		return nil, fmt.Errorf("make a release of notice %s: %w", w.ID, err)
	}
	w.out.ID = w.ocid + "-" + digest(raw)[:12]
	return w.out, nil
}

// tags says what the notice does (releaseTag of OCDS); nature reads them back.
func (w *writer) tags() []string {
	family := map[Nature]string{Planning: "planning", Award: "award"}[w.Form.Family]
	if family == "" {
		family = "tender"
	}
	switch {
	case w.Nature == Cancellation && family != "planning":
		return []string{family + "Cancellation"}
	case w.Nature == Correction, w.Nature == Cancellation:
		return []string{family + "Update"} // a plan given up: its status says so
	case family == "award" && w.hasContract():
		return []string{"award", "contract"}
	}
	return []string{family}
}

func (w *writer) status() string {
	switch {
	case w.Nature == Cancellation && w.Form.Family == Planning:
		return "withdrawn"
	case w.Nature == Cancellation && w.Form.Family != Award:
		return "cancelled"
	case w.Form.Family == Planning:
		return "planned"
	case w.Form.Family != Award:
		return "active"
	case w.end.stands:
		return "complete"
	case w.Nature == Cancellation, w.fruitless():
		return "unsuccessful"
	}
	return "complete"
}

// endAwards says again, as cancelled, the awards of earlier notices that a
// cancellation ends.
func (w *writer) endAwards() {
	if len(w.end.ended) == 0 {
		return
	}
	for _, one := range slices.Backward(w.end.ended) { // of one award, the last notice
		by := writer{Notice: one.notice, places: w.places, ocid: w.ocid, at: w.at, out: w.out}
		a := by.award(one.lot)
		a.Status = "cancelled"
		if !slices.ContainsFunc(w.out.Awards, func(known ReleaseAward) bool { return known.ID == a.ID }) {
			w.out.Awards = append(w.out.Awards, a)
		}
	}
	slices.SortStableFunc(w.out.Awards, func(a, b ReleaseAward) int { return strings.Compare(a.ID, b.ID) })
}

// fruitless tells an award, in a format that names the winners, that names none.
func (w *writer) fruitless() bool { return len(w.Winners) == 0 && w.Source != BOAMP }

// twoLetters shortens a code of three letters to that of two, where there is one.
func twoLetters(three string) string {
	base, err := language.ParseBase(strings.ToLower(three))
	if err != nil {
		return ""
	}
	return base.String()
}

// alpha2 is a country in two letters; "" for what is no country.
func alpha2(three string) string {
	region, err := language.ParseRegion(three)
	if err != nil || !region.IsCountry() {
		return ""
	}
	return region.String()
}

func (w *writer) buyer() {
	p := ReleaseParty{ID: "buyer", Name: w.Buyer.Name, Roles: []string{"buyer"}}
	if number := firstNonEmpty(w.Buyer.SIRET, w.Buyer.SIREN); number != "" {
		p.ID, p.Identifier = sireneID(number), &ReleaseIdentifier{Scheme: sireneScheme, ID: number, LegalName: w.Buyer.Name}
	}
	if code := alpha2(w.Buyer.Country); code != "" {
		p.Address = &ReleaseAddress{Country: code}
		if code == "FR" {
			p.Address.CountryName = "France"
		}
	}
	w.out.Parties = append(w.out.Parties, p)
	w.out.Buyer = &ReleaseRef{ID: p.ID, Name: p.Name}
}

// sireneScheme is the list of org-id.guide for the French register Sirene.
const sireneScheme = "FR-INSEE"

func sireneID(number string) string { return sireneScheme + "-" + number }

// party gives the reference of a supplier, who may also be the buyer (trap 5).
func (w *writer) party(who Winner) ReleaseRef {
	for i := range w.out.Parties {
		p := &w.out.Parties[i]
		number := p.Identifier
		if number != nil && number.ID == who.SIRET || p.Name == who.Name && number == nil && who.SIRET == "" {
			if !slices.Contains(p.Roles, "supplier") {
				p.Roles = append(p.Roles, "supplier")
			}
			return ReleaseRef{ID: p.ID, Name: who.Name}
		}
	}
	p := ReleaseParty{ID: fmt.Sprintf("supplier-%d", len(w.out.Parties)), Name: who.Name, Roles: []string{"supplier"}}
	if who.SIRET != "" {
		p.ID, p.Identifier = sireneID(who.SIRET), &ReleaseIdentifier{Scheme: sireneScheme, ID: who.SIRET, LegalName: who.Name}
	}
	w.out.Parties = append(w.out.Parties, p)
	return ReleaseRef{ID: p.ID, Name: p.Name}
}

// awards says who won what: an award for each lot, or one for the whole.
func (w *writer) awards() {
	var lots []string
	for _, one := range w.Winners {
		if !slices.Contains(lots, one.Lot) {
			lots = append(lots, one.Lot)
		}
	}
	if len(lots) == 0 {
		lots = []string{""}
	}
	for _, lot := range lots {
		w.out.Awards = append(w.out.Awards, w.award(lot))
	}
	if price := w.price(); price != nil && len(w.out.Awards) == 1 {
		w.out.Awards[0].Value = price
	}
	w.contract()
}

func (w *writer) award(lot string) ReleaseAward {
	a := ReleaseAward{ID: "award", Status: "active", Title: w.Title}
	if lot != "" {
		a.ID, a.RelatedLots, a.Title = "award-"+lot, []string{lot}, ""
	}
	if i := slices.IndexFunc(w.Lots, func(l Lot) bool { return l.ID == lot }); lot != "" && i >= 0 {
		a.Title = w.Lots[i].Title
	}
	switch {
	case w.Nature == Cancellation:
		a.Status = "cancelled"
	case w.fruitless():
		a.Status = "unsuccessful"
	}
	for _, one := range w.Winners {
		if ref := w.party(one); one.Lot == lot && !slices.Contains(a.Suppliers, ref) {
			a.Suppliers = append(a.Suppliers, ref)
		}
	}
	if facts := w.Award; facts != nil {
		a.Date = parisDay(facts.Notified)
		if !w.hasContract() {
			a.ContractPeriod = w.duration()
		}
	}
	return a
}

// price is what an award says was paid: in the formats that give both, an
// estimate is told by the field that it was read from.
func (w *writer) price() *ReleaseValue {
	if w.Form.Family != Award || w.Value == nil || strings.Contains(strings.ToLower(w.Provenance["value"]), "estim") {
		return nil
	}
	return valueOf(w.Value)
}

func (w *writer) estimate() *ReleaseValue {
	if w.price() != nil {
		return nil
	}
	return valueOf(w.Value)
}

func valueOf(v *Value) *ReleaseValue {
	if v == nil {
		return nil
	}
	return &ReleaseValue{Amount: v.Amount, Currency: v.Currency}
}

func (w *writer) hasContract() bool {
	return w.Award != nil && w.Award.Contract != "" && w.Nature == Award && len(w.Winners) > 0
}

// contract is that of the only award: a source that gives one for several lots
// does not say which.
func (w *writer) contract() {
	if !w.hasContract() || len(w.out.Awards) == 0 {
		return
	}
	c := ReleaseContract{ID: w.Award.Contract, AwardID: w.out.Awards[0].ID, DateSigned: parisDay(w.Award.Notified), Period: w.duration()}
	for i, m := range w.Award.Modifications {
		c.Amendments = append(c.Amendments, ReleaseAmendment{ID: firstNonEmpty(m.Number, fmt.Sprint(i+1)), Date: parisDay(firstNonEmpty(m.Notified, m.Published)), Description: m.Object})
	}
	w.out.Contracts = append(w.out.Contracts, c)
}

// duration is from the notification for so many months, or their days where
// the notification is unknown (a month is 365.25/12 days).
func (w *writer) duration() *ReleasePeriod {
	switch {
	case w.Award.Months == 0:
		return nil
	case w.Award.Notified == "":
		return &ReleasePeriod{DurationInDays: int(float64(w.Award.Months)*30.4375 + 0.5)}
	}
	return &ReleasePeriod{StartDate: parisDay(w.Award.Notified), EndDate: parisDay(w.Award.Ends())}
}

// parisDay is the first instant of a civil day in Paris, "" for no day.
func parisDay(day string) string {
	at, err := time.ParseInLocation("2006-01-02", day, zoneOf(paris))
	if err != nil {
		return ""
	}
	return at.Format(time.RFC3339)
}
