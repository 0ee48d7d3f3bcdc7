create trigger log_checkpoints_no_delete before delete on log_checkpoints begin select raise(abort, 'checkpoints are append-only'); end;
create trigger log_checkpoints_no_change before update on log_checkpoints begin select raise(abort, 'checkpoints are append-only'); end;
create trigger log_checkpoints_no_replace before insert on log_checkpoints
when exists (select 1 from log_checkpoints where tenant_id = new.tenant_id and env = new.env and epoch = new.epoch and size = new.size and key_number = new.key_number)
begin select raise(abort, 'checkpoints are append-only'); end;
