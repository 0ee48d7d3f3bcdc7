-- recursive_triggers is on, so INSERT OR REPLACE meets the delete trigger too.
create trigger events_no_delete before delete on events begin select raise(abort, 'events are append-only'); end;
create trigger events_no_update before update on events
when new.tenant_id is not old.tenant_id or new.env is not old.env or new.seq is not old.seq or new.event_id is not old.event_id
  or new.recorded_at is not old.recorded_at or new.event_type is not old.event_type or new.action is not old.action
  or new.asset_type is not old.asset_type or new.asset_id is not old.asset_id or new.trace_id is not old.trace_id
  or new.entry is not old.entry or new.leaf is not old.leaf
  or new.content is not null or new.salt is not null or new.actor_id is not null or new.subject_id is not null or new.surface is not null
begin select raise(abort, 'events are append-only'); end;
