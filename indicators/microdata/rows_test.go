package microdata_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"maillage/indicators/microdata"
)

// text reads one column of what is kept, in order.
func (h *house) text(query string) string {
	h.t.Helper()
	var rows []string
	must(h.t, h.st.Read().NewRaw(query).Scan(context.Background(), &rows))
	return strings.Join(rows, " ")
}

// To take a record away its key is enough; an empty cell, or a column that is not
// there, leaves what is known; a new record says what is asked of it.
func TestTheKeyOfARecordIsEnough(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		exits := func() string {
			return h.text("SELECT exit_on || ':' || motive || ':' || days FROM observed_exits ORDER BY exit_on")
		}
		h.kept(microdata.Enterprises, "entreprise;annee;type", "E-1;2011;ACI")
		h.kept(microdata.Exits, "entreprise;salarie;date;motif;jours", "E-1;S-1;2011-06-30;cdd;181", "E-1;S-2;2011-05-02;cdi;")
		h.kept(microdata.Exits, "entreprise;salarie;date;motif;jours", "E-1;S-1;2011-06-30;;182")
		h.kept(microdata.Exits, "entreprise;salarie;date;jours", "E-1;S-1;2011-06-30;183")
		if exits() != "2011-05-02:cdi:0 2011-06-30:cdd:183" {
			t.Error(exits())
		}
		if r := h.in(system(), microdata.Exits, "entreprise;salarie;date;motif", "E-1;S-1;2011-06-30;-", "E-1;S-3;2011-06-30;", "E-1;S-1;2011-06-29;peut-être"); told(r) != "2:motif 3:motif 4:motif" {
			t.Errorf("a motive cannot be emptied, nor missing, nor anything: %s", told(r))
		}
		if r := h.kept(microdata.Exits, "entreprise;salarie;date;supprimer", "E-1;S-1;2011-06-30;oui"); r.Removed != 1 {
			t.Errorf("%+v", r)
		}
		if r := h.kept(microdata.Exits, "entreprise;salarie;date;motif;supprimer", "E-1;S-2;2011-05-02;Jean Dupont;oui", "E-1;S-9;2011-05-02;;oui"); r.Removed != 1 || r.Unchanged != 1 || exits() != "" {
			t.Errorf("%+v, %s", r, exits())
		}
		if h.count("observed_workers") != 2 {
			t.Error("somebody is made to have a record taken away")
		}
		r := h.in(system(), microdata.Exits, "entreprise;salarie;date;motif;supprimer", "E-9;S-2;2011-05-02;Jean Dupont;oui")
		if told(r) != "2:entreprise" || strings.Contains(h.text("SELECT CAST(cells AS text) FROM observed_rejections ORDER BY id"), "Dupont") {
			t.Error("what a row that takes away says beside its key is not looked at, and is kept nowhere")
		}
		h.kept(microdata.Enterprises, "entreprise;annee;groupe", "E-1;2011;G-1")
		if r := h.in(system(), microdata.Enterprises, "entreprise;annee", "E-1;2012", "E-2;2011"); told(r) != "2:type 3:type" || h.count("observed_enterprises") != 1 {
			t.Errorf("a new year says its kind: %s, %d enterprises", told(r), h.count("observed_enterprises"))
		}
		h.kept(microdata.Answers, "entreprise;annee;question;valeur", "E-1;2011;sales;10")
		if r := h.kept(microdata.Answers, "entreprise;annee;question;supprimer", "E-1;2011;sales;oui"); r.Removed != 1 {
			t.Errorf("%+v", r)
		}
		h.kept(microdata.Enterprises, "entreprise;annee;supprimer", "E-1;2011;oui")
		if r := h.in(system(), microdata.Enterprises, "entreprise;annee;supprimer", "E-7;2011;oui"); told(r) != "2:entreprise" || h.count("observed_enterprises") != 1 {
			t.Errorf("an enterprise is made to be taken away: %s", told(r))
		}
	})
}

// One person is one, however the number is typed: in one file, in two, and where it
// was kept as it was typed before.
func TestANumberIsReadTheSameHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.kept(microdata.Enterprises, "entreprise;annee;type", "E-1;2011;ACI")
		if r := h.in(system(), microdata.Workers, "entreprise;salarie;sexe", "E-1;b01;f", "E-1;B1;f", "E-1;3;m", "E-1;3.0;m", "E-1;1.5;m", "E-1;1.50;m"); told(r) != "3: 5:" || r.Made != 4 {
			t.Errorf("%s, %d made", told(r), r.Made)
		}
		head := "entreprise;salarie;date;motif"
		h.kept(microdata.Exits, head, "E-1;a1;30/06/2011;cdi")
		if r := h.in(system(), microdata.Exits, head, "E-1;A1;2011-06-30;cdi", "E-1;A01;2011-07-01;cdi"); r.Unchanged != 1 || told(r) != "3:date" || h.count("observed_exits") != 1 {
			t.Errorf("one exit is counted twice: %+v", r)
		}
		mac := hmac.New(sha256.New, []byte(h.text("SELECT salt FROM observed_enterprises ORDER BY id")))
		mac.Write([]byte("a1"))
		h.sql("UPDATE observed_workers SET mark = '" + hex.EncodeToString(mac.Sum(nil))[:32] + "' WHERE id = (SELECT worker_id FROM observed_exits)")
		for range 2 {
			if r := h.in(system(), microdata.Exits, head, "E-1;a1;30/06/2011;cdi"); r.Unchanged != 1 {
				t.Errorf("who was known by the number as it was typed is no longer found: %+v", r)
			}
		}
		if r := h.in(system(), microdata.Exits, head, "E-1;A1;30/06/2011;cdi"); r.Unchanged != 1 || h.count("observed_workers") != 5 {
			t.Errorf("%+v, %d workers", r, h.count("observed_workers"))
		}
	})
}

// Of several rows of one record the first one that can be kept is.
func TestARefusedRowTakesNoOtherRowsPlace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.kept(microdata.Enterprises, "entreprise;annee;type", "E-1;2011;ACI")
		r := h.in(system(), microdata.Hours, "entreprise;salarie;mois;heures_payees;heures_travaillees;heures_clause", "E-1;S-1;2011-06;;;", "E-1;S-1;06/2011;10;10;", "E-1;S-1;2011-06;11;;", "E-1;S-2;2011-06;;ND;")
		if told(r) != "2:heures_payees 4:" || r.Made != 2 || !strings.Contains(r.Refused[1].Faults[0].Text.FR, "ligne 3") {
			t.Errorf("%+v", r)
		}
		head := "entreprise;salarie;date;motif;jours"
		r = h.in(system(), microdata.Exits, head, "E-1;S-1;2011-06-30;cdd;", "E-1;S-1;30/06/2011;cdd;181", "E-1;S-1;30/06/2011;cdi;", "E-1;S-2;2011-06-30;cdi;")
		if told(r) != "2:jours 4:" || r.Made != 2 || h.text("SELECT motive FROM observed_exits ORDER BY motive") != "cdd cdi" {
			t.Errorf("%s, %+v", told(r), r)
		}
		many := []string{head}
		for range 8 {
			many = append(many, "E-1;S-3;2011-06-30;cdd;")
		}
		if r := h.in(system(), microdata.Exits, many...); r.Rejected != 8 || r.Made != 0 {
			t.Errorf("%+v", r)
		}
	})
}

// What has two readings, or contradicts itself, is refused and located.
func TestWhatHasTwoReadingsIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.kept(microdata.Enterprises, "entreprise;annee;type", "E-1;2011;ACI")
		head := "entreprise;annee;question;valeur"
		if r := h.in(system(), microdata.Answers, head, "E-1;2011;sales;1 0,5", "E-1;2011;sales;4 0", "E-1;2011;sales;12 3456", "E-1;2011;sales;1 234 567,8"); told(r) != "2:valeur 3:valeur 4:valeur" || h.text("SELECT CAST(value AS text) FROM observed_answers ORDER BY question") != "123456780" {
			t.Errorf("%s", told(r))
		}
		h.kept(microdata.Workers, "entreprise;salarie;tranche_age", "E-1;S-1;-25")
		if r := h.in(system(), microdata.Workers, "entreprise;salarie;annee_naissance;tranche_age", "E-1;S-2;1980;-25", "E-1;S-1;1980;"); told(r) != "2:tranche_age 3:tranche_age" {
			t.Errorf("two ages: %s", told(r))
		}
		h.kept(microdata.Workers, "entreprise;salarie;annee_naissance;tranche_age", "E-1;S-1;1980;-")
	})
}
