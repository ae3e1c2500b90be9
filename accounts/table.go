package accounts

// table is the policy: who may do what, and how far. A role that is not named
// is refused; what Public may do, everybody may.
//
//	any  everything          per  inside the officer's perimeter, or of the association
//	org  of one's own organisation      own  one's own account
func table() []Rule {
	const own, org, per, any = OwnAccount, OwnOrganisation, OwnPerimeter, Anywhere
	type to = map[Role]Reach
	everyone := to{Public: any}
	admins := to{Admin: any}
	staff := to{Admin: any, Officer: per}
	self := to{Admin: own, Officer: own, Member: own, Employer: own, Counsellor: own, Researcher: own}
	asking := to{Admin: any, Officer: per, Employer: org, Member: org} // a member may look for partners
	counsellors := to{Counsellor: org}
	colleagues := to{Admin: any, Officer: org, Member: org, Counsellor: org}
	return []Rule{
		{HomeRead, false, self},

		{TerritoryRead, false, everyone},
		{NomenclatureRead, false, everyone},
		{StatisticsRead, false, everyone},

		{ObservatoryImport, true, to{Admin: any, Officer: per, Member: org}}, // a member sends its own
		{ObservatoryRead, false, admins},
		{ObservatoryCompute, true, admins},
		{ReleaseAsk, true, to{Researcher: own, Admin: any}},
		{ReleaseRequestRead, false, to{Researcher: own, Admin: any}},
		{ReleaseCancel, true, to{Researcher: own, Admin: any}},
		{ReleaseDecide, true, admins},
		{ReleaseWithdraw, true, admins},
		{ObservatoryEdit, true, admins},
		{ObservatoryTimes, false, staff},
		{ObservatoryOwn, false, to{Admin: any, Member: org}}, // raw: the enterprise knows its own persons

		{CampaignRead, false, to{Admin: any, Officer: any, Member: any}},
		{CampaignManage, true, to{Admin: any, Officer: per}},
		{QuestionnaireRead, false, to{Admin: any, Officer: per, Member: org}},
		{QuestionnaireAnswer, true, to{Member: org}}, // in its own name
		{QuestionnaireReview, true, staff},
		{QuestionnaireComment, true, to{Admin: any, Officer: per, Member: org}},
		{QuestionnaireImport, true, to{Admin: any, Officer: per, Member: org}},
		{MicrodataRead, false, to{Admin: any, Researcher: own}},
		{MicrodataDownload, false, to{Researcher: own}}, // nobody else, whoever administers
		{MicrodataGrant, true, admins},

		{OpportunityRead, false, everyone},
		{OpportunityDraft, false, asking},
		{OpportunityHistory, false, asking},
		{OpportunityCreate, true, asking},
		{OpportunityEdit, true, asking},
		{OpportunityPublish, true, asking},
		{OpportunityClose, true, asking},
		{OpportunityAward, true, asking},
		{OpportunityCancel, true, asking},
		{OpportunityContact, false, to{Admin: any, Officer: per, Counsellor: any, Employer: org, Member: org}},
		{OpportunityForecast, true, staff},

		{OrganisationRead, false, everyone},
		{OrganisationPrivate, false, to{Admin: any, Officer: per, Member: org, Employer: org, Counsellor: org}},
		{OrganisationCreate, true, staff},
		{AssociationCreate, true, admins},
		{OrganisationEdit, true, staff},                             // what the network knows of it, role and kind included
		{OrganisationConfirm, true, to{Member: org, Employer: org}}, // nobody else can vouch
		{OrganisationUnsigned, false, staff},
		{OrganisationCountersign, true, admins}, // who reads no figure made of people
		{OrganisationImport, true, admins},

		{GroupRead, false, everyone},
		{GroupEdit, true, staff},
		{PoleRead, false, everyone},
		{PoleEdit, true, staff},
		{PoleJoin, true, to{Member: org}},
		{PartnershipRead, false, everyone},
		{PartnershipEdit, true, staff},
		{PartnershipRouted, false, to{Admin: any, Officer: per, Member: org, Counsellor: org}},

		{PersonList, false, counsellors},
		{PersonRead, false, counsellors},
		{PersonEdit, true, counsellors},
		{PersonImport, true, counsellors},
		{PersonIdentity, false, counsellors},
		{PersonIdentify, true, counsellors},
		{AgreementRead, false, counsellors},
		{AgreementWrite, true, counsellors},
		{PeopleAudit, false, to{Admin: any, Officer: per, Counsellor: org}}, // of their own structure, where it is large enough

		{ProposalPeople, false, counsellors},
		{ProposalList, false, counsellors},
		{ProposalCreate, true, counsellors},
		{ProposalWithdraw, true, counsellors},
		{ProposalReceived, false, to{Employer: org, Member: org}},
		{ProposalAnswer, true, to{Employer: org, Member: org}},
		{ProposalCount, false, to{Officer: per}},

		{BatchCompute, false, counsellors},
		{BatchRead, false, counsellors},
		{BatchEdit, true, counsellors},
		{BatchSettle, true, counsellors},
		{ReachRead, false, to{Officer: per}},

		{MatchesOfLot, false, to{Admin: any, Officer: per, Employer: org, Member: org}},
		{MatchesOfOrganisation, false, to{Admin: any, Officer: per, Member: org}},
		{MatchRead, false, to{Admin: any, Officer: per, Employer: org, Member: org}},
		{MatchAnswer, true, to{Member: org}}, // in its own name
		{MatchRebuild, true, admins},
		{MatchCoverage, false, to{Admin: any, Officer: any}}, // a neighbour may be the one who comes

		{PursuitRead, false, to{Admin: any, Officer: per, Member: org}},
		{PursuitFollow, true, to{Admin: any, Officer: per, Member: org}},
		{PursuitCount, false, staff},

		{ContactRead, false, to{Admin: any, Officer: per, Member: org}},
		{ContactNote, true, to{Admin: any, Officer: per, Member: org}},

		{DossierRead, false, to{Member: org}}, // nobody else, whoever administers
		{DossierEdit, true, to{Member: org}},
		{ChecklistRead, false, to{Admin: any, Officer: per, Member: org}},
		{ChecklistEdit, true, to{Admin: any, Officer: per, Member: org}},

		{CallPublish, true, to{Admin: any, Officer: per, Member: org}},
		{InterestRead, false, to{Admin: any, Officer: per, Member: org}},
		{InterestExpress, true, to{Member: org}},
		{InterestSettle, true, to{Officer: org, Member: org}},
		{ProspectRead, false, to{Admin: any, Officer: per, Member: org}},
		{ProspectEdit, true, to{Admin: any, Officer: per, Member: org}},

		{MondayRead, false, staff},
		{MondaySort, true, staff},

		{ReminderRead, false, self},
		{ReminderEdit, true, self},
		{PaceRead, false, staff},
		{PaceEdit, true, admins},
		{LotWiden, true, staff},

		{MailReport, true, admins},
		{MailSuspended, false, staff},
		{MailLift, true, staff},

		{BulletinRead, false, to{Admin: any, Officer: org}},
		{BulletinDecide, true, to{Admin: any, Officer: org}},
		{BulletinSubscribe, true, everyone},

		{WebhookRead, false, to{Admin: own, Officer: own, Member: own}},
		{WebhookEdit, true, to{Admin: own, Officer: own, Member: own}},

		{AbsenceRead, false, colleagues},
		{AbsenceDeclare, true, colleagues},

		{TenureRead, false, to{Counsellor: org, Employer: org, Member: org}},
		{TenureTell, true, to{Counsellor: org, Employer: org, Member: org}},

		{SkillsOutlook, false, to{Admin: any, Officer: any, Counsellor: any, Researcher: any}},

		{ConsortiumCompose, false, staff},
		{ConsortiumRead, false, to{Admin: any, Officer: per, Member: org}}, // its members read it
		{ConsortiumEdit, true, staff},

		{CertificationRead, false, to{Admin: any, Officer: per, Member: org}},
		{CertificationEnter, true, to{Admin: any, Officer: per, Member: org}},
		{CertificationDecide, true, staff},

		{AgendaRead, false, everyone},
		{AgendaEdit, true, staff},
		{AgendaRegister, true, self},

		{AnswerRead, false, everyone},
		{QuestionRead, false, to{Admin: any, Officer: per, Member: org}},
		{QuestionAsk, true, to{Member: org}},
		{QuestionAnswer, true, staff},
		{AnswerPublish, true, staff},
		{QuestionCount, false, staff},

		{NoticeImport, true, admins},
		{SourceRead, false, admins},
		{SourceEdit, true, admins},
		{QuarantineRead, false, admins},
		{QuarantineSettle, true, admins},
		{ProcurementPairs, false, staff},
		{ProcurementJudge, true, staff},
		{JobRead, false, admins},
		{JobRetry, true, admins},
		{JobCancel, true, admins},
		{AuditRead, false, admins},

		{AccountList, false, admins},
		{AccountInvite, true, to{Admin: any, Officer: per, Member: org, Counsellor: org}}, // the last two: counsellors of their own
		{AccountEdit, true, admins},
		{AccountSelf, false, self},
		{AccountChange, true, self},
		{SessionSelf, true, self},
		{TokenSelf, true, self},

		{SessionOpen, true, everyone},
		{InvitationAccept, true, everyone},
		{PasswordReset, true, everyone},
		{LetterStop, true, everyone},

		{DocumentationRead, false, everyone},
		{MetricsRead, false, admins},
	}
}
