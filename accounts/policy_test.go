package accounts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillage/internal/fault"
	"maillage/territories"
)

// Every action declared in policy.go has one row, and no row speaks of another.
func TestEveryActionHasOneRow(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "policy.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := map[Action]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := v.Type.(*ast.Ident); ok && typ.Name == "Action" {
			text, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			declared[Action(text)] = true
		}
		return true
	})
	if len(declared) < 40 {
		t.Fatalf("found %d actions in policy.go", len(declared))
	}
	rows := map[Action]bool{}
	for _, r := range Policy() {
		if rows[r.Action] {
			t.Errorf("%s has two rows", r.Action)
		}
		if !declared[r.Action] {
			t.Errorf("%s is not declared", r.Action)
		}
		rows[r.Action] = true
	}
	for a := range declared {
		if !rows[a] {
			t.Errorf("%s has no row", a)
		}
	}
}

func TestWhatEachPersonaMayDo(t *testing.T) {
	t.Parallel()
	near, far := territories.SetOf(1), territories.SetOf(9)
	visitor := Nobody()
	admin := Identity{UserID: 1, Role: Admin}
	officer := Identity{UserID: 2, Role: Officer, OrganisationID: 3, Perimeter: territories.SetOf(1, 2)}
	lost := Identity{UserID: 6, Role: Officer, OrganisationID: 3}
	member := Identity{UserID: 4, Role: Member, OrganisationID: 7}
	orphan := Identity{UserID: 5, Role: Member}
	employer := Identity{UserID: 8, Role: Employer, OrganisationID: 8}
	researcher := Identity{UserID: 9, Role: Researcher}
	const yes, who, no = fault.KindInternal, fault.KindUnauthenticated, fault.KindForbidden
	for _, c := range []struct {
		name   string
		id     Identity
		action Action
		scope  Scope
		want   fault.Kind // yes: no fault
	}{
		{"anybody reads an open tender", visitor, OpportunityRead, Scope{}, yes},
		{"a visitor reads no draft", visitor, OpportunityDraft, Of(8), who},
		{"a visitor reads no match", visitor, MatchRead, Of(7, 8), who},
		{"a visitor sees no contact", visitor, OrganisationPrivate, Of(7), who},
		{"an officer sees the matches of a lot of its perimeter", officer, MatchesOfLot, Of(8).In(near), yes},
		{"and not elsewhere", officer, MatchesOfLot, Of(8).In(far), no},
		{"a lot without a place is everybody's", officer, MatchesOfLot, Of(8).In(nil), yes},
		{"but not everybody's to change", officer, OpportunityEdit, Of(8).In(nil), no},
		{"nor to read before its time", officer, OpportunityDraft, Of(8).In(nil), no},
		{"save its association's", officer, OpportunityEdit, Of(3).In(nil), yes},
		{"an officer without perimeter sees its association's only", lost, MatchesOfLot, Of(8).In(nil), no},
		{"its association's, wherever they are", officer, MatchesOfLot, Of(3).In(far), yes},
		{"a zero scope is nobody's", officer, MatchesOfLot, Scope{}, no},
		{"a member reads its own match", member, MatchRead, Of(7, 8), yes},
		{"not another's", member, MatchRead, Of(11, 8), no},
		{"a member answers its own", member, MatchAnswer, Of(7), yes},
		{"an officer does not answer for it", officer, MatchAnswer, Of(7).In(near), no},
		{"nor an administrator", admin, MatchAnswer, Of(7), no},
		{"the buyer does not answer either", employer, MatchAnswer, Of(7), no},
		{"organisation 0 owns nothing", orphan, MatchRead, Of(0), no},
		{"an employer sees who is proposed for its need", employer, MatchesOfLot, Of(8), yes},
		{"an employer publishes its need", employer, OpportunityPublish, Of(8), yes},
		{"not another's", employer, OpportunityPublish, Of(9), no},
		{"an officer counts who is proposed in its perimeter", officer, ProposalCount, Of(8).In(near), yes},
		{"and not elsewhere", officer, ProposalCount, Of(8).In(far), no},
		{"an officer reads no card", officer, ProposalReceived, Of(8).In(near), no},
		{"an administrator counts nobody", admin, ProposalCount, Of(8).In(near), no},
		{"a researcher publishes nothing", researcher, OpportunityCreate, Of(0), no},
		{"jobs are the administrator's", officer, JobRead, Scope{Everywhere: true}, no},
		{"jobs are the administrator's", admin, JobRead, Scope{}, yes},
		{"nobody vouches for an enterprise but itself", admin, OrganisationConfirm, Of(7), no},
		{"it does", member, OrganisationConfirm, Of(7), yes},
		{"one's own account", member, AccountSelf, OfUser(4), yes},
		{"not another's", member, AccountSelf, OfUser(1), no},
		{"an unknown action", admin, "moon.land", Scope{}, no},
		{"the system may", TheSystem(), JobRetry, Scope{}, yes},
		{"but not what does not exist", TheSystem(), "moon.land", Scope{}, who},
	} {
		got := Allow(c.id, c.action, c.scope)
		if (c.want == yes && got != nil) || (c.want != yes && !fault.Is(got, c.want)) {
			t.Errorf("%s (%s): %v", c.name, c.action, got)
		}
	}
}

// A journey, who somebody is and what they agreed to belong to the counsellors of
// their structure: no other role has any reach, wherever; the audit is figures for those who answer for outcomes.
func TestJourneysAreTheirCounsellors(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, rule := range Policy() {
		switch rule.Action.Noun() {
		case "person", "identity", "agreement":
			seen++
			if len(rule.Reach) != 1 || rule.Reach[Counsellor] != OwnOrganisation {
				t.Errorf("%s reaches %v", rule.Action, rule.Reach)
			}
		}
	}
	if seen != 8 {
		t.Errorf("%d actions on people", seen)
	}
	alix := Identity{UserID: 4, Role: Counsellor, OrganisationID: 7, Perimeter: territories.SetOf(1)}
	for _, a := range []Action{PersonList, PersonRead, PersonEdit, PersonImport, PersonIdentity, PersonIdentify, AgreementRead, AgreementWrite} {
		if !Can(alix, a, Of(7)) || Can(alix, a, Of(8).In(territories.SetOf(1))) || Can(alix, a, Of().In(nil)) {
			t.Errorf("%s is not of one's own structure", a)
		}
	}
	for _, r := range append(Roles(), Public) {
		if id := (Identity{UserID: 4, Role: r, OrganisationID: 7}); r != Public && (Permits(id, PeopleAudit) == nil) != (r == Admin || r == Officer || r == Counsellor) {
			t.Errorf("%s and the audit: %v", r, Permits(id, PeopleAudit))
		}
	}
	reads := Identity{UserID: 4, Role: Counsellor, OrganisationID: 7, ByToken: true, TokenScopes: []TokenScope{"person:write"}}
	if Can(reads, PersonIdentity, Of(7)) || !Can(reads, PersonRead, Of(7)) {
		t.Error("a token that reads journeys reads names")
	}
}

// A token narrows: whatever its scopes, it allows nothing that its owner's session does not.
func TestATokenNeverWidens(t *testing.T) {
	t.Parallel()
	all := TokenScopes()
	rapid.Check(t, func(t *rapid.T) {
		id := Identity{UserID: 4, OrganisationID: rapid.Int64Range(0, 3).Draw(t, "organisation"),
			Role:      rapid.SampledFrom(Roles()).Draw(t, "role"),
			Perimeter: territories.SetOf(uint32(rapid.IntRange(0, 3).Draw(t, "commune")))}
		rule := rapid.SampledFrom(Policy()).Draw(t, "rule")
		scope := Scope{Organisations: []int64{rapid.Int64Range(0, 3).Draw(t, "owner")},
			Place: territories.SetOf(uint32(rapid.IntRange(0, 3).Draw(t, "place"))),
			User:  UserID(rapid.Int64Range(0, 5).Draw(t, "user"))}
		token := id
		token.ByToken = true
		token.TokenScopes = rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "scopes")
		if Can(token, rule.Action, scope) && !Can(id, rule.Action, scope) {
			t.Fatalf("a token widens %s", rule.Action)
		}
		if Can(Nobody(), rule.Action, scope) && !Can(token, rule.Action, scope) {
			t.Fatalf("a token is refused %s, which is public", rule.Action)
		}
		if slices.Contains(token.TokenScopes, TokenScope(rule.Action.Noun()+":write")) && Can(token, rule.Action, scope) != Can(id, rule.Action, scope) {
			t.Fatalf("a full scope is not enough for %s", rule.Action)
		}
	})
}

// No scope lets a token reach passwords, sessions and tokens.
func TestATokenCannotMakeItselfAnother(t *testing.T) {
	t.Parallel()
	id := Identity{UserID: 4, Role: Admin, ByToken: true, TokenScopes: TokenScopes()}
	for _, a := range []Action{TokenSelf, SessionSelf} {
		if Can(id, a, OfUser(4)) {
			t.Errorf("a token may %s", a)
		}
	}
	if !Can(id, OpportunityPublish, Scope{}) {
		t.Error("every scope is not enough to publish")
	}
}

func TestPermitsAgreesWithAllow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := Identity{UserID: 4, OrganisationID: 1, Role: rapid.SampledFrom(append(Roles(), Public)).Draw(t, "role"), Perimeter: territories.SetOf(1)}
		if id.Role == Public {
			id = Nobody()
		}
		a := rapid.SampledFrom(Policy()).Draw(t, "rule").Action
		mine := Scope{Organisations: []int64{1}, Place: territories.SetOf(1), User: id.UserID}
		if (Permits(id, a) == nil) != Can(id, a, mine) {
			t.Fatalf("%s for %s: permitted %v, allowed on its own %v", a, id.Role, Permits(id, a), Allow(id, a, mine))
		}
	})
}

func TestRoles(t *testing.T) {
	t.Parallel()
	for _, r := range Roles() {
		if got, err := ParseRole(string(r)); err != nil || got != r || r.Label().FR == "" || r.Label().EN == "" {
			t.Errorf("%s: %v %v", r, got, err)
		}
	}
	for _, s := range []string{"", "public", "system", "Admin", strings.Repeat("a", 50)} {
		if _, err := ParseRole(s); err == nil {
			t.Errorf("%q is a role", s)
		}
	}
}
