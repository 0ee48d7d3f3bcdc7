create function log_checkpoints_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'checkpoints are append-only';
end $$;
create trigger log_checkpoints_no_change before update or delete on log_checkpoints for each row execute function log_checkpoints_append_only();
create trigger log_checkpoints_no_truncate before truncate on log_checkpoints for each statement execute function log_checkpoints_append_only();
