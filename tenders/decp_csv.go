package tenders

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// The essential data as a table: one row for each holder of a contract. The
// columns are told by the header, whose names vary ("acheteur.id",
// "acheteur_id", "titulaire_id_1"…), and so is the separator. The rows of one
// contract mostly follow one another, not always: a bounded number of contracts
// is kept open to gather them.

// openContracts is how many contracts await more rows.
const openContracts = 4096

// headerLine is the first line of a table of contracts.
func headerLine(head []byte) string {
	line, _, _ := bytes.Cut(withoutBOM(head), []byte("\n"))
	return strings.TrimRight(string(line), "\r")
}

// isDECPCSV tells a table of contracts by its header.
func isDECPCSV(head []byte) bool {
	names := columnNames(headerLine(head))
	has := map[string]bool{}
	for _, n := range names {
		has[n] = true
	}
	return has["id"] && (has["acheteur_id"] || has["autoriteconcedante_id"]) && (has["objet"] || has["codecpv"] || has["montant"])
}

func separatorOf(header string) rune {
	best, most := ',', strings.Count(header, ",")
	for _, sep := range ";\t|" {
		if n := strings.Count(header, string(sep)); n > most {
			best, most = sep, n
		}
	}
	return best
}

func columnNames(header string) []string {
	r := csv.NewReader(strings.NewReader(header))
	r.Comma, r.LazyQuotes = separatorOf(header), true
	names, err := r.Read()
	if err != nil {
		return nil
	}
	for i, n := range names {
		names[i] = strings.NewReplacer(".", "_", "/", "_", " ", "_").Replace(strings.ToLower(strings.Trim(tidy(n), `"`)))
	}
	return names
}

// contractRows is a contract being gathered from its rows.
type contractRows struct {
	rec     map[string]any
	raw     []byte
	where   string
	amounts []string
	holders []any
}

// decpCSV streams a table of contracts.
func (p *Parser) decpCSV(ctx context.Context, name string, r io.Reader, yield func(Record) bool) {
	head, r, err := peek(r)
	header := headerLine(head)
	in := csv.NewReader(&lineBound{in: r, limit: p.limit})
	in.Comma, in.LazyQuotes, in.FieldsPerRecord, in.ReuseRecord = separatorOf(header), true, -1, true
	if err == nil {
		_, err = in.Read()
	}
	if err != nil {
		yield(Record{Path: name, Err: asRefusal(err, RefusedSyntax, "")})
		return
	}
	g := &gatherer{parser: p, name: name, columns: columnNames(header), open: map[string]*contractRows{}}
	for rank := 1; ctx.Err() == nil; rank++ {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			g.flush(0, yield)
			return
		}
		if err != nil {
			if g.flush(0, yield) {
				yield(Record{Path: name, Where: fmt.Sprintf("record %d", rank), Err: asRefusal(err, RefusedSyntax, fmt.Sprintf("record %d", rank))})
			}
			return
		}
		if !g.take(rank, row) {
			where := fmt.Sprintf("record %d", rank)
			if !yield(Record{Path: name, Where: where, Raw: []byte(strings.Join(row, ",")), Err: asRefusal(refuse(RefusedMissing, "the notice lacks %s", "an identifier"), "", where)}) {
				return
			}
		}
		if !g.flush(openContracts, yield) {
			return
		}
	}
}

// lineBound ends a table one line of which is larger than the bound.
type lineBound struct {
	in    io.Reader
	limit int64
	since int64
}

func (l *lineBound) Read(b []byte) (int, error) {
	n, err := l.in.Read(b)
	if i := bytes.LastIndexByte(b[:n], '\n'); i >= 0 {
		l.since = int64(n - i)
	} else if l.since += int64(n); l.since > l.limit {
		return 0, fmt.Errorf("%w (%d bytes)", errTooLarge, l.limit)
	}
	return n, err
}

// gatherer joins the rows of each contract, the oldest contract leaving first.
type gatherer struct {
	parser  *Parser
	name    string
	columns []string
	open    map[string]*contractRows
	order   []string
}

// maxRowsBytes bounds the raw text kept of one contract.
const maxRowsBytes = 64 << 10

func (g *gatherer) take(rank int, row []string) bool {
	cells := map[string]string{}
	for i, v := range row {
		if i < len(g.columns) && tidy(v) != "" && !strings.EqualFold(tidy(v), "NULL") {
			fixed, _ := repairUTF8([]byte(v))
			cells[g.columns[i]] = tidy(string(fixed))
		}
	}
	id, buyer := cells["id"], firstNonEmpty(cells["acheteur_id"], cells["autoriteconcedante_id"])
	if id == "" || buyer == "" {
		return false
	}
	key := buyer + "\x00" + id
	c := g.open[key]
	if c == nil {
		c = &contractRows{rec: contractOf(cells), where: fmt.Sprintf("record %d", rank)}
		c.raw = append(c.raw, strings.Join(g.columns, "\t")...)
		g.open[key], g.order = c, append(g.order, key)
	}
	if len(c.raw) < maxRowsBytes {
		c.raw = append(append(c.raw, '\n'), strings.Join(row, "\t")...)
	}
	c.add(cells)
	return true
}

var holderColumn = regexp.MustCompile(`^titulaires?_(?:(\d+)_)?(id|nom|denominationsociale|typeidentifiant)(?:_(\d+))?$`)

// add takes the holders and the amount of one more row.
func (c *contractRows) add(cells map[string]string) {
	parties := map[string]map[string]any{}
	for column, v := range cells {
		m := holderColumn.FindStringSubmatch(column)
		if m == nil {
			continue
		}
		rank := firstNonEmpty(m[1], m[3], "1")
		if parties[rank] == nil {
			parties[rank] = map[string]any{}
		}
		parties[rank][map[string]string{"id": "id", "typeidentifiant": "typeIdentifiant"}[m[2]]] = v
		if m[2] == "nom" || m[2] == "denominationsociale" {
			parties[rank]["denominationSociale"] = v
		}
	}
	for rank := 1; rank <= 9; rank++ {
		if h := parties[fmt.Sprint(rank)]; h != nil && len(c.holders) < maxList {
			delete(h, "")
			c.holders = append(c.holders, h)
		}
	}
	if v := firstNonEmpty(cells["montant"], cells["valeurglobale"]); v != "" && len(c.amounts) < 20 && !contains(c.amounts, v) {
		c.amounts = append(c.amounts, v)
	}
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

// flush gives the oldest contracts until few enough are open.
func (g *gatherer) flush(keep int, yield func(Record) bool) bool {
	for len(g.order) > keep {
		key := g.order[0]
		c := g.open[key]
		g.order = g.order[1:]
		delete(g.open, key)
		if !yield(g.record(c)) {
			return false
		}
	}
	return true
}

// WarnAmounts: the rows of one contract give several amounts, which are those
// of its lots or of its changes.
const WarnAmounts = "several_amounts"

func (g *gatherer) record(c *contractRows) Record {
	c.rec["titulaires"] = c.holders
	if len(c.amounts) == 1 {
		c.rec["montant"] = c.amounts[0]
	}
	rec := Record{Path: g.name, Where: c.where, Raw: c.raw}
	n, err := readDECP(jnode{c.rec, ""}, g.parser.places)
	if err != nil {
		rec.Err = asRefusal(err, RefusedMissing, c.where)
		return rec
	}
	n.Form.Subtype = "DECP-CSV"
	if len(c.amounts) > 1 {
		n.Award.Raw["montant"] = strings.Join(c.amounts, " ; ")
		n.Warnings = append(n.Warnings, Warning{WarnAmounts, "value", fmt.Sprintf("%d amounts in the rows of the contract; none is chosen", len(c.amounts))})
	}
	rec.Notice = n
	return rec
}

// contractOf gives the cells of a row the shape of a contract.
func contractOf(cells map[string]string) map[string]any {
	rec := map[string]any{}
	put := func(key string, columns ...string) {
		for _, column := range columns {
			if v := cells[column]; v != "" {
				rec[key] = v
				return
			}
		}
	}
	object := func(key string, fields map[string]string) {
		m := map[string]any{}
		for name, column := range fields {
			if v := cells[column]; v != "" {
				m[name] = v
			}
		}
		if len(m) > 0 {
			rec[key] = m
		}
	}
	for _, name := range []string{"id", "objet", "codeCPV", "procedure", "dureeMois", "dateNotification", "dateSignature", "datePublicationDonnees", "offresRecues", "idAccordCadre"} {
		put(name, strings.ToLower(name))
	}
	put("nature", "nature", "type")
	put("datePublicationDonnees", "datepublicationdonnees", "datepublication")
	object("acheteur", map[string]string{"id": "acheteur_id", "nom": "acheteur_nom"})
	object("autoriteConcedante", map[string]string{"id": "autoriteconcedante_id", "nom": "autoriteconcedante_nom"})
	object("lieuExecution", map[string]string{"code": "lieuexecution_code", "typeCode": "lieuexecution_typecode", "nom": "lieuexecution_nom"})
	if said := firstNonEmpty(cells["considerationssociales"], cells["considerationssociales_considerationsociale"]); said != "" {
		var list []any
		for _, one := range strings.FieldsFunc(said, func(r rune) bool { return strings.ContainsRune(",;|", r) }) {
			list = append(list, strings.Trim(tidy(one), `[]"' `))
		}
		rec["considerationsSociales"] = list
	}
	return rec
}
