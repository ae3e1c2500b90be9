-- A procurement may have thousands of notices: whether one of them was applied is
-- asked by its origin.
CREATE INDEX opportunity_events_origin ON opportunity_events (opportunity_id, origin);
