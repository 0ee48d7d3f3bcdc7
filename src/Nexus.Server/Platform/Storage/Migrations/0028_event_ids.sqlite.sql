-- An id is the server's own and never comes twice. As its index does not insist on that, INSERT OR REPLACE takes no earlier event away for
-- the sake of one, and the trigger that every append runs has only the place to look at.
drop index events_by_id;
create index events_by_id on events (tenant_id, env, event_id);
drop trigger events_no_replace;
create trigger events_no_replace before insert on events
when exists (select 1 from events where tenant_id = new.tenant_id and env = new.env and seq = new.seq)
begin select raise(abort, 'events are append-only'); end;
