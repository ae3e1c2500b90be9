package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/opportunities"
)

// Route is one address of the pages. Every one names the action of the policy table that it
// needs; the tests enumerate them.
type Route struct {
	Method, Path string
	Action       accounts.Action
	serve        func(*call) error
}

// Pattern is the route in the words of http.ServeMux.
func (r Route) Pattern() string {
	if strings.HasSuffix(r.Path, "/") {
		return r.Method + " " + r.Path + "{$}"
	}
	return r.Method + " " + r.Path
}

// Routes is the whole table.
func (s *Server) Routes() []Route {
	return []Route{
		{"GET", "/", accounts.DocumentationRead, s.home},
		{"GET", "/langue/{code}", accounts.DocumentationRead, s.changeLanguage},

		{"GET", "/marches", accounts.OpportunityRead, s.opportunities},
		{"GET", "/marches.ics", accounts.OpportunityRead, s.listCalendar},
		{"GET", "/marches.atom", accounts.OpportunityRead, s.listNews},
		{"GET", "/marches.csv", accounts.OpportunityRead, s.listTable},
		{"GET", "/marches.ocds.json", accounts.OpportunityRead, s.listReleases},
		{"GET", "/marches/nouveau", accounts.OpportunityCreate, s.publishForm},
		{"POST", "/marches/nouveau", accounts.OpportunityCreate, s.publish},
		{"GET", "/a-venir", accounts.OpportunityRead, s.coming},
		{"GET", "/a-venir.csv", accounts.OpportunityRead, s.comingTable},
		{"POST", "/marches/{id}/attendu", accounts.OpportunityForecast, s.settleForecast},
		{"GET", "/doublons", accounts.ProcurementPairs, s.duplicates},
		{"POST", "/doublons/{id}", accounts.ProcurementJudge, s.judgePair},
		{"GET", "/marches/{id}", accounts.OpportunityRead, s.opportunity},
		{"GET", "/marches/{id}/echeances.ics", accounts.OpportunityRead, s.opportunityCalendar},
		{"POST", "/marches/{id}/publier", accounts.OpportunityPublish, s.publishDraft},
		{"POST", "/marches/{id}/fermer", accounts.OpportunityClose, s.closeOpportunity},
		{"GET", "/marches/{id}/modifier", accounts.OpportunityEdit, s.editForm},
		{"POST", "/marches/{id}/modifier", accounts.OpportunityEdit, s.edit},
		{"GET", "/marches/{id}/annuler", accounts.OpportunityCancel, s.endForm},
		{"POST", "/marches/{id}/annuler", accounts.OpportunityCancel, s.end},
		{"GET", "/marches/{id}/attribuer", accounts.OpportunityAward, s.endForm},
		{"POST", "/marches/{id}/attribuer", accounts.OpportunityAward, s.end},
		{"GET", "/marches/{id}/groupements", accounts.ConsortiumCompose, s.composeTender},
		{"GET", "/lots/{id}/groupement", accounts.ConsortiumCompose, s.compose},
		{"POST", "/lots/{id}/groupement", accounts.ConsortiumEdit, s.keepGroup},
		{"GET", "/groupements/{id}", accounts.ConsortiumRead, s.consortium},
		{"POST", "/groupements/{id}", accounts.ConsortiumEdit, s.changeGroup},
		{"GET", "/groupements/{id}/convention", accounts.ConsortiumRead, s.agreement},
		{"GET", "/recherches", accounts.HomeRead, s.searches},
		{"POST", "/recherches", accounts.AccountChange, s.keepSearch},
		{"POST", "/recherches/{id}", accounts.AccountChange, s.changeSearch},
		{"GET", "/recherches/lettre", accounts.HomeRead, s.nextLetter},
		{"GET", "/recherches/lettres/{id}", accounts.HomeRead, s.oldLetter},
		{"GET", stopPath + "{secret}", accounts.LetterStop, s.stopForm},
		{"POST", stopPath + "{secret}", accounts.LetterStop, s.stopLetters},
		{"GET", "/flux/{secret}/echeances.ics", accounts.OpportunityRead, s.searchCalendar},
		{"GET", "/flux/{secret}/marches.atom", accounts.OpportunityRead, s.searchNews},
		{"GET", "/flux/{secret}/marches.csv", accounts.OpportunityRead, s.searchTable},
		{"GET", "/besoins/nouveau", accounts.OpportunityCreate, s.offerForm(opportunities.JobNeed)},
		{"POST", "/besoins/nouveau", accounts.OpportunityCreate, s.offer(opportunities.JobNeed)},
		{"GET", "/missions/nouveau", accounts.OpportunityCreate, s.offerForm(opportunities.Mission)},
		{"POST", "/missions/nouveau", accounts.OpportunityCreate, s.offer(opportunities.Mission)},
		{"GET", "/immersions/nouveau", accounts.OpportunityCreate, s.offerForm(opportunities.Immersion)},
		{"POST", "/immersions/nouveau", accounts.OpportunityCreate, s.offer(opportunities.Immersion)},
		{"GET", "/formations", accounts.OpportunityRead, s.trainings},
		{"GET", "/formations/nouveau", accounts.OpportunityCreate, s.offerForm(opportunities.TrainingSession)},
		{"POST", "/formations/nouveau", accounts.OpportunityCreate, s.offer(opportunities.TrainingSession)},

		{"GET", "/postes/{id}/personnes", accounts.ProposalPeople, personal(s.candidates)},
		{"POST", "/postes/{id}/personnes", accounts.AgreementWrite, personal(s.recordSaid)},
		{"GET", "/postes/{id}/personnes/{person}", accounts.ProposalPeople, personal(s.card)},
		{"POST", "/postes/{id}/personnes/{person}", accounts.ProposalCreate, personal(s.propose)},
		{"POST", "/propositions/{id}/retirer", accounts.ProposalWithdraw, personal(s.withdrawProposal)},
		{"GET", "/parcours/{id}/postes", accounts.ProposalPeople, personal(s.prospects)},
		{"POST", "/besoins/{id}/candidatures/{ref}", accounts.ProposalAnswer, personal(s.answerCard)},

		{"GET", "/besoins-non-couverts", accounts.MatchCoverage, s.holes},
		{"GET", "/besoins-non-couverts.csv", accounts.MatchCoverage, s.holesTable},
		{"GET", "/besoins-non-couverts.geojson", accounts.MatchCoverage, s.holesShapes},
		{"GET", "/besoins-non-couverts/{key}", accounts.MatchCoverage, s.hole},
		{"POST", "/besoins-non-couverts/{key}", accounts.PoleEdit, s.startProject},
		{"POST", "/poles/{id}/projets/{project}", accounts.PoleEdit, s.moveProject},
		{"POST", "/poles/{id}/projets", accounts.PoleEdit, s.addProject},
		{"POST", "/poles/{id}/projets/{project}/besoins", accounts.PoleEdit, s.tellNeeds},
		{"POST", "/poles/{id}/projets/{project}/membres", accounts.PoleJoin, s.joinProject},
		{"GET", callPath, accounts.CallPublish, s.callForm},
		{"POST", callPath, accounts.CallPublish, s.publishCall},
		{"POST", "/marches/{id}/interet", accounts.InterestExpress, s.express},
		{"POST", "/interets/{interest}", accounts.InterestSettle, s.settle},
		{"GET", "/competences", accounts.SkillsOutlook, s.skills},
		{"GET", "/competences.csv", accounts.SkillsOutlook, s.skillsTable},
		{"GET", "/competences/{code}", accounts.SkillsOutlook, s.skill},
		{"GET", "/equite", accounts.PeopleAudit, s.fairness},
		{"GET", "/equite.csv", accounts.PeopleAudit, s.fairnessTable},
		{"GET", "/membres", accounts.OrganisationRead, s.members},
		{"GET", "/membres/{id}", accounts.OrganisationRead, s.member},
		{"POST", "/membres/{id}/inviter", accounts.AccountInvite, s.inviteMember},
		{"GET", "/poles/{id}", accounts.PoleRead, s.pole},
		{"GET", "/groupes/{id}", accounts.GroupRead, s.group},
		{"GET", "/conventions/{id}", accounts.PartnershipRead, s.convention},
		{"GET", "/embed/marches", accounts.OpportunityRead, s.embeddedOpportunities},
		{"GET", "/embed/membres", accounts.OrganisationRead, s.embeddedMembers},
		{"GET", "/entreprise", accounts.OrganisationConfirm, s.enterprise},
		{"GET", "/entreprise/activites/{n}", accounts.OrganisationConfirm, s.activityForm},
		{"POST", "/entreprise/activites/{n}", accounts.OrganisationConfirm, s.saveActivity},
		{"GET", "/entreprise/et-si", accounts.MatchesOfOrganisation, s.ownWhatIf},
		{"GET", "/membres/{id}/et-si", accounts.MatchesOfOrganisation, s.whatIfOf},
		{"GET", "/reponses", accounts.MatchAnswer, s.answers},
		{"GET", "/reponses/{id}", accounts.PursuitRead, s.decision},
		{"POST", "/reponses/{id}", accounts.PursuitFollow, s.answer},

		{"GET", "/reponses/{id}/pieces", accounts.ChecklistRead, s.answerPieces},
		{"POST", "/reponses/{id}/pieces", accounts.ChecklistEdit, s.answerPiece},
		{"POST", "/reponses/{id}/archives", accounts.DossierEdit, s.freezeAnswer},
		{"GET", "/reponses/{id}/archives/{number}", accounts.DossierRead, s.archiveFile},
		{"GET", dossierPath, accounts.DossierRead, s.dossier},
		{"POST", dossierPath + "/pieces", accounts.DossierEdit, s.addPiece},
		{"GET", dossierPath + "/pieces/{id}", accounts.DossierRead, s.pieceFile},
		{"POST", dossierPath + "/pieces/{id}/retirer", accounts.DossierEdit, s.removePiece},
		{"GET", referencesPath, accounts.DossierRead, s.references},
		{"POST", referencesPath, accounts.DossierEdit, s.saveReference},
		{"POST", referencesPath + "/{id}/retirer", accounts.DossierEdit, s.removeReference},
		{"GET", paragraphsPath, accounts.DossierRead, s.paragraphs},
		{"POST", paragraphsPath, accounts.DossierEdit, s.writeParagraph},
		{"GET", paragraphsPath + "/{id}", accounts.DossierRead, s.paragraph},
		{"POST", paragraphsPath + "/{id}", accounts.DossierEdit, s.changeParagraph},
		{"POST", paragraphsPath + "/{id}/retirer", accounts.DossierEdit, s.retireParagraph},
		{"GET", candidatePath, accounts.DossierRead, s.candidate},
		{"POST", candidatePath, accounts.DossierEdit, s.saveCandidate},
		{"GET", candidatePath + "/imprimer", accounts.DossierRead, s.candidateSheet},
		{"GET", candidatePath + ".xlsx", accounts.DossierRead, s.candidateTable},

		{"GET", prospectingPath, accounts.ProspectRead, s.prospecting},
		{"POST", prospectingPath, accounts.ProspectEdit, s.noteProspect},
		{"GET", prospectingPath + "/{id}", accounts.ProspectRead, s.prospect},
		{"POST", prospectingPath + "/{id}", accounts.ProspectEdit, s.changeProspect},
		{"POST", prospectingPath + "/{id}/devis/{quote}", accounts.ProspectEdit, s.moveQuote},

		{"POST", "/suites/{ref}", accounts.TenureTell, personal(s.tellTenure)},
		{"GET", mondayPath, accounts.MondayRead, s.monday},
		{"GET", lessonsPath, accounts.MondayRead, s.lessons},
		{"GET", activityReportPath, accounts.PursuitCount, s.activityReport},
		{"GET", activityReportPath + ".pdf", accounts.PursuitCount, s.activityReportPDF},
		{"GET", activityReportPath + ".xlsx", accounts.PursuitCount, s.activityReportXLSX},
		{"POST", mondayPath + "/avis/{id}", accounts.MondaySort, s.sortNotice},
		{"POST", mondayPath + "/adresses/{id}", accounts.MailLift, s.liftAddress},
		{"POST", mondayPath + "/lots/{id}", accounts.LotWiden, s.widen},
		{"GET", bulletinPath, accounts.BulletinRead, s.bulletins},
		{"POST", bulletinPath, accounts.BulletinDecide, s.decideBulletin},
		{"POST", readersPath, accounts.BulletinDecide, s.changeReaders},
		{"GET", subscribePath, accounts.BulletinSubscribe, s.subscribeForm},
		{"POST", subscribePath, accounts.BulletinSubscribe, s.subscribe},
		{"GET", subscribePath + "/confirmer/{secret}", accounts.BulletinSubscribe, s.confirmForm},
		{"POST", subscribePath + "/confirmer/{secret}", accounts.BulletinSubscribe, s.confirmReader},
		{"GET", remindersPath, accounts.ReminderRead, s.reminders},
		{"POST", remindersPath, accounts.ReminderEdit, s.wantReminders},
		{"GET", pacePath, accounts.PaceEdit, s.pace},
		{"POST", pacePath, accounts.PaceEdit, s.setPace},
		{"GET", absencesPath, accounts.AbsenceRead, s.absences},
		{"POST", absencesPath, accounts.AbsenceDeclare, s.declareAbsence},
		{"POST", absencesPath + "/{id}", accounts.AbsenceDeclare, s.cancelAbsence},
		{"GET", boardPath, accounts.PursuitRead, s.board},
		{"GET", contactsPath, accounts.ContactRead, s.contacts},
		{"POST", contactsPath, accounts.ContactNote, s.noteContact},
		{"POST", contactsPath + "/{id}", accounts.ContactNote, s.keepPromise},

		{"GET", "/parcours", accounts.PersonList, personal(s.journeys)},
		{"POST", "/parcours", accounts.PersonIdentity, personal(s.journeysNamed)},
		{"GET", "/parcours/nouveau", accounts.PersonEdit, personal(s.journeyForm)},
		{"POST", "/parcours/nouveau", accounts.PersonEdit, personal(s.makeJourney)},
		{"GET", "/parcours/import", accounts.PersonImport, personal(s.journeyImportForm)},
		{"POST", "/parcours/import", accounts.PersonImport, personal(s.importJourneys)},
		{"GET", "/parcours/import/modele.csv", accounts.PersonImport, s.journeyModelCSV},
		{"GET", "/parcours/import/modele.xlsx", accounts.PersonImport, s.journeyModelXLSX},
		{"GET", "/parcours/{id}", accounts.PersonRead, personal(s.journey)},
		{"POST", "/parcours/{id}", accounts.PersonEdit, personal(s.moveJourney)},
		{"GET", "/parcours/{id}/modifier", accounts.PersonEdit, personal(s.journeyEditForm)},
		{"POST", "/parcours/{id}/modifier", accounts.PersonEdit, personal(s.editJourney)},
		{"POST", "/parcours/{id}/accords", accounts.AgreementWrite, personal(s.recordAgreement)},
		{"GET", "/parcours/{id}/droits", accounts.PersonEdit, personal(s.rightsForm)},
		{"POST", "/parcours/{id}/droits", accounts.PersonEdit, personal(s.saveRights)},
		{"GET", "/parcours/{id}/identite", accounts.PersonIdentity, personal(s.identityGate)},
		{"POST", "/parcours/{id}/identite", accounts.PersonIdentify, personal(s.identity)},
		{"GET", "/parcours/{id}/mesure", accounts.PersonEdit, personal(s.traitsForm)},
		{"POST", "/parcours/{id}/mesure", accounts.PersonEdit, personal(s.saveTraits)},
		{"GET", "/parcours/{id}/imprimer", accounts.PersonRead, personal(s.journeySheet)},
		{"POST", "/parcours/{id}/imprimer", accounts.PersonIdentity, personal(s.journeySheetNamed)},

		{"GET", reachPath, accounts.ReachRead, personal(s.reach)},
		{"GET", batchesPath, accounts.BatchRead, personal(s.batches)},
		{"POST", batchesPath, accounts.BatchEdit, personal(s.keepBatch)},
		{"GET", batchesPath + "/nouvelle", accounts.BatchCompute, personal(s.newBatch)},
		{"GET", batchesPath + "/{id}", accounts.BatchRead, personal(s.batch)},
		{"POST", batchesPath + "/{id}", accounts.BatchEdit, personal(s.recomputeBatch)},
		{"POST", batchesPath + "/{id}/pistes/{n}", accounts.BatchSettle, personal(s.settleLine)},
		{"GET", batchesPath + "/{id}/personnes/{n}", accounts.ProposalPeople, personal(s.batchHelp)},

		{"GET", ownCampaignPath, accounts.QuestionnaireAnswer, s.ownQuestionnaire},
		{"POST", ownCampaignPath, accounts.QuestionnaireAnswer, s.saveQuestionnaire},
		{"POST", ownCampaignPath + "/reponse", accounts.QuestionnaireAnswer, s.saveAnswer},
		{"GET", campaignsPath, accounts.CampaignRead, s.campaigns},
		{"POST", campaignsPath, accounts.CampaignManage, s.saveCampaign},
		{"GET", campaignsPath + "/{annee}", accounts.CampaignRead, s.campaign},
		{"POST", campaignsPath + "/{annee}", accounts.CampaignManage, s.moveCampaign},
		{"GET", campaignsPath + "/{annee}/reponses.csv", accounts.QuestionnaireRead, s.answersTable("csv")},
		{"GET", campaignsPath + "/{annee}/reponses.xlsx", accounts.QuestionnaireRead, s.answersTable("xlsx")},
		{"GET", campaignsPath + "/{annee}/import", accounts.QuestionnaireImport, s.answersImportForm},
		{"POST", campaignsPath + "/{annee}/import", accounts.QuestionnaireImport, s.importAnswers},
		{"GET", campaignsPath + "/{annee}/import/{fichier}", accounts.QuestionnaireImport, s.refusedAnswers},
		{"GET", campaignsPath + "/{annee}/{id}", accounts.QuestionnaireRead, s.reviewedQuestionnaire},
		{"POST", campaignsPath + "/{annee}/{id}", accounts.QuestionnaireComment, s.reviewQuestionnaire},

		{"GET", agendaPath, accounts.AgendaRead, s.agenda},
		{"POST", agendaPath, accounts.AgendaRegister, s.linkCalendar},
		{"GET", agendaPath + ".ics", accounts.AgendaRead, s.agendaCalendar},
		{"GET", "/flux/{secret}/agenda.ics", accounts.AgendaRead, s.ownCalendar},
		{"GET", agendaPath + "/nouveau", accounts.AgendaEdit, s.newEvent},
		{"POST", agendaPath + "/nouveau", accounts.AgendaEdit, s.makeEvent},
		{"GET", agendaPath + "/{id}", accounts.AgendaRead, s.event},
		{"POST", agendaPath + "/{id}", accounts.AgendaRegister, s.register},
		{"POST", agendaPath + "/{id}/gerer", accounts.AgendaEdit, s.manageEvent},
		{"GET", agendaPath + "/{id}/modifier", accounts.AgendaEdit, s.editEvent},
		{"POST", agendaPath + "/{id}/modifier", accounts.AgendaEdit, s.changeEvent},
		{"GET", agendaPath + "/{id}/presence", accounts.AgendaEdit, s.sheet},
		{"POST", agendaPath + "/{id}/presence", accounts.AgendaEdit, s.fillSheet},
		{"GET", agendaPath + "/{id}/presence.csv", accounts.AgendaEdit, s.sheetTable},

		{"GET", questionsPath, accounts.AnswerRead, s.questions},
		{"GET", publishedPath + "/{id}", accounts.AnswerRead, s.publishedAnswer},
		{"GET", askPath, accounts.QuestionAsk, s.askForm},
		{"POST", askPath, accounts.QuestionAsk, s.ask},
		{"GET", deskPath, accounts.QuestionRead, s.desk},
		{"GET", deskCountsPath, accounts.QuestionCount, s.deskCounts},
		{"GET", questionsPath + "/{id}", accounts.QuestionRead, s.question},
		{"POST", questionsPath + "/{id}", accounts.QuestionAsk, s.addToQuestion},
		{"POST", questionsPath + "/{id}/repondre", accounts.QuestionAnswer, s.replyToQuestion},
		{"POST", questionsPath + "/{id}/publier", accounts.AnswerPublish, s.publishAnswer},

		{"GET", qualityPath, accounts.StatisticsRead, s.quality},
		{"GET", qualityPath + ".csv", accounts.StatisticsRead, s.qualityFigures},
		{"GET", qualityListPath, accounts.CertificationDecide, s.qualityList},
		{"POST", qualityListPath, accounts.CertificationDecide, s.engageAny},
		{"GET", qualityListPath + ".csv", accounts.CertificationDecide, s.qualityTable},
		{"GET", ownQualityPath, accounts.CertificationRead, s.ownQuality},
		{"POST", ownQualityPath, accounts.CertificationEnter, s.engageOwn},
		{"GET", qualityPathsPath + "/{id}", accounts.CertificationRead, s.qualityFile},
		{"POST", qualityPathsPath + "/{id}", accounts.CertificationEnter, s.recordQuality},

		{"GET", "/territoires", accounts.TerritoryRead, s.territories},
		{"GET", "/territoires/{kind}/{code}", accounts.TerritoryRead, s.territory},
		{"GET", "/carte", accounts.TerritoryRead, s.mapAreas},
		{"GET", "/apercu/zone", accounts.TerritoryRead, s.previewZone},
		{"GET", "/apercu/lieu", accounts.TerritoryRead, s.previewPlace},
		{"GET", "/suggestions/territoires", accounts.TerritoryRead, s.suggestTerritories},
		{"GET", "/suggestions/competences", accounts.NomenclatureRead, s.suggestAptitudes},
		{"GET", "/suggestions/metiers", accounts.NomenclatureRead, s.suggestTrades},

		{"GET", observatoryPath, accounts.StatisticsRead, s.observatory},
		{"GET", observatoryPath + "/indicateurs/{id}", accounts.StatisticsRead, s.indicator},
		{"GET", datasetsPath, accounts.StatisticsRead, s.datasets},
		{"GET", datasetsPath + "/{id}", accounts.StatisticsRead, s.dataset},
		{"GET", datasetsPath + "/{id}/{version}", accounts.StatisticsRead, s.dataset},
		{"GET", datasetsPath + "/{id}/{version}/fichier", accounts.StatisticsRead, s.datasetFile},
		{"POST", datasetsPath + "/{id}/{version}/retirer", accounts.ReleaseWithdraw, s.withdrawDataset},
		{"GET", yearlyPath, accounts.ReleaseDecide, s.yearly},
		{"POST", yearlyPath, accounts.ReleaseDecide, s.prepareYear},
		{"POST", yearlyPath + "/publier", accounts.ReleaseDecide, s.publishYear},
		{"GET", requestsPath, accounts.ReleaseRequestRead, s.releaseRequests},
		{"POST", requestsPath, accounts.ReleaseAsk, s.askRelease},
		{"GET", requestsPath + "/{id}", accounts.ReleaseRequestRead, s.releaseRequest},
		{"POST", requestsPath + "/{id}/decider", accounts.ReleaseDecide, s.decideRelease},
		{"POST", requestsPath + "/{id}/annuler", accounts.ReleaseCancel, s.cancelRelease},
		{"GET", reportPath, accounts.StatisticsRead, s.report},
		{"GET", reportPath + "/sorties.csv", accounts.StatisticsRead, s.reportFile("sorties", "csv")},
		{"GET", reportPath + "/sorties.xlsx", accounts.StatisticsRead, s.reportFile("sorties", "xlsx")},
		{"GET", reportPath + "/effectifs.csv", accounts.StatisticsRead, s.reportFile("effectifs", "csv")},
		{"GET", reportPath + "/effectifs.xlsx", accounts.StatisticsRead, s.reportFile("effectifs", "xlsx")},
		{"GET", delaysPath, accounts.StatisticsRead, s.delays},
		{"GET", marketFiguresPath, accounts.StatisticsRead, s.marketFigures},
		{"GET", marketFiguresPath + ".csv", accounts.StatisticsRead, s.marketTable},
		{"GET", mirrorPath, accounts.ObservatoryOwn, s.mirror},
		{"GET", funderPath, accounts.ObservatoryOwn, s.funder},
		{"GET", funderPath + ".pdf", accounts.ObservatoryOwn, s.funderPDF},
		{"GET", funderPath + ".xlsx", accounts.ObservatoryOwn, s.funderXLSX},
		{"GET", recordsPath, accounts.ObservatoryImport, s.recordsForm},
		{"POST", recordsPath, accounts.ObservatoryImport, s.importRecords},
		{"GET", recordsPath + "/modele/{sheet}", accounts.ObservatoryImport, s.recordsModel},

		{"GET", microdataPath, accounts.MicrodataRead, personal(s.agreements)},
		{"GET", microdataPath + "/{id}", accounts.MicrodataRead, personal(s.microdata)},
		{"GET", microdataPath + "/{id}/fichiers.zip", accounts.MicrodataDownload, s.takeMicrodata},
		{"GET", grantsPath, accounts.MicrodataGrant, personal(s.grants)},
		{"POST", grantsPath, accounts.MicrodataGrant, personal(s.grantMicrodata)},
		{"POST", grantsPath + "/{id}", accounts.MicrodataGrant, personal(s.revokeMicrodata)},
		{"POST", grantsPath + "/fichiers", accounts.MicrodataGrant, s.remakeMicrodata},

		{"GET", "/connexion", accounts.SessionOpen, s.signInForm},
		{"POST", "/connexion", accounts.SessionOpen, s.signIn},
		{"POST", "/connexion/demonstration", accounts.SessionOpen, s.signInDemo},
		{"POST", "/deconnexion", accounts.SessionOpen, s.signOut},
		{"GET", "/invitation/{secret}", accounts.InvitationAccept, s.invitationForm},
		{"POST", "/invitation/{secret}", accounts.InvitationAccept, s.acceptInvitation},
		{"GET", "/reset", accounts.PasswordReset, s.resetForm},
		{"POST", "/reset", accounts.PasswordReset, s.requestReset},
		{"GET", "/reset/{secret}", accounts.PasswordReset, s.newPasswordForm},
		{"POST", "/reset/{secret}", accounts.PasswordReset, s.setNewPassword},
		{"GET", "/mot-de-passe", accounts.AccountChange, s.passwordForm},
		{"POST", "/mot-de-passe", accounts.AccountChange, s.changePassword},
		{"GET", "/mes-donnees", accounts.DocumentationRead, s.myData},
		{"POST", "/mes-donnees/sessions/{id}", accounts.SessionSelf, s.endSession},
		{"POST", "/mes-donnees", accounts.AccountChange, s.setProfile},
		{"GET", "/mes-donnees/jetons", accounts.TokenSelf, s.tokenForm},
		{"POST", "/mes-donnees/jetons", accounts.TokenSelf, s.createToken},
		{"POST", "/mes-donnees/jetons/{id}", accounts.TokenSelf, s.revokeToken},
		{"POST", "/mes-donnees/adresse", accounts.AccountChange, s.liftOwnAddress},
		{"GET", webhooksPath, accounts.WebhookRead, s.webhooks},
		{"POST", webhooksPath, accounts.WebhookEdit, s.registerWebhook},
		{"GET", webhooksPath + "/{id}", accounts.WebhookRead, s.webhook},
		{"POST", webhooksPath + "/{id}", accounts.WebhookEdit, s.changeWebhook},

		{"GET", "/admin/taches", accounts.JobRead, s.jobs},
		{"POST", "/admin/taches/{id}", accounts.JobRetry, s.act},
		{"GET", "/admin/quarantaine", accounts.QuarantineRead, s.quarantine},
		{"GET", "/admin/quarantaine/{id}", accounts.QuarantineRead, s.quarantined},
		{"POST", "/admin/quarantaine/{id}", accounts.QuarantineSettle, s.reread},
		{"GET", unreadPath, accounts.QuarantineRead, s.unread},
		{"GET", unreadPath + "/{id}", accounts.QuarantineRead, s.unreadNotice},
		{"GET", "/admin/sources", accounts.SourceRead, s.sources},
		{"POST", "/admin/sources", accounts.SourceEdit, s.addSource},
		{"GET", "/admin/sources/{name}", accounts.SourceRead, s.source},
		{"POST", "/admin/sources/{name}", accounts.SourceEdit, s.settleSource},
		{"GET", countersignPath, accounts.OrganisationCountersign, s.countersignatures},
		{"POST", countersignPath + "/{id}", accounts.OrganisationCountersign, s.countersign},
		{"GET", "/admin/invitations", accounts.AccountList, s.invitations},
		{"POST", "/admin/invitations/{id}", accounts.AccountInvite, s.settleInvitation},
		{"GET", "/admin/journal", accounts.AuditRead, s.audit},
		{"GET", associationsPath, accounts.AssociationCreate, s.associations},
		{"POST", associationsPath, accounts.AssociationCreate, s.addAssociation},
		{"GET", "/admin/comptes", accounts.AccountList, s.accountList},
		{"POST", "/admin/comptes", accounts.AccountInvite, s.invite},
		{"POST", "/admin/comptes/{id}", accounts.AccountEdit, s.standingOf},

		{"GET", "/api", accounts.DocumentationRead, s.reference},
		{"GET", "/correspondances", accounts.DocumentationRead, s.prose("about")},
		{"GET", "/accessibilite", accounts.DocumentationRead, s.prose("accessibility")},
		{"GET", "/aide", accounts.DocumentationRead, s.prose("help")},
	}
}

// Files are the addresses that serve no page, by their first word. They are
// asked for by the dozen and read no session: only what a visitor may do is here.
func (s *Server) Files() []Route {
	return []Route{
		{"GET", "/assets/", accounts.DocumentationRead, nil},
		{"GET", "/tiles/", accounts.TerritoryRead, nil},
	}
}

// file lets a visitor through where the policy lets everybody through.
func file(action accounts.Action, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if accounts.Permits(accounts.Nobody(), action) != nil {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// mux lays the routes and answers 404 and 405 with pages.
func (s *Server) mux() http.Handler {
	mux := http.NewServeMux()
	for _, route := range s.Routes() {
		mux.HandleFunc(route.Pattern(), func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, route) })
	}
	served := map[string]http.Handler{"/assets/": s.assets, "/tiles/": s.cfg.Tiles}
	for _, f := range s.Files() {
		if served[f.Path] != nil {
			mux.Handle(f.Method+" "+f.Path, file(f.Action, served[f.Path]))
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		s.absent(mux, w, r)
	})
}

// absent answers for an address that no route serves: 405 when another method would, 404 otherwise.
func (s *Server) absent(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := mux.Handler(other); pattern != "" {
			allowed = append(allowed, method)
		}
	}
	c := s.open(w, r)
	c.who = s.viewer(c)
	if len(allowed) == 0 {
		s.fail(c, fault.NotFound("page", r.URL.Path))
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	page := &ErrorPage{Page: c.page(c.T("error.title", "Code", http.StatusMethodNotAllowed)), Status: http.StatusMethodNotAllowed, Said: c.T("error.method")}
	if err := c.showStatus(http.StatusMethodNotAllowed, "error", page); err != nil {
		s.fail(c, err)
	}
}

// serve answers one route: who asks, whether the policy lets them, then the page.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, route Route) {
	c := s.open(w, r)
	c.who = s.viewer(c)
	if c.seen != "" {
		http.SetCookie(w, s.cookie(flashCookie, "", -1))
	}
	if err := s.allow(c, route.Action); err != nil {
		s.fail(c, err)
		return
	}
	if err := readForm(c.r); err != nil {
		s.fail(c, err)
		return
	}
	if err := route.serve(c); err != nil {
		s.fail(c, err)
	}
}

// readForm reads a posted form before anything is done with it: half a form is no form.
func readForm(r *http.Request) error {
	if r.Method != http.MethodPost {
		return nil
	}
	err := r.ParseForm()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return fault.TooLarge("1" + nbsp + "Mo").Because(err)
	case err != nil:
		return fault.New(fault.KindInvalid, "form", "Ce formulaire n’est pas lisible.", "This form cannot be read.").Because(err)
	}
	for _, values := range r.PostForm {
		for i := range values {
			values[i] = storable(values[i])
		}
	}
	return nil
}

// storable is a text as both databases take it: no field of a page types a NUL or a
// broken character, and PostgreSQL keeps neither.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
}

// changeLanguage remembers a language and returns to the page.
func (s *Server) changeLanguage(c *call) error {
	lang := Lang(c.r.PathValue("code"))
	if s.locales[lang] == nil {
		return fault.NotFound("language", lang)
	}
	http.SetCookie(c.w, s.cookie(langCookie, string(lang), 365*24*3600))
	return c.to(localPath(c.query("retour")), "")
}

// localPath keeps a redirection on this site: anything else becomes the first page.
func localPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		return "/"
	}
	return path
}

// query writes one parameter.
func query(name, value string) string { return url.Values{name: {value}}.Encode() }
