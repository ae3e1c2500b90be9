// Package tenders reads notices of public procurement, whatever their source,
// into one normalised shape, and turns them into opportunities.
//
// It is for the daily flow of French public tenders: eForms, TED R2.0.9 and
// BOAMP today, one file per format. Every filled field says where it came from
// (Provenance), every doubt is a Warning, and every clause found is quoted with
// its position (Evidence), so that a person can check what a machine read.
//
// It refuses to guess silently: a place that the notice does not give stays
// unknown, a wrong time zone is flagged, a notice that can't be read is refused
// for a stated reason and kept in quarantine, and never stops the others.
package tenders

import (
	"encoding/json"
	"time"

	"maillage/nomenclatures"
)

// Source is the family of formats a notice was read from.
type Source string

// The sources.
const (
	EForms Source = "eforms"
	TED    Source = "ted"
	BOAMP  Source = "boamp"
	DECP   Source = "decp"
	OCDS   Source = "ocds"
)

// Nature is what a notice does to its procurement.
type Nature string

const (
	// Call asks for tenders, requests to participate or expressions of interest.
	Call Nature = "call"
	// Correction changes an earlier notice; Form.Family says of which family.
	Correction Nature = "correction"
	// Cancellation withdraws an earlier notice or gives up the procedure.
	Cancellation Nature = "cancellation"
	// Award says who won, that nobody did, or changes a running contract.
	Award Nature = "award"
	// Planning announces without asking for tenders yet.
	Planning Nature = "planning"
)

// Notice is one published notice in its normalised form. Its JSON shape is the
// contract of docs/notice.schema.json: every key is always present, an absent
// text is "", an absent list is [], an absent deadline or value is null.
type Notice struct {
	Source Source `json:"source"`
	// ID is the publisher's identifier of this notice: the notice UUID of
	// eForms, the OJ number of TED ("2019/S 110-270438"), the idweb of BOAMP.
	ID string `json:"id"`
	// Version orders the versions of one ID ("01", "02"); "" where the source
	// has no versions.
	Version string `json:"version"`
	// Procedure identifies the procurement across its notices (eForms BT-04,
	// BOAMP contractfolderid); "" where the source gives none.
	Procedure string `json:"procedure"`
	Nature    Nature `json:"nature"`
	Form      Form   `json:"form"`
	// Published is the civil date of publication or, failing that, of dispatch
	// ("2006-01-02"); "" when the notice gives neither.
	Published string `json:"published"`
	// Language is the ISO 639-3 code of the text that was read ("FRA").
	Language    string `json:"language"`
	Buyer       Buyer  `json:"buyer"`
	Title       string `json:"title"`
	Description string `json:"description"`
	// Texts holds the other passages that may bear a clause, by name
	// ("performance_conditions", "additional_information", …).
	Texts map[string]string `json:"texts"`
	// CPV holds 8-digit codes, the main one first, without repetition.
	CPV []nomenclatures.CPV `json:"cpv"`
	// Descriptors holds BOAMP descriptor codes, as published.
	Descriptors []string `json:"descriptors"`
	// Sectors holds sector codes of the nomenclatures: those of Classification
	// that are sure enough.
	Sectors []string `json:"sectors"`
	// Classification says why each sector, and how surely.
	Classification []Classified `json:"classification"`
	Lots           []Lot        `json:"lots"`
	Place          Place        `json:"place"`
	Deadline       *Deadline    `json:"deadline"`
	Value          *Value       `json:"value"`
	Social         Social       `json:"social"`
	Links          Links        `json:"links"`
	// Related names the notices that this one changes, cancels or follows.
	Related []Reference `json:"related"`
	// Winners holds the holders named by an award.
	Winners []Winner `json:"winners"`
	// Award tells of the contract an award made; nil, and left out of the JSON,
	// where the source says nothing of it.
	Award *AwardFacts `json:"award,omitempty"`
	// Provenance says for each filled field (its JSON path in this document)
	// which path of the source it came from.
	Provenance map[string]string `json:"provenance"`
	Warnings   []Warning         `json:"warnings"`
	// Unread is what was not understood of the record, as JSON by path, people
	// masked and cut at a bound; "" where all was. It is kept beside the document,
	// whose Texts["unread"] holds its words.
	Unread string `json:"-"`
}

// Form keeps what the source itself calls the notice.
type Form struct {
	// Type is the source's own code: "cn-standard", "F02", "APPEL_OFFRE/INITIAL".
	Type string `json:"type"`
	// Subtype is the eForms notice subtype ("16") or the BOAMP family ("MAPA").
	Subtype string `json:"subtype"`
	// Family is the nature the notice would have if it changed nothing: a
	// correction of an award has Nature correction and Family award.
	Family Nature `json:"family"`
}

// Buyer is who buys. SIRET is "" when the source gives only a SIREN or nothing.
type Buyer struct {
	Name string `json:"name"`
	// SIRET has 14 digits and SIREN 9; both pass the Luhn check or carry a warning.
	SIRET string `json:"siret"`
	SIREN string `json:"siren"`
	// Country is ISO 3166-1 alpha-3; "FRA" for the French sources.
	Country string `json:"country"`
}

// Lot is one part of the procurement that can be won alone. A notice that is
// not divided has one lot. An award may have none.
type Lot struct {
	// ID is the publisher's ("LOT-0001", "1").
	ID          string              `json:"id"`
	Title       string              `json:"title"`
	Description string              `json:"description"`
	Texts       map[string]string   `json:"texts"`
	CPV         []nomenclatures.CPV `json:"cpv"`
	Sectors     []string            `json:"sectors"`
	// Classification says why each sector, and how surely.
	Classification []Classified `json:"classification"`
	Place          Place        `json:"place"`
	// Reserved lists to whom participation is reserved, per the structured
	// flags and the text together; empty when open to all.
	Reserved []Beneficiary `json:"reserved"`
	Social   Social        `json:"social"`
	Value    *Value        `json:"value"`
	Deadline *Deadline     `json:"deadline"`
}

// Scope says how a place is known. A whole country and an unknown place are two
// different things: the first matches everywhere, the second must be asked.
type Scope string

const (
	// InCommunes: the place is a known set of communes.
	InCommunes Scope = "communes"
	// InCountry: the notice says the whole country, or anywhere.
	InCountry Scope = "country"
	// PlaceUnknown: the notice does not say, or not in a way we can read.
	PlaceUnknown Scope = "unknown"
)

// Basis says what a place was read from.
type Basis string

const (
	// ByPerformance: the notice gives the place of performance.
	ByPerformance Basis = "performance"
	// ByPublication: only the départements where the notice was published are
	// known; the place is assumed from them.
	ByPublication Basis = "publication"
	// ByWords: the words of the notice name it: the text of the place, or the
	// name and postal code of a commune in the title.
	ByWords Basis = "words"
	// ByBuyer: the buyer is a commune; its ground is assumed.
	ByBuyer Basis = "buyer"
	// ByNothing: no place was read.
	ByNothing Basis = ""
)

// Place is where the contract is performed.
type Place struct {
	Scope Scope `json:"scope"`
	Basis Basis `json:"basis"`
	// Confidence is in 0..1, 0 where nothing is known: stated (0.95), said of the
	// whole country (0.9), read in words (0.8 or 0.6), assumed (0.6 or 0.5).
	Confidence float64 `json:"confidence"`
	// Communes counts the communes covered; 0 unless Scope is "communes".
	Communes int `json:"communes"`
	// Codes lists their INSEE codes when they are 500 at most.
	Codes []string `json:"codes"`
	// Departements lists the INSEE codes of the départements touched, sorted.
	Departements []string `json:"departements"`
	// NUTS lists the NUTS codes as published (vintages 2013 and 2021 mixed).
	NUTS []string `json:"nuts"`
	// Country is ISO 3166-1 alpha-3, "" when not said.
	Country string `json:"country"`
	// Text is the place in the notice's own words.
	Text string `json:"text"`
	// Perimeter is the same place as a canonical perimeter expression of
	// territories; null unless Scope is "communes" or "country".
	Perimeter json.RawMessage `json:"perimeter"`
}

// MaxCodes is the largest number of communes listed one by one in a Place.
const MaxCodes = 500

// Deadline is the last moment to answer. Wall is what the notice prints; the
// instant is our reading of it.
type Deadline struct {
	// Instant is in UTC. Where two readings remain it is the earlier one.
	Instant time.Time `json:"instant"`
	// Wall is the printed wall clock, "2006-01-02T15:04:05", without a zone.
	Wall string `json:"wall"`
	// Zone is the IANA zone in which Wall was read, or "+02:00" for a foreign
	// notice that gives an offset only.
	Zone string `json:"zone"`
	// Raw is the text of the source, untouched.
	Raw string `json:"raw"`
	// Warning is "" or one of the Warn… deadline codes.
	Warning string `json:"warning"`
}

// Value is an amount without tax, in units of the currency.
type Value struct {
	Amount   float64 `json:"amount"`
	Currency string  `json:"currency"`
}

// Verdict is what a notice or a lot asks in social matters.
type Verdict string

const (
	// Reserved: only some kinds of organisations may tender.
	Reserved Verdict = "reserved"
	// Execution: a clause binds how the contract is performed (L2112-2).
	Execution Verdict = "execution"
	// Criterion: a social criterion weighs in the choice (L2152-7).
	Criterion Verdict = "criterion"
	// Object: insertion is itself what is bought.
	Object Verdict = "object"
	// NoClause: nothing was found.
	NoClause Verdict = "none"
	// ToConfirm: a structured flag that no text supports, or the reverse.
	ToConfirm Verdict = "to_confirm"
)

// Beneficiary is to whom a contract is reserved, after the French code of
// public procurement.
type Beneficiary string

const (
	// SIAE: structures of insertion through economic activity (L2113-13).
	SIAE Beneficiary = "siae"
	// EAESAT: adapted enterprises and ESAT (L2113-12).
	EAESAT Beneficiary = "ea_esat"
	// ESS: enterprises of the social economy, for some services (L2113-15).
	ESS Beneficiary = "ess"
	// Prison: economic activity in prison (L2113-13-1).
	Prison Beneficiary = "prison"
)

// Social is the verdict on social clauses with its evidence.
type Social struct {
	Verdict    Verdict       `json:"verdict"`
	ReservedTo []Beneficiary `json:"reserved_to"`
	// Confidence is in 0..1: how sure the verdict is, not how strong the clause is.
	Confidence float64 `json:"confidence"`
	// Hours is the number of hours of insertion asked, 0 when not given.
	Hours    int        `json:"hours"`
	Evidence []Evidence `json:"evidence"`
}

// EvidenceKind says whether a machine or a sentence says it.
type EvidenceKind string

const (
	// Flag: a structured field of the source.
	Flag EvidenceKind = "flag"
	// Quote: a passage of a text.
	Quote EvidenceKind = "text"
)

// Evidence is one reason of a verdict. For a text, Field is a path in the
// notice ("lots[0].description") and the runes [Start,End) of that field are
// Quote exactly. For a flag, Field is the path in the source, Quote its value.
type Evidence struct {
	Kind  EvidenceKind `json:"kind"`
	Says  Verdict      `json:"says"`
	Field string       `json:"field"`
	Quote string       `json:"quote"`
	// Start and End count characters (Unicode code points), not bytes.
	Start int `json:"start"`
	End   int `json:"end"`
}

// Links leads to the official page, the documents and where to answer.
type Links struct {
	Official   string `json:"official"`
	Documents  string `json:"documents"`
	Submission string `json:"submission"`
}

// Relation is how this notice stands to another.
type Relation string

const (
	// Changes: this notice corrects or cancels the other.
	Changes Relation = "changes"
	// Follows: this notice comes after the other in the same procurement.
	Follows Relation = "follows"
	// SameAs: the same notice under another identifier (its OJ number).
	SameAs Relation = "same"
)

// Reference names another notice as the source does.
type Reference struct {
	Relation Relation `json:"relation"`
	// Scheme is "eforms" (UUID), "ted" (OJ number), "boamp" (idweb).
	Scheme  Source `json:"scheme"`
	ID      string `json:"id"`
	Version string `json:"version"`
}

// Winner holds a contract, or a lot of it.
type Winner struct {
	Name  string `json:"name"`
	SIRET string `json:"siret"`
	// Lot is the lot won, "" when the notice does not say.
	Lot string `json:"lot"`
}

// Warning is a doubt that a person may want to settle; it never hides a field.
type Warning struct {
	// Code is stable, for machines.
	Code string `json:"code"`
	// Field is the JSON path concerned.
	Field string `json:"field"`
	// Message is in English, for logs and reviewers.
	Message string `json:"message"`
}
