-- epoch: how often a log was taken back to an earlier moment; part of its origin.
alter table log_heads add column epoch bigint not null default 0;

-- Keys that sign checkpoints: the public half; the private one is a secret named log-key-<number>. The newest signs alone once the
-- overlap after retired_at is over.
create table log_keys (
  key_number bigint primary key,
  public_key bytea not null,
  created_at bigint not null,
  retired_at bigint
);

-- Every checkpoint that was ever published. One that was signed again, by a newer key too, has a row for each.
create table log_checkpoints (
  tenant_id text not null,
  env text not null,
  epoch bigint not null,
  size bigint not null,
  key_number bigint not null,
  note text not null,
  signed_at bigint not null,
  primary key (tenant_id, env, epoch, size, key_number)
);

-- Up to which checkpoint a sink has a log's. sink is a hash of what the settings say.
create table log_deliveries (
  tenant_id text not null,
  env text not null,
  sink text not null,
  epoch bigint not null,
  size bigint not null,
  key_number bigint not null,
  primary key (tenant_id, env, sink)
);
