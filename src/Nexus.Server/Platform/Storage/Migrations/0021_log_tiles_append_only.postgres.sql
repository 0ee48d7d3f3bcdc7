create function log_tiles_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if (new.tenant_id, new.env, new.level, new.n) is not distinct from (old.tenant_id, old.env, old.level, old.n)
      and length(old.hashes) < 8192 and length(new.hashes) > length(old.hashes)
      and substring(new.hashes from 1 for length(old.hashes)) = old.hashes then
      return new;
    end if;
  end if;
  raise exception 'tiles are append-only';
end $$;
create trigger log_tiles_no_change before update or delete on log_tiles for each row execute function log_tiles_append_only();
create trigger log_tiles_no_truncate before truncate on log_tiles for each statement execute function log_tiles_append_only();
