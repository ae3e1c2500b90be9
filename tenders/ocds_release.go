package tenders

import "time"

// The shapes of a release package of OCDS 1.1, as far as notices fill them, in
// the words of the standard (https://standard.open-contracting.org/1.1/). What
// is not known is left out: a null would erase it for those who merge releases.

// ReleasePackage is releases with who published them, when and on what terms.
type ReleasePackage struct {
	URI           string           `json:"uri" format:"uri" doc:"Of the package; it holds the address of the platform, not that of the request."`
	Version       string           `json:"version" example:"1.1"`
	Extensions    []string         `json:"extensions" doc:"The extensions of OCDS that the releases use."`
	Publisher     ReleasePublisher `json:"publisher"`
	License       string           `json:"license,omitempty" format:"uri"`
	PublishedDate time.Time        `json:"publishedDate" doc:"When the latest of its notices was read here."`
	Links         *ReleaseLinks    `json:"links,omitempty"`
	Releases      []*Release       `json:"releases" minItems:"1"`
}

// ReleasePublisher is who publishes a package.
type ReleasePublisher struct {
	Name string `json:"name"`
	URI  string `json:"uri,omitempty" format:"uri"`
}

// ReleaseLinks leads to the next page of packages.
type ReleaseLinks struct {
	Next string `json:"next,omitempty" format:"uri"`
}

// Release is what one notice says of its procurement.
type Release struct {
	OCID           string            `json:"ocid" doc:"Of the procurement; the same whatever the filter and the day."`
	ID             string            `json:"id" doc:"Of this content: another content has another id."`
	Date           string            `json:"date" format:"date-time" doc:"Day of publication in Paris; notices of one day are a second apart, in their order."`
	Tag            []string          `json:"tag"`
	InitiationType string            `json:"initiationType"`
	Language       string            `json:"language,omitempty" doc:"ISO 639-1."`
	Parties        []ReleaseParty    `json:"parties,omitempty"`
	Buyer          *ReleaseRef       `json:"buyer,omitempty"`
	Tender         *ReleaseTender    `json:"tender,omitempty"`
	Awards         []ReleaseAward    `json:"awards,omitempty"`
	Contracts      []ReleaseContract `json:"contracts,omitempty"`
}

// ReleaseParty is an organisation and its parts in the procurement.
type ReleaseParty struct {
	ID         string             `json:"id"`
	Name       string             `json:"name,omitempty"`
	Roles      []string           `json:"roles"`
	Identifier *ReleaseIdentifier `json:"identifier,omitempty"`
	Address    *ReleaseAddress    `json:"address,omitempty"`
}

// ReleaseIdentifier is a number in a register.
type ReleaseIdentifier struct {
	Scheme    string `json:"scheme" doc:"FR-INSEE: the register Sirene; a SIRET has 14 digits, a SIREN 9."`
	ID        string `json:"id"`
	LegalName string `json:"legalName,omitempty"`
}

// ReleaseRef names a party.
type ReleaseRef struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// ReleaseAddress is a place.
type ReleaseAddress struct {
	Locality    string `json:"locality,omitempty"`
	Region      string `json:"region,omitempty" doc:"A NUTS code, or the code of a département in ISO 3166-2 (FR-26)."`
	PostalCode  string `json:"postalCode,omitempty"`
	CountryName string `json:"countryName,omitempty"`
	Country     string `json:"country,omitempty" doc:"ISO 3166-1 alpha-2."`
	Description string `json:"description,omitempty" doc:"The place in the words of the notice."`
}

// ReleaseTender is what is asked.
type ReleaseTender struct {
	ReleaseTerms
	ID                  string             `json:"id"`
	Status              string             `json:"status,omitempty"`
	MainCategory        string             `json:"mainProcurementCategory,omitempty" doc:"goods, works or services, after the division of the main CPV code."`
	Method              string             `json:"procurementMethod,omitempty"`
	MethodDetails       string             `json:"procurementMethodDetails,omitempty"`
	Classification      *ReleaseClass      `json:"classification,omitempty"`
	MoreClassifications []ReleaseClass     `json:"additionalClassifications,omitempty"`
	TenderPeriod        *ReleasePeriod     `json:"tenderPeriod,omitempty"`
	NumberOfTenderers   int                `json:"numberOfTenderers,omitempty"`
	DeliveryAddresses   []ReleaseAddress   `json:"deliveryAddresses,omitempty"`
	Documents           []ReleaseDocument  `json:"documents,omitempty"`
	Amendments          []ReleaseAmendment `json:"amendments,omitempty"`
	Items               []ReleaseItem      `json:"items,omitempty"`
	Lots                []ReleaseLot       `json:"lots,omitempty"`
}

// ReleaseLot is a part that can be won alone.
type ReleaseLot struct {
	ReleaseTerms
	ID           string         `json:"id"`
	TenderPeriod *ReleasePeriod `json:"tenderPeriod,omitempty" doc:"Where it is not that of the whole."`
}

// ReleaseTerms is what the whole and a lot both may say.
type ReleaseTerms struct {
	Title             string               `json:"title,omitempty"`
	Description       string               `json:"description,omitempty"`
	Value             *ReleaseValue        `json:"value,omitempty" doc:"Estimated, excluding taxes."`
	AwardCriteria     string               `json:"awardCriteriaDetails,omitempty"`
	Eligibility       string               `json:"eligibilityCriteria,omitempty"`
	SubmissionDetails string               `json:"submissionMethodDetails,omitempty" doc:"Where to answer, then what the notice adds."`
	OtherRequirements *ReleaseRequirements `json:"otherRequirements,omitempty"`
	ContractTerms     *ReleaseConditions   `json:"contractTerms,omitempty"`
	Sustainability    []ReleaseGoal        `json:"sustainability,omitempty"`
}

// ReleaseRequirements says to whom a contract is reserved.
type ReleaseRequirements struct {
	ReservedParticipation []string `json:"reservedParticipation"`
}

// ReleaseConditions is how the contract is to be performed.
type ReleaseConditions struct {
	PerformanceTerms string `json:"performanceTerms"`
}

// ReleaseGoal is a social clause: to what end, by what means.
type ReleaseGoal struct {
	Goal        string   `json:"goal"`
	Strategies  []string `json:"strategies,omitempty"`
	Description string   `json:"description,omitempty"`
}

// ReleaseValue is an amount without taxes.
type ReleaseValue struct {
	Amount   float64 `json:"amount"`
	Currency string  `json:"currency,omitempty"`
}

// ReleasePeriod is a time, from a date or to one.
type ReleasePeriod struct {
	StartDate      string `json:"startDate,omitempty" format:"date-time"`
	EndDate        string `json:"endDate,omitempty" format:"date-time"`
	DurationInDays int    `json:"durationInDays,omitempty"`
}

// ReleaseItem is what is bought, by its codes.
type ReleaseItem struct {
	ID                  string           `json:"id"`
	Description         string           `json:"description,omitempty"`
	RelatedLot          string           `json:"relatedLot,omitempty"`
	Classification      *ReleaseClass    `json:"classification,omitempty"`
	MoreClassifications []ReleaseClass   `json:"additionalClassifications,omitempty"`
	DeliveryAddresses   []ReleaseAddress `json:"deliveryAddresses,omitempty"`
}

// ReleaseClass is a code of a vocabulary.
type ReleaseClass struct {
	Scheme      string `json:"scheme"`
	ID          string `json:"id"`
	Description string `json:"description,omitempty"`
}

// ReleaseDocument is a page or a file elsewhere.
type ReleaseDocument struct {
	ID   string `json:"id"`
	Type string `json:"documentType"`
	URL  string `json:"url" format:"uri"`
}

// ReleaseAmendment is what a correction says of itself.
type ReleaseAmendment struct {
	ID          string `json:"id"`
	Date        string `json:"date,omitempty" format:"date-time"`
	Description string `json:"description,omitempty"`
}

// ReleaseAward is who won, in one go.
type ReleaseAward struct {
	ID             string         `json:"id"`
	Title          string         `json:"title,omitempty"`
	Status         string         `json:"status,omitempty"`
	Date           string         `json:"date,omitempty" format:"date-time"`
	Value          *ReleaseValue  `json:"value,omitempty"`
	Suppliers      []ReleaseRef   `json:"suppliers,omitempty"`
	ContractPeriod *ReleasePeriod `json:"contractPeriod,omitempty"`
	RelatedLots    []string       `json:"relatedLots,omitempty"`
}

// ReleaseContract is a contract that an award made.
type ReleaseContract struct {
	ID         string             `json:"id"`
	AwardID    string             `json:"awardID"`
	DateSigned string             `json:"dateSigned,omitempty" format:"date-time"`
	Period     *ReleasePeriod     `json:"period,omitempty"`
	Amendments []ReleaseAmendment `json:"amendments,omitempty"`
}
