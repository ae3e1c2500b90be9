DROP INDEX opportunity_events_origin;
