create function events_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if (new.tenant_id, new.env, new.seq, new.event_id, new.recorded_at, new.event_type, new.action, new.trace_id, new.entry, new.leaf)
         is not distinct from (old.tenant_id, old.env, old.seq, old.event_id, old.recorded_at, old.event_type, old.action, old.trace_id, old.entry, old.leaf)
      and new.asset_type is not distinct from old.asset_type and new.asset_id is not distinct from old.asset_id
      and new.content is null and new.salt is null and new.actor_id is null and new.subject_id is null and new.surface is null then
      return new;
    end if;
  end if;
  raise exception 'events are append-only';
end $$;
create trigger events_no_change before update or delete on events for each row execute function events_append_only();
create trigger events_no_truncate before truncate on events for each statement execute function events_append_only();
