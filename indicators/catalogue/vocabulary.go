package catalogue

// Register is a chapter of social utility: the core, or one of the six of the
// federation's method.
type Register string

// The registers, in their order.
const (
	Core              Register = "core"
	SocialIntegration Register = "R1"
	Agency            Register = "R2"
	LivingTogether    Register = "R3"
	LocalEconomy      Register = "R4"
	Transformation    Register = "R5"
	Imbalances        Register = "R6"
)

// Registers lists them in order.
func Registers() []Register {
	return []Register{Core, SocialIntegration, Agency, LivingTogether, LocalEconomy, Transformation, Imbalances}
}

// Unit is what a value is counted in.
type Unit string

// Level is what is observed: one line of data is about that.
type Level string

// Population is who or what is covered.
type Population string

// Direction is how a move is read; no direction ranks enterprises.
type Direction string

// The directions.
const (
	Up      Direction = "up"
	Down    Direction = "down"
	Neutral Direction = "neutral"
	Parity  Direction = "parity"  // towards half
	Context Direction = "context" // reads only with the situation
)

// SourceKind is how data arrive.
type SourceKind string

// The kinds of sources.
const (
	Event    SourceKind = "event"    // something that happened, recorded or imported
	Survey   SourceKind = "survey"   // somebody was asked
	External SourceKind = "external" // another producer's table
)

// Origin is the table or the questionnaire that data come from.
type Origin string

// Source is where an indicator's data come from.
type Source struct {
	Kind SourceKind `json:"kind"`
	From Origin     `json:"from"`
}

// Breakdown is a way to cut a figure.
type Breakdown string

// The breakdowns. Sex, age and public cut persons; the others cut anything.
const (
	ByTerritory Breakdown = "territory" // France, region, department; finer only as a safe zone
	ByKind      Breakdown = "kind"      // ACI, AI, EI, ETTI…
	ByYear      Breakdown = "year"
	BySex       Breakdown = "sex"
	ByAge       Breakdown = "age3"   // under 26, 26 to 49, 50 and over
	ByPublic    Breakdown = "public" // what a person was eligible for at entry
)

// Body is an institution that uses a definition.
type Body string

// Public is a criterion of eligibility at entry.
type Public string

// Publics lists the criteria by which figures may be cut; they overlap, so that
// shares do not add up.
func Publics() []Public { return []Public{"RSA", "ASS", "AAH", "DETLD", "DELD", "TH", "QPV", "ZRR"} }

// Sensitive tells a criterion that says something of somebody's health: its cells
// ask for more persons (Publication.Sensitive).
func (p Public) Sensitive() bool { return p == "AAH" || p == "TH" }

// labels are the words of each code, by family: the pages, the codebooks and the
// exports say the same.
var labels = map[string]map[string]Text{
	"register": {
		"core": {FR: "Socle commun", EN: "Common core"},
		"R1":   {FR: "Intégration sociale", EN: "Social integration"},
		"R2":   {FR: "Pouvoir d’agir individuel et collectif", EN: "Individual and collective agency"},
		"R3":   {FR: "Vivre ensemble", EN: "Living together"},
		"R4":   {FR: "Développement économique local", EN: "Local economic development"},
		"R5":   {FR: "Transformation sociétale", EN: "Societal transformation"},
		"R6":   {FR: "Gestion efficiente des déséquilibres sociaux", EN: "Efficient management of social imbalances"},
	},
	"about": {
		"core": {FR: "Qui travaille, combien, et ce que chacun trouve en partant.", EN: "Who works, how much, and what each person finds on leaving."},
		"R1":   {FR: "L’emploi et les droits des salariés en parcours, au-delà de la mission.", EN: "The jobs and rights of insertion workers, beyond the work itself."},
		"R2":   {FR: "Ce que chacun gagne en droits, en autonomie, en confiance et en participation.", EN: "What each person gains in rights, autonomy, confidence and participation."},
		"R3":   {FR: "Les liens que l’activité crée, et le regard qu’elle change.", EN: "The ties that the activity makes, and the views that it changes."},
		"R4":   {FR: "Ce qui reste et ce qui naît sur le territoire.", EN: "What stays and what begins in the territory."},
		"R5":   {FR: "Les solutions nouvelles, et ceux avec qui elles se construisent.", EN: "New solutions, and the partners they are built with."},
		"R6":   {FR: "Ce que la collectivité dépense, évite, et les besoins que rien d’autre ne couvrait.", EN: "What society spends and avoids, and the needs that nothing else met."},
	},
	"unit": {
		"persons":             {FR: "personnes", EN: "persons"},
		"fte":                 {FR: "ETP", EN: "FTE"},
		"persons_fte":         {FR: "personnes ; ETP", EN: "persons; FTE"},
		"percent":             {FR: "%", EN: "%"},
		"net_percent":         {FR: "points de %, solde", EN: "net percentage points"},
		"hours_per_person":    {FR: "heures par personne", EN: "hours per person"},
		"quarters_per_person": {FR: "trimestres par personne", EN: "quarters per person"},
		"rights_per_person":   {FR: "droits par personne", EN: "rights per person"},
		"points":              {FR: "points, de −4 à 4", EN: "points, −4 to 4"},
		"per_100_exits":       {FR: "pour 100 sorties", EN: "per 100 exits"},
		"clients":             {FR: "clients", EN: "clients"},
		"hours":               {FR: "heures", EN: "hours"},
		"events_participants": {FR: "activités ; participants", EN: "events; participants"},
		"eur":                 {FR: "euros", EN: "euros"},
		"eur_per_fte":         {FR: "euros par ETP", EN: "euros per FTE"},
		"eur_interval":        {FR: "euros, fourchette", EN: "euros, as a range"},
		"projects":            {FR: "projets", EN: "projects"},
		"bodies_per_org":      {FR: "instances par entreprise", EN: "bodies per enterprise"},
		"tonnes":              {FR: "tonnes", EN: "tonnes"},
		"months":              {FR: "mois", EN: "months"},
	},
	"level": {
		"person":     {FR: "personne", EN: "person"},
		"enterprise": {FR: "entreprise", EN: "enterprise"},
		"territory":  {FR: "territoire", EN: "territory"},
	},
	"population": {
		"workers":         {FR: "Salariés en parcours des AI, ACI, EI et ETTI adhérentes", EN: "Insertion workers of the member AI, ACI, EI and ETTI"},
		"entrants":        {FR: "Salariés entrés en parcours dans l’année", EN: "Workers whose journey began in the year"},
		"exits":           {FR: "Personnes qui ont quitté l’entreprise dans l’année", EN: "Persons who left the enterprise in the year"},
		"respondents":     {FR: "Personnes sorties qui ont répondu, ou retrouvées par appariement", EN: "Persons who left and answered, or were found by matching"},
		"permanents":      {FR: "Salariés permanents des entreprises adhérentes", EN: "Permanent staff of the member enterprises"},
		"enterprises":     {FR: "Entreprises adhérentes qui ont répondu", EN: "Member enterprises that answered"},
		"all_enterprises": {FR: "Entreprises adhérentes", EN: "Member enterprises"},
		"clients":         {FR: "Clients des entreprises adhérentes qui ont répondu", EN: "Clients of the member enterprises who answered"},
		"communes":        {FR: "Communes du territoire", EN: "Communes of the territory"},
	},
	"direction": {
		"up":      {FR: "une hausse est recherchée", EN: "a rise is sought"},
		"down":    {FR: "une baisse est recherchée", EN: "a fall is sought"},
		"neutral": {FR: "décrit, sans sens favorable", EN: "describes, no better way"},
		"parity":  {FR: "vers la moitié", EN: "towards half"},
		"context": {FR: "se lit avec le contexte", EN: "reads with its context"},
	},
	"source": {
		"event":    {FR: "Événement enregistré", EN: "Recorded event"},
		"survey":   {FR: "Enquête", EN: "Survey"},
		"external": {FR: "Source externe", EN: "External source"},
	},
	"origin": {
		"hours":           {FR: "heures mensuelles", EN: "monthly hours"},
		"exits":           {FR: "sorties et leurs motifs", EN: "exits and their motives"},
		"persons":         {FR: "salariés en parcours", EN: "insertion workers"},
		"eligibility":     {FR: "critères d’éligibilité à l’entrée", EN: "eligibility criteria at entry"},
		"payroll":         {FR: "paie", EN: "payroll"},
		"missions":        {FR: "missions et prestations", EN: "missions and services"},
		"contracts":       {FR: "contrats", EN: "contracts"},
		"training":        {FR: "formations et immersions", EN: "training and immersions"},
		"support":         {FR: "accompagnement", EN: "social support"},
		"activities":      {FR: "instances et activités", EN: "bodies and events"},
		"membership":      {FR: "appartenance aux GES et aux PTCE", EN: "membership of GES and PTCE"},
		"yearly":          {FR: "enquête annuelle", EN: "yearly survey"},
		"accounts":        {FR: "enquête annuelle, comptes", EN: "yearly survey, accounts"},
		"follow_up":       {FR: "enquête de suivi", EN: "follow-up survey"},
		"two_waves":       {FR: "questionnaire à l’entrée et à la sortie", EN: "questionnaire at entry and exit"},
		"client_survey":   {FR: "enquête auprès des clients", EN: "client survey"},
		"reference_hours": {FR: "heures de référence par type et par année", EN: "reference hours by kind and year"},
		"dsn":             {FR: "déclaration sociale nominative (DSN)", EN: "French payroll declarations (DSN)"},
		"cog":             {FR: "code officiel géographique", EN: "official geographic code"},
		"sap":             {FR: "Sirene et registre des services à la personne", EN: "Sirene and the register of home services"},
		"egapro":          {FR: "Index de l’égalité professionnelle publié", EN: "published gender equality Index"},
		"model":           {FR: "modèle et jeu d’hypothèses daté", EN: "model and dated set of assumptions"},
	},
	"breakdown": {
		"territory": {FR: "territoire", EN: "territory"},
		"kind":      {FR: "type d’entreprise", EN: "kind of enterprise"},
		"year":      {FR: "année", EN: "year"},
		"sex":       {FR: "sexe", EN: "sex"},
		"age3":      {FR: "âge (moins de 26 ans, 26 à 49, 50 et plus)", EN: "age (under 26, 26 to 49, 50 and over)"},
		"public":    {FR: "public à l’entrée", EN: "public at entry"},
	},
	"body": {
		"coorace":  {FR: "COORACE", EN: "COORACE"},
		"dares":    {FR: "Dares", EN: "Dares"},
		"asp":      {FR: "ASP", EN: "ASP"},
		"maillage": {FR: "observatoire Maillage", EN: "Maillage observatory"},
	},
	"public": {
		"RSA":   {FR: "bénéficiaire du RSA", EN: "receives RSA (basic income)"},
		"ASS":   {FR: "allocataire de l’ASS", EN: "receives ASS (end-of-rights benefit)"},
		"AAH":   {FR: "allocataire de l’AAH", EN: "receives AAH (disability benefit)"},
		"DETLD": {FR: "au chômage depuis plus de 24 mois", EN: "unemployed for over 24 months"},
		"DELD":  {FR: "au chômage depuis 12 à 24 mois", EN: "unemployed for 12 to 24 months"},
		"TH":    {FR: "travailleur handicapé", EN: "recognised disabled worker"},
		"QPV":   {FR: "habite un quartier prioritaire", EN: "lives in a priority neighbourhood"},
		"ZRR":   {FR: "habite une zone de revitalisation rurale", EN: "lives in a rural revitalisation zone"},
	},
	"scheme": {
		"iris": {FR: "IRIS+", EN: "IRIS+"},
		"sdg":  {FR: "ODD", EN: "SDG"},
		"esf":  {FR: "FSE+", EN: "ESF+"},
	},
	"fit": {
		"same":     {FR: "même mesure", EN: "same measure"},
		"near":     {FR: "mesure voisine", EN: "close measure"},
		"towards":  {FR: "y contribue", EN: "contributes to it"},
		"contrast": {FR: "par contraste", EN: "by contrast"},
	},
}

func label(family, code string) Text { return labels[family][code] }

// Label is the register's name.
func (r Register) Label() Text { return label("register", string(r)) }

// About says in a sentence what the register gathers.
func (r Register) About() Text { return label("about", string(r)) }

// Label is the unit's name.
func (u Unit) Label() Text { return label("unit", string(u)) }

// Label is the level's name.
func (l Level) Label() Text { return label("level", string(l)) }

// Label says who is covered.
func (p Population) Label() Text { return label("population", string(p)) }

// Label says how a move is read.
func (d Direction) Label() Text { return label("direction", string(d)) }

// Label is the kind's name.
func (k SourceKind) Label() Text { return label("source", string(k)) }

// Label is the origin's name.
func (o Origin) Label() Text { return label("origin", string(o)) }

// Label is the breakdown's name.
func (b Breakdown) Label() Text { return label("breakdown", string(b)) }

// Label is the body's name.
func (b Body) Label() Text { return label("body", string(b)) }

// Label is the criterion's name.
func (p Public) Label() Text { return label("public", string(p)) }

// Label is the repertory's name.
func (s Scheme) Label() Text { return label("scheme", string(s)) }

// Label says how close two definitions are.
func (f Fit) Label() Text { return label("fit", string(f)) }
