create trigger log_tiles_no_delete before delete on log_tiles begin select raise(abort, 'tiles are append-only'); end;
create trigger log_tiles_no_change before update on log_tiles
when new.tenant_id is not old.tenant_id or new.env is not old.env or new.level is not old.level or new.n is not old.n
  or length(old.hashes) >= 8192 or length(new.hashes) <= length(old.hashes) or substr(new.hashes, 1, length(old.hashes)) is not old.hashes
begin select raise(abort, 'tiles are append-only'); end;

-- A connection without recursive_triggers runs no delete trigger for a row that INSERT OR REPLACE takes away. This one runs before it does.
create trigger log_tiles_no_replace before insert on log_tiles
when exists (select 1 from log_tiles where tenant_id = new.tenant_id and env = new.env and level = new.level and n = new.n)
begin select raise(abort, 'tiles are append-only'); end;
create trigger events_no_replace before insert on events
when exists (select 1 from events where tenant_id = new.tenant_id and env = new.env and seq = new.seq)
  or exists (select 1 from events where tenant_id = new.tenant_id and env = new.env and event_id = new.event_id)
begin select raise(abort, 'events are append-only'); end;
