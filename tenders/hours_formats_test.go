//nolint:misspell // the words are French
package tenders

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/opportunities"
)

// tedAward is an F03 without a call, that repeats its clause.
const tedAward = `<?xml version="1.0" encoding="UTF-8"?>
<TED_EXPORT xmlns="http://publications.europa.eu/resource/schema/ted/R2.0.9/publication" xmlns:n2016="http://publications.europa.eu/resource/schema/ted/2016/nuts" VERSION="R2.0.9.S03.E01" DOC_ID="300001-2026">
  <CODED_DATA_SECTION><REF_OJS><DATE_PUB>20261112</DATE_PUB></REF_OJS><NOTICE_DATA><NO_DOC_OJS>2026/S 112-300001</NO_DOC_OJS></NOTICE_DATA></CODED_DATA_SECTION>
  <FORM_SECTION><F03_2014 CATEGORY="ORIGINAL" FORM="F03" LG="FR">
    <CONTRACTING_BODY><ADDRESS_CONTRACTING_BODY><OFFICIALNAME>Département de la Drôme</OFFICIALNAME><NATIONALID>22260001700016</NATIONALID><TOWN>Valence</TOWN><COUNTRY VALUE="FR"/></ADDRESS_CONTRACTING_BODY></CONTRACTING_BODY>
    <OBJECT_CONTRACT><TITLE><P>Reconstruction du collège</P></TITLE><CPV_MAIN><CPV_CODE CODE="45214220"/></CPV_MAIN><SHORT_DESCR><P>Reconstruction.</P></SHORT_DESCR><LOT_DIVISION/>
      <OBJECT_DESCR ITEM="1"><TITLE><P>Gros œuvre</P></TITLE><LOT_NO>1</LOT_NO><n2016:NUTS CODE="FRK23"/><SHORT_DESCR><P>Maçonnerie.</P></SHORT_DESCR><INFO_ADD><P>Clause sociale d’insertion : 2 000 heures d’insertion, avec le PLIE du Valentinois.</P></INFO_ADD></OBJECT_DESCR>
      <OBJECT_DESCR ITEM="2"><TITLE><P>Peinture</P></TITLE><LOT_NO>2</LOT_NO><n2016:NUTS CODE="FRK23"/><SHORT_DESCR><P>Peinture.</P></SHORT_DESCR></OBJECT_DESCR></OBJECT_CONTRACT>
    <AWARD_CONTRACT ITEM="1"><LOT_NO>1</LOT_NO><AWARDED_CONTRACT><CONTRACTORS><CONTRACTOR><ADDRESS_CONTRACTOR><OFFICIALNAME>Bâtir SA</OFFICIALNAME><NATIONALID>44306184100047</NATIONALID></ADDRESS_CONTRACTOR></CONTRACTOR></CONTRACTORS></AWARDED_CONTRACT></AWARD_CONTRACT>
    <AWARD_CONTRACT ITEM="2"><LOT_NO>2</LOT_NO><AWARDED_CONTRACT><CONTRACTORS><CONTRACTOR><ADDRESS_CONTRACTOR><OFFICIALNAME>Pinceau SARL</OFFICIALNAME></ADDRESS_CONTRACTOR></CONTRACTOR></CONTRACTORS></AWARDED_CONTRACT></AWARD_CONTRACT>
  </F03_2014></FORM_SECTION>
</TED_EXPORT>`

// TestHoursOfEachFormat: an award of TED or of eForms that repeats its clause
// needs no call, and each lot has its own holder.
func TestHoursOfEachFormat(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(sample("eforms-award.xml"))
	if err != nil {
		t.Fatal(err)
	}
	eforms := strings.Replace(string(raw), "Tonte et taille des massifs.", "Tonte et taille. Clause sociale d’insertion : 420 heures d’insertion.", 1)
	for name, c := range map[string]struct{ text, want string }{
		"F03":    {tedAward, "Heures d’insertion à réaliser : Reconstruction du collège, lot 1 : Gros œuvre|[{Bâtir SA 44306184100047}]|2000|PLIE du Valentinois|2026-11-12|1"},
		"eForms": {eforms, "Heures d’insertion à réaliser : Parcs et jardins|[{Les Jardins du Rhône 44306184100047}]|420||2027-03-02|"},
	} {
		h := newHouse(t, testkit.SQLite(t))
		path := t.TempDir() + "/award.xml"
		write(t, path, c.text)
		h.load(path)
		var got []string
		for _, o := range h.hours() {
			if o.State != opportunities.Cancelled {
				got = append(got, fmt.Sprint(o.Title, "|", o.Insertion.Holders, "|", o.Lots[0].Hours, "|", o.Insertion.Facilitator, "|", o.Insertion.Awarded, "|", o.Insertion.Lot))
			}
		}
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), c.want)
		}
	}
}

// TestHoursFollowAPair: two calls judged one have the hours of both awards under
// the one that is kept; parted, each has its own again, the same as before.
func TestHoursFollowAPair(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		member, err := h.network.Save(context.Background(), &network.Organisation{Role: network.Member, Kind: network.KindEA, SIRET: "44306184100047", Name: "Bâtir", Active: true}, 0)
		if err != nil {
			t.Fatal(err)
		}
		two := twoSpellings()
		h.loadAll(two, []int{0, 1})
		p := newPaper(t)
		award := p.notice(BOAMP, "26-700009", "11-24", Award, Award, won("", "Bâtir SA", "44306184100047"), described(clause))
		award.Procedure, award.Title, award.Buyer.Name = "", "Collecte des encombrants sur la ville de Die : mise en oeuvre et suivi", "Ville de Die"
		award.Related = []Reference{{Follows, BOAMP, "26-700002", ""}}
		h.take([]Record{record(award)})
		said := func() string {
			o, err := h.network.Get(context.Background(), member.ID)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(len(runningHours(h.hours())), " ", len(o.References), " ", o.References[0].Source)
		}
		apart, texts := said(), strings.Join(runningHours(h.hours()), "\n")
		if apart != "1 1 boamp:26-700002" {
			t.Fatalf("after the award: %s", apart)
		}
		id := h.pairs(PairProposed)[0].ID
		h.judge(id, PairSame)
		if got := said(); got != "1 1 boamp:26-700001" {
			t.Errorf("merged: %s\n%s", got, strings.Join(runningHours(h.hours()), "\n"))
		}
		for _, o := range h.hours() {
			if why, err := h.offers.Why(context.Background(), o); o.State == opportunities.Cancelled && why != "Réuni avec un autre avis du même marché." {
				t.Errorf("why: %q %v", why, err)
			}
		}
		h.judge(id, PairDifferent)
		if got := said(); got != apart || strings.Join(runningHours(h.hours()), "\n") != texts {
			t.Errorf("parted: %s\n%s\nwant\n%s", got, strings.Join(runningHours(h.hours()), "\n"), texts)
		}
		cancel := p.notice(BOAMP, "26-700010", "11-25", Cancellation, Call, changing(BOAMP, "26-700009"))
		cancel.Procedure, cancel.Title, cancel.Buyer.Name = "", award.Title, award.Buyer.Name
		h.take([]Record{record(cancel)})
		o, err := h.network.Get(context.Background(), member.ID)
		if err != nil || len(o.References) != 0 || len(runningHours(h.hours())) != 0 {
			t.Errorf("the award cancelled leaves %v %v %v", o.References, runningHours(h.hours()), err)
		}
	})
}
