package api

import (
	"context"
	"net/http"
	"strconv"

	"maillage/accounts"
	"maillage/matching/placement"
	"maillage/opportunities"
)

// BatchInput says which positions and which rules a batch is prepared with.
type BatchInput struct {
	Source      string  `json:"source,omitempty" enum:"reach,partnership,territory,chosen" default:"reach" doc:"reach: every open position that suits somebody; partnership: those that a convention covers; territory; chosen: those of lots."`
	Lots        []int64 `json:"lots,omitempty" maxItems:"300" doc:"Of chosen."`
	Partnership int64   `json:"partnership,omitempty" minimum:"1" doc:"Of partnership: in force today."`
	Territory   string  `json:"territory,omitempty" maxLength:"4000" doc:"Of territory: a perimeter expression."`
	Mine        bool    `json:"mine,omitempty" doc:"Only whom the counsellor accompanies."`
	Idle        bool    `json:"idle,omitempty" doc:"Only those of whom nothing is proposed."`
	PerPost     int     `json:"per_post,omitempty" minimum:"1" maximum:"10" doc:"People to speak with for one place; 3 if absent."`
	Most        int     `json:"most,omitempty" minimum:"1" maximum:"10" doc:"Proposals that a person may have at once, those that run counted; 1 if absent."`
	Objective   string  `json:"objective,omitempty" enum:"fit-first,waiting-first" default:"fit-first"`
	Seed        int64   `json:"seed,omitempty" minimum:"1" maximum:"4294967296" doc:"Of the draw between equals; drawn if absent."`
	Budget      int64   `json:"budget,omitempty" minimum:"1" maximum:"20000000" doc:"Steps that the search may take: the same number stops at the same place everywhere."`
}

// KeptBatchInput is a batch to keep.
type KeptBatchInput struct {
	Key string `json:"key" minLength:"1" maxLength:"60" pattern:"^[A-Za-z0-9_-]+$" doc:"Chosen by the caller: the same key and rules again make nothing more."`
	BatchInput
}

// LineInput is what a counsellor makes of a suggestion.
type LineInput struct {
	State string `json:"state" enum:"to_discuss,set_aside,asked" doc:"asked: the person was asked; an agreement is recorded as asked."`
	Scene string `json:"scene,omitempty" maxLength:"20" doc:"Of asked: the scene of the position that was read. Where its place or its hours have changed since: 409 position-moved."`
}

func (in BatchInput) rules() placement.BatchRules {
	r := placement.BatchRules{Source: placement.BatchSource(in.Source), Partnership: in.Partnership, Territory: in.Territory, Mine: in.Mine, Idle: in.Idle,
		PerPost: in.PerPost, Most: in.Most, Objective: in.Objective, Seed: in.Seed, Budget: in.Budget}
	for _, id := range in.Lots {
		r.Lots = append(r.Lots, opportunities.LotID(id))
	}
	return r
}

const batchExample = `{"source":"reach","per_post":3,"most":1,"objective":"waiting-first"}`

func (s *Server) batches() {
	get, post := http.MethodGet, http.MethodPost
	add(s, Operation{ID: "compute-batch", Method: post, Path: "/v1/batches/computation", Tag: tagPlacement, Action: accounts.BatchCompute,
		Summary: "Whom to speak with first about which positions", Example: batchExample,
		About: "The best arrangement, proven or with what another could gain, under both objectives. Nothing is kept, and nothing is proposed to any employer. Of the people of the caller’s structure. 409 when it is too large for an exact computation.", Errors: []int{http.StatusConflict}}, s.computeBatch)
	add(s, Operation{ID: "create-batch", Method: post, Path: "/v1/batches", Tag: tagPlacement, Action: accounts.BatchEdit, Status: http.StatusCreated,
		Summary: "Keep a batch as it is computed now", Example: `{"key":"lundi","source":"reach"}`, About: "It says later what changed since. The same key and rules again answer the version that is kept; 409 where other rules have the key."}, s.createBatch)
	add(s, Operation{ID: "list-batches", Method: get, Path: "/v1/batches", Tag: tagPlacement, Action: accounts.BatchRead,
		Summary: "List the batches of the structure", About: "The last version of each, the latest first."}, s.listBatches)
	add(s, Operation{ID: "get-batch", Method: get, Path: "/v1/batches/{id}", Tag: tagPlacement, Action: accounts.BatchRead, Summary: "Read a version of a batch, and what changed since"}, s.getBatch)
	add(s, Operation{ID: "recompute-batch", Method: post, Path: "/v1/batches/{id}/recompute", Tag: tagPlacement, Action: accounts.BatchEdit,
		Summary: "Compute a batch again on the facts of now", About: "A new version, with the same rules and seed, without what people said no to since. Where nothing changed, the same one is answered and nothing is written.", Errors: []int{http.StatusPreconditionFailed}}, s.recomputeBatch)
	add(s, Operation{ID: "get-reach", Method: get, Path: "/v1/reach", Tag: tagPlacement, Action: accounts.ReachRead,
		Summary: "How far the positions of a convention or of a territory reach", About: "To an officer: for each position that the network did not write, how many people in journeys it suits, of all structures together, and what it asks that keeps others out; in two words, five to nineteen and twenty at least, the same thresholds for everything, and only where five people at least, of three structures at least, are on each side. There is nothing else to choose. With both, the positions of the convention in the territory; with neither, those of the perimeter: no other is read."}, s.getReach)
	add(s, Operation{ID: "settle-batch-line", Method: post, Path: "/v1/batches/{id}/lines/{line}", Tag: tagPlacement, Action: accounts.BatchSettle,
		Summary: "Say what becomes of a suggestion", Example: `{"state":"to_discuss"}`, About: "By the person's own structure. Nothing reaches the employer. 409 on a version that was computed again.", Errors: []int{http.StatusPreconditionFailed}}, s.settleBatchLine)
}

func (s *Server) computeBatch(ctx context.Context, in *struct{ Body BatchInput }) (*Found[placement.BatchView], error) {
	out, err := s.cfg.Placement.PreviewBatch(ctx, in.Body.rules())
	if err != nil {
		return nil, err
	}
	return found(*out), nil
}

func (s *Server) createBatch(ctx context.Context, in *struct{ Body KeptBatchInput }) (*Made[placement.BatchView], error) {
	out, err := s.cfg.Placement.KeepBatch(ctx, in.Body.Key, in.Body.rules())
	if err != nil {
		return nil, err
	}
	return &Made[placement.BatchView]{Location: "/v1/batches/" + strconv.FormatInt(int64(out.ID), 10), ETag: tag(out.Number), Body: *out}, nil
}

// BatchesQuery asks for one page of batches.
type BatchesQuery struct {
	At
	After int64 `query:"after" minimum:"0" doc:"The next of the page before."`
	Limit int   `query:"limit" minimum:"1" maximum:"200" default:"20"`
}

func (s *Server) listBatches(ctx context.Context, in *BatchesQuery) (*Listed[placement.BatchHead], error) {
	items, next, err := s.cfg.Placement.Batches(ctx, placement.BatchID(in.After), in.Limit)
	if err != nil {
		return nil, err
	}
	cursor := ""
	if next > 0 {
		cursor = strconv.FormatInt(int64(next), 10)
	}
	return listed(in.at, items, cursor, func(h placement.BatchHead) placement.BatchHead { return h }), nil
}

func (s *Server) getBatch(ctx context.Context, in *ByID) (*Found[placement.BatchView], error) {
	out, err := s.cfg.Placement.ReadBatch(ctx, placement.BatchID(in.ID))
	if err != nil {
		return nil, err
	}
	return revised(*out, out.Number), nil
}

func (s *Server) recomputeBatch(ctx context.Context, in *struct {
	ByID
	IfMatch
}) (*Found[placement.BatchView], error) {
	number, err := in.revision()
	if err != nil {
		return nil, err
	}
	out, err := s.cfg.Placement.RecomputeBatch(ctx, placement.BatchID(in.ID), number)
	if err != nil {
		return nil, err
	}
	return revised(*out, out.Number), nil
}

func (s *Server) settleBatchLine(ctx context.Context, in *struct {
	ByID
	Line int64 `path:"line" minimum:"1"`
	IfMatch
	Body LineInput
}) (*Found[placement.BatchSettled], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	out, err := s.cfg.Placement.SettleLine(ctx, placement.BatchID(in.ID), placement.BatchLineID(in.Line), placement.LineState(in.Body.State), revision, in.Body.Scene)
	if err != nil {
		return nil, err
	}
	return revised(*out, out.Revision), nil
}

// ReachQuery says of which positions.
type ReachQuery struct {
	Partnership int64  `query:"partnership" minimum:"1" doc:"Those that a convention in force covers."`
	Territory   string `query:"territory" maxLength:"4000" doc:"Those of a territory: a perimeter expression, cut to the caller's perimeter."`
}

func (s *Server) getReach(ctx context.Context, in *ReachQuery) (*Found[placement.Reach], error) {
	out, err := s.cfg.Placement.Reach(ctx, placement.ReachChoice{Partnership: in.Partnership, Territory: in.Territory})
	if err != nil {
		return nil, err
	}
	return found(*out), nil
}
