-- For the filters of GET /audit/events that would otherwise read the whole log to find what is rare or not there.
create index events_by_actor on events (tenant_id, env, actor_id, seq);
create index events_by_action on events (tenant_id, env, action, seq);
create index events_by_type on events (tenant_id, env, event_type, seq);
